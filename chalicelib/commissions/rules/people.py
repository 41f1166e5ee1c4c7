"""How leaders come, are confirmed, rise and go in a simulation (OPERATING_MODELS.md, Promotion and the presets)."""

from datetime import datetime, tzinfo

from msgspec import UNSET

from chalicelib.commissions.rules.admission import check_admitted
from chalicelib.commissions.rules.agenda import Calendar, Queue
from chalicelib.commissions.rules.conditions import Check, OwnOrders, OwnSales, check_of, thresholds_of
from chalicelib.commissions.rules.earnings import Earnings
from chalicelib.commissions.rules.events import EventRefused, LeaderGroups, LeaderJoined, RankSet, TrialStarted
from chalicelib.commissions.rules.invite_bonuses import InviteBonuses
from chalicelib.commissions.rules.invites import invite_rewards
from chalicelib.commissions.rules.language import Plan
from chalicelib.commissions.rules.network import Leader, Network
from chalicelib.commissions.rules.performance import Performance
from chalicelib.commissions.rules.since_joining import SinceJoining
from chalicelib.commissions.rules.time import month_of, probation_deadline


class People:
    """The leaders of a brand, as events come to them."""

    def __init__(
        self,
        plan: Plan,
        zone: tzinfo,
        network: Network,
        performance: Performance,
        invite_bonuses: InviteBonuses,
        earnings: Earnings,
        calendar: Calendar,
    ) -> None:
        self.since_joining = SinceJoining(plan)
        self._plan = plan
        self._zone = zone
        self._network = network
        self._performance = performance
        self._invite_bonuses = invite_bonuses
        self._earnings = earnings
        self._calendar = calendar
        self._probations: Queue[tuple[Leader, datetime]] = Queue()
        calendar.on(self._probations, self._end_probation)
        self._confirms = check_of(plan.probation.confirmed_when, plan.rank_no) if plan.probation else None
        self.confirms_by_others = plan.probation is not None and any(
            not isinstance(threshold, OwnSales | OwnOrders)
            for threshold in thresholds_of(plan.probation.confirmed_when)
        )

    def leader(self, leader_id: str) -> Leader:
        """Give a leader by its id. Raises `EventRefused` where there is none."""
        leader = self._network.leaders.get(leader_id)
        if leader is None:
            raise EventRefused(f"there is no leader {leader_id}", param="leader")
        return leader

    # ---------------------------------------------------------------------------------------------------- events

    def joined(self, event: LeaderJoined) -> None:
        """Take in a newcomer."""
        if event.leader in self._network.leaders:
            raise EventRefused(f"leader {event.leader} has joined already", param="leader")
        inviter = self._inviter(event.inviter)
        check_admitted(self._plan, event)
        groups = 1 if event.groups is UNSET else event.groups
        on_probation = self._plan.probation is not None and inviter is not None
        leader = self._network.add(event.leader, inviter, "probation" if on_probation else "confirmed", groups)
        self.since_joining.joined(leader, event.at)
        if on_probation:
            self._begin_probation(leader, event.at)
        else:
            self._confirmed(leader, event.at)
        self._rise(leader, event.at)

    def has_groups(self, event: LeaderGroups) -> None:
        """Take over the approved number of chat groups."""
        leader = self.leader(event.leader)
        self._network.set_groups(leader, event.groups)
        self._rise(leader, event.at)

    def rank_set(self, event: RankSet) -> None:
        """Give a rank by hand."""
        leader = self.leader(event.leader)
        if event.rank not in self._plan.rank_no:
            raise EventRefused(f"the plan has no rank {event.rank}", param="rank")
        if leader.standing.status != "confirmed":
            raise EventRefused(f"leader {event.leader} is not confirmed; it has no rank to set", param="leader")
        self._network.set_rank(leader, event.rank)
        self._rise(leader, event.at)

    def trial_started(self, event: TrialStarted) -> None:
        """Begin a new probation of a removed leader."""
        leader = self.leader(event.leader)
        if leader.standing.status != "removed":
            raise EventRefused(f"leader {event.leader} is not removed; there is no trial to start", param="leader")
        self._begin_probation(leader, event.at)
        self._performance.look_out(leader)
        self._rise(leader, event.at)

    def _inviter(self, leader_id: str | None) -> Leader | None:
        if leader_id is None:
            return None
        inviter = self.leader(leader_id)
        if inviter.standing.status == "removed":
            raise EventRefused(f"inviter {leader_id} is removed and can invite nobody", param="inviter")
        return inviter

    # ------------------------------------------------------------------------------------------------- probation

    def _begin_probation(self, leader: Leader, at: datetime) -> None:
        self._network.begin_probation(leader, at)
        deadline = probation_deadline(self._plan, at)
        if deadline is not None:
            self._calendar.expect(self._probations, deadline, (leader, at))

    def _end_probation(self, at: datetime) -> None:
        leader, began_at = self._probations.pop()
        # Confirmed meanwhile, or removed and on a later trial: then this deadline no longer concerns it.
        if leader.standing.status != "probation" or leader.probation_began_at != began_at:
            return
        self._network.remove(leader)
        self._performance.look_out(leader)
        if self._plan.removed_downline == "moves_up":
            self._move_up_from(leader, at)

    def _move_up_from(self, removed: Leader, at: datetime) -> None:
        passed, new_inviter = removed.inviter, self._network.move_up_from(removed)
        while passed is not None and passed is not new_inviter:
            self._performance.lost_some_team(passed)
            passed = passed.inviter
        if new_inviter is not None:
            self._rise(new_inviter, at)

    # -------------------------------------------------------------------------------------------------- rising

    def _rise(self, leader: Leader, at: datetime) -> None:
        """Confirm and promote the leader and those above it, until nothing changes (Promotion)."""
        self.confirm_deserving(leader, at)
        self._performance.raise_around(leader)

    def confirm_deserving(self, leader: Leader, at: datetime) -> None:
        """Confirm the leader if it has passed its probation, and those above whom its doings can confirm."""
        while self._confirms is not None and (passed := self._passes_probation(leader, self._confirms)) is not None:
            self._confirmed(passed, at)
            self._network.confirm(passed)
            self._performance.raise_around(passed)

    def _passes_probation(self, leader: Leader, confirms: Check) -> Leader | None:
        """Give who is to be confirmed now: the leader, or one above where others' doings can confirm."""
        node: Leader | None = leader
        while node is not None:
            if node.standing.status == "probation":
                self._performance.add_up(node)
                if confirms(node):
                    return node
            node = node.inviter if self.confirms_by_others else None
        return None

    def _confirmed(self, newcomer: Leader, at: datetime) -> None:
        inviter = newcomer.inviter
        if inviter is None:
            return
        self.since_joining.confirmed(newcomer, at)
        rewards = invite_rewards(self._plan, newcomer.standing, inviter.standing, inviter.uplines())
        if rewards:
            self._earnings.give(None, self._invite_bonuses.within_limit(rewards, month_of(at, self._zone)))
