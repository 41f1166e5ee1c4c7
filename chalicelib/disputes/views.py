"""Disputes as pages and the API show them."""

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from chalicelib.disputes.store import Dispute


class DisputeView(Struct, frozen=True, kw_only=True):
    """A dispute for its brand. `state`: `inquiry` (the bank asks, the money stays), `open`, `won`, `lost`, or `closed`
    (an inquiry that ended without a dispute). `withdrawn_minor`: what the bank has of the money now.
    """

    dispute_id: str
    order_id: str
    state: str
    status: str
    reason: str
    amount_minor: int
    withdrawn_minor: int
    currency: str
    evidence_due_by: datetime | None
    opened_at: datetime
    stripe_url: str

    @classmethod
    def of(cls, dispute: "Dispute") -> "DisputeView":
        """Show a dispute's record."""
        return cls(
            dispute_id=dispute.dispute_id,
            order_id=dispute.order_id,
            state=dispute.state,
            status=dispute.status,
            reason=dispute.reason,
            amount_minor=int(dispute.amount_minor),
            withdrawn_minor=int(dispute.withdrawn_minor),
            currency=dispute.currency,
            evidence_due_by=dispute.due_by,
            opened_at=dispute.opened_at,
            stripe_url=dispute.stripe_url,
        )
