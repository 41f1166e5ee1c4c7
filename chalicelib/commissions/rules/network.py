"""A brand's leaders in memory: the tree, who stands where, and what each sees when it looks up.

A change costs what the path up costs, and what leaders below it had seen; never more with a larger tree.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import datetime

from msgspec import Struct

from chalicelib.commissions.rules.accrual import Terms, terms_of
from chalicelib.commissions.rules.conditions import Figures, OwnAndDirectSales, thresholds_of
from chalicelib.commissions.rules.language import Plan
from chalicelib.commissions.rules.promotion import asks_for_team_sales
from chalicelib.commissions.rules.reward import Kind
from chalicelib.commissions.rules.sale import Standing, Status, needed_uplines
from chalicelib.commissions.rules.upkeep import Assessments


@dataclass(slots=True, eq=False)
class Leader(Figures):
    """A leader with its figures. `standing` is replaced when rank or status changes, never altered.

    `probation_began_at` is None unless it is on probation.
    Team sales are kept up for watched leaders alone; `not_added` is what their teams sold since (`Performance`).
    """

    standing: Standing = field(kw_only=True)
    inviter: "Leader | None" = field(kw_only=True)
    invited: list["Leader"] = field(default_factory=list)
    own_groups: int = 1
    probation_began_at: datetime | None = None
    earned: int = 0
    outlook: "Outlook | None" = None
    business: "Business | None" = None
    watched: bool = False
    not_added: int = 0
    alert_at: int = 0

    def uplines(self) -> Iterator[Standing]:
        """The standings of its uplines, nearest first."""
        upline = self.inviter
        while upline is not None:
            yield upline.standing
            upline = upline.inviter


Earners = tuple[tuple[Leader, str, Kind], ...]
"""Whose each reward is (the id as well, for earnings name it), and of what kind."""


class Outlook(Struct, eq=False):
    """What a leader sees when it looks up; forgotten as soon as its own standing or an upline's changes.

    `uplines` are those that can influence its orders, `watched` those (itself first) whom its sales could raise.
    """

    uplines: tuple[Standing, ...]
    watched: tuple[Leader, ...]


class Business(Struct, eq=False):
    """What a leader's own orders earn (`terms`), the leader and kind of each reward, and whom its sales could raise.

    It is put together once for all orders until a standing changes that it rests on.
    """

    takes_orders: bool
    terms: Terms
    earners: Earners
    watched: tuple[Leader, ...]


class Network:
    """All leaders of a brand under one plan."""

    def __init__(self, plan: Plan) -> None:
        self.plan = plan
        self.leaders: dict[str, Leader] = {}
        self.assessments = Assessments(plan) if plan.upkeep else None
        self._sales_count_for_all_above = any(map(asks_for_team_sales, plan.conditions))
        self.tracks_direct_sales = any(
            isinstance(asked, OwnAndDirectSales) for condition in plan.conditions for asked in thresholds_of(condition)
        )

    # ------------------------------------------------------------------------------------------------ standing

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
        if inviter is not None:
            inviter.invited.append(leader)
        if status == "confirmed":
            self._count_for_inviter(leader)
        return leader

    def confirm(self, leader: Leader) -> None:
        """End a probation well; from now on the leader counts for its inviter."""
        self._stand(leader, leader.standing.rank, "confirmed")
        leader.probation_began_at = None
        self._count_for_inviter(leader)

    def begin_probation(self, leader: Leader, at: datetime) -> None:
        """Open a probation window, the first or a new one: only orders paid from now on count towards it."""
        self._stand(leader, leader.standing.rank, "probation")
        leader.probation_began_at = at
        leader.probation_sales = leader.probation_orders = 0

    def remove(self, leader: Leader) -> None:
        """End a probation badly. The leader keeps its place, and was never counted for its inviter."""
        self._stand(leader, leader.standing.rank, "removed")
        leader.probation_began_at = None

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

    def fall(self, leader: Leader) -> None:
        """Lower a leader by one rank because it did not keep it up."""
        place = self.plan.rank_no[leader.standing.rank]
        self.set_rank(leader, self.plan.ranks[place - 1].id)
        leader.fell_from = max(leader.fell_from, place)

    def set_groups(self, leader: Leader, groups: int) -> None:
        """Take over the approved number of chat groups."""
        more, leader.own_groups = groups - leader.own_groups, groups
        leader.groups += more
        if leader.inviter is not None and leader.standing.status == "confirmed":
            leader.inviter.groups += more

    def move_up_from(self, removed: Leader) -> Leader | None:
        """Put the direct leaders of a removed one below its nearest confirmed upline, downlines and sales with them.

        Gives that upline; None where there is none (they become roots) or the plan lets downlines stay.
        """
        if self.plan.removed_downline == "stays":
            return None
        new_inviter = removed.inviter
        while new_inviter is not None and new_inviter.standing.status != "confirmed":
            new_inviter = new_inviter.inviter
        for leader in removed.invited:
            if leader.standing.status == "confirmed":
                self._count_for(removed, leader, -1)
            leader.inviter = new_inviter
            if new_inviter is not None:
                new_inviter.invited.append(leader)
            if leader.standing.status == "confirmed":
                self._count_for_inviter(leader)
        removed.invited = []
        return new_inviter

    def _stand(self, leader: Leader, rank: str, status: Status) -> None:
        leader.standing = Standing(leader.standing.leader_id, rank, status)
        self.forget(leader)

    def _count_for_inviter(self, leader: Leader) -> None:
        if leader.inviter is not None:
            self._count_for(leader.inviter, leader, 1)

    def _count_for(self, inviter: Leader, leader: Leader, times: int) -> None:
        for place in range(self.plan.rank_no[leader.standing.rank] + 1):
            inviter.direct_from_rank[place] += times
        inviter.groups += times * leader.own_groups
        if self.tracks_direct_sales:
            inviter.own_and_direct_sales += times * leader.own_sales

    # -------------------------------------------------------------------------------------------------- looking

    def outlook(self, leader: Leader) -> Outlook:
        """Give what a leader sees. It is made of what its inviter sees, so that a step up is enough."""
        unseen: list[Leader] = []
        node: Leader | None = leader
        while node is not None and node.outlook is None:
            unseen.append(node)
            node = node.inviter
        for node in reversed(unseen):
            node.outlook = self._look_up(node)
        assert leader.outlook is not None  # noqa: S101
        return leader.outlook

    def business(self, leader: Leader) -> Business:
        """Give what a leader's orders earn and whom they raise, as all stand now."""
        if leader.business is None:
            outlook = self.outlook(leader)
            terms = terms_of(self.plan, leader.standing, outlook.uplines)
            takes_orders = leader.standing.status != "removed"
            leader.business = Business(takes_orders, terms, self.earners(terms), outlook.watched)
        return leader.business

    def earners(self, terms: Terms) -> Earners:
        """Give who earns under these terms, in the order of the amounts."""
        return tuple([(self.leaders[leader_id], leader_id, kind) for leader_id, kind in terms.earners()])

    def forget(self, leader: Leader) -> None:
        """Let the leader and its downline look again: where one has seen nothing, nobody below it has either."""
        behind = [leader]
        while behind:
            node = behind.pop()
            if node.outlook is not None:
                node.outlook = node.business = None
                behind += node.invited

    def _look_up(self, leader: Leader) -> Outlook:
        uplines, watched, inviter = tuple[Standing, ...](), tuple[Leader, ...](), leader.inviter
        if inviter is not None and inviter.outlook is not None:
            uplines = needed_uplines(self.plan, leader.standing, (inviter.standing, *inviter.outlook.uplines))
            watched = inviter.outlook.watched if self._sales_count_for_all_above else _if_watched(inviter)
        watched = _if_watched(leader) + watched
        return Outlook(uplines, watched)

    # ------------------------------------------------------------------------------------------------ adding up

    def team_sales(self) -> dict[str, int]:
        """Give every leader's all-time team sales: its own and its whole downline's."""
        return self.team_totals(lambda leader: leader.own_sales)

    def team_totals(self, own: Callable[[Leader], int]) -> dict[str, int]:
        """Add up a figure over every leader's team, itself included."""
        totals = {leader_id: own(leader) for leader_id, leader in self.leaders.items()}
        for leader_id, leader in reversed(self.leaders.items()):  # an inviter always joined before
            if leader.inviter is not None:
                totals[leader.inviter.standing.leader_id] += totals[leader_id]
        return totals


def _if_watched(leader: Leader) -> tuple[Leader, ...]:
    return (leader,) if leader.watched else ()
