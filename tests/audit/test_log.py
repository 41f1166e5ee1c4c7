"""The log in the table: once each, newest first, by kind and by person, and nothing in it that is nobody's business."""

import pytest

from chalicelib.audit import kinds, looks, store
from chalicelib.audit.kinds import Noted
from chalicelib.tenancy import TenantBreach, acting_for
from chalicelib.tenants.store import Tenant

BRAND, OTHER = "t000000000000001", "t000000000000002"


@pytest.fixture
def noted(table, clock):
    """Note something for the brand, a second later each time."""

    def note(what, who="prs_1", once=None, **more):
        now = clock.advance(seconds=1)
        with acting_for(BRAND):
            return store.note(BRAND, who=who, what=what, once=once or str(now), now=now, **more)

    return note


def listed(**asked):
    with acting_for(BRAND):
        found, further = store.newest(BRAND, **({"limit": 10} | asked))
    return [entry.what for entry in found], further


def test_what_was_done_is_listed_newest_first(noted):
    noted("product-added", about="products/pr_1")
    noted("settings-changed", changes={"name": ("A", "B"), "return_window_days": (7, 9)})
    with acting_for(BRAND):
        (changed, added), further = store.newest(BRAND, limit=10)
    assert (changed.changes, added.about) == ({"name": ["A", "B"], "return_window_days": [7, 9]}, "products/pr_1")
    assert further is None


def test_the_same_form_sent_twice_is_noted_once(noted):
    assert noted("key-made", once="form#1")
    assert not noted("key-made", once="form#1")
    assert listed() == (["key-made"], None)


def test_a_list_of_a_kind_of_somebody_and_of_both(noted):
    noted("product-added", who="prs_1")
    noted("product-added", who="api:abcd")
    noted("refund-asked", who="prs_1")
    assert listed(what="product-added")[0] == ["product-added"] * 2
    assert listed(who="prs_1")[0] == ["refund-asked", "product-added"]
    assert listed(who="prs_1", what="refund-asked")[0] == ["refund-asked"]
    assert listed(who="prs_\x00") == ([], None)


def test_pages_follow_each_other_without_gap(noted):
    for number in range(5):
        noted("refund-asked" if number % 2 else "product-added", who="prs_1")
    first, further = listed(limit=2)
    second, further = listed(limit=2, after=further)
    third, further = listed(limit=2, after=further)
    assert first + second + third == [
        "product-added", "refund-asked", "product-added", "refund-asked", "product-added",
    ]  # fmt: skip
    assert further is None


def test_another_brand_cannot_even_ask(noted):
    noted("product-added")
    with acting_for(OTHER), pytest.raises(TenantBreach):
        store.newest(BRAND, limit=10)


def test_secrets_and_peoples_data_are_not_looked_at():
    brand = Tenant("a", "b", tenant_id="t1", name="Green", slug="green", contact_email="me@example.com")
    brand.attribute_values["status"] = "active"
    assert looks.shown(brand).items() >= {("name", "Green"), ("status", "active")}
    assert not [name for name in looks.shown(brand) if "packed" in name or "pk" in name]
    assert looks.shown(None) == {}


def test_only_what_has_another_value_is_a_change():
    assert looks.changes({"a": 1, "b": 2}, {"b": 3, "c": 4}) == {"a": (1, None), "b": (2, 3), "c": (None, 4)}
    assert looks.changes({"a": 1}, {"a": 1}) == {}


def test_a_form_with_several_buttons_is_several_kinds():
    standing = kinds.CONSOLE["leaders/{leader_id}/standing"]
    assert standing.kind_of({"change": "freeze"}) == "leader-frozen"
    team = kinds.CONSOLE["team"]
    assert [team.kind_of({"remove": who}) for who in ("", "prs_1")] == ["staff-invited", "staff-removed"]
    assert Noted("other").kind_of({"change": "x"}) == "other"


@pytest.mark.parametrize(
    ("path", "ids", "made", "about"),
    [
        ("/v1/products", {}, "pr_1", "products/pr_1"),
        ("/v1/orders/{order_id}/refunds", {"order_id": "ord_1"}, "rf_1", "orders/ord_1"),
        ("/v1/brand", {}, "t1", "settings"),
        ("/v1/api_keys/{api_key_id}/revoke", {"api_key_id": "key_1"}, "key_1", "keys"),
        ("/v1/plans/{number}/withdraw", {"number": "2"}, "", "plan/2"),
        ("/v1/invitations", {}, "", "leaders"),
        ("/v1/payout_batches/confirm", {}, "", "payouts"),
    ],
)
def test_a_request_is_about_the_page_that_shows_it(path, ids, made, about):
    assert kinds.about_of(path, ids, made) == about
