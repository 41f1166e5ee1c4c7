"""Disputes: a buyer's bank takes a payment back, or asks first; opened by the control API, won or lost in the end."""

from infra.local.stripe_sandbox import balance
from infra.local.stripe_sandbox.books import Books
from infra.local.stripe_sandbox.events import emit
from infra.local.stripe_sandbox.lists import listing, merged_metadata, retrieve
from infra.local.stripe_sandbox.refusals import BadParameter, Json, Refused
from infra.local.stripe_sandbox.routing import Call, Route

EVIDENCE_WITHIN_S = 7 * 24 * 3600
_OPEN = {"needs_response", "under_review"}
_INQUIRY = {"warning_needs_response", "warning_under_review"}
_NOT_TAKEN = {"won", "warning_closed"}
# Words of Stripe's test mode that decide a dispute as soon as they are submitted.
_VERDICTS = {"winning_evidence": "won", "losing_evidence": "lost"}


def open_dispute(books: Books, charge_id: str, amount: int | None, reason: str, *, inquiry: bool = False) -> Json:
    """The bank takes `amount` (by default all that is not disputed yet) of a paid charge back until it has decided; for
    an inquiry it only asks.
    """
    charge = books.get("charge", charge_id)
    before = [one for one in books.all("dispute", charge=charge_id) if one["status"] not in _NOT_TAKEN]
    left = charge["amount"] - sum(one["amount"] for one in before)
    if charge["status"] != "succeeded" or left == 0:
        raise Refused(f"Charge {charge_id} cannot be disputed: it is not paid, or was disputed before.")
    amount = left if amount is None else amount
    if not 1 <= amount <= left:
        raise BadParameter(f"A dispute is over 1 to {left} minor units.", param="amount")
    dispute = _new_dispute(books, charge, amount, reason)
    if inquiry:
        dispute |= {"status": "warning_needs_response", "is_charge_refundable": True}
    books.insert(dispute)
    charge["disputed"] = True
    books.save(charge)
    emit(books, "charge.dispute.created", dispute)
    if not inquiry:
        _withdraw(books, dispute)
    return dispute


def escalate(books: Books, dispute_id: str) -> Json:
    """The bank is not content with what an inquiry brought: it becomes a dispute, and the money goes."""
    dispute = books.get("dispute", dispute_id)
    if dispute["status"] not in _INQUIRY:
        raise Refused(f"This is no open inquiry: {dispute['status']}.")
    dispute |= {"status": "needs_response", "is_charge_refundable": False}
    books.save(dispute)
    emit(books, "charge.dispute.updated", dispute)
    _withdraw(books, dispute)
    return dispute


def _new_dispute(books: Books, charge: Json, amount: int, reason: str) -> Json:
    details = {
        "due_by": books.now + EVIDENCE_WITHIN_S,
        "enhanced_eligibility": {},
        "has_evidence": False,
        "past_due": False,
        "submission_count": 0,
        "submission_method": None,
    }
    return {
        "id": books.new_id("du_"),
        "object": "dispute",
        "amount": amount,
        "balance_transactions": [],
        "charge": charge["id"],
        "created": books.now,
        "currency": charge["currency"],
        "enhanced_eligibility_types": [],
        "evidence": {},
        "evidence_details": details,
        "is_charge_refundable": False,
        "livemode": False,
        "metadata": {},
        "payment_intent": charge["payment_intent"],
        "reason": reason,
        "status": "needs_response",
    }


def _withdraw(books: Books, dispute: Json) -> None:
    _move(books, dispute, -dispute["amount"])
    emit(books, "charge.dispute.funds_withdrawn", dispute)


def _move(books: Books, dispute: Json, amount: int) -> None:
    transaction_id = balance.move(books, amount, dispute["currency"], "adjustment", dispute["id"], "Chargeback")
    dispute["balance_transactions"].append(books.get("balance_transaction", transaction_id))
    books.save(dispute)


def decide(books: Books, dispute_id: str, verdict: str) -> Json:
    """The bank's last word, `won` or `lost`; after `won` the money is back and refunds are possible. An inquiry that
    ends as `won` is closed.
    """
    dispute = books.get("dispute", dispute_id)
    is_inquiry = dispute["status"] in _INQUIRY
    if verdict not in ("won", "lost"):
        raise BadParameter("A dispute is `won` or `lost`.", param="status")
    if dispute["status"] not in _OPEN | _INQUIRY:
        raise Refused(f"This dispute is already closed: {dispute['status']}.")
    if is_inquiry and verdict == "lost":
        raise Refused("An inquiry takes no money: let it escalate first.")
    dispute["status"] = "warning_closed" if is_inquiry else verdict
    books.save(dispute)
    emit(books, "charge.dispute.closed", dispute)
    if dispute["status"] == "won":
        _move(books, dispute, dispute["amount"])
        emit(books, "charge.dispute.funds_reinstated", dispute)
    return dispute


def update(call: Call) -> Json:
    """`POST /v1/disputes/{id}`: evidence; submitted, it is under review unless it holds a word of test mode."""
    books, dispute = call.books, call.books.get("dispute", call.id)
    if dispute["status"] not in _OPEN | _INQUIRY:
        raise Refused("This dispute is already closed.")
    dispute["evidence"] = {**dispute["evidence"], **(call.params.get("evidence") or {})}
    dispute["metadata"] = merged_metadata(dispute["metadata"], call.params.get("metadata", {}))
    dispute["evidence_details"]["has_evidence"] = bool(dispute["evidence"])
    is_submitted = bool(dispute["evidence"]) and call.params.get("submit", True)
    if is_submitted:
        dispute["status"] = "warning_under_review" if dispute["status"] in _INQUIRY else "under_review"
        dispute["evidence_details"]["submission_count"] += 1
    books.save(dispute)
    emit(books, "charge.dispute.updated", dispute)
    verdict = _VERDICTS.get(dispute["evidence"].get("uncategorized_text", ""))
    return decide(books, dispute["id"], verdict) if is_submitted and verdict else dispute


def close(call: Call) -> Json:
    """`POST /v1/disputes/{id}/close`: give in."""
    return decide(call.books, call.id, "lost")


ROUTES = [
    Route("GET", "/v1/disputes", "DisputeListParams", listing("dispute", "charge", "payment_intent")),
    Route("GET", "/v1/disputes/{id}", "DisputeRetrieveParams", retrieve("dispute")),
    Route("POST", "/v1/disputes/{id}", "DisputeUpdateParams", update),
    Route("POST", "/v1/disputes/{id}/close", "DisputeCloseParams", close),
]
