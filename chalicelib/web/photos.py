"""Photos on pages: the public ones by their own address, and private ones for a page that has checked who looks."""

from collections.abc import Sequence

from chalicelib.media.rules import check_photo
from chalicelib.media.store import PRIVATE, PUBLIC, PhotoUnknown
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.forms import FormInvalid
from chalicelib.web.frame import page

_FOR_EVER = "public, max-age=31536000, immutable"
_NOT_KEPT = "private, no-store"


@page("/media/{store}/p/{name}")
def public_photo(ask: Ask, store: str, name: str) -> Answer:
    """Give a photo that everybody may see: of a product, of a review. Its name changes with its content."""
    brand = ask.enter(store)
    return photo_answer(ask, brand.tenant_id, f"{PUBLIC}/{name}", cache=_FOR_EVER)


def photo_answer(ask: Ask, tenant_id: str, name: str, *, cache: str = _NOT_KEPT) -> Answer:
    """Answer with a photo, kept by nobody unless said so; the caller has checked who looks. Raises `PhotoUnknown`."""
    found = ask.tools.photos.get(tenant_id, name)
    if found is None:
        raise PhotoUnknown("There is no such photo.")
    content, content_type = found
    # The same for everybody, in every language: a cache need not keep it once for each.
    return Answer(content, content_type=content_type, cache=cache, headers={"Vary": "Accept-Encoding"})


def private_photos(ask: Ask, tenant_id: str, *, most: int) -> list[str]:
    """Keep the photos that came with a form; gives their names. Raises `PhotoInvalid`, with nothing kept."""
    contents = [content for _, content in ask.files.values() if content]
    if len(contents) > most:
        raise FormInvalid(f"Add at most {most} photos.", param="photo")
    checked = [check_photo(content) for content in contents]
    return [ask.tools.photos.put(tenant_id, PRIVATE, photo) for photo in checked]


def numbered(ask: Ask, tenant_id: str, names: Sequence[str], number: str) -> Answer:
    """Answer with the how many-th of some photos; the caller has checked who looks. Raises `PhotoUnknown`."""
    if not (number.isascii() and number.isdigit() and 1 <= int(number[:3]) <= len(names)):
        raise PhotoUnknown("There is no such photo.")
    return photo_answer(ask, tenant_id, names[int(number[:3]) - 1])
