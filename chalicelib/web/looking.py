"""Pages that many people open and that only show: everything they need, in at most three requests to the table.

First what is a list (a query each), then all items in one batch: the brand's profile with whatever the page will ask
for. An address belongs to one brand for ever, so a warm process remembers whose it is.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import NamedTuple

from chalicelib import store as table
from chalicelib.at_hand import Key
from chalicelib.campaigns import parts, showing
from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.store import Campaign, campaign_key
from chalicelib.catalog.store import product_key
from chalicelib.commissions import store as plans
from chalicelib.delivery import store as delivery
from chalicelib.leaders import profiles, stall
from chalicelib.leaders.store import Leader, leader_key
from chalicelib.ledger.store import leader_balance_key
from chalicelib.orders.store import order_key
from chalicelib.people import store as people
from chalicelib.people.store import Membership
from chalicelib.reading import read_ahead
from chalicelib.remembering import Remembered
from chalicelib.reviews import store as reviews
from chalicelib.reviews.experiences import experience_key
from chalicelib.tenants import store as tenants
from chalicelib.tenants.store import Tenant
from chalicelib.web.ask import Ask, BrandUnknown, Desk, tenant_ids

KeysOf = Callable[[str], Iterable[Key]]
"""Takes a tenant's id (its fence is up), gives what the page will ask for; it may read lists on the way."""


def enter(ask: Ask, store: str, keys_of: KeysOf, *, consistent: bool = False) -> Tenant:
    """Enter a brand to look at a page of it, to the end of the request. Nothing can be written any more.

    consistent: True where the one who looks has just done something and wants to see it. Raises `BrandUnknown`.
    """
    brand = _look(ask, tenant_ids.get(store), keys_of, consistent)
    if brand is None or brand.slug != store:
        tenant_id = tenants.by_slug(store)
        brand = _look(ask, tenant_id, keys_of, consistent)
        if brand is None or tenant_id is None:
            raise BrandUnknown("There is no such brand. Check the address, or ask for a new link.")
        tenant_ids.put(store, tenant_id)
    ask.brand = brand
    return brand


class Led(NamedTuple):
    """Whom somebody leads for, as this process learnt it. `currency` is the brand's, which never changes."""

    tenant_id: str
    leader_id: str
    currency: str


led: Remembered[tuple[str, str], Led] = Remembered(1_000)
"""By person and the brand's address. A hint only: what it names is read, and compared, each time."""


def lead(ask: Ask, store: str, keys_of: Callable[[Led], Iterable[Key]] = lambda known: ()) -> tuple[Desk, Leader]:
    """Enter a brand as one of its leaders, to look at a page only, with what the page asks for read in one request.

    It sees what the leader itself has just done. Raises what `Ask.leading` raises.
    """
    session = ask.session
    known = led.get((session.person_id, store)) if session else None
    if session is not None and known is not None:
        membership_key = people.membership_key(known.tenant_id, session.person_id, "leader")
        who = [(people.person_key(session.person_id), "profile"), membership_key]
        what = [tenants.tenant_key(known.tenant_id), leader_key(known.tenant_id, known.leader_id)]
        ask.look_for(known.tenant_id)
        read_ahead([*who, *what, *keys_of(known)], consistent=True)
        brand, membership = tenants.get(known.tenant_id), table.get(Membership, *membership_key)
        if brand and brand.slug == store and membership and membership.leader_id == known.leader_id:
            ask.brand, ask.role = brand, membership.role
            return Desk(brand, ask.signed_in(), membership), profiles.get(known.tenant_id, known.leader_id)
    desk, me = ask.leading(store)
    found = Led(desk.tenant_id, me.leader_id, desk.brand.currency)
    led.put((desk.person.person_id, store), found)
    ask.look_for(desk.tenant_id)
    read_ahead([tenants.tenant_key(desk.tenant_id), *keys_of(found)], consistent=True)
    return desk, me


