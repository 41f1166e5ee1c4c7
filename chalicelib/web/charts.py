"""Charts as SVG, drawn on the server: no script, no library, no colour of their own (`static/charts.css`).

A chart is as wide as its place and always as high; its labels are text of the page's size, so they are read on a
phone as on a desktop. Places across are percentages, places down are pixels. Beside each chart a page shows a table of
the same numbers (`charts.html`): a picture is nothing to who cannot see it. Pure.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup

HEIGHT, TOP, BOTTOM, FOOT = 208, 20, 176, 200
"""In pixels: the whole, the highest and the lowest place of a value, where the labels below stand."""
_LABELS, _STEPS = 4, 3
_WIDEST = 12.0  # a bar, in percent: a single one shall not fill the page


@dataclass(frozen=True, slots=True)
class Point:
    """A value (an integer) with what its place is called (`22 Nov`) and how it reads (`¥120.00`)."""

    label: str
    value: int
    text: str


@dataclass(frozen=True, slots=True)
class Series:
    """A line with its name; the points of all lines of a chart have the same labels."""

    name: str
    points: Sequence[Point]


@dataclass(frozen=True, slots=True)
class Words:
    """What a chart is called and what it says, for who does not see it. `key`: names it on its page, unlike others'."""

    key: str
    title: str
    description: str


def plain(value: int) -> str:
    """Write a value at an axis as it is."""
    return f"{value:,}"


# ------------------------------------------------------------------------------------------------ charts


def bars(points: Sequence[Point], words: Words, *, axis: Callable[[int], str] = plain) -> Markup:
    """Draw a bar for each point; values below zero hang down. `axis` writes the values beside the lines."""
    scale = _Scale.of([point.value for point in points])
    slot = 100 / max(1, len(points))
    width = min(slot * 0.7, _WIDEST)
    drawn = [_grid(scale)]
    for number, point in enumerate(points):
        middle = (number + 0.5) * slot
        high, low = sorted((scale.y(point.value), scale.y(0)))
        if point.value:
            drawn.append(
                Markup('<rect class="{}" x="{}%" y="{}" width="{}%" height="{}" rx="2"/>').format(
                    "pillar below" if point.value < 0 else "pillar", _n(middle - width / 2), high, _n(width),
                    max(1, low - high),
                )
            )  # fmt: skip
    middles = [(number + 0.5) * slot for number in range(len(points))]
    drawn.append(_values(scale, axis))
    drawn.append(_labels([point.label for point in points], middles))
    drawn += _spots(middles, [[f"{point.label}: {point.text}"] for point in points])
    return _chart("bars", words, drawn)


def lines(series: Sequence[Series], words: Words, *, axis: Callable[[int], str] = plain) -> Markup:
    """Draw a line for each series, over the places of the first; they differ by colour and by dashes."""
    scale = _Scale.of([point.value for one in series for point in one.points])
    labels = [point.label for point in series[0].points] if series else []
    places = _spread(len(labels))
    drawn = [_grid(scale)]
    for number, one in enumerate(series, start=1):
        drawn += _line(
            f"line s{number}", [(x, scale.y(point.value)) for x, point in zip(places, one.points, strict=True)]
        )
    drawn.append(_values(scale, axis))
    drawn.append(_labels(labels, places))
    said = [[f"{one.name} {one.points[number].text}" for one in series] for number in range(len(labels))]
    drawn += _spots(places, [[label, *texts] for label, texts in zip(labels, said, strict=True)])
    return _chart("lines", words, drawn)


def curve(points: Sequence[tuple[int, int]], words: Words, *, marked: tuple[int, int, str] | None = None) -> Markup:
    """Draw how a whole is shared: points from (0, 0) to (10 000, 10 000) in basis points, with the even share beside.

    marked: a point of the curve with what is said of it.
    """

    def at(point: tuple[int, int]) -> tuple[float, int]:
        return point[0] / 100, scale.y(point[1])

    scale = _Scale(0, 10_000, (0, 5_000, 10_000))
    drawn = [_grid(scale)]
    drawn += _line("line even", [at((0, 0)), at((10_000, 10_000))])
    if points:
        drawn += _line("line s1", [at(point) for point in points])
    if marked is not None:
        x, y = at(marked[:2])
        anchor = "start" if x < 50 else "end"
        drawn.append(
            Markup(
                '<line class="drop" x1="{0}%" x2="{0}%" y1="{1}" y2="{2}"/>'
                '<circle class="dot" cx="{0}%" cy="{1}" r="5"/>'
                '<text class="tells" x="{0}%" dx="{3}" y="{4}" text-anchor="{5}">{6}</text>'
            ).format(_n(x), y, BOTTOM, 10 if x < 50 else -10, min(y + 16, BOTTOM - 6), anchor, marked[2])
        )
    drawn.append(_values(scale, lambda value: f"{value // 100}%"))
    drawn.append(_labels(["0%", "50%", "100%"], [0, 50, 100]))
    drawn += _spots([x / 100 for x, _ in points], [[f"{_share(x)} → {_share(y)}"] for x, y in points])
    return _chart("curve", words, drawn)


