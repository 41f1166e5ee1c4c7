"""The storefront of a leader: what its customers see, and how they order. No cookie, no account."""

from dataclasses import dataclass
from typing import Any

from chalicelib.campaigns import roll, showing
from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.items import CampaignItem
from chalicelib.campaigns.store import Campaign
from chalicelib.campaigns.terms import TIME_TO_PAY
from chalicelib.catalog import store as catalog
from chalicelib.catalog.store import Product
from chalicelib.commissions import store as plans
from chalicelib.coupons import store as coupons
from chalicelib.coupons.store import Coupon
from chalicelib.delivery import codes
from chalicelib.delivery import store as delivery
from chalicelib.delivery.store import PickupPoint
from chalicelib.delivery.ways import ways_of
from chalicelib.ids import TENANT_ID_LENGTH
from chalicelib.leaders import life, profiles
from chalicelib.leaders.store import Leader
from chalicelib.money import MINOR_DIGITS
from chalicelib.orders import pay_page, placing
from chalicelib.orders import store as orders
from chalicelib.orders.commands import OrderedItem, Place
from chalicelib.orders.lines import Customer
from chalicelib.orders.rules import MOST_UNITS
from chalicelib.orders.store import Order, OrderNotFound
from chalicelib.people.seals import same
from chalicelib.tenants.rules import require_active
from chalicelib.tenants.store import Tenant
from chalicelib.web import campaign_words, ladders, lives, looking, words
from chalicelib.web.answers import Answer, redirect
from chalicelib.web.ask import Ask
from chalicelib.web.chain_words import Standing
from chalicelib.web.delivery_pages import drawn
from chalicelib.web.forms import Form, FormInvalid
from chalicelib.web.frame import action, form, page
from chalicelib.web.ladders import Rung
from chalicelib.web.sharing import card_of_shop

MOST_CAMPAIGNS = 10
MOST_COUPONS = 100
GLIMPSE = 5
"""How many of those who came last a shop names; the chain has a page of its own."""


@dataclass(frozen=True, slots=True)
class Offer:
    """A product of a campaign as the page shows it, its price as it is now; `field` names its quantity in the form.

    `reached` is how far the group is on the ladder of prices: units or people.
    """

    product: Product
    field: str
    price_minor: int
    left: int
    per_person: int | None
    ladder: list[Rung]
    reached: int

    @property
    def most(self) -> int:
        """How many one order can take."""
        return max(0, min(self.left, self.per_person or MOST_UNITS, MOST_UNITS))


@form("/s/{store}/{leader_id}")
def storefront(ask: Ask, store: str, leader_id: str) -> Answer:
    """Show a leader's running campaigns, one at a time; a posted basket becomes an order and goes on to the payment."""
    if ask.posted:
        brand = _open_shop(ask, store, leader_id)
        with ask.keeping_problem():
            placed = placing.place(
                brand.tenant_id,
                _basket(ask, leader_id),
                now=ask.now,
                randbits=ask.tools.randbits,
                stripe=ask.tools.stripe,
                public_url=ask.settings.public_url,
                nonce=f"form-{ask.nonce()}",
                buyer_person_id=ask.session.person_id if ask.session else None,
            )
            return _to_payment(ask, store, placed)
    return _shop(ask, store, leader_id)


def _open_shop(ask: Ask, store: str, leader_id: str) -> Tenant:
    """Enter the brand of a shop that takes orders."""
    brand = ask.enter(store)
    require_active(brand.status)
    profiles.get_selling(brand.tenant_id, leader_id, now=ask.now)
    return brand


