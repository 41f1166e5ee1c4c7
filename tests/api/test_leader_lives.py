"""A leader's life over the API: what it needs next, its groups, its history, and orders for its customers."""

from datetime import timedelta

from tests.api.world import System, World


def test_a_newcomer_is_told_what_it_needs_and_until_when(world: World) -> None:
    brand = world.brand(preset="assessed")
    newcomer = brand.leader("B", brand.leader("A")["id"])
    assert (newcomer["status"], newcomer["trial_no"]) == ("probation", 1)

    told = brand.get(f"/v1/leaders/{newcomer['id']}/progress").body
    assert (told["object"], told["status"], told["trial_ends_at"]) == (
        "leader_progress", "probation", newcomer["probation_until"],
    )  # fmt: skip
    assert [(part.get("have", 0), part["need"]) for part in told["trial"]["of"]] == [(0, 3), (0, 19_900)]
    assert told["next_rank"] is None


def test_after_the_deadline_it_is_removed_and_its_new_trial_is_in_its_history(world: World) -> None:
    brand = world.brand(preset="assessed")
    newcomer = brand.leader("B", brand.leader("A")["id"])
    path = f"/v1/leaders/{newcomer['id']}"
    world.clock.advance(days=8)
    assert brand.get(f"{path}/progress").body["status"] == "removed"
    again = brand.done(f"{path}/start_trial", reason="was ill")
    assert (again["status"], again["trial_no"]) == ("probation", 2)

    latest, first = brand.all_of(f"{path}/changes", 1)
    assert (latest["value"], latest["reason"]) == ("probation", "was ill")
    assert (first["value"], first["by"], first["at"]) == ("removed", "rules", newcomer["probation_until"])


def test_a_confirmed_leader_is_told_what_the_next_rank_asks(world: World) -> None:
    brand = world.brand(preset="assessed")
    told = brand.get(f"/v1/leaders/{brand.leader('A')['id']}/progress").body
    assert (told["status"], told["trial"], told["next_rank"]) == ("confirmed", None, "senior")
    assert [part["need"] for part in told["needs"]["of"]] == [3_980_000, 5]


def test_the_brand_approves_groups_and_no_number_that_nobody_can_run(world: World) -> None:
    brand = world.brand()
    path = f"/v1/leaders/{brand.leader('A')['id']}/groups"
    assert brand.done(path, groups=6, reason="seen")["groups"] == 6
    refused = brand.post(path, groups=0)
    assert (refused.status, refused.error["code"], refused.error["param"]) == (400, "groups_invalid", "groups")


def clearance(world: World) -> tuple[System, dict, dict]:
    """A brand whose leaders order for their customers, with one leader and one campaign."""
    brand = world.brand(preset="stock_clearance")
    leader = brand.leader("A")
    return brand, leader, brand.campaign(brand.product()["id"])


def test_a_brands_system_enters_customers_lines_at_the_leaders_price_once(world: World) -> None:
    brand, leader, campaign = clearance(world)
    product = campaign["items"][0]["product_id"]
    lines = [{"customer": name, "product_id": product, "qty": 1} for name in ("Mrs Li", "Mr Zhao")]
    asked = {"leader_id": leader["id"], "campaign_id": campaign["id"], "lines": lines}
    order = brand.done("/v1/leader_orders", **asked)

    assert [customer for customer, _, _ in order["entered"]] == ["Mrs Li", "Mr Zhao"]
    [line] = order["lines"]
    assert line["paid_minor"] == -(-line["list_price_minor"] * 2 * 8_500 // 10_000) == order["amount_minor"]
    assert order["expires_at"] > (world.now + timedelta(minutes=30)).isoformat()


def test_where_customers_pay_themselves_a_leaders_order_costs_the_campaigns_price(world: World) -> None:
    brand = world.brand()
    leader, campaign = brand.leader("A"), brand.campaign(brand.product()["id"])
    (item,) = campaign["items"]
    line = {"customer": "Li", "product_id": item["product_id"], "qty": 2}
    order = brand.done("/v1/leader_orders", leader_id=leader["id"], campaign_id=campaign["id"], lines=[line])
    assert order["amount_minor"] == 2 * item["price_minor"]
    assert order["entered"] == [["Li", item["product_id"], 2]]
