"""The parts of the plan language that no preset uses, a second time, from infra/decisions/0003 alone.

One brand that has them all; its switches are drawn by the test.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.commissions.second.facts import Leader, Order, share_of, split_by_weight
from tests.commissions.second.presets import Breakaway

WINDOW = timedelta(days=7)


@dataclass
class LoggedLeader(Leader):
    """A leader that counts the changes of its rank, and forgets a fall when it is up there again."""

    changes: int = 0
    fell_from: int = 0

    def __setattr__(self, name: str, value: Any) -> None:
        if name == "rank" and getattr(self, "rank", value) != value:
            self.changes += 1
            if Breakaway.ranks.index(value) >= self.fell_from:
                self.fell_from = 0
        super().__setattr__(name, value)


class Beyond(Breakaway):
    """Preset `breakaway` with a probation, a dividend for golds, and every switch there is."""

    trial_days = 14
    waits = first_order = keeps = moves_up = left_out = False
    per_month: int | None = None
    leader_class = LoggedLeader

    def __init__(self, zone: str) -> None:
        super().__init__(zone)
        self.joined: dict[str, datetime] = {}
        self.confirmations: list[tuple[str, datetime]] = []  # inviter, when
        self.counts: list[tuple[list[str], datetime, int, int]] = []  # path at the time, counts from, amount, orders
        self.bonuses: dict[str, tuple[str, int, int]] = {}  # order: earner, bonus, what was paid then
        self.earned_at: list[tuple[str, datetime]] = []
        self.brought: set[str] = set()
        self.over: set[str] = set()  # orders whose window is over
        self.month: datetime | None = None
        self.instant = datetime.min.replace(tzinfo=UTC)
        self.at_start: dict[str, dict[str, int]] = {"gold": {}, "senior_gold": {}}
        self.asked: set[str] = set()  # ranks whose notices of this month are given
        self.told: set[tuple[str, str]] = set()
        self.notices: list[tuple[datetime, str, str]] = []

    # ── time

    def let_time_pass(self, since: datetime, until: datetime) -> None:
        self.month = self.month or self.month_start(since)
        while due := sorted(one for one in self.moments(self.month) if one[0] <= until):
            self.instant, kind, what = due[0]
            [self.end_trial, self.end_month, self.tell, self.end_window][kind](what)
        self.instant = until

    def moments(self, month: datetime) -> Iterator[tuple[datetime, int, str]]:
        end = self.month_start(month + timedelta(days=40))
        yield end, 1, ""
        for rank, days in (("gold", 7), ("senior_gold", 10)):
            if self.assessed(rank, end) and rank not in self.asked:
                yield end - timedelta(days=days), 2, rank
        for leader in self.leaders.values():
            if leader.status == "probation":
                yield self.trial_ends(leader), 0, leader.leader_id
        # In the order of payment: sorted() keeps it for one instant only if the key ends there, so it is numbered.
        for number, order in enumerate(self.orders.values()):
            if order.order_id not in self.over:
                yield order.paid_at + WINDOW, 3, f"{number:06}"

    def assessed(self, rank: str, end: datetime) -> bool:
        quarter_ends = end.astimezone(self.zone).month in (1, 4, 7, 10)
        return self.keeps and (rank == "gold" or quarter_ends)

    def end_trial(self, leader_id: str) -> None:
        removed = self.leaders[leader_id]
        removed.status = "removed"
        above = next((upline for upline in self.uplines(removed) if upline.status == "confirmed"), None)
        if self.moves_up:
            for other in self.leaders.values():
                if other.inviter == leader_id:
                    other.inviter = above.leader_id if above else None
            if above:
                self.promote(above)

    def end_month(self, _: str) -> None:
        assert self.month is not None
        self.pay_dividend(self.month, self.instant)
        ranks = [rank for rank in ("gold", "senior_gold") if self.assessed(rank, self.instant)]
        falling = [(rank, self.leaders[name]) for rank, name in self.told if rank in ranks and self.misses(rank, name)]
        for rank, leader in falling:
            leader.rank = self.ranks[self.ranks.index(rank) - 1]
            leader.fell_from = max(leader.fell_from, self.ranks.index(rank))
        self.month = self.instant
        for rank in ranks:
            self.told = {one for one in self.told if one[0] != rank}
            self.at_start[rank] = {name: leader.changes for name, leader in self.leaders.items() if leader.rank == rank}
        self.asked = set()

    def tell(self, rank: str) -> None:
        self.asked.add(rank)
        for name in sorted(self.at_start[rank]):
            if self.misses(rank, name):
                self.told.add((rank, name))
                self.notices.append((self.instant, name, rank))

    def misses(self, rank: str, name: str) -> bool:
        leader = self.leaders[name]
        held = leader.status == "confirmed" and leader.changes == self.at_start[rank].get(name)
        return held and not self.keeps_up(leader, rank)

    def keeps_up(self, leader: Leader, rank: str) -> bool:
        assert self.month is not None
        if rank == "gold":
            return self.sales(self.team(leader), start=self.month) >= 5_000_00
        return self.sales(self.team(leader), start=self.quarter()) >= 50_000_00

    def quarter(self) -> datetime:
        assert self.month is not None
        start = self.month
        while start.astimezone(self.zone).month not in (1, 4, 7, 10):
            start = self.month_start(start - timedelta(days=3))
        return start

    def end_window(self, number: str) -> None:
        order = list(self.orders.values())[int(number)]
        self.over.add(order.order_id)
        if not order.left or (order.self_purchase and not self.counts_self_purchases):
            return
        self.bring_bonus(order)
        if self.waits:
            self.count(order, order.left, 1)
            self.promote(self.leaders[order.seller])

    # ── sales

    def counts_from(self, order: Order) -> datetime:
        return order.paid_at + WINDOW if self.waits else order.paid_at

    def sales(self, sellers: list[str], start: datetime | None = None, end: datetime | None = None) -> int:
        total = 0
        for order in self.counted(sellers):
            if self.waits and order.order_id not in self.over:
                continue
            came = self.counts_from(order)
            moves = [(came, order.paid), *((max(at, came), -amount) for at, amount in order.refunds)]
            total += sum(amount for at, amount in moves if (not start or at >= start) and (not end or at < end))
        return total

    def count(self, order: Order, amount: int, orders: int) -> None:
        if self.counts_self_purchases or not order.self_purchase:
            path = [order.seller, *(upline.leader_id for upline in self.uplines(self.leaders[order.seller]))]
            self.counts.append((path, self.counts_from(order), amount, orders))

    def since_joining(self, leader: Leader, days: int, *, team: bool) -> int:
        until = self.joined[leader.leader_id] + timedelta(days=days)
        return sum(
            amount
            for path, at, amount, _ in self.counts
            if at < until and leader.leader_id in (path if team else path[:1])
        )

    def brought_in(self, leader: Leader, days: int) -> int:
        until = self.joined[leader.leader_id] + timedelta(days=days)
        return sum(inviter == leader.leader_id and at < until for inviter, at in self.confirmations)

    # ── events

    def on_leader_joined(self, event: dict[str, Any], at: datetime) -> Leader:
        leader = super().on_leader_joined(event, at)
        self.joined[leader.leader_id] = at
        return leader

    def on_order_paid(self, event: dict[str, Any], at: datetime) -> Leader:
        seller = super().on_order_paid(event, at)
        order = self.orders[event["order"]]
        if order.paid and not self.waits:
            self.count(order, order.paid, 1)
        return seller

    def on_order_refunded(self, event: dict[str, Any], at: datetime) -> Leader:
        seller = super().on_order_refunded(event, at)
        order = self.orders[event["order"]]
        if not self.waits or order.order_id in self.over:
            self.count(order, -order.refunds[-1][1], 0 if order.left else -1)
        if order.order_id in self.bonuses:
            earner, bonus, paid = self.bonuses[order.order_id]
            posted = sum(
                earning["amount"]
                for earning in self.earnings
                if earning["order"] == order.order_id and earning["kind"] == "invite_bonus"
            )
            self.earn(order.order_id, earner, "invite_bonus", bonus * order.left // paid - posted)
        return seller

    # ── standing

    def confirm_if_passed(self, leader: Leader) -> None:
        pass  # done in `promote`, for those above as well

    def promote(self, concerned: Leader) -> None:
        before = None
        while before != (before := [(one.rank, one.status) for one in self.leaders.values()]):
            for leader in [concerned, *self.uplines(concerned)]:
                if leader.status == "probation" and self.passes(leader):
                    self.on_confirmed(leader)
                    leader.status = "confirmed"
                    break
            else:
                super().promote(concerned)

    def passes(self, leader: Leader) -> bool:
        orders = [
            order.left
            for order in self.counted([leader.leader_id])
            if order.paid_at >= leader.trial_since and order.left and (not self.waits or order.order_id in self.over)
        ]
        return len(orders) >= 2 or sum(orders) >= 199_00 or len(self.direct(leader)) >= 2

    def deserves(self, leader: Leader, rank: str) -> bool:
        fell = leader.fell_from >= self.ranks.index(rank)
        return self.rises(leader, rank) and (not (self.keeps and fell) or self.keeps_up(leader, rank))

    def rises(self, leader: Leader, rank: str) -> bool:
        direct = self.direct(leader)
        if rank == "gold":
            return (
                (len(direct) >= 2 and self.sales(self.team(leader)) >= 10_000_00)
                or self.since_joining(leader, 10, team=False) >= 50_000_00
                or self.brought_in(leader, 10) >= 3
            )
        quarter = self.sales(self.team(leader), start=self.quarter())
        golds = [other for other in direct if other.rank in self.heads]
        return bool(golds) and (quarter >= 100_000_00 or self.since_joining(leader, 30, team=True) >= 200_000_00)

    # ── earnings

    def on_confirmed(self, leader: Leader) -> None:
        if leader.inviter is not None:
            self.confirmations.append((leader.inviter, self.instant))
        uplines = self.uplines(leader)
        if not self.first_order:
            self.pay_bonus(None, uplines)
        if uplines and uplines[0].rank == "owner" and uplines[0].status == "confirmed":
            self.earn(None, uplines[0].leader_id, "invite_coupon", 20_00)

    def bring_bonus(self, order: Order) -> None:
        newcomer = self.leaders[order.seller]
        if self.first_order and newcomer.status == "confirmed" and newcomer.leader_id not in self.brought:
            self.brought.add(newcomer.leader_id)
            earner = self.pay_bonus(order.order_id, self.uplines(newcomer))
            if earner is not None:
                self.bonuses[order.order_id] = (earner.leader_id, self.bonus[earner.rank], order.left)

    def pay_bonus(self, order_id: str | None, uplines: list[Leader]) -> Leader | None:
        head = next((upline for upline in uplines if upline.rank in self.heads), None)
        if head is None or head.status != "confirmed":
            return None
        month = self.month_start(self.instant)
        if self.per_month is not None and self.earned_at.count((head.leader_id, month)) >= self.per_month:
            return None
        self.earned_at.append((head.leader_id, month))
        self.earn(order_id, head.leader_id, "invite_bonus", self.bonus[head.rank])
        return head

    def pay_dividend(self, start: datetime, end: datetime) -> None:
        pool = share_of(max(0, self.sales(list(self.leaders), start, end)), 100)
        sharers = sorted(
            name for name, leader in self.leaders.items() if leader.rank in self.heads and leader.status == "confirmed"
        )
        weights = [max(0, self.sales(self.weighing(name, sharers), start, end)) for name in sharers]
        for name, share in zip(sharers, split_by_weight(pool, weights), strict=True):
            self.earn(None, name, "dividend", share)

    def weighing(self, sharer: str, sharers: list[str]) -> list[str]:
        """Whose sales weigh for a sharer: its team's, or only those it is the nearest sharer of."""
        team = self.team(self.leaders[sharer])
        if not self.left_out:
            return team
        return [name for name in team if self.nearest(name, sharers) == sharer]

    def nearest(self, name: str, sharers: list[str]) -> str | None:
        path = [name, *(upline.leader_id for upline in self.uplines(self.leaders[name]))]
        return next((one for one in path if one in sharers), None)
