"""Balances: every movement of money is a balance transaction; a balance is the sum of those."""

from infra.local.stripe_sandbox.books import Books
from infra.local.stripe_sandbox.lists import list_object, listing, retrieve
from infra.local.stripe_sandbox.refusals import Json
from infra.local.stripe_sandbox.routing import Call, Route
from infra.local.stripe_sandbox.store import setting

_CATEGORIES = {"payment": "charge", "payment_refund": "refund", "adjustment": "other_adjustment"}


def move(books: Books, amount: int, currency: str, kind: str, source: str | None, description: str = "") -> str:
    """Change the balance of the account acted for by `amount` minor units; gives the balance transaction's id.

    Money in may be pending for as long as the control API's `available_after_seconds` says; money out goes at once.
    """
    wait = (
        int(setting(books.tables, "behaviour", {}).get("available_after_seconds", 0))
        if kind in ("charge", "payment")
        else 0
    )
    available_on = books.now + wait
    transaction: Json = {
        "id": books.new_id("txn_"),
        "object": "balance_transaction",
        "amount": amount,
        "available_on": available_on,
        "balance_type": "payments",
        "created": books.now,
        "currency": currency,
        "description": description or None,
        "exchange_rate": None,
        "fee": 0,
        "fee_details": [],
        "net": amount,
        "reporting_category": _CATEGORIES.get(kind, kind),
        "source": source,
        "status": "available" if available_on <= books.now else "pending",
        "type": kind,
    }
    books.insert(transaction)
    books.tables.execute(
        "INSERT INTO movements (account, currency, available_on, net) VALUES (?, ?, ?, ?)",
        (books.account, currency, available_on, amount),
    )
    return str(transaction["id"])


def available(books: Books, currency: str) -> int:
    """Minor units that the account acted for can spend now."""
    return _sum(books, currency, "<=")


def pending(books: Books, currency: str) -> int:
    """Minor units that become available later."""
    return _sum(books, currency, ">")


def _sum(books: Books, currency: str, comparison: str) -> int:
    row = books.tables.execute(
        "SELECT coalesce(sum(net), 0) FROM movements"
        f" WHERE account = ? AND currency = ? AND available_on {comparison} ?",
        (books.account, currency, books.now),
    ).fetchone()
    return int(row[0])


def set_available(books: Books, currency: str, amount: int) -> None:
    """Bring the available balance to `amount` by an adjustment, for stories in which money is short."""
    move(books, amount - available(books, currency), currency, "adjustment", None, "Set by the control API")


def show(call: Call) -> Json:
    """`GET /v1/balance`."""
    rows = call.books.tables.execute(
        "SELECT DISTINCT currency FROM movements WHERE account = ? ORDER BY currency", (call.books.account,)
    ).fetchall()
    currencies = [row[0] for row in rows] or ["usd"]
    return {
        "object": "balance",
        "available": [_line(available(call.books, currency), currency) for currency in currencies],
        "livemode": False,
        "pending": [_line(pending(call.books, currency), currency) for currency in currencies],
    }


def _line(amount: int, currency: str) -> Json:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}


def _retrieve_transaction(call: Call) -> Json:
    return _matured(call, retrieve("balance_transaction")(call))


def _list_transactions(call: Call) -> Json:
    page = listing("balance_transaction", "currency", "source", "type")(call)
    data = [_matured(call, transaction) for transaction in page["data"]]
    return list_object(data, page["url"], page["has_more"])


def _matured(call: Call, transaction: Json) -> Json:
    is_available = transaction["available_on"] <= call.books.now
    return {**transaction, "status": "available" if is_available else "pending"}


ROUTES = [
    Route("GET", "/v1/balance", "BalanceRetrieveParams", show),
    Route("GET", "/v1/balance_transactions", "BalanceTransactionListParams", _list_transactions),
    Route("GET", "/v1/balance_transactions/{id}", "BalanceTransactionRetrieveParams", _retrieve_transaction),
]
