"""The brand's figures over `/v1`: the same that the console's first page shows."""

import pytest

from chalicelib.boards import spread
from chalicelib.figures import store as figures
from chalicelib.figures.business import product_name
from chalicelib.figures.rules import BRAND, Counts
from chalicelib.figures.store import Change
from chalicelib.tenancy import acting_for
from chalicelib.tenants import actions as tenants
from tests.api.world import APPLES, System, World


@pytest.fixture
def brand(world: World) -> System:
    return world.brand()


def test_days_that_nothing_happened_on_are_there_and_shares_of_nothing_are_none(brand: System) -> None:
    shown = brand.get("/v1/figures").body
    assert (shown["first_day"], shown["last_day"], len(shown["days"])) == ("2026-02-01", "2026-03-02", 30)
    assert shown["total"]["sales_minor"] == 0
    assert shown["total"]["promised_bp"] is None
    assert shown["waiting"] == dict.fromkeys(
        ("to_hand_out", "to_decide", "to_refund", "to_confirm", "disputed", "to_review", "to_read"), 0
    )
    assert shown["spread"] is None
    assert shown["best_products"] == []


def test_days_what_waits_and_the_months_best_are_told(brand: System) -> None:
    leader, product = brand.leader("A"), brand.done("/v1/products", **APPLES)
    day = Counts({"paid_in-2026-03-02": 10_000, "given_back-2026-03-02": 2_000, "orders-2026-03-02": 3,
                  "commission-2026-03-02": 1_600, "paid_out-2026-03-02": 400, "to_hand_out": 2})  # fmt: skip
    own = Counts({"own-2026-03": 8_000})
    sold = Counts({"sales-2026-03": 8_000, "units-2026-03": 4})
    now = brand.world.now
    with acting_for(brand.tenant_id):
        for whose, counts in ((BRAND, day), (leader["id"], own), (product_name(product["id"]), sold)):
            change = Change("1", now, counts, {"status": "confirmed"})
            figures.take_in(brand.tenant_id, whose, "shardId-1", [change], now=now)
        spread.keep_up(tenants.get(brand.tenant_id), now=now)

    shown = brand.get("/v1/figures?first_day=2026-03-01").body

    assert [one["sales_minor"] for one in shown["days"]] == [0, 8_000]
    assert (shown["total"]["orders"], shown["total"]["promised_bp"], shown["total"]["paid_bp"]) == (3, 2_000, 500)
    assert shown["waiting"]["to_hand_out"] == 2
    assert shown["spread"]["best_leaders"] == [{"leader_id": leader["id"], "sales_minor": 8_000}]
    assert shown["spread"]["best_fifth_bp"] == 10_000
    assert shown["best_products"] == [{"product_id": product["id"], "sales_minor": 8_000, "units": 4}]


@pytest.mark.parametrize(
    ("asked", "param"),
    [
        ("first_day=yesterday", "first_day"),
        ("last_day=2026-02-30", "last_day"),
        ("first_day=2026-03-03&last_day=2026-03-02", "first_day"),
        ("first_day=2025-01-01&last_day=2026-03-02", "first_day"),
    ],
)
def test_what_are_no_days_or_too_many_is_said(brand: System, asked: str, param: str) -> None:
    error = brand.get(f"/v1/figures?{asked}").error
    assert (error["code"], error["param"]) == ("figures_days_invalid", param)
