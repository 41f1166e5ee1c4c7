"""A brand living through its events under one plan, with the same rules that the live system calls.

What an event costs depends on the path up and on who earns, never on the size of the tree.
"""

from collections.abc import Callable, Iterable, Mapping
from datetime import UTC, datetime, tzinfo
from typing import Any

from msgspec import UNSET

from chalicelib.commissions.rules import events as ev
from chalicelib.commissions.rules.accrual import amounts, changed_amounts, earns
from chalicelib.commissions.rules.admission import check_admitted
from chalicelib.commissions.rules.agenda import Months, Queue
from chalicelib.commissions.rules.conditions import Check, OwnOrders, OwnSales, check_of, thresholds_of
from chalicelib.commissions.rules.earning import Earning
from chalicelib.commissions.rules.events import EventRefused
from chalicelib.commissions.rules.invite_bonuses import InviteBonuses
from chalicelib.commissions.rules.invites import invite_rewards
from chalicelib.commissions.rules.language import Acquisition, Plan, ProductRate, Retail, Upkeep
from chalicelib.commissions.rules.network import Earners, Leader, Network
from chalicelib.commissions.rules.paid_order import PaidOrder, keep, paid_lines
from chalicelib.commissions.rules.performance import Performance
from chalicelib.commissions.rules.periodic import acquisition_reward, dividend, wins_customer
from chalicelib.commissions.rules.refund import after_refund, refund_by_line
from chalicelib.commissions.rules.reward import Change, Kind, Reward
from chalicelib.commissions.rules.sale import Sale, check_line_rates
from chalicelib.commissions.rules.since_joining import SinceJoining
from chalicelib.commissions.rules.time import (
    acquisition_release,
    ends_quarter,
    month_of,
    probation_deadline,
    window_over,
)
from chalicelib.commissions.rules.upkeep import Notice, assessed_at_end_of, notices_in

EARLIEST, LATEST = datetime(1900, 1, 1, tzinfo=UTC), datetime(9001, 1, 1, tzinfo=UTC)


