"""The brand's days as a dashboard shows them, read from its figures: all that a period needs in one batch."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib import store
from chalicelib.at_hand import Key
from chalicelib.figures import store as figures
from chalicelib.figures.business import product_name
from chalicelib.figures.rules import Counts, over
from chalicelib.figures.store import FiguresRecord
from chalicelib.figures.waiting import WAITING
from chalicelib.money import BASIS_POINTS
from chalicelib.store import SHARDS

LONGEST_DAYS = 90
PRODUCTS = 100
"""Of so many of the latest products the best of a month are found: one request of their figures."""


@dataclass(frozen=True, slots=True)
class Totals:
    """What a day, or several, came to; amounts in minor units. Orders that were given back later count."""

    orders: int = 0
    paid_in_minor: int = 0
    given_back_minor: int = 0
    commission_minor: int = 0
    paid_out_minor: int = 0
    new_leaders: int = 0

    @property
    def sales_minor(self) -> int:
        """What buyers paid, less what went back to them."""
        return self.paid_in_minor - self.given_back_minor

    @property
    def promised_bp(self) -> int | None:
        """The share of sales that leaders were promised; None without sales."""
        return _share_bp(self.commission_minor, self.sales_minor)

    @property
    def paid_bp(self) -> int | None:
        """The share of sales that leaders were paid; None without sales."""
        return _share_bp(self.paid_out_minor, self.sales_minor)


@dataclass(frozen=True, slots=True)
class Day(Totals):
    """A day of the brand (`2026-11-22`) with what it came to."""

    day: str = ""


@dataclass(frozen=True, slots=True)
class Sold:
    """A product's month: minor units (refunds taken off) and units as they were paid for."""

    product_id: str
    sales_minor: int
    units: int


def keys(tenant_id: str, first: date, last: date) -> list[Key]:
    """Give the items that have the brand's days from one to another: 8, and 8 for each month that they touch."""
    months = sorted({(first + timedelta(days=n)).isoformat()[:7] for n in range((last - first).days + 1)})
    parts = [figures.brand_key(tenant_id, shard) for shard in range(SHARDS)]
    return [*parts, *((pk, f"month#{month}") for pk, _ in parts for month in months)]


def counts(tenant_id: str, first: date, last: date) -> Counts:
    """Add up the brand's figures of some days and what waits, eventually consistent."""
    total: Counts = Counter()
    for record in store.get_all(keys(tenant_id, first, last), consistent=False):
        if isinstance(record, FiguresRecord):
            total.update(figures.tally_of(record.given).counts)
    return total


def days(found: Counts, first: date, last: date) -> list[Day]:
    """Give the days from one to another, both included, also those on which nothing was."""
    return [_day(found, (first + timedelta(days=number)).isoformat()) for number in range((last - first).days + 1)]


def _day(found: Counts, day: str) -> Day:
    def of(figure: str) -> int:
        return found[over(figure, day)]

    return Day(
        of("orders"), of("paid_in"), of("given_back"), of("commission"), of("paid_out"), of("new_leaders"), day=day
    )


def total(of_days: Iterable[Totals]) -> Totals:
    """Add days up."""
    found = list(of_days)
    return Totals(
        orders=sum(one.orders for one in found),
        paid_in_minor=sum(one.paid_in_minor for one in found),
        given_back_minor=sum(one.given_back_minor for one in found),
        commission_minor=sum(one.commission_minor for one in found),
        paid_out_minor=sum(one.paid_out_minor for one in found),
        new_leaders=sum(one.new_leaders for one in found),
    )


def waiting(found: Counts) -> Mapping[str, int]:
    """Say how many wait of each kind (`waiting.WAITING`), never below 0."""
    return {name: max(0, found[name]) for name in WAITING}


def product_keys(tenant_id: str, product_ids: Iterable[str]) -> list[Key]:
    """Give the items that have what was sold of products."""
    return [figures.figures_key(tenant_id, product_name(product_id)) for product_id in product_ids]


def best_products(tenant_id: str, product_ids: Sequence[str], month: str, *, limit: int) -> list[Sold]:
    """Give of these products those of which most was sold in a month (`2026-11`), the best first."""
    named = dict(zip(product_keys(tenant_id, product_ids), product_ids, strict=True))
    found = []
    for record in store.get_all(list(named), consistent=False):
        if isinstance(record, FiguresRecord):
            of = figures.tally_of(record.given).counts
            found.append(Sold(named[record.pk, record.sk], of[over("sales", month)], of[over("units", month)]))
    ranked = sorted((one for one in found if one.sales_minor > 0), key=lambda one: (-one.sales_minor, one.product_id))
    return ranked[:limit]


def _share_bp(part_minor: int, whole_minor: int) -> int | None:
    return part_minor * BASIS_POINTS // whole_minor if whole_minor > 0 else None
