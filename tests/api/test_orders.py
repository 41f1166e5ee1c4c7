"""Orders over the API: placed once, paid, refunded, delivered."""

from typing import Any

import pytest
import stripe as stripes

from tests.api.world import APPLES, System


@pytest.fixture
def shop(brand: System) -> tuple[System, Any, Any]:
    """A brand with a leader and a campaign of ten boxes of apples."""
    return brand, brand.leader("A"), brand.campaign(brand.product()["id"])


def left(brand: System, campaign: Any) -> int:
    return int(brand.get(f"/v1/campaigns/{campaign['id']}").body["items"][0]["left"])


def test_an_order_gives_the_address_where_it_is_paid(shop: tuple[System, Any, Any]) -> None:
    brand, leader, campaign = shop
    order = brand.done("/v1/orders", **brand.basket(leader["id"], campaign, qty=3))
    assert (order["object"], order["state"], order["amount_minor"]) == ("order", "awaiting_payment", 60_000)
    assert order["checkout_url"].startswith("https://pay.example/")
    assert left(brand, campaign) == 7


def test_an_order_that_is_sent_twice_with_one_key_is_one_order(shop: tuple[System, Any, Any]) -> None:
    brand, leader, campaign = shop
    basket = brand.basket(leader["id"], campaign)
    first, again = (brand.post("/v1/orders", key="k1", **basket) for _ in range(2))
    assert (again.text, again.replayed) == (first.text, True)
    assert left(brand, campaign) == 9
    assert len(brand.world.stripe.sessions) == 1


def test_an_order_whose_checkout_answer_was_lost_goes_on_with_the_same_key(shop: tuple[System, Any, Any]) -> None:
    brand, leader, campaign = shop
    basket = brand.basket(leader["id"], campaign)
    brand.world.stripe.lose_answer("sessions.create")
    lost = brand.post("/v1/orders", key="k1", **basket)
    assert (lost.status, lost.error["type"], lost.error["code"]) == (503, "api_error", "checkout_unreachable")
    again = brand.post("/v1/orders", key="k1", **basket)
    assert (again.status, again.replayed) == (200, False)
    assert left(brand, campaign) == 9
    assert len(brand.world.stripe.sessions) == 1


def test_a_price_or_a_rate_cannot_be_sent(shop: tuple[System, Any, Any]) -> None:
    brand, leader, campaign = shop
    basket = brand.basket(leader["id"], campaign)
    basket["lines"][0]["unit_price_minor"] = 1
    refused = brand.post("/v1/orders", **basket)
    assert (refused.status, refused.error["param"]) == (400, "lines[0][unit_price_minor]")
    assert brand.get("/v1/orders").body["data"] == []


def test_a_refusal_of_the_basket_names_the_line_as_the_body_does(shop: tuple[System, Any, Any]) -> None:
    brand, leader, campaign = shop
    refused = brand.post("/v1/orders", **brand.basket(leader["id"], campaign, qty=11))
    assert (refused.status, refused.error["code"], refused.error["param"]) == (409, "sold_out", "lines[0][qty]")


def test_every_order_is_listed_once_newest_first(shop: tuple[System, Any, Any]) -> None:
    brand, leader, campaign = shop
    placed = []
    for _ in range(5):
        brand.world.clock.advance(seconds=1)
        placed.append(brand.done("/v1/orders", **brand.basket(leader["id"], campaign))["id"])
    for limit in (1, 2, 5):
        assert [order["id"] for order in brand.all_of("/v1/orders", limit)] == placed[::-1]


def test_a_refund_that_is_sent_twice_with_one_key_is_one_refund(shop: tuple[System, Any, Any]) -> None:
    brand, leader, campaign = shop
    order = brand.bought(leader["id"], campaign)
    path = f"/v1/orders/{order['id']}/refunds"
    first, again = (brand.post(path, key="k1", amount_minor=5_000) for _ in range(2))
    assert (again.text, again.replayed) == (first.text, True)
    second = brand.done(path, amount_minor=6_000, reason="late")
    assert {one["id"] for one in brand.all_of(path, 1)} == {first.body["id"], second["id"]}
    assert brand.get(f"{path}/{second['id']}").body == second
    assert brand.get(f"/v1/orders/{order['id']}").body["refunded_minor"] == 11_000
    refused = brand.post(path, amount_minor=9_001)
    assert (refused.status, refused.error["code"]) == (400, "refund_invalid")


def test_a_refund_that_stripe_did_not_answer_is_requested_and_found_again(shop: tuple[System, Any, Any]) -> None:
    brand, leader, campaign = shop
    order = brand.bought(leader["id"], campaign)
    brand.world.stripe.fail("refunds.create", stripes.APIConnectionError("timed out"))
    made = brand.done(f"/v1/orders/{order['id']}/refunds", amount_minor=5_000)
    assert made["state"] == "requested"


