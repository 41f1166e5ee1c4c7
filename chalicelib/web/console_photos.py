"""The console's photos of a product: sent with the form of a new one, arranged and taken off on the product's page."""

from collections.abc import Sequence

from chalicelib.catalog import photos
from chalicelib.catalog import store as catalog
from chalicelib.catalog.photos import ArrangePhotos, check_count
from chalicelib.catalog.store import ProductPhoto
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.console_goods import sent_photos, show_product
from chalicelib.web.forms import Form
from chalicelib.web.frame import upload


@upload("/console/{store}/products/{product_id}/photos")
def product_photos(ask: Ask, store: str, product_id: str) -> Answer:
    """Put a product's photos in another order, take some off, add some."""
    desk = ask.desk(store, "owner", "staff")
    shown = catalog.get(desk.tenant_id, product_id)
    if ask.posted:
        with ask.keeping_problem():
            sent, wanted = sent_photos(ask), _wanted(ask.form, shown.photos)
            check_count(len(wanted) + len(sent))  # before anything is taken off
            photos.arrange(desk.tenant_id, product_id, ArrangePhotos(photos=tuple(wanted)))
            if sent:
                photos.add(desk.tenant_id, product_id, sent, ask.tools.photos)
            return ask.go("console", store, "products", product_id, done="1")
    return show_product(ask, desk.tenant_id, shown)


def _wanted(typed: Form, shown: Sequence[ProductPhoto]) -> list[str]:
    """Read the order: `place.{name}` is the new place of a photo, `remove.{name}` takes it off.

    A photo whose place is given to another one makes room: upwards when the other one comes from below, else downwards.
    One that the form does not know (somebody added it meanwhile) stays behind.
    """

    def place(one: tuple[int, ProductPhoto]) -> float:
        was, name = one[0], f"place.{one[1].name}"
        to = typed.integer(name, empty=was) if name in typed else was
        return to + (0.5 if to > was else -0.5 if to < was else 0)

    kept = [one for one in enumerate(shown, start=1) if typed[f"remove.{one[1].name}"] != "1"]
    return [one.name for _, one in sorted(kept, key=place)]
