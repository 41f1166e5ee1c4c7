"""Roles: who may do what for which brand, and how staff come and go."""

import pytest

from chalicelib.people import memberships, persons, staff
from chalicelib.people.memberships import NotYourBrand, RoleMissing
from chalicelib.people.staff import TeamFull
from chalicelib.store import transaction
from chalicelib.tenancy import TenantBreach
from tests.people.at_once import at_once

OTHER = "t0000000000other"


@pytest.fixture
def owner(tenant, clock, randbits) -> str:
    person = persons.ensure("owner@example.com", now=clock(), randbits=randbits)
    with transaction() as write:
        memberships.grant(write, tenant, person.person_id, "owner", clock())
    return person.person_id


@pytest.fixture
def invite(tenant, owner, clock, randbits, mailbox):
    def invite(email: str, by: str = owner) -> str:
        return staff.invite_staff(
            tenant, email, by_person_id=by, brand_name="Green Village", sign_in_url="https://shop.test/sign-in",
            now=clock(), randbits=randbits, mailer=mailbox, language="en",
        ).person_id  # fmt: skip

    return invite


def test_the_owner_invites_staff_who_sign_in_by_that_address(tenant, invite, ask, confirm, mailbox):
    invited = invite("Lan@Example.com")

    assert mailbox.letters[0].to == "lan@example.com"
    assert "https://shop.test/sign-in" in mailbox.letters[0].text
    assert confirm("lan@example.com", ask("lan@example.com")) == invited
    assert memberships.require_role(tenant, invited, "owner", "staff").role == "staff"


def test_staff_and_strangers_cannot_invite_not_even_themselves(invite, clock, randbits):
    lan = invite("lan@example.com")
    stranger = persons.ensure("stranger@example.com", now=clock(), randbits=randbits).person_id

    with pytest.raises(RoleMissing):
        invite("friend@example.com", by=lan)
    with pytest.raises(NotYourBrand):
        invite("stranger@example.com", by=stranger)


def test_inviting_twice_changes_nothing_and_sends_one_letter(tenant, invite, mailbox):
    assert invite("lan@example.com") == invite("lan@example.com")

    assert len(mailbox.letters) == 1
    assert sorted(role for _, role in memberships.team(tenant)) == ["owner", "staff"]


def test_two_invitations_at_once_make_one_member(tenant, invite, mailbox):
    at_once(*[lambda: invite("lan@example.com")] * 3)

    assert len(mailbox.letters) == 1
    assert sorted(role for _, role in memberships.team(tenant)) == ["owner", "staff"]


def test_removed_staff_have_nothing_to_do_with_the_brand_any_more(tenant, invite, owner):
    lan = invite("lan@example.com")
    for _ in range(2):
        staff.remove_staff(tenant, lan, by_person_id=owner)

    with pytest.raises(NotYourBrand):
        memberships.require_role(tenant, lan, "staff")
    assert [role for _, role in memberships.team(tenant)] == ["owner"]


def test_removing_an_owner_removes_nobody(tenant, owner):
    staff.remove_staff(tenant, owner, by_person_id=owner)

    assert memberships.require_role(tenant, owner, "owner")


def test_staff_cannot_remove_staff(tenant, invite):
    lan, bo = invite("lan@example.com"), invite("bo@example.com")

    with pytest.raises(RoleMissing):
        staff.remove_staff(tenant, bo, by_person_id=lan)


def test_another_brand_answers_like_one_that_does_not_exist(owner):
    with pytest.raises(NotYourBrand) as theirs:
        memberships.require_role(OTHER, owner, "owner")

    assert theirs.value.status == 404


def test_nobody_can_be_invited_into_another_tenant_than_the_active_one(tenant, invite, owner, clock):
    lan = invite("lan@example.com")

    with pytest.raises(TenantBreach), transaction() as write:
        memberships.grant(write, OTHER, lan, "staff", clock())
    assert [membership.tenant_id for membership in memberships.of(lan)] == [tenant]


def test_a_team_has_its_limit(invite, mailbox):
    for number in range(49):
        invite(f"staff{number}@example.com")

    with pytest.raises(TeamFull):
        invite("one-more@example.com")
    assert len(mailbox.letters) == 49