# ------------------------------------------------------------------------------------------------ their parts


@dataclass(frozen=True, slots=True)
class _Scale:
    """Which value is how far down, and the values at which there is a line."""

    low: int
    high: int
    steps: tuple[int, ...]

    @classmethod
    def of(cls, values: Sequence[int]) -> "_Scale":
        """Choose a scale that holds all values and zero, with at most a few lines at round values."""
        low, high = min([0, *values]), max([0, *values])
        step = _round_up(max(1, -(-(high - low) // _STEPS)))
        first, last = low // step * step, -(-high // step) * step
        last = max(last, first + step)
        return cls(first, last, tuple(range(first, last + 1, step)))

    def y(self, value: int) -> int:
        """Give the place of a value in pixels from above."""
        return round(BOTTOM - (BOTTOM - TOP) * (value - self.low) / (self.high - self.low))


def _round_up(step: int) -> int:
    """Give the least of 1, 2, 5, 10, 20, 50 … that is not below a step."""
    unit: int = 10 ** (len(str(step)) - 1)
    return next(unit * times for times in (1, 2, 5, 10) if unit * times >= step)


def _spread(count: int) -> list[float]:
    return [50.0] if count == 1 else [100 * number / (count - 1) for number in range(count)]


def _grid(scale: _Scale) -> Markup:
    drawn = Markup()
    for value in scale.steps:
        y = scale.y(value)
        drawn += Markup('<line class="{}" x1="0" x2="100%" y1="{}" y2="{}"/>').format(
            "axis" if value == 0 else "grid", y, y
        )
    return drawn


def _values(scale: _Scale, axis: Callable[[int], str]) -> Markup:
    """Write the values on the lines at the left, over what is drawn: a margin for them would take a phone's width."""
    text = Markup('<text class="value" x="0" y="{}">{}</text>')
    return Markup().join(text.format(scale.y(value) - 4, axis(value)) for value in scale.steps if value)


def _line(kind: str, places: Sequence[tuple[float, int]]) -> list[Markup]:
    if len(places) == 1:
        return [Markup('<circle class="{} dot" cx="{}%" cy="{}" r="4"/>').format(kind, _n(places[0][0]), places[0][1])]
    part = Markup('<line class="{}" x1="{}%" y1="{}" x2="{}%" y2="{}"/>')
    return [part.format(kind, _n(x1), y1, _n(x2), y2) for (x1, y1), (x2, y2) in pairwise(places)]


def _spots(places: Sequence[float], said: Sequence[Sequence[str]]) -> list[Markup]:
    """Give each place what is around it, up to half way to its neighbours; pointed at, it says its rows of text."""
    if not places:
        return []
    borders = [0.0, *((left + right) / 2 for left, right in pairwise(places)), 100.0]
    return [
        Markup('<g class="spot"><rect x="{}%" y="0" width="{}%" height="{}"/>{}</g>').format(
            _n(left), _n(right - left), BOTTOM, _told(place, rows)
        )
        for place, rows, (left, right) in zip(places, said, pairwise(borders), strict=True)
    ]


def _told(place: float, rows: Sequence[str]) -> Markup:
    """Write from a place towards the middle, to stay within the picture; a single row is above all that is drawn."""
    text = Markup('<text class="told{}" x="{}%" y="{}">{}</text>')
    end = " end" if place > 50 else ""
    return Markup().join(text.format(end, _n(place), TOP - 6 + 18 * row, said) for row, said in enumerate(rows))


def _labels(labels: Sequence[str], places: Sequence[float]) -> Markup:
    """Write some of the labels below: the first, the last, a few between."""
    count = min(len(labels), _LABELS)
    chosen = sorted({round(number * (len(labels) - 1) / max(1, count - 1)) for number in range(count)})
    drawn = Markup()
    for number in chosen:
        is_first, is_last = number == 0 and len(labels) > 1, number == len(labels) - 1 and len(labels) > 1
        x, anchor = (0.0, "start") if is_first else (100.0, "end") if is_last else (places[number], "middle")
        drawn += Markup('<text class="when" x="{}%" y="{}" text-anchor="{}">{}</text>').format(
            _n(x), FOOT, anchor, labels[number]
        )
    return drawn


def _chart(kind: str, words: Words, drawn: Sequence[Markup]) -> Markup:
    title, description = f"{words.key}-title", f"{words.key}-says"
    return Markup(
        '<svg class="chart {}" width="100%" height="{}" role="img" aria-labelledby="{}" aria-describedby="{}">'
        '<title id="{}">{}</title><desc id="{}">{}</desc>{}</svg>'
    ).format(kind, HEIGHT, title, description, title, words.title, description, words.description, Markup().join(drawn))


def _share(share_bp: int) -> str:
    """Write a share to a tenth of a percent."""
    return f"{_n((share_bp + 5) // 10 / 10)}%"


def _n(number: float) -> str:
    """Write a place shortly."""
    return f"{number:.2f}".rstrip("0").rstrip(".")
