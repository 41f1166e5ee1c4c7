"""Product photos as pages need them: one to look at, one small enough for a list. Pure, by Pillow.

Both are made anew from the pixels, so that nothing of the file that was sent is in them: turned as it is to be looked
at, in sRGB, without notes, as progressive JPEG, which every chat app can show on a card.
"""

from dataclasses import dataclass
from io import BytesIO
from typing import TYPE_CHECKING

from chalicelib.media.rules import ENDINGS, Photo, PhotoInvalid, check_photo, damaged

if TYPE_CHECKING:
    from PIL.Image import Image

LARGE_SIDE = 1600
SMALL_SIDE = 400
SMALL_BYTES = 30_000
MOST_PIXELS = 40_000_000
"""As many as 512 MB of memory can unpack, four bytes each, with room to spare. Phones take 12 to 24 million."""

_LARGE_QUALITY = 82
_SMALL_QUALITIES = (80, 70, 60, 50, 40, 30)
_FORMATS = tuple({"jpg": "JPEG", "png": "PNG", "webp": "WEBP"}[ending] for ending in ENDINGS.values())


@dataclass(frozen=True, slots=True)
class Sized:
    """A photo in both sizes; width and height are in pixels as it is looked at."""

    large: Photo
    small: Photo


def resized(content: bytes) -> Sized:
    """Give a photo at most 1600 pixels long, and one of at most 400 pixels and 30 kB. Raises `PhotoInvalid`."""
    from PIL import Image

    sent = check_photo(content)
    if sent.width * sent.height > MOST_PIXELS:
        raise PhotoInvalid("This photo has too many pixels. Make it smaller, or take a screenshot of it.")
    try:
        with Image.open(BytesIO(sent.content), formats=_FORMATS) as opened:
            if opened.size != (sent.width, sent.height):  # its parts disagree about how large it is
                raise damaged()
            large = _upright(opened)
    except (OSError, ValueError, SyntaxError, EOFError, MemoryError, Image.DecompressionBombError) as error:
        raise damaged() from error
    return Sized(_as_jpeg(large, _LARGE_QUALITY), _small(large))


def _upright(opened: "Image") -> "Image":
    """Unpack a picture, smaller at once where that can be done, and turn it; gives it in sRGB without transparency."""
    from PIL import Image, ImageOps

    opened.draft("RGB", (LARGE_SIDE, LARGE_SIDE))  # a JPEG is unpacked at a half or a quarter of its size
    profile = opened.info.get("icc_profile")
    if opened.mode not in ("RGB", "RGBA", "L"):
        opened = opened.convert("RGBA" if _is_see_through(opened) else "RGB")
    opened.thumbnail((LARGE_SIDE, LARGE_SIDE), Image.Resampling.LANCZOS)
    upright = ImageOps.exif_transpose(opened)
    if upright.mode == "RGBA":
        on_white = Image.new("RGB", upright.size, "white")
        on_white.paste(upright, mask=upright.getchannel("A"))
        upright = on_white
    return _in_srgb(upright.convert("RGB"), profile)


def _is_see_through(picture: "Image") -> bool:
    return picture.mode in ("LA", "PA", "La", "RGBa") or "transparency" in picture.info


def _in_srgb(picture: "Image", profile: bytes | None) -> "Image":
    """Convert the colours of a wide-gamut phone; the profile itself is a note, and browsers differ without it."""
    if not profile:
        return picture
    from PIL import ImageCms

    try:
        own, srgb = ImageCms.ImageCmsProfile(BytesIO(profile)), ImageCms.createProfile("sRGB")
        return ImageCms.profileToProfile(picture, own, srgb, outputMode="RGB") or picture
    except (ImageCms.PyCMSError, OSError):  # a profile for grey or CMYK, or a broken one: as if it had none
        return picture


def _small(large: "Image") -> Photo:
    """Make the small one: as good as fits, and where even the worst does not fit (noise), smaller still."""
    picture, side = large.copy(), SMALL_SIDE
    while True:
        picture.thumbnail((side, side))
        for quality in _SMALL_QUALITIES:
            photo = _as_jpeg(picture, quality)
            if len(photo.content) <= SMALL_BYTES:
                return photo
        side = side * 3 // 4


def _as_jpeg(picture: "Image", quality: int) -> Photo:
    written = BytesIO()
    picture.save(written, "JPEG", quality=quality, progressive=True, optimize=True, exif=b"", icc_profile=None)
    return Photo("image/jpeg", written.getvalue(), *picture.size)
