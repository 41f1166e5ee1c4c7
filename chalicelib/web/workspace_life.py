"""The leader's own life in the workspace: trial, next rank, chat groups, history; and orders entered for customers."""

from dataclasses import dataclass

from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.store import Campaign
from chalicelib.catalog import store as catalog
from chalicelib.catalog.store import Product
from chalicelib.commissions import store as plans
from chalicelib.commissions.rules.language import LeaderOrders
from chalicelib.commissions.rules.retail import leader_price
from chalicelib.commissions.rules.sale import Status
from chalicelib.leaders import groups, profiles
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.orders import entering, placing
from chalicelib.orders.commands import Enter, EnteredLine
from chalicelib.web import lives, words
from chalicelib.web.answers import Answer, redirect
from chalicelib.web.ask import Ask
from chalicelib.web.forms import FormInvalid
from chalicelib.web.frame import action, form, page

ROWS = 12
"""So many lines of customers can be typed at a time; more are another order."""


@page("/lead/{store}/life")
def mine(ask: Ask, store: str) -> Answer:
    """Show where the leader stands, what the rules ask for next, and everything that has changed."""
    return _life_page(ask, _me(ask, store))


@action("/lead/{store}/life/groups")
def report_groups(ask: Ask, store: str) -> Answer:
    """Tell the brand how many chat groups the leader runs."""
    me = _me(ask, store)
    if ask.posted:
        with ask.keeping_problem():
            groups.report(_tenant_id(ask), me.leader_id, ask.form.integer("groups"), now=ask.now)
            return ask.go("lead", store, "life", done="1")
    return _life_page(ask, me)


def _life_page(ask: Ask, me: Leader) -> Answer:
    tenant_id = _tenant_id(ask)
    plan = plans.in_force(tenant_id, on=ask.now).plan
    return ask.show(
        "workspace/life.html",
        me=me,
        life=lives.life_of(ask, tenant_id, me),
        with_groups=lives.groups_matter(plan),
        reported=groups.reported(tenant_id, me.leader_id),
        changes=[one for one in leaders.changes(tenant_id, me.leader_id)[::-1] if one.what != "inviter"],
        ranks=words.rank_names(plan, ask.language),
        statuses=words.LEADER_STATUSES,
        change_names=words.CHANGES,
    )


# ------------------------------------------------------------------------------------------------ entering orders


@dataclass(frozen=True, slots=True)
class Priced:
    """A product of a campaign with what the leader pays for one of it."""

    product: Product
    leader_minor: int


@form("/lead/{store}/enter")
def enter(ask: Ask, store: str) -> Answer:
    """Enter what customers want, and go on to pay all of it at once at the leader's price."""
    me = _me(ask, store)
    tenant_id = _tenant_id(ask)
    if ask.posted:
        with ask.keeping_problem():
            basket, entered = entering.basket_of(_typed(ask, me), me)
            placed = placing.place(
                tenant_id,
                basket,
                now=ask.now,
                randbits=ask.tools.randbits,
                stripe=ask.tools.stripe,
                public_url=ask.settings.public_url,
                nonce=f"form-{ask.nonce()}",
                buyer_person_id=me.person_id,
                entered=entered,
            )
            if placed.checkout_url is not None:
                return redirect(placed.checkout_url)
            return ask.go("s", store, me.leader_id, "o", placed.order.page_token)
    terms = plans.in_force(tenant_id, on=ask.now).plan.leader_orders
    running = campaigns.taking_orders(tenant_id, ask.now)
    wanted = ask.form["campaign_id"] or ask.query("campaign")
    chosen = next((one for one in running if one.campaign_id == wanted), running[0] if running else None)
    return ask.show(
        "workspace/enter.html",
        me=me,
        terms=terms,
        running=running,
        chosen=chosen,
        offers=_priced(tenant_id, chosen, terms, me) if chosen and terms else [],
        rows=range(ROWS),
    )


def _typed(ask: Ask, me: Leader) -> Enter:
    """Read the rows that are filled in. Raises `FormInvalid` that names the field."""
    lines = []
    for row in range(ROWS):
        customer = ask.form[f"customer.{row}"].strip()
        if customer:
            qty = ask.form.integer(f"qty.{row}")
            lines.append(EnteredLine(customer=customer, product_id=ask.form[f"product.{row}"], qty=qty))
    if not lines:
        raise FormInvalid("Write down at least one customer.", param="customer.0")
    return Enter(leader_id=me.leader_id, campaign_id=ask.form["campaign_id"], lines=lines)


def _priced(tenant_id: str, campaign: Campaign, terms: LeaderOrders, me: Leader) -> list[Priced]:
    products = catalog.get_many(tenant_id, [item.product_id for item in campaign.items])
    status: Status = "probation" if me.status == "probation" else "confirmed"
    return [
        Priced(product, leader_price(terms, int(product.list_price_minor), 1, status))
        for item in campaign.items
        if (product := products.get(item.product_id)) is not None and product.active
    ]


def _me(ask: Ask, store: str) -> Leader:
    desk = ask.desk(store, "leader")
    return profiles.get(desk.tenant_id, desk.membership.leader_id or "")


def _tenant_id(ask: Ask) -> str:
    assert ask.brand is not None  # noqa: S101 - `_me` entered the brand
    return ask.brand.tenant_id
