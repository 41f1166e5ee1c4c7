"""What becomes of an open Checkout Session: paid, declined, or paid later by an asynchronous method."""

from infra.local.stripe_sandbox import payments, subscriptions
from infra.local.stripe_sandbox.books import Books
from infra.local.stripe_sandbox.checkout import open_session, take_buyer
from infra.local.stripe_sandbox.customers import new_customer
from infra.local.stripe_sandbox.events import emit
from infra.local.stripe_sandbox.refusals import Json, Refused


def pay(books: Books, session_id: str, buyer: Json) -> Json:
    """The buyer presses *pay* and the card is good."""
    session = open_session(books, session_id)
    known = take_buyer(session, buyer)
    _make_customer(books, session, known)
    if session["mode"] == "subscription":
        subscription = subscriptions.start_from_checkout(books, session)
        session["subscription"], session["invoice"] = subscription["id"], subscription["latest_invoice"]
        session["payment_status"] = "paid" if session["amount_total"] else "no_payment_required"
    elif session["amount_total"] == 0:
        session["payment_status"] = "no_payment_required"
    else:
        payments.pay(books, _intent(books, session), known)
        session["payment_status"] = "paid"
    return _complete(books, session)


def fail(books: Books, session_id: str, buyer: Json) -> Json:
    """The buyer presses *pay* and the card is declined: the session stays open for another try."""
    session = open_session(books, session_id)
    known = take_buyer(session, buyer)
    if session["mode"] == "payment" and session["amount_total"] > 0:
        payments.decline(books, _intent(books, session), known)
    return books.save(session)


def pay_later(books: Books, session_id: str, buyer: Json) -> Json:
    """The buyer chooses an asynchronous method: the session is complete, the money comes or not by `settle`."""
    session = open_session(books, session_id)
    if session["mode"] != "payment" or session["amount_total"] == 0:
        raise Refused("Only payments of an amount can be paid asynchronously here.")
    known = take_buyer(session, buyer)
    _make_customer(books, session, known)
    payments.begin_asynchronous(books, _intent(books, session), known)
    return _complete(books, session)


def settle(books: Books, session_id: str, *, is_paid: bool) -> Json:
    """The bank's answer to `pay_later`."""
    session = books.get("checkout.session", session_id)
    if session["status"] != "complete" or session["payment_status"] != "unpaid":
        raise Refused(f"Checkout Session {session_id} does not wait for an asynchronous payment.")
    payments.settle(books, books.get("payment_intent", session["payment_intent"]), is_paid=is_paid)
    if is_paid:
        session["payment_status"] = "paid"
    books.save(session)
    emit(books, f"checkout.session.async_payment_{'succeeded' if is_paid else 'failed'}", session)
    return session


def _make_customer(books: Books, session: Json, buyer: Json) -> None:
    is_needed = session["mode"] == "subscription" or session["customer_creation"] == "always"
    if session["customer"] is None and is_needed:
        session["customer"] = new_customer(books, buyer)["id"]


def _intent(books: Books, session: Json) -> Json:
    """The session's PaymentIntent, which Stripe makes when the buyer first tries to pay."""
    if session["payment_intent"] is not None:
        return books.get("payment_intent", session["payment_intent"])
    data = books.private(session["id"])["payment_intent_data"]
    intent = payments.new_intent(books, session["amount_total"], session["currency"], data, session["customer"])
    session["payment_intent"] = intent["id"]
    return intent


def _complete(books: Books, session: Json) -> Json:
    session["status"], session["url"] = "complete", None
    books.clear_timer(session["id"], "expire_session")
    books.save(session)
    emit(books, "checkout.session.completed", session)
    return session
