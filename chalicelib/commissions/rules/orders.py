"""Orders in a simulation: paid, refunded, and what comes of them when a window is over (OPERATING_MODELS.md)."""

from datetime import datetime, tzinfo

from msgspec import UNSET, UnsetType

from chalicelib.commissions.rules.accrual import amounts, changed_amounts, earns
from chalicelib.commissions.rules.agenda import Calendar, Queue
from chalicelib.commissions.rules.earnings import Earnings
from chalicelib.commissions.rules.events import EventRefused, OrderPaid, OrderRefunded
from chalicelib.commissions.rules.invite_bonuses import InviteBonuses
from chalicelib.commissions.rules.language import Acquisition, Plan, ProductRate, Retail
from chalicelib.commissions.rules.network import Leader, Network
from chalicelib.commissions.rules.paid_order import PaidOrder, keep, paid_lines
from chalicelib.commissions.rules.people import People
from chalicelib.commissions.rules.performance import Performance
from chalicelib.commissions.rules.periodic import acquisition_reward, wins_customer
from chalicelib.commissions.rules.refund import after_refund, refund_by_line
from chalicelib.commissions.rules.sale import Line, Sale, check_line_rates
from chalicelib.commissions.rules.time import acquisition_release, month_of, window_over


class Orders:
    """All orders of a brand, and its customers."""

    def __init__(
        self,
        plan: Plan,
        zone: tzinfo,
        network: Network,
        performance: Performance,
        invite_bonuses: InviteBonuses,
        earnings: Earnings,
        calendar: Calendar,
        people: People,
    ) -> None:
        self.windows: Queue[tuple[str, PaidOrder]] = Queue()
        self._plan = plan
        self._zone = zone
        self._network = network
        self._performance = performance
        self._invite_bonuses = invite_bonuses
        self._earnings = earnings
        self._calendar = calendar
        self._people = people
        self._orders: dict[str, PaidOrder] = {}
        self._still_paid: dict[str, dict[str, int]] = {}
        self._customers: set[str | UnsetType] = set()
        self._month_sales_minor = 0
        self._acquisitions: Queue[tuple[str, PaidOrder, int]] = Queue()
        calendar.on(self._acquisitions, self._release_acquisition)
        self._acquisition = plan.rule(Acquisition)
        retail = plan.rule(Retail)
        self._line_rates_matter = retail is not None and isinstance(retail.margin, ProductRate)
        self._rates_found_good: set[int | None] = set()
        self._performance_waits = plan.performance_waits
        self._waits_for_windows = plan.performance_waits or invite_bonuses.wait_for_orders

    # ---------------------------------------------------------------------------------------------------- events

    def paid(self, event: OrderPaid) -> None:
        """Take a paid order: who earns on it earns, and what its seller and those above have sold grows."""
        order_id, leader = event.order, self._network.leaders.get(event.leader) or self._people.leader(event.leader)
        if order_id in self._orders:
            raise EventRefused(f"order {order_id} is paid already", param="order")
        business = leader.business or self._network.business(leader)
        if not business.takes_orders:
            raise EventRefused(f"leader {event.leader} is removed and takes no orders", param="leader")
        lines, at = paid_lines(event), event.at
        if self._line_rates_matter:
            self._check_rates(lines)
        counts, self_purchase = not self._performance_waits, event.self_purchase is True
        order = PaidOrder(leader, business.terms, keep(lines), at, self_purchase, counts)
        self._orders[order_id] = order
        paid = [line.paid for line in lines]
        sales_minor = sum(paid)
        if sales_minor == 0:
            return
        if self._acquisition is not None and event.customer not in self._customers:
            self._win_customer(self._acquisition, event, lines, order)
        if self_purchase and not earns(self._plan, order):
            return
        self._earnings.post(order_id, business.earners, amounts(business.terms, lines, paid))
        if self._waits_for_windows:
            self._calendar.expect(self.windows, window_over(self._plan, at), (order_id, order))
        if counts:
            self._perform(order, business.watched, sales_minor, 1, at)

    def refunded(self, event: OrderRefunded) -> None:
        """Take a refund: everybody's reward is reckoned anew on what is left, and what was sold goes down."""
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
        if not earns(self._plan, order):
            return
        changes = changed_amounts(order.terms, lines, list(before.values()), list(after.values()))
        self._earnings.post(event.order, self._network.earners(order.terms), changes)
        left_minor = sum(after.values())
        self._earnings.give(event.order, self._invite_bonuses.refunded(event.order, left_minor))
        if order.counts:
            watched = self._network.outlook(order.leader).watched
            self._perform(order, watched, -sum(taken.values()), 0 if left_minor else -1, event.at)

    # ---------------------------------------------------------------------------------------------------- time

    def end_window(self, at: datetime) -> None:
        """An order's return window is over: it may bring an invite bonus, and count from now on."""
        order_id, order = self.windows.pop()
        left_minor = self._left_minor(order_id, order)
        if left_minor == 0 or not earns(self._plan, order):
            return
        seller, month = order.leader, month_of(at, self._zone)
        bonus = self._invite_bonuses.window_over(order_id, seller.standing, seller.uplines(), left_minor, month)
        self._earnings.give(order_id, bonus)
        if not order.counts:
            order.counts = True
            self._perform(order, self._network.outlook(seller).watched, left_minor, 1, at)

    def end_month(self) -> int:
        """Give the brand's sales of the month that is over (minor units, refunds off), and begin the next."""
        month_sales_minor, self._month_sales_minor = self._month_sales_minor, 0
        return month_sales_minor

    def _release_acquisition(self, at: datetime) -> None:
        order_id, order, paid_minor = self._acquisitions.pop()
        still_paid = self._still_paid.get(order_id)
        left_minor = paid_minor if still_paid is None else sum(still_paid.values())
        reward = acquisition_reward(self._plan, order.terms.seller, order.leader.standing, left_minor)
        if reward is not None:
            self._earnings.give(order_id, (reward,))

    # ------------------------------------------------------------------------------------------------------ parts

    def _check_rates(self, lines: tuple[Line, ...]) -> None:
        for line in lines:
            if line.rate_bp not in self._rates_found_good:
                check_line_rates(self._plan, (line,))
                self._rates_found_good.add(line.rate_bp)

    def _win_customer(self, rule: Acquisition, event: OrderPaid, lines: tuple[Line, ...], order: PaidOrder) -> None:
        customer = event.customer
        if customer is UNSET:
            return
        sale = Sale(event.order, order.terms.seller, order.terms.uplines, lines, order.self_purchase)
        if wins_customer(sale, known_customer=False):
            self._customers.add(customer)
            matter = event.order, order, sum([line.paid for line in lines])
            self._calendar.expect(self._acquisitions, acquisition_release(rule, event.at), matter)

    def _left_minor(self, order_id: str, order: PaidOrder) -> int:
        still_paid = self._still_paid.get(order_id)
        return sum([line.paid for line in order.lines()]) if still_paid is None else sum(still_paid.values())

    def _perform(
        self, order: PaidOrder, watched: tuple[Leader, ...], amount_minor: int, orders: int, at: datetime
    ) -> None:
        """Count sales (below 0: a refund) for the seller and those above; confirm and promote who has earned it."""
        leader = order.leader
        self._month_sales_minor += amount_minor
        if amount_minor > 0:
            alerted = self._performance.sold(leader, watched, amount_minor)
        else:
            alerted = self._performance.gave_back(leader, watched, -amount_minor)
        if self._people.since_joining.asked:
            counts_from = window_over(self._plan, order.paid_at) if self._performance_waits else order.paid_at
            self._people.since_joining.sold(leader, amount_minor, orders, counts_from)
        began_at = leader.probation_began_at
        if began_at is not None and order.paid_at >= began_at:
            leader.probation_sales += amount_minor
            leader.probation_orders += orders
        if began_at is not None or self._people.confirms_by_others:
            self._people.confirm_deserving(leader, at)
        if alerted:
            self._performance.raise_deserving(alerted)
