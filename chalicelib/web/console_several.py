"""Several orders, or several leaders, at once: hand out, remind, export; freeze, let go on."""

from collections.abc import Callable
from functools import cache, partial

from chalicelib import store as table
from chalicelib.delivery import reminding
from chalicelib.delivery.store import ready_marks
from chalicelib.ids import is_id
from chalicelib.leaders import standing
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.orders import delivery
from chalicelib.orders import store as orders
from chalicelib.orders.rules import NotDeliverable
from chalicelib.orders.store import Order
from chalicelib.web import order_search, several, words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.console_exports import begin
from chalicelib.web.forms import FormInvalid
from chalicelib.web.frame import action
from chalicelib.web.rendering import money
from chalicelib.web.several import Bulk, One


@action("/console/{store}/orders/several")
def several_orders(ask: Ask, store: str) -> Answer:
    """Mark ticked orders as handed out, remind their buyers, or export them."""
    desk = ask.desk(store, "owner", "staff")
    what, bulk = ask.form["several"], _for_orders(ask)
    if ask.posted:
        with ask.keeping_problem():
            chosen = several.ticked(ask, "order")
            if what == "export":
                job = begin(ask, desk, "orders", "xlsx", order_ids=chosen)
                return ask.go("console", store, "exports", job.export_id)
            check, act = _of_orders(ask, desk, what)
            found = table.get_all([orders.order_key(desk.tenant_id, one) for one in chosen if is_id("ord", one)])
            shown = {order.order_id: order for order in found if isinstance(order, Order)}
            listed = [_order(ask, shown[one], check) for one in chosen if one in shown]
            if several.is_sure(ask):
                return several.done(ask, bulk, listed, lambda one: act(shown[one.key]))
            return several.question(ask, bulk, listed)
    return _refused(ask, bulk)


def _for_orders(ask: Ask) -> Bulk:
    if ask.form["several"] == "remind":
        text = ask.say("Each buyer is told once more, at most once a day, that the goods wait for them.")
        return Bulk(
            "order", ask.say("Remind the buyers?"), text, ask.say("Yes, remind them"), "orders/several", "orders",
            "orders", carried=("several",), asked=order_search.asked(ask),
        )  # fmt: skip
    text = ask.say("The buyers have their goods: the return window begins today.")
    return Bulk(
        "order", ask.say("Mark these as handed out?"), text, ask.say("Yes, they are handed out"), "orders/several",
        "orders", "orders", carried=("several",), asked=order_search.asked(ask),
    )  # fmt: skip


OrderCheck = Callable[[Order], object]


def _of_orders(ask: Ask, desk: Desk, what: str) -> tuple[OrderCheck, OrderCheck]:
    """Give what looks whether something can be done to an order, and what does it. Raises `FormInvalid`."""
    if what == "deliver":
        by = desk.person.person_id

        def hand_out(order: Order) -> Order:
            return delivery.confirm(desk.tenant_id, order.order_id, by=by, now=ask.now)

        return _check_waits, hand_out
    if what == "remind":
        through = tuple(ask.tools.post.channels)
        arrived = cache(partial(ready_marks, desk.tenant_id))  # mostly one campaign's
        check = partial(reminding.check, arrived=arrived, through=through)
        return check, partial(reminding.remind, desk.tenant_id, arrived=arrived, now=ask.now, through=through)
    raise FormInvalid("Choose one of these.", param="several")


def _check_waits(order: Order) -> None:
    if order.state != "paid":
        raise NotDeliverable("Only a paid order that is not handed out can be.", param="order_id")


def _order(ask: Ask, order: Order, check: OrderCheck) -> One:
    says = f"{money(int(order.amount_minor), order.currency)} · {ask.say(words.ORDER_STATES[order.state])}"
    refusal = several.refusal_of(ask, check, order)
    return One(order.order_id, order.customer.name, says, ("orders", order.order_id), refusal)


# ------------------------------------------------------------------------------------------------ leaders


@action("/console/{store}/leaders/several")
def several_leaders(ask: Ask, store: str) -> Answer:
    """Freeze ticked leaders, or let them go on, for one reason."""
    desk = ask.desk(store, "owner", "staff")
    bulk = _for_leaders(ask)
    if ask.posted:
        with ask.keeping_problem():
            wish = ask.form["several"]
            if wish not in ("freeze", "unfreeze"):
                raise FormInvalid("Choose one of these.", param="several")
            found = leaders.get_many(desk.tenant_id, tuple(several.ticked(ask, "leader")))
            listed = [_leader(ask, leader, freezes=wish == "freeze") for leader in found.values()]
            listed.sort(key=lambda one: one.name)
            reason = ask.form.text("reason")
            if not several.is_sure(ask):
                return several.question(ask, bulk, listed)
            if not reason:
                ask.problem = FormInvalid("Say why; it is kept with the change.", param="reason")
                return several.question(ask, bulk, listed)
            change = standing.freeze if wish == "freeze" else standing.unfreeze
            by, now = desk.person.person_id, ask.now
            return several.done(
                ask, bulk, listed, lambda one: change(desk.tenant_id, one.key, by=by, reason=reason, now=now)
            )
    return _refused(ask, bulk)


def _for_leaders(ask: Ask) -> Bulk:
    reason = ask.say("Why? It is kept with the change.")
    if ask.form["several"] == "unfreeze":
        text = ask.say("Their links and pages work again, and they earn again.")
        return Bulk(
            "leader", ask.say("Let these leaders go on?"), text, ask.say("Yes, let them go on"), "leaders/several",
            "leaders", "leaders", carried=("several",), reason=reason,
        )  # fmt: skip
    text = ask.say("Their links take no orders, and nobody joins by them, until you let them go on.")
    return Bulk(
        "leader", ask.say("Freeze these leaders?"), text, ask.say("Yes, freeze them"), "leaders/several", "leaders",
        "leaders", carried=("several",), danger=True, reason=reason,
    )  # fmt: skip


def _leader(ask: Ask, leader: Leader, *, freezes: bool) -> One:
    says = ask.say(words.LEADER_STATUSES[leader.status])
    refusal = ""
    if leader.frozen == freezes:
        refusal = ask.say("Is frozen already.") if freezes else ask.say("Is not frozen.")
    return One(leader.leader_id, leader.name, says, ("leaders", leader.leader_id), refusal)


def _refused(ask: Ask, bulk: Bulk) -> Answer:
    """Say what was wrong with the form, above nothing: the way back leads to the table."""
    return ask.show("console/several.html", bulk=bulk, good=[], bad=[], over=False)
