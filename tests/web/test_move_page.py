"""Moving a leader on its page: by the address of the new inviter, with a reason, and the kept change is shown."""

import pytest

from chalicelib.leaders import profiles
from chalicelib.tenancy import acting_for


@pytest.fixture
def family(site):
    brand = site.a_brand()
    mei = site.a_leader(brand)
    bo = site.a_leader(brand, email="bo@example.com", name="Bo", inviter=mei)
    wang = site.a_leader(brand, email="wang@example.com", name="Wang")
    return brand, mei, bo, wang


def inviter_of(brand, leader):
    with acting_for(brand.tenant_id):
        return profiles.get(brand.tenant_id, leader.leader_id).inviter_id


def test_an_owner_moves_a_leader_by_the_address_of_the_new_inviter_with_a_reason(site, family):
    brand, mei, bo, wang = family
    owner = site.signed_in("owner@example.com").open(f"/console/green-village/leaders/{bo.leader_id}")
    there = f"https://shop.example/s/green-village/{wang.leader_id}/"
    owner.send("move", inviter_id=there, reason="")
    assert (owner.status, inviter_of(brand, bo)) == (400, mei.leader_id)

    owner.send("move", inviter_id=there, reason="same village")
    assert inviter_of(brand, bo) == wang.leader_id
    assert "same village" in owner.page.text
    assert f"{mei.name} → Wang" in owner.page.text

    owner.open(f"/console/green-village/leaders/{wang.leader_id}")
    owner.send("move", inviter_id=bo.leader_id, reason="the other way round")
    assert owner.status == 409
    assert "Nobody can be moved below themselves" in owner.page.text


def test_staff_see_no_way_to_move_anybody(site, family):
    bo = family[2]
    site.signed_in("owner@example.com").open("/console/green-village/team").send("team", email="staff@example.com")
    staff = site.signed_in("staff@example.com")
    staff.open("/me?stay=1").send("me", name="Sun", language="en")
    staff.open(f"/console/green-village/leaders/{bo.leader_id}")
    assert staff.status == 200
    assert "Move to another inviter" not in staff.page.text
