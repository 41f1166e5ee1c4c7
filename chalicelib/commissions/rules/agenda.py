"""What is still to come in a simulation: probations that end, acquisitions to be decided, the month's end.

Each queue is in the order of time by itself, for time never runs backwards and a plan's spans are fixed.
"""

from collections import deque
from collections.abc import Callable
from datetime import UTC, datetime, tzinfo
from typing import Generic, TypeVar

from chalicelib.commissions.rules.events import EventRefused
from chalicelib.commissions.rules.time import month_after, month_end, month_of

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9001, 1, 1, tzinfo=UTC)
Matter = TypeVar("Matter")


class Due:
    """Something to which an instant comes; `next_at` is None when nothing is expected."""

    def __init__(self) -> None:
        self.next_at: datetime | None = None


class Queue(Due, Generic[Matter]):
    """Matters with the instant at which each falls due, the earliest first."""

    def __init__(self) -> None:
        super().__init__()
        self._matters: deque[tuple[datetime, Matter]] = deque()

    def push(self, at: datetime, matter: Matter) -> None:
        """Add a matter that falls due no earlier than all those before it."""
        self._matters.append((at, matter))
        if self.next_at is None:
            self.next_at = at

    def pop(self) -> Matter:
        """Take out the next matter."""
        _, matter = self._matters.popleft()
        self.next_at = self._matters[0][0] if self._matters else None
        return matter


class Months(Due):
    """The ends of the brand's calendar months, from the month of the first event on; `next_at` is None before it."""

    def __init__(self, zone: tzinfo) -> None:
        super().__init__()
        self._zone = zone
        self.month = (1, 1)

    def begin(self, at: datetime) -> None:
        """Start counting months with the one that `at` lies in; later calls change nothing."""
        if self.next_at is None:
            self.month = month_of(at, self._zone)
            self.next_at = self._end_in(at.tzinfo)

    def end(self) -> None:
        """Close the month and turn to the next one."""
        if self.next_at is not None:
            self.month = month_after(self.month)
            self.next_at = self._end_in(self.next_at.tzinfo)

    def _end_in(self, offset: tzinfo | None) -> datetime:
        """The month's end in the events' own offset: to compare times of two offsets takes ten times as long."""
        return month_end(self.month, self._zone).astimezone(offset)


class Calendar:
    """A brand's time. As it passes, what falls due takes effect in order (infra/decisions/0003, Instants)."""

    def __init__(self, zone: tzinfo, *, counts_months: bool) -> None:
        """`counts_months`: whether the end of a month means anything to the plan."""
        self.months = Months(zone)
        self._counts_months = counts_months
        self._now = self._next_due_at = EARLIEST
        self._ends: list[tuple[Due, Callable[[datetime], None]]] = []

    def on(self, due: Due, end: Callable[[datetime], None]) -> None:
        """Say what is to be done when something falls due; at one instant, what was said first comes first."""
        self._ends.append((due, end))

    def expect(self, queue: Queue[Matter], at: datetime, matter: Matter) -> None:
        """Put a matter on the agenda."""
        queue.push(at, matter)
        if at < self._next_due_at:
            self._next_due_at = at

    def pass_to(self, at: datetime) -> None:
        """Let time pass: what falls due up to and at `at` takes effect."""
        if self._now <= at < self._next_due_at:
            self._now = at
        else:
            self._advance(at)

    def _advance(self, to: datetime) -> None:
        if to < self._now:
            raise EventRefused(f"time runs backwards, from {self._now.isoformat()} to {to.isoformat()}", param="at")
        if not EARLIEST <= to < LATEST:
            raise EventRefused(f"the time {to.isoformat()} is out of range", param="at")
        self._now = to
        if self._counts_months:
            self.months.begin(to)
        while (due := self._next_due()) is not None and due[0] <= to:
            due[1](due[0])
        self._next_due_at = LATEST if due is None else due[0]
        if self._next_due_at.tzinfo is not to.tzinfo:  # to compare times of two offsets takes ten times as long
            self._next_due_at = self._next_due_at.astimezone(to.tzinfo)

    def _next_due(self) -> tuple[datetime, Callable[[datetime], None]] | None:
        found: tuple[datetime, Callable[[datetime], None]] | None = None
        for due, end in self._ends:
            if due.next_at is not None and (found is None or due.next_at < found[0]):
                found = due.next_at, end
        return found
