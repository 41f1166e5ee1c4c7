"""Prizes: goods from the catalogue for places on a board, or for its circle; given as orders of which nothing is paid.

An order of a prize has an id made of board, prize and winner, and takes its goods from the product's stock in the same
transaction: awarding that is cut, or done twice, gives nothing twice. It is handed out like any order, and counts as
none: nothing is paid, so nothing is accrued (OPERATING_MODELS.md, Arithmetic).
"""

from collections.abc import Iterator, Sequence
from datetime import datetime

import msgspec
from msgspec import Struct
from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.exceptions import DeleteError, PutError, TransactWriteError

from chalicelib import store
from chalicelib.boards import store as boards
from chalicelib.boards.gathering import KeepGoing
from chalicelib.boards.rules import Row, read_board_id, span_of
from chalicelib.boards.store import BoardHead, board_key, boards_key
from chalicelib.catalog import store as catalog
from chalicelib.catalog.store import Product, Stock
from chalicelib.errors import Conflict, Invalid, NotFound
from chalicelib.ids import RandomBits, encode, is_id, new_id
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.orders.lines import Customer, OrderLine, pack_lines
from chalicelib.orders.rules import order_id_of
from chalicelib.orders.store import Order, list_order, order_key
from chalicelib.store import Record
from chalicelib.tenants.store import Tenant

MOST_PRIZES, MOST_UNITS, LAST_PLACE = 20, 99, 10_000
AT_A_TIME = 25


class PrizeRecord(Record, discriminator="board-prize"):
    """What is given for places of a board: `{tenant}#board#{id}` / `prize#{prize}`. Without places: for its circle.

    state: `offered`, `awarding` (from the first order on), `awarded`; done_up_to: the last place that has its order.
    """

    prize_id = UnicodeAttribute()
    product_id = UnicodeAttribute()
    title = UnicodeAttribute()
    qty = NumberAttribute()
    first_place = NumberAttribute(null=True)
    last_place = NumberAttribute(null=True)
    state = UnicodeAttribute(default="offered")
    done_up_to = NumberAttribute(default=0)
    offered_at = UTCDateTimeAttribute()


class AwardingRecord(Record, discriminator="board-awarding"):
    """A prize that is being awarded, for the schedule: `{tenant}#boards` / `awarding#{board}#{prize}`."""

    board_id = UnicodeAttribute()
    prize_id = UnicodeAttribute()