def test_what_is_not_paid_is_neither_refunded_nor_delivered(shop: tuple[System, Any, Any]) -> None:
    brand, leader, campaign = shop
    order = brand.done("/v1/orders", **brand.basket(leader["id"], campaign))
    refused = brand.post(f"/v1/orders/{order['id']}/refunds", amount_minor=1)
    assert (refused.status, refused.error["code"]) == (409, "order_not_refundable")
    refused = brand.post(f"/v1/orders/{order['id']}/deliver")
    assert (refused.status, refused.error["code"]) == (409, "order_not_deliverable")


def test_a_cancelled_campaign_takes_no_orders(shop: tuple[System, Any, Any]) -> None:
    brand, leader, campaign = shop
    assert brand.done(f"/v1/campaigns/{campaign['id']}/cancel")["status"] == "cancelled"
    refused = brand.post("/v1/orders", **brand.basket(leader["id"], campaign))
    assert (refused.status, refused.error["code"]) == (409, "campaign_not_open")


def test_a_campaign_of_which_there_is_too_little_in_stock_is_refused_by_its_item(brand: System) -> None:
    apples = brand.product(stock=3)
    offer = {"product_id": apples["id"], "quantity": 4}
    frame = {"title": "Week", "opens_at": "2026-03-02T08:00:00Z", "closes_at": "2026-03-04T08:00:00Z"}
    refused = brand.post("/v1/campaigns", **frame, items=[offer])
    assert (refused.status, refused.error["param"]) == (409, "items[0][quantity]")
    assert brand.get("/v1/campaigns").body["data"] == []


def test_campaigns_are_listed_the_last_to_close_first(brand: System) -> None:
    apples = brand.product()
    opened = []
    for _ in range(3):
        brand.world.clock.advance(seconds=1)
        opened.append(brand.campaign(apples["id"], quantity=1)["id"])
    assert [one["id"] for one in brand.all_of("/v1/campaigns", 2)] == opened[::-1]


def test_orders_are_listed_by_their_days_and_by_their_leader(shop: tuple[System, Any, Any]) -> None:
    brand, leader, campaign = shop
    other = brand.leader("B")
    first, second = brand.bought(leader["id"], campaign), brand.bought(other["id"], campaign)
    third = brand.bought(leader["id"], campaign)
    brand.done("/v1/orders", **brand.basket(leader["id"], campaign))

    def ids(query: str) -> list[str]:
        return [order["id"] for order in brand.get(f"/v1/orders?{query}").body["data"]]

    between = f"since={second['placed_at']}&until={third['placed_at']}".replace("+", "%2B")
    assert ids(between) == [second["id"]]
    assert ids(f"leader_id={leader['id']}") == [third["id"], first["id"]]
    assert ids(f"leader_id={leader['id']}&limit=1&starting_after={third['id']}") == [first["id"]]
    assert ids(f"leader_id={leader['id']}&since={third['placed_at']}".replace("+", "%2B")) == [third["id"]]
    for query, param in (
        (f"leader_id={leader['id']}&until={third['placed_at']}", "until"),
        ("since=2026-03-02", "since"),
    ):
        refused = brand.get(f"/v1/orders?{query}".replace("+", "%2B"))
        assert (refused.status, refused.error["param"]) == (400, param)


def test_what_was_written_for_an_order_is_listed_from_its_payment_on(shop: tuple[System, Any, Any]) -> None:
    brand, leader, campaign = shop
    order = brand.bought(leader["id"], campaign)
    address = f"/v1/orders/{order['id']}/ledger_entries"
    (paid,) = brand.get(address).body["data"]
    assert (paid["kind"], paid["facts"]["order"]) == ("accrual", order["id"])
    brand.done(f"/v1/orders/{order['id']}/refunds", amount_minor=1_000)
    brand.world.pump()
    both = brand.get(address).body["data"]
    assert [both[0], both[1]["reverses"]] == [paid, paid["entry"]]
    further = brand.get(f"{address}?limit=1&starting_after={paid['id']}").body
    assert (further["data"], further["has_more"]) == ([both[1]], False)
    assert brand.get("/v1/orders/ord_00000000000000000000/ledger_entries").status == 404


def test_an_order_that_a_coupon_paid_whole_is_called_off_and_one_that_was_paid_is_not(brand: System) -> None:
    leader = brand.leader("A")
    brand.leader("B", leader["id"])
    brand.world.pump()
    (coupon,) = brand.get(f"/v1/leaders/{leader['id']}/coupons").body["data"]
    product = brand.done("/v1/products", **(APPLES | {"sale_price_minor": coupon["amount_minor"]}))
    campaign = brand.campaign(product["id"])
    paid = brand.bought(leader["id"], campaign)
    covered = brand.done("/v1/orders", **brand.basket(leader["id"], campaign), coupon_id=coupon["id"])
    assert (covered["state"], covered["amount_minor"]) == ("paid", 0)

    refused = brand.post(f"/v1/orders/{paid['id']}/call_off")
    assert (refused.status, refused.error["code"]) == (409, "order_not_callable")
    for _ in range(2):
        assert brand.done(f"/v1/orders/{covered['id']}/call_off")["state"] == "cancelled"
    brand.world.pump()
    assert left(brand, campaign) == 9
    assert brand.get(f"/v1/leaders/{leader['id']}/coupons").body["data"][0]["state"] == "open"
