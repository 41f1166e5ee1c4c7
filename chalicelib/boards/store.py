"""Boards in the table: which ones a brand has, how each stands, and how it stood when it was closed.

A board is a head and pages of 500 places. Pages are named by what is in them, so two that close it at once write the
same ones, and whoever reads a head finds the pages it means, also while the next ones are written. A closed head is
never written again.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.boards.rules import BoardUnknown, Row, days_of, read_board_id
from chalicelib.store import Record

PAGE = 500
OPEN_PAGES_KEPT = timedelta(days=3)


class BoardSettings(Record, discriminator="board-settings"):
    """Which kinds of boards a brand has: `{tenant}#boards` / `settings`."""

    kinds = UnicodeAttribute(null=True)


class ClosedThrough(Record, discriminator="boards-closed"):
    """The last week, or month, whose boards are closed: `{tenant}#boards` / `closed#week`."""

    period = UnicodeAttribute()


class Refresh(Record, discriminator="board-refresh"):
    """The last look at everybody's figures for the open boards: `{tenant}#boards` / `refresh`."""

    started_at = UnicodeAttribute()
    finished_at = UnicodeAttribute(null=True)
    leaders = NumberAttribute(default=0)


class BoardHead(Record, discriminator="board"):
    """How a board stands, or stood: `{tenant}#boards` / `board#{first day}#{id}`.

    pages: the name that its pages have. by_leader: the first id of each page that is sorted by leader.
    circle_score: of the last one in the prize circle. With `closed_at` it is final.
    """

    board_id = UnicodeAttribute()
    pages = UnicodeAttribute()
    by_leader = UnicodeAttribute()
    placed = NumberAttribute()
    confirmed = NumberAttribute()
    in_circle = NumberAttribute()
    circle_score = NumberAttribute(null=True)
    as_of = UTCDateTimeAttribute()
    closed_at = UTCDateTimeAttribute(null=True)


class BoardPage(Record, discriminator="board-page"):
    """Places of a board: `{tenant}#board#{id}` / `{name}#place#00000`, and by leader `{name}#leader#00000`."""

    rows = UnicodeAttribute()


# ------------------------------------------------------------------------------------------------ keys


def boards_key(tenant_id: str) -> str:
    """The partition of all that is kept once a brand, and of the boards' heads."""
    return f"{tenant_id}#boards"


def head_key(tenant_id: str, board_id: str) -> tuple[str, str]:
    """Where a board's head is; heads are in the order of time. Raises `BoardUnknown`."""
    first, _ = days_of(read_board_id(board_id)[1])
    return boards_key(tenant_id), f"board#{first.isoformat()}#{board_id}"


def board_key(tenant_id: str, board_id: str) -> str:
    """The partition of a board's pages and prizes."""
    return f"{tenant_id}#board#{board_id}"


# ------------------------------------------------------------------------------------------------ writing


def write(tenant_id: str, head: BoardHead, rows: Sequence[Row], *, now: datetime) -> bool:
    """Write a board's pages, then its head. A closed board is never written again; gives whether it was this time."""
    by_leader = sorted(rows, key=lambda row: row.leader_id)
    head.pages, head.by_leader = _name_of(rows, head, now), store.packed([r.leader_id for r in by_leader[::PAGE]])
    before = store.get(BoardHead, head.pk, head.sk)
    if before is not None and before.closed_at is not None:
        return False
    if before is None or before.pages != head.pages:
        _write_pages(tenant_id, head, "place", rows, now)
        _write_pages(tenant_id, head, "leader", by_leader, now)
    unclosed = BoardHead.closed_at.does_not_exist()
    is_newer = BoardHead.pk.does_not_exist() | (BoardHead.as_of <= head.as_of)
    return store.written(lambda: store.put(head, unclosed & is_newer if head.closed_at is None else unclosed))


def _name_of(rows: Sequence[Row], head: BoardHead, now: datetime) -> str:
    """Name pages by their content; those of an open board also by the day, since they are thrown away by and by."""
    salt = "closed" if head.closed_at is not None else now.date().isoformat()
    digest = sha256(msgspec.json.encode(rows)).hexdigest()[:20]
    return f"{salt}-{digest}"


def _write_pages(tenant_id: str, head: BoardHead, what: str, rows: Sequence[Row], now: datetime) -> None:
    ttl = None if head.closed_at is not None else int((now + OPEN_PAGES_KEPT).timestamp())
    for number in range(0, len(rows), PAGE):
        packed = msgspec.json.encode(rows[number : number + PAGE]).decode()
        key = _page_key(tenant_id, head, what, number // PAGE)
        store.again_when_crossed(lambda key=key, packed=packed: store.put(BoardPage(*key, rows=packed, ttl=ttl)))  # type: ignore[misc]


def _page_key(tenant_id: str, head: BoardHead, what: str, number: int) -> tuple[str, str]:
    return board_key(tenant_id, head.board_id), f"{head.pages}#{what}#{number:05d}"


# ------------------------------------------------------------------------------------------------ reading


def get(tenant_id: str, board_id: str) -> BoardHead:
    """Read a board's head. Raises `BoardUnknown`."""
    head = find(tenant_id, board_id)
    if head is None:
        raise BoardUnknown("There is no such board.", param="board_id")
    return head


def find(tenant_id: str, board_id: str) -> BoardHead | None:
    """Read a board's head, or None while nobody has looked yet. Raises `BoardUnknown` when it cannot be a board."""
    return store.get(BoardHead, *head_key(tenant_id, board_id))


def newest(tenant_id: str, *, limit: int, after: str | None = None) -> list[BoardHead]:
    """List a brand's boards, the latest period first; `after` is the id of the last one seen."""
    last = head_key(tenant_id, after)[1] if after else None
    heads = BoardHead.sk.startswith("board#")
    return list(store.query(BoardHead, boards_key(tenant_id), heads, limit=limit, newest_first=True, after=last))


def rows(tenant_id: str, head: BoardHead, first: int, last: int) -> list[Row]:
    """Read the places from first to last (counted from 1), as far as there are any: 1 read or 5 R a page of 500."""
    found: list[Row] = []
    last = min(last, int(head.placed))
    for number in range((first - 1) // PAGE, (last - 1) // PAGE + 1 if last >= first else 0):
        found += _page(tenant_id, head, "place", number)
    return [row for row in found if first <= row.place <= last]


def row_of(tenant_id: str, head: BoardHead, leader_id: str) -> Row | None:
    """Find a leader's place, or None: one page is read."""
    firsts = msgspec.json.decode(head.by_leader, type=list[str])
    number = sum(1 for first in firsts if first <= leader_id) - 1
    if number < 0:
        return None
    return next((row for row in _page(tenant_id, head, "leader", number) if row.leader_id == leader_id), None)


def _page(tenant_id: str, head: BoardHead, what: str, number: int) -> list[Row]:
    page = store.get(BoardPage, *_page_key(tenant_id, head, what, number))
    return msgspec.json.decode(page.rows, type=list[Row]) if page else []