class OfferPrize(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What to give, and for which places (1 is the first); with neither place: to everybody in the prize circle."""

    product_id: str
    qty: int = 1
    first_place: int | None = None
    last_place: int | None = None


class PrizeInvalid(Invalid):
    """A prize that cannot be given."""

    code = "prize_invalid"


class PrizeUnknown(NotFound):
    """The board has no such prize."""

    code = "prize_missing"


class PrizeAwarded(Conflict):
    """A prize that is being given can no longer be taken back."""

    code = "prize_awarded"


class BoardStillOpen(Conflict):
    """Prizes are given when a board is closed."""

    code = "board_open"


class PrizeShort(Conflict):
    """Too little of the product is left for all winners; some have theirs."""

    code = "prize_short"


# ------------------------------------------------------------------------------------------------ offering


def offer(
    tenant: Tenant, board_id: str, command: OfferPrize, kinds: Sequence[str], *, now: datetime, randbits: RandomBits
) -> PrizeRecord:
    """Attach a product to places, or to the circle, of a board that the brand has, open or closed.

    kinds: the boards that the brand has chosen. Raises `BoardUnknown`, `ProductNotFound`, `PrizeInvalid`.
    """
    metric, period = read_board_id(board_id)
    if f"{metric}-{span_of(period)}" not in kinds:
        boards.get(tenant.tenant_id, board_id)
    product = catalog.get(tenant.tenant_id, command.product_id)
    first, last = _places(command)
    if not 1 <= command.qty <= MOST_UNITS:
        raise PrizeInvalid(f"Choose 1 to {MOST_UNITS} units.", param="qty")
    if len(of_board(tenant.tenant_id, board_id)) >= MOST_PRIZES:
        raise PrizeInvalid(f"A board has at most {MOST_PRIZES} prizes.", param="product_id")
    prize_id = new_id("prz", now, randbits)
    prize = PrizeRecord(
        *_key(tenant.tenant_id, board_id, prize_id),
        prize_id=prize_id,
        product_id=product.product_id,
        title=product.title,
        qty=command.qty,
        first_place=first,
        last_place=last,
        offered_at=now,
    )
    try:
        store.put(prize, condition=PrizeRecord.pk.does_not_exist())
    except PutError as error:
        if not store.condition_failed(error):
            raise
        return get(tenant.tenant_id, board_id, prize_id)  # the request came twice
    return prize


def _places(command: OfferPrize) -> tuple[int | None, int | None]:
    if command.first_place is None and command.last_place is None:
        return None, None
    first = command.first_place or 1
    last = command.last_place or first
    if not 1 <= first <= last <= LAST_PLACE:
        raise PrizeInvalid(f"Places go from 1 to {LAST_PLACE}, the lower number first.", param="first_place")
    return first, last


def withdraw(tenant_id: str, board_id: str, prize_id: str) -> PrizeRecord:
    """Take a prize back of which nothing was given yet. Raises `PrizeUnknown`, `PrizeAwarded`."""
    prize = get(tenant_id, board_id, prize_id)
    try:
        prize.delete(condition=PrizeRecord.state == "offered")
    except DeleteError as error:
        if not store.condition_failed(error):
            raise
        raise PrizeAwarded("This prize is being given already; it cannot be taken back.") from None
    return prize


def _key(tenant_id: str, board_id: str, prize_id: str) -> tuple[str, str]:
    return board_key(tenant_id, board_id), f"prize#{prize_id}"


def get(tenant_id: str, board_id: str, prize_id: str) -> PrizeRecord:
    """Read a prize. Raises `BoardUnknown`, `PrizeUnknown`."""
    read_board_id(board_id)
    prize = store.get(PrizeRecord, *_key(tenant_id, board_id, prize_id)) if is_id("prz", prize_id) else None
    if prize is None:
        raise PrizeUnknown("This board has no such prize.", param="prize_id")
    return prize


def of_board(tenant_id: str, board_id: str) -> list[PrizeRecord]:
    """List a board's prizes, in the order in which they were offered. Raises `BoardUnknown`."""
    read_board_id(board_id)
    prizes = PrizeRecord.sk.startswith("prize#")
    return list(store.query(PrizeRecord, board_key(tenant_id, board_id), prizes))


def _winning(prize: PrizeRecord, head: BoardHead) -> tuple[int, int]:
    if prize.first_place is None or prize.last_place is None:
        return 1, int(head.in_circle)
    return int(prize.first_place), min(int(prize.last_place), int(head.placed))


# ------------------------------------------------------------------------------------------------ awarding


def award(
    tenant: Tenant,
    board_id: str,
    prize_id: str,
    *,
    now: datetime,
    randbits: RandomBits,
    keep_going: KeepGoing = lambda: True,
) -> PrizeRecord:
    """Give every winner its prize, once; gives the prize as it is then: `awarding` when it was cut, for `award_due`.

    Raises `BoardUnknown`, `PrizeUnknown`, `BoardStillOpen`, `PrizeShort` (asked again it goes on).
    """
    prize, head = get(tenant.tenant_id, board_id, prize_id), boards.get(tenant.tenant_id, board_id)
    if head.closed_at is None:
        raise BoardStillOpen("Prizes are given when the board is closed, an hour after its last day.")
    if prize.state == "awarded":
        return prize
    if prize.state == "offered":
        _begin(tenant.tenant_id, board_id, prize)
    product = catalog.get(tenant.tenant_id, prize.product_id)
    for winners in _chunks(tenant.tenant_id, head, prize):
        if not keep_going():
            return prize
        found = leaders.get_many(tenant.tenant_id, tuple(row.leader_id for row in winners))
        for row in winners:
            order = _order(tenant, head, prize, product, row, found[row.leader_id], now)
            order.page_key = encode(randbits(100), 20)
            if not _give(tenant.tenant_id, order, int(prize.qty)):
                raise PrizeShort(f"There is not enough of “{prize.title}” for all winners. Add stock, then go on.")
        prize.update(actions=[PrizeRecord.done_up_to.set(winners[-1].place)])
    _finish(tenant.tenant_id, board_id, prize)
    return prize


def award_due(
    tenant: Tenant, *, now: datetime, randbits: RandomBits, keep_going: KeepGoing = lambda: True
) -> list[str]:
    """Go on with prizes whose awarding was cut; gives those for which too little is left, which wait for stock."""
    short = []
    waiting = AwardingRecord.sk.startswith("awarding#")
    for one in list(store.query(AwardingRecord, boards_key(tenant.tenant_id), waiting)):
        try:
            award(tenant, one.board_id, one.prize_id, now=now, randbits=randbits, keep_going=keep_going)
        except PrizeShort:
            short.append(one.prize_id)
    return short


def _chunks(tenant_id: str, head: BoardHead, prize: PrizeRecord) -> Iterator[list[Row]]:
    first, last = _winning(prize, head)
    start = max(first, int(prize.done_up_to) + 1)
    while start <= last:
        yield boards.rows(tenant_id, head, start, min(start + AT_A_TIME - 1, last))
        start += AT_A_TIME


def _awarding(tenant_id: str, board_id: str, prize: PrizeRecord) -> AwardingRecord:
    key = boards_key(tenant_id), f"awarding#{board_id}#{prize.prize_id}"
    return AwardingRecord(*key, board_id=board_id, prize_id=prize.prize_id)


def _begin(tenant_id: str, board_id: str, prize: PrizeRecord) -> None:
    def together() -> None:
        with store.transaction() as write:
            # Withdrawn at this very moment: then there is nothing to give.
            write.update(prize, actions=[PrizeRecord.state.set("awarding")], condition=PrizeRecord.state.exists())
            write.save(_awarding(tenant_id, board_id, prize))

    if not store.written(together):
        raise PrizeUnknown("This prize was taken back.", param="prize_id")


def _finish(tenant_id: str, board_id: str, prize: PrizeRecord) -> None:
    prize.update(actions=[PrizeRecord.state.set("awarded")])
    _awarding(tenant_id, board_id, prize).delete()


def _order(
    tenant: Tenant, head: BoardHead, prize: PrizeRecord, product: Product, row: Row, winner: Leader, now: datetime
) -> Order:
    line = OrderLine(product.product_id, product.title, int(prize.qty), 0, int(product.list_price_minor), None, 0)
    order_id = order_id_of(tenant.tenant_id, f"prize#{head.board_id}#{prize.prize_id}#{row.leader_id}")
    customer = Customer(name=winner.name[:60], phone=winner.phone, pickup=f"{head.board_id} · {row.place}")
    order = Order(
        *order_key(tenant.tenant_id, order_id),
        leader_id=row.leader_id,
        campaign_id=head.board_id,
        customer_packed=msgspec.json.encode(customer).decode(),
        lines_packed=pack_lines([line]),
        amount_minor=0,
        currency=tenant.currency,
        state="paid",
        self_purchased=True,
        placed_at=now,
        paid_at=now,
    )
    list_order(tenant.tenant_id, order)
    return order


def _give(tenant_id: str, order: Order, qty: int) -> bool:
    """Write the order and take its goods; False when too little is left. One that was given before is left alone."""
    stock = Stock(*catalog.stock_key(tenant_id, order.lines[0].product_id))

    def together() -> None:
        with store.transaction() as write:
            write.save(order, condition=Order.pk.does_not_exist())
            write.update(stock, actions=[Stock.left.add(-qty)], condition=Stock.left >= qty)

    try:
        store.again_when_crossed(together)
    except TransactWriteError as error:
        if not store.condition_failed(error):
            raise
        given_before, _ = store.failed_conditions(error)
        return given_before
    return True
