"""What attackers cost a brand under each of two plans: what they are paid, less what their real sales earn. Pure.

Each plan is lived through twice, with the tricks and without. Two things of the attackers count as real although the
honest history lacks them: sales that it refused (without tricks the seller had failed its probation), and purchases for
oneself that are kept. What these earn as retail is no cost, but what the rank brings that they carried is.
"""

from collections import Counter
from collections.abc import Collection
from datetime import tzinfo

from msgspec.structs import replace

from chalicelib.commissions.compare.attackers import TRICKS, Attackers, Trick, means_for
from chalicelib.commissions.compare.side_by_side import (
    AttackCost,
    Comparison,
    Named,
    Side,
    compare,
    comparison_of,
    share_bp,
)
from chalicelib.commissions.compare.synthetic import Shape, history
from chalicelib.commissions.rules.earning import Earning
from chalicelib.commissions.rules.events import OrderPaid


class _Tally:
    """What the attackers' accounts and the others earned in a history, coupons too."""

    def __init__(self, attackers: Attackers) -> None:
        self._attackers = attackers
        self.by_kind: Counter[str] = Counter()
        self.retail: Counter[str] = Counter()
        self.others_minor = 0
        self.refused: set[str] = set()

    def earned(self, earning: Earning) -> None:
        if not self._attackers.owns(earning.leader_id):
            self.others_minor += earning.amount_minor
            return
        self.by_kind[earning.kind] += earning.amount_minor
        if earning.kind == "retail" and earning.order_id is not None:
            self.retail[earning.order_id] += earning.amount_minor

    def refused_order(self, event: OrderPaid) -> None:
        if self._attackers.owns(event.leader):
            self.refused.add(event.order)


def compare_made_up(
    plans: tuple[Named, Named], shape: Shape, zone: tzinfo, *, tricks: Collection[Trick] = TRICKS
) -> Comparison:
    """Live through a synthetic network under two plans; where it has attackers, each outcome says what they cost."""
    if shape.attackers_bp == 0:
        return compare(plans, enumerate(history(shape), start=1), zone)
    attackers = Attackers(shape, means_for(plan for _, plan in plans), tricks)
    first, second = (_attacked(named, attackers, shape, zone) for named in plans)
    compared = comparison_of(first[0], second[0])
    return replace(
        compared,
        first=replace(compared.first, attackers=first[1]),
        second=replace(compared.second, attackers=second[1]),
    )


def _attacked(named: Named, attackers: Attackers, shape: Shape, zone: tzinfo) -> tuple[Side, AttackCost]:
    tricked, honest = _Tally(attackers), _Tally(attackers)
    side, without = Side(*named, zone, watch=tricked), Side(*named, zone, watch=honest)
    side.live(enumerate(attackers.history(), start=1))
    without.live(enumerate(history(shape), start=1))
    return side, _cost(attackers, tricked, honest, without.outcome().sales_minor)


def _cost(attackers: Attackers, tricked: _Tally, honest: _Tally, honest_sales_minor: int) -> AttackCost:
    real = honest.by_kind.copy()
    real["retail"] += sum(
        amount_minor
        for order_id, amount_minor in tricked.retail.items()
        if order_id in honest.refused or attackers.keeps(order_id)
    )
    kinds = sorted(tricked.by_kind.keys() | real.keys())
    more = {kind: tricked.by_kind[kind] - real[kind] for kind in kinds}
    cost_minor = sum(more.values())
    return AttackCost(
        attackers=len(attackers),
        fakes=attackers.fakes,
        paid_minor=tricked.by_kind.total(),
        real_minor=real.total(),
        cost_minor=cost_minor,
        cost_bp=share_bp(cost_minor, honest_sales_minor),
        cost_by_kind={kind: amount_minor for kind, amount_minor in more.items() if amount_minor},
        others_minor=tricked.others_minor - honest.others_minor,
    )
