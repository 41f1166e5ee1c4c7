"""What a paid order, a refund or a leader's change does to figures: whose, which, by how much. Pure.

Figures are named integers (`infra/access-patterns.md`, Figures). Sales are in minor units, refunds taken off:
`own` and `team` of all time; `own-2026-11`, `team-2026-11-22` of a calendar month or day of the brand; `own_sales~7` of
the first 7 days since joining; `t2_orders` of a leader's second trial; `direct-gold` the direct confirmed leaders of a
rank; `customers-2026-11-22` whom a leader brought to the brand on a day (`Brought`). The `BRAND` has `sales` and,
of months, `paid_orders`: those of which something is left.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.commissions.rules.conditions import Figures, Window, thresholds_of, window_of
from chalicelib.commissions.rules.language import Plan

Counts = Counter[str]
BRAND = ""
"""In place of a leader's id: the brand's own sales."""


@dataclass(frozen=True, slots=True)
class Sold:
    """What an order brought, or a refund took (below 0). `at` decides the month and day, `paid_at` what it counts for.

    orders: 1 for a paid order, -1 when nothing of it is left, 0 for a refund in part.
    """

    seller_id: str
    paid_at: datetime
    at: datetime
    sales_minor: int
    orders: int


@dataclass(frozen=True, slots=True)
class Seller:
    """Whose sale it is: the ids above it when the order was paid (nearest first), and its latest trial, if any."""

    leader_id: str
    path: tuple[str, ...]
    trial_no: int = 0
    trial_since: datetime | None = None
    trial_until: datetime | None = None

    def on_trial(self, paid_at: datetime) -> bool:
        """Whether an order paid at this moment counts towards the latest trial (`since ≤ paid_at < until`)."""
        if self.trial_since is None or paid_at < self.trial_since:
            return False
        return self.trial_until is None or paid_at < self.trial_until


@dataclass(frozen=True, slots=True)
class Place:
    """What of a leader counts for its inviter."""

    leader_id: str
    inviter_id: str | None
    rank: str
    status: str
    groups: int
    since: datetime
    """When it came to be so."""


@dataclass(frozen=True, slots=True)
class Days:
    """The figures over days since joining that a plan asks for, and when the leaders concerned joined."""

    windows: tuple[Window, ...] = ()
    joined_at: Mapping[str, datetime] = field(default_factory=dict)

    def of(self, leader_id: str, amounts: Mapping[str, int], at: datetime) -> Counts:
        """Give the figures (`own_sales~7`) that something at this moment counts for."""
        return Counter(
            {
                over_days(kind, days): amounts[kind]
                for kind, days in self.windows
                if amounts.get(kind) and at < self.joined_at[leader_id] + timedelta(days=days)
            }
        )


NO_DAYS = Days()


# ------------------------------------------------------------------------------------------------ names


def over(figure: str, period: str) -> str:
    """Name a figure of a month (`2026-11`) or a day (`2026-11-22`)."""
    return f"{figure}-{period}"


def over_days(kind: str, days: int) -> str:
    """Name a figure over the first days since joining."""
    return f"{kind}~{days}"


def windows_of(plan: Plan) -> tuple[Window, ...]:
    """List the figures over days since joining that a plan asks for."""
    asked = {window_of(threshold) for condition in plan.conditions for threshold in thresholds_of(condition)}
    return tuple(sorted(window for window in asked if window is not None))


# ------------------------------------------------------------------------------------------------ changes


def of_sale(sold: Sold, seller: Seller, day: str, since_joining: Days = NO_DAYS) -> dict[str, Counts]:
    """Give what a sale or refund changes, by leader and for the `BRAND`. `day`: the brand's day of `sold.at`."""
    amount, month = sold.sales_minor, day[:7]
    team = dict.fromkeys(_spans("team", month, day), amount)
    changes = {leader_id: Counter(team) for leader_id in (sold.seller_id, *seller.path)}
    own = changes[sold.seller_id]
    own.update(dict.fromkeys(_spans("own", month, day), amount))
    if seller.path:
        changes[seller.path[0]]["direct_own"] += amount
    if seller.on_trial(sold.paid_at):
        own.update({f"t{seller.trial_no}_sales": amount, f"t{seller.trial_no}_orders": sold.orders})
    if since_joining.windows:
        for leader_id, counts in changes.items():
            counted = {"team_sales": amount}
            if leader_id == sold.seller_id:
                counted |= {"own_sales": amount, "own_orders": sold.orders}
            counts.update(since_joining.of(leader_id, counted, sold.paid_at))
    changes[BRAND] = Counter(dict.fromkeys(_spans("sales", month, day), amount))
    if sold.orders:
        changes[BRAND][over("paid_orders", month)] = sold.orders
    return changes


