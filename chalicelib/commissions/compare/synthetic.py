"""A network that never was: leaders who invite one another and sell, as an event file would tell it.

For trying a plan before there is a history, and for benchmarks. The same shape gives the same history, to the byte.
"""

from bisect import bisect_left
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from itertools import accumulate
from random import Random
from typing import Annotated, NamedTuple

from msgspec import UNSET, Meta, Struct, convert

from chalicelib.commissions.rules.events import Event, LeaderJoined, OrderLine, OrderPaid, OrderRefunded
from chalicelib.errors import Invalid

BEGINS_AT = datetime(2026, 1, 1, tzinfo=UTC).astimezone(timezone(timedelta(hours=8)))
DAY_S = 86_400
LINES_OF_AN_ORDER = (1, 1, 1, 1, 1, 1, 1, 2, 2, 3)
GROUP_SIZE = 150  # of every chat group: enough for any plan that asks for one


class ShapeRefused(Invalid):
    """A wish for a synthetic network that cannot be met."""

    code = "network_invalid"


class Shape(Struct, frozen=True, forbid_unknown_fields=True):
    """What a synthetic network looks like. Sales go by a Pareto law: exponent 1.16 is “80 % from 20 %”."""

    size: Annotated[int, Meta(ge=1, le=10_000_000, description="leaders")] = 1_000
    depth: Annotated[int, Meta(ge=1, le=10_000, description="leaders in the longest line of invitations")] = 8
    seed: int = 1
    orders: Annotated[int, Meta(ge=0, le=100_000_000, description="0: ten for each leader")] = 0
    days: Annotated[int, Meta(ge=2, le=3_650, description="from the first newcomer to the last order")] = 90
    pareto: Annotated[float, Meta(gt=0, le=100)] = 1.16
    refunds_bp: Annotated[int, Meta(ge=0, le=10_000, description="orders given back, in part or whole")] = 300
    starter_order_minor: Annotated[
        int, Meta(ge=0, le=10**9, description="what every newcomer sells at once; 0: nothing")
    ] = 0
    attackers_bp: Annotated[
        int, Meta(ge=0, le=10_000, description="leaders who cheat, see `attackers`; `history` is without their tricks")
    ] = 0


class _Happening(NamedTuple):
    """One event to come: in which second, what (in the order in which one second's events come), of whom."""

    second: int
    what: int
    number: int


_JOINS, _STARTS, _SELLS = range(3)


def shape_of(text: str) -> Shape:
    """Read `size=1000,depth=8,seed=1`. Raises `ShapeRefused` with the reason."""
    try:
        wishes = dict(wish.strip().split("=", 1) for wish in text.split(",") if wish.strip())
        return convert(wishes, Shape, strict=False)
    except ValueError as error:  # msgspec's ValidationError is one
        raise ShapeRefused(
            f"“{text}” is no network; write size=1000,depth=8,seed=1 ({error})", param="network"
        ) from error


def history(shape: Shape) -> Iterator[Event]:
    """Give the events of a network in the order of time. Newcomers join in the first half of the days."""
    chance = Random(shape.seed)  # noqa: S311 — nothing secret: the same seed must give the same network
    inviters = _inviters(shape, chance)
    joined_s = sorted(chance.randrange(shape.days * DAY_S // 2) for _ in range(shape.size))
    refunds: list[tuple[int, OrderRefunded]] = []
    number = 0
    for second, what, leader in _happenings(shape, chance, joined_s):
        at = BEGINS_AT + timedelta(seconds=second)
        while refunds and refunds[-1][0] <= second:
            yield refunds.pop()[1]
        if what == _JOINS:
            yield _newcomer(leader, inviters[leader], at, chance)
            continue
        number += 1
        order = _starter(number, leader, at, shape) if what == _STARTS else _order(number, leader, at, shape, chance)
        yield order
        if chance.randrange(10_000) < shape.refunds_bp:
            _plan_refund(refunds, order, second, chance)


def _inviters(shape: Shape, chance: Random) -> list[int | None]:
    """A line as deep as wished, then everybody is invited by somebody at random who is not yet that deep."""
    inviters: list[int | None] = [None]
    depths = [1]
    for number in range(1, shape.size):
        inviter: int | None = number - 1 if number < shape.depth else chance.randrange(number)
        if inviter is not None and depths[inviter] >= shape.depth:
            inviter = inviters[inviter]  # a sibling, then; and a root where nobody may invite
        inviters.append(inviter)
        depths.append(1 if inviter is None else depths[inviter] + 1)
    return inviters


def _happenings(shape: Shape, chance: Random, joined_s: list[int]) -> list[_Happening]:
    last_s = shape.days * DAY_S
    happenings = [_Happening(second, _JOINS, leader) for leader, second in enumerate(joined_s)]
    if shape.starter_order_minor:
        happenings += [_Happening(second, _STARTS, leader) for leader, second in enumerate(joined_s)]
    wanted = (shape.orders or 10 * shape.size) - (shape.size if shape.starter_order_minor else 0)
    reach = list(accumulate(chance.paretovariate(shape.pareto) for _ in range(shape.size)))
    for _ in range(wanted):
        seller = bisect_left(reach, chance.random() * reach[-1])
        second = joined_s[seller] + int(chance.random() * (last_s - joined_s[seller]))
        happenings.append(_Happening(second, _SELLS, seller))
    happenings.sort()
    return happenings


def _newcomer(leader: int, inviter: int | None, at: datetime, chance: Random) -> LeaderJoined:
    groups = chance.choice((1, 1, 1, 2, 3))
    return LeaderJoined(f"L{leader}", None if inviter is None else f"L{inviter}", at, groups, GROUP_SIZE)


def _starter(number: int, leader: int, at: datetime, shape: Shape) -> OrderPaid:
    price = shape.starter_order_minor
    return OrderPaid(f"o{number}", f"L{leader}", at, (OrderLine("starter", 1, price, price, 1_500),))


def _order(number: int, leader: int, at: datetime, shape: Shape, chance: Random) -> OrderPaid:
    skus = chance.sample(range(200), chance.choice(LINES_OF_AN_ORDER))
    lines = tuple(_line(sku, chance) for sku in skus)
    customer = chance.randrange(5 * shape.size)
    discount = 100 if chance.random() < 0.1 else UNSET
    return OrderPaid(f"o{number}", f"L{leader}", at, lines, discount, f"c{customer}")


def _line(sku: int, chance: Random) -> OrderLine:
    """Each product has one list price and one rate; what is asked for it varies a little."""
    list_price = 1_000 + 90 * sku
    return OrderLine(f"s{sku}", chance.choice((1, 1, 2)), list_price - chance.randrange(list_price // 10), list_price,
                     500 + 100 * (sku % 20))  # fmt: skip


def _plan_refund(refunds: list[tuple[int, OrderRefunded]], order: OrderPaid, second: int, chance: Random) -> None:
    """Note a refund within ten days, the next one to come last in the list; those after the last order never come."""
    paid_minor = sum(line.qty * line.unit_price for line in order.lines) - (
        0 if order.discount is UNSET else order.discount
    )
    amount = paid_minor if chance.random() < 0.5 else chance.randint(1, paid_minor)
    second += chance.randrange(1, 10 * DAY_S)
    refund = OrderRefunded(order.order, BEGINS_AT + timedelta(seconds=second), amount)
    place = bisect_left(refunds, -second, key=lambda waiting: -waiting[0])
    refunds.insert(place, (second, refund))
