"""Request units of one order with three earners, from basket to paid-out commission (goal ≤ 20 write, ≤ 12 read).

Three earners: the seller's retail, a team override, and the seller's inviter by a plan that pays it too. Counted in a
small tree and in a deep one. Settlement and payout cost by leader and day; they are shown by themselves and shared over
100 orders of the same leaders and day.
"""

import json
from datetime import UTC, datetime
from typing import Any

from moto import mock_aws

from chalicelib import store
from chalicelib.commissions import presets
from chalicelib.commissions import store as plans
from chalicelib.events import schedules
from chalicelib.ledger.store import balance_of
from chalicelib.orders.store import Order
from chalicelib.store import SHARDS
from chalicelib.tenancy import acting_for
from tests.bench.meter import Meter, counting
from tests.conftest import StoppedClock, create_table
from tests.events.world import Brand

ORDERS_A_DAY = 100


class Counted(Brand):
    """A brand whose roll-ups wait until they are asked for: one serves a whole batch of orders.

    All parts of its balances are there, as after its first orders: a new one has to be written into the index, too.
    """

    def __init__(self, clock: StoppedClock) -> None:
        super().__init__(clock)
        self._to_roll_up: list[dict[str, Any]] = []
        with acting_for(self.tenant_id):
            for number in range(SHARDS):
                store.put(balance_of(self.tenant_id, "buyers", self.tenant.currency, str(number))[0])

    def _roll_up(self, records: list[dict[str, Any]]) -> None:
        self._to_roll_up += records

    def roll_up(self) -> None:
        """Roll up what has come since the last time, in one batch."""
        records, self._to_roll_up = self._to_roll_up, []
        super()._roll_up(records)


def three_earners(brand: Counted) -> None:
    """Put a plan in force that pays seller, nearest head, and inviter."""
    document = json.loads(presets.read("breakaway"))
    document["rewards"].append({"kind": "direct_referral", "rate_bp": 300, "sellers": "all"})
    record = plans.plan_record(
        brand.tenant_id, 2, json.dumps(document), effective_from=brand.clock(), now=brand.clock()
    )
    with acting_for(brand.tenant_id):
        store.put(record)


def measured(leaders_above: int) -> None:
    """Print the units of each step for a seller with so many leaders above it, the top one a head."""
    with mock_aws():
        create_table()
        show(f"{leaders_above} leaders above the seller", steps_below(leaders_above))


def steps_below(leaders_above: int) -> dict[str, Meter]:
    """Give what each step of an order takes whose seller has so many leaders above it, in a table that is there."""
    brand = Counted(StoppedClock(datetime(2026, 3, 2, 8, tzinfo=UTC)))
    three_earners(brand)
    above = brand.leader("L0")
    brand.rank(above, "gold")
    for number in range(1, leaders_above):
        above = brand.leader(f"L{number}", above)
    seller = brand.leader("S", above)
    offered = brand.campaign(20_000, 2_000)
    brand.pump()
    with acting_for(brand.tenant_id):
        for _ in range(2):  # until the promotion's mark is off: for these minutes only, orders read the whole path
            schedules.sweep_tree(brand.tenant, brand.clock.advance(minutes=5), lambda: True)
    brand.bought(seller, offered)  # balances exist from here on
    brand.roll_up()
    return steps_of_an_order(brand, seller, offered)


def steps_of_an_order(brand: Counted, seller: str, offered: tuple[str, str]) -> dict[str, Meter]:
    """Live through one order of a seller, from basket to paid-out commission; gives what each step took."""
    steps: dict[str, Meter] = {}

    def step(name: str, do):  # type: ignore[no-untyped-def]
        with counting() as meter:
            result = do()
        steps[name] = meter
        return result

    order: Order = step("place the order", lambda: brand.order(seller, offered, phone="13800138000"))
    step("webhook", lambda: brand.pays(order))
    step("paid, accrued, statement lines", brand.pump)
    step("delivered, falls due", lambda: brand.delivers(order))
    step("rolled up alone", brand.roll_up)
    then = brand.clock.advance(days=9)
    step("settle the day (3 leaders)", lambda: brand.settle(then))
    step("pay out (3 leaders)", lambda: brand.pay_out(brand.clock.advance(minutes=15)))
    return steps


def once(steps: dict[str, Meter]) -> tuple[float, float]:
    """Give the write and read units of the steps that every order takes by itself; it shares the others."""
    own = list(steps.values())[:4]
    return sum(meter.write_units for meter in own), sum(meter.read_units for meter in own)


def show(title: str, steps: dict[str, Meter]) -> None:
    """Print each step's units, the order's own, and those with its share of the day's settlement and payout."""
    print(f"\n{title}")
    for name, meter in steps.items():
        print(f"  {name:<34} {meter.write_units:5.1f} write {meter.read_units:6.1f} read  {meter.requests:3} requests")
    write, read = once(steps)
    print(f"  {'one order':<34} {write:5.1f} write {read:6.1f} read")
    write += sum(meter.write_units for meter in list(steps.values())[-2:]) / ORDERS_A_DAY
    read += sum(meter.read_units for meter in list(steps.values())[-2:]) / ORDERS_A_DAY
    print(f"  {f'with its share of the day (1/{ORDERS_A_DAY})':<34} {write:5.1f} write {read:6.1f} read")


def main() -> None:
    """Measure in a small tree and in a deep one."""
    for leaders_above in (2, 100):
        measured(leaders_above)
