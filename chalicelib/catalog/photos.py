"""A product's photos: added, put in another order, taken off. The first one is what lists and shared cards show.

The pictures are kept first and named by what is in them; the product then names them. One that is kept and never named
(a refused form, two people at once) is not found by anybody.
"""

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

import msgspec
from msgspec import Struct

from chalicelib import store
from chalicelib.catalog.rules import ProductInvalid
from chalicelib.catalog.store import Product, ProductPhoto, get
from chalicelib.errors import Conflict
from chalicelib.media.store import PUBLIC

if TYPE_CHECKING:
    from chalicelib.media.resizing import Sized
    from chalicelib.media.store import Photos

MOST_PHOTOS = 6
_TRIES = 5


class ProductBusy(Conflict):
    """Others changed the photos of the product again and again meanwhile."""

    code = "product_busy"


class AddPhoto(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A JPEG, PNG or WebP of at most 3 MB, in base64. It is kept at most 1600 pixels long, with a thumbnail."""

    content: bytes


class ArrangePhotos(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The names of the product's photos in the order wanted, the first one for lists; one left out is taken off."""

    photos: tuple[str, ...]


def add(tenant_id: str, product_id: str, sent: Sequence["Sized"], photos: "Photos") -> Product:
    """Keep photos and put them behind those of a product; one that it has already stays where it is.

    Raises `ProductNotFound`, `ProductInvalid` when it would have more than 6, `ProductBusy`.
    """
    get(tenant_id, product_id)
    kept = [_keep(tenant_id, one, photos) for one in sent]
    return _change(tenant_id, product_id, lambda before: with_added(before, kept))


def arrange(tenant_id: str, product_id: str, command: ArrangePhotos) -> Product:
    """Put a product's photos in another order; those not named are taken off.

    Raises `ProductNotFound`, `ProductInvalid` for a name that is not among them, `ProductBusy`.
    """
    return _change(tenant_id, product_id, lambda before: arranged(before, command.photos))


def with_added(before: Sequence[ProductPhoto], more: Sequence[ProductPhoto]) -> list[ProductPhoto]:
    """Give a product's photos with more of them, each once. Raises `ProductInvalid` when they are too many."""
    after = list({one.name: one for one in (*before, *more)}.values())
    check_count(len(after))
    return after


def check_count(count: int) -> None:
    """Raises `ProductInvalid` for more photos than a product can have."""
    if count > MOST_PHOTOS:
        raise ProductInvalid(f"A product has at most {MOST_PHOTOS} photos.", param="photos")


def arranged(before: Sequence[ProductPhoto], names: Sequence[str]) -> list[ProductPhoto]:
    """Give a product's photos in the order of their names. Raises `ProductInvalid` for one that it does not have."""
    known = {one.name: one for one in before}
    if unknown := [name for name in names if name not in known]:
        raise ProductInvalid(f"This product has no photo {unknown[0][:80]}.", param="photos")
    return [known[name] for name in dict.fromkeys(names)]


def _keep(tenant_id: str, sized: "Sized", photos: "Photos") -> ProductPhoto:
    return ProductPhoto(
        name=photos.put(tenant_id, PUBLIC, sized.large),
        thumbnail=photos.put(tenant_id, PUBLIC, sized.small),
        width=sized.large.width,
        height=sized.large.height,
    )


def _change(
    tenant_id: str, product_id: str, decide: Callable[[tuple[ProductPhoto, ...]], list[ProductPhoto]]
) -> Product:
    """Write what is decided on the photos as they stand. Six uploads may come at once: none may cover another."""
    for _ in range(_TRIES):
        product = get(tenant_id, product_id)
        before, after = product.photos_packed, decide(product.photos)
        packed = store.packed(msgspec.to_builtins(after)) if after else None
        if packed == before or _written(product, before, packed):
            return product
    raise ProductBusy("Somebody else is changing the photos of this product. Look again, then repeat what is missing.")


def _written(product: Product, before: str | None, after: str | None) -> bool:
    field = Product.photos_packed
    as_it_was = field.does_not_exist() if before is None else field == before
    action = field.remove() if after is None else field.set(after)
    return store.written(lambda: product.update(actions=[action], condition=Product.pk.exists() & as_it_was))
