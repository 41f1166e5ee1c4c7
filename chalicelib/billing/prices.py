"""The tiers that brands choose from: what each costs a month, what it includes, how long it waits. Pure.

Nothing here refuses an order or holds a payout back. Who has more than the tier includes is told so, has `GRACE` to
choose another one, and then opens no new campaigns until it has (`infra/decisions/0030-the-brands-subscription.md`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, fields
from datetime import timedelta
from types import MappingProxyType
from typing import Literal

from chalicelib.billing import names
from chalicelib.errors import Invalid

TierKey = Literal["free", "starter", "growth"]
Included = Literal["orders_a_month", "leaders", "staff", "api_keys"]

GRACE = timedelta(days=14)
"""From the first day above a limit, and from a payment that failed, until something changes for the brand."""
TRIAL_DAYS = 30
"""What is not charged of a brand's first subscription."""
NEAR_PERCENT = 80
"""From so much of what a tier includes on, its owner is told that little is left."""


class TierUnknown(Invalid):
    """There is no such tier."""

    code = "tier_unknown"


@dataclass(frozen=True, slots=True)
class Amounts:
    """So much of each: of what a tier includes, None is without limit; of what a brand uses, all are counted.

    orders_a_month: paid orders of a calendar month of the brand. staff: people of the team besides the owner.
    leaders: everybody who joined. api_keys: those not revoked.
    """

    orders_a_month: int | None
    leaders: int | None
    staff: int | None
    api_keys: int | None

    def of(self, what: Included) -> int | None:
        """Give one of the amounts."""
        amount: int | None = getattr(self, what)
        return amount


@dataclass(frozen=True, slots=True)
class Tier:
    """One of the tiers. `monthly_minor` is its price a month in minor units, by currency; none: it costs nothing."""

    key: TierKey
    name: str
    includes: Amounts
    monthly_minor: Mapping[str, int]

    def amount_minor(self, currency: str) -> int:
        """Give the price a month in minor units of a currency, one of `money.MINOR_DIGITS`."""
        return self.monthly_minor[currency] if self.monthly_minor else 0

    def lookup_key(self, currency: str) -> str:
        """Name this price at Stripe, where `infra.billing_setup` makes it."""
        return f"tuanyuan_{self.key}_month_{currency.lower()}"


FREE = Tier(
    "free", names.TIERS["free"]["en"], Amounts(orders_a_month=50, leaders=20, staff=1, api_keys=1), MappingProxyType({})
)
STARTER = Tier(
    "starter",
    names.TIERS["starter"]["en"],
    Amounts(orders_a_month=1_000, leaders=300, staff=5, api_keys=3),
    MappingProxyType({
        "CNY": 99_00, "HKD": 119_00, "TWD": 490_00, "SGD": 19_00, "MYR": 65_00, "USD": 15_00, "EUR": 14_00,
        "GBP": 12_00, "AUD": 23_00, "CAD": 21_00, "NZD": 25_00, "JPY": 2_200, "KRW": 20_000, "VND": 380_000,
    }),
)  # fmt: skip
GROWTH = Tier(
    "growth",
    names.TIERS["growth"]["en"],
    Amounts(orders_a_month=None, leaders=None, staff=None, api_keys=None),
    MappingProxyType({
        "CNY": 499_00, "HKD": 589_00, "TWD": 2_490_00, "SGD": 105_00, "MYR": 349_00, "USD": 79_00, "EUR": 75_00,
        "GBP": 65_00, "AUD": 119_00, "CAD": 109_00, "NZD": 129_00, "JPY": 11_800, "KRW": 109_000, "VND": 1_990_000,
    }),
)  # fmt: skip

TIERS = (FREE, STARTER, GROWTH)
"""From the smallest to the largest."""
PAID = tuple(tier for tier in TIERS if tier.monthly_minor)
INCLUDED: tuple[Included, ...] = ("orders_a_month", "leaders", "staff", "api_keys")
assert {one.name for one in fields(Amounts)} == set(INCLUDED)  # noqa: S101 - a tier shows all that it includes


def tier_of(key: str) -> Tier:
    """Give a tier by its key. Raises `TierUnknown`."""
    for tier in TIERS:
        if tier.key == key:
            return tier
    raise TierUnknown(f"Choose one of {', '.join(tier.key for tier in TIERS)}.", param="tier")


def above(includes: Amounts, used: Amounts) -> tuple[Included, ...]:
    """Name what is used beyond what is included, in the order of `INCLUDED`."""
    return tuple(what for what in INCLUDED if _is_more(used.of(what), includes.of(what)))


def near(includes: Amounts, used: Amounts) -> tuple[Included, ...]:
    """Name what is nearly used up, of what grows by itself; the owner adds people and keys, and sees how many."""
    growing: tuple[Included, ...] = ("orders_a_month", "leaders")
    return tuple(what for what in growing if _is_near(used.of(what), includes.of(what)))


def _is_near(used: int | None, included: int | None) -> bool:
    return included is not None and (used or 0) * 100 >= included * NEAR_PERCENT


def _is_more(used: int | None, included: int | None) -> bool:
    return included is not None and (used or 0) > included


def smallest_for(used: Amounts) -> Tier:
    """Give the smallest tier that includes all that is used."""
    return next((tier for tier in TIERS if not above(tier.includes, used)), TIERS[-1])
