"""Who is above a leader, now or at an earlier moment: exact also while a move's downline still has the old path.

The inviter on a leader's profile is always right. The path beside it is a copy that follows moves a little later: it is
taken as it stands only while no move is under way, and from the moment on since which it holds.
"""

from collections.abc import Iterator
from datetime import datetime

from chalicelib import store
from chalicelib.leaders import rules
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader, TreeState


class TreeBroken(RuntimeError):
    """An inviter is not there, or a path comes back to where it began. A defect: nothing goes on upon a guess."""


def state(tenant_id: str) -> TreeState:
    """Read what holds for the brand's tree as a whole."""
    key = leaders.tree_key(tenant_id)
    return store.get(TreeState, *key) or TreeState(*key)


def at_rest(tenant_id: str) -> bool:
    """Tell whether no move is under way: then every leader's path is right as it stands."""
    return state(tenant_id).moving == 0


def path_at(
    tenant_id: str, leader: Leader, at: datetime | None = None, *, resting: bool | None = None
) -> tuple[str, ...]:
    """Give the ids of the uplines of a leader at a moment (None: now), nearest first. Exact, also during moves.

    leader: read just now. resting: what `at_rest` said a moment ago, for whoever asks for many; else this reads it (1
    R). Only during a move, or for a moment before one, the uplines themselves are read.
    """
    holds_since = leader.place_since
    if at is None or holds_since is None or holds_since <= at:
        resting = at_rest(tenant_id) if resting is None else resting
        if resting:
            return leader.upline_ids
    return tuple(upline.leader_id for upline in uplines_at(tenant_id, leader, at))


def uplines_at(tenant_id: str, leader: Leader, at: datetime | None = None) -> Iterator[Leader]:
    """Yield the uplines of a leader at a moment (None: now), nearest first, from inviter to inviter.

    One strongly consistent batch read per hundred where the path is as it was, a few more where somebody was moved.
    """
    known: dict[str, Leader] = {}
    seen = {leader.leader_id}
    below = leader
    while (upline_id := inviter_at(tenant_id, below, at)) is not None:
        if upline_id in seen:
            raise TreeBroken(f"{upline_id} is above itself")
        if upline_id not in known:
            known |= _read_above(tenant_id, below, upline_id, known)
        below = known[upline_id]
        seen.add(upline_id)
        yield below


def inviter_at(tenant_id: str, leader: Leader, at: datetime | None = None) -> str | None:
    """Give the id of a leader's inviter at a moment (None: now); this reads only if it was moved since then."""
    if at is None or leader.moved_at is None or leader.moved_at <= at:
        return leader.inviter_id
    later = leaders.changes(tenant_id, leader.leader_id, after=at)
    before = next(change.before for change in later if change.what == "inviter" and change.at > at)
    return before if rules.is_leader_id(before) else None


def _read_above(tenant_id: str, below: Leader, upline_id: str, known: dict[str, Leader]) -> dict[str, Leader]:
    """Read an upline and, in the same request, whom the path that we have names above it: mostly it is right."""
    wanted = below.upline_ids
    if upline_id not in wanted:  # moved since the path was written, or before it
        wanted = (upline_id,)
    found = leaders.get_many(tenant_id, tuple(one for one in wanted if one not in known))
    if upline_id not in found:
        raise TreeBroken(f"{upline_id}, above {below.leader_id}, is not there")
    return found
