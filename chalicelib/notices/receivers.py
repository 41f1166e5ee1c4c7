"""Who gets a notice, and what it says: looked up at the moment of sending, and kept nowhere else."""

from datetime import datetime
from typing import Any

import msgspec

from chalicelib.billing.prices import tier_of
from chalicelib.leaders import store as leaders
from chalicelib.notices.channels import Message, SendNever
from chalicelib.notices.rules import BRAND, ChannelName
from chalicelib.notices.store import Notice
from chalicelib.notices.texts import NAME_LENGTH, Facts, plain, render
from chalicelib.orders import store as orders
from chalicelib.orders.lines import Customer
from chalicelib.people import store as people
from chalicelib.people.memberships import owner_of
from chalicelib.settlement.days import local_day
from chalicelib.tenants import actions as tenants
from chalicelib.tenants.store import Tenant

_WITH_GOODS = ("order_paid", "ready")
_WITH_PLACE = ("order_paid", "ready")


def of_buyer(customer: Customer, channel: ChannelName) -> str | None:
    """Give where a buyer can be reached, or None."""
    return {"email": customer.email, "sms": customer.phone, "wechat": customer.wechat_openid}.get(channel)


def message_of(tenant_id: str, notice: Notice, public_url: str) -> Message:
    """Write a notice for its receiver. Raises `SendNever` when there is nobody (any more) to send it to."""
    brand = tenants.get(tenant_id)
    if notice.about == BRAND:
        to, facts = _owner(tenant_id, notice, brand)
    elif notice.about.startswith("ord_"):
        to, facts = _buyer(tenant_id, notice, brand)
    else:
        to, facts = _leader(tenant_id, notice, brand)
    if to is None:
        raise SendNever("no_address")
    facts = msgspec.structs.replace(facts, link=f"{public_url}/{facts.link}")
    subject, text = render(notice.template, notice.language, facts)  # type: ignore[arg-type]  # written by `outbox`
    name = plain(brand.name, NAME_LENGTH)
    return Message(notice.notice_id, notice.template, name, facts.link, to=to, subject=subject, text=text)


def _buyer(tenant_id: str, notice: Notice, brand: Tenant) -> tuple[str | None, Facts]:
    order = orders.find(tenant_id, notice.about)
    if order is None:
        raise SendNever("no_order")
    known: dict[str, Any] = {"amount_minor": int(order.amount_minor)}
    if notice.template in _WITH_GOODS:
        known["goods"] = tuple((line.title, line.qty) for line in order.lines)
    if notice.template in _WITH_PLACE:
        known["place"] = order.customer.pickup or ""  # an address is not repeated: mails get astray
    link = f"s/{brand.slug}/{order.leader_id}/o/{order.page_token}"
    return of_buyer(order.customer, notice.channel), _facts(notice, order.currency, brand, link, known)


def _leader(tenant_id: str, notice: Notice, brand: Tenant) -> tuple[str | None, Facts]:
    leader = leaders.get(tenant_id, notice.about)
    if leader is None:
        raise SendNever("no_leader")
    page = "payout" if notice.template == "payout_changed" else "statement"
    facts = _facts(notice, brand.currency, brand, f"lead/{brand.slug}/{page}", {})
    if notice.channel == "sms":
        return leader.phone, facts
    person = people.person(leader.person_id)
    return (person.email if person else None), facts


def _owner(tenant_id: str, notice: Notice, brand: Tenant) -> tuple[str | None, Facts]:
    owner, kept = owner_of(tenant_id), _kept(notice)
    known: dict[str, Any] = {"amount_minor": tier_of(kept["tier"]).amount_minor(brand.currency)}
    if "until_at" in kept:
        known["until"] = local_day(datetime.fromisoformat(kept["until_at"]), brand.timezone)
    facts = _facts(notice, brand.currency, brand, f"console/{brand.slug}/billing", known)
    return (owner.email if owner else None), facts


def _facts(notice: Notice, currency: str, brand: Tenant, link: str, known: dict[str, Any]) -> Facts:
    given = {"brand": brand.name, "currency": currency, "link": link}
    return msgspec.convert(given | known | _kept(notice), Facts)


def _kept(notice: Notice) -> dict[str, Any]:
    return msgspec.json.decode(notice.facts_packed or "{}", type=dict[str, Any])
