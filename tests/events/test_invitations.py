"""An invitation that is rewarded with the newcomer's first order, through the whole running system."""

import json
from typing import Any

import pytest

from chalicelib import store
from chalicelib.commissions import presets
from chalicelib.commissions import store as plans
from chalicelib.events import schedules
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.ledger import book
from chalicelib.tenancy import acting_for
from tests.builders import assert_books_balance
from tests.conftest import StoppedClock
from tests.events.world import Brand


class Waiting(Brand):
    """A brand whose heads get 100.00 with a newcomer's first order, at most two a month."""

    def __init__(self, clock: StoppedClock) -> None:
        super().__init__(clock)
        document = json.loads(presets.read("breakaway"))
        [rule] = [reward for reward in document["rewards"] if reward["kind"] == "invite_bonus"]
        rule |= {"due": "first_order", "max_per_month": 2}
        with acting_for(self.tenant_id):
            store.put(
                plans.plan_record(self.tenant_id, 2, json.dumps(document), effective_from=clock(), now=clock())
            )  # fmt: skip

    def a_week_goes_by(self) -> None:
        self.clock.advance(days=7, hours=1, minutes=1)
        for _ in range(2):
            schedules.sweep(self.clock(), self.tools, lambda: True)
        self.pump()

    def bonuses(self) -> dict[str, int]:
        """What is left of each newcomer's bonus."""
        found: dict[str, int] = {}
        with acting_for(self.tenant_id):
            for entry in book.entries_page(self.tenant_id, limit=200)[0]:
                moves: list[dict[str, Any]] = [*entry.facts.get("rewards", []), *entry.facts.get("changes", [])]
                for move in moves:
                    if move["kind"] == "invite_bonus":
                        newcomer = entry.facts.get("newcomer") or entry.facts["seller"]
                        found[newcomer] = found.get(newcomer, 0) + move["amount_minor"]
            assert_books_balance(self.tenant_id)
        return found


@pytest.fixture
def brand(table: None, clock: StoppedClock) -> Waiting:
    return Waiting(clock)


def test_joining_earns_nothing_a_first_order_does_and_its_refund_takes_it_back(brand: Waiting) -> None:
    head = brand.leader("A")
    brand.rank(head, "gold")
    newcomer = brand.leader("B", head)
    offered = brand.campaign(30_00, 1_000)
    order = brand.bought(newcomer, offered)
    assert brand.bonuses() == {}

    brand.a_week_goes_by()
    brand.replay()
    brand.a_week_goes_by()
    assert brand.bonuses() == {newcomer: 100_00}

    brand.refunds(order, 10_00)
    assert brand.bonuses() == {newcomer: 66_66}
    brand.refunds(order, 20_00)
    brand.replay()
    assert brand.bonuses() == {newcomer: 0}
    assert brand.has(head)[:2] == (0, 0)


def test_by_the_rank_just_before_the_window_ends_and_the_third_of_a_month_is_lost(brand: Waiting) -> None:
    head = brand.leader("A")
    brand.rank(head, "gold")
    newcomers = [brand.leader(name, head) for name in "BCD"]
    offered = brand.campaign(30_00, 1_000)
    for newcomer in newcomers:
        brand.bought(newcomer, offered)
    brand.clock.advance(days=6)
    brand.rank(head, "senior_gold")

    brand.a_week_goes_by()

    assert brand.bonuses() == dict.fromkeys(newcomers[:2], 150_00)


def test_who_came_with_a_file_was_invited_elsewhere(brand: Waiting) -> None:
    head = brand.leader("A")
    brand.rank(head, "gold")
    newcomer = brand.leader("B", head)
    with acting_for(brand.tenant_id):
        Leader(*leaders.leader_key(brand.tenant_id, newcomer)).update(actions=[Leader.import_id.set("im_1")])
    brand.bought(newcomer, brand.campaign(30_00, 1_000))
    brand.a_week_goes_by()
    assert brand.bonuses() == {}
