"""The console's products."""

from chalicelib.catalog import actions as catalog_actions
from chalicelib.catalog import finding, photos
from chalicelib.catalog import store as catalog
from chalicelib.catalog.commands import AdjustStock, CreateProduct, UpdateProduct
from chalicelib.catalog.photos import MOST_PHOTOS, check_count
from chalicelib.catalog.store import Product
from chalicelib.leaders import store as leaders
from chalicelib.media.resizing import Sized, resized
from chalicelib.reviews import experiences
from chalicelib.reviews.rules import REASON_LENGTH
from chalicelib.sieve import Sieved
from chalicelib.store import decode_cursor, encode_cursor
from chalicelib.web import chips
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.chips import LONGEST_TITLE
from chalicelib.web.frame import action, form, page, upload
from chalicelib.web.moderating import moderate_chosen

PAGE = 50
WORDS = 20


@page("/console/{store}/products")
def products(ask: Ask, store: str) -> Answer:
    """List products, newest first: all, or those with a title like this."""
    desk = ask.desk(store, "owner", "staff")
    after = decode_cursor(ask.query("after")) if ask.query("after") else None
    found: Sieved[Product] = Sieved([])
    ask.show_again(chips.asked(ask, ("text",)))
    with ask.keeping_problem():
        title = ask.form.text("text", longest=LONGEST_TITLE)
        found = finding.newest(desk.tenant_id, title, limit=PAGE, after=after)
    return show_products(ask, desk, found)


def show_products(ask: Ask, desk: Desk, found: Sieved[Product]) -> Answer:
    """Show a list of products; with the button that takes away the examples among them, or offers some."""
    from chalicelib.tenants import examples

    here, asked = ("console", desk.brand.slug, "products"), chips.asked(ask, ("text",))
    return ask.show(
        "console/products.html",
        products=found.items,
        found=found,
        left=catalog.stocks_left(desk.tenant_id, [one.product_id for one in found.items]),
        chips=chips.chips(ask, here, asked, {name: f"“{typed}”" for name, typed in asked.items()}),
        older=ask.links.path(*here, **asked, after=encode_cursor(found.next)) if found.next else "",
        is_full=len(found.items) == PAGE,
        example_ids=examples.product_ids(desk.brand),
        has_examples=examples.there(desk.brand, found.items),
        examples_offered=not found.items and not asked and examples.offered(desk.brand),
        role=desk.membership.role,
    )


@upload("/console/{store}/products/new")
def new_product(ask: Ask, store: str) -> Answer:
    """Add a product with its first stock and its photos."""
    desk = ask.desk(store, "owner", "staff")
    if ask.posted:
        with ask.keeping_problem():
            typed, currency, sent = ask.form, desk.brand.currency, sent_photos(ask)
            made = catalog_actions.create(
                desk.tenant_id,
                CreateProduct(
                    title=typed["title"],
                    description=typed["description"],
                    origin=typed["origin"],
                    unit=typed["unit"],
                    list_price_minor=typed.money("list_price_minor", currency),
                    sale_price_minor=typed.money("sale_price_minor", currency),
                    rate_bp=typed.percent_bp("rate_bp"),
                    stock=typed.integer("stock", empty=0),
                ),
                now=ask.now,
                randbits=ask.tools.randbits,
                product_id=ask.form_id("pr"),
            )
            if sent:
                photos.add(desk.tenant_id, made.product_id, sent, ask.tools.photos)
            return ask.go("console", store, "products", done="1")
    return ask.show("console/product.html", product=None, left=0, most_photos=MOST_PHOTOS)


@form("/console/{store}/products/{product_id}")
def product(ask: Ask, store: str, product_id: str) -> Answer:
    """Change a product."""
    desk = ask.desk(store, "owner", "staff")
    shown = catalog.get(desk.tenant_id, product_id)
    if ask.posted:
        with ask.keeping_problem():
            typed, currency = ask.form, desk.brand.currency
            command = UpdateProduct(
                title=typed["title"],
                description=typed["description"],
                origin=typed["origin"],
                unit=typed["unit"],
                list_price_minor=typed.money("list_price_minor", currency),
                sale_price_minor=typed.money("sale_price_minor", currency),
                rate_bp=typed.percent_bp("rate_bp"),
                active=typed["active"] == "1",
            )
            catalog_actions.update(desk.tenant_id, product_id, command)
            return ask.go("console", store, "products", product_id, done="1")
    return show_product(ask, desk.tenant_id, shown)


@action("/console/{store}/products/{product_id}/stock")
def adjust_stock(ask: Ask, store: str, product_id: str) -> Answer:
    """Add to a product's stock, or take from it."""
    desk = ask.desk(store, "owner", "staff")
    if ask.posted:
        with ask.keeping_problem():
            command = AdjustStock(change=ask.form.integer("change"))
            catalog_actions.adjust_stock(desk.tenant_id, product_id, command, nonce=ask.nonce())
            return ask.go("console", store, "products", product_id, done="1")
    return show_product(ask, desk.tenant_id, catalog.get(desk.tenant_id, product_id))


@action("/console/{store}/products/{product_id}/words")
def moderate_words(ask: Ask, store: str, product_id: str) -> Answer:
    """Hide what leaders say of a product, or show it again: all that is ticked."""
    desk = ask.desk(store, "owner", "staff")
    shown, by = catalog.get(desk.tenant_id, product_id), desk.person.person_id
    if ask.posted:
        with ask.keeping_problem():
            moderate_chosen(
                ask,
                lambda leader_id, command: experiences.moderate(
                    desk.tenant_id, product_id, leader_id, command, by=by, now=ask.now
                ),
            )
            return ask.go("console", store, "products", product_id, done="1")
    return show_product(ask, desk.tenant_id, shown)


def show_product(ask: Ask, tenant_id: str, shown: Product) -> Answer:
    """Show a product with its forms, and what leaders say of it."""
    after = decode_cursor(ask.query("after")) if ask.query("after") else None
    said = experiences.newest(tenant_id, shown.product_id, limit=WORDS, after=after)
    return ask.show(
        "console/product.html",
        product=shown,
        left=catalog.stock_left(tenant_id, shown.product_id),
        most_photos=MOST_PHOTOS,
        said=said,
        names=leaders.get_many(tenant_id, tuple(one.leader_id for one in said)),
        longest_reason=REASON_LENGTH,
        older=_older_words(ask, shown, said),
    )


def _older_words(ask: Ask, shown: Product, said: list[experiences.Experience]) -> str:
    if len(said) < WORDS or ask.brand is None:
        return ""
    after = encode_cursor(str(said[-1].gsi1sk))
    return ask.links.path("console", ask.brand.slug, "products", shown.product_id, after=after)


def sent_photos(ask: Ask) -> list[Sized]:
    """Give the photos that came with a form, in the order of its fields. Raises `PhotoInvalid`, `ProductInvalid`."""
    contents = [content for _, (_, content) in sorted(ask.files.items()) if content]
    check_count(len(contents))
    return [resized(content) for content in contents]
