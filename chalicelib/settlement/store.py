"""What falls due on which day, and through which day a tenant is closed and settled."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.exceptions import UpdateError
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.settlement.days import day_after, day_before
from chalicelib.store import Record, shard_of


def leader_book(closed_day: str, leader_id: str) -> str:
    """Name the book of what a settlement through this day made available to a leader."""
    return f"settlement#{closed_day}#{leader_id}"


def brand_book(closed_day: str) -> str:
    """Name the book of the brand's cash that a settlement through this day released."""
    return leader_book(closed_day, "brand")


class DueRecord(Record, discriminator="due"):
    """A book (an order's, an invitation's) that falls due on a day: `{tenant}#due#{shard}` / `{day}#{book}`.

    One query a shard reads any number of days: a brand that sold nothing for a month costs no more than yesterday.
    """


class DueDayRecord(Record, discriminator="due-day"):
    """Where a book was put, so that it is put on one day only: `{tenant}#{book}` / `due`."""

    day = UnicodeAttribute()


class ThroughRecord(Record, discriminator="settled-through"):
    """How far a tenant is: `{tenant}#settlement` / `through`.

    closed: the last day on which nothing can be put any more; settled: the last one that is settled whole.
    cursor: in the days between, leaders up to this id are done: `done` of `leaders`, as the last note of it says.
    """

    closed = UnicodeAttribute()
    settled = UnicodeAttribute()
    cursor = UnicodeAttribute()
    done = NumberAttribute(null=True)
    leaders = NumberAttribute(null=True)
    updated_at = UnicodeAttribute()


_BEFORE_ALL_DAYS = "0000-00-00"
_BEFORE_ALL_LEADERS = "-"  # sorts before every id


def through_key(tenant_id: str) -> tuple[str, str]:
    """Where it is kept how far a tenant is."""
    return f"{tenant_id}#settlement", "through"


def through(tenant_id: str) -> ThroughRecord | None:
    """Read how far the tenant is closed and settled; None before the first day was closed."""
    return store.get(ThroughRecord, *through_key(tenant_id))


def closed_through(tenant_id: str) -> str:
    """Give the last closed day; a day before all days when none is."""
    found = through(tenant_id)
    return found.closed if found else _BEFORE_ALL_DAYS


def check_open(write: TransactWrite, tenant_id: str, day: str) -> None:
    """Let a transaction go through only while a day is open."""
    write.condition_check(
        ThroughRecord,
        f"{tenant_id}#settlement",
        "through",
        condition=ThroughRecord.closed.does_not_exist() | (ThroughRecord.closed < day),
    )


def open_day(tenant_id: str, day: str) -> str:
    """Give that day, or the first open one when it was closed already (an event that came very late)."""
    closed = closed_through(tenant_id)
    return day if day > closed else day_after(closed)


def day_of(tenant_id: str, book: str) -> str | None:
    """Give the day a book was put on; None while it has not fallen due."""
    found = store.get(DueDayRecord, f"{tenant_id}#{book}", "due")
    return found.day if found else None


def check_not_due(write: TransactWrite, tenant_id: str, book: str) -> None:
    """Let a transaction go through only while a book was put on no day."""
    write.condition_check(DueDayRecord, f"{tenant_id}#{book}", "due", condition=DueDayRecord.pk.does_not_exist())


def fall_due(tenant_id: str, book: str, day: str) -> str:
    """Put a book on the day it falls due, or the first open one; once, whatever day a repetition names.

    Gives the day. Cut between its two writes, it must be done again: the stream that calls it does.
    """
    chosen = open_day(tenant_id, day)
    due_day = DueDayRecord(f"{tenant_id}#{book}", "due", day=chosen)
    if not store.written(lambda: store.put(due_day, condition=DueDayRecord.pk.does_not_exist())):
        return _placed_before(tenant_id, book)
    store.put(_place(tenant_id, book, chosen))
    return chosen


def _placed_before(tenant_id: str, book: str) -> str:
    """Give the day a book was put on; write its place if the first time was cut before that.

    A day closed in between was settled without the book: then it moves on to the first open one.
    """
    day = day_of(tenant_id, book)
    assert day is not None  # noqa: S101 - a due day is never deleted
    place = _place(tenant_id, book, day)
    if store.get(DueRecord, place.pk, place.sk) is not None:
        return day
    chosen = open_day(tenant_id, day)
    if chosen != day:
        DueDayRecord(f"{tenant_id}#{book}", "due").update(
            actions=[DueDayRecord.day.set(chosen)], condition=DueDayRecord.day == day
        )
    store.put(_place(tenant_id, book, chosen))
    return chosen


def _place(tenant_id: str, book: str, day: str) -> DueRecord:
    return DueRecord(f"{tenant_id}#due#{shard_of(book)}", f"{day}#{book}")


def due_between(tenant_id: str, first_day: str, last_day: str) -> Iterator[str]:
    """List the books that fall due from one day to another, both included; each once."""
    for shard in range(store.SHARDS):
        places = DueRecord.sk.between(f"{first_day}#", f"{last_day}#~")
        for record in store.query(DueRecord, f"{tenant_id}#due#{shard}", places):
            yield record.sk.partition("#")[2]


def close(tenant_id: str, day: str, *, first_day: str, now: datetime) -> ThroughRecord | None:
    """Close all days up to this one, once the days closed before are settled; gives how far the tenant is then.

    first_day: the tenant's first day, where its first settlement begins. Never moves back. None: nothing to close yet.
    """
    if day < first_day:
        return through(tenant_id)
    # A second closing before the first is settled would mix two sets of books under one entry id.
    may_close = ThroughRecord.closed.does_not_exist() | (
        (ThroughRecord.closed < day) & (ThroughRecord.closed == ThroughRecord.settled)
    )
    try:
        ThroughRecord(f"{tenant_id}#settlement", "through").update(
            actions=[
                ThroughRecord.kind.set(ThroughRecord),
                ThroughRecord.closed.set(day),
                ThroughRecord.settled.set(ThroughRecord.settled | day_before(first_day)),
                ThroughRecord.cursor.set(_BEFORE_ALL_LEADERS),
                ThroughRecord.done.remove(),
                ThroughRecord.leaders.remove(),
                ThroughRecord.updated_at.set(now.isoformat()),
            ],
            condition=may_close,
        )
    except UpdateError as error:
        if not store.condition_failed(error):
            raise
    return through(tenant_id)


def remember_progress(tenant_id: str, record: ThroughRecord, cursor: str, *, done: int, leaders: int) -> None:
    """Keep up to which leader the closed days are settled, so that a cut run goes on there; people see how far it is.

    done: how many of the `leaders` who earned something on these days have got it.
    """
    with _unless_somebody_is_ahead():
        record.update(
            actions=[
                ThroughRecord.cursor.set(cursor),
                ThroughRecord.done.set(done),
                ThroughRecord.leaders.set(leaders),
            ],
            condition=(ThroughRecord.closed == record.closed) & (ThroughRecord.cursor < cursor),
        )


def finish(tenant_id: str, record: ThroughRecord) -> None:
    """Note that all closed days are settled."""
    with _unless_somebody_is_ahead():
        record.update(
            actions=[ThroughRecord.settled.set(record.closed)], condition=ThroughRecord.closed == record.closed
        )


@contextmanager
def _unless_somebody_is_ahead() -> Iterator[None]:
    """Two schedules may settle the same days at once; the entries are posted once, and the later note is kept."""
    try:
        yield
    except UpdateError as error:
        if not store.condition_failed(error):
            raise
