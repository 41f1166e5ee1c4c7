"""What may become of an order, and what may be in one. Pure.

`STEPS` is the whole life of an order. What is not in it changes nothing: Stripe may tell the same thing twice, late, or
in any order, so news that do not fit are old news, never errors.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from chalicelib.campaigns.items import CampaignItem
from chalicelib.campaigns.rules import MOST_ITEMS
from chalicelib.catalog.rules import LARGEST_PRICE_MINOR
from chalicelib.catalog.views import ProductView
from chalicelib.errors import Conflict, Invalid
from chalicelib.ids import encode
from chalicelib.orders.commands import OrderedItem
from chalicelib.orders.lines import OrderLine

State = Literal[
    "awaiting_payment", "processing", "paid", "delivered", "expired", "payment_failed", "cancelled", "refunded"
]
News = Literal["paid", "pending", "failed", "lapsed", "refused", "delivered", "called_off", "returned", "written_off"]

PAYMENT_WINDOW = timedelta(minutes=40)
"""How long an order keeps its goods unpaid. Stripe wants at least 30 minutes from the moment it makes the session, by
its own clock; the rest lets a placing that was cut go on with the very same request."""

MOST_UNITS = 999


@dataclass(frozen=True, slots=True)
class Step:
    """Where the news take an order: its next state, whether its goods go back, whether the payment is given back."""

    to: State
    releases: bool = False
    refunds: bool = False

    @property
    def frees_buyer(self) -> bool:
        """Whether the order counts no longer for its buyer: for limits per person, and places in a group."""
        return self.releases or self.to == "refunded"


STEPS: Mapping[tuple[str, str], Step] = {
    ("awaiting_payment", "paid"): Step("paid"),
    ("awaiting_payment", "pending"): Step("processing"),
    ("awaiting_payment", "failed"): Step("payment_failed", releases=True),
    ("awaiting_payment", "lapsed"): Step("expired", releases=True),
    ("awaiting_payment", "refused"): Step("cancelled", releases=True),
    ("processing", "paid"): Step("paid"),
    ("processing", "failed"): Step("payment_failed", releases=True),
    ("paid", "delivered"): Step("delivered"),
    # Its group failed, or the brand cancelled the campaign and gives the money back.
    ("paid", "called_off"): Step("cancelled", releases=True, refunds=True),
    # All of it was refunded before anybody had the goods; `written_off`: the goods are gone, or counted elsewhere.
    ("paid", "returned"): Step("refunded", releases=True),
    ("paid", "written_off"): Step("refunded"),
    # The bank took the whole payment back. Goods that were handed over stay handed over.
    ("paid", "failed"): Step("payment_failed", releases=True),
    ("delivered", "failed"): Step("payment_failed"),
    # Money for goods that are no longer kept: somebody else may have bought them.
    ("expired", "paid"): Step("expired", refunds=True),
    ("cancelled", "paid"): Step("cancelled", refunds=True),
    ("payment_failed", "paid"): Step("payment_failed", refunds=True),
}

_CAMPAIGN_OVER: Mapping[tuple[str, str], Step] = {
    ("awaiting_payment", "paid"): Step("cancelled", releases=True, refunds=True),
    ("processing", "paid"): Step("cancelled", releases=True, refunds=True),
}


def step_for(state: str, news: News, *, campaign_over: bool, was_paid: bool) -> Step | None:
    """Say what the news change, or None.

    campaign_over: it was cancelled, or its group was decided: no payment comes in any more.
    was_paid: this order's payment was taken in before.
    """
    if news == "paid" and was_paid:
        return None  # told again after the bank took it back: there is nothing to give back twice
    over = _CAMPAIGN_OVER.get((state, news)) if campaign_over else None
    return over or STEPS.get((state, news))


def news_of_session(event_type: str, payment_status: str | None) -> News | None:
    """Read what an event about a Checkout session says of the payment; None when it says nothing."""
    if event_type == "checkout.session.completed":
        return "pending" if payment_status == "unpaid" else "paid"  # `no_payment_required` is an order of 0
    return {
        "checkout.session.async_payment_succeeded": "paid",
        "checkout.session.async_payment_failed": "failed",
        "checkout.session.expired": "lapsed",
    }.get(event_type)  # type: ignore[return-value]


# ------------------------------------------------------------------------------------------------ placing


class BasketInvalid(Invalid):
    """A line of the basket that cannot be ordered."""

    code = "basket_invalid"


def price_lines(
    wanted: Sequence[OrderedItem], offered: Mapping[str, CampaignItem], products: Mapping[str, ProductView]
) -> tuple[OrderLine, ...]:
    """Turn a basket into lines at the campaign's prices. Raises `BasketInvalid` that names the line's field."""
    if not 1 <= len(wanted) <= MOST_ITEMS:
        raise BasketInvalid(f"An order has 1 to {MOST_ITEMS} products.", param="lines")
    lines: dict[str, OrderLine] = {}
    for number, item in enumerate(wanted):
        product, offer = products.get(item.product_id), offered.get(item.product_id)
        if product is None or not product.active or offer is None:
            raise BasketInvalid("This product is not on offer here.", param=f"lines.{number}.product_id")
        if item.product_id in lines:
            raise BasketInvalid("This product is in the basket twice.", param=f"lines.{number}.product_id")
        if not 1 <= item.qty <= MOST_UNITS:
            raise BasketInvalid(f"Choose 1 to {MOST_UNITS} units.", param=f"lines.{number}.qty")
        lines[item.product_id] = _line_of(product, offer, item.qty)
    if total_minor(tuple(lines.values())) > LARGEST_PRICE_MINOR:
        raise BasketInvalid("This is too much for one payment. Make two orders of it.", param="lines")
    return tuple(lines.values())


def _line_of(product: ProductView, offer: CampaignItem, qty: int) -> OrderLine:
    return OrderLine(
        product_id=product.product_id,
        title=product.title,
        qty=qty,
        unit_price_minor=offer.price_minor,
        list_price_minor=product.list_price_minor,
        rate_bp=offer.rate_bp,
        paid_minor=offer.price_minor * qty,
    )


def total_minor(lines: Sequence[OrderLine]) -> int:
    """Give what the lines cost together."""
    return sum(line.paid_minor for line in lines)


def order_id_of(tenant_id: str, nonce: str) -> str:
    """Give the id of the order that a nonce stands for: the same form sent twice is the same order."""
    digest = sha256(f"{tenant_id}#order#{nonce}".encode()).digest()
    return "ord_" + encode(int.from_bytes(digest[:13]), 20)


def is_self_purchase(
    *, leader_person_id: str | None, leader_phone: str, buyer_person_id: str | None, phone: str
) -> bool:
    """Tell whether the leader buys from itself: signed in as the same person, or by the same phone."""
    if buyer_person_id is not None and buyer_person_id == leader_person_id:
        return True
    return _digits(phone) != "" and _digits(phone) == _digits(leader_phone)


def _digits(phone: str) -> str:
    return "".join(character for character in phone if character.isdigit())[-10:]  # without a country's code


# ------------------------------------------------------------------------------------------------ after payment


class NotRefundable(Conflict):
    """There is no payment that could be given back."""

    code = "order_not_refundable"


class NotDeliverable(Conflict):
    """Only a paid order can be delivered."""

    code = "order_not_deliverable"


def check_refundable(state: str, payment_intent_id: str | None) -> None:
    """Refuse to refund what was not paid, or what the bank took back already. Raises `NotRefundable`."""
    if state in ("awaiting_payment", "processing"):
        raise NotRefundable("This order is not paid yet.", param="order_id")
    if state == "payment_failed":
        raise NotRefundable("The bank took this payment back already.", param="order_id")
    if payment_intent_id is None and state in ("paid", "delivered"):
        raise NotRefundable(
            "Nothing was paid for this order, so no money can go back. Before the hand-out it can be called off, later "
            "its goods can be replaced.",
            param="order_id",
        )
    if payment_intent_id is None:
        raise NotRefundable("Nothing was paid for this order.", param="order_id")


def is_late(paid_at: datetime, failed_at: datetime | None) -> bool:
    """Tell a payment that came after a failure from old news about the one that failed."""
    return failed_at is None or paid_at >= failed_at


def refund_id_of(order_id: str, nonce: str) -> str:
    """Give the id of the refund that a nonce stands for: the same request sent twice is the same refund."""
    digest = sha256(f"{order_id}#refund#{nonce}".encode()).digest()
    return "rf_" + encode(int.from_bytes(digest[:13]), 20)


def check_reason(reason: str) -> str:
    """Give the reason of a refund, tidied. Raises `Invalid`."""
    reason = " ".join(reason.split())
    if len(reason) > 200:
        raise Invalid("Say it in at most 200 characters.", param="reason")
    return reason
