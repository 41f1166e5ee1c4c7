"""Leaderboards and targets over `/v1`."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.boards import actions as boards
from chalicelib.figures import store as figures
from chalicelib.figures.rules import Brought, of_brought
from chalicelib.figures.store import Change
from chalicelib.tenancy import acting_for
from chalicelib.tenants import actions as tenants
from tests.api.world import System, World

BOARD = "/v1/boards/customers-2026-W10"


@pytest.fixture
def brand(world: World) -> System:
    return world.brand()


def brought(brand: System, leader_id: str, customers: int) -> None:
    """A leader brought so many customers today."""
    counts = of_brought(Brought(leader_id, "customers", customers), f"{brand.world.now:%Y-%m-%d}")[leader_id]
    change = Change("1", brand.world.now, counts, {"status": "confirmed"})
    with acting_for(brand.tenant_id):
        figures.take_in(brand.tenant_id, leader_id, "shardId-1", [change], now=brand.world.now)


def counted(brand: System) -> None:
    with acting_for(brand.tenant_id):
        boards.keep_up(tenants.get(brand.tenant_id), now=brand.world.now)


def two_leaders(brand: System) -> tuple[Any, Any]:
    a, b = brand.leader("A"), brand.leader("B")
    brought(brand, a["id"], 1)
    brought(brand, b["id"], 3)
    return a, b


def test_a_board_is_chosen_counted_and_read_page_by_page(brand: System) -> None:
    a, b = two_leaders(brand)
    assert brand.get("/v1/board_settings").body["kinds"] == []
    assert brand.get(BOARD).error["code"] == "board_missing"
    assert brand.done("/v1/board_settings", kinds=["customers-week"])["kinds"] == ["customers-week"]
    assert brand.get(BOARD).body["as_of"] is None
    assert brand.get(BOARD + "/places").body["data"] == []
    counted(brand)
    shown = brand.get(BOARD).body
    assert (shown["placed"], shown["in_circle"], shown["circle_score"], shown["closed_at"]) == (2, 1, 3, None)
    assert (shown["first_day"], shown["last_day"]) == ("2026-03-02", "2026-03-08")
    assert [one["id"] for one in brand.all_of(BOARD + "/places", limit=1)] == [b["id"], a["id"]]
    assert [one["id"] for one in brand.get("/v1/boards").body["data"]] == ["customers-2026-W10"]
    standing = brand.get(f"{BOARD}/standings/{a['id']}").body
    assert (standing["place"], standing["score"], standing["to_next"], standing["to_circle"]) == (2, 1, 2, 2)
    assert brand.post("/v1/board_settings", kinds=["luck-week"]).error["code"] == "board_kind_unknown"


def test_a_prize_is_offered_once_a_key_and_given_once_the_board_is_closed(brand: System) -> None:
    _, b = two_leaders(brand)
    brand.done("/v1/board_settings", kinds=["customers-week"])
    counted(brand)
    product = brand.product()
    made = [brand.post(BOARD + "/prizes", key="p1", product_id=product["id"], first_place=1).body for _ in range(2)]
    assert made[0]["id"] == made[1]["id"]
    assert len(brand.get(BOARD + "/prizes").body["data"]) == 1
    award = f"{BOARD}/prizes/{made[0]['id']}/award"
    assert brand.post(award).error["code"] == "board_open"
    brand.world.clock.now += timedelta(days=7)
    counted(brand)
    assert [brand.done(award)["state"] for _ in range(2)] == ["awarded", "awarded"]
    (order,) = brand.get("/v1/orders").body["data"]
    assert (order["leader_id"], order["amount_minor"], order["state"]) == (b["id"], 0, "paid")
    assert brand.done(f"/v1/orders/{order['id']}/deliver")["state"] == "delivered"
    assert brand.get(f"/v1/products/{product['id']}/stock").body["left"] == 99
    assert brand.post(f"{BOARD}/prizes/{made[0]['id']}/withdraw").error["code"] == "prize_awarded"


def test_targets_are_set_for_all_and_for_one(brand: System) -> None:
    a, _ = two_leaders(brand)
    assert brand.done("/v1/target", members=10, customers=4)["month"] == "2026-03"
    assert brand.get("/v1/target?month=2026-07").body["members"] == 10
    progress = brand.get(f"/v1/leaders/{a['id']}/target").body
    assert (progress["target_customers"], progress["bought"], progress["reached"]) == (4, 1, False)
    assert brand.done(f"/v1/leaders/{a['id']}/target", members=1, customers=1)["target_members"] == 1
    assert brand.post("/v1/target", members=1, customers=2).error["param"] == "customers"
    assert brand.post("/v1/target", members=1, customers=1, month="2026-02").error["code"] == "month_over"
    assert brand.get("/v1/target?month=soon").error["param"] == "month"
