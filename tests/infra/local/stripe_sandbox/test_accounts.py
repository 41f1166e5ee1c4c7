"""Leaders' connected accounts."""

import pytest
import stripe

from infra.local.stripe_sandbox import Control
from tests.infra.local.stripe_sandbox.builders import plain


def test_a_capability_becomes_active_by_onboarding_and_can_be_revoked(
    client: stripe.StripeClient, control: Control
) -> None:
    account = client.v1.accounts.create(
        {"type": "express", "email": "lin@example.com", "capabilities": {"transfers": {"requested": True}}}
    )
    assert account.capabilities is not None and account.capabilities.transfers == "inactive"
    assert account.requirements is not None and account.requirements.currently_due
    assert not account.details_submitted

    assert control.finish_onboarding(account.id)["capabilities"] == {"transfers": "active"}
    assert client.v1.accounts.retrieve(account.id).payouts_enabled

    assert control.revoke_capability(account.id)["capabilities"] == {"transfers": "inactive"}
    assert not client.v1.accounts.retrieve(account.id).payouts_enabled


def test_an_account_is_changed_listed_and_deleted(client: stripe.StripeClient) -> None:
    account = client.v1.accounts.create({"type": "custom", "country": "DE", "metadata": {"leader": "L1"}})
    changed = client.v1.accounts.update(
        account.id, {"email": "new@example.com", "capabilities": {"transfers": {"requested": True}}}
    )
    assert changed.email == "new@example.com" and plain(changed.metadata) == {"leader": "L1"}
    assert [one.id for one in client.v1.accounts.list().data] == [account.id]
    own = client.v1.accounts.retrieve_current(options={"stripe_account": account.id})
    assert own.id == account.id
    assert client.v1.accounts.delete(account.id).deleted
    assert client.v1.accounts.list().data == []
    with pytest.raises(stripe.PermissionError) as refusal:
        client.v1.accounts.retrieve(account.id)
    assert refusal.value.error is not None and refusal.value.error.code == "account_invalid"


def test_a_leader_in_mainland_china_cannot_have_an_account(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.accounts.create({"type": "express", "country": "CN"})
    assert (refusal.value.code, refusal.value.param) == ("country_unsupported", "country")


def test_an_onboarding_link_needs_both_ways_back(client: stripe.StripeClient) -> None:
    account = client.v1.accounts.create({"type": "express"})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.account_links.create({"account": account.id, "type": "account_onboarding"})
    assert (refusal.value.code, refusal.value.param) == ("parameter_missing", "refresh_url")


def test_what_belongs_to_one_account_is_missing_for_another(client: stripe.StripeClient, control: Control) -> None:
    account = client.v1.accounts.create({"type": "custom"})
    theirs = client.v1.customers.create({"name": "Wu"}, {"stripe_account": account.id})
    assert theirs.last_response is not None and theirs.last_response.headers["Stripe-Account"] == account.id
    assert client.v1.customers.list().data == []
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.customers.retrieve(theirs.id)
    assert (refusal.value.code, refusal.value.http_status) == ("resource_missing", 404)
    with pytest.raises(stripe.PermissionError):
        client.v1.customers.list(options={"stripe_account": "acct_nobody"})
