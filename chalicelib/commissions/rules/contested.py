"""What of an order a bank's dispute touches: its lines, and what leaders have earned on them. Pure."""

from collections.abc import Mapping

from chalicelib.commissions.rules.accrual import recompute
from chalicelib.commissions.rules.plan import Plan
from chalicelib.commissions.rules.refund import after_refund
from chalicelib.commissions.rules.sale import Sale
from chalicelib.money import split_by_weight


def contested_by_line(still_paid: Mapping[str, int], contested_minor: int) -> dict[str, int]:
    """Spread what a bank disputes over the lines, like a refund that names none (OPERATING_MODELS.md, Arithmetic).

    What was refunded before cannot be disputed away from the leaders once more: no more than is still paid.
    """
    left_minor = sum(still_paid.values())
    if not left_minor:
        return dict.fromkeys(still_paid, 0)
    shares = split_by_weight(min(contested_minor, left_minor), list(still_paid.values()))
    return dict(zip(still_paid, shares, strict=True))


def still_to_take(still_paid: Mapping[str, int], taken: Mapping[str, int]) -> dict[str, int]:
    """Give what a refund takes off each sku where a bank has taken some of the same money before it.

    As named, as far as that is still paid; the rest off the other lines, as far as those reach. It is `taken` itself
    where nothing was taken twice.
    """
    fits = {sku: min(amount_minor, still_paid[sku]) for sku, amount_minor in taken.items()}
    rest_minor = sum(taken.values()) - sum(fits.values())
    if not rest_minor:
        return fits
    more = contested_by_line(after_refund(still_paid, fits), rest_minor)
    return {sku: fits.get(sku, 0) + more[sku] for sku in still_paid}


def to_freeze(plan: Plan, sale: Sale, still_paid: Mapping[str, int], contested_minor: int) -> dict[str, int]:
    """Give what each leader would lose if the bank took what it disputes (minor units, above zero only)."""
    safe = after_refund(still_paid, contested_by_line(still_paid, contested_minor))
    lost: dict[str, int] = {}
    for sign, left in ((1, still_paid), (-1, safe)):
        for reward in recompute(plan, sale, left):
            lost[reward.leader_id] = lost.get(reward.leader_id, 0) + sign * reward.amount_minor
    return {leader_id: amount_minor for leader_id, amount_minor in lost.items() if amount_minor > 0}
