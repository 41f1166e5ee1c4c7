"""What is a photo, and what of it is kept. Pure: bytes in, bytes out.

The kind is read from the bytes and their structure, never from a file's name. What a camera writes beside the picture
(the place, the moment, the phone's serial number, the owner's name) is left out before anything is stored.
"""

from dataclasses import dataclass
from typing import Literal

from chalicelib.errors import Invalid

Kind = Literal["image/jpeg", "image/png", "image/webp"]

LARGEST_PHOTO_BYTES = 3_000_000
LONGEST_SIDE = 16_383
"""Pixels; the longest that every browser shows. A few kilobytes can claim to be a picture of gigabytes."""

ENDINGS: dict[Kind, str] = {"image/jpeg": "jpg", "image/png": "png", "image/webp": "webp"}


class PhotoInvalid(Invalid):
    """This is no photo that we take: another kind of file, too large, cut off or damaged."""

    code = "photo_invalid"

    def __init__(self, message: str) -> None:
        super().__init__(message, param="photo")


@dataclass(frozen=True, slots=True)
class Photo:
    """A photo without what its camera told about it; `width` and `height` in pixels as stored (not yet turned)."""

    kind: Kind
    content: bytes
    width: int
    height: int


def check_photo(content: bytes) -> Photo:
    """Give a photo as it may be kept. Raises `PhotoInvalid` for what is no whole JPEG, PNG or WebP of at most 3 MB."""
    from chalicelib.media import jpeg, png, webp

    if len(content) > LARGEST_PHOTO_BYTES:
        raise PhotoInvalid("A photo can have 3 MB at most. Make it smaller, or take a screenshot of it.")
    kind: Kind
    if content.startswith(b"\xff\xd8\xff"):
        kind, read = "image/jpeg", jpeg.stripped
    elif content.startswith(png.SIGNATURE):
        kind, read = "image/png", png.stripped
    elif content.startswith(b"RIFF") and content[8:12] == b"WEBP":
        kind, read = "image/webp", webp.stripped
    else:
        raise PhotoInvalid("A photo has to be a JPEG, PNG or WebP picture.")
    kept, (width, height) = read(content)
    if max(width, height) > LONGEST_SIDE:
        raise PhotoInvalid("This photo has too many pixels. Make it smaller, or take a screenshot of it.")
    if not (width and height):
        raise damaged()
    return Photo(kind, kept, width, height)


def damaged() -> PhotoInvalid:
    """Make the refusal of a picture that is cut off, or not built as its kind has to be."""
    return PhotoInvalid("This photo is cut off or damaged. Take it again, or choose another.")
