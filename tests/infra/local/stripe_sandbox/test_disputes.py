"""A buyer's bank takes a payment back."""

import pytest
import stripe

from infra.local.stripe_sandbox import Control, ControlRefused
from tests.infra.local.stripe_sandbox.builders import available, paid_charge
from tests.infra.local.stripe_sandbox.inbox import Inbox


def test_a_won_dispute_gives_the_money_back_once(client: stripe.StripeClient, control: Control, inbox: Inbox) -> None:
    charge = paid_charge(client, control, 2_000)
    inbox.subscribe(client)
    dispute = control.dispute(charge.id, reason="product_not_received")
    assert available(client) == 0
    assert client.v1.charges.retrieve(charge.id).disputed
    control.close_dispute(dispute["id"], "won")
    assert available(client) == 2_000
    with pytest.raises(ControlRefused, match="already closed"):
        control.close_dispute(dispute["id"], "won")
    assert available(client) == 2_000
    control.wait_until_delivered()
    assert sorted(inbox.types()) == [
        "charge.dispute.closed",
        "charge.dispute.created",
        "charge.dispute.funds_reinstated",
        "charge.dispute.funds_withdrawn",
    ]


def test_a_lost_dispute_keeps_the_money_away(client: stripe.StripeClient, control: Control) -> None:
    charge = paid_charge(client, control, 2_000)
    control.dispute(charge.id, amount=1_200)
    found = client.v1.disputes.list({"payment_intent": str(charge.payment_intent)}).data[0]
    assert (found.amount, found.status, found.charge) == (1_200, "needs_response", charge.id)
    assert client.v1.disputes.close(found.id).status == "lost"
    assert available(client) == 800
    with pytest.raises(stripe.InvalidRequestError, match="already closed"):
        client.v1.disputes.update(found.id, {"evidence": {"uncategorized_text": "winning_evidence"}})


@pytest.mark.parametrize(
    ("text", "status", "left"),
    [("winning_evidence", "won", 2_000), ("losing_evidence", "lost", 0), ("a receipt", "under_review", 0)],
)
def test_evidence_decides_a_dispute_as_in_stripes_test_mode(
    client: stripe.StripeClient, control: Control, text: str, status: str, left: int
) -> None:
    dispute = control.dispute(paid_charge(client, control, 2_000).id)
    answered = client.v1.disputes.update(dispute["id"], {"evidence": {"uncategorized_text": text}})
    assert answered.status == status and answered.evidence_details.submission_count == 1
    assert available(client) == left


def test_a_payment_is_disputed_once_and_within_its_amount(client: stripe.StripeClient, control: Control) -> None:
    charge = paid_charge(client, control, 2_000)
    with pytest.raises(ControlRefused, match="1 to 2000"):
        control.dispute(charge.id, amount=2_001)
    control.call("POST", "disputes", {"payment_intent": charge.payment_intent})
    with pytest.raises(ControlRefused, match="disputed before"):
        control.dispute(charge.id)
    assert len(client.v1.disputes.list({"charge": charge.id}).data) == 1


def test_a_charge_is_disputed_in_parts(client: stripe.StripeClient, control: Control) -> None:
    charge = paid_charge(client, control, 2_000)
    first = control.dispute(charge.id, amount=1_500)
    assert control.dispute(charge.id)["amount"] == 500
    assert available(client) == 0
    control.close_dispute(first["id"], "won")
    assert available(client) == 1_500


def test_an_inquiry_takes_nothing_until_it_becomes_a_dispute(client: stripe.StripeClient, control: Control) -> None:
    charge = paid_charge(client, control, 2_000)
    asked = control.dispute(charge.id, inquiry=True)
    assert (asked["status"], available(client)) == ("warning_needs_response", 2_000)
    with pytest.raises(ControlRefused, match="escalate first"):
        control.close_dispute(asked["id"], "lost")
    assert control.escalate_dispute(asked["id"])["status"] == "needs_response"
    assert available(client) == 0
    with pytest.raises(ControlRefused, match="no open inquiry"):
        control.escalate_dispute(asked["id"])


def test_a_charge_whose_bank_only_asks_can_be_refunded_and_the_inquiry_closed(
    client: stripe.StripeClient, control: Control
) -> None:
    charge = paid_charge(client, control, 2_000)
    asked = control.dispute(charge.id, inquiry=True)
    answered = client.v1.disputes.update(asked["id"], {"evidence": {"uncategorized_text": "refunded"}})
    assert answered.status == "warning_under_review"
    client.v1.refunds.create({"charge": charge.id})
    assert control.close_dispute(asked["id"], "won")["status"] == "warning_closed"
    assert available(client) == 0