class Simulation:
    """A brand under one plan, from its first event on. `take` each event, and `fetch` what was earned."""

    def __init__(self, plan: Plan, zone: tzinfo, *, notes_earnings: bool = True) -> None:
        """`notes_earnings`: False where only the sums that leaders have at the end are wanted."""
        self.plan = plan
        self.network = Network(plan)
        self._notes_earnings = notes_earnings
        self.notices: list[Notice] = []
        self._earnings: list[Earning] = []
        self._performance = Performance(plan, self.network)
        self._since_joining = SinceJoining(plan)
        self._invite_bonuses = InviteBonuses(plan)
        self._orders: dict[str, PaidOrder] = {}
        self._still_paid: dict[str, dict[str, int]] = {}
        self._customers: set[str] = set()
        self._month_sales = 0
        self._zone = zone
        self._event_no = 0
        self._now = self._next_due_at = EARLIEST
        self._probations: Queue[tuple[Leader, datetime]] = Queue()
        self._acquisitions: Queue[tuple[str, PaidOrder, int]] = Queue()
        self._months = Months(zone)
        self._notices: Queue[Upkeep] = Queue()
        self._windows: Queue[tuple[str, PaidOrder]] = Queue()
        self._calendar: tuple[tuple[Queue[Any] | Months, Callable[[datetime], None]], ...] = (
            (self._probations, self._end_probation),
            (self._acquisitions, self._release_acquisition),
            (self._months, self._end_month),
            (self._notices, self._give_notice),
            (self._windows, self._end_window),
        )
        self._confirms = check_of(plan.probation.confirmed_when, plan.rank_no) if plan.probation else None
        self._confirms_by_others = plan.probation is not None and any(
            not isinstance(threshold, OwnSales | OwnOrders)
            for threshold in thresholds_of(plan.probation.confirmed_when)
        )
        self._wins_customers = plan.rule(Acquisition) is not None
        retail = plan.rule(Retail)
        self._line_rates_matter = retail is not None and isinstance(retail.margin, ProductRate)
        self._performance_waits = plan.performance_waits
        self._waits_for_windows = plan.performance_waits or self._invite_bonuses.wait_for_orders
        self._handlers: dict[type, Callable[[Any], None]] = {
            ev.LeaderJoined: self._joined,
            ev.LeaderGroups: self._groups,
            ev.RankSet: self._rank_set,
            ev.TrialStarted: self._trial_started,
            ev.OrderPaid: self._paid,
            ev.OrderRefunded: self._refunded,
            ev.Clock: lambda event: None,
        }

    def take(self, event_no: int, event: ev.Event) -> None:
        """Let time pass to an event, and live through it. Raises a `Refusal` when it makes no sense.

        A refused event changes nothing but the time.
        """
        self._event_no = event_no
        if self._now <= event.at < self._next_due_at:
            self._now = event.at
        else:
            self.advance(event.at)
        self._handlers[type(event)](event)

    @property
    def promotions(self) -> Mapping[str, int]:
        """How often the rules have raised a leader to each rank."""
        return self._performance.promotions

    def fetch(self) -> list[Earning]:
        """Give the earnings since the last time, in the order they came."""
        earnings, self._earnings = self._earnings, []
        return earnings

    # ---------------------------------------------------------------------------------------------------- time

    def advance(self, to: datetime) -> None:
        """Let time pass: what falls due up to and at `to` takes effect in order (infra/decisions/0003, Instants)."""
        if to < self._now:
            raise EventRefused(f"time runs backwards, from {self._now.isoformat()} to {to.isoformat()}", param="at")
        if not EARLIEST <= to < LATEST:
            raise EventRefused(f"the time {to.isoformat()} is out of range", param="at")
        self._now = to
        if self._performance.tracks_months:
            self._months.begin(to)
        while (due := self._next_due()) is not None and due[0] <= to:
            due[1](due[0])
        self._next_due_at = LATEST if due is None else due[0]
        if self._next_due_at.tzinfo is not to.tzinfo:  # to compare times of two offsets takes ten times as long
            self._next_due_at = self._next_due_at.astimezone(to.tzinfo)

    def _next_due(self) -> tuple[datetime, Callable[[datetime], None]] | None:
        """Give what falls due next, of several at one instant the first in this order."""
        due: tuple[datetime, Callable[[datetime], None]] | None = None
        for queue, end in self._calendar:
            if queue.next_at is not None and (due is None or queue.next_at < due[0]):
                due = queue.next_at, end
        return due

    def _expect(self, queue: Queue[Any], at: datetime, matter: Any) -> None:
        queue.push(at, matter)
        self._next_due_at = min(self._next_due_at, at)

    def _end_probation(self, at: datetime) -> None:
        leader, began_at = self._probations.pop()
        # Confirmed meanwhile, or removed and on a later trial: then this deadline no longer concerns it.
        if leader.standing.status != "probation" or leader.probation_began_at != began_at:
            return
        self.network.remove(leader)
        self._performance.look_out(leader)
        if self.plan.removed_downline == "moves_up":
            self._move_up_from(leader, at)

    def _move_up_from(self, removed: Leader, at: datetime) -> None:
        passed, new_inviter = removed.inviter, self.network.move_up_from(removed)
        while passed is not None and passed is not new_inviter:
            self._performance.lost_some_team(passed)
            passed = passed.inviter
        if new_inviter is not None:
            self._rise(new_inviter, at)

    def _release_acquisition(self, at: datetime) -> None:
        order_id, order, paid_minor = self._acquisitions.pop()
        still_paid = self._still_paid.get(order_id)
        left_minor = paid_minor if still_paid is None else sum(still_paid.values())
        reward = acquisition_reward(self.plan, order.terms.seller, order.leader.standing, left_minor)
        if reward is not None:
            self._earn(order_id, (reward,))

    def _end_month(self, at: datetime) -> None:
        self._earn(None, dividend(self.plan, self._month_sales, self._performance.sharers()))
        self._month_sales = 0
        month = self._months.month
        if self.network.assessments is not None:
            self._performance.add_up_all()
            rules = assessed_at_end_of(self.plan, month)
            for leader in self.network.assessments.falling(rules):
                self.network.fall(leader)
                self._performance.look_out(leader)
            self.network.assessments.begin_period(rules)
        self._performance.begin_month(begins_quarter=ends_quarter(month))
        self._months.end()
        for notice_at, rule in notices_in(self.plan, self._months.month, self._zone):
            self._notices.push(notice_at, rule)

    def _give_notice(self, at: datetime) -> None:
        rule = self._notices.pop()
        if self.network.assessments is not None:
            self._performance.add_up_all()
            told = self.network.assessments.give_notice(rule)
            self.notices += (Notice(at, leader.standing.leader_id, rule.rank) for leader in told)

    def _end_window(self, at: datetime) -> None:
        """An order's return window is over: it may bring an invite bonus, and count from now on."""
        order_id, order = self._windows.pop()
        left_minor = self._left_minor(order_id, order)
        if left_minor == 0 or not earns(self.plan, order):
            return
        seller, month = order.leader, month_of(at, self._zone)
        bonus = self._invite_bonuses.window_over(order_id, seller.standing, seller.uplines(), left_minor, month)
        self._earn(order_id, bonus)
        if not order.counts:
            order.counts = True
            self._perform(order, self.network.outlook(seller).watched, left_minor, 1, at)

    # --------------------------------------------------------------------------------------------------- people

    def _joined(self, event: ev.LeaderJoined) -> None:
        if event.leader in self.network.leaders:
            raise EventRefused(f"leader {event.leader} has joined already", param="leader")
        inviter = self._inviter(event.inviter)
        check_admitted(self.plan, event)
        groups = 1 if event.groups is UNSET else event.groups
        on_probation = self.plan.probation is not None and inviter is not None
        leader = self.network.add(event.leader, inviter, "probation" if on_probation else "confirmed", groups)
        self._since_joining.joined(leader, event.at)
        if on_probation:
            self._begin_probation(leader, event.at)
        else:
            self._confirmed(leader, event.at)
        self._rise(leader, event.at)

    def _inviter(self, leader_id: str | None) -> Leader | None:
        if leader_id is None:
            return None
        inviter = self._leader(leader_id)
        if inviter.standing.status == "removed":
            raise EventRefused(f"inviter {leader_id} is removed and can invite nobody", param="inviter")
        return inviter

    def _groups(self, event: ev.LeaderGroups) -> None:
        leader = self._leader(event.leader)
        self.network.set_groups(leader, event.groups)
        self._rise(leader, event.at)

    def _rank_set(self, event: ev.RankSet) -> None:
        leader = self._leader(event.leader)
        if event.rank not in self.plan.rank_no:
            raise EventRefused(f"the plan has no rank {event.rank}", param="rank")
        if leader.standing.status != "confirmed":
            raise EventRefused(f"leader {event.leader} is not confirmed; it has no rank to set", param="leader")
        self.network.set_rank(leader, event.rank)
        self._rise(leader, event.at)

    def _trial_started(self, event: ev.TrialStarted) -> None:
        leader = self._leader(event.leader)
        if leader.standing.status != "removed":
            raise EventRefused(f"leader {event.leader} is not removed; there is no trial to start", param="leader")
        self._begin_probation(leader, event.at)
        self._performance.look_out(leader)
        self._rise(leader, event.at)

    def _begin_probation(self, leader: Leader, at: datetime) -> None:
        self.network.begin_probation(leader, at)
        deadline = probation_deadline(self.plan, at)
        if deadline is not None:
            self._expect(self._probations, deadline, (leader, at))

    def _rise(self, leader: Leader, at: datetime) -> None:
        """Confirm and promote the leader and those above it, until nothing changes (Promotion)."""
        self._confirm_deserving(leader, at)
        self._performance.raise_around(leader)

    def _confirm_deserving(self, leader: Leader, at: datetime) -> None:
        while self._confirms is not None and (passed := self._passes_probation(leader, self._confirms)) is not None:
            self._confirmed(passed, at)
            self.network.confirm(passed)
            self._performance.raise_around(passed)

    def _passes_probation(self, leader: Leader, confirms: Check) -> Leader | None:
        """Give who is to be confirmed now: the leader, or one above where others' doings can confirm."""
        node: Leader | None = leader
        while node is not None:
            if node.standing.status == "probation":
                self._performance.add_up(node)
                if confirms(node):
                    return node
            node = node.inviter if self._confirms_by_others else None
        return None

    def _confirmed(self, newcomer: Leader, at: datetime) -> None:
        inviter = newcomer.inviter
        if inviter is None:
            return
        self._since_joining.confirmed(newcomer, at)
        rewards = invite_rewards(self.plan, newcomer.standing, inviter.standing, inviter.uplines())
        if rewards:
            self._earn(None, self._invite_bonuses.within_limit(rewards, month_of(at, self._zone)))

    # --------------------------------------------------------------------------------------------------- orders

    def _paid(self, event: ev.OrderPaid) -> None:
        leader = self._leader(event.leader)
        if event.order in self._orders:
            raise EventRefused(f"order {event.order} is paid already", param="order")
        if leader.standing.status == "removed":
            raise EventRefused(f"leader {event.leader} is removed and takes no orders", param="leader")
        lines = paid_lines(event)
        if self._line_rates_matter:
            check_line_rates(self.plan, lines)
        business = leader.business or self.network.business(leader)
        terms, counts = business.terms, not self._performance_waits
        order = PaidOrder(leader, terms, keep(lines), event.at, event.self_purchase is True, counts)
        self._orders[event.order] = order
        paid = [line.paid for line in lines]
        sales_minor = sum(paid)
        if sales_minor == 0:
            return
        if self._wins_customers and event.customer is not UNSET:
            sale = Sale(event.order, terms.seller, terms.uplines, lines, order.self_purchase)
            self._win_customer(event.customer, sale, order)
        if not earns(self.plan, order):
            return
        self._post(event.order, business.earners, amounts(terms, lines, paid))
        if self._waits_for_windows:
            self._expect(self._windows, window_over(self.plan, event.at), (event.order, order))
        if counts:
            self._perform(order, business.watched, sales_minor, 1, event.at)

    def _refunded(self, event: ev.OrderRefunded) -> None:
        order = self._orders.get(event.order)
        if order is None:
            raise EventRefused(f"there is no order {event.order}", param="order")
        lines, before = order.lines(), self._still_paid.get(event.order)
        if before is None:
            before = {line.sku: line.paid for line in lines}
        taken = refund_by_line(
            before,
            amount_minor=None if event.amount is UNSET else event.amount,
            lines=None if event.lines is UNSET else [(line.sku, line.amount) for line in event.lines],
        )
        after = self._still_paid[event.order] = after_refund(before, taken)
        if not earns(self.plan, order):
            return
        changes = changed_amounts(order.terms, lines, list(before.values()), list(after.values()))
        self._post(event.order, self.network.earners(order.terms), changes)
        left_minor = sum(after.values())
        self._earn(event.order, self._invite_bonuses.refunded(event.order, left_minor))
        if order.counts:
            watched = self.network.outlook(order.leader).watched
            self._perform(order, watched, -sum(taken.values()), 0 if left_minor else -1, event.at)

    def _left_minor(self, order_id: str, order: PaidOrder) -> int:
        still_paid = self._still_paid.get(order_id)
        return sum(line.paid for line in order.lines()) if still_paid is None else sum(still_paid.values())

    def _perform(
        self, order: PaidOrder, watched: tuple[Leader, ...], amount_minor: int, orders: int, at: datetime
    ) -> None:
        """Count sales (below 0: a refund) for the seller and those above; confirm and promote who has earned it."""
        leader, alerted = order.leader, list[Leader]()
        self._month_sales += amount_minor
        if amount_minor > 0:
            alerted = self._performance.sold(leader, watched, amount_minor)
        else:
            self._performance.gave_back(leader, watched, -amount_minor)
        if self._since_joining.asked:
            counts_from = window_over(self.plan, order.paid_at) if self._performance_waits else order.paid_at
            self._since_joining.sold(leader, amount_minor, orders, counts_from)
        on_probation = leader.standing.status == "probation"
        if on_probation and self._in_probation_window(order):
            leader.probation_sales += amount_minor
            leader.probation_orders += orders
        if on_probation or self._confirms_by_others:
            self._confirm_deserving(leader, at)
        if alerted:
            self._performance.raise_deserving(alerted)

    def _in_probation_window(self, order: PaidOrder) -> bool:
        began_at = order.leader.probation_began_at
        return began_at is not None and order.paid_at >= began_at

    def _win_customer(self, customer: str, sale: Sale, order: PaidOrder) -> None:
        rule = self.plan.rule(Acquisition)
        if rule is not None and wins_customer(sale, known_customer=customer in self._customers):
            self._customers.add(customer)
            matter = sale.order_id, order, sum([line.paid for line in sale.lines])
            self._expect(self._acquisitions, acquisition_release(rule, order.paid_at), matter)

    # ------------------------------------------------------------------------------------------------- bookkeeping

    def _leader(self, leader_id: str) -> Leader:
        leader = self.network.leaders.get(leader_id)
        if leader is None:
            raise EventRefused(f"there is no leader {leader_id}", param="leader")
        return leader

    def _post(self, order_id: str, earners: Earners, amounts_minor: list[int]) -> None:
        """Post what an order earns, or a refund changes; `earners` in the order of the amounts."""
        for (leader, leader_id, kind), amount_minor in zip(earners, amounts_minor, strict=True):
            if amount_minor:
                leader.earned += amount_minor
                self._note(order_id, leader_id, kind, amount_minor)

    def _earn(self, order_id: str | None, earned: Iterable[Reward | Change]) -> None:
        for reward in earned:
            if reward.kind != "invite_coupon":
                self.network.leaders[reward.leader_id].earned += reward.amount_minor
            self._note(order_id, reward.leader_id, reward.kind, reward.amount_minor)

    def _note(self, order_id: str | None, leader_id: str, kind: Kind, amount_minor: int) -> None:
        if self._notes_earnings:
            self._earnings.append(Earning(self._event_no, order_id, leader_id, kind, amount_minor))
