"""Who earns what on a paid order, and what a refund takes back. Pure in the plan and the kept sale.

Both the live system and the simulator come here, when an order is paid (`accrue`) and at each of its refunds
(`recompute`, then `reversal`).
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from msgspec.structs import replace

from chalicelib.commissions.rules.language import Plan, Retail
from chalicelib.commissions.rules.retail import retail_minor, retail_rate_bp
from chalicelib.commissions.rules.reward import KINDS_OF_AN_ORDER, Change, Posted, Reward
from chalicelib.commissions.rules.sale import Sale
from chalicelib.commissions.rules.shares import SHARES, Order
from chalicelib.money import rate_of, split_by_weight


def accrue(plan: Plan, sale: Sale) -> tuple[Reward, ...]:
    """Give every reward of an order just paid; amounts above zero only (OPERATING_MODELS.md, Arithmetic)."""
    return _rewards(plan, sale, [line.paid for line in sale.lines])


def recompute(plan: Plan, sale: Sale, still_paid: Mapping[str, int]) -> tuple[Reward, ...]:
    """Give the rewards of an order on what each sku still has paid, by the inputs kept with it (Refund)."""
    return _rewards(plan, sale, [still_paid[line.sku] for line in sale.lines])


def reversal(posted: Posted, recomputed: Iterable[Reward]) -> tuple[Change, ...]:
    """Give the changes that bring what was posted for an order so far to what was recomputed; zeroes left out.

    `posted` is the sum of all postings of the order by leader and kind. Kinds that no refund touches are passed over.
    """
    now = {(reward.leader_id, reward.kind): reward.amount_minor for reward in recomputed}
    keys = sorted({key for key in posted if key[1] in KINDS_OF_AN_ORDER} | now.keys())
    return tuple(
        Change(*key, amount_minor=now.get(key, 0) - posted.get(key, 0), posted_minor=posted.get(key, 0),
               now_minor=now.get(key, 0))
        for key in keys
        if now.get(key, 0) != posted.get(key, 0)
    )  # fmt: skip


def earns(plan: Plan, sale: Sale) -> bool:
    """Say whether the order is one that earns and counts as performance (the plan may exclude self-purchases)."""
    return not (sale.self_purchase and plan.self_purchase == "excluded")


def _rewards(plan: Plan, sale: Sale, still_paid: Sequence[int]) -> tuple[Reward, ...]:
    sales_minor = sum(still_paid)
    if sales_minor == 0 or not earns(plan, sale):
        return ()
    retail = _retail(plan, sale, still_paid, sales_minor)
    order = Order(plan, sale, sales_minor, retail.amount_minor if retail else 0)
    shares = [share for share in _shares(order) if share.amount_minor]
    if plan.payout_cap_bp is not None:
        shares = _capped(shares, rate_of(sales_minor, plan.payout_cap_bp) - order.retail_minor)
    return (retail, *shares) if retail else tuple(shares)


def _shares(order: Order) -> Iterator[Reward]:
    for rule in order.plan.rewards:
        if share := SHARES.get(type(rule)):
            yield from share(rule, order)


def _retail(plan: Plan, sale: Sale, still_paid: Sequence[int], sales_minor: int) -> Reward | None:
    rule, seller = plan.rule(Retail), sale.seller
    # A leader removed or frozen between checkout and payment earns nothing more, also on its own sale.
    if rule is None or seller.status not in ("confirmed", "probation"):
        return None
    amount = retail_minor(rule, sale, still_paid)
    if amount == 0:
        return None
    return Reward(
        leader_id=seller.leader_id,
        kind="retail",
        amount_minor=amount,
        base_minor=sales_minor,
        rate_bp=retail_rate_bp(rule, sale),
        rank=seller.rank,
        source_id=seller.leader_id,
        source_rank=seller.rank,
        sales_minor=sales_minor,
    )


def _capped(shares: list[Reward], left_minor: int) -> list[Reward]:
    """Scale all but retail down to what retail leaves of the cap (OPERATING_MODELS.md, Cap)."""
    left_minor = max(0, left_minor)
    if sum(share.amount_minor for share in shares) <= left_minor:
        return shares
    shares = sorted(shares, key=lambda share: (share.leader_id, share.kind))
    amounts = split_by_weight(left_minor, [share.amount_minor for share in shares])
    return [
        replace(share, amount_minor=amount, uncapped_minor=share.amount_minor, cap_minor=left_minor)
        for share, amount in zip(shares, amounts, strict=True)
        if amount
    ]
