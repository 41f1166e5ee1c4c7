"""Money goes from the platform to a leader's account, and sometimes back."""

import pytest
import stripe

from infra.local.stripe_sandbox import Control
from tests.infra.local.stripe_sandbox.builders import available, leader_account, paid_charge, plain


@pytest.fixture
def leader(client: stripe.StripeClient, control: Control) -> str:
    return leader_account(client, control)


def test_a_transfer_moves_money_and_is_found_by_its_group(
    client: stripe.StripeClient, control: Control, leader: str
) -> None:
    control.set_balance(10_000)
    sent = client.v1.transfers.create(
        {"amount": 4_000, "currency": "usd", "destination": leader, "transfer_group": "payout-P9"}
    )
    client.v1.transfers.create({"amount": 1, "currency": "usd", "destination": leader})
    assert (available(client), available(client, leader)) == (5_999, 4_001)
    assert [one.id for one in client.v1.transfers.list({"transfer_group": "payout-P9"}).data] == [sent.id]
    assert len(client.v1.transfers.list({"destination": leader}).data) == 2
    assert control.transfers()[0]["id"] == sent.id


def test_a_balance_that_is_short_refuses_and_stays(client: stripe.StripeClient, control: Control, leader: str) -> None:
    control.set_balance(99)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.transfers.create({"amount": 100, "currency": "usd", "destination": leader})
    assert (refusal.value.code, refusal.value.http_status) == ("balance_insufficient", 400)
    assert available(client) == 99 and client.v1.transfers.list().data == []


def test_money_that_is_still_pending_cannot_be_transferred_but_its_charge_can_pay(
    client: stripe.StripeClient, control: Control, leader: str
) -> None:
    control.settings(available_after_seconds=7 * 24 * 3_600)
    charge = paid_charge(client, control, 2_000)
    balance = client.v1.balance.retrieve()
    assert (balance.available[0].amount, balance.pending[0].amount) == (0, 2_000)
    with pytest.raises(stripe.InvalidRequestError):
        client.v1.transfers.create({"amount": 500, "currency": "usd", "destination": leader})
    from_charge = {"currency": "usd", "destination": leader, "source_transaction": charge.id}
    client.v1.transfers.create({"amount": 1_500, **from_charge})  # type: ignore[typeddict-item]
    with pytest.raises(stripe.InvalidRequestError, match="must not exceed 500"):
        client.v1.transfers.create({"amount": 501, **from_charge})  # type: ignore[typeddict-item]
    control.advance_clock(7 * 24 * 3_600)
    assert available(client) == 500


def test_a_destination_must_exist_and_be_able(client: stripe.StripeClient, control: Control, leader: str) -> None:
    control.set_balance(10_000)
    with pytest.raises(stripe.InvalidRequestError) as unknown:
        client.v1.transfers.create({"amount": 100, "currency": "usd", "destination": "acct_nobody"})
    assert (unknown.value.code, unknown.value.param) == ("resource_missing", "destination")
    control.revoke_capability(leader)
    with pytest.raises(stripe.InvalidRequestError) as revoked:
        client.v1.transfers.create({"amount": 100, "currency": "usd", "destination": leader})
    assert revoked.value.code == "insufficient_capabilities_for_transfer"
    client.v1.accounts.delete(leader)
    with pytest.raises(stripe.InvalidRequestError) as gone:
        client.v1.transfers.create({"amount": 100, "currency": "usd", "destination": leader})
    assert gone.value.code == "resource_missing"
    assert available(client) == 10_000


def test_a_transfer_is_reversed_in_parts_and_never_beyond_its_amount(
    client: stripe.StripeClient, control: Control, leader: str
) -> None:
    control.set_balance(1_000)
    sent = client.v1.transfers.create({"amount": 1_000, "currency": "usd", "destination": leader})
    part = client.v1.transfers.reversals.create(sent.id, {"amount": 300})
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.transfers.reversals.create(sent.id, {"amount": 701})
    assert refusal.value.param == "amount"
    client.v1.transfers.reversals.create(sent.id)
    after = client.v1.transfers.retrieve(sent.id)
    assert (after.amount_reversed, after.reversed) == (1_000, True)
    assert (available(client), available(client, leader)) == (1_000, 0)
    assert [one.amount for one in client.v1.transfers.reversals.list(sent.id).data] == [700, 300]
    assert client.v1.transfers.reversals.retrieve(sent.id, part.id).amount == 300
    with pytest.raises(stripe.InvalidRequestError, match="already been fully reversed"):
        client.v1.transfers.reversals.create(sent.id)


def test_money_that_left_the_leaders_account_cannot_be_reversed(
    client: stripe.StripeClient, control: Control, leader: str
) -> None:
    control.set_balance(1_000)
    sent = client.v1.transfers.create({"amount": 1_000, "currency": "usd", "destination": leader})
    control.set_balance(200, account=leader)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.transfers.reversals.create(sent.id)
    assert refusal.value.code == "balance_insufficient"
    assert client.v1.transfers.reversals.create(sent.id, {"amount": 200}).amount == 200


def test_every_movement_is_a_balance_transaction(client: stripe.StripeClient, control: Control, leader: str) -> None:
    charge = paid_charge(client, control, 2_000)
    sent = client.v1.transfers.create({"amount": 500, "currency": "usd", "destination": leader})
    client.v1.refunds.create({"charge": charge.id, "amount": 300})
    moved = client.v1.balance_transactions.list()
    assert [(one.type, one.net) for one in moved.data] == [("refund", -300), ("transfer", -500), ("charge", 2_000)]
    assert available(client) == sum(one.net for one in moved.data)
    assert client.v1.balance_transactions.retrieve(str(sent.balance_transaction)).source == sent.id


def test_a_transfer_takes_a_description_later(client: stripe.StripeClient, control: Control, leader: str) -> None:
    control.set_balance(1_000)
    sent = client.v1.transfers.create({"amount": 1_000, "currency": "usd", "destination": leader})
    changed = client.v1.transfers.update(sent.id, {"description": "May", "metadata": {"payout": "P9"}})
    assert (changed.description, plain(changed.metadata)) == ("May", {"payout": "P9"})
