"""What the table knows of what a chunk of rows names: leaders of the brand and where they are, or orders."""

from collections.abc import Sequence
from datetime import datetime

from chalicelib import store
from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.store import Campaign
from chalicelib.ids import is_id
from chalicelib.imports.columns import Row
from chalicelib.imports.leader_rows import Here, outside_names
from chalicelib.imports.tracking_rows import OrderHere, is_shipped
from chalicelib.leaders import rules
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.orders import store as orders
from chalicelib.orders.store import Order
from chalicelib.people import store as people
from chalicelib.people.store import EmailTaken, Membership


def named_by(tenant_id: str, rows: Sequence[Row], *, now: datetime) -> list[tuple[str, Here]]:
    """Give the leaders of the brand whom rows name by id or e-mail address: name and leader.

    At most three batch reads per hundred names: e-mail → person, person → leader, leader.
    """
    names = sorted(set().union(*(outside_names(row) for row in rows)))
    by_name = {name: name for name in names if rules.is_leader_id(name)}
    by_name |= _leaders_by_email(tenant_id, [name for name in names if "@" in name])
    found = leaders.get_many(tenant_id, tuple(dict.fromkeys(by_name.values())))
    return [(name, _here(found[leader_id], now)) for name, leader_id in by_name.items() if leader_id in found]


def _leaders_by_email(tenant_id: str, emails: Sequence[str]) -> dict[str, str]:
    by_key = {people.email_key(email): email for email in emails}
    taken = [one for one in store.get_all([(key, "email") for key in by_key]) if isinstance(one, EmailTaken)]
    email_of = {one.person_id: by_key[one.pk] for one in taken}
    places = [(people.person_key(person_id), f"member#{tenant_id}#leader") for person_id in email_of]
    found = [one for one in store.get_all(places) if isinstance(one, Membership)]
    return {email_of[one.person_id]: str(one.leader_id) for one in found}


def _here(leader: Leader, now: datetime) -> Here:
    is_open = not leader.frozen and rules.ended(leader.status, leader.probation_until, now) != "removed"
    return Here(leader.leader_id, len(leader.upline_ids), is_open)


def orders_in(tenant_id: str, rows: Sequence[Row]) -> list[tuple[str, OrderHere]]:
    """Give the orders that rows of tracking numbers name, a hundred in a request."""
    named = dict.fromkeys(row.cells.get("order", "").lower() for row in rows if is_shipped(row))
    known = [order_id for order_id in named if is_id("ord", order_id)]
    read = store.get_all([orders.order_key(tenant_id, order_id) for order_id in known])
    found = [one for one in read if isinstance(one, Order)]
    undecided = _undecided(tenant_id, {one.campaign_id for one in found if one.in_group})
    return [(one.order_id, _order_here(one, undecided)) for one in found]


def _undecided(tenant_id: str, campaign_ids: set[str]) -> set[str]:
    """Give those of some groups that may still fail: their goods must not leave."""
    found = store.get_all([campaigns.campaign_key(tenant_id, campaign_id) for campaign_id in sorted(campaign_ids)])
    return {one.campaign_id for one in found if isinstance(one, Campaign) and one.status != "succeeded"}


def _order_here(order: Order, undecided: set[str]) -> OrderHere:
    state = "undecided" if order.state == "paid" and order.campaign_id in undecided else order.state
    tracking = order.tracking
    return OrderHere(state, tracking.carrier, tracking.number) if tracking else OrderHere(state)
