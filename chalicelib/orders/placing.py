"""Placing an order: read everything in one request, decide, reserve in one transaction, open the Checkout session.

A placing can die anywhere. The order's id is derived from the form's nonce, and the session's key is the order's id:
sending the form again goes on where it stood. If nobody sends it again, nobody ever got the address of its session,
so it cannot be paid, and the sweep lets its goods go.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from pynamodb.exceptions import TransactWriteError

from chalicelib import store
from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.rules import MOST_ITEMS, check_takes_orders
from chalicelib.campaigns.store import Campaign, CampaignNotFound, CampaignStock
from chalicelib.catalog import store as catalog
from chalicelib.catalog.store import Product
from chalicelib.catalog.views import ProductView
from chalicelib.coupons import checkout as coupons
from chalicelib.coupons.checkout import Chosen
from chalicelib.coupons.rules import CouponNotUsable
from chalicelib.errors import Conflict, Refusal
from chalicelib.ids import RandomBits, encode, is_id
from chalicelib.leaders import store as leaders
from chalicelib.leaders.profiles import LeaderUnknown
from chalicelib.leaders.rules import check_link, is_leader_id
from chalicelib.leaders.store import Leader
from chalicelib.orders import discounts, entering
from chalicelib.orders.commands import Place
from chalicelib.orders.customers import check_customer
from chalicelib.orders.entering import Entered
from chalicelib.orders.lines import pack_lines
from chalicelib.orders.pay_page import Placed, open_page
from chalicelib.orders.rules import is_self_purchase, order_id_of, price_lines, total_minor
from chalicelib.orders.store import Order, get, list_order, order_key
from chalicelib.tenants import store as tenants
from chalicelib.tenants.actions import TenantUnknown
from chalicelib.tenants.rules import require_active
from chalicelib.tenants.store import Tenant

if TYPE_CHECKING:
    from stripe import StripeClient


class SoldOut(Conflict):
    """Less of a product is left than was asked for."""

    code = "sold_out"


class Crowded(Refusal):
    """So many buy the same at once that this one got no turn."""

    status = 503
    type = "api_error"
    code = "crowded"


class OrderRepeated(Conflict):
    """The same nonce came with another basket before."""

    code = "idempotency_mismatch"


@dataclass(frozen=True, slots=True)
class _Shop:
    """What an order depends on, as it is now."""

    tenant: Tenant
    leader: Leader
    campaign: Campaign
    products: dict[str, ProductView]


def place(
    tenant_id: str,
    command: Place,
    *,
    now: datetime,
    randbits: RandomBits,
    stripe: "StripeClient",
    public_url: str,
    nonce: str | None = None,
    buyer_person_id: str | None = None,
    by_brand: bool = False,
    entered: Entered = (),
) -> Placed:
    """Reserve what is in the basket and open its payment. Prices and rates come from the brand's own records.

    nonce: of the form, or the `Idempotency-Key`: sent again, it is the same order and the same session.
    buyer_person_id: who is signed in, if anybody (a leader that buys from itself, also with its coupons).
    by_brand: the brand itself orders for somebody, and may name the leader's coupon.
    entered: for which of its customers the leader orders (`entering`); they are kept with the order.
    Raises `TenantSuspended`, `LeaderUnknown`, `LinkClosed`, `CampaignNotFound`, `CampaignNotOpen`, `BasketInvalid`,
    `Invalid` (a field of the buyer), `CouponUnknown`, `CouponNotUsable`, `SpendTooLow`, `SoldOut`, `Crowded`,
    `OrderRepeated`, `OrderLapsed`, `CheckoutUnreachable`, `LeaderOrdersOnly`, `NoLeaderOrders`.
    """
    order_id = order_id_of(tenant_id, nonce or str(randbits(128)))
    shop, earlier = _read(tenant_id, command, order_id)

    if earlier is None:
        order = _order_of(tenant_id, command, shop, order_id, now, buyer_person_id)
        order.page_key = encode(randbits(100), 20)
        may_use = by_brand or _signed_in(shop, buyer_person_id)
        terms = entering.terms_of(tenant_id, shop.leader, now, may_order=may_use, entered=entered)
        if terms is not None:
            entering.at_leader_price(order, terms, shop.leader, entered, coupon_id=command.coupon_id)
            chosen = None
        else:
            chosen = discounts.choose(shop.tenant, order, command.coupon_id, may_use=may_use, now=now)
        earlier = _reserve_with(tenant_id, order, chosen)
    if earlier is not None:
        order = earlier
        _check_same_basket(order, command)
        if order.entered != tuple(entered):
            raise OrderRepeated("This form was sent before with other customers. Load the page again to order more.")

    return open_page(tenant_id, order, shop.tenant, now=now, stripe=stripe, public_url=public_url)


# ------------------------------------------------------------------------------------------------ read


def _read(tenant_id: str, command: Place, order_id: str) -> tuple[_Shop, Order | None]:
    """Read all of it in one request.

    Not strongly consistent, at half the price: the counters decide, in the transaction. What is missing may only be
    too new for such a read, so it is looked for once more.
    """
    keys = _keys(tenant_id, command)
    found: list[Any] = store.get_all([*keys, order_key(tenant_id, order_id)], consistent=False)
    order = next((item for item in found if isinstance(item, Order)), None)
    if len(found) - (order is not None) < len(keys):
        found = store.get_all(keys)
    tenant = next((item for item in found if isinstance(item, Tenant)), None)
    leader = next((item for item in found if isinstance(item, Leader)), None)
    campaign = next((item for item in found if isinstance(item, Campaign)), None)
    if tenant is None:
        raise TenantUnknown("There is no such brand.")
    if leader is None:
        raise LeaderUnknown("This link belongs to no leader of this brand.", param="leader_id")
    if campaign is None:
        raise CampaignNotFound("There is no such campaign.", param="campaign_id")
    products = {item.product_id: ProductView.of(item) for item in found if isinstance(item, Product)}
    return _Shop(tenant, leader, campaign, products), order


def _keys(tenant_id: str, command: Place) -> list[tuple[str, str]]:
    """List the items an order depends on; what cannot be an id becomes no key."""
    keys = [tenants.tenant_key(tenant_id)]
    if is_leader_id(command.leader_id):
        keys.append(leaders.leader_key(tenant_id, command.leader_id))
    if is_id("cp", command.campaign_id):
        keys.append(campaigns.campaign_key(tenant_id, command.campaign_id))
    wanted = dict.fromkeys(item.product_id for item in command.lines[:MOST_ITEMS])
    return keys + [catalog.product_key(tenant_id, product_id) for product_id in wanted if is_id("pr", product_id)]


# ------------------------------------------------------------------------------------------------ decide


def _order_of(
    tenant_id: str, command: Place, shop: _Shop, order_id: str, now: datetime, buyer_person_id: str | None
) -> Order:
    require_active(shop.tenant.status)
    check_link(shop.leader.status, frozen=shop.leader.frozen, until=shop.leader.probation_until, now=now)
    check_takes_orders(shop.campaign.status, shop.campaign.opens_at, shop.campaign.closes_at, now)
    offered = {item.product_id: item for item in shop.campaign.items}
    lines = price_lines(command.lines, offered, shop.products)
    customer = check_customer(command.customer)
    order = Order(
        *order_key(tenant_id, order_id),
        leader_id=command.leader_id,
        campaign_id=command.campaign_id,
        customer_packed=msgspec.json.encode(customer).decode(),
        lines_packed=pack_lines(lines),
        amount_minor=total_minor(lines),
        currency=shop.tenant.currency,
        language=command.language,
        placed_at=now,
    )
    order.self_purchased = True if _is_own(shop.leader, buyer_person_id, customer.phone) else None
    list_order(tenant_id, order)
    return order


def _signed_in(shop: _Shop, buyer_person_id: str | None) -> bool:
    return buyer_person_id is not None and buyer_person_id == shop.leader.person_id


def _is_own(leader: Leader, buyer_person_id: str | None, phone: str) -> bool:
    return is_self_purchase(
        leader_person_id=leader.person_id, leader_phone=leader.phone, buyer_person_id=buyer_person_id, phone=phone
    )


def _check_same_basket(order: Order, command: Place) -> None:
    """Refuse a nonce that was used for something else: its order is not to be shown to whoever guesses the nonce."""
    wanted = {item.product_id: item.qty for item in command.lines}
    ordered = {line.product_id: line.qty for line in order.lines}
    same = (order.leader_id, order.campaign_id, ordered) == (command.leader_id, command.campaign_id, wanted)
    named = order.coupon_id if is_id("cpn", order.coupon_id or "") else None
    if not same or named != command.coupon_id or check_customer(command.customer) != order.customer:
        raise OrderRepeated("This form was sent before with another basket. Load the page again to order more.")


# ------------------------------------------------------------------------------------------------ write


def _reserve_with(tenant_id: str, order: Order, chosen: Chosen | None) -> Order | None:
    """Write the order with its coupon. When another order took the coupon at this very moment: without, if nobody
    asked for it. Raises as `_reserve`, and `CouponNotUsable`."""
    if chosen is not None:
        discounts.put_on(order, chosen)
    try:
        return _reserve(tenant_id, order, chosen)
    except CouponNotUsable:
        if chosen is None or not chosen.is_automatic:
            raise
    discounts.take_off(order)
    return _reserve(tenant_id, order, None)


def _reserve(tenant_id: str, order: Order, chosen: Chosen | None) -> Order | None:
    """Write the order and take its goods and coupon, all or nothing; gives the order that was there before, if one was.

    Raises `SoldOut` that names the line, `CouponNotUsable`, `Crowded`.
    """

    def together() -> None:
        with store.transaction() as write:
            write.save(order, condition=Order.pk.does_not_exist())
            for line in order.lines:
                counter = CampaignStock(*campaigns.stock_key(tenant_id, order.campaign_id, line.product_id))
                write.update(
                    counter, actions=[CampaignStock.left.add(-line.qty)], condition=CampaignStock.left >= line.qty
                )
            if chosen is not None:
                coupons.take(write, chosen, order.order_id)

    try:
        store.again_when_crossed(together)
    except TransactWriteError as error:
        if store.crossed(error):
            raise Crowded(
                "Many are buying this right now. Nothing was ordered or charged. Please try again."
            ) from error
        if not store.condition_failed(error):
            raise
        exists, *short = store.failed_conditions(error)
        if exists:
            return get(tenant_id, order.order_id)
        number = short.index(True)
        if number == len(order.lines):
            raise CouponNotUsable(
                "This coupon is on another order. Choose another one, or none.", param="coupon_id"
            ) from None
        raise SoldOut(
            f"There is not enough left of “{order.lines[number].title}”. Choose less.", param=f"lines.{number}.qty"
        ) from None
    return None
