"""How far the work of each month's end is: steps that may be cut anywhere, go on, and are done once.

`{tenant}#months` / `2026-11#{step}`; the step `closed` is the last one, so the newest closed month is found by it.
"""

from datetime import datetime, tzinfo
from typing import Any

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute
from pynamodb.exceptions import PutError, UpdateError

from chalicelib import store
from chalicelib.commissions.rules.time import month_after, month_end, month_of
from chalicelib.store import Record

Month = tuple[int, int]


class MonthStep(Record, discriminator="month-step"):
    """One step of a month's end: up to where it is done, whether all of it is, and what was found then (JSON)."""

    cursor = UnicodeAttribute(default="")
    done = BooleanAttribute(default=False)
    found = UnicodeAttribute(null=True)


class MonthsClosed(Record, discriminator="months-closed"):
    """The last month of a brand whose end is dealt with: `{tenant}#months` / `closed`."""

    month = UnicodeAttribute()


def label(month: Month) -> str:
    """Write a month: `2026-11`."""
    return f"{month[0]}-{month[1]:02d}"


def month_named(text: str) -> Month:
    """Read a month back."""
    year, number = text.split("-")
    return int(year), int(number)


def next_to_close(tenant_id: str, *, first_moment: datetime, zone: tzinfo) -> Month:
    """Give the month whose end comes next; a brand's first one is that of its beginning."""
    closed = store.get(MonthsClosed, f"{tenant_id}#months", "closed")
    return month_after(month_named(closed.month)) if closed else month_of(first_moment, zone)


def is_over(month: Month, zone: tzinfo, at: datetime) -> bool:
    """Tell whether a month has ended by a moment."""
    return month_end(month, zone) <= at


def close(tenant_id: str, month: Month) -> None:
    """Note that all of a month's end is dealt with; never moves back."""
    record = MonthsClosed(f"{tenant_id}#months", "closed", month=label(month))
    try:
        store.put(record, condition=MonthsClosed.pk.does_not_exist() | (MonthsClosed.month < label(month)))
    except PutError as error:
        if not store.condition_failed(error):
            raise


def step(tenant_id: str, month: Month, name: str) -> MonthStep:
    """Read how far a step is."""
    key = f"{tenant_id}#months", f"{label(month)}#{name}"
    return store.get(MonthStep, *key) or MonthStep(*key)


def remember(of: MonthStep, cursor: str) -> None:
    """Keep up to where a step is done. Another run at once may be elsewhere: doing some again changes nothing."""
    _update(of, [MonthStep.cursor.set(cursor)])


def finish(of: MonthStep, found: str | None = None) -> MonthStep:
    """Note that a step is done, and what was found; what was found first counts. Gives the step as it is then."""
    _update(of, [MonthStep.done.set(True)] + ([MonthStep.found.set(found)] if found is not None else []))
    of.refresh(consistent_read=True)
    return of


def _update(of: MonthStep, actions: list[Any]) -> None:
    try:
        of.update(
            actions=[MonthStep.kind.set(MonthStep), *actions],
            condition=MonthStep.done.does_not_exist() | (MonthStep.done == False),  # noqa: E712 - an expression
        )
    except UpdateError as error:
        if not store.condition_failed(error):
            raise
