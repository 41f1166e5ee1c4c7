"""A brand's leaders in memory: the tree, and each leader's figures, kept up event by event.

A change costs what the path up costs, never more with a larger tree.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime

from chalicelib.commissions.rules.conditions import Figures, OwnSales, TeamSales, thresholds_of
from chalicelib.commissions.rules.language import Dividend, Plan
from chalicelib.commissions.rules.promotion import ladder, step_up
from chalicelib.commissions.rules.sale import Standing, Status
from chalicelib.commissions.rules.upkeep import Assessments


@dataclass(slots=True, eq=False)
class Leader(Figures):
    """A leader with its figures. `standing` is replaced when rank or status changes, never altered."""

    standing: Standing = field(kw_only=True)
    inviter: "Leader | None" = field(kw_only=True)
    own_groups: int = 1
    probation_began_at: datetime | None = None
    earned: int = 0

    def uplines(self) -> Iterator[Standing]:
        """The standings of its uplines, nearest first."""
        upline = self.inviter
        while upline is not None:
            yield upline.standing
            upline = upline.inviter


class Network:
    """All leaders of a brand under one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.leaders: dict[str, Leader] = {}
        self._steps = ladder(plan)
        thresholds = [threshold for condition in plan.conditions for threshold in thresholds_of(condition)]
        pays_dividend = plan.rule(Dividend) is not None
        spans = {threshold.over for threshold in thresholds if isinstance(threshold, OwnSales | TeamSales)}
        self._tracks_quarters = "quarter" in spans
        self.tracks_months = pays_dividend or bool(plan.upkeep) or not spans.isdisjoint(("month", "quarter"))
        # Team sales that no rule asks for are added up once, at the end (`team_sales`).
        self._tracks_teams = pays_dividend or any(isinstance(threshold, TeamSales) for threshold in thresholds)
        self.sold_this_month: set[Leader] = set()
        self._sold_this_quarter: set[Leader] = set()
        self.assessments = Assessments(plan) if plan.upkeep else None
        self._direct: dict[Leader, list[Leader]] | None = {} if plan.removed_downline == "moves_up" else None

    def add(self, leader_id: str, inviter: Leader | None, status: Status, groups: int) -> Leader:
        """Put a newcomer into the tree."""
        leader = Leader(
            direct_from_rank=[0] * len(self.plan.ranks),
            standing=Standing(leader_id, self.plan.first_rank, status),
            inviter=inviter,
            groups=groups,
            own_groups=groups,
        )
        self.leaders[leader_id] = leader
        if self._direct is not None and inviter is not None:
            self._direct.setdefault(inviter, []).append(leader)
        if status == "confirmed":
            self._count_for_inviter(leader)
        return leader

    def confirm(self, leader: Leader) -> None:
        """End a probation well; from now on the leader counts for its inviter."""
        self._stand(leader, leader.standing.rank, "confirmed")
        self._count_for_inviter(leader)

    def begin_probation(self, leader: Leader, at: datetime) -> None:
        """Open a probation window, the first or a new one: only orders paid from now on count towards it."""
        self._stand(leader, leader.standing.rank, "probation")
        leader.probation_began_at = at
        leader.probation_sales = leader.probation_orders = 0

    def remove(self, leader: Leader) -> None:
        """End a probation badly. The leader keeps its place, and was never counted for its inviter."""
        self._stand(leader, leader.standing.rank, "removed")

    def set_rank(self, leader: Leader, rank: str) -> None:
        """Give a confirmed leader another rank, higher or lower."""
        before, after = self.plan.rank_no[leader.standing.rank], self.plan.rank_no[rank]
        if self.assessments is not None and before != after:
            self.assessments.rank_changed(leader, leader.standing.rank, rank)
        self._stand(leader, rank, leader.standing.status)
        if leader.inviter is not None:
            counts = leader.inviter.direct_from_rank
            for place in range(before + 1, after + 1):
                counts[place] += 1
            for place in range(after + 1, before + 1):
                counts[place] -= 1

    def set_groups(self, leader: Leader, groups: int) -> None:
        """Take over the approved number of chat groups."""
        more, leader.own_groups = groups - leader.own_groups, groups
        leader.groups += more
        if leader.inviter is not None and leader.standing.status == "confirmed":
            leader.inviter.groups += more

    def add_sales(self, leader: Leader, amount_minor: int) -> None:
        """Add what was sold (below 0: refunded) to the figures of the leader and of those above it."""
        leader.own_sales += amount_minor
        leader.own_and_direct_sales += amount_minor
        if leader.inviter is not None and leader.standing.status == "confirmed":
            leader.inviter.own_and_direct_sales += amount_minor
        if self.tracks_months:
            leader.month_own_sales += amount_minor
            self.sold_this_month.add(leader)
        node: Leader | None = leader if self._tracks_teams else None
        while node is not None:
            node.team_sales += amount_minor
            if self.tracks_months:
                node.month_team_sales += amount_minor
                self.sold_this_month.add(node)
            node = node.inviter

    def fall(self, leader: Leader) -> None:
        """Lower a leader by one rank because it did not keep it up."""
        place = self.plan.rank_no[leader.standing.rank]
        self.set_rank(leader, self.plan.ranks[place - 1].id)
        leader.fell_from = max(leader.fell_from, place)

    def begin_month(self, *, begins_quarter: bool) -> None:
        """Start the month's figures at 0 again, for those who have any, and at its turn the quarter's."""
        if self._tracks_quarters:
            self._carry_into_quarter(begins_quarter)
        for leader in self.sold_this_month:
            leader.month_own_sales = leader.month_team_sales = 0
        self.sold_this_month.clear()

    def promote_from(self, leader: Leader) -> None:
        """Apply the rules to the leader and its uplines until nothing changes.

        Once up the path is enough: a promotion can only bring another one above it, or a second step of its own.
        """
        node: Leader | None = leader if self._steps else None
        while node is not None:
            standing = node.standing
            while rank := step_up(self._steps, standing.rank, standing.status, node):
                self.set_rank(node, rank)
                standing = node.standing
            node = node.inviter

    def team_sales(self) -> dict[str, int]:
        """Give every leader's all-time team sales: its own and its whole downline's."""
        totals = {leader_id: leader.own_sales for leader_id, leader in self.leaders.items()}
        for leader_id, leader in reversed(self.leaders.items()):  # an inviter always joined before
            if leader.inviter is not None:
                totals[leader.inviter.standing.leader_id] += totals[leader_id]
        return totals

    def move_up_from(self, removed: Leader) -> Leader | None:
        """Put the direct leaders of a removed one below its nearest confirmed upline, downlines and sales with them.

        Gives that upline; None where there is none (they become roots) or the plan lets downlines stay.
        """
        if self._direct is None:
            return None
        new_inviter, passed = removed.inviter, [removed]
        while new_inviter is not None and new_inviter.standing.status != "confirmed":
            passed.append(new_inviter)
            new_inviter = new_inviter.inviter
        for leader in self._direct.pop(removed, []):
            self._leave(leader, removed, passed)
            leader.inviter = new_inviter
            if new_inviter is not None:
                self._direct.setdefault(new_inviter, []).append(leader)
            if leader.standing.status == "confirmed":
                self._count_for_inviter(leader)
        return new_inviter

    def _carry_into_quarter(self, begins_quarter: bool) -> None:
        self._sold_this_quarter |= self.sold_this_month
        for leader in self.sold_this_month:
            leader.quarter_own_before += leader.month_own_sales
            leader.quarter_team_before += leader.month_team_sales
        if begins_quarter:
            for leader in self._sold_this_quarter:
                leader.quarter_own_before = leader.quarter_team_before = 0
            self._sold_this_quarter.clear()

    def _leave(self, leader: Leader, inviter: Leader, passed: list[Leader]) -> None:
        for upline in passed:
            upline.team_sales -= leader.team_sales
            upline.month_team_sales -= leader.month_team_sales
            upline.quarter_team_before -= leader.quarter_team_before
        if leader.standing.status == "confirmed":
            for place in range(self.plan.rank_no[leader.standing.rank] + 1):
                inviter.direct_from_rank[place] -= 1
            inviter.groups -= leader.own_groups
            inviter.own_and_direct_sales -= leader.own_sales

    def _stand(self, leader: Leader, rank: str, status: Status) -> None:
        leader.standing = Standing(leader.standing.leader_id, rank, status)

    def _count_for_inviter(self, leader: Leader) -> None:
        inviter = leader.inviter
        if inviter is None:
            return
        for place in range(self.plan.rank_no[leader.standing.rank] + 1):
            inviter.direct_from_rank[place] += 1
        inviter.groups += leader.own_groups
        inviter.own_and_direct_sales += leader.own_sales
