"""The leader's workspace: what is to be handed out today, what was earned, links to share, where the money goes."""

from chalicelib.campaigns import showing
from chalicelib.commissions import store as plans
from chalicelib.leaders import destinations, life, onboarding, profiles
from chalicelib.leaders import store as leaders
from chalicelib.leaders.commands import PayByBank
from chalicelib.leaders.store import Leader
from chalicelib.ledger import book
from chalicelib.orders import delivery
from chalicelib.orders import store as orders
from chalicelib.orders.store import Order, OrderNotFound
from chalicelib.web import lives, words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.confirming import ask_for_code
from chalicelib.web.console_money import statement_page
from chalicelib.web.frame import action, form, page

MOST_RUNNING = 10
LOOK_BACK = 300
"""How many of the brand's latest orders are looked through for this leader's."""


@page("/lead/{store}")
def today(ask: Ask, store: str) -> Answer:
    """Orders to hand out, earnings, links."""
    return _today_page(ask, store, _me(ask, store))


@action("/lead/{store}/orders/{order_id}/deliver")
def hand_out(ask: Ask, store: str, order_id: str) -> Answer:
    """Note that the buyer has the goods. A leader hands out its own orders only."""
    me = _me(ask, store)
    tenant_id = _tenant_id(ask)
    if orders.get(tenant_id, order_id).leader_id != me.leader_id:
        raise OrderNotFound("There is no such order among yours.")
    if ask.posted:
        with ask.keeping_problem():
            delivery.confirm(tenant_id, order_id, by=me.leader_id, now=ask.now)
            return ask.go("lead", store, done="1")
    return _today_page(ask, store, me)


@page("/lead/{store}/team")
def team(ask: Ask, store: str) -> Answer:
    """Show whom the leader invited, and the link to invite more."""
    me = _me(ask, store)
    return ask.show(
        "workspace/team.html",
        me=me,
        directs=leaders.directs(_tenant_id(ask), me.leader_id, limit=100),
        invitation=ask.links.full("join", store, me.invite_code),
        ranks=words.rank_names(plans.in_force(_tenant_id(ask), on=ask.now).plan, ask.language),
        statuses=words.LEADER_STATUSES,
    )


@page("/lead/{store}/statement")
def statement(ask: Ask, store: str) -> Answer:
    """Show every entry with its reason."""
    me = _me(ask, store)
    return statement_page(ask, _tenant_id(ask), me.leader_id, ("lead", store), me.name)


@form("/lead/{store}/payout")
def payout(ask: Ask, store: str) -> Answer:
    """Say where the money goes: a bank account, in the leader's own words. Another one needs a code."""
    me = _me(ask, store)
    if ask.posted:
        with ask.keeping_problem():
            details = profiles.clean_bank_details(ask.form["bank_details"])
            if destinations.given(me) not in (None, ("manual", details)):
                way, about = ["lead", store, "payout"], f"{me.leader_id} bank {details}"
                if asked := ask_for_code(ask, ask.signed_in(), about, to=way, keep=("bank_details",)):
                    return asked
            command, by = PayByBank(bank_details=details), ask.signed_in().person_id
            profiles.pay_by_bank(_tenant_id(ask), me.leader_id, command, now=ask.now, by=by)
            return ask.go("lead", store, "payout", done="1")
    elif ask.query("back") and me.payout_refused:
        onboarding.look(_tenant_id(ask), me, ask.tools.stripe)  # the way back from Stripe's pages
        me = _me(ask, store)
    return _payout_page(ask, me)


@action("/lead/{store}/payout/stripe")
def onboard(ask: Ask, store: str) -> Answer:
    """Go to Stripe's own pages, to be paid by Stripe transfer. Who is paid already needs a code: the account at which
    the money ends can be changed there."""
    me = _me(ask, store)
    if ask.posted:
        with ask.keeping_problem():
            if destinations.given(me) is not None:
                way, about = ["lead", store, "payout", "stripe"], f"{me.leader_id} stripe {me.stripe_account_id}"
                if asked := ask_for_code(ask, ask.signed_in(), about, to=way):
                    return asked
            back = ask.links.full("lead", store, "payout") + "?back=1"
            link = onboarding.start(
                _tenant_id(ask),
                me.leader_id,
                stripe=ask.tools.stripe,
                return_url=back,
                refresh_url=back,
                now=ask.now,
                by=ask.signed_in().person_id,
            )
            return Answer(status=303, headers={"Location": link}, cache="no-store")
    return _payout_page(ask, me)


def _payout_page(ask: Ask, me: Leader) -> Answer:
    return ask.show(
        "workspace/payout.html",
        me=me,
        held_until=destinations.held_until(me, ask.now),
        destination_changes=destinations.changes_of(_tenant_id(ask), me.leader_id),
        ways=words.PAYOUT_WAYS,
    )


def _me(ask: Ask, store: str) -> Leader:
    desk = ask.desk(store, "leader")
    return profiles.get(desk.tenant_id, desk.membership.leader_id or "")


def _tenant_id(ask: Ask) -> str:
    assert ask.brand is not None  # noqa: S101 - `_me` entered the brand
    return ask.brand.tenant_id


def _today_page(ask: Ask, store: str, me: Leader) -> Answer:
    tenant_id, mine = _tenant_id(ask), _orders_of(_tenant_id(ask), me.leader_id)
    on_trial = life.time_left(me, ask.now) is not None
    return ask.show(
        "workspace/today.html",
        me=me,
        is_closed=me.frozen or life.status_at(me, ask.now) == "removed",
        life=lives.life_of(ask, tenant_id, me) if on_trial else None,
        enters=plans.in_force(tenant_id, on=ask.now).plan.leader_orders is not None,
        to_hand_out=[order for order in reversed(mine) if order.state == "paid"],
        latest=[order for order in mine if order.state != "paid"][:10],
        balance=book.leader_balance(tenant_id, me.leader_id, ask.brand.currency if ask.brand else ""),
        shop=ask.links.full("s", store, me.leader_id),
        running=showing.running_of(tenant_id, me.leader_id, ask.now)[:MOST_RUNNING],
        invitation=ask.links.full("join", store, me.invite_code),
    )


def _orders_of(tenant_id: str, leader_id: str) -> list[Order]:
    return [order for order in orders.newest(tenant_id, limit=LOOK_BACK) if order.leader_id == leader_id]
