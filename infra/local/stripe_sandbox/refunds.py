"""Refunds of charges: whole or in part, never more than was paid."""

from infra.local.stripe_sandbox import balance
from infra.local.stripe_sandbox.books import Books
from infra.local.stripe_sandbox.events import emit
from infra.local.stripe_sandbox.lists import changed, listing, metadata_of, retrieve
from infra.local.stripe_sandbox.refusals import BadParameter, Json, Refused
from infra.local.stripe_sandbox.routing import Call, Route
from infra.local.stripe_sandbox.store import setting


def create(call: Call) -> Json:
    """`POST /v1/refunds` of a charge or of a PaymentIntent's charge."""
    call.refuse_unsupported("reverse_transfer", "refund_application_fee")
    charge = _charge_of(call.books, call.params)
    _check_disputes(call.books, charge)
    amount = _amount_to_refund(charge, call.params.get("amount"))
    refund = _new_refund(call.books, charge, amount, call.params)
    call.books.insert(refund)
    _note_refunded(call.books, charge, amount)
    emit(call.books, "charge.refunded", charge)
    emit(call.books, "refund.created", refund)
    return refund


def _charge_of(books: Books, params: Json) -> Json:
    if "charge" in params:
        return books.get("charge", params["charge"], "charge")
    if "payment_intent" not in params:
        message = "One of the following params should be provided for this request: payment_intent or charge."
        raise BadParameter(message, param="payment_intent", code="parameter_missing")
    intent = books.get("payment_intent", params["payment_intent"], "payment_intent")
    charge = books.find(intent["latest_charge"]) if intent["latest_charge"] else None
    if charge is None or charge["status"] == "failed":
        raise Refused(f"This PaymentIntent ({intent['id']}) does not have a successful charge to refund.")
    return charge


def _check_disputes(books: Books, charge: Json) -> None:
    """The bank already has the money of a dispute, unless that was won: a refund would pay the buyer twice. It has not
    while it only asks.
    """
    taken = {"needs_response", "under_review", "lost"}
    if any(dispute["status"] in taken for dispute in books.all("dispute", charge=charge["id"])):
        message = f"Charge {charge['id']} has been charged back; cannot issue a refund."
        raise Refused(message, code="charge_disputed")


def _amount_to_refund(charge: Json, wanted: int | None) -> int:
    left = int(charge["amount"] - charge["amount_refunded"])
    if charge["status"] != "succeeded":
        raise Refused(f"Charge {charge['id']} is {charge['status']}; it cannot be refunded.")
    if left == 0:
        raise Refused(f"Charge {charge['id']} has already been refunded.", code="charge_already_refunded")
    if wanted is not None and wanted > left:
        message = f"Refund amount ({wanted}) is greater than unrefunded amount on charge ({left})"
        raise Refused(message, param="amount")
    return left if wanted is None else wanted


def _new_refund(books: Books, charge: Json, amount: int, params: Json) -> Json:
    refund_id = books.new_id("re_")
    status = "pending" if setting(books.tables, "behaviour", {}).get("refunds_stay_pending") else "succeeded"
    return {
        "id": refund_id,
        "object": "refund",
        "amount": amount,
        "balance_transaction": balance.move(books, -amount, charge["currency"], "refund", refund_id),
        "charge": charge["id"],
        "created": books.now,
        "currency": charge["currency"],
        "description": None,
        "destination_details": {"type": charge["payment_method_details"]["type"]},
        "failure_balance_transaction": None,
        "failure_reason": None,
        "metadata": metadata_of(params),
        "payment_intent": charge["payment_intent"],
        "customer": charge["customer"],
        "payment_method": charge["payment_method"],
        "pending_reason": "processing" if status == "pending" else None,
        "reason": params.get("reason"),
        "receipt_number": None,
        "source_transfer_reversal": None,
        "status": status,
        "transfer_reversal": None,
    }


def _note_refunded(books: Books, charge: Json, amount: int) -> None:
    charge["amount_refunded"] += amount
    charge["refunded"] = charge["amount_refunded"] == charge["amount"]
    books.save(charge)


def update(call: Call) -> Json:
    """`POST /v1/refunds/{id}`: metadata."""
    refund = changed(call.books.get("refund", call.id), call.params)
    return _updated(call.books, refund)


def succeed(books: Books, refund_id: str) -> Json:
    """The bank took a refund that was pending (control API)."""
    refund = books.get("refund", refund_id)
    if refund["status"] != "pending":
        raise Refused(f"Refund {refund_id} is {refund['status']}, not pending.")
    refund["status"], refund["pending_reason"] = "succeeded", None
    return _updated(books, refund)


def fail(books: Books, refund_id: str) -> Json:
    """The bank sent the money back (control API): it returns to the balance and the charge is unrefunded again."""
    refund = books.get("refund", refund_id)
    if refund["status"] not in ("pending", "succeeded"):
        raise Refused(f"Refund {refund_id} is {refund['status']}; it cannot fail.")
    refund["status"], refund["pending_reason"] = "failed", None
    refund["failure_reason"] = "lost_or_stolen_card"
    refund["failure_balance_transaction"] = balance.move(
        books, refund["amount"], refund["currency"], "refund_failure", refund_id
    )
    _note_refunded(books, books.get("charge", refund["charge"]), -refund["amount"])
    books.save(refund)
    emit(books, "refund.failed", refund)
    return _updated(books, refund)


def _updated(books: Books, refund: Json) -> Json:
    books.save(refund)
    emit(books, "refund.updated", refund)
    emit(books, "charge.refund.updated", refund)
    return refund


ROUTES = [
    Route("POST", "/v1/refunds", "RefundCreateParams", create),
    Route("GET", "/v1/refunds", "RefundListParams", listing("refund", "charge", "payment_intent")),
    Route("GET", "/v1/refunds/{id}", "RefundRetrieveParams", retrieve("refund")),
    Route("POST", "/v1/refunds/{id}", "RefundUpdateParams", update),
]
