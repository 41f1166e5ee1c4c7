"""API keys: shown once, speak for one brand, end at once."""

import pytest

from chalicelib import store
from chalicelib.errors import Invalid
from chalicelib.people import api_keys
from chalicelib.people import store as people
from chalicelib.people.api_keys import ApiKeyUnknown, TooManyApiKeys
from chalicelib.tenancy import acting_for

OTHER = "t0000000000other"


@pytest.fixture
def make(tenant, clock, randbits):
    return lambda name="ERP": api_keys.create_api_key(tenant, name, now=clock(), randbits=randbits)


def test_a_key_speaks_for_the_brand_that_made_it(make, tenant):
    view, secret = make("ERP of the warehouse")

    assert secret.startswith("ty_live_")
    assert api_keys.tenant_of_api_key(secret) == tenant
    assert (view.name, view.last_four) == ("ERP of the warehouse", secret[-4:])


def test_a_key_is_found_before_anybody_acts_for_a_brand(make, tenant):
    _, secret = make()
    with acting_for(OTHER):
        assert api_keys.tenant_of_api_key(secret) == tenant


def test_the_secret_is_nowhere_in_the_table(make, tenant):
    view, secret = make()
    kept = [*store.query(people.BrandsApiKey, people.api_keys_key(tenant)),
            *store.query(people.ApiKeyRecord, people.api_key_key(people.fingerprint(secret)))]  # fmt: skip

    assert len(kept) == 2
    assert all(secret not in str(record.attribute_values) for record in kept)
    assert secret not in repr(view)


def test_a_revoked_key_is_refused_at_once_and_stays_listed(make, tenant, clock):
    view, secret = make()
    first = api_keys.revoke_api_key(tenant, view.id, now=clock())
    again = api_keys.revoke_api_key(tenant, view.id, now=clock.advance(days=1))

    assert api_keys.tenant_of_api_key(secret) is None
    assert first == again
    assert [key.revoked_at for key in api_keys.list_api_keys(tenant)] == [first.revoked_at]


def test_a_brand_cannot_revoke_or_see_anothers_key(make, tenant, clock):
    view, secret = make()
    with acting_for(OTHER):
        assert api_keys.list_api_keys(OTHER) == []
        with pytest.raises(ApiKeyUnknown):
            api_keys.revoke_api_key(OTHER, view.id, now=clock())

    assert api_keys.tenant_of_api_key(secret) == tenant


@pytest.mark.parametrize("key", ["", "ty_live_", "ty_live_" + "0" * 40, "sk_live_" + "0" * 40, "ty_live_" + "é" * 40])
def test_what_is_no_key_of_ours_speaks_for_nobody(table, key):
    assert api_keys.tenant_of_api_key(key) is None


def test_keys_do_not_pile_up(make, tenant, clock):
    views = [make(f"key {number}")[0] for number in range(20)]
    with pytest.raises(TooManyApiKeys):
        make()

    api_keys.revoke_api_key(tenant, views[0].id, now=clock())
    assert make()


def test_a_key_needs_a_name(make):
    with pytest.raises(Invalid):
        make("  ")
