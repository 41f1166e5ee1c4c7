"""Invite bonuses through a history: those that wait for a first order, those taken back, the limit per month."""

from collections import Counter
from collections.abc import Iterable

from chalicelib.commissions.rules.invites import bonus_after_refund, first_order_bonus
from chalicelib.commissions.rules.language import InviteBonus, Plan
from chalicelib.commissions.rules.reward import Change, Reward
from chalicelib.commissions.rules.sale import Standing

Month = tuple[int, int]


class InviteBonuses:
    """What was paid for whom. A newcomer brings one bonus at most, ever; one lost to the limit is lost."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        rule = plan.rule(InviteBonus)
        self.wait_for_orders = rule is not None and rule.due == "first_order"
        self._limit = None if rule is None else rule.max_per_month
        self._in_month: Counter[tuple[str, Month]] = Counter()
        self._brought: set[str] = set()
        self._paid: dict[str, Reward] = {}
        self._left: dict[str, int] = {}

    def within_limit(self, rewards: Iterable[Reward], month: Month) -> list[Reward]:
        """Leave out the bonuses above the earner's limit of this month; one taken back later makes no room."""
        kept = []
        for reward in rewards:
            if reward.kind == "invite_bonus" and self._limit is not None:
                if self._in_month[reward.leader_id, month] >= self._limit:
                    continue
                self._in_month[reward.leader_id, month] += 1
            kept.append(reward)
        return kept

    def window_over(
        self, order_id: str, newcomer: Standing, uplines: Iterable[Standing], still_paid_minor: int, month: Month
    ) -> list[Reward]:
        """Give the bonus for an order whose return window is over, if it is the newcomer's first such order."""
        if not self.wait_for_orders or newcomer.status != "confirmed" or newcomer.leader_id in self._brought:
            return []
        self._brought.add(newcomer.leader_id)
        bonus = first_order_bonus(self._plan, newcomer, uplines, still_paid_minor)
        rewards = self.within_limit([bonus] if bonus else [], month)
        for reward in rewards:
            self._paid[order_id], self._left[order_id] = reward, reward.amount_minor
        return rewards

    def refunded(self, order_id: str, still_paid_minor: int) -> list[Change]:
        """Give what a later refund of the order takes back of the bonus that it brought."""
        bonus = self._paid.get(order_id)
        if bonus is None:
            return []
        before, now = self._left[order_id], bonus_after_refund(bonus, still_paid_minor)
        self._left[order_id] = now
        return [Change(bonus.leader_id, bonus.kind, now - before, before, now)] if now != before else []
