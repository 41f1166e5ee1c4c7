"""Leaderboards, who is where on them, and what the best are given."""

from datetime import date, datetime

from msgspec import Struct

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, CursorUnknown, NoBody
from chalicelib.api.resources.shown import copied, shown_as
from chalicelib.boards import actions, prizes, reading, store, views
from chalicelib.boards.prizes import OfferPrize
from chalicelib.boards.views import PrizeView
from chalicelib.leaders import profiles
from chalicelib.tenants import actions as tenants

CHUNKS_A_REQUEST = 4
"""A hundred winners get their orders at once; the schedule goes on with the rest."""


class BoardSettings(Struct, frozen=True, kw_only=True, tag_field="object", tag="board_settings"):
    """Which boards the brand has: `sales`, `customers` or `new_leaders`, with `-week` or `-month`."""

    kinds: tuple[str, ...]


class ChooseBoards(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The boards to have from the running week and month on."""

    kinds: list[str]


class Board(Struct, frozen=True, kw_only=True, tag_field="object", tag="board"):
    """A leaderboard of a week or a month in the brand's time zone. Scores are minor units of sales, or people.

    Its places are as of `as_of` (null: not counted yet), refreshed every few minutes; with `closed_at` they are final.
    The prize circle holds a tenth of the confirmed leaders; `circle_score` is what its last one has.
    """

    id: str
    metric: str
    span: str
    period: str
    first_day: date
    last_day: date
    placed: int
    confirmed_leaders: int
    in_circle: int
    circle_score: int | None
    as_of: datetime | None
    closed_at: datetime | None


class BoardPlace(Struct, frozen=True, kw_only=True, tag_field="object", tag="board_place"):
    """A place on a board; its `id` is the leader's."""

    id: str
    place: int
    name: str
    score: int
    in_circle: bool


class BoardStanding(Struct, frozen=True, kw_only=True, tag_field="object", tag="board_standing"):
    """How a leader stands on a board: how much is missing to the one ahead, and to the prize circle (0: inside)."""

    leader_id: str
    place: int | None
    score: int
    to_next: int | None
    to_circle: int


class Prize(Struct, frozen=True, kw_only=True, tag_field="object", tag="prize"):
    """Goods for places of a board, or for its circle: `offered`, `awarding`, `awarded`. Winners get orders of 0."""

    id: str
    product_id: str
    title: str
    qty: int
    first_place: int | None
    last_place: int | None
    state: str
    done_up_to: int


def settings(call: Call[NoBody]) -> BoardSettings:
    """Say which boards the brand has."""
    return BoardSettings(kinds=actions.kinds_of(tenants.get(call.tenant_id)))


def choose(call: Call[ChooseBoards]) -> BoardSettings:
    """Choose boards."""
    return BoardSettings(kinds=actions.choose(tenants.get(call.tenant_id), call.body.kinds, now=call.now))


def newest(call: Call[NoBody]) -> ListOf[Board]:
    """List boards, those of the latest period first."""
    last = call.last_seen(lambda board_id: store.get(call.tenant_id, board_id))
    found = store.newest(call.tenant_id, limit=call.one_more, after=last.board_id if last else None)
    return call.page([shown_as(Board, views.board_of(head.board_id, head), "board_id") for head in found])


def retrieve(call: Call[NoBody]) -> Board:
    """Show a board."""
    return shown_as(Board, views.board_of(call.ids["board_id"], _head(call)), "board_id")


def places(call: Call[NoBody]) -> ListOf[BoardPlace]:
    """List a board's places, the best first."""
    head, last = _head(call), call.query.starting_after
    if head is None:
        return call.page([])
    row = store.row_of(call.tenant_id, head, last) if last else None
    if last and row is None:
        raise CursorUnknown("Nothing in this list has the id given in starting_after.", param="starting_after")
    found = reading.best(call.tenant_id, head, first=row.place + 1 if row else 1, limit=call.one_more)
    return call.page([copied(BoardPlace, one, id=one.leader_id) for one in found])


def standing(call: Call[NoBody]) -> BoardStanding:
    """Say how a leader stands on a board."""
    leader_id = profiles.get(call.tenant_id, call.ids["leader_id"]).leader_id
    found = reading.place_of(call.tenant_id, store.get(call.tenant_id, call.ids["board_id"]), leader_id)
    return copied(BoardStanding, found, leader_id=leader_id)


def _head(call: Call[NoBody]) -> store.BoardHead | None:
    return views.find(tenants.get(call.tenant_id), call.ids["board_id"], call.now)


# ------------------------------------------------------------------------------------------------ prizes


def prizes_of(call: Call[NoBody]) -> ListOf[Prize]:
    """List what is given for a board."""
    _head(call)
    found = [_shown(prize) for prize in prizes.of_board(call.tenant_id, call.ids["board_id"])]
    return call.page_of_all(found, lambda prize: prize.id)


def offer(call: Call[OfferPrize]) -> Prize:
    """Attach goods to places of a board, or to its circle; sent again with its key, it is the same prize."""
    brand = tenants.get(call.tenant_id)
    kinds = actions.kinds_of(brand)
    return _shown(
        prizes.offer(brand, call.ids["board_id"], call.body, kinds, now=call.began_at, randbits=call.randbits)
    )


def withdraw(call: Call[NoBody]) -> Prize:
    """Take back a prize of which nothing was given."""
    return _shown(prizes.withdraw(call.tenant_id, call.ids["board_id"], call.ids["prize_id"]))


def award(call: Call[NoBody]) -> Prize:
    """Give every winner of a closed board its order."""
    chunks = iter(range(CHUNKS_A_REQUEST))
    return _shown(
        prizes.award(
            tenants.get(call.tenant_id),
            call.ids["board_id"],
            call.ids["prize_id"],
            now=call.now,
            randbits=call.tools.randbits,
            keep_going=lambda: next(chunks, None) is not None,
        )
    )


def _shown(prize: prizes.PrizeRecord) -> Prize:
    return shown_as(Prize, PrizeView.of(prize), "prize_id")
