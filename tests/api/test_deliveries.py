"""A brand's system follows a campaign from picking to hands: points, arrivals, parcels, several orders at once."""

import base64

from chalicelib.events import schedules
from tests.api.world import System, World


def test_a_campaigns_delivery_is_added_up_by_product_and_leader(brand: System, world: World) -> None:
    campaign = brand.campaign(brand.product()["id"])
    leader, other = brand.leader("A"), brand.leader("B")
    brand.bought(leader["id"], campaign, qty=2)
    order = brand.bought(other["id"], campaign)
    brand.done("/v1/deliveries", order_ids=[order["id"]])
    shown = brand.get(f"/v1/campaigns/{campaign['id']}/delivery").body
    assert (shown["object"], shown["id"]) == ("delivery", campaign["id"])
    assert [(one["title"], one["units"], one["handed_units"]) for one in shown["products"]] == [("Apples", 3, 1)]
    assert {one["leader_id"]: (one["orders"], one["waiting"]) for one in shown["leaders"]} == {
        leader["id"]: (1, 1),
        other["id"]: (1, 0),
    }
    assert brand.get("/v1/campaigns/cp_00000000000000000000/delivery").status == 404


def test_goods_that_arrived_are_marked_once(brand: System, world: World) -> None:
    campaign, leader = brand.campaign(brand.product()["id"]), brand.leader("A")
    brand.bought(leader["id"], campaign)
    first = brand.done(f"/v1/campaigns/{campaign['id']}/arrivals", leader_id=leader["id"])
    world.clock.advance(hours=1)
    assert brand.done(f"/v1/campaigns/{campaign['id']}/arrivals", leader_id=leader["id"]) == first
    (share,) = brand.get(f"/v1/campaigns/{campaign['id']}/delivery").body["leaders"]
    assert share["arrived_at"] == first["arrived_at"]
    assert brand.post(f"/v1/campaigns/{campaign['id']}/arrivals", leader_id="ld_0000000000").status == 404


def test_several_orders_are_delivered_and_what_failed_is_named(brand: System) -> None:
    campaign, leader = brand.campaign(brand.product()["id"]), brand.leader("A")
    paid = brand.bought(leader["id"], campaign)
    unpaid = brand.done("/v1/orders", **brand.basket(leader["id"], campaign))
    answer = brand.done("/v1/deliveries", order_ids=[paid["id"], unpaid["id"], "ord_x"])
    assert [(one["order_id"], one["delivered"], one["code"]) for one in answer["data"]] == [
        (paid["id"], True, None),
        (unpaid["id"], False, "order_not_deliverable"),
        ("ord_x", False, "order_missing"),
    ]
    assert brand.post("/v1/deliveries", order_ids=[]).status == 400
    assert brand.post("/v1/deliveries", order_ids=["ord_x"] * 101).status == 400


def test_an_order_shows_its_parcel(brand: System) -> None:
    campaign, leader = brand.campaign(brand.product()["id"]), brand.leader("A")
    order = brand.bought(leader["id"], campaign)
    assert order["tracking"] is None
    shipped = brand.done(f"/v1/orders/{order['id']}/ship", carrier="SF", number="SF 12345")
    assert (shipped["tracking"]["carrier"], shipped["tracking"]["number"]) == ("SF", "SF12345")
    assert brand.post(f"/v1/orders/{order['id']}/ship", carrier="SF", number="1").error["param"] == "number"
    assert brand.get(f"/v1/orders/{order['id']}").body["tracking"] == shipped["tracking"]


def test_tracking_numbers_come_as_a_file_too(brand: System) -> None:
    campaign, leader = brand.campaign(brand.product()["id"]), brand.leader("A")
    order = brand.bought(leader["id"], campaign)
    text = f"order,carrier,tracking_number\n{order['id']},SF,SF12345\n"
    job = brand.done("/v1/imports", what="tracking", content=base64.b64encode(text.encode()).decode())
    assert (job["state"], job["rows"]) == ("ready", 1)
    assert brand.done(f"/v1/imports/{job['id']}/commit")["state"] == "done"
    assert brand.get(f"/v1/orders/{order['id']}").body["tracking"]["number"] == "SF12345"


def test_a_leaders_points_are_kept_and_chosen_by_orders(brand: System) -> None:
    campaign, leader = brand.campaign(brand.product()["id"]), brand.leader("A")
    way = f"/v1/leaders/{leader['id']}/points"
    made = brand.done(way, name="Old gate", address="7 Lake Road", key="gate-1")
    assert brand.done(way, name="Old gate", address="7 Lake Road", key="gate-1") == made
    assert brand.get(f"{way}/{made['id']}").body == made
    basket = brand.basket(leader["id"], campaign)
    chosen = basket | {"customer": {"name": "Li Na", "phone": "13800138000", "point_id": made["id"]}}
    assert brand.done("/v1/orders", **chosen)["customer"]["pickup"] == "Old gate · 7 Lake Road"
    brand.done(f"{way}/{made['id']}", active=False)
    assert brand.post("/v1/orders", **chosen).error["code"] == "point_closed"
    assert [one["active"] for one in brand.get(way).body["data"]] == [False]
    assert brand.post(way, name="", address="x").error["param"] == "name"


def test_the_sweep_takes_a_parcel_as_delivered_so_that_commissions_do_not_wait_for_ever(
    brand: System, world: World
) -> None:
    campaign, leader = brand.campaign(brand.product()["id"]), brand.leader("A")
    order, picked_up = brand.bought(leader["id"], campaign), brand.bought(leader["id"], campaign)
    brand.done("/v1/brand", auto_deliver_days=3)
    brand.done(f"/v1/orders/{order['id']}/ship", carrier="SF", number="SF12345")
    world.clock.advance(days=3)
    schedules.sweep(world.now, world.tools, lambda: True)
    world.pump()
    assert brand.get(f"/v1/orders/{order['id']}").body["state"] == "delivered"
    assert brand.get(f"/v1/orders/{picked_up['id']}").body["state"] == "paid"
    world.clock.advance(days=9)
    world.settle()
    balance = brand.get(f"/v1/leaders/{leader['id']}/balance").body
    assert balance["available_minor"] == balance["held_minor"] > 0
