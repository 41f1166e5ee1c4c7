"""A brand's own colour on its pages: from any colour the tones that stay readable, as a small style sheet.

The colour itself fills buttons, with black or white on it. Where it is text on our surfaces it is darkened in light
pages and lightened in dark ones, no further than it takes. A sheet is pure of its address, so browsers keep it.
"""

import re
from functools import cache

from chalicelib.errors import NotFound
from chalicelib.web import static
from chalicelib.web.answers import FOR_EVER, Answer
from chalicelib.web.ask import Ask
from chalicelib.web.frame import page

READABLE = 4.5
"""What WCAG 2.2 AA asks of text (1.4.3), as a ratio of contrast."""
_TINT_PERCENT = {"light": 9, "dark": 11}
"""How much of a brand's colour is in the ground of its notes; more would leave soft text on it too pale."""
_TO = {"light": "#000000", "dark": "#ffffff"}
_OWN = ("--accent", "--on-accent", "--brand", "--on-brand", "--tint")
"""The tokens that a brand's colour replaces."""

_BLOCK = re.compile(r":root \{(.*?)\}", re.DOTALL)
_TOKEN = re.compile(r"(--[a-z0-9-]+): (#[0-9a-f]{3}(?:[0-9a-f]{3})?)(?=;)")
_NAME = re.compile(r"([0-9a-f]{6})\.css")

Tokens = dict[str, str]
"""Colours by the names that style sheets know them by."""


class LookUnknown(NotFound):
    """No colour is written so."""

    code = "look_unknown"


@page("/look/{sheet_of}")
def look(ask: Ask, sheet_of: str) -> Answer:
    """Give the style sheet of a colour (`b93a0e.css`), or `both.css`, by which a part of a page is light or dark."""
    if sheet_of == "both.css":
        text = both()
    elif found := _NAME.fullmatch(sheet_of):
        text = sheet(f"#{found[1]}")
    else:
        raise LookUnknown("There is no such colour.")
    # The same for everybody, in every language: a cache need not keep it once for each.
    return Answer(text, content_type="text/css; charset=utf-8", cache=FOR_EVER, headers={"Vary": "Accept-Encoding"})


@cache
def ours() -> tuple[Tokens, Tokens]:
    """Give our own colours, of light and of dark pages, as `app.css` has them."""
    light, dark = (dict(_TOKEN.findall(block)) for block in _BLOCK.findall(static.text("app.css"))[:2])
    return light, dark


def tokens(colour: str, scheme: str) -> Tokens:
    """Give the tokens that a brand's colour (`#rrggbb`) replaces on `light` or on `dark` pages.

    The accent has a contrast of 4.5 with paper, cards, sunk places and its own tint; what stands on a fill as well.
    """
    grounds = ours()[0 if scheme == "light" else 1]
    tint = mixed(grounds["--card"], colour, _TINT_PERCENT[scheme])
    surfaces = [grounds["--paper"], grounds["--card"], grounds["--sunk"], tint]
    tones = (mixed(colour, _TO[scheme], percent) for percent in range(101))
    accent = next(one for one in tones if all(contrast(one, under) >= READABLE for under in surfaces))
    return dict(zip(_OWN, (accent, on(accent), colour, on(colour), tint), strict=True))


def sheet(colour: str) -> str:
    """Write the style sheet of a colour; also for parts of a page that are light or dark whatever the page is."""
    light, dark = _written(tokens(colour, "light")), _written(tokens(colour, "dark"))
    return f":root,.in-light{light}\n@media(prefers-color-scheme:dark){{:root{dark}}}\n.in-dark{dark}\n"


def both() -> str:
    """Write our own colours for parts of a page that are light or dark whatever the page is."""
    ground = "{background:var(--paper);color:var(--ink);padding:var(--s4);border-radius:var(--round)}"
    light, dark = ours()
    schemes = ".in-light{color-scheme:light}.in-dark{color-scheme:dark}"
    return f".in-light{_written(light)}\n.in-dark{_written(dark)}\n.in-light,.in-dark{ground}\n{schemes}\n"


def _written(colours: Tokens) -> str:
    return "{" + ";".join(f"{name}:{colour}" for name, colour in colours.items()) + "}"


# ------------------------------------------------------------------------------------------------ colours


def on(colour: str) -> str:
    """Give white or black, whichever can be read on a colour: black can where white cannot."""
    return "#ffffff" if contrast("#ffffff", colour) >= READABLE else "#000000"


def mixed(colour: str, other: str, percent: int) -> str:
    """Give a colour with so many percent of another one in it."""
    pairs = zip(_channels(colour), _channels(other), strict=True)
    return "#" + "".join(f"{(one * (100 - percent) + more * percent + 50) // 100:02x}" for one, more in pairs)


def contrast(one: str, other: str) -> float:
    """Give the ratio of contrast of two colours, from 1 to 21, as WCAG 2 defines it."""
    darker, lighter = sorted((_luminance(one), _luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _luminance(colour: str) -> float:
    red, green, blue = (_linear(channel / 255) for channel in _channels(colour))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _linear(channel: float) -> float:
    # WCAG's own threshold; sRGB's is 0.04045, and no colour of eight bits lies between.
    return channel / 12.92 if channel <= 0.03928 else float(((channel + 0.055) / 1.055) ** 2.4)


def _channels(colour: str) -> tuple[int, int, int]:
    digits = colour[1:] if len(colour) == 7 else "".join(digit * 2 for digit in colour[1:])
    return int(digits[:2], 16), int(digits[2:4], 16), int(digits[4:], 16)
