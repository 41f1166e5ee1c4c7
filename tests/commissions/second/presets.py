"""The five presets of OPERATING_MODELS.md, each in its own words."""

from collections.abc import Sequence
from datetime import datetime
from fractions import Fraction
from math import floor
from typing import ClassVar

from tests.commissions.second.brand import Brand, Rewards
from tests.commissions.second.facts import Leader, Line, Order, Refused, share_of, split_by_weight


class Assessed(Brand):
    ranks = ("leader", "senior")
    trial_days = 7

    def passed(self, orders: int, sales: int) -> bool:
        return orders >= 3 or sales >= 199_00

    def deserves(self, leader: Leader, rank: str) -> bool:
        direct = [other.leader_id for other in self.direct(leader)]
        return len(direct) >= 5 and self.sales([leader.leader_id, *direct]) >= 39_800_00

    def rewards(self, order: Order) -> Rewards:
        due = {(order.seller, "retail"): self.margin(order, 80_00 if order.seller_rank == "senior" else 85_00)}
        for inviter, rank, status in order.uplines[:1]:
            if status == "confirmed" and rank == order.seller_rank == "senior":
                due[inviter, "incubation"] = share_of(order.left, 500)
            elif status == "confirmed":
                due[inviter, "direct_referral"] = share_of(order.left, 300)
        return due


class ThreeTier(Brand):
    ranks = ("owner", "team", "partner")
    smallest_group = 100
    settlement_bp: ClassVar = {"owner": 70_00, "team": 68_00, "partner": 66_00}
    rebate_bp: ClassVar = {"owner": 0, "team": 300, "partner": 500}

    def deserves(self, leader: Leader, rank: str) -> bool:
        team_sales = self.sales_this_month(self.team(leader))
        if rank == "partner":
            return team_sales >= 300_000_00
        groups = leader.groups + sum(other.groups for other in self.direct(leader))
        return groups >= 5 and team_sales >= 50_000_00

    def rewards(self, order: Order) -> Rewards:
        due = {(order.seller, "retail"): self.margin(order, self.settlement_bp[order.seller_rank])}
        taken = self.rebate_bp[order.seller_rank]
        for upline, rank, _ in order.uplines:
            if self.rebate_bp[rank] > taken:
                due[upline, "tier_rebate"] = share_of(order.left, self.rebate_bp[rank]) - share_of(order.left, taken)
                taken = self.rebate_bp[rank]
        for inviter, rank, _ in order.uplines[:1]:
            if rank == order.seller_rank:
                due[inviter, "same_rank_referral"] = share_of(order.left, 100)
        return due

    def on_month_end(self, start: datetime, end: datetime) -> None:
        pool = share_of(max(0, self.sales(list(self.leaders), start, end)), 100)
        partners = sorted(leader_id for leader_id, leader in self.leaders.items() if leader.rank == "partner")
        weights = [max(0, self.sales(self.team(self.leaders[partner]), start, end)) for partner in partners]
        for partner, share in zip(partners, split_by_weight(pool, weights), strict=True):
            self.earn(None, partner, "dividend", share)


class StockClearance(Brand):
    trial_days = 30

    def passed(self, orders: int, sales: int) -> bool:
        return sales >= 3_000_00

    def rewards(self, order: Order) -> Rewards:
        return {
            (inviter, "direct_referral"): share_of(order.left, 200)
            for inviter, _, status in order.uplines[:1]
            if status == "confirmed" and order.seller_status == "confirmed"
        }


class Breakaway(Brand):
    ranks = ("owner", "gold", "senior_gold")
    heads = ("gold", "senior_gold")
    bonus: ClassVar = {"gold": 100_00, "senior_gold": 150_00}

    def check_lines(self, lines: list[Line]) -> None:
        if any(line.rate_bp is None or not 500 <= line.rate_bp <= 4_000 for line in lines):
            raise Refused("rate")

    def deserves(self, leader: Leader, rank: str) -> bool:
        team_sales = self.sales(self.team(leader))
        if rank == "gold":
            return len(self.direct(leader)) >= 10 and team_sales >= 10_000_00
        golds = [other for other in self.direct(leader) if other.rank in self.heads]
        return len(golds) >= 3 and team_sales >= 100_000_00

    def rewards(self, order: Order) -> Rewards:
        retail = floor(sum(Fraction(line.left * (line.rate_bp or 0), 10_000) for line in order.lines))
        due = {(order.seller, "retail"): retail}
        if order.seller_rank in self.heads:
            earners: Sequence[tuple[str, str, str]] = order.uplines[:1]
            kind = "breakaway_referral"
        else:
            earners = order.uplines
            kind = "team_override"
        for upline in [upline for upline, rank, _ in earners if rank in self.heads][:1]:
            due[upline, kind] = share_of(retail, 25_00)
        return due

    def on_confirmed(self, leader: Leader) -> None:
        uplines = self.uplines(leader)
        for head in [upline for upline in uplines if upline.rank in self.heads][:1]:
            self.earn(None, head.leader_id, "invite_bonus", self.bonus[head.rank])
        if uplines and uplines[0].rank == "owner":
            self.earn(None, uplines[0].leader_id, "invite_coupon", 20_00)


class SimpleReferral(Brand):
    acquisition = (7, 20_00, 5_00)

    def rewards(self, order: Order) -> Rewards:
        due = {(order.seller, "retail"): share_of(order.left, 1_000)}
        for inviter, _, _ in order.uplines[:1]:
            due[inviter, "direct_referral"] = share_of(order.left, 300)
        return due


PRESETS: dict[str, type[Brand]] = {
    "assessed": Assessed,
    "three_tier": ThreeTier,
    "stock_clearance": StockClearance,
    "breakaway": Breakaway,
    "simple_referral": SimpleReferral,
}
