"""What a target may be, and how far a leader has come. Pure."""

import re

from msgspec import Struct

from chalicelib.errors import Conflict, Invalid

MOST = 1_000_000
_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


class TargetInvalid(Invalid):
    """A target that cannot be."""

    code = "target_invalid"


class MonthOver(Conflict):
    """The target of a month that is over stays what it was."""

    code = "month_over"


class Target(Struct, frozen=True, kw_only=True):
    """What a leader is to bring in a month: people who order for the first time, and people who pay for the first time.

    Nothing asked of both: there is no target.
    """

    members: int = 0
    customers: int = 0

    @property
    def is_set(self) -> bool:
        """Whether anything is asked."""
        return bool(self.members or self.customers)


class Progress(Struct, frozen=True, kw_only=True):
    """How far a leader has come in a month (`2026-11`). `bought`: of those it brought, how many paid."""

    month: str
    target: Target
    members: int
    bought: int

    @property
    def reached(self) -> bool:
        """Whether all that is asked is there."""
        return self.target.is_set and self.members >= self.target.members and self.bought >= self.target.customers

    def percent(self, have: int, asked: int) -> int:
        """Give how much of what is asked is there, for a bar: 0 to 100, rounded down."""
        return min(100, max(0, have) * 100 // asked) if asked else 100


def check_month(month: str) -> None:
    """Refuse what is no month. Raises `TargetInvalid`."""
    if not _MONTH.fullmatch(month):
        raise TargetInvalid("Write the month like 2026-11.", param="month")


def check(month: str, members: int, customers: int, *, this_month: str) -> Target:
    """Give a target for a month. Raises `TargetInvalid`, `MonthOver`."""
    check_month(month)
    if month < this_month:
        raise MonthOver("This month is over: its target stays what it was.", param="month")
    for param, number in (("members", members), ("customers", customers)):
        if not 0 <= number <= MOST:
            raise TargetInvalid(f"Choose 0 to {MOST}.", param=param)
    if customers > members:
        raise TargetInvalid("At most as many can buy as are new.", param="customers")
    return Target(members=members, customers=customers)
