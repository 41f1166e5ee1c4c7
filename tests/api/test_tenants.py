"""Every route with another brand's ids: 404, and nothing is written (FAILURES.md, 33)."""

import json
import re
from typing import Any

import pytest

from chalicelib.api.calls import PageQuery
from chalicelib.api.route import Route
from chalicelib.api.routes import ROUTES
from tests.api.world import System, World

BODIES: dict[str, dict[str, Any]] = {
    "/v1/products/{product_id}/stock": {"change": 1},
    "/v1/leaders/{leader_id}/rank": {"rank": "gold", "reason": "asked for"},
    "/v1/leaders/{leader_id}/bank_account": {"bank_details": "ICBC"},
    "/v1/leaders/{leader_id}/stripe_onboarding": {
        "return_url": "https://shop.example/",
        "refresh_url": "https://shop.example/",
    },
    "/v1/orders/{order_id}/refunds": {"amount_minor": 1},
    "/v1/leaders/{leader_id}": {"name": "Mallory"},
    "/v1/products/{product_id}": {"title": "Mine now"},
}


class Story:
    """A brand to which everything has happened that leaves an id, and one that would like to see it."""

    def __init__(self, world: World) -> None:
        self.ours, self.theirs = world.brand("green-village"), world.brand("blue-lake")
        theirs = self.theirs
        self.product = theirs.product()
        self.campaign = theirs.campaign(self.product["id"])
        leader = theirs.leader("A")
        invitee = theirs.leader("B", leader["id"])
        theirs.done(f"/v1/leaders/{invitee['id']}/bank_account", bank_details="ICBC 1")
        order = theirs.bought(invitee["id"], self.campaign)
        refund = theirs.done(f"/v1/orders/{order['id']}/refunds", amount_minor=1_000)
        theirs.done(f"/v1/orders/{order['id']}/deliver")
        world.pump()
        world.clock.advance(days=9)
        world.settle()
        theirs.done("/v1/payout_runs")
        world.pump()
        self.ids = {
            "product_id": self.product["id"],
            "campaign_id": self.campaign["id"],
            "leader_id": leader["id"],
            "code": leader["invite_code"],
            "order_id": order["id"],
            "refund_id": refund["id"],
            "payout_id": theirs.get("/v1/payouts").body["data"][0]["id"],
            "entry_id": theirs.get("/v1/ledger_entries").body["data"][0]["id"],
            "api_key_id": theirs.get("/v1/api_keys").body["data"][0]["id"],
        }

    def ask(self, system: System, route: Route, path: str) -> Any:
        if route.method == "GET":
            return system.get(path)
        return system.post(path, **BODIES.get(route.path, {}))


@pytest.fixture
def story(world: World) -> Story:
    return Story(world)


def test_another_brands_ids_are_404_everywhere_and_nothing_is_written(story: Story) -> None:
    routes = [route for route in ROUTES if "{" in route.path]
    assert {name for route in routes for name in re.findall(r"{(\w+)}", route.path)} == set(story.ids)
    before = story.ours.world.items()
    for route in routes:
        answer = story.ask(story.ours, route, route.path.format(**story.ids))
        assert (answer.status, answer.error["type"]) == (404, "invalid_request_error"), route
    assert story.ours.world.items() == before


def test_the_brand_itself_finds_all_of_it(story: Story) -> None:
    for route in ROUTES:
        if "{" in route.path and route.method == "GET":
            assert story.theirs.get(route.path.format(**story.ids)).status == 200, route


def test_another_brands_id_is_no_place_in_any_list(story: Story) -> None:
    lists = [route for route in ROUTES if issubclass(route.query, PageQuery) and "{" not in route.path]
    assert len(lists) >= 8
    for route in lists:
        first = story.theirs.get(route.path).body
        place = (first.get("data") or first.get("entries", {}).get("data") or [{"id": "x"}])[-1]["id"]
        answer = story.ours.get(f"{route.path}?starting_after={place}")
        assert (answer.status, answer.error["param"]) == (404, "starting_after"), route
        for strange in ("x", "%C3%A9", "A" * 3_000, "bGluZSM", "..%2F..", ""):
            assert story.ours.get(f"{route.path}?starting_after={strange}").status == 404, (route, strange)


def test_another_brands_ids_in_a_body_are_refused_and_nothing_is_written(story: Story) -> None:
    ours, ids = story.ours, story.ids
    mine = ours.leader("M")
    campaign = ours.campaign(ours.product()["id"])
    before = ours.world.items()
    for path, body, statuses in [
        ("/v1/invitations", {"leader_id": ids["leader_id"]}, {404}),
        ("/v1/leaders", {"code": ids["code"], "name": "M", "phone": "13911112222", "email": "m@example.com"}, {404}),
        ("/v1/orders", ours.basket(ids["leader_id"], campaign), {404}),
        ("/v1/orders", ours.basket(mine["id"], story.campaign), {404}),
        ("/v1/orders", ours.basket(mine["id"], campaign | {"items": story.campaign["items"]}), {400}),
    ]:
        assert ours.post(path, **body).status in statuses, path
    line = {"batch": "20260302T080000000000Z", "payout": ids["payout_id"], "amount": "1.00", "result": "paid"}
    (result,) = ours.done("/v1/payout_batches/confirm", lines=[line])["lines"]
    assert result["outcome"] == "refused"
    assert ours.world.items() == before


@pytest.mark.parametrize(
    "strange",
    ["x", "..", "\0", "é", "\ud800", "A" * 3_000, "ld_0000000000", "profile#x", "{0}", "{tenant_id}", " ", ""],
)
def test_strange_ids_are_404_and_never_a_5xx(story: Story, strange: str) -> None:
    theirs = story.theirs
    before = theirs.world.items()
    for route in ROUTES:
        if names := re.findall(r"{(\w+)}", route.path):
            ids = {name: story.ids[name] for name in names} | {names[-1]: strange}
            body = json.dumps(BODIES.get(route.path, {})) if route.method == "POST" else None
            answer = theirs.world.ask_as_the_gateway(route.method, route.path, ids, body, theirs.authorization)
            assert answer.status == 404, route
    assert theirs.world.items() == before
