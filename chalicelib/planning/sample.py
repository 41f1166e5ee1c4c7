"""A sample month under a plan: three leaders in a line, who sell alike. Small enough to be worked out while one waits.

A invited B, B invited C. A has the plan's highest rank, B the one in the middle, C the lowest; all are past any
probation, and nobody rises or falls, so that two plans are compared by what they pay and by nothing else. What a real
network makes of a plan is seen by trying it on a history (`planning.trying`). Pure.
"""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import msgspec
from msgspec import Struct

from chalicelib.commissions.rules.events import Event, LeaderJoined, OrderLine, OrderPaid, RankSet
from chalicelib.commissions.rules.language import Plan, ProductRate, Rank, Retail
from chalicelib.commissions.rules.simulation import Simulation
from chalicelib.money import BASIS_POINTS

LEADERS = ("A", "B", "C")
ORDERS = 20
"""So many orders each leader sells in the month; every fourth is a new customer's first."""
LIST_PRICE_MINOR = 10_000
_RATE_BP = 2_000
"""A product's own rate, where the plan pays by it: this one, or the nearest that the plan allows."""
_BEGINS = datetime(2026, 1, 1, tzinfo=UTC)
_ENDS = datetime(2026, 4, 1, tzinfo=UTC)
"""Late enough for the month's dividend and every wait."""
_NEWCOMER = "D"


class Share(Struct, frozen=True):
    """What one leader has of the month (minor units): cash, coupons, and what it keeps by ordering below list price."""

    leader: str
    rank: Rank
    earned_minor: int
    coupons_minor: int
    kept_minor: int


class Month(Struct, frozen=True):
    """The month of all three. `sales_minor` is what customers paid, `payout_bp` what of it leaders have, rounded up."""

    shares: tuple[Share, ...]
    sales_minor: int
    payout_bp: int


class OneOrder(Struct, frozen=True):
    """An order of C at `LIST_PRICE_MINOR`: what C has of it, and what those above (minor units)."""

    seller_minor: int
    above_minor: int


def one_order(plan: Plan) -> OneOrder:
    """Say who earns what on one order of the lowest leader; without dividends and what is paid for newcomers."""
    calm = _calm(plan)
    simulation = _peopled(calm)
    simulation.take(9, _order(calm, "C", 1, None))
    earned = [(one.leader_id, one.amount_minor) for one in simulation.fetch() if one.order_id]
    own = sum(amount for leader, amount in earned if leader == "C") + _kept(calm)
    return OneOrder(own, sum(amount for leader, amount in earned if leader != "C"))


def month(plan: Plan) -> Month:
    """Live through the month; C also brings a new leader, for plans that pay for it."""
    calm = _calm(plan)
    simulation = _peopled(calm)
    for number, event in enumerate(_events(calm), start=9):
        simulation.take(number, event)
    simulation.advance(_ENDS)
    earnings = simulation.fetch()
    ranks = _ranks(calm)
    shares = tuple(
        Share(
            leader,
            ranks[leader],
            sum(one.amount_minor for one in earnings if one.leader_id == leader and one.kind != "invite_coupon"),
            sum(one.amount_minor for one in earnings if one.leader_id == leader and one.kind == "invite_coupon"),
            ORDERS * _kept(calm),
        )
        for leader in LEADERS
    )
    sales_minor = len(LEADERS) * ORDERS * LIST_PRICE_MINOR
    paid_minor = sum(one.earned_minor + one.coupons_minor + one.kept_minor for one in shares)
    return Month(shares, sales_minor, -(-paid_minor * BASIS_POINTS // sales_minor))


def _calm(plan: Plan) -> Plan:
    """Give the plan with everything left out that moves leaders about."""
    return msgspec.structs.replace(plan, probation=None, admission=None, promotions=(), upkeep=())


def _ranks(plan: Plan) -> dict[str, Rank]:
    ranks = plan.ranks
    return dict(zip(LEADERS, (ranks[-1], ranks[(len(ranks) - 1) // 2], ranks[0]), strict=True))


def _peopled(plan: Plan) -> Simulation:
    simulation = Simulation(plan, UTC)
    above = None
    for number, (leader, rank) in enumerate(_ranks(plan).items()):
        simulation.take(2 * number, LeaderJoined(leader, above, _BEGINS))
        if rank.id != plan.first_rank:
            simulation.take(2 * number + 1, RankSet(leader, rank.id, _BEGINS))
        above = leader
    simulation.fetch()  # what the three themselves were worth to their inviters is no part of the month
    return simulation


def _events(plan: Plan) -> Iterator[Event]:
    yield LeaderJoined(_NEWCOMER, "C", _BEGINS + timedelta(days=1))
    for number in range(ORDERS):
        for leader in LEADERS:
            yield _order(plan, leader, number, f"{leader}{number}" if number % 4 == 0 else f"{leader}0")


def _order(plan: Plan, leader: str, number: int, customer: str | None) -> OrderPaid:
    at = _BEGINS + timedelta(days=2, hours=number)
    price_bp = plan.leader_orders.price_bp if plan.leader_orders else BASIS_POINTS
    line = OrderLine("goods", 1, LIST_PRICE_MINOR * price_bp // BASIS_POINTS, LIST_PRICE_MINOR, _rate_bp(plan))
    known = customer if customer is not None else msgspec.UNSET
    return OrderPaid(f"{leader}-{number}", leader, at, (line,), customer=known)


def _rate_bp(plan: Plan) -> int:
    retail = plan.rule(Retail)
    if retail is not None and isinstance(retail.margin, ProductRate):
        return min(max(_RATE_BP, retail.margin.min_bp), retail.margin.max_bp)
    return _RATE_BP


def _kept(plan: Plan) -> int:
    """Say what a leader keeps of an order that it places below the list price for its customer (minor units)."""
    price_bp = plan.leader_orders.price_bp if plan.leader_orders else BASIS_POINTS
    return LIST_PRICE_MINOR - LIST_PRICE_MINOR * price_bp // BASIS_POINTS
