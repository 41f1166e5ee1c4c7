"""A brand signs up: once, under an address that nobody else gets, with its owner."""

import pytest
from pynamodb.exceptions import TransactWriteError

from chalicelib.commissions import presets, version_history
from chalicelib.commissions import store as plans
from chalicelib.commissions.presets import PresetUnknown
from chalicelib.errors import Invalid
from chalicelib.people import memberships, persons
from chalicelib.people.store import Membership
from chalicelib.tenancy import TenantBreach, acting_for
from chalicelib.tenants import actions, rules
from chalicelib.tenants import store as tenants
from chalicelib.tenants.actions import AddressTaken, TenantUnknown
from chalicelib.tenants.rules import SlugInvalid
from tests.people.at_once import at_once, refusals


def owner_of(email: str) -> Membership:
    [membership] = memberships.of(persons.by_email(email).person_id)
    return membership


def test_a_brand_is_found_by_its_address_and_its_owner_is_in(sign_up):
    brand = sign_up(owner_name="梅")

    assert tenants.by_slug("green-village") == brand.tenant_id
    assert tenants.all_ids() == [brand.tenant_id]
    with acting_for(brand.tenant_id):
        kept = actions.get(brand.tenant_id)
        assert (kept.name, kept.currency, kept.status) == ("Green Village", "CNY", "active")
        assert [(person.name, role) for person, role in memberships.team(brand.tenant_id)] == [("梅", "owner")]
    assert (owner_of("owner@example.com").tenant_id, owner_of("owner@example.com").role) == (brand.tenant_id, "owner")


def test_the_return_window_is_the_presets_until_the_brand_sets_its_own(sign_up):
    assert sign_up().return_window_days == presets.load("breakaway").return_window_days


def test_a_brand_begins_with_a_copy_of_its_preset_as_plan(sign_up, clock):
    brand = sign_up(plan_preset="simple_referral")

    with acting_for(brand.tenant_id):
        assert plans.in_force(brand.tenant_id, on=clock()).plan == presets.load("simple_referral")


def test_what_the_check_finds_in_the_first_plan_is_kept_and_stands_in_nobodys_way(sign_up, clock):
    brand = sign_up()

    with acting_for(brand.tenant_id):
        version = version_history.get(brand.tenant_id, 1, now=clock())
    assert version.findings["cn-pay-per-head"] == "block"
    assert (version.overrides, version.state) == ((), "in_force")


def test_the_tenant_id_tells_nothing_about_the_brand(sign_up):
    brand = sign_up()

    assert len(brand.tenant_id) == 16
    assert brand.tenant_id.startswith("t")
    assert "green" not in brand.tenant_id


def test_a_brand_sees_nothing_of_another(sign_up):
    ours, theirs = sign_up(), sign_up(slug="red-village", email="red@example.com")
    with acting_for(ours.tenant_id), pytest.raises(TenantBreach):
        actions.get(theirs.tenant_id)


def test_signing_up_again_after_a_lost_answer_gives_the_same_brand(sign_up):
    assert sign_up().tenant_id == sign_up(email="Owner@Example.com ", slug="Green-Village").tenant_id
    assert len(tenants.all_ids()) == 1


@pytest.mark.parametrize("different", [{"email": "other@example.com"}, {"name": "Another Village"}])
def test_an_address_that_is_taken_is_refused_and_nothing_is_written(sign_up, different):
    brand = sign_up()

    with pytest.raises(AddressTaken) as refused:
        sign_up(**different)
    assert refused.value.param == "slug"
    assert tenants.all_ids() == [brand.tenant_id]
    assert persons.by_email("other@example.com") is None


def test_of_several_who_want_the_same_address_at_once_one_gets_it(sign_up):
    results = at_once(*[lambda number=number: sign_up(email=f"owner{number}@example.com") for number in range(5)])

    assert len(refusals(results)) == 4
    assert len(tenants.all_ids()) == 1
    [winner] = [number for number in range(5) if persons.by_email(f"owner{number}@example.com")]
    assert owner_of(f"owner{winner}@example.com").tenant_id == tenants.by_slug("green-village")


def test_pressing_the_button_twice_at_once_makes_one_brand(sign_up):
    results = at_once(*[sign_up] * 4)

    assert {brand.tenant_id for brand in results} == set(tenants.all_ids())
    assert len(tenants.all_ids()) == 1


def test_one_person_signing_up_two_brands_at_once_is_one_person_with_two(sign_up):
    at_once(sign_up, lambda: sign_up(slug="red-village", name="Red Village"))

    owner = persons.by_email("owner@example.com")
    assert {membership.tenant_id for membership in memberships.of(owner.person_id)} == set(tenants.all_ids())
    assert len(tenants.all_ids()) == 2


def test_a_sign_up_cut_off_by_the_machine_leaves_nothing_behind(sign_up, monkeypatch):
    def power_cut(*_: object, **__: object) -> None:
        raise TransactWriteError("the machine died")

    with monkeypatch.context() as broken, pytest.raises(TransactWriteError):
        broken.setattr("chalicelib.store.TransactWrite._commit", power_cut)
        sign_up()
    assert (tenants.all_ids(), tenants.by_slug("green-village")) == ([], None)

    assert sign_up().slug == "green-village"


@pytest.mark.parametrize("slug", ["abc", "a-1", "x" * 40, "green-village-2"])
def test_addresses_that_can_be_had(slug):
    assert rules.check_slug(slug.upper()) == slug


@pytest.mark.parametrize(
    "slug",
    ["", "ab", "x" * 41, "-abc", "abc-", "a--b", "a_b", "a.b", "a/b", "团圆圆", "admin", "www"],
)
def test_addresses_that_cannot(slug):
    with pytest.raises(SlugInvalid):
        rules.check_slug(slug)


@pytest.mark.parametrize(
    ("different", "param"),
    [
        ({"name": " "}, "name"),
        ({"slug": "admin"}, "slug"),
        ({"email": "nobody"}, "email"),
        ({"currency": "cny"}, "currency"),
        ({"currency": "BTC"}, "currency"),
        ({"timezone": "Asia"}, "timezone"),
        ({"timezone": "Asia/Atlantis"}, "timezone"),
        ({"timezone": "../../etc/passwd"}, "timezone"),
        ({"timezone": ""}, "timezone"),
        ({"owner_name": "a\x00b"}, "owner_name"),
    ],
)
def test_a_wrong_field_is_named_and_nothing_is_written(sign_up, different, param):
    with pytest.raises(Invalid) as refused:
        sign_up(**different)

    assert refused.value.param == param
    assert tenants.all_ids() == []


def test_an_unknown_preset_is_refused(sign_up):
    with pytest.raises(PresetUnknown):
        sign_up(plan_preset="pyramid")

    assert tenants.by_slug("green-village") is None


def test_there_is_no_brand_of_an_unknown_id(tenant):
    with pytest.raises(TenantUnknown):
        actions.get(tenant)
