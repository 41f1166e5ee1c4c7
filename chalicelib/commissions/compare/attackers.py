"""Cheats in a synthetic network: what the linter's gaming rules warn of, done by a share of its leaders. Pure.

Attackers are leaders of the network with the sales they have anyway; their tricks come on top. They have read the
plans that are compared, and lay out what the dearer one asks for its first step up; so the same attackers meet both.
"""

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime, timedelta
from heapq import heappop, heappush
from random import Random
from typing import Any, Literal, NamedTuple, get_args

from msgspec import UNSET

from chalicelib.commissions.compare.synthetic import GROUP_SIZE, Shape, history
from chalicelib.commissions.lint.effort import SMALLEST_ORDER_MINOR, Effort, Efforts
from chalicelib.commissions.rules.events import (
    Event,
    LeaderGroups,
    LeaderJoined,
    OrderLine,
    OrderPaid,
    OrderRefunded,
)
from chalicelib.commissions.rules.language import Plan

Trick = Literal["fake_leaders", "tiny_orders", "refunded_order", "own_purchases", "reported_groups"]
TRICKS: tuple[Trick, ...] = get_args(Trick)

FAKES_AT_THE_TOP = 10  # made up once the rank is there, for what is paid per newcomer
MOST_FAKES, MOST_ORDERS = 30, 5  # for one rank, for one probation: who would need more lets it be
RATE_BP = 1_500  # of what attackers buy, where the plan pays by each product's own rate

_HOUR = timedelta(hours=1)
_REPORTS, _RECRUITS, _BUYS, _RECRUITS_AGAIN, _GIVES_BACK = (hours * _HOUR for hours in (1, 2, 24, 48, 72))


class Means(NamedTuple):
    """What attackers lay out: to pass a probation, and for the first rank above the lowest; of each plan the most."""

    entry: Effort
    rise: Effort


def means_for(plans: Iterable[Plan]) -> Means:
    """Reckon with the linter what the plans ask for."""
    efforts = [(plan, Efforts(plan)) for plan in plans]
    rises = [asked.to_reach(plan.ranks[1].id) for plan, asked in efforts if len(plan.ranks) > 1]
    return Means(_most([asked.to_be_confirmed() for _, asked in efforts]), _most([rise or Effort() for rise in rises]))


def _most(efforts: list[Effort]) -> Effort:
    volume_minor, orders, accounts, groups = map(max, zip(Effort(), *efforts, strict=True))
    return Effort(volume_minor, min(orders, MOST_ORDERS), min(accounts, MOST_FAKES), groups)


class Attackers:
    """The attackers of a network. The same shape, means and tricks give the same ones, doing the same."""

    def __init__(self, shape: Shape, means: Means, tricks: Collection[Trick] = TRICKS) -> None:
        self._shape, self._means, self._tricks = shape, means, tricks
        chance = Random(f"attackers of {shape.seed}")  # noqa: S311 — nothing secret; apart, so that the rest stays
        chosen = chance.sample(range(shape.size), -(-shape.size * shape.attackers_bp // 10_000))
        self._buys_for_itself = {f"L{number}": self._keeps(place) for place, number in enumerate(sorted(chosen))}
        self.fakes = 0

    def __len__(self) -> int:
        return len(self._buys_for_itself)

    def owns(self, leader_id: str) -> bool:
        """Whether an account is an attacker's: its own, or one it made up."""
        return leader_id.partition("-")[0] in self._buys_for_itself

    @staticmethod
    def keeps(order_id: str) -> bool:
        """Whether an order is an own purchase that is not given back."""
        return order_id.endswith("-own")

    def history(self) -> Iterator[Event]:
        """Give the network's events with the tricks among them, in the order of time."""
        self.fakes = 0
        waiting: list[tuple[datetime, int, Event]] = []
        noted = 0
        for event in history(self._shape):
            while waiting and waiting[0][0] < event.at:
                yield heappop(waiting)[2]
            yield event
            if isinstance(event, LeaderJoined) and event.leader in self._buys_for_itself:
                for trick in self._plot(event.leader, event.at):
                    heappush(waiting, (trick.at, noted, trick))
                    noted += 1
        while waiting:
            yield heappop(waiting)[2]

    def _keeps(self, place: int) -> bool:
        """Who knows both ways to carry a threshold takes them in turn: an order given back, goods for itself."""
        both = "refunded_order" in self._tricks and "own_purchases" in self._tricks
        return place % 2 == 1 if both else "own_purchases" in self._tricks

    def _plot(self, attacker: str, joined_at: datetime) -> Iterator[Event]:
        rise = self._means.rise
        if "reported_groups" in self._tricks and rise.groups:
            yield LeaderGroups(attacker, rise.groups, joined_at + _REPORTS)
        yield from self._passes(attacker, joined_at + _REPORTS)
        if "fake_leaders" in self._tricks:
            yield from self._make_up(attacker, range(rise.accounts), joined_at + _RECRUITS)
            later = range(rise.accounts, rise.accounts + FAKES_AT_THE_TOP)
            yield from self._make_up(attacker, later, joined_at + _RECRUITS_AGAIN)
        if rise.volume_minor:
            yield from self._carries(attacker, rise.volume_minor, joined_at)

    def _make_up(self, attacker: str, numbers: range, at: datetime) -> Iterator[Event]:
        for number in numbers:
            self.fakes += 1
            fake = f"{attacker}-x{number}"
            yield LeaderJoined(fake, attacker, at, UNSET, GROUP_SIZE)
            yield from self._passes(fake, at + _HOUR)

    def _passes(self, leader: str, at: datetime) -> Iterator[Event]:
        """Order the least that a probation asks for; what is more than the smallest order is given back."""
        if "tiny_orders" not in self._tricks:
            return
        orders = max(self._means.entry.orders, 1)  # one in any case: some plans wait for a newcomer's first order
        each_minor = max(-(-self._means.entry.volume_minor // orders), SMALLEST_ORDER_MINOR)
        for number in range(orders):
            yield _order(f"{leader}-{number}", leader, at, each_minor)
            if each_minor > SMALLEST_ORDER_MINOR:
                yield OrderRefunded(f"{leader}-{number}", at + _GIVES_BACK, each_minor)

    def _carries(self, attacker: str, volume_minor: int, joined_at: datetime) -> Iterator[Event]:
        at = joined_at + _BUYS
        if self._buys_for_itself[attacker]:
            yield _order(f"{attacker}-own", attacker, at, volume_minor, self_purchase=True)
        elif "refunded_order" in self._tricks:
            yield _order(f"{attacker}-large", attacker, at, volume_minor)
            yield OrderRefunded(f"{attacker}-large", joined_at + _GIVES_BACK, volume_minor)


def _order(order: str, leader: str, at: datetime, price_minor: int, *, self_purchase: Any = UNSET) -> OrderPaid:
    line = OrderLine("anything", 1, price_minor, price_minor, RATE_BP)
    return OrderPaid(order, leader, at, (line,), self_purchase=self_purchase)
