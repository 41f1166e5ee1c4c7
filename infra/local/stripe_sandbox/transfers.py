"""Transfers from the platform to connected accounts, and their reversals."""

from infra.local.stripe_sandbox import accounts, balance
from infra.local.stripe_sandbox.books import PLATFORM, Books
from infra.local.stripe_sandbox.events import emit
from infra.local.stripe_sandbox.lists import changed, list_object, listing, metadata_of
from infra.local.stripe_sandbox.lists import retrieve as retrieve_one
from infra.local.stripe_sandbox.refusals import BadParameter, Json, NoAccess, Refused
from infra.local.stripe_sandbox.routing import Call, Route

_REVERSALS_SHOWN = 10


def create(call: Call) -> Json:
    """`POST /v1/transfers`. Refuses an unready destination and what the balance does not cover."""
    books, params = call.books, call.params
    if "amount" not in params:
        raise BadParameter("Missing required param: amount.", param="amount", code="parameter_missing")
    destination = _ready_destination(books, params["destination"])
    charge = _source_charge(books, params)
    currency = params["currency"].lower()
    if charge is None:
        _check_balance(books, currency, params["amount"])
    transfer = _new_transfer(books, params, currency, charge)
    transfer["balance_transaction"] = balance.move(books, -params["amount"], currency, "transfer", transfer["id"])
    there = books.on(destination["id"])
    transfer["destination_payment"] = there.new_id("py_")
    balance.move(there, params["amount"], currency, "payment", transfer["destination_payment"])
    books.insert(transfer)
    emit(books, "transfer.created", transfer)
    return transfer


def _ready_destination(books: Books, account_id: str) -> Json:
    try:
        account = accounts.get(books, account_id)
    except NoAccess as unknown:
        message = f"No such destination: '{account_id}'"
        raise Refused(message, param="destination", code="resource_missing") from unknown
    if account["capabilities"].get("transfers") != "active":
        raise Refused(
            "Your destination account needs to have at least one of the following capabilities enabled: "
            "transfers, crypto_transfers, legacy_payments",
            code="insufficient_capabilities_for_transfer",
        )
    return account


def _source_charge(books: Books, params: Json) -> Json | None:
    """The charge that pays the transfer. All its transfers together stay within its amount."""
    if "source_transaction" not in params:
        return None
    charge = books.get("charge", params["source_transaction"], "source_transaction")
    spent = sum(
        transfer["amount"] - transfer["amount_reversed"]
        for transfer in books.all("transfer", source_transaction=charge["id"])
    )
    if spent + params["amount"] > charge["amount"]:
        message = f"Transfers using this transaction as a source must not exceed {charge['amount'] - spent}."
        raise Refused(message, param="amount")
    return charge


def _check_balance(books: Books, currency: str, amount: int) -> None:
    if balance.available(books, currency) < amount:
        raise Refused(
            "You have insufficient available funds in your Stripe account. Try adding funds directly to your "
            "available balance by creating Charges using the 4000000000000077 test card. "
            "See: https://stripe.com/docs/testing#available-balance",
            code="balance_insufficient",
        )


def _new_transfer(books: Books, params: Json, currency: str, charge: Json | None) -> Json:
    transfer_id = books.new_id("tr_")
    group = params.get("transfer_group")
    if group is None and charge is not None:
        group = charge["transfer_group"] or f"group_{charge['payment_intent']}"
    return {
        "id": transfer_id,
        "object": "transfer",
        "amount": params["amount"],
        "amount_reversed": 0,
        "balance_transaction": None,
        "created": books.now,
        "currency": currency,
        "description": params.get("description"),
        "destination": params["destination"],
        "destination_payment": None,
        "livemode": False,
        "metadata": metadata_of(params),
        "reversals": list_object([], f"/v1/transfers/{transfer_id}/reversals"),
        "reversed": False,
        "source_transaction": None if charge is None else charge["id"],
        "source_type": "card",
        "transfer_group": group,
    }


def update(call: Call) -> Json:
    """`POST /v1/transfers/{id}`: description and metadata."""
    transfer = changed(call.books.get("transfer", call.id), call.params, "description")
    call.books.save(transfer)
    emit(call.books, "transfer.updated", transfer)
    return transfer


def reverse(call: Call) -> Json:
    """`POST /v1/transfers/{id}/reversals`: take back all that is left, or `amount` of it, if it is still there."""
    books = call.books
    transfer = books.get("transfer", call.id)
    left = transfer["amount"] - transfer["amount_reversed"]
    amount = call.params.get("amount", left)
    if left == 0:
        raise Refused(f"Transfer {transfer['id']} has already been fully reversed.")
    if amount > left:
        message = f"Reversal amount ({amount}) is greater than the amount left on the transfer ({left})."
        raise Refused(message, param="amount")
    there = books.on(transfer["destination"])
    if balance.available(there, transfer["currency"]) < amount:
        raise Refused("Insufficient funds in the connected account to reverse this.", code="balance_insufficient")
    reversal = _new_reversal(books, transfer, amount, call.params)
    balance.move(there, -amount, transfer["currency"], "payment_refund", transfer["destination_payment"])
    books.insert(reversal)
    _note_reversal(books, transfer, amount)
    emit(books, "transfer.reversed", transfer)
    return reversal


def _new_reversal(books: Books, transfer: Json, amount: int, params: Json) -> Json:
    reversal_id = books.new_id("trr_")
    return {
        "id": reversal_id,
        "object": "transfer_reversal",
        "amount": amount,
        "balance_transaction": balance.move(
            books, amount, transfer["currency"], "transfer_refund", reversal_id, params.get("description", "")
        ),
        "created": books.now,
        "currency": transfer["currency"],
        "destination_payment_refund": books.new_id("pyr_"),
        "metadata": metadata_of(params),
        "source_refund": None,
        "transfer": transfer["id"],
    }


def _note_reversal(books: Books, transfer: Json, amount: int) -> None:
    transfer["amount_reversed"] += amount
    transfer["reversed"] = transfer["amount_reversed"] == transfer["amount"]
    newest_first = books.all("transfer_reversal", transfer=transfer["id"])[::-1]
    transfer["reversals"]["data"] = newest_first[:_REVERSALS_SHOWN]
    transfer["reversals"]["has_more"] = len(newest_first) > _REVERSALS_SHOWN
    books.save(transfer)


def retrieve_reversal(call: Call) -> Json:
    """`GET /v1/transfers/{id}/reversals/{reversal}`."""
    call.books.get("transfer", call.id)
    return call.books.get("transfer_reversal", call.ids[1])


def every_transfer(books: Books) -> list[Json]:
    """All transfers there are, oldest first: what a statement is compared with."""
    return books.on(PLATFORM).all("transfer")


ROUTES = [
    Route("POST", "/v1/transfers", "TransferCreateParams", create),
    Route("GET", "/v1/transfers", "TransferListParams", listing("transfer", "destination", "transfer_group")),
    Route("GET", "/v1/transfers/{id}", "TransferRetrieveParams", retrieve_one("transfer")),
    Route("POST", "/v1/transfers/{id}", "TransferUpdateParams", update),
    Route("POST", "/v1/transfers/{id}/reversals", "TransferReversalCreateParams", reverse),
    Route(
        "GET",
        "/v1/transfers/{id}/reversals",
        "TransferReversalListParams",
        listing("transfer_reversal", under="transfer"),
    ),
    Route("GET", "/v1/transfers/{id}/reversals/{reversal}", "TransferReversalRetrieveParams", retrieve_reversal),
]
