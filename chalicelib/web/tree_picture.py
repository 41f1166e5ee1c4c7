"""The picture of a tree as SVG, made on the server: from the left to the right, a row for each that has nobody below.

Pure. Classes only; colours and letters are the stylesheet's (`network.css`). Every place in it is a link.
"""

from dataclasses import dataclass, field
from unicodedata import east_asian_width

from markupsafe import Markup

ROW, COLUMN, MARGIN = 48, 196, 20
LEAST_RADIUS, MOST_RADIUS = 7.0, 17.0
NAME_WIDTH = 9.0
"""How much of a name stands beside its dot: in widths of a Chinese character."""
TONES = 6
"""How many colours of ranks there are; those above have the last one."""


@dataclass(slots=True)
class Spot:
    """A place in the picture. `said` is what stands below the name, `told` all of it for who does not see the picture.

    share: how large the dot is, from 0 to 1. tone: its colour, from 0. is_quiet: drawn paler. kind: `leader`, `more`.
    """

    name: str
    said: str
    told: str
    link: str
    share: float = 0.0
    tone: int = 0
    is_quiet: bool = False
    kind: str = "leader"
    below: list["Spot"] = field(default_factory=list)


def draw(root: Spot, title: str) -> Markup:
    """Draw a tree; `title` says what it is."""
    places: list[tuple[Spot, int, float]] = []
    rows = _place(root, 0, 0.0, places)
    deepest = max(depth for _, depth, _ in places)
    width, height = MARGIN * 2 + COLUMN * (deepest + 1), int(MARGIN * 2 + ROW * rows)
    where = {id(spot): (_x(depth), _y(row)) for spot, depth, row in places}
    lines = Markup("").join(_line(where[id(spot)], where[id(one)]) for spot, _, _ in places for one in spot.below)
    dots = Markup("").join(_dot(spot, *where[id(spot)]) for spot, _, _ in places)
    return Markup(
        '<svg class="tree" xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {w} {h}" width="{w}" height="{h}" '
        'role="group" aria-label="{title}"><g class="lines">{lines}</g>{dots}</svg>'
    ).format(w=width, h=height, title=title, lines=lines, dots=dots)


def _place(spot: Spot, depth: int, first_row: float, places: list[tuple[Spot, int, float]]) -> float:
    """Give each a row, who has some below it the middle of theirs; gives how many rows it takes."""
    index = len(places)
    places.append((spot, depth, first_row))
    taken = 0.0
    rows = []
    for one in spot.below:
        rows.append(len(places))
        taken += _place(one, depth + 1, first_row + taken, places)
    if rows:
        middle = (places[rows[0]][2] + places[rows[-1]][2]) / 2
        places[index] = (spot, depth, middle)
    return taken or 1.0


def _x(depth: int) -> float:
    return MARGIN + MOST_RADIUS + depth * COLUMN


def _y(row: float) -> float:
    return MARGIN + ROW / 2 + row * ROW


def _line(start: tuple[float, float], end: tuple[float, float]) -> Markup:
    (x, y), (to_x, to_y) = start, end
    bend = to_x - COLUMN * 0.25
    return Markup('<path d="M{x:g} {y:g}C{bend:g} {y:g} {bend:g} {to_y:g} {to_x:g} {to_y:g}"/>').format(
        x=x, y=y, bend=bend, to_x=to_x, to_y=to_y
    )


def _dot(spot: Spot, x: float, y: float) -> Markup:
    radius = LEAST_RADIUS + (MOST_RADIUS - LEAST_RADIUS) * min(1.0, max(0.0, spot.share)) ** 0.5
    beside = x + radius + 6
    classes = f"{spot.kind} tone{min(spot.tone, TONES - 1)}{' quiet' if spot.is_quiet else ''}"
    return Markup(
        '<a href="{link}" class="{classes}"><title>{told}</title>'
        '<rect x="{left:g}" y="{top:g}" width="{wide}" height="{row}"/><circle cx="{x:g}" cy="{y:g}" r="{radius:.1f}"/>'
        '<text x="{beside:g}" y="{name_y:g}">{name}</text>{said}</a>'
    ).format(
        link=spot.link,
        classes=classes,
        told=spot.told,
        left=x - MOST_RADIUS,
        top=y - ROW / 2,
        wide=COLUMN - 10,
        row=ROW,
        x=x,
        y=y,
        radius=radius,
        beside=beside,
        name_y=y - 2 if spot.said else y + 5,
        name=shortened(spot.name, NAME_WIDTH),
        said=Markup('<text class="said" x="{x:g}" y="{y:g}">{said}</text>').format(x=beside, y=y + 15, said=spot.said)
        if spot.said
        else "",
    )


def shortened(text: str, width: float) -> str:
    """Cut a text at a width, in widths of a Chinese character; Latin ones are half as wide."""
    taken = 0.0
    for n, sign in enumerate(text):
        taken += 1.0 if east_asian_width(sign) in "WF" else 0.56
        if taken > width:
            return text[: max(1, n - 1)].rstrip() + "…"
    return text
