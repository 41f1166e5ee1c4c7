"""Boards and prizes as pages and the API show them."""

from datetime import date, datetime, timedelta

from msgspec import Struct

from chalicelib.boards import actions
from chalicelib.boards import store as boards
from chalicelib.boards.prizes import PrizeRecord
from chalicelib.boards.rules import (
    SPANS,
    BoardUnknown,
    Metric,
    Span,
    board_id_of,
    days_of,
    period_of,
    read_board_id,
    span_of,
)
from chalicelib.boards.store import BoardHead
from chalicelib.settlement.days import local_day
from chalicelib.tenants.store import Tenant


class BoardView(Struct, frozen=True, kw_only=True):
    """A board. as_of: of which moment the places are; None: nobody has looked yet. closed_at: from then on it is final.

    circle_score: of the last one in the prize circle, if anybody is.
    """

    board_id: str
    metric: Metric
    span: Span
    period: str
    first_day: date
    last_day: date
    placed: int = 0
    confirmed_leaders: int = 0
    in_circle: int = 0
    circle_score: int | None = None
    as_of: datetime | None = None
    closed_at: datetime | None = None


class PrizeView(Struct, frozen=True, kw_only=True):
    """What is given for places of a board, without them for its circle. done_up_to: the last one that has its order."""

    prize_id: str
    product_id: str
    title: str
    qty: int
    first_place: int | None
    last_place: int | None
    state: str
    done_up_to: int

    @classmethod
    def of(cls, prize: PrizeRecord) -> "PrizeView":
        """Show a record."""
        return cls(
            prize_id=prize.prize_id,
            product_id=prize.product_id,
            title=prize.title,
            qty=int(prize.qty),
            first_place=None if prize.first_place is None else int(prize.first_place),
            last_place=None if prize.last_place is None else int(prize.last_place),
            state=prize.state,
            done_up_to=int(prize.done_up_to),
        )


def board_of(board_id: str, head: BoardHead | None) -> BoardView:
    """Show a board that somebody has looked at, or not yet. Raises `BoardUnknown`."""
    metric, period = read_board_id(board_id)
    first, end = days_of(period)
    last = end - timedelta(days=1)
    if head is None:
        return BoardView(
            board_id=board_id, metric=metric, span=span_of(period), period=period, first_day=first, last_day=last
        )
    return BoardView(
        board_id=board_id,
        metric=metric,
        span=span_of(period),
        period=period,
        first_day=first,
        last_day=last,
        placed=int(head.placed),
        confirmed_leaders=int(head.confirmed),
        in_circle=int(head.in_circle),
        circle_score=None if head.circle_score is None else int(head.circle_score),
        as_of=head.as_of,
        closed_at=head.closed_at,
    )


def running(tenant: Tenant, now: datetime) -> list[str]:
    """Name the boards that a brand has open now."""
    today, kinds = date.fromisoformat(local_day(now, tenant.timezone)), actions.kinds_of(tenant)
    periods = {span: period_of(today, span) for span in SPANS}
    chosen = [kind.rpartition("-") for kind in kinds]
    return [board_id_of(metric, periods[span]) for metric, _, span in chosen]  # type: ignore[arg-type,index]


def find(tenant: Tenant, board_id: str, now: datetime) -> BoardHead | None:
    """Read a board; None when it is open and nobody has looked yet. Raises `BoardUnknown`."""
    head = boards.find(tenant.tenant_id, board_id)
    if head is None and board_id not in running(tenant, now):
        raise BoardUnknown("There is no such board.", param="board_id")
    return head
