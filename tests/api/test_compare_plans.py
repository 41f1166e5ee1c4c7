"""Two plans tried on the brand's own past, or on a network made up, before one takes effect."""

from typing import Any

import pytest
from msgspec import UNSET

from chalicelib import store
from chalicelib.commissions.rules.events import OrderPaid
from chalicelib.orders.store import Order, order_key
from chalicelib.planning import past
from chalicelib.tenancy import acting_for
from tests.api.story import harmless_plan
from tests.api.world import System, World
from tests.commissions.lint.plans import with_reward, without

RICHER = with_reward("breakaway", "team_override", rate_bp=5000)


@pytest.fixture
def lived(brand: System) -> System:
    """A brand with three generations, three orders and a refund."""
    campaign = brand.campaign(brand.product()["id"])
    top = brand.leader("A")
    brand.done(f"/v1/leaders/{top['id']}/rank", rank="gold", reason="knows everybody")
    middle = brand.leader("B", top["id"])
    low = brand.leader("C", middle["id"])
    orders = [brand.bought(leader["id"], campaign) for leader in (low, middle, low)]
    brand.done(f"/v1/orders/{orders[0]['id']}/refunds", amount_minor=5_000)
    brand.world.pump()
    return brand


def paid_out(brand: System) -> int:
    entries = brand.all_of("/v1/ledger_entries", 20)
    legs = [leg for entry in entries if entry["facts"].get("order") for leg in entry["postings"]]
    return sum(leg["amount_minor"] for leg in legs if leg["account"].startswith("leader:"))


def tried(brand: System, **asked: Any) -> Any:
    return brand.done("/v1/plans/compare", **({"first": {"number": 1}, "second": {"document": RICHER}} | asked))


def test_the_plan_in_force_tried_on_its_own_past_sells_and_refunds_what_was(lived: System) -> None:
    said = tried(lived, second={"document": harmless_plan()})

    first, second = said["comparison"]["first"], said["comparison"]["second"]
    assert (said["orders"], said["cut"], said["currency"]) == (3, False, "CNY")
    assert (first["orders"], first["sales_minor"], first["leaders"]) == (3, 55_000, 3)
    assert (first["refused_orders"], first["refused_newcomers"]) == (0, 0)
    # Nobody is gold by the rules: without a head above, what the sellers keep is all that either plan pays on sales.
    assert second["commission_minor"] == 11_000
    assert paid_out(lived) > second["commission_minor"]


def test_who_gains_and_who_loses_is_said_by_name(lived: System) -> None:
    half = with_reward("breakaway", "retail", margin={"by": "rate", "rate_bp": 1_000})

    said = tried(lived, second={"document": half})["comparison"]

    assert (said["first"]["plan"], said["second"]["plan"]) == ("v1", "draft")
    assert (said["gainers"], said["losers"]) == (0, 2)
    assert [one["first_minor"] - one["second_minor"] for one in said["losses"]] == [3_500, 2_000]
    assert {one["leader"] for one in said["losses"]} <= {one["id"] for one in lived.all_of("/v1/leaders", 10)}


def test_a_long_past_is_cut_and_says_so(lived: System) -> None:
    with acting_for(lived.tenant_id):
        short = past.read(lived.tenant_id, most_orders=1)
        whole = past.read(lived.tenant_id)

    assert (short.orders, short.cut) == (1, True)
    assert (whole.orders, whole.cut) == (3, False)
    assert (short.nameless, whole.nameless) == (0, 0)
    at = [event.at for event in short.events]
    assert at == sorted(at)
    assert at[0] == at[-1]  # everybody joins at the cut


def paid_events(brand: System, **cut: int) -> list[OrderPaid]:
    with acting_for(brand.tenant_id):
        found = past.read(brand.tenant_id, **cut)
    return [event for event in found.events if isinstance(event, OrderPaid)]


def acquisition_of(said: Any) -> int:
    """What the second plan pays more than without its reward for new customers."""
    return int(said["comparison"]["second"]["commission_minor"]) - int(said["comparison"]["first"]["commission_minor"])


