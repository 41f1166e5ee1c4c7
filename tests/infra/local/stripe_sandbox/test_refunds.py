"""A buyer gets money back: once, and never more than was paid."""

import pytest
import stripe

from infra.local.stripe_sandbox import Control
from tests.infra.local.stripe_sandbox.builders import available, paid_charge, tea_session


def test_partial_refunds_add_up_to_the_charge_and_no_further(client: stripe.StripeClient, control: Control) -> None:
    charge = paid_charge(client, control, 2_000)
    first = client.v1.refunds.create({"charge": charge.id, "amount": 500, "metadata": {"order": "O17"}})
    with pytest.raises(stripe.InvalidRequestError, match="greater than unrefunded amount") as refusal:
        client.v1.refunds.create({"charge": charge.id, "amount": 1_501})
    assert refusal.value.param == "amount"
    rest = client.v1.refunds.create({"payment_intent": str(charge.payment_intent)})
    assert (first.amount, rest.amount, rest.status) == (500, 1_500, "succeeded")
    with pytest.raises(stripe.InvalidRequestError) as again:
        client.v1.refunds.create({"charge": charge.id, "amount": 1})
    assert again.value.code == "charge_already_refunded"

    after = client.v1.charges.retrieve(charge.id, {"expand": ["refunds"]})
    assert (after.amount_refunded, after.refunded) == (2_000, True)
    assert after.refunds is not None and [one.id for one in after.refunds.data] == [rest.id, first.id]
    assert [one.id for one in client.v1.refunds.list({"charge": charge.id}).data] == [rest.id, first.id]
    assert available(client) == 0


def test_a_refund_may_take_the_balance_below_zero(client: stripe.StripeClient, control: Control) -> None:
    charge = paid_charge(client, control, 2_000)
    control.set_balance(100)
    client.v1.refunds.create({"charge": charge.id})
    assert available(client) == -1_900


def test_what_was_not_paid_cannot_be_refunded(client: stripe.StripeClient, control: Control) -> None:
    waiting = control.pay_async(tea_session(client).id)
    with pytest.raises(stripe.InvalidRequestError, match="pending"):
        client.v1.refunds.create({"payment_intent": waiting["payment_intent"]})
    declined = control.fail(tea_session(client).id)
    with pytest.raises(stripe.InvalidRequestError, match="successful charge"):
        client.v1.refunds.create({"payment_intent": declined["payment_intent"]})
    with pytest.raises(stripe.InvalidRequestError) as missing:
        client.v1.refunds.create({"charge": "ch_nowhere"})
    assert (missing.value.code, missing.value.param) == ("resource_missing", "charge")
    with pytest.raises(stripe.InvalidRequestError) as unnamed:
        client.v1.refunds.create({"amount": 100})
    assert unnamed.value.code == "parameter_missing"


def test_a_refund_that_the_bank_sends_back_can_be_made_again(client: stripe.StripeClient, control: Control) -> None:
    charge = paid_charge(client, control, 2_000)
    refund = client.v1.refunds.create({"charge": charge.id, "amount": 800})
    assert control.fail_refund(refund.id)["failure_reason"] == "lost_or_stolen_card"
    assert client.v1.charges.retrieve(charge.id).amount_refunded == 0
    assert available(client) == 2_000
    assert client.v1.refunds.create({"charge": charge.id}).amount == 2_000
    types = [event.type for event in client.v1.events.list({"limit": 100}).data]
    assert types.count("refund.failed") == 1 and types.count("charge.refunded") == 2


def test_a_refund_can_stay_pending_until_the_bank_takes_it(client: stripe.StripeClient, control: Control) -> None:
    charge = paid_charge(client, control)
    control.settings(refunds_stay_pending=True)
    refund = client.v1.refunds.create({"charge": charge.id})
    assert refund.status == "pending"
    assert control.call("POST", f"refunds/{refund.id}/succeed", {})["status"] == "succeeded"
    assert client.v1.events.list({"type": "refund.updated"}).data[0].data.object["id"] == refund.id


def test_a_disputed_charge_is_not_refunded_as_well(client: stripe.StripeClient, control: Control) -> None:
    charge = paid_charge(client, control)
    dispute = control.dispute(charge.id)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"charge": charge.id})
    assert refusal.value.code == "charge_disputed"
    control.close_dispute(dispute["id"], "won")
    assert client.v1.refunds.create({"charge": charge.id}).status == "succeeded"


def test_a_refund_does_not_touch_transfers_by_itself(client: stripe.StripeClient, control: Control) -> None:
    charge = paid_charge(client, control)
    with pytest.raises(stripe.InvalidRequestError) as refusal:
        client.v1.refunds.create({"charge": charge.id, "reverse_transfer": True})
    assert refusal.value.code == "sandbox_unsupported"
