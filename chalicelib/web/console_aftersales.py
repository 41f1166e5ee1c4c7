"""After-sales in the console: cases by state, decided one by one or several at once; refunds that failed."""

from typing import get_args

from chalicelib.aftersales import deciding, rules
from chalicelib.aftersales import store as cases
from chalicelib.aftersales.commands import ApproveCase, DeclineCase, Goods
from chalicelib.aftersales.store import Case
from chalicelib.leaders import store as leaders
from chalicelib.orders import failed_refunds
from chalicelib.orders import store as orders
from chalicelib.orders.store import Order
from chalicelib.store import decode_cursor, encode_cursor, get_all
from chalicelib.web import photos, several, words
from chalicelib.web.aftersales import names_of_cases
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.console_exports import begin
from chalicelib.web.forms import FormInvalid
from chalicelib.web.frame import action, form, page
from chalicelib.web.rendering import money
from chalicelib.web.several import Bulk, One

PAGE = 30
GOODS: tuple[Goods, ...] = get_args(Goods)


@form("/console/{store}/cases")
def case_list(ask: Ask, store: str) -> Answer:
    """List cases by state, newest first; decide several at once."""
    desk = ask.desk(store, "owner", "staff")
    if ask.posted:
        with ask.keeping_problem():
            chosen = several.ticked(ask, "case", most=rules.MOST_ORDERS)
            _check_decision(ask)
            keys = [(order_id, case_id) for order_id, _, case_id in (one.partition(".") for one in chosen)]
            listed = _listed(ask, desk, keys)
            if several.is_sure(ask):
                return several.done(
                    ask, _bulk(ask), listed, lambda one: _decide(ask, desk, *one.key.split(".", maxsplit=1))
                )
            return several.question(ask, _bulk(ask), listed)
    return _list(ask, desk, store)


@action("/console/{store}/cases/file")
def file_of_cases(ask: Ask, store: str) -> Answer:
    """Export all cases of the list that is shown, however many."""
    desk = ask.desk(store, "owner", "staff")
    if ask.posted:
        with ask.keeping_problem():
            job = begin(ask, desk, "cases", ask.form["format"], case_state=_shown_state(ask))
            return ask.go("console", store, "exports", job.export_id)
    return _list(ask, desk, store)


def _shown_state(ask: Ask) -> str:
    """Say which list of cases the page shows."""
    return ask.query("state") if ask.query("state") in cases.LISTS else "requested"


def _bulk(ask: Ask) -> Bulk:
    carried = ("decision", "goods", "note")
    if ask.form["decision"] == "approve":
        text = ask.say("Each buyer gets back what the case says, at once.")
        title, button = ask.say("Approve these cases?"), ask.say("Yes, approve them")
        return Bulk("case", title, text, button, "cases", "cases", "cases", carried=carried)
    text = ask.say("Whoever asked reads: {note}", note=ask.form["note"].strip())
    title, button = ask.say("Decline these cases?"), ask.say("Yes, decline them")
    return Bulk("case", title, text, button, "cases", "cases", "cases", carried=carried, danger=True)


def _listed(ask: Ask, desk: Desk, keys: list[tuple[str, str]]) -> list[One]:
    """Say of each case whose it is, and what it is about. Raises `CaseUnknown`."""
    found = [cases.get(desk.tenant_id, order_id, case_id) for order_id, case_id in dict.fromkeys(keys)]
    bought = _orders(desk.tenant_id, [case.order_id for case in found])
    return [_one(ask, desk, case, bought[case.order_id]) for case in found]


def _one(ask: Ask, desk: Desk, case: Case, order: Order) -> One:
    says = ask.say(words.CASE_REASONS[case.reason])
    if case.wish == "refund":
        says += f" · {money(int(case.amount_minor or case.expected_minor), desk.brand.currency)}"
    refusal = "" if case.state == "requested" else ask.say("Is decided already.")
    key = f"{case.order_id}.{case.case_id}"
    return One(key, order.customer.name, says, ("cases", case.order_id, case.case_id), refusal)


@form("/console/{store}/cases/{order_id}/{case_id}")
def case_page(ask: Ask, store: str, order_id: str, case_id: str) -> Answer:
    """Show a case with its photos; decide it, perhaps on another amount."""
    desk = ask.desk(store, "owner", "staff")
    case = cases.get(desk.tenant_id, order_id, case_id)
    if ask.posted:
        with ask.keeping_problem():
            if ask.form["decision"] == "hand_over":
                deciding.hand_over(desk.tenant_id, order_id, case_id, by=desk.person.person_id, now=ask.now)
            else:
                _check_decision(ask)
                _decide(ask, desk, order_id, case_id)
            return ask.go("console", store, "cases", order_id, case_id, done="1")
    return _case(ask, desk, case)


