"""Campaigns over `/v1`: groups with all their terms, run again, taken over by leaders, decided, settled."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib.events import schedules
from tests.api.world import System, World


@pytest.fixture
def apples(brand: System) -> str:
    """A product with 100 boxes at 200.00."""
    product_id: str = brand.product()["id"]
    return product_id


def body_of(brand: System, product_id: str, **fields: Any) -> dict[str, Any]:
    """A campaign of ten boxes for a day; what belongs to the offer goes to the offer."""
    now = brand.world.now
    offer = {"product_id": product_id, "quantity": 10}
    offer |= {name: fields.pop(name) for name in ("steps", "per_person", "case_size", "quantity") if name in fields}
    times = {"opens_at": now.isoformat(), "closes_at": (now + timedelta(days=1)).isoformat()}
    return {"title": "Apples for all", "items": [offer], **times, **fields}


def buy(brand: System, leader: Any, campaign: Any, phone: str, qty: int = 1) -> Any:
    """Somebody orders by this phone, and pays."""
    brand.world.clock.advance(seconds=1)
    basket = brand.basket(leader["id"], campaign, qty)
    basket["customer"]["phone"] = phone
    order = brand.done("/v1/orders", **basket)
    assert brand.world.pay(order["checkout_url"]).status == 200
    brand.world.pump()
    return brand.get(f"/v1/orders/{order['id']}").body


def sweep(world: World) -> None:
    """The schedule runs, and what it wrote is carried on."""
    schedules.sweep(world.now, world.tools, lambda: True)
    world.pump()


def test_a_campaign_has_all_the_terms_that_were_asked_for(brand: System, apples: str) -> None:
    asked = body_of(
        brand, apples, goal={"by": "cases", "least": 2}, when_short="extend", extend_hours=12, ladder_by="people",
        places=50, shown="chosen", orders_per_second=60, delivery=["pickup"], per_person=3, case_size=5,
        steps=[{"at": 5, "price_minor": 18_000}, {"at": 10, "price_minor": 15_000}],
    )  # fmt: skip
    made = brand.done("/v1/campaigns", **asked)
    shown = brand.get(f"/v1/campaigns/{made['id']}").body
    for name in ("title", "goal", "when_short", "extend_hours", "ladder_by", "places", "shown", "delivery"):
        assert shown[name] == asked[name], name
    [item] = shown["items"]
    for name in ("steps", "per_person", "case_size", "quantity"):
        assert item[name] == asked["items"][0][name], name
    assert (shown["is_group"], item["left"], item["price_minor"]) == (True, 10, 20_000)
    assert brand.get(f"/v1/products/{apples}/stock").body["left"] == 90


@pytest.mark.parametrize(
    ("fields", "param"),
    [
        ({"goal": {"by": "people", "least": 0}}, "goal[least]"),
        ({"goal": {"by": "cases", "least": 1}}, "goal[by]"),
        ({"goal": {"by": "people", "least": 5}, "places": 4}, "places"),
        ({"places": 0}, "places"),
        ({"when_short": "extend"}, "extend_hours"),
        ({"when_short": "extend", "extend_hours": 9999}, "extend_hours"),
        ({"orders_per_second": 0}, "orders_per_second"),
        ({"per_person": 0}, "items[0][per_person]"),
        ({"case_size": 1}, "items[0][case_size]"),
        ({"steps": [{"at": 1, "price_minor": 1}]}, "items[0][steps][0][at]"),
        ({"steps": [{"at": 5, "price_minor": 20_000}]}, "items[0][steps][0][price_minor]"),
        ({"steps": [{"at": at, "price_minor": 19_000 - at} for at in range(2, 13)]}, "items[0][steps]"),
        ({"quantity": 101}, "items[0][quantity]"),
    ],
)
def test_what_makes_no_campaign_is_refused_by_its_field(
    brand: System, apples: str, fields: dict[str, Any], param: str
) -> None:
    before = brand.world.items()
    answer = brand.post("/v1/campaigns", **body_of(brand, apples, **fields))
    assert (answer.status, answer.error["param"]) == (409 if param == "items[0][quantity]" else 400, param)
    assert brand.world.items() == before


def test_a_campaign_is_nobodys_own_but_an_existing_leaders(brand: System, apples: str, world: World) -> None:
    leader, stranger = brand.leader("Wang"), world.brand("blue-lake").leader("Zhao")
    before = world.items()
    for leader_id in ("ld_0000000000", "x", stranger["id"]):
        answer = brand.post("/v1/campaigns", **body_of(brand, apples, leader_id=leader_id))
        assert (answer.status, answer.error["param"]) == (404, "leader_id")
    assert world.items() == before
    made = brand.done("/v1/campaigns", **body_of(brand, apples, leader_id=leader["id"]))
    assert made["leader_id"] == leader["id"]


def test_a_group_counts_who_paid_until_its_decision_and_then_says_what_became_of_the_money(
    brand: System, apples: str, world: World
) -> None:
    leader = brand.leader("Wang")
    asked = body_of(brand, apples, goal={"by": "people", "least": 2}, steps=[{"at": 3, "price_minor": 15_000}])
    campaign = brand.done("/v1/campaigns", **asked)
    group = f"/v1/campaigns/{campaign['id']}/group"
    assert brand.get(group).body == {
        "object": "campaign_group", "campaign_id": campaign["id"], "people": 0, "units": 0, "units_by_product": {},
        "ending": None, "orders": 0, "settled": 0, "stuck": 0, "refunded_minor": 0, "finished_at": None,
    }  # fmt: skip
    first = buy(brand, leader, campaign, "13800138001", qty=2)
    buy(brand, leader, campaign, "13800138002")
    counted = brand.get(group).body
    assert (counted["people"], counted["units"], counted["units_by_product"]) == (2, 3, {apples: 3})
    third = buy(brand, leader, campaign, "13800138003")
    assert (first["amount_minor"], third["amount_minor"]) == (40_000, 15_000)

    early = brand.post(f"/v1/campaigns/{campaign['id']}/close")
    assert (early.status, early.error["code"]) == (409, "campaign_still_open")
    world.clock.advance(days=1, hours=1)
    assert brand.done(f"/v1/campaigns/{campaign['id']}/close")["status"] == "succeeded"
    sweep(world)
    done = brand.get(group).body
    assert (done["ending"], done["orders"], done["settled"], done["stuck"]) == ("succeeded", 3, 3, 0)
    assert done["refunded_minor"] == 2 * 5_000 + 5_000
    assert brand.get(f"/v1/orders/{first['id']}").body["refunded_minor"] == 10_000


def test_a_cancelled_campaign_gives_back_what_was_paid_when_it_is_asked_to(
    brand: System, apples: str, world: World
) -> None:
    leader = brand.leader("Wang")
    campaign = brand.done("/v1/campaigns", **body_of(brand, apples))
    order = buy(brand, leader, campaign, "13800138001")
    ended = brand.done(f"/v1/campaigns/{campaign['id']}/cancel", refund_paid=True)
    assert ended["status"] == "cancelled"
    sweep(world)
    assert brand.get(f"/v1/orders/{order['id']}").body["state"] == "cancelled"
    assert brand.get(f"/v1/campaigns/{campaign['id']}/group").body["refunded_minor"] == 20_000
    assert brand.get(f"/v1/products/{apples}/stock").body["left"] == 100


def test_a_campaign_is_run_again_with_all_it_had_once_for_each_key(brand: System, apples: str) -> None:
    leader = brand.leader("Wang")
    asked = body_of(
        brand, apples, leader_id=leader["id"], delivery=["home"], goal={"by": "units", "least": 4}, places=9,
        per_person=2, steps=[{"at": 6, "price_minor": 18_000}],
    )  # fmt: skip
    before = brand.done("/v1/campaigns", **asked)
    brand.world.clock.advance(days=2)
    now = brand.world.now
    times = {"opens_at": now.isoformat(), "closes_at": (now + timedelta(days=1)).isoformat()}
    again = [brand.post(f"/v1/campaigns/{before['id']}/clone", key="again-1", **times) for _ in range(2)]
    assert again[0].body == again[1].body
    assert again[1].replayed
    made = again[0].body
    assert made["cloned_from"] == before["id"]
    for name in ("title", "goal", "when_short", "places", "shown", "leader_id", "delivery", "items"):
        assert made[name] == before[name], name
    assert brand.get(f"/v1/products/{apples}/stock").body["left"] == 80


def test_a_leader_sells_what_it_took_over_and_nothing_after_it_gave_it_up(brand: System, apples: str) -> None:
    wang, zhao = brand.leader("Wang"), brand.leader("Zhao")
    campaign = brand.done("/v1/campaigns", **body_of(brand, apples, leader_id=wang["id"]))
    way = f"/v1/campaigns/{campaign['id']}"
    assert brand.post("/v1/orders", **brand.basket(zhao["id"], campaign)).status == 404
    for nobody in ("ld_0000000000", "a" * 2_100):
        assert brand.post(f"{way}/take_over", leader_id=nobody).status == 404
        assert brand.post(f"{way}/give_up", leader_id=nobody).status == 404
    for _ in range(2):
        brand.done(f"{way}/take_over", leader_id=zhao["id"])
    assert buy(brand, zhao, campaign, "13800138001")["leader_id"] == zhao["id"]
    brand.done(f"{way}/give_up", leader_id=zhao["id"])
    assert brand.post("/v1/orders", **brand.basket(zhao["id"], campaign)).status == 404
    kept = brand.post(f"{way}/give_up", leader_id=wang["id"])
    assert (kept.status, kept.error["code"]) == (409, "campaign_not_for_taking")
    brands = brand.done("/v1/campaigns", **body_of(brand, apples))
    everywhere = brand.post(f"/v1/campaigns/{brands['id']}/take_over", leader_id=zhao["id"])
    assert (everywhere.status, everywhere.error["code"]) == (409, "campaign_not_for_taking")


def test_limits_and_places_hold_for_orders_of_a_system_too(brand: System, apples: str) -> None:
    leader = brand.leader("Wang")
    campaign = brand.done("/v1/campaigns", **body_of(brand, apples, places=1, per_person=2))
    over = brand.post("/v1/orders", **brand.basket(leader["id"], campaign, 3))
    assert (over.status, over.error["code"], over.error["param"]) == (409, "person_limit", "lines[0][qty]")
    buy(brand, leader, campaign, "13800138001", qty=2)
    full = brand.post("/v1/orders", **brand.basket(leader["id"], campaign))
    assert (full.status, full.error["code"]) == (409, "group_full")


def test_the_brand_says_whether_leaders_open_campaigns(brand: System) -> None:
    assert brand.get("/v1/brand").body["leader_campaigns"] is False
    assert brand.done("/v1/brand", leader_campaigns=True)["leader_campaigns"] is True
    assert brand.done("/v1/brand", name="Green")["leader_campaigns"] is True
