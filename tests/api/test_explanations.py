"""“Why?” over the API: the brand's own systems show its leaders how an amount came about."""

from typing import Any

import pytest

from tests.api.world import System


@pytest.fixture
def sold(brand: System) -> dict[str, Any]:
    """A is gold and invited B, who sold apples for 200.00 at 20 %."""
    a = brand.leader("A")
    b = brand.leader("B", a["id"])
    brand.done(f"/v1/leaders/{a['id']}/rank", rank="gold", reason="asked for")
    order = brand.bought(b["id"], brand.campaign(brand.product()["id"]))
    return {"a": a["id"], "b": b["id"], "order": order["id"]}


def newest_line(brand: System, leader_id: str) -> str:
    line: str = brand.get(f"/v1/leaders/{leader_id}/statement").body["lines"]["data"][0]["id"]
    return line


def test_a_leaders_line_opens_to_the_orders_line_as_it_was_sold(brand: System, sold: dict[str, Any]) -> None:
    line = newest_line(brand, sold["a"])

    why = brand.get(f"/v1/leaders/{sold['a']}/statement/{line}/explanation").body

    assert (why["object"], why["kind"], why["order"]) == ("explanation", "accrual", sold["order"])
    assert why["reason"] == (
        "B, in your community, sold 200.00; B's margin was 40.00; as Gold you earn 25% of it: 10.00."
    )
    (calculation,) = why["calculations"]
    assert (calculation["leader_id"], calculation["amount_minor"]) == (sold["a"], 1_000)
    assert calculation["steps"][-1]["expression"] == "floor(base * rate_bp / 10000)"
    assert calculation["steps"][-1]["result_minor"] == 1_000
    assert why["lines"][0]["title"] == "Apples"


def test_the_brand_sees_all_of_an_entry_in_its_language(brand: System, sold: dict[str, Any]) -> None:
    entry = brand.get("/v1/ledger_entries").body["data"][0]["id"]

    why = brand.get(f"/v1/ledger_entries/{entry}/explanation?language=zh").body

    assert [one["title"] for one in why["calculations"]] == ["B的销售佣金", "A的社群奖"]
    assert why["reason"].startswith("订单 ")


def test_a_line_is_found_under_its_own_leader_only(brand: System, sold: dict[str, Any]) -> None:
    brand.bought(sold["a"], brand.campaign(brand.product()["id"]))  # nobody is above A
    line = newest_line(brand, sold["a"])
    assert brand.get(f"/v1/leaders/{sold['a']}/statement/{line}/explanation").status == 200
    refused = brand.get(f"/v1/leaders/{sold['b']}/statement/{line}/explanation")
    assert (refused.status, refused.error["code"]) == (404, "ledger_entry_missing")
