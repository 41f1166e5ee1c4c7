"""Placing an order: read everything in one request, decide, reserve in one transaction, open the Checkout session.

A placing can die anywhere. The order's id is derived from the form's nonce, and the session's key is the order's id:
sending the form again goes on where it stood. If nobody sends it again, nobody ever got the address of its session,
so it cannot be paid, and the sweep lets its goods go.
"""

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

import msgspec
from msgspec.structs import replace

from chalicelib import store
from chalicelib.campaigns import group, showing
from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.items import CampaignItem
from chalicelib.campaigns.rules import MOST_ITEMS, check_takes_orders
from chalicelib.campaigns.store import Campaign, CampaignNotFound
from chalicelib.catalog import store as catalog
from chalicelib.catalog.store import Product
from chalicelib.catalog.views import ProductView
from chalicelib.delivery import store as delivery
from chalicelib.delivery import ways
from chalicelib.delivery.store import PickupPoint
from chalicelib.errors import Conflict
from chalicelib.ids import RandomBits, encode, is_id
from chalicelib.leaders import store as leaders
from chalicelib.leaders.profiles import LeaderUnknown
from chalicelib.leaders.rules import check_link, is_leader_id
from chalicelib.leaders.store import Leader
from chalicelib.orders import discounts, entering
from chalicelib.orders.commands import Place
from chalicelib.orders.customers import check_customer
from chalicelib.orders.entering import Entered
from chalicelib.orders.lines import Customer, pack_lines
from chalicelib.orders.pay_page import Placed, open_page
from chalicelib.orders.reserving import reserve
from chalicelib.orders.rules import is_self_purchase, order_id_of, price_lines, total_minor
from chalicelib.orders.store import Order, list_order, order_key
from chalicelib.tenants import store as tenants
from chalicelib.tenants.actions import TenantUnknown
from chalicelib.tenants.rules import require_active
from chalicelib.tenants.store import Tenant

if TYPE_CHECKING:
    from stripe import StripeClient


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
    point: PickupPoint | None = None


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
    `Invalid` (a field of the buyer), `WayNotOffered`, `PointClosed`, `CouponUnknown`, `CouponNotUsable`, `SpendTooLow`,
    `SoldOut`, `PersonLimit`, `GroupFull`, `Crowded`, `OrderRepeated`, `OrderLapsed`, `CheckoutUnreachable`,
    `LeaderOrdersOnly`.
    """
    order_id = order_id_of(tenant_id, nonce or str(randbits(128)))
    shop, earlier = _read(tenant_id, command, order_id)

    if earlier is None:
        order = _order_of(tenant_id, command, shop, order_id, now, buyer_person_id, to_leader=bool(entered))
        order.page_key = encode(randbits(100), 20)
        may_use = by_brand or _signed_in(shop, buyer_person_id)
        terms = entering.terms_of(tenant_id, shop.leader, now, may_order=may_use)
        if terms is not None:
            entering.at_leader_price(order, terms, shop.leader, coupon_id=command.coupon_id)
            chosen = None
        else:
            chosen = discounts.choose(shop.tenant, order, command.coupon_id, may_use=may_use, now=now)
        entering.for_customers(order, entered)
        earlier = reserve(tenant_id, shop.campaign, order, chosen)
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
    point = next((item for item in found if isinstance(item, PickupPoint)), None)
    return _Shop(tenant, leader, campaign, products, point), order


def _keys(tenant_id: str, command: Place) -> list[tuple[str, str]]:
    """List the items an order depends on; what cannot be an id becomes no key."""
    keys = [tenants.tenant_key(tenant_id)]
    if is_leader_id(command.leader_id):
        keys.append(leaders.leader_key(tenant_id, command.leader_id))
    if is_id("cp", command.campaign_id):
        keys.append(campaigns.campaign_key(tenant_id, command.campaign_id))
    if is_leader_id(command.leader_id) and is_id("pt", command.customer.point_id or ""):
        keys.append(delivery.point_key(tenant_id, command.leader_id, command.customer.point_id or ""))
    wanted = dict.fromkeys(item.product_id for item in command.lines[:MOST_ITEMS])
    return keys + [catalog.product_key(tenant_id, product_id) for product_id in wanted if is_id("pr", product_id)]


# ------------------------------------------------------------------------------------------------ decide


def _order_of(
    tenant_id: str,
    command: Place,
    shop: _Shop,
    order_id: str,
    now: datetime,
    buyer_person_id: str | None,
    *,
    to_leader: bool,
) -> Order:
    require_active(shop.tenant.status)
    check_link(shop.leader.status, frozen=shop.leader.frozen, until=shop.leader.probation_until, now=now)
    check_takes_orders(shop.campaign.status, shop.campaign.opens_at, shop.campaign.closes_at, now)
    showing.check_shows(tenant_id, command.leader_id, shop.campaign)
    lines = price_lines(command.lines, _offered(tenant_id, shop.campaign), shop.products)
    customer = _going_where(shop, check_customer(command.customer), to_leader=to_leader)
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
    order.in_group = True if shop.campaign.is_group else None
    order.self_purchased = True if _is_own(shop.leader, buyer_person_id, customer.phone) else None
    list_order(tenant_id, order)
    return order


def _going_where(shop: _Shop, customer: Customer, *, to_leader: bool) -> Customer:
    """Give the buyer with its point's text. What a leader orders for its customers goes to the leader, always."""
    point = shop.point if shop.point is not None and shop.point.active else None
    offered = ways.WAYS if to_leader else ways.ways_of(shop.campaign.delivery)
    return ways.settle(customer, offered, point.text if point else None)


def _offered(tenant_id: str, campaign: Campaign) -> dict[str, CampaignItem]:
    """Give what is on offer at the prices of now; who pays more than the group's last price gets the rest back."""
    if not any(item.steps for item in campaign.items):
        return {item.product_id: item for item in campaign.items}
    terms, counts = campaign.terms, group.counts(tenant_id, campaign.campaign_id)
    return {
        item.product_id: replace(item, price_minor=item.price_at(counts.reached(terms, item.product_id)))
        for item in campaign.items
    }


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
    if not same or named != command.coupon_id or check_customer(command.customer) != ways.as_sent(order.customer):
        raise OrderRepeated("This form was sent before with another basket. Load the page again to order more.")
