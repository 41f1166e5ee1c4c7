"""What orders ask of Stripe, and how its answers are told apart.

Three things can come of a call: an answer, a refusal for good (`StripeRefused`: nothing happened), or nobody knows
(`FateUnknown`: a time-out, a cut connection, a 5xx, a key in use). What is unknown is never taken for a failure.

Stripe's messages may repeat an e-mail or the end of a card number: only its codes leave this module.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, TypeVar

from chalicelib.orders.lines import OrderLine
from chalicelib.orders.store import Order, OrderRefund

if TYPE_CHECKING:
    from stripe import Refund as StripeRefund
    from stripe import StripeClient
    from stripe.checkout import Session as StripeSession
    from stripe.params import RefundCreateParams
    from stripe.params.checkout import SessionCreateParams, SessionCreateParamsLineItem

T = TypeVar("T")


class StripeRefused(Exception):
    """Stripe said no, for good; nothing happened. `code` is Stripe's."""

    def __init__(self, code: str | None, request_id: str | None) -> None:
        super().__init__(f"refused by Stripe: {code} ({request_id})")
        self.code = code or "unknown"


class FateUnknown(Exception):
    """It may have happened or not. Ask again, with the same key."""

    def __init__(self, kind: str, request_id: str | None) -> None:
        super().__init__(f"no certain answer of Stripe: {kind} ({request_id})")


@dataclass(frozen=True, slots=True)
class Session:
    """A Checkout session as Stripe has it: `status` open, complete or expired; amounts in minor units."""

    session_id: str
    status: str | None
    payment_status: str
    amount_minor: int | None
    currency: str | None
    payment_intent_id: str | None
    url: str | None


@dataclass(frozen=True, slots=True)
class MadeRefund:
    """A refund as Stripe has it: `status` pending, requires_action, succeeded, failed or canceled."""

    stripe_refund_id: str
    status: str
    failure_reason: str | None = None


def ask(call: Callable[[], T]) -> T:
    """Make a call of Stripe's. Raises `StripeRefused` or `FateUnknown`."""
    import stripe

    problem: StripeRefused | FateUnknown
    try:
        return call()
    except (stripe.InvalidRequestError, stripe.CardError) as error:
        problem = StripeRefused(error.code, error.request_id)
    except stripe.StripeError as error:
        problem = FateUnknown(type(error).__name__, error.request_id)
    raise problem  # out here, so that no trace carries Stripe's own message


# ------------------------------------------------------------------------------------------------ sessions


def open_session(stripe: "StripeClient", tenant_id: str, order: Order, *, shop_url: str) -> Session:
    """Make the order's Checkout session, or be given the one made before: the key is the order's id.

    shop_url: the leader's storefront page; the order's own page is below it.
    """
    params = session_params(tenant_id, order, shop_url)
    return _session_of(ask(lambda: stripe.v1.checkout.sessions.create(params, {"idempotency_key": order.order_id})))


def look_up(stripe: "StripeClient", session_id: str) -> Session:
    """Ask how a session stands."""
    return _session_of(ask(lambda: stripe.v1.checkout.sessions.retrieve(session_id)))


def end_session(stripe: "StripeClient", session_id: str) -> Session:
    """Expire a session, so that it can be paid no more, and say how it stands then: it may be paid already."""
    session = look_up(stripe, session_id)
    if session.status != "open":
        return session
    try:
        return _session_of(ask(lambda: stripe.v1.checkout.sessions.expire(session_id)))
    except StripeRefused:  # somebody paid it between the two calls, or it ran out
        return look_up(stripe, session_id)


def session_params(tenant_id: str, order: Order, shop_url: str) -> "SessionCreateParams":
    """Write the request for the order's session. It must come out the same however often it is written."""
    metadata = {"tenant_id": tenant_id, "order_id": order.order_id}
    params: SessionCreateParams = {
        "mode": "payment",
        "line_items": [_line_item(line, order.currency) for line in order.lines],
        "client_reference_id": order.order_id,
        "metadata": metadata,
        "payment_intent_data": {"metadata": metadata},
        "expires_at": int(order.expires_at.timestamp()),
        "success_url": f"{shop_url}/o/{order.page_token}",
        "cancel_url": f"{shop_url}/o/{order.page_token}",
    }
    email = order.customer.email
    if email is not None:
        params["customer_email"] = email
    return params


def _line_item(line: OrderLine, currency: str) -> "SessionCreateParamsLineItem":
    # What is left of a line after a coupon need not divide by its units: then the line is one item.
    qty, unit_minor, name = line.qty, line.unit_price_minor, line.title
    if line.paid_minor != qty * unit_minor:
        qty, unit_minor, name = 1, line.paid_minor, f"{line.title} × {line.qty}"
    return {
        "quantity": qty,
        "price_data": {
            "currency": currency.lower(),
            "unit_amount": unit_minor,
            "product_data": {"name": name},
        },
    }


def _session_of(session: "StripeSession") -> Session:
    return Session(
        session_id=session.id,
        status=session.status,
        payment_status=session.payment_status,
        amount_minor=session.amount_total,
        currency=session.currency.upper() if session.currency else None,
        payment_intent_id=id_of(session.payment_intent),
        url=session.url,
    )


def id_of(reference: Any) -> str | None:
    """Give the id of something that Stripe may have expanded to the whole object."""
    return reference if reference is None or isinstance(reference, str) else str(reference.id)


# ------------------------------------------------------------------------------------------------ refunds


def make_refund(stripe: "StripeClient", tenant_id: str, order: Order, refund: OrderRefund) -> MadeRefund:
    """Give money back to the buyer, once: the key is the refund's id."""
    params: RefundCreateParams = {
        "payment_intent": str(order.payment_intent_id),
        "amount": int(refund.amount_minor),
        "metadata": {"tenant_id": tenant_id, "order_id": order.order_id, "refund_id": refund.refund_id},
    }
    made = ask(lambda: stripe.v1.refunds.create(params, {"idempotency_key": refund.refund_id}))
    return _made(made)


def find_refund(stripe: "StripeClient", order: Order, refund: OrderRefund) -> MadeRefund | None:
    """Look for a refund that may have been made though its answer was lost, or whose key Stripe has forgotten."""
    stripe_refund_id = refund.stripe_refund_id
    if stripe_refund_id is not None:
        made = ask(lambda: stripe.v1.refunds.retrieve(stripe_refund_id))
        return _made(made)
    payment = str(order.payment_intent_id)
    page = ask(lambda: stripe.v1.refunds.list({"payment_intent": payment, "limit": 100}))
    for made in ask(lambda: list(page.auto_paging_iter())):
        if _refund_id_of(made) == refund.refund_id:
            return _made(made)
    return None


def _made(refund: "StripeRefund") -> MadeRefund:
    return MadeRefund(refund.id, str(refund.status), getattr(refund, "failure_reason", None))


def _refund_id_of(made: "StripeRefund") -> str | None:
    metadata = made.metadata  # no dict: it has no `get`
    return str(metadata["refund_id"]) if metadata is not None and "refund_id" in metadata else None