@page("/console/{store}/cases/{order_id}/{case_id}/photos/{number}")
def photo(ask: Ask, store: str, order_id: str, case_id: str, number: str) -> Answer:
    """Show a photo of a case."""
    desk = ask.desk(store, "owner", "staff")
    case = cases.get(desk.tenant_id, order_id, case_id)
    return photos.numbered(ask, desk.tenant_id, case.photos, number)


@page("/console/{store}/failed_refunds")
def failed_list(ask: Ask, store: str) -> Answer:
    """List refunds that failed and that nobody has seen to."""
    return _failed(ask, ask.desk(store, "owner", "staff"))


@action("/console/{store}/orders/{order_id}/refunds/{refund_id}")
def see_to(ask: Ask, store: str, order_id: str, refund_id: str) -> Answer:
    """Ask again for a refund that failed, or put it away."""
    desk = ask.desk(store, "owner", "staff")
    orders.get_refund(desk.tenant_id, order_id, refund_id)
    if ask.posted:
        with ask.keeping_problem():
            tenant_id, by = desk.tenant_id, desk.person.person_id
            if ask.form["change"] == "dismiss":
                seen = failed_refunds.dismiss(tenant_id, order_id, refund_id, by=by, now=ask.now)
                deciding.money_went_back(tenant_id, seen, now=ask.now)
            else:
                failed_refunds.repeat(tenant_id, order_id, refund_id, by=by, now=ask.now, stripe=ask.tools.stripe)
            return ask.go("console", store, "failed_refunds", done="1")
    return _failed(ask, desk)


# ------------------------------------------------------------------------------------------------ deciding


def _check_decision(ask: Ask) -> None:
    """Refuse a form that decides nothing, before the first case is touched. Raises `FormInvalid`, `CaseInvalid`."""
    if ask.form["decision"] not in ("approve", "decline"):
        raise FormInvalid("Choose one of these.", param="decision")
    if ask.form["decision"] == "decline" and not ask.form["note"].strip():
        raise rules.CaseInvalid("Say why: whoever asked reads it.", param="note")


def _decide(ask: Ask, desk: Desk, order_id: str, case_id: str) -> Case:
    typed, by = ask.form, desk.person.person_id
    if desk.membership.role == "staff":  # the owner is the brand; whoever works for it does not decide on itself
        deciding.check_not_own(desk.tenant_id, cases.get(desk.tenant_id, order_id, case_id), by)
    if typed["decision"] == "decline":
        return deciding.decline(desk.tenant_id, order_id, case_id, DeclineCase(note=typed["note"]), by=by, now=ask.now)
    goods: Goods = next((one for one in GOODS if one == typed["goods"]), "gone")
    amount = typed.money("amount_minor", desk.brand.currency) if typed["amount_minor"].strip() else None
    command = ApproveCase(amount_minor=amount, goods=goods)
    return deciding.approve(desk.tenant_id, order_id, case_id, command, by=by, now=ask.now, stripe=ask.tools.stripe)


# ------------------------------------------------------------------------------------------------ pages


def _list(ask: Ask, desk: Desk, store: str) -> Answer:
    state = _shown_state(ask)
    after = decode_cursor(ask.query("after")) if ask.query("after") else None
    found = cases.newest(desk.tenant_id, state, limit=PAGE, after=after)
    cursor = encode_cursor(str(found[-1].gsi1sk)) if len(found) == PAGE else ""
    bought = _orders(desk.tenant_id, [case.order_id for case in found])
    return ask.show(
        "console/cases.html",
        cases=found,
        bought=bought,
        shown_state=state,
        lists=words.CASE_LISTS,
        sellers=leaders.get_many(desk.tenant_id, tuple({case.leader_id for case in found})),
        titles={line.product_id: line.title for order in bought.values() for line in order.lines},
        older=ask.links.path("console", store, "cases", state=state, after=cursor) if cursor else "",
        **names_of_cases(),
    )


def _orders(tenant_id: str, order_ids: list[str]) -> dict[str, Order]:
    found = get_all([orders.order_key(tenant_id, order_id) for order_id in dict.fromkeys(order_ids)])
    return {order.order_id: order for order in found if isinstance(order, Order)}


def _case(ask: Ask, desk: Desk, case: Case) -> Answer:
    order = orders.get(desk.tenant_id, case.order_id)
    refund = orders.find_refund(desk.tenant_id, case.order_id, case.refund_id or "")
    return ask.show(
        "console/case.html",
        case=case,
        order=order,
        seller=leaders.get(desk.tenant_id, case.leader_id),
        refund=refund,
        refund_states=words.REFUND_STATES,
        titles={line.product_id: line.title for line in order.lines},
        **names_of_cases(),
    )


def _failed(ask: Ask, desk: Desk) -> Answer:
    found = failed_refunds.newest(desk.tenant_id, limit=PAGE)
    return ask.show(
        "console/failed_refunds.html",
        refunds=found,
        bought=_orders(desk.tenant_id, [one.order_id for one in found]),
        failures=words.REFUND_FAILURES,
    )
