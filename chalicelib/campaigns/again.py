"""How long buyers take to buy a product again, and when to run it again. Pure."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta


@dataclass(frozen=True, slots=True)
class Purchase:
    """A paid order of a product: who (a hash), in which campaign, when."""

    buyer: str
    campaign_id: str
    paid_at: datetime


def intervals(purchases: Iterable[Purchase]) -> list[timedelta]:
    """Give the times between a buyer's successive purchases, of all buyers, the shortest first.

    A second order in the same campaign is more of the same purchase, not buying again: each campaign counts once, by
    the buyer's first order in it.
    """
    first: dict[tuple[str, str], datetime] = {}
    for one in purchases:
        key = one.buyer, one.campaign_id
        first[key] = min(one.paid_at, first.get(key, one.paid_at))
    last_of: dict[str, datetime] = {}
    found = []
    for (buyer, _), paid_at in sorted(first.items(), key=lambda item: item[1]):
        if buyer in last_of:
            found.append(paid_at - last_of[buyer])
        last_of[buyer] = paid_at
    return sorted(found)


def median_days(found: list[timedelta]) -> int | None:
    """Give the median of sorted intervals in whole days, rounded half up, at least 1; None without any.

    Of an even number it is the mean of the two in the middle.
    """
    if not found:
        return None
    middle = (found[(len(found) - 1) // 2] + found[len(found) // 2]) / 2
    return max(1, (middle + timedelta(hours=12)) // timedelta(days=1))


def run_again_at(last_closed_at: datetime, days: int | None) -> datetime | None:
    """Say when buyers will want it again: the median after the last campaign's end; None where nobody bought twice."""
    return None if days is None else last_closed_at + timedelta(days=days)