def test_a_new_customer_brings_its_reward_once_and_goes_by_a_hash(lived: System) -> None:
    """The three orders of this past are one customer's."""
    without_reward = without("simple_referral", "acquisition")

    said = tried(lived, first={"document": without_reward}, second={"preset": "simple_referral"})

    assert acquisition_of(said) == 500
    customers = {event.customer for event in paid_events(lived)}
    assert len(customers) == 1
    assert "138" not in str(customers)
    assert said["nameless"] == 0


def test_who_bought_before_the_cut_is_no_new_customer_after_it(lived: System) -> None:
    (newest,) = paid_events(lived, most_orders=1)

    assert newest.customer is UNSET


def test_orders_whose_customer_is_not_kept_are_counted_and_bring_no_reward(lived: System) -> None:
    with acting_for(lived.tenant_id):
        for event in paid_events(lived):
            store.get(Order, *order_key(lived.tenant_id, event.order)).delete()

    said = tried(
        lived, first={"document": without("simple_referral", "acquisition")}, second={"preset": "simple_referral"}
    )

    assert (said["orders"], said["nameless"]) == (3, 3)
    assert acquisition_of(said) == 0


def test_a_network_made_up_is_the_same_for_the_same_seed(brand: System) -> None:
    network = {"size": 30, "depth": 4, "seed": 7, "orders": 100}

    one, again = (
        tried(brand, history="made_up", network=network, second={"preset": "simple_referral"}) for _ in range(2)
    )

    assert one == again
    assert one["orders"] == 100
    assert one["comparison"]["first"]["sales_minor"] > 0
    assert tried(brand, history="made_up", network=network | {"seed": 8}) != one


def test_what_cheats_would_cost_is_said_for_both_plans(brand: System) -> None:
    network = {"size": 30, "depth": 4, "seed": 7, "orders": 100, "attackers_bp": 1_000}

    said = tried(brand, history="made_up", network=network, second={"preset": "simple_referral"})["comparison"]

    first, second = said["first"]["attackers"], said["second"]["attackers"]
    assert (first["attackers"], first["fakes"]) == (second["attackers"], second["fakes"]) == (3, 60)
    assert first["cost_minor"] == first["paid_minor"] - first["real_minor"] == sum(first["cost_by_kind"].values())
    assert first["cost_by_kind"]["invite_bonus"] > 0
    assert first["cost_minor"] > second["cost_minor"]
    honest = tried(brand, history="made_up", network=network | {"attackers_bp": 0})["comparison"]
    assert honest["first"]["attackers"] is None


def test_a_brand_without_orders_is_told_to_make_up_a_network(brand: System) -> None:
    refused = brand.post("/v1/plans/compare", first={"number": 1}, second={"preset": "assessed"})

    assert (refused.status, refused.error["code"], refused.error["param"]) == (400, "no_past_yet", "history")


@pytest.mark.parametrize(
    ("asked", "status", "param"),
    [
        ({"first": {}}, 400, "first"),
        ({"second": {"number": 1, "preset": "assessed"}}, 400, "second"),
        ({"second": {"number": 9}}, 404, "number"),
        ({"second": {"preset": "pyramid"}}, 404, "preset"),
        ({"second": {"document": RICHER | {"payout_cap_bp": -1}}}, 400, "second[document][payout_cap_bp]"),
        ({"network": {"size": 1_001}}, 400, "network[size]"),
        ({"network": {"attackers_bp": 1_001}}, 400, "network[attackers_bp]"),
        ({"network": {"orders": 10_001}}, 400, "network[orders]"),
        ({"history": "others"}, 400, "history"),
    ],
)
def test_what_cannot_be_compared_is_refused_by_name(
    brand: System, asked: dict[str, Any], status: int, param: str
) -> None:
    refused = brand.post("/v1/plans/compare", **({"first": {"number": 1}, "second": {"preset": "assessed"}} | asked))

    assert (refused.status, refused.error["param"]) == (status, param)


def test_one_brand_does_not_try_its_plan_on_anothers_past(lived: System) -> None:
    world: World = lived.world
    other = world.brand("blue-lake")

    assert other.post("/v1/plans/compare", first={"number": 1}, second={"number": 1}).status == 400
