"""What is still to come in a simulation: probations that end, acquisitions to be decided, the month's end.

Each queue is in the order of time by itself, for time never runs backwards and a plan's spans are fixed.
"""

from collections import deque
from datetime import datetime, tzinfo
from typing import Generic, TypeVar

from chalicelib.commissions.rules.time import month_after, month_end, month_of

Matter = TypeVar("Matter")


class Queue(Generic[Matter]):
    """Matters with the instant at which each falls due, the earliest first; `next_at` is None when there is none."""

    def __init__(self) -> None:
        self._matters: deque[tuple[datetime, Matter]] = deque()
        self.next_at: datetime | None = None

    def push(self, at: datetime, matter: Matter) -> None:
        """Add a matter that falls due no earlier than all those before it."""
        self._matters.append((at, matter))
        self.next_at = self._matters[0][0]

    def pop(self) -> Matter:
        """Take out the next matter."""
        _, matter = self._matters.popleft()
        self.next_at = self._matters[0][0] if self._matters else None
        return matter


class Months:
    """The ends of the brand's calendar months, from the month of the first event on; `next_at` is None before it."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self.month = (1, 1)
        self.next_at: datetime | None = None

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
