"""From a template and values to HTML. Everything is escaped; money and moments are written here, by locale."""

from datetime import date, datetime
from functools import cache
from typing import TYPE_CHECKING, Any

from chalicelib.chinese import Language
from chalicelib.chinese.months import SHORT_MONTHS
from chalicelib.money import decimal_text, percent_text, signed_text
from chalicelib.web import words

if TYPE_CHECKING:
    from jinja2 import Environment

money, percent = signed_text, percent_text


@cache
def _templates() -> "Environment":
    from jinja2 import Environment, PackageLoader, StrictUndefined  # here: not every cold start shows a page

    made = Environment(
        loader=PackageLoader("chalicelib.web"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        auto_reload=False,
    )
    made.globals.update(money=money, bare_money=decimal_text, percent=percent)
    made.globals.update(order_states=words.ORDER_STATES, accounts=words.ACCOUNTS)
    made.filters["doubled"] = lambda values: [(value, value) for value in values]
    return made


def html(template: str, **values: Any) -> str:
    """Give the HTML of a template."""
    return _templates().get_template(template).render(**values)


def moment(at: datetime, timezone: str, language: Language, *, year: bool = False) -> str:
    """Write a moment on the brand's clock: `3月2日 16:00`, `2 Mar 16:00`."""
    from zoneinfo import ZoneInfo

    local = at.astimezone(ZoneInfo(timezone))
    if language == "en":
        return f"{local.day} {SHORT_MONTHS[local.month - 1]}{f' {local.year}' if year else ''} {local:%H:%M}"
    return (f"{local.year}年" if year else "") + f"{local.month}月{local.day}日 {local:%H:%M}"


def day_label(day: str, language: Language, *, year: bool = False) -> str:
    """Write a day (`2026-11-22`): `11月22日`, `22 Nov`."""
    on = date.fromisoformat(day)
    if language == "en":
        return f"{on.day} {SHORT_MONTHS[on.month - 1]}{f' {on.year}' if year else ''}"
    return (f"{on.year}年" if year else "") + f"{on.month}月{on.day}日"


def month_label(month: str, language: Language) -> str:
    """Write a month (`2026-11`): `2026年11月`, `Nov 2026`."""
    year, number = month.split("-")
    return f"{SHORT_MONTHS[int(number) - 1]} {year}" if language == "en" else f"{year}年{int(number)}月"


def typed_moment(at: datetime, timezone: str) -> str:
    """Write a moment as a browser's field for day and time takes it."""
    from zoneinfo import ZoneInfo

    return at.astimezone(ZoneInfo(timezone)).strftime("%Y-%m-%dT%H:%M")
