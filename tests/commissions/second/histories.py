"""Random histories of a brand: mostly sensible, now and then an event that must be refused.

The writer lives through its history with the second implementation, to know who can still sell and what is left of
an order. Amounts and moments crowd at the edges that the presets have. A history follows from its seed and a
shorter one is the beginning of a longer one, so that a failure shrinks to the event that shows it.
"""

from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, timezone
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from tests.commissions.second.brand import Brand
from tests.commissions.second.facts import Line, Order, Refused
from tests.commissions.second.presets import PRESETS

Event = dict[str, Any]

# Zones with and without summer time; in Havana 1 November 2026 has two midnights, in Asunción 1 October 2023 has none.
ZONES = ("Asia/Shanghai", "UTC", "America/New_York", "Europe/Berlin", "America/Havana", "America/Asuncion",
         "Australia/Lord_Howe", "Asia/Kathmandu", "Pacific/Apia")  # fmt: skip
STARTS = ("2026-03-01T00:00:00+08:00", "2026-10-28T12:00:00+00:00", "2023-09-27T23:59:59-04:00",
          "2024-02-27T03:04:05.678901+05:45", "2025-12-30T00:00:00Z")  # fmt: skip
OFFSETS = (0, 8 * 60, -5 * 60, 345)
EDGES = (1, 2, 3, 19_99, 20_00, 100_00, 198_99, 199_00, 2_999_99, 3_000_00, 10_000_00, 39_800_00, 50_000_00,
         100_000_00, 300_000_00)  # fmt: skip
KINDS = {"joins": 4, "crowd": 1, "pays": 10, "refunds": 6, "groups": 1, "rank": 2, "trial": 2, "clock": 2}


