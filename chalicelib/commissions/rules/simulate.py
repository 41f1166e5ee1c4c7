"""A plan run over a history of events: the same rules that the live system calls, in the order of time.

What an event costs depends on the path up and on who earns, never on the size of the tree.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import datetime, tzinfo
from typing import Any, NamedTuple

from msgspec import UNSET

from chalicelib.commissions.rules import events as ev
from chalicelib.commissions.rules.accrual import accrue, earns, recompute, reversal
from chalicelib.commissions.rules.agenda import Months, Queue
from chalicelib.commissions.rules.conditions import Check, OwnOrders, OwnSales, check_of, thresholds_of
from chalicelib.commissions.rules.events import EventRefused
from chalicelib.commissions.rules.invite_bonuses import InviteBonuses
from chalicelib.commissions.rules.invites import invite_rewards
from chalicelib.commissions.rules.language import Acquisition, Dividend, Plan, Upkeep
from chalicelib.commissions.rules.network import Leader, Network
from chalicelib.commissions.rules.paid_order import PaidOrder, paid_lines
from chalicelib.commissions.rules.periodic import (
    acquisition_reward,
    dividend,
    sales_without_sharers_below,
    shares_in_dividend,
    wins_customer,
)
from chalicelib.commissions.rules.refund import after_refund, refund_by_line
from chalicelib.commissions.rules.reward import Change, Reward
from chalicelib.commissions.rules.sale import Sale, Standing, check_line_rates, needed_uplines
from chalicelib.commissions.rules.since_joining import SinceJoining
from chalicelib.commissions.rules.time import (
    acquisition_release,
    ends_quarter,
    month_of,
    probation_deadline,
    window_over,
)
from chalicelib.commissions.rules.upkeep import Notice, assessed_at_end_of, notices_in
from chalicelib.errors import Refusal


class Earning(NamedTuple):
    """What an event gave or took (minor units): `order_id` is None where no order is behind it."""

    order_id: str | None
    leader_id: str
    kind: str
    amount_minor: int


class LineRefused(EventRefused):
    """A line of an event file was refused; the message begins with its number."""

    def __init__(self, line_no: int, reason: str) -> None:
        super().__init__(f"line {line_no}: {reason}")
        self.line_no = line_no


def simulate(simulation: "Simulation", lines: Iterable[bytes]) -> Iterator[tuple[int, Earning]]:
    """Run an event file, giving each earning with its line number (from 1; blank lines count and are skipped).

    Raises `LineRefused` at the first line that cannot be read or makes no sense.
    """
    for line_no, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            event = ev.read_event(line)
            at = ev.instant_of(event)
            for earning in simulation.advance(at):
                yield line_no, earning
            for earning in simulation.apply(event, at):
                yield line_no, earning
        except Refusal as refusal:
            raise LineRefused(line_no, refusal.message) from refusal


class Simulation:
    """A brand under one plan, from its first event on. Call `advance` and then `apply` for each event."""

    def __init__(self, plan: Plan, zone: tzinfo) -> None:
        self.plan = plan
        self.network = Network(plan)
        self._orders: dict[str, PaidOrder] = {}
        self._customers: set[str] = set()
        self._month_sales = 0
        self._now: datetime | None = None
        self._probations: Queue[tuple[Leader, datetime]] = Queue()
        self._acquisitions: Queue[PaidOrder] = Queue()
        self._months = Months(zone)
        self._zone = zone
        self._windows: Queue[PaidOrder] = Queue()
        self._notices: Queue[Upkeep] = Queue()
        self.notices: list[Notice] = []
        self._since_joining = SinceJoining(plan)
        self._invite_bonuses = InviteBonuses(plan)
        self._confirms = check_of(plan.probation.confirmed_when, plan.rank_no) if plan.probation else None
        self._confirms_by_others = plan.probation is not None and any(
            not isinstance(threshold, OwnSales | OwnOrders)
            for threshold in thresholds_of(plan.probation.confirmed_when)
        )
        self._handlers: dict[type, Callable[[Any, datetime], list[Earning]]] = {
            ev.LeaderJoined: self._joined,
            ev.LeaderGroups: self._groups,
            ev.RankSet: self._rank_set,
            ev.TrialStarted: self._trial_started,
            ev.OrderPaid: self._paid,
            ev.OrderRefunded: self._refunded,
            ev.Clock: lambda event, at: [],
        }

    def advance(self, to: datetime) -> list[Earning]:
        """Let time pass: what falls due up to and at `to` takes effect in order, at one instant month ends last."""
        if self._now is not None and to < self._now:
            raise EventRefused(f"time runs backwards, from {self._now.isoformat()} to {to.isoformat()}", param="at")
        self._now = to
        if self.network.tracks_months:
            self._months.begin(to)
        earnings: list[Earning] = []
        while True:
            next_at = min(
                self._probations.next_at,
                self._acquisitions.next_at,
                self._months.next_at,
                self._notices.next_at,
                self._windows.next_at,
            )
            if next_at > to:
                return earnings
            if next_at == self._probations.next_at:
                earnings += self._end_probation(next_at)
            elif next_at == self._acquisitions.next_at:
                earnings += self._release_acquisition()
            elif next_at == self._months.next_at:
                earnings += self._end_month()
            elif next_at == self._notices.next_at:
                self._give_notice(next_at)
            else:
                earnings += self._end_window(next_at)

    def apply(self, event: ev.Event, at: datetime) -> list[Earning]:
        """Give what an event earns; raises a `Refusal`, and changes nothing, when it makes no sense."""
        return self._handlers[type(event)](event, at)

    def _joined(self, event: ev.LeaderJoined, at: datetime) -> list[Earning]:
        if event.leader in self.network.leaders:
            raise EventRefused(f"leader {event.leader} has joined already", param="leader")
        inviter = self._inviter(event.inviter)
        self._admit(event)
        groups = 1 if event.groups is UNSET else event.groups
        if self.plan.probation is not None and inviter is not None:
            leader = self.network.add(event.leader, inviter, "probation", groups)
            self._since_joining.joined(leader, at)
            self._begin_probation(leader, at)
            return self._rise(leader, at)
        leader = self.network.add(event.leader, inviter, "confirmed", groups)
        self._since_joining.joined(leader, at)
        return self._confirmed(leader, at) + self._rise(leader, at)

    def _inviter(self, leader_id: str | None) -> Leader | None:
        if leader_id is None:
            return None
        inviter = self._leader(leader_id)
        if inviter.standing.status == "removed":
            raise EventRefused(f"inviter {leader_id} is removed and can invite nobody", param="inviter")
        return inviter

    def _admit(self, event: ev.LeaderJoined) -> None:
        admission = self.plan.admission
        if admission is None:
            return
        if event.group_size is UNSET or event.group_size < admission.min_group_size:
            raise EventRefused(
                f"the plan does not admit {event.leader}: it asks for a group of {admission.min_group_size} people",
                param="group_size",
            )

    def _groups(self, event: ev.LeaderGroups, at: datetime) -> list[Earning]:
        leader = self._leader(event.leader)
        self.network.set_groups(leader, event.groups)
        return self._rise(leader, at)

    def _rank_set(self, event: ev.RankSet, at: datetime) -> list[Earning]:
        leader = self._leader(event.leader)
        if event.rank not in self.plan.rank_no:
            raise EventRefused(f"the plan has no rank {event.rank}", param="rank")
        if leader.standing.status != "confirmed":
            raise EventRefused(f"leader {event.leader} is not confirmed; it has no rank to set", param="leader")
        self.network.set_rank(leader, event.rank)
        return self._rise(leader, at)

    def _trial_started(self, event: ev.TrialStarted, at: datetime) -> list[Earning]:
        leader = self._leader(event.leader)
        if leader.standing.status != "removed":
            raise EventRefused(f"leader {event.leader} is not removed; there is no trial to start", param="leader")
        self._begin_probation(leader, at)
        return self._rise(leader, at)

    def _paid(self, event: ev.OrderPaid, at: datetime) -> list[Earning]:
        leader = self._leader(event.leader)
        if event.order in self._orders:
            raise EventRefused(f"order {event.order} is paid already", param="order")
        if leader.standing.status == "removed":
            raise EventRefused(f"leader {event.leader} is removed and takes no orders", param="leader")
        lines = paid_lines(event)
        check_line_rates(self.plan, lines)
        uplines = needed_uplines(self.plan, leader.standing, leader.uplines())
        sale = Sale(event.order, leader.standing, uplines, lines, event.self_purchase is True)
        order = self._orders[event.order] = PaidOrder(leader, sale, at)
        earnings = self._earn(event.order, accrue(self.plan, sale))
        sales_minor = sum(line.paid for line in lines)
        if sales_minor:
            self._win_customer(event.customer, order)
            if self.plan.performance_waits or self._invite_bonuses.wait_for_orders:
                self._windows.push(window_over(self.plan, at), order)
            order.counts = not self.plan.performance_waits
            earnings += self._perform(order, sales_minor, 1, at)
        return earnings

    def _refunded(self, event: ev.OrderRefunded, at: datetime) -> list[Earning]:
        order = self._orders.get(event.order)
        if order is None:
            raise EventRefused(f"there is no order {event.order}", param="order")
        before = order.paid_now()
        taken = refund_by_line(
            before,
            amount_minor=None if event.amount is UNSET else event.amount,
            lines=None if event.lines is UNSET else [(line.sku, line.amount) for line in event.lines],
        )
        order.still_paid = after_refund(before, taken)
        posted = {
            (reward.leader_id, reward.kind): reward.amount_minor for reward in recompute(self.plan, order.sale, before)
        }
        changes = reversal(posted, recompute(self.plan, order.sale, order.still_paid))
        earnings = self._earn(event.order, changes)
        left_minor = sum(order.still_paid.values())
        earnings += self._earn(event.order, self._invite_bonuses.refunded(event.order, left_minor))
        return earnings + self._perform(order, -sum(taken.values()), 0 if left_minor else -1, at)

    def _perform(self, order: PaidOrder, amount_minor: int, orders: int, at: datetime) -> list[Earning]:
        """Count sales (below 0: a refund) for the seller and those above; confirm and promote who has earned it."""
        if not order.counts or not earns(self.plan, order.sale):
            return []
        leader = order.leader
        self._month_sales += amount_minor
        self.network.add_sales(leader, amount_minor)
        if self._since_joining.asked:
            self._since_joining.sold(leader, amount_minor, orders, self._counts_from(order))
        if leader.standing.status == "probation" and self._in_probation_window(order):
            leader.probation_sales += amount_minor
            leader.probation_orders += orders
        return self._rise(leader, at)

    def _rise(self, leader: Leader, at: datetime) -> list[Earning]:
        """Confirm and promote the leader and those above it, until nothing changes (Promotion)."""
        earnings: list[Earning] = []
        while self._confirms is not None and (passed := self._passes_probation(leader, self._confirms)) is not None:
            earnings += self._confirmed(passed, at)
            self.network.confirm(passed)
            self.network.promote_from(passed)
        self.network.promote_from(leader)
        return earnings

    def _passes_probation(self, leader: Leader, confirms: Check) -> Leader | None:
        """Give who is to be confirmed now: the leader, or one above where others' doings can confirm."""
        node: Leader | None = leader
        while node is not None:
            if node.standing.status == "probation" and confirms(node):
                return node
            node = node.inviter if self._confirms_by_others else None
        return None

    def _in_probation_window(self, order: PaidOrder) -> bool:
        began_at = order.leader.probation_began_at
        return began_at is not None and order.paid_at >= began_at

    def _counts_from(self, order: PaidOrder) -> datetime:
        return window_over(self.plan, order.paid_at) if self.plan.performance_waits else order.paid_at

    def _confirmed(self, newcomer: Leader, at: datetime) -> list[Earning]:
        inviter = newcomer.inviter
        if inviter is None:
            return []
        self._since_joining.confirmed(newcomer, at)
        rewards = invite_rewards(self.plan, newcomer.standing, inviter.standing, inviter.uplines())
        return self._earn(None, self._invite_bonuses.within_limit(rewards, month_of(at, self._zone)))

    def _end_window(self, at: datetime) -> list[Earning]:
        """An order's return window is over: it may bring an invite bonus, and count from now on."""
        order = self._windows.pop()
        left_minor = sum(order.paid_now().values())
        if left_minor == 0 or not earns(self.plan, order.sale):
            return []
        seller, order_id = order.leader, order.sale.order_id
        bonus = self._invite_bonuses.window_over(
            order_id, seller.standing, seller.uplines(), left_minor, month_of(at, self._zone)
        )
        earnings = self._earn(order_id, bonus)
        if not order.counts:
            order.counts = True
            earnings += self._perform(order, left_minor, 1, at)
        return earnings

    def _win_customer(self, customer: Any, order: PaidOrder) -> None:
        rule = self.plan.rule(Acquisition)
        if rule is None or customer is UNSET:
            return
        if wins_customer(order.sale, known_customer=customer in self._customers):
            self._customers.add(customer)
            self._acquisitions.push(acquisition_release(rule, order.paid_at), order)

    def _release_acquisition(self) -> list[Earning]:
        order = self._acquisitions.pop()
        reward = acquisition_reward(self.plan, order.sale, order.leader.standing, sum(order.paid_now().values()))
        return self._earn(order.sale.order_id, (reward,) if reward else ())

    def _begin_probation(self, leader: Leader, at: datetime) -> None:
        self.network.begin_probation(leader, at)
        deadline = probation_deadline(self.plan, at)
        if deadline is not None:
            self._probations.push(deadline, (leader, at))

    def _end_probation(self, at: datetime) -> list[Earning]:
        leader, began_at = self._probations.pop()
        # Confirmed meanwhile, or removed and on a later trial: then this deadline no longer concerns it.
        if leader.standing.status == "probation" and leader.probation_began_at == began_at:
            self.network.remove(leader)
            new_inviter = self.network.move_up_from(leader)
            if new_inviter is not None:
                return self._rise(new_inviter, at)
        return []

    def _end_month(self) -> list[Earning]:
        earnings = self._earn(None, dividend(self.plan, self._month_sales, self._sharers()))
        self._month_sales = 0
        month = self._months.month
        if self.network.assessments is not None:
            rules = assessed_at_end_of(self.plan, month)
            for leader in self.network.assessments.falling(rules):
                self.network.fall(leader)
            self.network.assessments.begin_period(rules)
        self.network.begin_month(begins_quarter=ends_quarter(month))
        self._months.end()
        for at, rule in notices_in(self.plan, self._months.month, self._zone):
            self._notices.push(at, rule)
        return earnings

    def _sharers(self) -> list[tuple[Standing, int]]:
        sharers = {
            leader.standing.leader_id: leader
            for leader in self.network.sold_this_month
            if shares_in_dividend(self.plan, leader.standing)
        }
        weights = {leader_id: leader.month_team_sales for leader_id, leader in sharers.items()}
        rule = self.plan.rule(Dividend)
        if rule is not None and rule.sharers_below == "left_out":
            above = {leader_id: self._nearest(sharers, leader) for leader_id, leader in sharers.items()}
            weights = sales_without_sharers_below(weights, {low: high for low, high in above.items() if high})
        return [(sharers[leader_id].standing, weight) for leader_id, weight in weights.items()]

    def _nearest(self, sharers: Mapping[str, Leader], leader: Leader) -> str | None:
        return next((upline.leader_id for upline in leader.uplines() if upline.leader_id in sharers), None)

    def _give_notice(self, at: datetime) -> None:
        rule = self._notices.pop()
        if self.network.assessments is not None:
            told = self.network.assessments.give_notice(rule)
            self.notices += (Notice(at, leader.standing.leader_id, rule.rank) for leader in told)

    def _leader(self, leader_id: str) -> Leader:
        leader = self.network.leaders.get(leader_id)
        if leader is None:
            raise EventRefused(f"there is no leader {leader_id}", param="leader")
        return leader

    def _earn(self, order_id: str | None, earned: Iterable[Reward | Change]) -> list[Earning]:
        earnings = []
        for reward in earned:
            if reward.kind != "invite_coupon":
                self.network.leaders[reward.leader_id].earned += reward.amount_minor
            earnings.append(Earning(order_id, reward.leader_id, reward.kind, reward.amount_minor))
        return earnings
