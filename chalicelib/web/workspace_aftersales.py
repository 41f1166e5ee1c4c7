"""After-sales in the leader's workspace: one complaint for several customers, and how each one stands."""

from datetime import timedelta

from chalicelib.aftersales import actions, deciding, rules, several
from chalicelib.aftersales import store as cases
from chalicelib.aftersales.actions import Asker
from chalicelib.aftersales.several import Outcome
from chalicelib.aftersales.store import Case, CaseUnknown
from chalicelib.ids import is_id
from chalicelib.leaders.store import Leader
from chalicelib.orders import of_leader
from chalicelib.orders import store as orders
from chalicelib.orders.store import Order
from chalicelib.web import languages, photos
from chalicelib.web.aftersales import claim_of, names_of_cases
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.frame import action, page, upload

MOST_CASES = 50
LOOK_BACK = 100
"""How many of the leader's latest orders are looked through."""


@upload("/lead/{store}/cases")
def case_list(ask: Ask, store: str) -> Answer:
    """Say what is wrong with several customers' orders in one form; see how the cases stand."""
    desk, me = ask.leading(store)
    outcomes: list[Outcome] = []
    if ask.posted:
        with ask.keeping_problem():
            outcomes = _ask(ask, desk.tenant_id, me)
            if not any(one.refusal for one in outcomes):
                return ask.go("lead", store, "cases", done="1")
    return _page(ask, desk.tenant_id, me, outcomes)


@action("/lead/{store}/cases/{order_id}/{case_id}")
def change(ask: Ask, store: str, order_id: str, case_id: str) -> Answer:
    """Take one's own case back, or note that a replacement was handed over. A leader decides nothing."""
    desk, me = ask.leading(store)
    case = _mine(desk.tenant_id, me, order_id, case_id)
    if ask.posted:
        with ask.keeping_problem():
            if ask.form["change"] == "hand_over":
                deciding.hand_over(desk.tenant_id, order_id, case.case_id, by=me.leader_id, now=ask.now)
            else:
                asker = Asker("leader", me.leader_id)
                actions.withdraw(desk.tenant_id, order_id, case.case_id, asker=asker, now=ask.now)
            return ask.go("lead", store, "cases", done="1")
    return _page(ask, desk.tenant_id, me, [])


@page("/lead/{store}/cases/{order_id}/{case_id}/photos/{number}")
def photo(ask: Ask, store: str, order_id: str, case_id: str, number: str) -> Answer:
    """Show a photo of a case of one's own customers."""
    desk, me = ask.leading(store)
    return photos.numbered(ask, desk.tenant_id, _mine(desk.tenant_id, me, order_id, case_id).photos, number)


def _mine(tenant_id: str, me: Leader, order_id: str, case_id: str) -> Case:
    case = cases.get(tenant_id, order_id, case_id)
    if case.leader_id != me.leader_id:
        raise CaseUnknown("There is no such case among yours.")
    return case


def _ask(ask: Ask, tenant_id: str, me: Leader) -> list[Outcome]:
    typed, nonce = ask.form, ask.nonce()
    chosen = list(typed.below("order"))
    several.check_count(chosen)
    product_id = typed["product_id"] if is_id("pr", typed["product_id"]) else None
    return several.ask_for_several(
        tenant_id,
        me.leader_id,
        chosen,
        claim_of(typed, units=None),
        product_id=product_id,
        units_each=typed.integer("units_each") if typed["units_each"].strip() and product_id else None,
        photos=photos.private_photos(ask, tenant_id, most=rules.MOST_PHOTOS),
        nonce=f"form-{nonce}",
        now=ask.now,
        stripe=ask.tools.stripe,
    )


def _page(ask: Ask, tenant_id: str, me: Leader, outcomes: list[Outcome]) -> Answer:
    mine = _orders_of(ask, tenant_id, me.leader_id)
    found = cases.of_leader(tenant_id, me.leader_id, limit=MOST_CASES)
    buyers = {order.order_id: order for order in mine}
    buyers |= {one: orders.get(tenant_id, one) for one in {case.order_id for case in found} - buyers.keys()}
    refused = [(buyers[one.order_id].customer.name, one.refusal) for one in outcomes if one.refusal]
    return ask.show(
        "workspace/cases.html",
        status=409 if refused else 200,
        me=me,
        orders=mine,
        cases=found,
        buyers=buyers,
        refused=[(name, languages.explain(ask.language, refusal)) for name, refusal in refused],
        products=sorted({(line.product_id, line.title) for order in mine for line in order.lines}),
        titles={line.product_id: line.title for order in buyers.values() for line in order.lines},
        most_photos=rules.MOST_PHOTOS,
        longest=rules.LONGEST_TEXT,
        **names_of_cases(),
    )


def _orders_of(ask: Ask, tenant_id: str, leader_id: str) -> list[Order]:
    """List the leader's orders of late of which something can be wrong."""
    oldest = ask.now - timedelta(days=rules.CLAIM_DAYS)
    return [
        order
        for order in of_leader.newest(tenant_id, leader_id, limit=LOOK_BACK)[0]
        if order.state in ("paid", "delivered") and (order.delivered_at is None or order.delivered_at >= oldest)
    ]
