"""What Stripe tells of a dispute, written short."""

from datetime import datetime
from typing import Any

from tests.orders.fake_stripe import message


def told(
    payment_intent_id: str,
    *,
    at: datetime,
    status: str = "needs_response",
    amount_minor: int = 200_00,
    dispute_id: str = "du_1",
    event: str = "created",
    moves: tuple[int, ...] = (),
) -> bytes:
    """An event about a dispute, as Stripe sends it. moves: what was moved for it by then, in minor units."""
    dispute: dict[str, Any] = {
        "id": dispute_id,
        "object": "dispute",
        "amount": amount_minor,
        "currency": "cny",
        "charge": "ch_1",
        "payment_intent": payment_intent_id,
        "reason": "fraudulent",
        "status": status,
        "metadata": {},
        "is_charge_refundable": status.startswith("warning"),
        "evidence_details": {"due_by": int(at.timestamp()) + 7 * 86_400},
        "balance_transactions": [{"amount": amount, "currency": "cny"} for amount in moves],
    }
    event_id = f"evt_{dispute_id}_{event}_{status}_{int(at.timestamp())}"
    return message(f"charge.dispute.{event}", dispute, created=at, event_id=event_id)
