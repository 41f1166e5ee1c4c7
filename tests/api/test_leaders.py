"""Leaders over the API: they join by a code, are frozen and ranked, and say where their money goes."""

from typing import Any

import pytest
import stripe

from tests.api.world import System


def test_the_brands_invitation_makes_one_root(brand: System) -> None:
    invitation = brand.done("/v1/invitations")
    assert invitation["url"] == f"https://shop.example/join/green-village/{invitation['code']}"
    assert (invitation["inviter_id"], invitation["expires_at"]) == (None, "2026-04-01T08:00:00Z")
    assert brand.get(f"/v1/invitations/{invitation['code']}").body == invitation
    who = {"name": "Wang", "phone": "13911112222", "email": "wang@example.com"}
    joined = brand.done("/v1/leaders", code=invitation["code"], **who)
    assert (joined["object"], joined["status"], joined["depth"]) == ("leader", "confirmed", 0)
    assert brand.get(f"/v1/leaders/{joined['id']}").body == joined
    assert brand.get(f"/v1/invitations/{invitation['code']}").status == 404


def test_the_inviter_comes_from_the_code_and_nothing_else(brand: System) -> None:
    a = brand.leader("A")
    refused = brand.post("/v1/leaders", code=a["invite_code"], name="B", phone="13911113333", inviter_id=a["id"])
    assert (refused.status, refused.error["param"]) == (400, "inviter_id")
    no_email = brand.post("/v1/leaders", code=a["invite_code"], name="B", phone="13911113333")
    assert (no_email.status, no_email.error["param"]) == (400, "email")


def test_uplines_are_listed_from_the_inviter_up(brand: System) -> None:
    chain = [brand.leader("A")]
    for name in "BCDE":
        chain.append(brand.leader(name, chain[-1]["id"]))
    above = brand.all_of(f"/v1/leaders/{chain[-1]['id']}/uplines", 3)
    assert [one["id"] for one in above] == [one["id"] for one in chain[-2::-1]]
    assert [one["level"] for one in above] == [1, 2, 3, 4]
    assert [one["id"] for one in brand.all_of(f"/v1/leaders/{chain[0]['id']}/directs", 1)] == [chain[1]["id"]]


def test_every_leader_is_listed_once_latest_first(brand: System) -> None:
    joined = [brand.leader(name)["id"] for name in "ABCDE"]
    for limit in (1, 2, 5):
        assert [one["id"] for one in brand.all_of("/v1/leaders", limit)] == joined[::-1]


def test_a_frozen_leaders_link_closes_until_it_goes_on(brand: System) -> None:
    a = brand.leader("A")
    path = f"/v1/leaders/{a['id']}"
    assert brand.done(f"{path}/freeze", reason="sells elsewhere")["frozen"]
    refused = brand.post("/v1/invitations", leader_id=a["id"])
    assert (refused.status, refused.error["code"]) == (409, "leader_link_closed")
    assert not brand.done(f"{path}/unfreeze")["frozen"]
    assert brand.post("/v1/invitations", leader_id=a["id"]).status == 200


def test_a_rank_is_given_with_its_reason(brand: System) -> None:
    path = f"/v1/leaders/{brand.leader('A')['id']}/rank"
    assert brand.done(path, rank="gold", reason="asked for")["rank"] == "gold"
    assert brand.post(path, rank="gold").error["param"] == "reason"
    refused = brand.post(path, rank="king", reason="asked for")
    assert (refused.status, refused.error["param"]) == (400, "rank")
    assert brand.post(path, rank="gold", reason="x" * 201).error["param"] == "reason"


def test_a_trial_is_for_the_removed(brand: System) -> None:
    refused = brand.post(f"/v1/leaders/{brand.leader('A')['id']}/start_trial")
    assert (refused.status, refused.error["code"]) == (409, "leader_not_removed")


def test_a_leader_changes_its_data_and_its_bank_account(brand: System) -> None:
    a = brand.leader("A")
    changed = brand.done(f"/v1/leaders/{a['id']}", name="Wang Fang")
    assert changed == a | {"name": "Wang Fang"}
    paid = brand.done(f"/v1/leaders/{a['id']}/bank_account", bank_details="ICBC 6222 0000")
    assert paid["payout_rail"] == "manual"
    assert "6222" not in brand.get(f"/v1/leaders/{a['id']}").text.decode()


@pytest.mark.parametrize("url", ["javascript:alert(1)", "//evil", "https://", "https:// x", "ftp://x.example/"])
def test_stripe_sends_nobody_back_to_what_is_no_address(brand: System, url: str) -> None:
    path = f"/v1/leaders/{brand.leader('A')['id']}/stripe_onboarding"
    refused = brand.post(path, return_url=url, refresh_url="https://shop.example/again")
    assert (refused.status, refused.error["param"]) == (400, "return_url")


def test_a_leader_is_sent_to_stripe_to_set_its_account_up(brand: System) -> None:
    class Connect:
        """Stripe's part for connected accounts."""

        def __init__(self) -> None:
            self.accounts = self.account_links = self
            self.id, self.url = "acct_1", "https://connect.example/acct_1"
            self.is_there = False

        def create(self, **_: Any) -> "Connect":
            if not self.is_there:
                raise stripe.APIConnectionError("timed out")
            return self

    a = brand.leader("A")
    brand.world.stripe.v1 = Connect()
    path = f"/v1/leaders/{a['id']}/stripe_onboarding"
    back = {"return_url": "https://shop.example/back", "refresh_url": "https://shop.example/again"}
    assert brand.post(path, key="k1", **back).error["code"] == "onboarding_unavailable"
    brand.world.stripe.v1.is_there = True
    link = brand.post(path, key="k1", **back).body  # a refusal of the moment is not remembered
    assert link == {"object": "account_link", "leader_id": a["id"], "url": "https://connect.example/acct_1"}
    assert brand.get(f"/v1/leaders/{a['id']}").body["payout_rail"] == "stripe"


def test_a_leader_is_moved_with_its_team_and_never_below_itself(brand: System) -> None:
    a, elsewhere = brand.leader("A"), brand.leader("E")
    b = brand.leader("B", a["id"])
    c = brand.leader("C", b["id"])
    path = f"/v1/leaders/{b['id']}/move"
    moved = brand.done(path, inviter_id=elsewhere["id"], reason="asked for it")
    assert (moved["inviter_id"], moved["depth"]) == (elsewhere["id"], 1)
    assert [one["id"] for one in brand.all_of(f"/v1/leaders/{c['id']}/uplines", 5)] == [b["id"], elsewhere["id"]]
    assert [one["id"] for one in brand.all_of(f"/v1/leaders/{elsewhere['id']}/directs", 5)] == [b["id"]]
    assert brand.all_of(f"/v1/leaders/{a['id']}/directs", 5) == []

    refused = brand.post(path, inviter_id=c["id"], reason="")
    assert (refused.status, refused.error["code"], refused.error["param"]) == (409, "moved_below_itself", "inviter_id")
    nobody = brand.post(path, inviter_id="ld_0000000000", reason="")
    assert (nobody.status, nobody.error["param"]) == (404, "inviter_id")
    brand.done(f"/v1/leaders/{a['id']}/freeze", reason="")
    closed = brand.post(path, inviter_id=a["id"], reason="")
    assert (closed.status, closed.error["code"]) == (409, "inviter_closed")
