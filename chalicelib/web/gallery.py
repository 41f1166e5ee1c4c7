"""Everything that pages are made of, in light and in dark colours side by side: for who builds them. It has no data."""

from datetime import timedelta
from typing import TYPE_CHECKING

from chalicelib.web import charts, looks
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.charts import Point, Series, Words
from chalicelib.web.frame import page
from chalicelib.web.ladders import Rung

if TYPE_CHECKING:
    from markupsafe import Markup

_SALES = (12, 30, 22, 0, 45, 38, 51)
_ORDERS = (4, 9, 7, 0, 14, 12, 16)
_SHARES = ((0, 0), (2_500, 400), (5_000, 1_500), (7_500, 3_800), (10_000, 10_000))


@page("/gallery")
def gallery(ask: Ask) -> Answer:
    """Show every token, macro, chart and state."""
    light, dark = looks.ours()
    return ask.show(
        "gallery.html",
        public=True,
        schemes=[("in-light", light, _charts("light")), ("in-dark", dark, _charts("dark"))],
        contrast=looks.contrast,
        ladder=[Rung(0, 3100, True), Rung(20, 2900, False), Rung(50, 2600, False)],
        closes_at=ask.now + timedelta(days=1, hours=3),
        time_left=ask.say("{days} days and {hours} hours left", days=1, hours=3),
    )


def _charts(key: str) -> list[tuple[str, "Markup"]]:
    """Draw one chart of each kind; `key` keeps the ids of one page apart."""
    sales = [Point(f"{day}", value, f"¥{value}.00") for day, value in enumerate(_SALES, start=1)]
    orders = [Point(f"{day}", value, f"{value}") for day, value in enumerate(_ORDERS, start=1)]
    two = [Series("A", sales), Series("B", orders)]
    return [
        ("charts.bars", charts.bars(sales, Words(f"{key}-bars", "bars", "1–7"))),
        ("charts.lines", charts.lines(two, Words(f"{key}-lines", "lines", "1–7"))),
        ("charts.curve", charts.curve(_SHARES, Words(f"{key}-curve", "curve", "0–100 %"))),
    ]
