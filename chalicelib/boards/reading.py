"""How a leader stands on a board: its place, and how far it is to the next one and to the prize circle."""

from collections.abc import Iterable

from msgspec import Struct

from chalicelib.boards import store as boards
from chalicelib.boards.rules import circle_size
from chalicelib.boards.store import BoardHead
from chalicelib.leaders import store as leaders


class MyPlace(Struct, frozen=True, kw_only=True):
    """A leader on a board, as of the board's own moment. Scores are minor units on sales boards, else people.

    place: None without a score above 0. to_next: how much less than the one ahead; None for the first.
    to_circle: what is missing to the last one in the circle, at least 1 when it is equal; 0 inside.
    """

    place: int | None
    score: int
    to_next: int | None
    to_circle: int


class Placed(Struct, frozen=True, kw_only=True):
    """A row of a board for people."""

    place: int
    leader_id: str
    name: str
    score: int
    in_circle: bool


def place_of(tenant_id: str, head: BoardHead, leader_id: str) -> MyPlace:
    """Find a leader on a board: one page of it is read."""
    row = boards.row_of(tenant_id, head, leader_id)
    score = row.score if row else 0
    to_next = row.ahead - score if row and row.ahead is not None else None
    return MyPlace(
        place=row.place if row else None,
        score=score,
        to_next=to_next if row else _last_score(tenant_id, head),
        to_circle=0 if row and row.place <= int(head.in_circle) else _to_circle(head, score),
    )


def _last_score(tenant_id: str, head: BoardHead) -> int | None:
    """What somebody without a place has to reach: the last one that has one."""
    placed = int(head.placed)
    last = boards.rows(tenant_id, head, placed, placed) if placed else []
    return last[0].score if last else None


def _to_circle(head: BoardHead, score: int) -> int:
    if head.circle_score is None or int(head.in_circle) < circle_size(int(head.confirmed)):
        return 1  # there is room: whoever has a score is in
    return max(1, int(head.circle_score) - score)


def best(tenant_id: str, head: BoardHead, *, first: int = 1, limit: int) -> list[Placed]:
    """Give rows of a board with the leaders' names, from a place on."""
    rows = boards.rows(tenant_id, head, first, first + limit - 1)
    names = names_of(tenant_id, (row.leader_id for row in rows))
    return [
        Placed(
            place=row.place,
            leader_id=row.leader_id,
            name=names.get(row.leader_id, row.leader_id),
            score=row.score,
            in_circle=row.place <= int(head.in_circle),
        )
        for row in rows
    ]


def names_of(tenant_id: str, leader_ids: Iterable[str]) -> dict[str, str]:
    """Read leaders' names."""
    return {leader_id: one.name for leader_id, one in leaders.get_many(tenant_id, tuple(leader_ids)).items()}
