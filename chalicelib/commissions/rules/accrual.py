"""Who earns what on a paid order, and what a refund takes back. Pure in the plan and the kept sale.

Both the live system and the simulator come here. Who earns at what rate follows from standings alone (`terms_of`), the
amounts from those terms and what was paid (`amounts`). `accrue` and `recompute` do one after the other and add what
explains each reward; the simulator keeps a seller's terms from order to order.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

from msgspec import Struct

from chalicelib.commissions.rules.language import Plan, Retail
from chalicelib.commissions.rules.retail import Margin, margin_of, nothing
from chalicelib.commissions.rules.reward import KINDS_OF_AN_ORDER, Change, Kind, Posted, Reward
from chalicelib.commissions.rules.sale import Line, Sale, Standing
from chalicelib.commissions.rules.shares import SHARES, Claim, Path
from chalicelib.money import BASIS_POINTS, rate_of, split_by_weight


class Terms(Struct, frozen=True, gc=False):
    """What a seller's orders earn, and whom, for as long as no standing on the path changes.

    `margin` reckons the seller's own retail reward (`margin_bp` explains it); `claims` are everybody else's.
    """

    seller: Standing
    uplines: tuple[Standing, ...]
    margin: Margin
    margin_bp: int | None
    claims: tuple[Claim, ...]
    payout_cap_bp: int | None

    def earners(self) -> tuple[tuple[str, Kind], ...]:
        """Leader and kind of reward, in the order of `amounts`."""
        return (self.seller.leader_id, "retail"), *((claim.earner.leader_id, claim.kind) for claim in self.claims)


def terms_of(plan: Plan, seller: Standing, uplines: tuple[Standing, ...]) -> Terms:
    """Find who earns on a seller's orders; `uplines` nearest first (`sale.needed_uplines` are enough)."""
    path, rule = Path(plan, seller, uplines), plan.rule(Retail)
    # A leader removed or frozen between checkout and payment earns nothing more, also on its own sale.
    earns_retail = rule is not None and seller.status in ("confirmed", "probation")
    margin, margin_bp = margin_of(rule, seller.rank) if rule is not None and earns_retail else (nothing, None)
    claims: list[Claim] = []
    for reward in plan.rewards:
        if share := SHARES.get(type(reward)):
            claims += share(reward, path)
    return Terms(seller, uplines, margin, margin_bp, tuple(claims), plan.payout_cap_bp)


def amounts(terms: Terms, lines: Sequence[Line], still_paid: Sequence[int]) -> list[int]:
    """Give what an order earns in minor units: the seller's retail reward, then each claim's; 0 for what is none.

    `still_paid` goes with `lines` (OPERATING_MODELS.md, Arithmetic and Cap).
    """
    found = _uncapped(terms, lines, still_paid)
    if terms.payout_cap_bp is not None:
        found[1:] = _capped(terms, found[1:], _left_by_cap(terms.payout_cap_bp, sum(still_paid), found[0]))
    return found


def changed_amounts(terms: Terms, lines: Sequence[Line], before: Sequence[int], after: Sequence[int]) -> list[int]:
    """Give what a refund changes in each of `amounts`: recomputed on what is paid after it, less on what was before.

    It is `reversal` where all that was posted for an order is what these rules gave.
    """
    then, now = amounts(terms, lines, before), amounts(terms, lines, after)
    return [amount - posted for amount, posted in zip(now, then, strict=True)]


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


class Purchase(Protocol):
    """An order, as far as it matters who bought."""

    @property
    def self_purchase(self) -> bool: ...


def earns(plan: Plan, order: Purchase) -> bool:
    """Say whether an order is one that earns and counts as performance (the plan may exclude self-purchases)."""
    return not (order.self_purchase and plan.self_purchase == "excluded")


def _uncapped(terms: Terms, lines: Sequence[Line], still_paid: Sequence[int]) -> list[int]:
    sales_minor, retail_minor = sum(still_paid), terms.margin(lines, still_paid)
    found = [retail_minor]
    for claim in terms.claims:
        base, taken_bp = retail_minor if claim.of_retail else sales_minor, claim.taken_bp
        taken_minor = base * taken_bp // BASIS_POINTS if taken_bp else 0
        found.append(base * claim.rate_bp // BASIS_POINTS - taken_minor)
    return found


def _left_by_cap(cap_bp: int, sales_minor: int, retail_minor: int) -> int:
    return max(0, rate_of(sales_minor, cap_bp) - retail_minor)


def _capped(terms: Terms, shares: list[int], left_minor: int) -> list[int]:
    """Scale all but retail down to what retail leaves of the cap, in order of leader and kind (Cap)."""
    if sum(shares) <= left_minor:
        return shares
    order = sorted(range(len(shares)), key=lambda number: terms.earners()[number + 1])
    scaled = dict(zip(order, split_by_weight(left_minor, [shares[number] for number in order]), strict=True))
    return [scaled[number] for number in range(len(shares))]


def _rewards(plan: Plan, sale: Sale, still_paid: Sequence[int]) -> tuple[Reward, ...]:
    """As `amounts`, with what is needed to explain each."""
    if not earns(plan, sale):
        return ()
    terms, sales_minor = terms_of(plan, sale.seller, sale.uplines), sum(still_paid)
    full, found = _uncapped(terms, sale.lines, still_paid), amounts(terms, sale.lines, still_paid)
    cut_to = None
    if plan.payout_cap_bp is not None and found != full:
        cut_to = _left_by_cap(plan.payout_cap_bp, sales_minor, found[0])
    rewards = [_retail(terms, sale.lines, found[0], sales_minor)]
    for claim, amount, uncapped in zip(terms.claims, found[1:], full[1:], strict=True):
        rewards.append(
            Reward(
                leader_id=claim.earner.leader_id,
                kind=claim.kind,
                amount_minor=amount,
                base_minor=found[0] if claim.of_retail else sales_minor,
                rate_bp=claim.rate_bp,
                rank=claim.earner.rank,
                source_id=sale.seller.leader_id,
                source_rank=sale.seller.rank,
                sales_minor=sales_minor,
                taken_bp=claim.taken_bp,
                uncapped_minor=None if cut_to is None else uncapped,
                cap_minor=cut_to,
            )
        )
    if cut_to is not None:
        rewards[1:] = sorted(rewards[1:], key=lambda reward: (reward.leader_id, reward.kind))
    return tuple(reward for reward in rewards if reward.amount_minor)


def _retail(terms: Terms, lines: Sequence[Line], amount_minor: int, sales_minor: int) -> Reward:
    by_line = {line.rate_bp for line in lines} if terms.margin_bp is None else {terms.margin_bp}
    return Reward(
        leader_id=terms.seller.leader_id,
        kind="retail",
        amount_minor=amount_minor,
        base_minor=sales_minor,
        rate_bp=by_line.pop() if len(by_line) == 1 else None,
        rank=terms.seller.rank,
        source_id=terms.seller.leader_id,
        source_rank=terms.seller.rank,
        sales_minor=sales_minor,
    )
