"""What leaders and their teams sell, and whom that raises.

An order does not put the plan's conditions to everybody above its seller. A leader is *watched* once all that its next
rank asks besides sales holds; it then says how much more has to be sold before a threshold can be met (`alert_at`), and
nothing is asked of it until then. Team sales are kept up for watched leaders alone, and added up when one begins to be.
"""

from collections import Counter
from collections.abc import Mapping

from chalicelib.commissions.rules.conditions import OwnSales, TeamSales, thresholds_of
from chalicelib.commissions.rules.language import Dividend, Plan
from chalicelib.commissions.rules.network import Leader, Network
from chalicelib.commissions.rules.periodic import sales_without_sharers_below, shares_in_dividend
from chalicelib.commissions.rules.promotion import NEVER, Step, asks_for_team_sales, ladder
from chalicelib.commissions.rules.sale import Standing


class Performance:
    """The sales of a brand's network; all sums in minor units, refunds taken off."""

    def __init__(self, plan: Plan, network: Network) -> None:
        self._plan = plan
        self._network = network
        self._steps = ladder(plan)
        spans = {
            threshold.over
            for condition in plan.conditions
            for threshold in thresholds_of(condition)
            if isinstance(threshold, OwnSales | TeamSales)
        }
        pays_dividend = plan.rule(Dividend) is not None
        self.tracks_months = pays_dividend or bool(plan.upkeep) or not spans.isdisjoint(("month", "quarter"))
        self._tracks_quarters = "quarter" in spans
        self._tracks_teams = any(map(asks_for_team_sales, plan.conditions))
        # Their team sales are asked for without a step to a rank: to be confirmed, and to keep a rank.
        self._probation_by_team = plan.probation is not None and asks_for_team_sales(plan.probation.confirmed_when)
        self._kept_up_by_team = {rule.rank for rule in plan.upkeep if asks_for_team_sales(rule.when)}
        self.promotions = Counter[str]()
        self._sold_this_month: list[Leader] = []
        self._sold_this_quarter: list[Leader] = []
        self._watched: set[Leader] = set()

    # ------------------------------------------------------------------------------------------------- counting

    def sold(self, leader: Leader, watched: tuple[Leader, ...], amount_minor: int) -> list[Leader]:
        """Count a sale; gives those of the watched (itself and uplines) who may have met a threshold with it."""
        self._count_own(leader, amount_minor)
        alerted: list[Leader] = []
        for upline in watched:
            upline.not_added += amount_minor
            if upline.not_added >= upline.alert_at:
                alerted.append(upline)
        return alerted

    def gave_back(self, leader: Leader, watched: tuple[Leader, ...], amount_minor: int) -> list[Leader]:
        """Count a refund. It raises nobody; but what was met may have to be met again, so the next sale asks anew."""
        self._count_own(leader, -amount_minor)
        for upline in watched:
            upline.not_added -= amount_minor
            upline.alert_at = upline.not_added
        return []

    def begin_month(self, *, begins_quarter: bool) -> None:
        """Start the month's figures at 0 again, and at its turn the quarter's."""
        for leader in self._sold_this_month:
            leader.quarter_own_before += leader.month_own_sales
            leader.month_own_sales = 0
        self._sold_this_quarter += self._sold_this_month if self._tracks_quarters else ()
        self._sold_this_month.clear()
        for leader in self._watched:
            self.add_up(leader)
            leader.quarter_team_before += leader.month_team_sales
            leader.month_team_sales = leader.alert_at = 0
        if begins_quarter:
            for leader in (*self._sold_this_quarter, *self._watched):
                leader.quarter_own_before = leader.quarter_team_before = 0
            self._sold_this_quarter.clear()

    def add_up(self, leader: Leader) -> None:
        """Bring a watched leader's team sales up to date."""
        if self._tracks_teams:
            leader.team_sales += leader.not_added
            leader.month_team_sales += leader.not_added
        leader.not_added = 0
        leader.alert_at = 0  # whoever asks next says anew how far it is

    def lost_some_team(self, leader: Leader) -> None:
        """Reckon the team sales anew of a leader from whose downline somebody was taken."""
        if leader.watched:
            self._add_up_team(leader)

    def add_up_all(self) -> None:
        """Bring the team sales of all watched leaders up to date."""
        for leader in self._watched:
            self.add_up(leader)

    def sharers(self) -> list[tuple[Standing, int]]:
        """Give those who share in the month's dividend, each with the sales that it weighs by."""
        everybody = self._network.leaders.items()
        sharers = {leader_id: one for leader_id, one in everybody if shares_in_dividend(self._plan, one.standing)}
        if not sharers:
            return []
        team_sales = self._network.team_totals(lambda leader: leader.month_own_sales)
        weights = {leader_id: team_sales[leader_id] for leader_id in sharers}
        rule = self._plan.rule(Dividend)
        if rule is not None and rule.sharers_below == "left_out":
            above = {leader_id: _nearest(sharers, leader) for leader_id, leader in sharers.items()}
            weights = sales_without_sharers_below(weights, {low: high for low, high in above.items() if high})
        return [(sharers[leader_id].standing, weight) for leader_id, weight in weights.items()]

    def _count_own(self, leader: Leader, amount_minor: int) -> None:
        leader.own_sales += amount_minor
        if self._network.tracks_direct_sales:
            leader.own_and_direct_sales += amount_minor
            if leader.inviter is not None and leader.standing.status == "confirmed":
                leader.inviter.own_and_direct_sales += amount_minor
        if self.tracks_months:
            if not leader.month_own_sales:
                self._sold_this_month.append(leader)
            leader.month_own_sales += amount_minor

    # -------------------------------------------------------------------------------------------------- raising

    def raise_around(self, leader: Leader) -> None:
        """Apply the rules after a change of a leader's standing or figures; its inviter's hang on these."""
        self.raise_deserving([leader] if leader.inviter is None else [leader.inviter, leader])

    def raise_deserving(self, leaders: list[Leader]) -> None:
        """Apply the rules to these leaders, and to those whom a promotion helps, until nothing changes.

        A promotion can only help the inviter (who has one more of that rank), or bring a second step.
        """
        while leaders:
            leader = leaders.pop()
            if self._raise(leader) and leader.inviter is not None:
                leaders.append(leader.inviter)

    def look_out(self, leader: Leader) -> Step | None:
        """Watch a leader whose standing has changed, or no longer. Gives its step up if sales alone could bring it."""
        standing = leader.standing
        step = self._steps.get(standing.rank) if standing.status == "confirmed" else None
        if step is not None and not step.in_reach(leader):
            step = None
        leader.alert_at = NEVER if step is None else 0
        self._watch(leader, step is not None or self._asked_without_step(leader))
        return step

    def _raise(self, leader: Leader) -> bool:
        rose = False
        while (step := self.look_out(leader)) is not None:
            self.add_up(leader)
            if not step.check(leader):
                leader.alert_at = step.missing_sales(leader)
                break
            self._network.set_rank(leader, step.to)
            self.promotions[step.to] += 1
            rose = True
        return rose

    def _asked_without_step(self, leader: Leader) -> bool:
        if leader.standing.status == "probation":
            return self._probation_by_team
        return leader.standing.status == "confirmed" and leader.standing.rank in self._kept_up_by_team

    def _watch(self, leader: Leader, watched: bool) -> None:
        if watched == leader.watched:
            return
        leader.watched = watched
        if watched:
            self._watched.add(leader)
            self._add_up_team(leader)
        else:
            self._watched.discard(leader)
            leader.team_sales = leader.month_team_sales = leader.quarter_team_before = 0
        self._network.forget(leader)

    def _add_up_team(self, leader: Leader) -> None:
        """Reckon the team sales of a leader from the start; those of watched ones below it are known already."""
        leader.not_added = 0
        if not self._tracks_teams:
            return
        leader.team_sales = leader.own_sales
        leader.month_team_sales, leader.quarter_team_before = leader.month_own_sales, leader.quarter_own_before
        below = list(leader.invited)
        while below:
            node = below.pop()
            if node.watched:
                leader.team_sales += node.team_sales + node.not_added
                leader.month_team_sales += node.month_team_sales + node.not_added
                leader.quarter_team_before += node.quarter_team_before
            else:
                leader.team_sales += node.own_sales
                leader.month_team_sales += node.month_own_sales
                leader.quarter_team_before += node.quarter_own_before
                below += node.invited


def _nearest(sharers: Mapping[str, Leader], leader: Leader) -> str | None:
    return next((upline.leader_id for upline in leader.uplines() if upline.leader_id in sharers), None)
