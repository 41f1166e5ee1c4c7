"""One order's journey, told by a brand's own system over the API alone."""

from typing import Any

import pytest

from tests.api.world import System


@pytest.fixture
def team(brand: System) -> tuple[Any, Any]:
    """A, a root of rank gold, and B whom A invited; both are paid by bank."""
    a = brand.leader("A")
    brand.done(f"/v1/leaders/{a['id']}/rank", rank="gold", reason="brought a team along")
    b = brand.leader("B", a["id"])
    for one in (a, b):
        brand.done(f"/v1/leaders/{one['id']}/bank_account", bank_details=f"ICBC {one['name']}")
    brand.world.pump()
    return a, b


def test_from_an_order_to_a_paid_out_commission(brand: System, team: tuple[Any, Any]) -> None:
    _, b = team
    order = brand.bought(b["id"], brand.campaign(brand.product()["id"]))
    assert (order["state"], order["amount_minor"], order["currency"]) == ("paid", 20_000, "CNY")
    assert brand.get(f"/v1/leaders/{b['id']}/balance").body["held_minor"] == 4_000

    refund = brand.done(f"/v1/orders/{order['id']}/refunds", amount_minor=5_000, reason="one was spoilt")
    assert (refund["object"], refund["state"], refund["amount_minor"]) == ("refund", "succeeded", 5_000)
    brand.world.pump()
    assert brand.done(f"/v1/orders/{order['id']}/deliver")["state"] == "delivered"
    brand.world.pump()

    brand.world.clock.advance(days=9)
    brand.world.settle()
    balance = brand.get(f"/v1/leaders/{b['id']}/balance").body
    assert (balance["held_minor"], balance["available_minor"], balance["currency"]) == (0, 3_000, "CNY")

    run = brand.done("/v1/payout_runs")
    assert (run["object"], run["held"], run["finished"]) == ("payout_run", {}, True)
    batch = brand.done("/v1/payout_batches")
    line = next(one for one in batch["lines"] if one["leader"] == b["id"])
    assert (line["amount"], line["account"]) == ("30.00", "ICBC B")
    assert brand.get("/v1/payout_batches").body["data"] == [batch]

    said = {"batch": batch["id"], "payout": line["payout"], "amount": line["amount"], "result": "paid"}
    changed = said | {"amount": "31.00"}
    confirmed = brand.done("/v1/payout_batches/confirm", lines=[said, said, changed])
    assert [one["outcome"] for one in confirmed["lines"]] == ["done", "already", "refused"]
    payout = brand.get(f"/v1/payouts/{line['payout']}").body
    assert (payout["state"], payout["amount_minor"], payout["rail"]) == ("paid", 3_000, "manual")
    assert payout in brand.all_of("/v1/payouts", 1)
    brand.world.pump()

    (yuan,) = brand.get("/v1/trial_balance").body["currencies"]
    assert (yuan["currency"], yuan["total_minor"]) == ("CNY", 0)
    accounts = {one["account"]: one["amount_minor"] for one in yuan["accounts"]}
    assert (accounts["leaders:paid"], accounts["buyers"]) == (3_000, -15_000)


def test_every_entry_is_listed_once_with_its_reason_and_found_by_its_id(brand: System, team: tuple[Any, Any]) -> None:
    _, b = team
    order = brand.bought(b["id"], brand.campaign(brand.product()["id"]))
    brand.done(f"/v1/orders/{order['id']}/refunds", amount_minor=5_000)
    brand.world.pump()

    entries = brand.all_of("/v1/ledger_entries", 2)
    assert len({one["id"] for one in entries}) == len(entries)
    assert {one["kind"] for one in entries} >= {"accrual", "reversal"}
    for entry in entries:
        assert entry["reason"]
        assert sum(leg["amount_minor"] for leg in entry["postings"]) == 0
        assert brand.get(f"/v1/ledger_entries/{entry['id']}").body == entry
    chinese = brand.get(f"/v1/ledger_entries/{entries[0]['id']}?language=zh").body
    assert chinese["reason"] != entries[0]["reason"]
    assert brand.get("/v1/ledger_entries?language=fr").error["param"] == "language"


def test_a_leaders_statement_says_why(brand: System, team: tuple[Any, Any]) -> None:
    _, b = team
    campaign = brand.campaign(brand.product()["id"])
    for _ in range(3):
        brand.bought(b["id"], campaign)
    path = f"/v1/leaders/{b['id']}/statement"
    first = brand.get(f"{path}?limit=2").body
    assert (first["object"], first["balance"]["held_minor"], first["lines"]["has_more"]) == (
        "leader_statement", 12_000, True,
    )  # fmt: skip
    rest = brand.get(f"{path}?limit=2&starting_after={first['lines']['data'][-1]['id']}").body
    lines = first["lines"]["data"] + rest["lines"]["data"]
    assert not rest["lines"]["has_more"]
    assert [line["held_minor"] for line in lines] == [4_000] * 3
    assert lines[0]["reason"] == "You sold 200.00; your margin (20%) is 40.00."


def test_the_brands_statement_has_its_balances_once_and_its_journal(brand: System, team: tuple[Any, Any]) -> None:
    _, b = team
    campaign = brand.campaign(brand.product()["id"])
    for _ in range(2):
        brand.bought(b["id"], campaign)
    first = brand.get("/v1/statement?limit=1").body
    assert first["trial_balance"]["currencies"][0]["total_minor"] == 0
    last = first["entries"]["data"][-1]["id"]
    second = brand.get(f"/v1/statement?limit=1&starting_after={last}").body
    assert second["trial_balance"] is None
    assert second["entries"]["data"][0]["id"] != last
