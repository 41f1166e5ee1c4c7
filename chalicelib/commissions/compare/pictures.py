"""A comparison as pictures: SVG made here, with the same in words for those who do not see it.

The two plans differ in colour and in pattern of line, so that a black-and-white print still tells them apart.
"""

from collections.abc import Sequence
from html import escape

from chalicelib.commissions.compare.side_by_side import Comparison, Outcome
from chalicelib.commissions.compare.table import percent
from chalicelib.money import BASIS_POINTS, decimal_text

WIDTH, MARGIN, BAR, GAP = 640, 16, 20, 14
FIRST, SECOND = "#1f6f8b", "#c8553d"
INK, FAINT = "#222222", "#bbbbbb"
AXES = "leaders, those who earn least first →   commission ↑"
FIFTH_GETS = "the fifth who earn most get"


def bars(title: str, rows: Sequence[tuple[str, int, int]], texts: Sequence[tuple[str, str]]) -> str:
    """Draw a pair of bars for each row (label, first plan's figure, second's); `texts` are the figures as written.

    Each row has a scale of its own, for sales and a number of promotions do not share one.
    """
    height = 2 * MARGIN + 24 + len(rows) * (2 * BAR + GAP + 18)
    parts = [_text(MARGIN, MARGIN + 12, title, size=16)]
    for number, ((label, first, second), written) in enumerate(zip(rows, texts, strict=True)):
        top = MARGIN + 40 + number * (2 * BAR + GAP + 18)
        parts.append(_text(MARGIN, top, label))
        longest = max(abs(first), abs(second), 1)
        for place, (figure, colour) in enumerate(((first, FIRST), (second, SECOND))):
            width = max(0, figure) * (WIDTH - 200) // longest
            at = top + 6 + place * BAR
            parts.append(f'<rect x="{MARGIN}" y="{at}" width="{width}" height="{BAR - 4}" fill="{colour}"/>')
            parts.append(_text(MARGIN + width + 6, at + 12, written[place]))
    said = "; ".join(f"{row[0]}: {one} and {other}" for row, (one, other) in zip(rows, texts, strict=True))
    return _picture(title, said, height, parts)


def curves(
    title: str,
    outcomes: tuple[Outcome, Outcome],
    y: int = 0,
    *,
    axes: str = AXES,
    fifth: str = "top fifth",
    told: str = FIFTH_GETS,
) -> str:
    """Draw the two Lorenz curves of commission: the further below the straight line, the fewer earn most of it.

    `y`: where it begins on a page of several pictures, in pixels.
    """
    side, top = 320, MARGIN + 30
    parts = [_text(MARGIN, MARGIN + 12, title, size=16)]
    parts.append(f'<rect x="{MARGIN}" y="{top}" width="{side}" height="{side}" fill="none" stroke="{FAINT}"/>')
    parts.append(_line([(0, 0), (BASIS_POINTS, BASIS_POINTS)], side, top, FAINT, dashes="2 4"))
    for number, (outcome, colour, dashes) in enumerate(zip(outcomes, (FIRST, SECOND), ("", "8 4"), strict=True)):
        steps = len(outcome.curve_bp) - 1
        points = [(BASIS_POINTS * step // steps, share) for step, share in enumerate(outcome.curve_bp)]
        parts.append(_line(points, side, top, colour, dashes))
        parts.append(_text(side + 2 * MARGIN, top + 20 + 40 * number, outcome.plan, colour=colour))
        parts.append(_text(side + 2 * MARGIN, top + 36 + 40 * number, f"{fifth}: {percent(outcome.top_fifth_bp)}"))
    parts.append(_text(MARGIN, top + side + 16, axes))
    said = "; ".join(f"{one.plan}: {told} {percent(one.top_fifth_bp)}" for one in outcomes)
    return _picture(title, said, top + side + 30, parts, y)


def page(comparison: Comparison, currency: str) -> str:
    """Give all pictures of a comparison as one SVG document."""
    first, second = comparison.first, comparison.second
    title = f"{first.plan} and {second.plan}"
    rows = [
        ("sales", first.sales_minor, second.sales_minor),
        ("commission", first.commission_minor, second.commission_minor),
        ("the brand keeps", first.kept_minor, second.kept_minor),
    ]
    texts = [(decimal_text(one, currency), decimal_text(other, currency)) for _, one, other in rows]
    if first.attackers is not None and second.attackers is not None:
        rows.append(("attackers cost", first.attackers.cost_minor, second.attackers.cost_minor))
        texts.append((decimal_text(rows[-1][1], currency), decimal_text(rows[-1][2], currency)))
    rows += [
        ("commission ÷ sales", first.payout_bp, second.payout_bp),
        ("promotions", sum(first.promotions.values()), sum(second.promotions.values())),
    ]
    texts += [(percent(first.payout_bp), percent(second.payout_bp)), (str(rows[-1][1]), str(rows[-1][2]))]
    upper = bars(f"{title}: what they cost ({currency})", rows, texts)
    upper_height = 2 * MARGIN + 24 + len(rows) * (2 * BAR + GAP + 18)
    lower = curves("Who earns the commission", (first, second), y=upper_height)
    height = upper_height + MARGIN + 380
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" '
        f'font-family="sans-serif"><rect width="100%" height="100%" fill="#ffffff"/>{upper}{lower}</svg>\n'
    )


def _picture(title: str, said: str, height: int, parts: Sequence[str], y: int = 0) -> str:
    """An SVG element that is an image to a screen reader, with its title and what it shows in words."""
    words = f"<title>{escape(title)}</title><desc>{escape(said)}</desc>"
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-label="{escape(f"{title}. {said}")}" y="{y}" '
        f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}" font-family="sans-serif">'
        f"{words}{''.join(parts)}</svg>"
    )


def _text(x: int, y: int, text: str, *, size: int = 12, colour: str = INK) -> str:
    return f'<text x="{x}" y="{y}" font-size="{size}" fill="{colour}">{escape(text)}</text>'


def _line(points: Sequence[tuple[int, int]], side: int, top: int, colour: str, dashes: str = "") -> str:
    placed = " ".join(f"{MARGIN + x * side // BASIS_POINTS},{top + side - y * side // BASIS_POINTS}" for x, y in points)
    dashed = f' stroke-dasharray="{dashes}"' if dashes else ""
    return f'<polyline points="{placed}" fill="none" stroke="{colour}" stroke-width="2"{dashed}/>'
