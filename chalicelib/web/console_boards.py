"""The console's leaderboards: which there are, who is where, what the best are given; and the monthly targets."""

from chalicelib.boards import actions, prizes, reading, views
from chalicelib.boards import store as boards
from chalicelib.boards.prizes import OfferPrize
from chalicelib.boards.rules import KINDS
from chalicelib.catalog import store as catalog
from chalicelib.targets import actions as targets
from chalicelib.targets.actions import SetTarget
from chalicelib.web import words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.forms import FormInvalid
from chalicelib.web.frame import action, form, page

PAGE = 50
MOST_PRODUCTS = 100
CHUNKS_A_REQUEST = 4


@form("/console/{store}/boards")
def board_list(ask: Ask, store: str) -> Answer:
    """Show all boards, those that are open first; the posted form chooses which there are."""
    desk = ask.desk(store, "owner", "staff")
    if ask.posted:
        with ask.keeping_problem():
            actions.choose(desk.brand, [kind for kind in KINDS if ask.form[kind]], now=ask.now)
            return ask.go("console", store, "boards", done="1")
    return _boards_page(ask, desk)


@action("/console/{store}/boards/target")
def set_target(ask: Ask, store: str) -> Answer:
    """Ask something of all leaders from this month on."""
    desk = ask.desk(store, "owner", "staff")
    if ask.posted:
        with ask.keeping_problem():
            command = SetTarget(members=ask.form.integer("members"), customers=ask.form.integer("customers"))
            targets.set_target(desk.brand, command, by=desk.person.person_id, now=ask.now)
            return ask.go("console", store, "boards", done="1")
    return _boards_page(ask, desk)


def _boards_page(ask: Ask, desk: Desk) -> Answer:
    running = views.running(desk.brand, ask.now)
    heads = {head.board_id: head for head in boards.newest(desk.tenant_id, limit=PAGE)}
    ids = list(dict.fromkeys([*running, *heads]))
    month = targets.month_of(desk.brand, ask.now)
    return ask.show(
        "console/boards.html",
        boards=[views.board_of(board_id, heads.get(board_id)) for board_id in ids],
        kinds=words.BOARD_KINDS,
        chosen=actions.kinds_of(desk.brand),
        month=month,
        target=targets.target_for(desk.tenant_id, None, month),
    )


@page("/console/{store}/boards/{board_id}")
def board(ask: Ask, store: str, board_id: str) -> Answer:
    """Show a board and its prizes."""
    return _board_page(ask, ask.desk(store, "owner", "staff"), board_id)


@action("/console/{store}/boards/{board_id}/prizes")
def offer_prize(ask: Ask, store: str, board_id: str) -> Answer:
    """Attach goods to places, or to the circle."""
    desk = ask.desk(store, "owner", "staff")
    if ask.posted:
        with ask.keeping_problem():
            typed = ask.form
            command = OfferPrize(
                product_id=typed["product_id"],
                qty=typed.integer("qty", empty=1),
                first_place=typed.integer("first_place", empty=0) or None,
                last_place=typed.integer("last_place", empty=0) or None,
            )
            kinds = actions.kinds_of(desk.brand)
            prizes.offer(desk.brand, board_id, command, kinds, now=ask.now, randbits=ask.tools.randbits)
            return ask.go("console", store, "boards", board_id, done="1")
    return _board_page(ask, desk, board_id)


@action("/console/{store}/boards/{board_id}/prizes/{prize_id}")
def settle_prize(ask: Ask, store: str, board_id: str, prize_id: str) -> Answer:
    """Give a prize to its winners, or take it back."""
    desk = ask.desk(store, "owner")
    if ask.posted:
        with ask.keeping_problem():
            if ask.form["do"] == "award":
                _award(ask, desk, board_id, prize_id)
            elif ask.form["do"] == "withdraw":
                prizes.withdraw(desk.tenant_id, board_id, prize_id)
            else:
                raise FormInvalid("Choose what is to change.", param="do")
            return ask.go("console", store, "boards", board_id, done="1")
    return _board_page(ask, desk, board_id)


def _award(ask: Ask, desk: Desk, board_id: str, prize_id: str) -> None:
    """Give the first hundred theirs now; the schedule goes on with the rest."""
    chunks = iter(range(CHUNKS_A_REQUEST))
    prizes.award(
        desk.brand,
        board_id,
        prize_id,
        now=ask.now,
        randbits=ask.tools.randbits,
        keep_going=lambda: next(chunks, None) is not None,
    )


def _board_page(ask: Ask, desk: Desk, board_id: str) -> Answer:
    head = views.find(desk.brand, board_id, ask.now)
    view = views.board_of(board_id, head)
    first = int(ask.query("from")) if ask.query("from").isdigit() else 1
    rows = reading.best(desk.tenant_id, head, first=max(first, 1), limit=PAGE) if head else []
    last = rows[-1].place if rows else 0
    products = catalog.newest(desk.tenant_id, limit=MOST_PRODUCTS)
    return ask.show(
        "console/board.html",
        board=view,
        title=words.BOARD_KINDS[f"{view.metric}-{view.span}"],
        rows=rows,
        further=ask.links.path("console", desk.brand.slug, "boards", board_id, **{"from": str(last + 1)})
        if 0 < last < view.placed
        else "",
        prizes=[views.PrizeView.of(prize) for prize in prizes.of_board(desk.tenant_id, board_id)],
        products=[(one.product_id, one.title) for one in products if one.active],
        prize_states=words.PRIZE_STATES,
        role=desk.membership.role,
    )