class Writer:
    """Writes one event after the other; `brand` has lived through all of them."""

    def __init__(self, chance: Random, brand: Brand, zone: str) -> None:
        self.chance = chance
        self.brand = brand
        self.zone = ZoneInfo(zone)
        self.now = datetime.fromisoformat(chance.choice(STARTS)).astimezone(UTC)
        self.events: list[Event] = []

    def once_in(self, times: int) -> bool:
        return self.chance.randrange(times) == 0

    def write(self, event: Event) -> None:
        offset = timezone(timedelta(minutes=self.chance.choice(OFFSETS)))
        event["at"] = self.now.astimezone(offset).isoformat()
        self.events.append(event)
        with suppress(Refused):  # the event stays: both must refuse it, and go on as if nothing had been
            self.brand.feed(len(self.events), event)

    def pass_time(self) -> None:
        """Stay at the same instant, or go on, or to an instant at which something falls due."""
        edge = timedelta(seconds=self.chance.choice((-1, 0, 0, 0, 1)))
        match self.chance.choice(("stay", "stay", "stay", "hours", "days", "deadline", "deadline", "month")):
            case "stay":
                return
            case "hours":
                moment = self.now + timedelta(minutes=self.chance.randint(1, 2_000))
            case "days":
                moment = self.now + timedelta(days=self.chance.randint(1, 9))
            case "deadline":
                since = self.chance.choice(self.events[-15:])["at"] if self.events else self.now.isoformat()
                days = timedelta(days=self.chance.choice((7, 7, 30)))
                moment = datetime.fromisoformat(since).astimezone(UTC) + days + edge
            case _:
                local = (self.now + timedelta(days=self.chance.choice((1, 20, 31)))).astimezone(self.zone)
                moment = datetime(local.year, local.month, 1, tzinfo=self.zone).astimezone(UTC) + edge
        self.now = max(self.now, moment)

    def amount(self) -> int:
        return self.chance.choice(
            (self.chance.choice(EDGES), self.chance.randint(0, 500_00), self.chance.randint(0, 200_000_00))
        )

    def anybody(self, *statuses: str) -> str:
        """A leader of one of these statuses if there is one; rarely somebody else."""
        wanted = [name for name, leader in self.brand.leaders.items() if leader.status in statuses]
        if not wanted or self.once_in(40):
            wanted = [*self.brand.leaders, "nobody"]
        return self.chance.choice(wanted)

    def joins(self, inviter: str | None = None) -> str:
        name = f"L{len(self.events)}" if self.events and not self.once_in(40) else "L0"
        if inviter is None and self.brand.leaders and not self.once_in(10):
            newest = [name for name, leader in self.brand.leaders.items() if leader.status != "removed"][-1:]
            inviter = newest[0] if newest and self.once_in(2) else self.anybody("confirmed", "probation")
        event: Event = {"type": "leader.joined", "leader": name, "inviter": inviter}
        if not self.once_in(30):
            event["group_size"] = 99 if self.once_in(20) else self.chance.choice((100, 500))
        if self.once_in(2):
            event["groups"] = self.chance.randint(0, 4)
        self.write(event)
        return name

    def crowd(self) -> None:
        """Several join under one leader at once, and may each sell at once."""
        inviter = self.anybody("confirmed", "probation") if self.brand.leaders else self.joins()
        amount = self.amount()
        for _ in range(self.chance.randint(2, 11)):
            name = self.joins(inviter)
            if amount % 3:
                self.pays(name, [self.line("rice", amount)])

    def line(self, sku: str, unit_price: int, qty: int = 1) -> Event:
        line: Event = {"sku": sku, "qty": qty, "unit_price": unit_price}
        if self.once_in(2):
            line["list_price"] = self.chance.choice((unit_price + unit_price // 5, self.chance.randint(0, 900_00)))
        if not self.once_in(40):
            line["rate_bp"] = 499 if self.once_in(60) else self.chance.choice((500, 1_000, 1_333, 2_000, 4_000))
        return line

    def pays(self, leader: str | None = None, lines: list[Event] | None = None) -> None:
        if lines is None:
            skus = ("rice", "oil", "tea")[: self.chance.randint(1, 3)]
            lines = [self.line(sku, self.amount(), self.chance.randint(1, 3)) for sku in skus]
        name = "o1" if self.once_in(40) else f"o{len(self.events)}"
        seller = leader or self.anybody("confirmed", "probation")
        event: Event = {"type": "order.paid", "order": name, "leader": seller, "lines": lines}
        goods = sum(line["qty"] * line["unit_price"] for line in lines)
        if self.once_in(3):
            event["discount"] = goods + 1 if self.once_in(20) else self.chance.choice(
                (self.chance.randint(0, goods), goods, goods // 3)
            )  # fmt: skip
        if self.once_in(5):
            event["self_purchase"] = self.once_in(2)
        if self.once_in(2):
            event["customer"] = self.chance.choice(("Ann", "Bo", "Cy", "Di", "Ed", "Flo"))
        self.write(event)

    def refunds(self) -> None:
        orders = [order for order in self.brand.orders.values() if order.left]
        if not orders or self.once_in(40):
            orders = list(self.brand.orders.values())
        if orders:
            order = self.chance.choice(orders[-8:])
            taken = self.by_lines(order) if self.once_in(2) else self.by_amount(order)
            self.write({"type": "order.refunded", "order": order.order_id, **taken})

    def by_amount(self, order: Order) -> Event:
        if self.once_in(30):
            return {"amount": self.chance.choice((0, order.left + 1))}
        return {"amount": order.left if self.once_in(3) else self.chance.randint(1, max(1, order.left))}

    def by_lines(self, order: Order) -> Event:
        def some_of(line: Line) -> int:
            if self.once_in(40):
                return line.left + 1
            return line.left if self.once_in(3) else self.chance.randint(1, max(1, line.left))

        lines = [line for line in order.lines if line.left] or order.lines
        chosen = self.chance.sample(lines, self.chance.randint(1, len(lines)))
        return {"lines": [{"sku": line.sku, "amount": some_of(line)} for line in chosen]}

    def groups(self) -> None:
        groups = self.chance.randint(0, 6)
        self.write({"type": "leader.groups", "leader": self.anybody("confirmed"), "groups": groups})

    def rank(self) -> None:
        rank = self.chance.choice(self.brand.ranks)
        self.write({"type": "rank.set", "leader": self.anybody("confirmed"), "rank": rank})

    def trial(self) -> None:
        """A trial begins; an order from before it may be refunded, and just enough be sold to pass."""
        name = self.anybody("removed")
        self.write({"type": "trial.started", "leader": name})
        earlier = [order for order in self.brand.orders.values() if order.seller == name and order.left]
        if earlier and self.once_in(2):
            self.write({"type": "order.refunded", "order": earlier[-1].order_id, **self.by_amount(earlier[-1])})
        if self.once_in(2):
            self.pays(name, [self.line("rice", self.chance.choice((199_00, 3_000_00)))])

    def clock(self) -> None:
        self.write({"type": "clock"})


@dataclass
class History:
    """A history under a preset, in a zone."""

    preset: str
    zone: str
    events: list[Event]


def a_history(preset: str, seed: int, length: int, kind: type[Brand] | None = None) -> History:
    """Write a history of about `length` events, with a month of waiting at its end; of a brand of another `kind`."""
    chance = Random(f"{preset}{seed}")
    zone = chance.choice(ZONES)
    writer = Writer(chance, (kind or PRESETS[preset])(zone), zone)
    writer.joins()
    while len(writer.events) < length:
        writer.pass_time()
        [kind] = chance.choices(list(KINDS), list(KINDS.values()))
        getattr(writer, kind)()
    writer.now += timedelta(days=40)
    writer.clock()
    return History(preset, zone, writer.events)


def histories(preset: str) -> st.SearchStrategy[History]:
    """Histories under a preset, of one to eighty events."""
    return st.builds(a_history, st.just(preset), st.integers(0, 10**9), st.integers(1, 80))