def _shop(ask: Ask, store: str, leader_id: str) -> Answer:
    """Show a shop, after three requests to the table (`looking`)."""
    wanted = ask.form["campaign_id"] or ask.query("campaign")
    brand = looking.enter(ask, store, lambda tenant_id: looking.shop_keys(tenant_id, leader_id, wanted, ask.now))
    require_active(brand.status)
    leader = profiles.get_selling(brand.tenant_id, leader_id, now=ask.now)
    running = showing.running_of(brand.tenant_id, leader_id, ask.now)[:MOST_CAMPAIGNS]
    chosen = next((one for one in running if one.campaign_id == wanted), running[0] if running else None)
    looking.read_parts(brand.tenant_id, [chosen] if chosen else [])
    left = life.time_left(leader, ask.now)
    return ask.show(
        "storefront/shop.html",
        leader=leader,
        trial_left=lives.time_left_text(ask, left) if left else "",
        by_leader=plans.in_force_on_page(brand.tenant_id, on=ask.now).plan.leader_orders is not None,
        running=running,
        chosen=chosen,
        **(shown := _on_offer(ask, brand, chosen)),
        card=card_of_shop(ask, brand, leader, chosen, shown["offers"]),
        coupons=_coupons(ask, leader) if chosen else [],
        latest=roll.latest(brand.tenant_id, chosen.campaign_id, most=GLIMPSE) if chosen else [],
        ways=ways_of(chosen.delivery) if chosen else (),
        points=_points(leader, chosen) if chosen else [],
        wrong_field=_field_of(ask.form, ask.problem.param) if ask.problem and ask.problem.param else "",
        minor_digits=MINOR_DIGITS[brand.currency],
    )


@page("/s/{store}/{leader_id}/o/{order_token}")
def order_page(ask: Ask, store: str, leader_id: str, order_token: str) -> Answer:
    """Show a buyer its order. The link is the key; Stripe's payment page leads here as well."""
    brand = looking.enter(
        ask, store, lambda tenant_id: looking.order_keys(tenant_id, leader_id, order_token), consistent=True
    )
    return show_order(ask, brand, _order_of(brand, leader_id, order_token))


@action("/s/{store}/{leader_id}/o/{order_token}")
def pay_again(ask: Ask, store: str, leader_id: str, order_token: str) -> Answer:
    """Go (again) to the payment of an order that waits for it."""
    brand, order = order_of_link(ask, store, leader_id, order_token)
    if ask.posted:
        with ask.keeping_problem():
            placed = pay_page.resume(
                brand.tenant_id,
                order.order_id,
                now=ask.now,
                stripe=ask.tools.stripe,
                public_url=ask.settings.public_url,
            )
            return _to_payment(ask, store, placed)
    return show_order(ask, brand, order)


def show_order(ask: Ask, brand: Tenant, order: Order) -> Answer:
    """Show a buyer its order; while it waits to be picked up, with what the leader scans or types."""
    leader = profiles.get(brand.tenant_id, order.leader_id)
    group = _group_of(brand.tenant_id, order)
    is_undecided = order.state == "paid" and group is not None and group.status == "open"
    waits = order.state == "paid" and not order.customer.address and not is_undecided
    link = ask.links.full("lead", brand.slug, "handout", codes.handout_token(order)) if waits else ""
    return ask.show(
        "storefront/order.html",
        order=order,
        leader=leader,
        pickup_qr=drawn(link) if waits else "",
        pickup_code=codes.pickup_code(order) if waits else "",
        group_failed=group is not None and group.status == "failed",
        undecided_until=group.closes_at + TIME_TO_PAY if group and is_undecided else None,
        may_fail=group is not None and group.terms.goal is not None,
        **_given_back(brand.tenant_id, order),
    )


def _group_of(tenant_id: str, order: Order) -> Campaign | None:
    """Give the group that a paid order is in, or was in before it was called off; None where nothing is to be said."""
    says = order.in_group and order.paid_at is not None and order.state in ("paid", "cancelled")
    return campaigns.get(tenant_id, order.campaign_id) if says else None


def _given_back(tenant_id: str, order: Order) -> dict[str, Any]:
    """Give an order's refunds, what they are for, and whether all of it is back."""
    is_called_off = order.state == "cancelled" and order.paid_at is not None
    refunds = orders.refunds_of(tenant_id, order.order_id) if order.refunded_minor or is_called_off else []
    return {
        "refunds": sorted(refunds, key=lambda one: one.requested_at),
        "causes": words.REFUND_CAUSES,
        "refund_states": words.REFUND_STATES,
        "is_back": sum(int(one.amount_minor) for one in refunds if one.state == "succeeded") >= order.amount_minor,
    }


def order_of_link(ask: Ask, store: str, leader_id: str, order_token: str) -> tuple[Tenant, Order]:
    """Enter the brand of a buyer's link and give its order: who has the whole link is the buyer."""
    brand = ask.enter(store)
    return brand, _order_of(brand, leader_id, order_token)


def _order_of(brand: Tenant, leader_id: str, order_token: str) -> Order:
    order_id, _, key = order_token.partition(".")
    order = orders.find(brand.tenant_id, order_id)
    if order is None or order.leader_id != leader_id or not same(key, order.page_key):
        raise OrderNotFound("There is no such order. Open it by the whole link that you were given.")
    return order


