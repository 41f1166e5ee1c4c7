"""A sale: everything about a paid order that its rewards depend on. It is kept, so that a refund years later is
counted by the ranks and the tree of that day.

`Sale` is stored as JSON beside the version of the plan it was paid under.
"""

from collections.abc import Iterable, Mapping
from typing import Literal

from msgspec import Struct

from chalicelib.commissions.rules.language import Plan, ProductRate, Retail, TeamOverride, TierRebate
from chalicelib.errors import Invalid
from chalicelib.money import split_by_weight

Status = Literal["probation", "confirmed", "removed", "frozen"]


class LineRateInvalid(Invalid):
    """The plan pays by each product's own rate, and a line has none or one outside the plan's bounds."""

    code = "line_rate_invalid"


class DiscountTooLarge(Invalid):
    """A discount above what the goods cost."""

    code = "discount_too_large"


class Standing(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A leader as it stood just before an event."""

    leader_id: str
    rank: str
    status: Status


class Line(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """One product of an order. Prices are a unit's; `paid` is for the whole line, discounts taken off (minor units)."""

    sku: str
    qty: int
    unit_price: int
    list_price: int
    paid: int
    rate_bp: int | None = None


class Sale(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True):
    """The kept inputs of one paid order. `uplines` are nearest first; the first one is the seller's inviter.

    Uplines that cannot influence the rewards may be missing, see `needed_uplines`. Each sku is there once.
    """

    order_id: str
    seller: Standing
    uplines: tuple[Standing, ...]
    lines: tuple[Line, ...]
    self_purchase: bool = False


def needed_uplines(plan: Plan, seller: Standing, uplines: Iterable[Standing]) -> tuple[Standing, ...]:
    """Give the uplines (nearest first) that can influence the seller's order: depth 100 then costs no more than 3.

    These are its inviter, and, where the plan looks further up, the nearest upline of each higher rank: whatever
    its status (it may head the community) and among the confirmed ones (only they earn). Accrual on these gives
    what it gives on all. Heads and rebates go by rank, so nobody else can come first in any rule.
    """
    path = iter(uplines)
    inviter = next(path, None)
    if inviter is None:
        return ()
    if plan.rule(TierRebate) is None and plan.rule(TeamOverride) is None:
        return (inviter,)
    top, rank_no = len(plan.ranks) - 1, plan.rank_no
    highest = rank_no[inviter.rank]
    highest_confirmed = highest if inviter.status == "confirmed" else 0
    needed = [inviter]
    for upline in path:
        if highest_confirmed == top:
            break
        rank, confirmed = rank_no[upline.rank], upline.status == "confirmed"
        if rank > highest or (confirmed and rank > highest_confirmed):
            needed.append(upline)
            highest = max(highest, rank)
            highest_confirmed = max(highest_confirmed, rank if confirmed else 0)
    return tuple(needed)


def spread_discount(full_prices: Mapping[str, int], discount_minor: int) -> dict[str, int]:
    """Give what is paid for each sku when a discount on the whole order is taken off its lines by their prices.

    Raises `DiscountTooLarge` (OPERATING_MODELS.md, Arithmetic: `sales`).
    """
    goods = sum(full_prices.values())
    if discount_minor > goods:
        raise DiscountTooLarge(f"the discount of {discount_minor} is above the goods' {goods}", param="discount")
    if discount_minor == 0:
        return dict(full_prices)
    shares = split_by_weight(discount_minor, list(full_prices.values()))
    return {sku: price - share for (sku, price), share in zip(full_prices.items(), shares, strict=True)}


def check_line_rates(plan: Plan, lines: Iterable[Line]) -> None:
    """Refuse lines whose product has no rate, or one outside the plan's; other plans do not look at `rate_bp`."""
    retail = plan.rule(Retail)
    if retail is None or not isinstance(retail.margin, ProductRate):
        return
    low, high = retail.margin.min_bp, retail.margin.max_bp
    for line in lines:
        if line.rate_bp is None:
            raise LineRateInvalid(f"product {line.sku} has no commission rate", param="rate_bp")
        if not low <= line.rate_bp <= high:
            raise LineRateInvalid(
                f"product {line.sku} has a commission rate of {line.rate_bp} bp; the plan allows {low} to {high}",
                param="rate_bp",
            )
