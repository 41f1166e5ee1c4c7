"""The leader's leaderboards: its place, how far it is to the next one and to the circle; its target of the month."""

from typing import Any

from chalicelib.boards import prizes, reading, views
from chalicelib.boards import store as boards
from chalicelib.boards.store import BoardHead
from chalicelib.targets import actions as targets
from chalicelib.web import words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.frame import page

BEST = 10
CLOSED = 12


@page("/lead/{store}/boards")
def my_boards(ask: Ask, store: str) -> Answer:
    """Show the boards that are open, with the leader's place, and how the latest ones ended."""
    desk, me = ask.leading(store)
    running = views.running(desk.brand, ask.now)
    heads = boards.newest(desk.tenant_id, limit=CLOSED)
    known = {head.board_id: head for head in heads}
    return ask.show(
        "workspace/boards.html",
        me=me,
        kinds=words.BOARD_KINDS,
        open=[_shown(desk.tenant_id, board_id, known.get(board_id), me.leader_id) for board_id in running],
        closed=[
            _shown(desk.tenant_id, head.board_id, head, me.leader_id) for head in heads if head.board_id not in running
        ],
        progress=targets.progress(desk.brand, me.leader_id, now=ask.now),
    )


def _shown(tenant_id: str, board_id: str, head: BoardHead | None, leader_id: str) -> dict[str, Any]:
    return {
        "view": views.board_of(board_id, head),
        "mine": reading.place_of(tenant_id, head, leader_id) if head else None,
        "best": reading.best(tenant_id, head, limit=BEST) if head else [],
        "prizes": [views.PrizeView.of(prize) for prize in prizes.of_board(tenant_id, board_id)],
    }
