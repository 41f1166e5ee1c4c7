"""One history lived through under two plans: what each pays, what the brand keeps, who gains and who loses.

A plan may refuse what another allows: an order of a leader that it removed, a newcomer that it does not admit. Such
events are left out on that side and counted, for a plan that loses sales looks cheap otherwise.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime, timedelta, tzinfo
from itertools import accumulate
from typing import Protocol

from msgspec import UNSET, Struct

from chalicelib.commissions.rules.earning import Earning
from chalicelib.commissions.rules.events import Event, LeaderJoined, LineRefused, OrderPaid, OrderRefunded
from chalicelib.commissions.rules.language import Plan
from chalicelib.commissions.rules.simulate import Simulation
from chalicelib.errors import Refusal
from chalicelib.money import BASIS_POINTS

AFTERMATH = timedelta(days=31)  # after the last event: a month's end and the common windows come in it
STEPS = 20  # of a curve
LISTED = 10  # who gain, who lose


class AttackCost(Struct, frozen=True):
    """What the attackers of a synthetic network cost, coupons at face value. Money in minor units.

    `paid_minor` is what their accounts (`fakes` are made up) were paid, `real_minor` what their real sales would have
    earned them; `cost_minor` the difference, which the brand pays for nothing: `cost_bp` of its sales without them.
    `others_minor`: what the other leaders earn more (or, below zero, less) for it.
    """

    attackers: int
    fakes: int
    paid_minor: int
    real_minor: int
    cost_minor: int
    cost_bp: int
    cost_by_kind: dict[str, int]
    others_minor: int


class Outcome(Struct, frozen=True):
    """What came of a history under one plan. Money in minor units, shares in basis points (rounded down).

    `sales_minor` is what was paid and not given back; `commission_minor` cash, `coupons_minor` face value;
    `promotions` how often the rules raised somebody, by rank. `curve_bp[i]` is what the i × 5 % of leaders who earn
    least get of all commission; `top_fifth_bp` what the fifth who earn most get. `attackers` is there where a synthetic
    network has some: then all figures are with their tricks.
    """

    plan: str
    leaders: int
    confirmed: int
    removed: int
    orders: int
    sales_minor: int
    commission_minor: int
    coupons_minor: int
    payout_bp: int
    kept_minor: int
    top_fifth_bp: int
    curve_bp: tuple[int, ...]
    promotions: dict[str, int]
    refused_orders: int
    refused_sales_minor: int
    refused_newcomers: int
    first_refusal: str | None
    attackers: AttackCost | None = None


class Change(Struct, frozen=True):
    """What one leader earns under the first and the second plan, in minor units."""

    leader: str
    first_minor: int
    second_minor: int

    @property
    def difference_minor(self) -> int:
        """Above zero: the leader gains by the second plan."""
        return self.second_minor - self.first_minor


class Comparison(Struct, frozen=True):
    """Two outcomes of one history. `gains` and `losses` are the largest, the largest first."""

    first: Outcome
    second: Outcome
    gainers: int
    losers: int
    gains: tuple[Change, ...]
    losses: tuple[Change, ...]


Named = tuple[str, Plan]


class Watch(Protocol):
    """Who looks on while a history is lived through."""

    def earned(self, earning: Earning) -> None:
        """Take in what somebody earned, or had to give back."""

    def refused_order(self, event: OrderPaid) -> None:
        """Take in an order that the plan did not allow."""


def compare(
    plans: tuple[Named, Named], events: Iterable[tuple[int, Event]], zone: tzinfo, *, listed: int = LISTED
) -> Comparison:
    """Live through numbered events (in the order of time) under two named plans; `listed` gain and lose by name.

    Raises `LineRefused` where time runs backwards: that is a fault of the history, not of a plan.
    """
    first, second = (Side(name, plan, zone) for name, plan in plans)
    for number, event in events:
        first.take(number, event)
        second.take(number, event)
    first.end()
    second.end()
    return comparison_of(first, second, listed=listed)


def comparison_of(first: "Side", second: "Side", *, listed: int = LISTED) -> Comparison:
    """Put two runs that have ended side by side."""
    changes = _changes(first.earned(), second.earned())
    gains = sorted((one for one in changes if one.difference_minor > 0), key=lambda one: -one.difference_minor)
    losses = sorted((one for one in changes if one.difference_minor < 0), key=lambda one: one.difference_minor)
    return Comparison(
        first.outcome(), second.outcome(), len(gains), len(losses), tuple(gains[:listed]), tuple(losses[:listed])
    )


class Side:
    """One plan's run, with what the events themselves say of sales."""

    def __init__(self, name: str, plan: Plan, zone: tzinfo, *, watch: Watch | None = None) -> None:
        self._name, self._watch = name, watch
        self._simulation = Simulation(plan, zone)
        self._last_at: datetime | None = None
        self._sales_minor = self._coupons_minor = self._orders = 0
        self._refused_orders = self._refused_sales_minor = self._refused_newcomers = 0
        self._first_refusal: str | None = None

    def live(self, events: Iterable[tuple[int, Event]]) -> None:
        """Live through a whole history, to its end."""
        for number, event in events:
            self.take(number, event)
        self.end()

    def take(self, number: int, event: Event) -> None:
        """Live through one event; one that the plan does not allow is left out and counted. Raises `LineRefused`."""
        if self._last_at is not None and event.at < self._last_at:
            raise LineRefused(
                number, f"time runs backwards, from {self._last_at.isoformat()} to {event.at.isoformat()}"
            )
        self._last_at = event.at
        try:
            self._simulation.take(number, event)
        except Refusal as refusal:
            self._refuse(number, event, refusal)
        else:
            self._count(event)
        self._fetch()

    def end(self) -> None:
        """Let a month pass, so that what the last orders still bring is counted."""
        if self._last_at is not None:
            self._simulation.advance(self._last_at + AFTERMATH)
        self._fetch()

    def earned(self) -> dict[str, int]:
        """Give what each leader has earned in cash (minor units)."""
        return {leader_id: leader.earned for leader_id, leader in self._simulation.network.leaders.items()}

    def outcome(self) -> Outcome:
        """Say what came of the history."""
        leaders, earned = self._simulation.network.leaders.values(), sorted(self.earned().values())
        statuses = [leader.standing.status for leader in leaders]
        commission_minor = sum(earned)
        return Outcome(
            plan=self._name,
            leaders=len(earned),
            confirmed=statuses.count("confirmed"),
            removed=statuses.count("removed"),
            orders=self._orders,
            sales_minor=self._sales_minor,
            commission_minor=commission_minor,
            coupons_minor=self._coupons_minor,
            payout_bp=share_bp(commission_minor, self._sales_minor),
            kept_minor=self._sales_minor - commission_minor - self._coupons_minor,
            top_fifth_bp=share_bp(sum(earned[len(earned) - -(-len(earned) // 5) :]), commission_minor),
            curve_bp=curve_bp(earned),
            promotions=dict(self._simulation.promotions),
            refused_orders=self._refused_orders,
            refused_sales_minor=self._refused_sales_minor,
            refused_newcomers=self._refused_newcomers,
            first_refusal=self._first_refusal,
        )

    def _count(self, event: Event) -> None:
        if isinstance(event, OrderPaid):
            self._orders += 1
            self._sales_minor += _paid_minor(event)
        elif isinstance(event, OrderRefunded):
            self._sales_minor -= _given_back_minor(event)

    def _refuse(self, number: int, event: Event, refusal: Refusal) -> None:
        if self._first_refusal is None:
            self._first_refusal = f"event {number}: {refusal.message}"
        if isinstance(event, OrderPaid):
            self._refused_orders += 1
            self._refused_sales_minor += _paid_minor(event)
            if self._watch is not None:
                self._watch.refused_order(event)
        elif isinstance(event, LeaderJoined):
            self._refused_newcomers += 1

    def _fetch(self) -> None:
        for earning in self._simulation.fetch():
            if earning.kind == "invite_coupon":
                self._coupons_minor += earning.amount_minor
            if self._watch is not None:
                self._watch.earned(earning)


def share_bp(part_minor: int, whole_minor: int) -> int:
    """Give a part in basis points of the whole, rounded down; 0 where there is no whole."""
    return part_minor * BASIS_POINTS // whole_minor if whole_minor > 0 else 0


def curve_bp(earned: Sequence[int]) -> tuple[int, ...]:
    """Give the Lorenz curve of what leaders earn (the least first), at 0 %, 5 %, … 100 % of them, in basis points."""
    sums = [0, *accumulate(earned)]
    return tuple(share_bp(sums[len(earned) * step // STEPS], sums[-1]) for step in range(STEPS + 1))


def _changes(first: dict[str, int], second: dict[str, int]) -> list[Change]:
    return [Change(leader, first.get(leader, 0), second.get(leader, 0)) for leader in sorted(first.keys() | second)]


def _paid_minor(event: OrderPaid) -> int:
    discount = 0 if event.discount is UNSET else event.discount
    return sum(line.qty * line.unit_price for line in event.lines) - discount


def _given_back_minor(event: OrderRefunded) -> int:
    if event.amount is not UNSET:
        return event.amount
    return sum(line.amount for line in event.lines) if event.lines is not UNSET else 0