def _look(ask: Ask, tenant_id: str | None, keys_of: KeysOf, consistent: bool) -> Tenant | None:
    if tenant_id is None:
        return None
    ask.look_for(tenant_id)
    read_ahead([tenants.tenant_key(tenant_id), *keys_of(tenant_id)], consistent=consistent)
    return tenants.get(tenant_id)


# ------------------------------------------------------------------------------------------------ what pages ask for


def shop_keys(tenant_id: str, leader_id: str, wanted: str, now: datetime) -> list[Key]:
    """Give what a shop asks for: leader, plan, campaigns, points, and the parts of the campaign it will likely show."""
    seen, ids = stall.last_seen(tenant_id, leader_id), _campaign_ids(tenant_id, leader_id, now)
    chosen = parts.likely(tenant_id, ids, wanted, now)
    return [
        *_on_any_page(tenant_id, leader_id),
        *plans.keys_of_page(tenant_id),
        *delivery.point_keys(tenant_id, leader_id, seen),
        *(campaign_key(tenant_id, one) for one in ids),
        *(chosen.keys if chosen else ()),
    ]


def product_keys(tenant_id: str, leader_id: str, product_id: str, shown: list[Key], now: datetime) -> list[Key]:
    """Give what a product's page asks for: product, stars, reviews shown, and what is left where it is on offer."""
    key, ids = product_key(tenant_id, product_id), _campaign_ids(tenant_id, leader_id, now)
    known = [found for one in ids if (found := parts.last_seen(tenant_id, one)) and key in found.products]
    return [
        *_on_any_page(tenant_id, leader_id),
        key,
        experience_key(tenant_id, product_id, leader_id),
        reviews.stars_key(tenant_id, product_id),
        *shown,
        *(campaign_key(tenant_id, one) for one in ids),
        *(one for found in known for one in found.counts),
    ]


def chain_keys(tenant_id: str, leader_id: str, campaign_id: str) -> list[Key]:
    """Give what a chain's page asks for besides the chain."""
    known = parts.last_seen(tenant_id, campaign_id)
    return [
        leader_key(tenant_id, leader_id),
        campaign_key(tenant_id, campaign_id),
        showing.shown_key(tenant_id, leader_id, campaign_id),
        *(known.products + known.counts if known else ()),
    ]


def order_keys(tenant_id: str, leader_id: str, order_token: str) -> list[Key]:
    """Give what an order's page asks for; `order_token` is the end of its link."""
    return [order_key(tenant_id, order_token.partition(".")[0]), leader_key(tenant_id, leader_id)]


def today_keys(me: Led, now: datetime) -> list[Key]:
    """Give what a leader's first page asks for: stall, balance, plan, and what runs on its page."""
    ids = _campaign_ids(me.tenant_id, me.leader_id, now)
    return [
        stall.stall_key(me.tenant_id, me.leader_id),
        leader_balance_key(*me),
        *plans.keys_of_page(me.tenant_id),
        *(campaign_key(me.tenant_id, one) for one in ids),
    ]


def _on_any_page(tenant_id: str, leader_id: str) -> list[Key]:
    return [leader_key(tenant_id, leader_id), stall.stall_key(tenant_id, leader_id)]


def _campaign_ids(tenant_id: str, leader_id: str, now: datetime) -> list[str]:
    """List what a leader's page will likely sell, in the order of the page: its own first, then the brand's."""
    own = [_id_of(key) for key in showing.own_keys(tenant_id, stall.last_seen(tenant_id, leader_id))]
    known = {one: found.closes_at for one in own if (found := parts.last_seen(tenant_id, one))}
    own.sort(key=lambda one: known.get(one, now))
    return own + [row.position.partition("#")[2] for row in campaigns.upcoming(tenant_id, now)]


def _id_of(key: Key) -> str:
    return key[0].rpartition("#")[2]


def read_parts(tenant_id: str, shown: Iterable[Campaign], *, all_of: bool = True) -> None:
    """Read what belongs to campaigns, as far as it was not read with them; without `all_of`, what is left of them."""
    found = [parts.parts_of(tenant_id, one) for one in shown]
    read_ahead(key for one in found for key in (one.keys if all_of else one.counts))
