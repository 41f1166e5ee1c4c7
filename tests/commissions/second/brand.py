"""A brand living through a history: what OPERATING_MODELS.md says of all plans, under "Arithmetic" and "Files"."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from fractions import Fraction
from math import ceil, floor
from typing import Any
from zoneinfo import ZoneInfo

from tests.commissions.second.facts import (
    Leader,
    Line,
    Order,
    Refused,
    instant,
    read_lines,
    refund_by_line,
    share_of,
    split_by_weight,
)

Rewards = dict[tuple[str, str], int]


class Brand:
    """Sales are summed from all orders ever each time somebody asks."""

    ranks: tuple[str, ...] = ("leader",)
    trial_days: int | None = None
    smallest_group: int | None = None
    payout_cap_bp: int | None = None
    counts_self_purchases = True
    leader_class = Leader
    acquisition: tuple[int, int, int] | None = None  # days, smallest remainder, reward

    def __init__(self, zone: str) -> None:
        self.zone = ZoneInfo(zone)
        self.leaders: dict[str, Leader] = {}
        self.orders: dict[str, Order] = {}
        self.customers: set[str] = set()
        self.earnings: list[dict[str, Any]] = []
        self.now: datetime | None = None
        self.event_no = 0

    # ── what each preset says for itself

    def rewards(self, order: Order) -> Rewards:
        return {}

    def deserves(self, leader: Leader, rank: str) -> bool:
        return False

    def passed(self, orders: int, sales: int) -> bool:
        return False

    def on_confirmed(self, leader: Leader) -> None:
        pass

    def on_month_end(self, start: datetime, end: datetime) -> None:
        pass

    # ── events

    def feed(self, event_no: int, event: dict[str, Any]) -> None:
        at = instant(event["at"])
        if self.now is not None and at < self.now:
            raise Refused("time runs backwards")
        self.event_no = event_no
        self.let_time_pass(self.now or at, at)
        self.now = at
        if event["type"] == "clock":
            return
        concerned = getattr(self, "on_" + event["type"].replace(".", "_"))(event, at)
        self.confirm_if_passed(concerned)
        self.promote(concerned)

    def on_leader_joined(self, event: dict[str, Any], at: datetime) -> Leader:
        inviter = event["inviter"]
        if event["leader"] in self.leaders:
            raise Refused("joined twice")
        if inviter is not None and (inviter not in self.leaders or self.leaders[inviter].status == "removed"):
            raise Refused("nobody who can invite")
        if self.smallest_group is not None and event.get("group_size", 0) < self.smallest_group:
            raise Refused("not admitted")
        status = "confirmed" if self.trial_days is None or inviter is None else "probation"
        leader = self.leader_class(event["leader"], inviter, status, self.ranks[0], at, event.get("groups", 1))
        self.leaders[leader.leader_id] = leader
        if status == "confirmed":
            self.on_confirmed(leader)
        return leader

    def on_leader_groups(self, event: dict[str, Any], at: datetime) -> Leader:
        leader = self.known(event["leader"])
        leader.groups = event["groups"]
        return leader

    def on_rank_set(self, event: dict[str, Any], at: datetime) -> Leader:
        leader = self.known(event["leader"])
        if leader.status != "confirmed" or event["rank"] not in self.ranks:
            raise Refused("rank")
        leader.rank = event["rank"]
        return leader

    def on_trial_started(self, event: dict[str, Any], at: datetime) -> Leader:
        leader = self.known(event["leader"])
        if leader.status != "removed":
            raise Refused("was not removed")
        leader.status, leader.trial_since = "probation", at
        return leader

    def on_order_paid(self, event: dict[str, Any], at: datetime) -> Leader:
        seller = self.known(event["leader"])
        if seller.status == "removed" or event["order"] in self.orders:
            raise Refused("order")
        lines = read_lines(event)
        self.check_lines(lines)
        uplines = [(upline.leader_id, upline.rank, upline.status) for upline in self.uplines(seller)]
        own = event.get("self_purchase", False)
        order = Order(
            event["order"], seller.leader_id, seller.rank, seller.status, uplines, at, lines, own, acquires=False
        )
        customer = event.get("customer")
        if order.paid and customer is not None and not own and customer not in self.customers:
            self.customers.add(customer)
            order.acquires = True
        self.orders[order.order_id] = order
        self.post_again(order)
        return seller

    def on_order_refunded(self, event: dict[str, Any], at: datetime) -> Leader:
        if event["order"] not in self.orders:
            raise Refused("unknown order")
        order = self.orders[event["order"]]
        taken = refund_by_line(order, event)
        for line, amount in zip(order.lines, taken, strict=True):
            line.left -= amount
        order.refunds.append((at, sum(taken)))
        self.post_again(order)
        return self.leaders[order.seller]

    def check_lines(self, lines: list[Line]) -> None:
        pass

    def known(self, leader_id: str) -> Leader:
        if leader_id not in self.leaders:
            raise Refused("unknown leader")
        return self.leaders[leader_id]

    # ── time

    def let_time_pass(self, since: datetime, until: datetime) -> None:
        """Deadlines and month ends after `since` and up to `until`: the earliest first, deadlines before months."""
        for end in [*self.month_ends(since, until), None]:
            moments = sorted({due for due in self.deadlines() if due <= (end or until)})
            for due in moments:
                self.reach(due)
            if end is not None:
                self.on_month_end(self.month_start(end - timedelta(days=3)), end)

    def deadlines(self) -> Iterator[datetime]:
        for leader in self.leaders.values():
            if leader.status == "probation":
                yield self.trial_ends(leader)
        for order in self.orders.values():
            if order.acquires and self.acquisition is not None:
                yield order.paid_at + timedelta(days=self.acquisition[0])

    def reach(self, moment: datetime) -> None:
        for leader in self.leaders.values():
            if leader.status == "probation" and self.trial_ends(leader) == moment:
                leader.status = "removed"
        if self.acquisition is None:
            return
        days, smallest, reward = self.acquisition
        for order in self.orders.values():
            if order.acquires and order.paid_at + timedelta(days=days) == moment:
                order.acquires = False
                if order.left >= smallest:
                    self.earn(order.order_id, order.seller, "acquisition", reward)

    def trial_ends(self, leader: Leader) -> datetime:
        return leader.trial_since + timedelta(days=self.trial_days or 0)

    def month_start(self, at: datetime) -> datetime:
        local = at.astimezone(self.zone)
        return datetime(local.year, local.month, 1, tzinfo=self.zone).astimezone(UTC)

    def month_ends(self, since: datetime, until: datetime) -> Iterator[datetime]:
        # No month is shorter than 28 days, and 40 days after its start lie in the next one.
        end = self.month_start(self.month_start(since) + timedelta(days=40))
        while end <= until:
            if end > since:
                yield end
            end = self.month_start(end + timedelta(days=40))

    # ── standing

    def confirm_if_passed(self, leader: Leader) -> None:
        if leader.status != "probation":
            return
        end = self.trial_ends(leader)
        counted = [
            order.left for order in self.counted([leader.leader_id]) if leader.trial_since <= order.paid_at < end
        ]
        if self.passed(sum(left > 0 for left in counted), sum(counted)):
            leader.status = "confirmed"
            self.on_confirmed(leader)

    def promote(self, concerned: Leader) -> None:
        changed = True
        while changed:
            changed = False
            for leader in [concerned, *self.uplines(concerned)]:
                higher = self.ranks[self.ranks.index(leader.rank) + 1 :]
                if leader.status == "confirmed" and higher and self.deserves(leader, higher[0]):
                    leader.rank = higher[0]
                    changed = True

    def uplines(self, leader: Leader) -> list[Leader]:
        path = []
        while leader.inviter is not None:
            leader = self.leaders[leader.inviter]
            path.append(leader)
        return path

    def direct(self, leader: Leader) -> list[Leader]:
        """Direct leaders that count as confirmed ones."""
        return [
            other
            for other in self.leaders.values()
            if other.inviter == leader.leader_id and other.status == "confirmed"
        ]

    def team(self, leader: Leader) -> list[str]:
        return [other.leader_id for other in self.leaders.values() if other is leader or leader in self.uplines(other)]

    # ── sales

    def counted(self, sellers: list[str]) -> list[Order]:
        return [
            order
            for order in self.orders.values()
            if order.seller in sellers and (self.counts_self_purchases or not order.self_purchase)
        ]

    def sales(self, sellers: list[str], start: datetime | None = None, end: datetime | None = None) -> int:
        def within(at: datetime) -> bool:
            return (start is None or at >= start) and (end is None or at < end)

        return sum(
            order.paid * within(order.paid_at) - sum(amount for at, amount in order.refunds if within(at))
            for order in self.counted(sellers)
        )

    def sales_this_month(self, sellers: list[str]) -> int:
        assert self.now is not None
        return self.sales(sellers, start=self.month_start(self.now))

    # ── earnings

    def earn(self, order_id: str | None, leader_id: str, kind: str, amount: int) -> None:
        if amount:
            earning = {"event": self.event_no, "order": order_id, "leader": leader_id, "kind": kind, "amount": amount}
            self.earnings.append(earning)

    def post_again(self, order: Order) -> None:
        """Post what the order's rewards are now, less what has been posted of them."""
        if order.self_purchase and not self.counts_self_purchases:
            return
        due = self.capped(order, self.rewards(order))
        for who, kind in sorted(due.keys() | order.posted.keys()):
            amount = due.get((who, kind), 0) - order.posted.get((who, kind), 0)
            self.earn(order.order_id, who, kind, amount)
        order.posted = due

    def capped(self, order: Order, due: Rewards) -> Rewards:
        if self.payout_cap_bp is None:
            return due
        limit = share_of(order.left, self.payout_cap_bp)
        if sum(due.values()) <= limit:
            return due
        retail = {key: amount for key, amount in due.items() if key[1] == "retail"}
        others = sorted(key for key in due if key[1] != "retail")
        room = max(0, limit - sum(retail.values()))
        return retail | dict(zip(others, split_by_weight(room, [due[key] for key in others]), strict=True))

    def margin(self, order: Order, settlement_bp: int) -> int:
        """What the seller keeps above the settlement price, on what is still paid."""
        total = Fraction(0)
        for line in order.lines:
            kept = max(0, line.paid - ceil(Fraction(line.list_price * line.qty * settlement_bp, 10_000)))
            total += Fraction(kept * line.left, line.paid) if line.paid else 0
        return floor(total)

    def summary(self) -> list[dict[str, Any]]:
        rows = []
        for leader_id in sorted(self.leaders):
            leader = self.leaders[leader_id]
            cash = [earning["amount"] for earning in self.earnings if earning["leader"] == leader_id]
            coupons = [
                earning["amount"]
                for earning in self.earnings
                if earning["leader"] == leader_id and earning["kind"] == "invite_coupon"
            ]
            rows.append(
                {
                    "leader": leader_id,
                    "rank": leader.rank,
                    "status": leader.status,
                    "earned": sum(cash) - sum(coupons),
                    "own_sales": self.sales([leader_id]),
                    "team_sales": self.sales(self.team(leader)),
                }
            )
        return rows
