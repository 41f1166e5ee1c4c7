"""After-sales over the API: asked, listed by state, decided; refunds that failed."""

from typing import Any

import pytest
import stripe

from tests.api.world import System, World


@pytest.fixture
def order(brand: System) -> Any:
    """A paid order of one box."""
    product = brand.product()
    return brand.bought(brand.leader("A")["id"], brand.campaign(product["id"]))


def complain(brand: System, order: Any, **different: Any) -> Any:
    return brand.done(f"/v1/orders/{order['id']}/cases", **{"wish": "refund", "reason": "spoilt"} | different)


def test_a_case_is_asked_for_listed_and_approved(brand: System, order: Any) -> None:
    case = complain(brand, order, text="one is brown")
    assert (case["object"], case["state"], case["asked_by"], case["text"]) == (
        "case",
        "requested",
        "brand",
        "one is brown",
    )
    assert case["expected_minor"] == order["amount_minor"]
    assert [one["id"] for one in brand.get("/v1/cases").body["data"]] == [case["id"]]

    path = f"/v1/orders/{order['id']}/cases/{case['id']}"
    decided = brand.done(f"{path}/approve", amount_minor=500, goods="gone")

    assert (decided["state"], decided["amount_minor"], decided["goods"]) == ("done", 500, "gone")
    assert brand.get(path).body == decided
    assert brand.get(f"/v1/orders/{order['id']}/refunds/{decided['refund_id']}").body["case_id"] == case["id"]
    assert brand.get("/v1/cases").body["data"] == []
    assert [one["id"] for one in brand.get("/v1/cases?state=over").body["data"]] == [case["id"]]
    assert brand.get(f"/v1/orders/{order['id']}").body["refunded_minor"] == 500


def test_pages_of_cases_go_on_by_the_last_ones_id(brand: System, world: World, order: Any) -> None:
    made = []
    for amount in (100, 200, 300):
        made.append(complain(brand, order, amount_minor=amount)["id"])
        world.clock.advance(seconds=1)

    first = brand.get("/v1/cases?limit=2").body
    second = brand.get(f"/v1/cases?limit=2&starting_after={first['data'][-1]['id']}").body

    assert [one["id"] for one in first["data"] + second["data"]] == made[::-1]
    assert (first["has_more"], second["has_more"]) == (True, False)
    assert brand.get("/v1/cases?starting_after=case_x").status == 404


def test_a_case_is_declined_with_its_reason_and_decided_once(brand: System, order: Any) -> None:
    case = complain(brand, order)
    path = f"/v1/orders/{order['id']}/cases/{case['id']}"

    assert brand.post(f"{path}/decline", note=" ").body["error"]["param"] == "note"
    declined = brand.done(f"{path}/decline", note="It was fine.")

    assert (declined["state"], declined["note"]) == ("declined", "It was fine.")
    refused = brand.post(f"{path}/approve")
    assert (refused.status, refused.body["error"]["code"]) == (409, "case_decided")


@pytest.mark.parametrize(
    ("different", "param"),
    [
        ({"wish": "applause"}, "wish"),
        ({"reason": "mood"}, "reason"),
        ({"units": {"pr_unknown": 1}}, "units[pr_unknown]"),
        ({"amount_minor": 1, "units": {}}, "amount_minor"),
        ({"text": "x" * 501}, "text"),
        ({"state": "approved"}, "state"),
    ],
)
def test_a_case_that_makes_no_sense_names_its_field(brand: System, order: Any, different: Any, param: str) -> None:
    body = {"wish": "refund", "reason": "spoilt"} | different
    refused = brand.post(f"/v1/orders/{order['id']}/cases", **body)
    assert (refused.status, refused.body["error"]["param"]) == (400, param)


def test_a_failed_refund_is_listed_and_asked_for_again(brand: System, world: World, order: Any) -> None:
    case = complain(brand, order)
    world.stripe.fail("refunds.create", stripe.InvalidRequestError("no", None, code="insufficient_funds"))
    brand.done(f"/v1/orders/{order['id']}/cases/{case['id']}/approve")

    [failed] = brand.get("/v1/failed_refunds").body["data"]
    assert (failed["state"], failed["failure_code"], failed["case_id"]) == ("failed", "insufficient_funds", case["id"])
    again = brand.done(f"/v1/orders/{order['id']}/refunds/{failed['id']}/repeat")
    world.pump()

    assert again["state"] == "succeeded"
    assert brand.get("/v1/failed_refunds").body["data"] == []
    assert brand.get(f"/v1/orders/{order['id']}/cases/{case['id']}").body["state"] == "done"


def test_a_failed_refund_is_put_away(brand: System, world: World, order: Any) -> None:
    case = complain(brand, order, wish="refund")
    world.stripe.fail("refunds.create", stripe.InvalidRequestError("no", None, code="insufficient_funds"))
    brand.done(f"/v1/orders/{order['id']}/cases/{case['id']}/approve")
    [failed] = brand.get("/v1/failed_refunds").body["data"]

    brand.done(f"/v1/orders/{order['id']}/refunds/{failed['id']}/dismiss")

    assert brand.get("/v1/failed_refunds").body["data"] == []
    assert brand.get(f"/v1/orders/{order['id']}/cases/{case['id']}").body["state"] == "done"


def test_a_replacement_is_handed_over(brand: System, order: Any) -> None:
    case = complain(brand, order, wish="replacement")
    path = f"/v1/orders/{order['id']}/cases/{case['id']}"
    assert brand.post(f"{path}/hand_over").status == 409

    brand.done(f"{path}/approve")

    assert brand.done(f"{path}/hand_over")["state"] == "done"
