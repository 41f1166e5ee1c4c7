"""A brand changes what it may change about itself."""

import msgspec
import pytest

from chalicelib.errors import Invalid
from chalicelib.tenancy import acting_for
from chalicelib.tenants import actions, rules
from chalicelib.tenants.actions import TenantUnknown
from chalicelib.tenants.commands import UpdateSettings
from chalicelib.tenants.rules import TenantSuspended
from chalicelib.tenants.store import Tenant
from chalicelib.tenants.views import TenantView
from tests.people.at_once import at_once


@pytest.fixture
def brand(sign_up):
    brand = sign_up()
    with acting_for(brand.tenant_id):
        yield brand


def change(brand: Tenant, clock, **settings: object) -> TenantView:
    return TenantView.of(actions.update_settings(brand.tenant_id, UpdateSettings(**settings), now=clock()))


def test_what_is_not_given_stays(brand, clock):
    before = TenantView.of(brand)

    after = change(brand, clock, return_window_days=3)

    assert after == msgspec.structs.replace(before, return_window_days=3)
    assert TenantView.of(actions.get(brand.tenant_id)) == after


def test_two_changes_at_once_both_hold(brand, clock):
    at_once(lambda: change(brand, clock, name="Greener Village"), lambda: change(brand, clock, timezone="Asia/Tokyo"))

    kept = actions.get(brand.tenant_id)
    assert (kept.name, kept.timezone) == ("Greener Village", "Asia/Tokyo")


@pytest.mark.parametrize(
    ("settings", "param"),
    [
        ({"name": ""}, "name"),
        ({"contact_email": "nobody"}, "contact_email"),
        ({"timezone": "Mars/Olympus"}, "timezone"),
        ({"return_window_days": -1}, "return_window_days"),
        ({"return_window_days": 91}, "return_window_days"),
        ({"auto_deliver_days": -1}, "auto_deliver_days"),
        ({"auto_deliver_days": 61}, "auto_deliver_days"),
    ],
)
def test_a_wrong_setting_is_named_and_none_is_changed(brand, clock, settings, param):
    with pytest.raises(Invalid) as refused:
        change(brand, clock, **({"name": "Other"} | settings))

    assert refused.value.param == param
    assert actions.get(brand.tenant_id).name == "Green Village"


@pytest.mark.parametrize(
    ("currency", "where", "through"),
    [("CNY", ("CN",), ("wechat",)), ("SGD", ("CN",), ("wechat",)), ("USD", ("US",), ()), ("EUR", ("EU",), ())],
)
def test_a_brand_that_has_not_said_where_it_works_is_thought_to_work_where_its_currency_is(
    sign_up, currency, where, through
):
    setting = actions.setting_of(sign_up(currency=currency))

    assert (setting.jurisdictions, setting.channels, setting.currency) == (where, through, currency)


def test_a_brand_says_where_it_works_and_through_which_channels(brand, clock):
    assert change(brand, clock, jurisdictions=["EU", "CN", "EU"]).jurisdictions == ("CN", "EU")
    assert change(brand, clock, channels=[]).channels == ()

    kept = actions.setting_of(actions.get(brand.tenant_id))
    assert (kept.jurisdictions, kept.channels) == (("CN", "EU"), ())


@pytest.mark.parametrize("field", ["tenant_id", "slug", "currency", "status", "plan_preset"])
def test_what_a_brand_may_not_change_cannot_even_be_asked(field):
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.json.decode(msgspec.json.encode({field: "x"}), type=UpdateSettings)


def test_settings_of_a_brand_that_does_not_exist(tenant, clock):
    with pytest.raises(TenantUnknown):
        actions.update_settings(tenant, UpdateSettings(name="Ghost"), now=clock())


def test_a_suspended_brand_says_so_until_it_is_let_in_again(brand):
    actions.suspend(brand.tenant_id)
    actions.suspend(brand.tenant_id)
    with pytest.raises(TenantSuspended):
        rules.require_active(actions.get(brand.tenant_id).status)

    actions.resume(brand.tenant_id)
    rules.require_active(actions.get(brand.tenant_id).status)