def _to_payment(ask: Ask, store: str, placed: pay_page.Placed) -> Answer:
    if placed.checkout_url is not None:
        return redirect(placed.checkout_url)
    return ask.go("s", store, placed.order.leader_id, "o", placed.order.page_token)


# ------------------------------------------------------------------------------------------------ the basket


def _basket(ask: Ask, leader_id: str) -> Place:
    """Read the basket. Raises `FormInvalid` that names the field."""
    typed = ask.form
    products = _filled(typed)
    if not products:
        raise FormInvalid("Nothing is in the basket yet. Choose how many you would like.", param="basket")
    way, _, point_id = typed["delivery"].partition(".")  # `pickup`, `pickup.pt_…` or `address`
    to_address = way == "address"
    return Place(
        leader_id=leader_id,
        campaign_id=typed["campaign_id"],
        coupon_id=typed["coupon_id"] or None,
        language=ask.language,
        lines=[OrderedItem(product_id=one, qty=typed.integer(f"qty.{one}")) for one in products],
        customer=Customer(
            name=typed["name"],
            phone=typed["phone"],
            email=typed["email"].strip() or None,
            pickup=None if to_address or point_id else typed["pickup"].strip() or ask.say("Pick-up"),
            address=typed["address"] if to_address else None,
            point_id=point_id or None,
        ),
    )


def _filled(typed: Form) -> list[str]:
    """List the products whose quantity is filled in, in the order of the page."""
    return [product_id for product_id, qty in typed.below("qty").items() if qty.strip() not in ("", "0")]


def _field_of(typed: Form, param: str) -> str:
    """Name the page's field that a refusal is about (`lines.1.qty` is the second product in the basket)."""
    first, _, rest = param.partition(".")
    if first == "customer":
        return rest
    number, products = rest.partition(".")[0], _filled(typed)
    if first == "lines" and number.isdigit() and int(number) < len(products):
        return f"qty.{products[int(number)]}"
    return "basket" if first == "lines" else param


# ------------------------------------------------------------------------------------------------ what is on offer


def _coupons(ask: Ask, leader: Leader) -> list[Coupon]:
    """List the coupons that can be used here: the leader's own, while it is signed in and looks at its own shop."""
    if ask.session is None or ask.session.person_id != leader.person_id:
        return []
    found = coupons.of_leader(leader.pk[:TENANT_ID_LENGTH], leader.leader_id, limit=MOST_COUPONS)
    return [one for one in found if one.state == "open" and (one.expires_at is None or one.expires_at > ask.now)]


def _points(leader: Leader, campaign: Campaign) -> list[PickupPoint]:
    """List where the leader hands out, if goods are picked up at all."""
    if "pickup" not in ways_of(campaign.delivery):
        return []
    found = delivery.points_on_stall(leader.pk[:TENANT_ID_LENGTH], leader.leader_id)
    return [one for one in found if one.active]


def _on_offer(ask: Ask, brand: Tenant, campaign: Campaign | None) -> dict[str, Any]:
    """Give what a campaign offers at the prices of now, and what its group asks for."""
    if campaign is None:
        return {"offers": [], "told": [], "to_goal": None, "time_left": ""}
    found = catalog.get_many(brand.tenant_id, [item.product_id for item in campaign.items])
    products = {product_id: product for product_id, product in found.items() if product.active}
    standing = campaign_words.standing_of(brand.tenant_id, campaign, products)
    say = campaign_words.words_of(ask, brand)
    told = campaign_words.told_to_buyers(say, standing, campaigns.places_left(brand.tenant_id, campaign))
    return {
        "offers": [_offer(standing, products[item.product_id], item) for item in standing.items],
        "told": told,
        "to_goal": campaign_words.to_goal(standing),
        "time_left": campaign_words.time_left(ask, campaign.closes_at - ask.now),
    }


def _offer(standing: Standing, product: Product, item: CampaignItem) -> Offer:
    reached = standing.counts.reached(standing.campaign.terms, item.product_id)
    return Offer(
        product=product,
        field=f"qty.{item.product_id}",
        price_minor=item.price_at(reached),
        left=standing.left.get(item.product_id, 0),
        per_person=item.per_person,
        ladder=ladders.ladder_of(standing.campaign, item, standing.counts),
        reached=reached,
    )
