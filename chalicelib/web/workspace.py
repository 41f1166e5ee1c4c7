"""The leader's workspace: what is to be handed out today, what was sold and earned and why, links to share."""

from dataclasses import dataclass
from datetime import datetime

from chalicelib.campaigns import showing
from chalicelib.chinese import Language
from chalicelib.commissions import store as plans
from chalicelib.figures import store as figures
from chalicelib.figures.rules import Counts, over
from chalicelib.leaders import life
from chalicelib.leaders.store import Leader
from chalicelib.ledger import book
from chalicelib.orders import delivery, of_leader
from chalicelib.orders import store as orders
from chalicelib.orders.store import Order, OrderNotFound
from chalicelib.settlement.days import local_day
from chalicelib.statements import lines
from chalicelib.statements import views as statements
from chalicelib.statements.lines import LineRecord
from chalicelib.statements.views import LineView
from chalicelib.store import decode_cursor, encode_cursor
from chalicelib.tenants.store import Tenant
from chalicelib.web import lives, looking, words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.frame import action, page

MOST_RUNNING = 10
LOOK_BACK = 60
"""How many of the leader's latest orders the first page looks through."""
MOST_TO_HAND_OUT = 5
LINES = 50
"""How many of the latest lines of its statement the first page adds up."""
MOST_REASONS = 5
ORDERS_A_PAGE = 30


@dataclass(frozen=True, slots=True)
class Day:
    """What a day has brought so far, in minor units; `earned_more`: there was more than was looked at."""

    own_minor: int
    team_minor: int
    month_own_minor: int
    month_team_minor: int
    earned_minor: int
    earned_more: bool
    reasons: list[LineView]


@page("/lead/{store}")
def today(ask: Ask, store: str) -> Answer:
    """Orders to hand out, sales, earnings with their reasons, links."""
    desk, me = looking.lead(ask, store, lambda known: looking.today_keys(known, ask.now))
    return _today_page(ask, store, desk, me)


@action("/lead/{store}/orders/{order_id}/deliver")
def hand_out(ask: Ask, store: str, order_id: str) -> Answer:
    """Note that the buyer has the goods. A leader hands out its own orders only."""
    desk, me = ask.leading(store)
    if orders.get(desk.tenant_id, order_id).leader_id != me.leader_id:
        raise OrderNotFound("There is no such order among yours.")
    if ask.posted:
        with ask.keeping_problem():
            delivery.confirm(desk.tenant_id, order_id, by=me.leader_id, now=ask.now)
            return ask.go("lead", store, done="1")
    return _today_page(ask, store, desk, me)


@page("/lead/{store}/orders")
def my_orders(ask: Ask, store: str) -> Answer:
    """List the leader's orders, latest paid first, each with what it brought the leader and the way to the reason."""
    desk, me = looking.lead(ask, store)
    after = decode_cursor(ask.query("after")) if ask.query("after") else None
    found, last = of_leader.newest(desk.tenant_id, me.leader_id, limit=ORDERS_A_PAGE, after=after)
    return ask.show(
        "workspace/orders.html",
        orders=found,
        earned=_earned_on(desk.tenant_id, me.leader_id, found),
        older=ask.links.path("lead", store, "orders", after=encode_cursor(last)) if last else "",
    )


def _earned_on(tenant_id: str, leader_id: str, shown: list[Order]) -> dict[str, tuple[int, str]]:
    """Give what a leader got on its orders at first, with the name of the statement's line that explains it."""
    found = lines.of_orders(tenant_id, leader_id, [(one.order_id, one.paid_at) for one in shown if one.paid_at])
    return {order_id: (_earned(line), lines.line_id(line.sk)) for order_id, line in found.items()}


def _today_page(ask: Ask, store: str, desk: Desk, me: Leader) -> Answer:
    tenant_id, plan = desk.tenant_id, plans.in_force_on_page(desk.tenant_id, on=ask.now).plan
    tally = figures.get(tenant_id, me.leader_id)
    mine, _ = of_leader.newest(tenant_id, me.leader_id, limit=LOOK_BACK)
    to_hand_out = [order for order in reversed(mine) if order.state == "paid"]
    return ask.show(
        "workspace/today.html",
        me=me,
        rank=words.rank_names(plan, ask.language).get(me.rank, me.rank),
        is_closed=me.frozen or life.status_at(me, ask.now) == "removed",
        life=lives.life_of(ask, tenant_id, me, plan, tally),
        enters=plan.leader_orders is not None,
        day=_day(desk.brand, me, tally.counts, ask.now, ask.language),
        to_hand_out=to_hand_out[:MOST_TO_HAND_OUT],
        waiting=len(to_hand_out),
        latest=[order for order in mine if order.state != "paid"][:5],
        balance=book.leader_balance(tenant_id, me.leader_id, desk.brand.currency),
        shop=ask.links.full("s", store, me.leader_id),
        running=showing.running_of(tenant_id, me.leader_id, ask.now)[:MOST_RUNNING],
        invitation=ask.links.full("join", store, me.invite_code),
    )


def _day(brand: Tenant, me: Leader, counts: Counts, now: datetime, language: Language) -> Day:
    day = local_day(now, brand.timezone)
    records, _ = lines.page_of(brand.tenant_id, me.leader_id, limit=LINES)
    brought = [one for one in records if sum(one.amounts.values())]  # not what only goes on from account to account
    of_today = [one for one in records if local_day(datetime.fromisoformat(one.at), brand.timezone) == day]
    return Day(
        own_minor=counts[over("own", day)],
        team_minor=counts[over("team", day)],
        month_own_minor=counts[over("own", day[:7])],
        month_team_minor=counts[over("team", day[:7])],
        earned_minor=sum(map(_earned, of_today)),
        earned_more=len(of_today) == LINES,
        reasons=statements.line_views(brand.tenant_id, me.leader_id, brought[:MOST_REASONS], language),
    )


def _earned(line: LineRecord) -> int:
    """Give by how much a line made a leader richer: what only moves between its accounts is nothing."""
    return sum(amount for account, amount in line.amounts.items() if account != "coupons")
