"""The console's orders: the list, one order, handing out, giving money back."""

from chalicelib.aftersales import store as cases
from chalicelib.campaigns import store as campaigns
from chalicelib.delivery.codes import short_number
from chalicelib.disputes import store as disputes
from chalicelib.errors import Refusal
from chalicelib.leaders import store as leaders
from chalicelib.notices import store as notices
from chalicelib.orders import calling_off, delivery, finding, refunds
from chalicelib.orders import store as orders
from chalicelib.orders.commands import Refund, RefundLine
from chalicelib.orders.finding import Found
from chalicelib.orders.store import Order
from chalicelib.statements import views as statements
from chalicelib.statements.names import names_of
from chalicelib.store import decode_cursor, encode_cursor
from chalicelib.web import order_search, words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.console_exports import begin
from chalicelib.web.frame import action, page
from chalicelib.web.order_search import OrderSearch

PAGE = 50


@page("/console/{store}/orders")
def order_list(ask: Ask, store: str) -> Answer:
    """List orders, newest first: all, or those that are asked for (`order_search`)."""
    desk = ask.desk(store, "owner", "staff")
    return _list_page(ask, desk, order_search.read(ask, desk))


@action("/console/{store}/orders/file")
def file_of_found(ask: Ask, store: str) -> Answer:
    """Export all orders that are like what the address asks for, however many."""
    desk = ask.desk(store, "owner", "staff")
    search = order_search.read(ask, desk)
    if ask.posted and ask.problem is None:
        with ask.keeping_problem():
            only = search.wanted
            job = begin(ask, desk, "orders", ask.form["format"], since=only.since, until=only.until, only=only)
            return ask.go("console", store, "exports", job.export_id)
    return _list_page(ask, desk, search)


def _list_page(ask: Ask, desk: Desk, search: OrderSearch) -> Answer:
    after = decode_cursor(ask.query("after")) if ask.query("after") else None
    found = Found([]) if ask.problem else finding.newest(desk.tenant_id, search.wanted, limit=PAGE, after=after)
    here = ("console", desk.brand.slug, "orders")
    return ask.show(
        "console/orders.html",
        orders=found.orders,
        found=found,
        search=search,
        chips=[] if ask.problem else search.chips(ask, *here),
        standings=order_search.standings(ask),
        sellers=leaders.get_many(desk.tenant_id, tuple({order.leader_id for order in found.orders})),
        older=ask.links.path(*here, **search.asked, after=encode_cursor(found.next)) if found.next else "",
        is_full=len(found.orders) == PAGE,
        number_of=short_number,
        untold=bool(notices.given_up(desk.tenant_id, limit=1)),
    )


@page("/console/{store}/orders/{order_id}")
def order(ask: Ask, store: str, order_id: str) -> Answer:
    """Show one order."""
    desk = ask.desk(store, "owner", "staff")
    ask.look_for(desk.tenant_id)  # from here on nothing is written
    return _order_page(ask, desk, orders.get(desk.tenant_id, order_id))


@action("/console/{store}/orders/{order_id}/deliver")
def deliver(ask: Ask, store: str, order_id: str) -> Answer:
    """Note that the buyer has the goods."""
    desk = ask.desk(store, "owner", "staff")
    if ask.posted:
        with ask.keeping_problem():
            delivery.confirm(desk.tenant_id, order_id, by=desk.person.person_id, now=ask.now)
            return ask.go("console", store, "orders", order_id, done="1")
    return _order_page(ask, desk, orders.get(desk.tenant_id, order_id))


@action("/console/{store}/orders/{order_id}/call_off")
def call_off(ask: Ask, store: str, order_id: str) -> Answer:
    """Call off an order that a coupon paid whole: the goods are free again, and so is the coupon."""
    desk = ask.desk(store, "owner", "staff")
    if ask.posted:
        with ask.keeping_problem():
            calling_off.call_off(desk.tenant_id, order_id, now=ask.now)
            return ask.go("console", store, "orders", order_id, done="1")
    return _order_page(ask, desk, orders.get(desk.tenant_id, order_id))


@action("/console/{store}/orders/{order_id}/refund")
def refund(ask: Ask, store: str, order_id: str) -> Answer:
    """Give back an amount of the whole order, or amounts by product."""
    desk = ask.desk(store, "owner", "staff")
    if ask.posted:
        with ask.keeping_problem():
            refunds.request(
                desk.tenant_id,
                order_id,
                _refund_of(ask, desk.brand.currency),
                now=ask.now,
                randbits=ask.tools.randbits,
                stripe=ask.tools.stripe,
                nonce=f"form-{ask.nonce()}",
            )
            return ask.go("console", store, "orders", order_id, done="1")
    return _order_page(ask, desk, orders.get(desk.tenant_id, order_id))


def _refund_of(ask: Ask, currency: str) -> Refund:
    typed = ask.form
    lines = [
        RefundLine(product_id=name.removeprefix("line."), amount_minor=typed.money(name, currency))
        for name in typed
        if name.startswith("line.") and typed[name].strip()
    ]
    if lines:
        return Refund(lines=lines, reason=typed["reason"])
    return Refund(amount_minor=typed.money("amount_minor", currency), reason=typed["reason"])


def _order_page(ask: Ask, desk: Desk, shown: Order) -> Answer:
    return ask.show(
        "console/order.html",
        order=shown,
        seller=leaders.get(desk.tenant_id, shown.leader_id),
        campaign=_campaign_title(desk, shown),
        refunds=orders.refunds_of(desk.tenant_id, shown.order_id),
        refund_states=words.REFUND_STATES,
        cases=cases.of_order(desk.tenant_id, shown.order_id),
        case_states=words.CASE_STATES,
        case_reasons=words.CASE_REASONS,
        notices=notices.told_about(desk.tenant_id, shown.order_id),
        notice_names=words.NOTICES,
        notice_states=words.NOTICE_STATES,
        channels=words.CHANNELS,
        disputes=disputes.of_order(desk.tenant_id, shown.order_id) if shown.disputed else [],
        dispute_states=words.DISPUTE_STATES,
        dispute_reasons=words.DISPUTE_REASONS,
        refundable_minor=_refundable_minor(shown),
        can_be_called_off=calling_off.can_be_called_off(shown),
        moved=statements.of_order(
            desk.tenant_id, shown.order_id, language=ask.language, name_of=names_of(desk.tenant_id)
        ),
    )


def _refundable_minor(shown: Order) -> int:
    """What can still be given back: not what a bank has already, nor anything while it decides."""
    if shown.paid_at is None or shown.disputed == "open":
        return 0
    return sum(line.still_paid_minor for line in shown.lines) - int(shown.lost_minor or 0)


def _campaign_title(desk: Desk, shown: Order) -> str:
    try:
        return campaigns.get(desk.tenant_id, shown.campaign_id).title
    except Refusal:
        return shown.campaign_id
