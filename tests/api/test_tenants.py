"""Every route with another brand's ids: 404, and nothing is written (infra/failures.md, 33)."""

import json
import re

from chalicelib.api.calls import PageQuery
from chalicelib.api.routes import ROUTES
from tests.api.story import BODIES, Story


def test_another_brands_ids_are_404_everywhere_and_nothing_is_written(story: Story) -> None:
    routes = [route for route in ROUTES if "{" in route.path]
    assert {name for route in routes for name in re.findall(r"{(\w+)}", route.path)} == set(story.ids)
    before = story.ours.world.items()
    for route in routes:
        path = route.path.format(**story.ids)
        answer = story.ask(story.ours, route, path)
        assert (answer.status, answer.error["type"]) == (404, "invalid_request_error"), route
        assert route.method == "POST" or story.theirs.get(path).status == 200, route
    assert story.ours.world.items() == before


def test_another_brands_id_is_no_place_in_any_list(story: Story) -> None:
    lists = [route for route in ROUTES if issubclass(route.query, PageQuery) and "{" not in route.path]
    lists = [route for route in lists if route.path != "/v1/plans"]  # every brand's versions are 1, 2, 3: no secret
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


STRANGE = ("x", "..", "\0", "é", "\ud800", "A" * 3_000, "ld_0000000000", "profile#x", "{0}", "{tenant_id}", " ", "")


def test_strange_ids_are_404_and_never_a_5xx(story: Story) -> None:
    theirs = story.theirs
    before = theirs.world.items()
    for route in ROUTES:
        names = re.findall(r"{(\w+)}", route.path)
        for strange in STRANGE if names else ():
            ids = {name: story.ids[name] for name in names} | {names[-1]: strange}
            body = json.dumps(BODIES.get(route.path, {})) if route.method == "POST" else None
            answer = theirs.world.ask_as_the_gateway(route.method, route.path, ids, body, theirs.authorization)
            assert answer.status == 404, (route, strange)
    assert theirs.world.items() == before
