"""Who may ask: a brand's key, and nobody else's."""

from typing import Any

import pytest

from chalicelib.people.actions import list_api_keys, revoke_api_key
from chalicelib.tenancy import acting_for, active_tenant
from tests.api.world import APPLES, System, World


@pytest.mark.parametrize(
    "authorization",
    ["", "Bearer", "Bearer ", "Bearer ty_live_unknown", "Bearer ty_live_" + "0" * 40, "Basic dTpw", "ty_live_x", "é"],
)
def test_without_a_key_that_works_nothing_is_told(brand: System, authorization: str) -> None:
    refused = brand.world.ask("GET", "/v1/brand", headers={"Authorization": authorization})
    assert (refused.status, refused.error["type"]) == (401, "authentication_error")
    assert refused.headers["WWW-Authenticate"] == "Bearer"


def test_no_header_at_all_is_a_401(world: World) -> None:
    assert world.ask("GET", "/v1/products").status == 401


def test_a_revoked_key_ends_at_once(brand: System) -> None:
    assert brand.get("/v1/brand").status == 200
    with acting_for(brand.tenant_id):
        (key,) = list_api_keys(brand.tenant_id)
        revoke_api_key(brand.tenant_id, key.id, now=brand.world.now)
    assert brand.get("/v1/brand").status == 401
    assert brand.post("/v1/products", **APPLES).status == 401


def test_the_key_decides_the_brand_and_leaves_no_trace(world: World) -> None:
    ours, theirs = world.brand("green-village"), world.brand("blue-lake")
    assert ours.get("/v1/brand").body["slug"] == "green-village"
    assert theirs.get("/v1/brand").body["slug"] == "blue-lake"
    assert active_tenant() is None


def test_a_brand_changes_its_settings(brand: System) -> None:
    changed = brand.post("/v1/brand", return_window_days=3, name="Green Village")
    assert changed.body["object"] == "brand"
    assert (changed.body["return_window_days"], changed.body["name"]) == (3, "Green Village")
    assert brand.get("/v1/brand").body == changed.body
    refused = brand.post("/v1/brand", currency="USD")
    assert (refused.status, refused.error["param"]) == (400, "currency")


class Broken:
    """A clock that breaks, with a name in what it says."""

    def __call__(self) -> Any:
        raise RuntimeError("no time for Li Lei, 13800138000")


def test_a_defect_is_a_500_in_the_same_shape_and_logs_nobodys_name(
    brand: System, caplog: pytest.LogCaptureFixture
) -> None:
    brand.world.tools.now = Broken()
    broken = brand.get("/v1/brand")
    assert (broken.status, broken.error["type"], broken.error["code"]) == (500, "api_error", "internal_error")
    assert "Li Lei" not in broken.text.decode()
    assert "RuntimeError at" in caplog.text
    assert "Li Lei" not in caplog.text


def test_a_new_keys_secret_is_shown_once_and_not_even_to_a_repetition(brand: System) -> None:
    made, again = (brand.post("/v1/api_keys", key="k1", name="shop") for _ in range(2))
    secret = made.body["secret"]
    assert secret.startswith("ty_live_")
    assert again.replayed
    assert again.body == made.body | {"secret": None}
    assert all(secret not in item for item in brand.world.items())
    assert [one["secret"] for one in brand.all_of("/v1/api_keys", 1)] == [None, None]

    other = System(brand.world, brand.tenant_id, secret)
    assert other.get("/v1/brand").status == 200
    revoked = other.done(f"/v1/api_keys/{made.body['id']}/revoke")
    assert revoked["revoked_at"] is not None
    assert other.get("/v1/brand").status == 401
    assert brand.get("/v1/brand").status == 200


def test_a_brands_colour_is_set_and_taken_off_over_the_api(brand: System) -> None:
    assert brand.get("/v1/brand").body["accent"] is None
    assert brand.done("/v1/brand", accent="1A5C38")["accent"] == "#1a5c38"
    assert brand.done("/v1/brand", name="Green")["accent"] == "#1a5c38"
    refused = brand.post("/v1/brand", accent="green")
    assert (refused.status, refused.error["param"]) == (400, "accent")
    assert brand.done("/v1/brand", accent="")["accent"] is None