Bringing = Literal["members", "customers", "new_leaders"]


@dataclass(frozen=True, slots=True)
class Brought:
    """Somebody new whom a leader brought, or (times: -1) lost again: who ordered, who paid for the first time, who was
    confirmed as a leader."""

    leader_id: str
    figure: Bringing
    times: int = 1


def of_brought(brought: Brought, day: str) -> dict[str, Counts]:
    """Give what somebody new changes for the leader who brought them; nothing in all-time figures, no plan asks."""
    names = over(brought.figure, day[:7]), over(brought.figure, day)
    return {brought.leader_id: Counter(dict.fromkeys(names, brought.times))}


def _spans(figure: str, month: str, day: str) -> tuple[str, str, str]:
    return figure, over(figure, month), over(figure, day)


def of_leader(before: Place | None, after: Place, since_joining: Days = NO_DAYS) -> dict[str, Counts]:
    """Give what a leader's joining, confirmation, rank, groups or move changes for its inviter, old and new."""
    changes: dict[str, Counts] = {}
    for place, times in ((before, -1), (after, 1)):
        if place is not None and place.inviter_id is not None and place.status == "confirmed":
            counts = changes.setdefault(place.inviter_id, Counter())
            counts.update({over("direct", place.rank): times, "direct_groups": times * place.groups})
    if after.inviter_id is not None:
        counts = changes.setdefault(after.inviter_id, Counter())
        if before is not None and before.inviter_id != after.inviter_id:
            counts["direct_moved_in"] += 1  # its sales of before are not in `direct_own`
        if after.status == "confirmed" and (before is None or before.status != "confirmed"):
            counts.update(since_joining.of(after.inviter_id, {"direct_confirmed": 1}, after.since))
    touched = {leader_id: _without_zeros(counts) for leader_id, counts in changes.items()}
    return {leader_id: counts for leader_id, counts in touched.items() if counts}


def _without_zeros(counts: Counts) -> Counts:
    return Counter({name: amount for name, amount in counts.items() if amount})


# ------------------------------------------------------------------------------------------------ reading


def figures_of(
    counts: Mapping[str, int],
    plan: Plan,
    month: str,
    *,
    trial_no: int,
    groups: int,
    fell_from: str | None,
    own_and_direct: int,
) -> Figures:
    """Give a leader's figures as conditions take them; `month` (`2026-11`) is the one that counts as the current one.

    groups: its own. fell_from: the rank that it did not keep up. own_and_direct: its own sales and those of its direct
    confirmed leaders, or an upper bound.
    """
    before = _months_before_in_quarter(month)
    return Figures(
        direct_from_rank=_direct_from_rank(counts, plan),
        own_sales=counts.get("own", 0),
        team_sales=counts.get("team", 0),
        own_and_direct_sales=own_and_direct,
        month_own_sales=counts.get(over("own", month), 0),
        month_team_sales=counts.get(over("team", month), 0),
        probation_sales=counts.get(f"t{trial_no}_sales", 0),
        probation_orders=counts.get(f"t{trial_no}_orders", 0),
        groups=groups + counts.get("direct_groups", 0),
        quarter_own_before=sum(counts.get(over("own", earlier), 0) for earlier in before),
        quarter_team_before=sum(counts.get(over("team", earlier), 0) for earlier in before),
        since_joining={window: counts.get(over_days(*window), 0) for window in windows_of(plan)},
        fell_from=plan.rank_no.get(fell_from, 0) if fell_from else 0,
    )


def most_own_and_direct(counts: Mapping[str, int]) -> int:
    """Give an upper bound of a leader's own and its direct confirmed leaders' sales: all its direct leaders count.

    No bound holds once a leader was moved below it: then what the caller gets passes every threshold.
    """
    if counts.get("direct_moved_in"):
        return 10**18
    return counts.get("own", 0) + counts.get("direct_own", 0)


def _direct_from_rank(counts: Mapping[str, int], plan: Plan) -> list[int]:
    """Count the direct confirmed leaders from each rank on; one of a rank that the plan lost counts as of the first."""
    by_place = [0] * len(plan.ranks)
    for name, count in counts.items():
        figure, _, rank = name.partition("-")
        if figure == "direct":
            by_place[plan.rank_no.get(rank, 0)] += count
    return [sum(by_place[place:]) for place in range(len(by_place))]


def _months_before_in_quarter(month: str) -> Iterable[str]:
    year, number = month.split("-")
    first = (int(number) - 1) // 3 * 3 + 1
    return [f"{year}-{earlier:02d}" for earlier in range(first, int(number))]
