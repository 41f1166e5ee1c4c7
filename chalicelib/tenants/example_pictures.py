"""Pictures of the example products, drawn by Pillow: flat shapes, so that nobody takes them for goods on sale. Pure."""

from collections.abc import Callable
from io import BytesIO
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from PIL.ImageDraw import ImageDraw

WIDTH, HEIGHT = 800, 600
_FINER = 4 / 3
"""The shapes are given on a sheet of 1200 × 900. Drawn larger and made smaller: that is what makes edges smooth."""
_BOX = tuple[float, float, float, float]


def picture(name: str) -> bytes:
    """Draw the picture of an example product (`pears`, `eggs`, `tea`) as JPEG."""
    from PIL import Image, ImageDraw

    paper, draw = _DRAWN[name]
    canvas = Image.new("RGB", (2 * WIDTH, 2 * HEIGHT), paper)
    draw(ImageDraw.Draw(canvas))
    written = BytesIO()
    canvas.resize((WIDTH, HEIGHT), Image.Resampling.LANCZOS).save(written, "JPEG", quality=82)
    return written.getvalue()


def small(name: str) -> bytes:
    """Draw the picture as pages of ours show it: 400 pixels wide, as JPEG."""
    return _made([name], (400, 300))


def card() -> bytes:
    """Draw what chat apps show of our own pages: the three side by side, 1200 × 630, as JPEG."""
    return _made(list(_DRAWN), (1200, 630))


def _made(names: list[str], size: tuple[int, int]) -> bytes:
    """Put pictures side by side, each cut to its share of the size."""
    from PIL import Image, ImageOps

    width, height = size[0] // len(names), size[1]
    sheet = Image.new("RGB", size)
    for number, name in enumerate(names):
        with Image.open(BytesIO(picture(name))) as one:
            share = ImageOps.pad(one.convert("RGB"), (width, height), color=_DRAWN[name][0])
            sheet.paste(share, (number * width, 0))
    written = BytesIO()
    sheet.save(written, "JPEG", quality=80)
    return written.getvalue()


def _scaled(box: _BOX) -> _BOX:
    left, top, right, bottom = box
    return left * _FINER, top * _FINER, right * _FINER, bottom * _FINER


def _oval(draw: "ImageDraw", box: _BOX, colour: str) -> None:
    draw.ellipse(_scaled(box), fill=colour)


def _block(draw: "ImageDraw", box: _BOX, colour: str, radius: int = 0) -> None:
    draw.rounded_rectangle(_scaled(box), radius * _FINER, fill=colour)


def _shape(draw: "ImageDraw", colour: str, *points: tuple[float, float]) -> None:
    draw.polygon([(x * _FINER, y * _FINER) for x, y in points], fill=colour)


def _pears(draw: "ImageDraw") -> None:
    _oval(draw, (150, 690, 1050, 800), "#e6d6a6")
    behind, before = ("#c9b63f", "#ddcd63"), ("#d9c64f", "#eadb7c")
    for x, y, (skin, light) in ((190, 60, behind), (640, 60, behind), (410, 110, before)):
        _block(draw, (x + 178, y + 30, x + 196, y + 150), "#6f4e2a", 8)
        _shape(draw, "#7d9b4a", (x + 196, y + 80), (x + 300, y + 20), (x + 330, y + 60), (x + 240, y + 110))
        _oval(draw, (x + 95, y + 110, x + 280, y + 380), skin)
        _oval(draw, (x, y + 250, x + 375, y + 660), skin)
        _oval(draw, (x + 70, y + 360, x + 150, y + 520), light)


def _eggs(draw: "ImageDraw") -> None:
    _oval(draw, (140, 680, 1060, 810), "#c7d2d8")
    for x, shell, light in ((190, "#d9a77c", "#e8c3a1"), (440, "#e7c4a0", "#f4dfc8"), (690, "#cf9a6c", "#e2b993")):
        _oval(draw, (x, 210, x + 320, 640), shell)
        _oval(draw, (x + 70, 270, x + 140, 390), light)
    _block(draw, (120, 540, 1080, 740), "#8f7a63", 60)
    for x in (140, 380, 620, 860):
        _block(draw, (x, 570, x + 200, 710), "#a38d74", 50)


def _tea(draw: "ImageDraw") -> None:
    _oval(draw, (170, 720, 1030, 820), "#bccbb0")
    _block(draw, (330, 250, 870, 760), "#4f7a4d", 40)
    _block(draw, (330, 250, 870, 330), "#3d633c", 40)
    _block(draw, (290, 170, 910, 270), "#3d633c", 36)
    _block(draw, (410, 400, 790, 660), "#f4ecd8", 24)
    _shape(draw, "#4f7a4d", (600, 440), (690, 520), (600, 620), (510, 520))
    _block(draw, (594, 470, 606, 640), "#f4ecd8", 4)


_DRAWN: dict[str, tuple[str, "Callable[[ImageDraw], None]"]] = {
    "pears": ("#f6ecc9", _pears),
    "eggs": ("#e3eaee", _eggs),
    "tea": ("#dfe8d8", _tea),
}
