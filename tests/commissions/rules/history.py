"""Short ways to write a history of events, and to run a plan over it."""

import json
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from chalicelib.commissions import presets
from chalicelib.commissions.rules.language import Plan
from chalicelib.commissions.rules.simulate import Earning, Simulation, simulate

SHANGHAI = ZoneInfo("Asia/Shanghai")
START = datetime.fromisoformat("2026-03-01T00:00:00+08:00")

Event = dict[str, Any]


def at(days: float = 0, *, seconds: int = 0) -> str:
    """A moment after 1 March 2026, 00:00 in Shanghai."""
    return (START + timedelta(days=days, seconds=seconds)).isoformat()


def joins(leader: str, inviter: str | None = None, when: str = at(), **more: Any) -> Event:
    return {"type": "leader.joined", "leader": leader, "inviter": inviter, "at": when, **more}


def pays(order: str, leader: str, amount: int, when: str = at(), *, line: Event | None = None, **more: Any) -> Event:
    """An order of one line, `rice`; `line` adds to that line, `more` to the order."""
    lines = [{"sku": "rice", "qty": 1, "unit_price": amount, **(line or {})}]
    return {"type": "order.paid", "order": order, "leader": leader, "at": when, "lines": lines, **more}


def refunds(order: str, amount: int, when: str = at()) -> Event:
    return {"type": "order.refunded", "order": order, "amount": amount, "at": when}


def has_groups(leader: str, groups: int, when: str = at()) -> Event:
    return {"type": "leader.groups", "leader": leader, "groups": groups, "at": when}


def gets_rank(leader: str, rank: str, when: str = at()) -> Event:
    return {"type": "rank.set", "leader": leader, "rank": rank, "at": when}


def tries_again(leader: str, when: str) -> Event:
    return {"type": "trial.started", "leader": leader, "at": when}


def clock(when: str) -> Event:
    return {"type": "clock", "at": when}


class Run:
    """A plan run over a history. `earnings` are (line number, earning) in the order they came."""

    def __init__(self, plan: str | Plan, events: Iterable[Event], zone: ZoneInfo = SHANGHAI) -> None:
        self.simulation = Simulation(presets.load(plan) if isinstance(plan, str) else plan, zone)
        lines = [json.dumps(event).encode() for event in events]
        self.earnings: list[tuple[int, Earning]] = list(simulate(self.simulation, lines))

    def of(self, order: str | None) -> dict[tuple[str, str], int]:
        """What an order gave each leader by kind, reversals taken off; None: what no order is behind."""
        sums: dict[tuple[str, str], int] = {}
        for _, earning in self.earnings:
            if earning.order_id == order:
                key = (earning.leader_id, earning.kind)
                sums[key] = sums.get(key, 0) + earning.amount_minor
        return {key: amount for key, amount in sums.items() if amount}

    def at_event(self, line_no: int) -> dict[tuple[str, str], int]:
        """What one line gave, by leader and kind."""
        return {
            (earning.leader_id, earning.kind): earning.amount_minor
            for number, earning in self.earnings
            if number == line_no
        }

    def rank(self, leader: str) -> str:
        return self.simulation.network.leaders[leader].standing.rank

    def status(self, leader: str) -> str:
        return self.simulation.network.leaders[leader].standing.status
