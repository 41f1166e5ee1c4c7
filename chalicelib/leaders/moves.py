"""Moving a leader, with all below it, to another inviter. What was earned stays; later orders go the new path.

Moves of one brand go one after the other (each writes `TreeState` as it read it): so no two of them can cross and form
a circle, whatever is read of the tree in between. The downline is rewritten by the sweep; reads are exact at once.
"""

from datetime import datetime, timedelta
from typing import Any

from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.errors import Conflict
from chalicelib.leaders import places, profiles, rules, sweep_jobs, tree
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Child, Leader, StandingChange, TreeState
from chalicelib.leaders.sweep_jobs import Marks

BY_THE_BRAND = "brand"
"""What a move's record has in place of an inviter's id where there was none: the leader was a root."""

_ATTEMPTS = 8
_TICK = timedelta(microseconds=1)


class MovedBelowItself(Conflict):
    """The new inviter is the leader itself or somebody below it."""

    code = "moved_below_itself"


class InviterClosed(Conflict):
    """The new inviter takes nobody below it: it is removed or frozen."""

    code = "inviter_closed"


class MovesCrossed(Conflict):
    """Leaders of this brand kept being moved by others while we tried."""

    code = "try_again"


def move(tenant_id: str, leader_id: str, new_inviter_id: str, *, by: str, reason: str, now: datetime) -> Leader:
    """Put a leader and all below it under another inviter, from this moment on; orders paid before keep the old path.

    Moving it to where it is changes nothing. `by`: the person's id; the caller has seen that the brand asks. Raises
    `LeaderUnknown`, `InviterClosed`, `MovedBelowItself`, `TreeTooDeep` (those below it may end up deeper).
    """
    for _ in range(_ATTEMPTS):
        state = tree.state(tenant_id)  # before all else: it says at the end whether the tree is still as read here
        leader = profiles.get(tenant_id, leader_id)
        inviter = profiles.get(tenant_id, new_inviter_id, param="inviter_id")
        if leader.inviter_id == new_inviter_id:
            return leader
        _check(tenant_id, leader, inviter, now)

        # Moments of a brand's moves never run backwards, or the tree of a moment between two could have a circle.
        at = max(now, leader.standing_since, state.moved_at + _TICK if state.moved_at else now)
        if _write(tenant_id, state, leader, inviter, _change(tenant_id, leader, inviter, at, by, reason)):
            return profiles.get(tenant_id, leader_id)
    raise MovesCrossed("Somebody else is moving leaders at this moment. Please look, then try again.")


def _check(tenant_id: str, leader: Leader, inviter: Leader, now: datetime) -> None:
    if inviter.frozen or rules.ended(inviter.status, inviter.probation_until, now) == "removed":
        raise InviterClosed("That leader is removed or frozen. Choose another inviter.", param="inviter_id")
    above = tuple(upline.leader_id for upline in tree.uplines_at(tenant_id, inviter))
    if leader.leader_id in (inviter.leader_id, *above):
        raise MovedBelowItself("Nobody can be moved below themselves or their own team.", param="inviter_id")
    rules.path_below(inviter.leader_id, above)


def _change(tenant_id: str, leader: Leader, inviter: Leader, at: datetime, by: str, reason: str) -> StandingChange:
    return StandingChange(
        leaders.leader_key(tenant_id, leader.leader_id)[0],
        f"change#{leaders.moment(at)}#{int(leader.version) + 1:06d}",
        what="inviter",
        before=leader.inviter_id or BY_THE_BRAND,
        value=inviter.leader_id,
        at=at,
        by=by,
        reason=reason.strip() or None,
        path_before=leader.path,
    )


def _write(tenant_id: str, state: TreeState, leader: Leader, inviter: Leader, change: StandingChange) -> bool:
    """Write a move with all that it touches; False when something is no longer as it was read."""
    place = leader.place
    marks = sweep_jobs.marks_of(place, tuple(range(1, len(place.ranks))))

    def write_all() -> None:
        with store.transaction() as write:
            _write_state(write, state, change.at)
            write.update(
                Leader(leader.pk, leader.sk),
                actions=_actions(leader, inviter, change, marks),
                condition=(Leader.version == leader.version) & leaders.place_as_read(leader),
            )
            _hold_inviter(write, inviter, marks)
            sweep_jobs.mark_others(write, tenant_id, marks, but=(leader.leader_id, inviter.leader_id))
            write.save(change, condition=StandingChange.pk.does_not_exist())
            write.delete(leaders.child_of(tenant_id, leader), condition=Child.pk.exists())
            write.save(leaders.child_below(tenant_id, leader, inviter.leader_id))
            write.save(sweep_jobs.job(tenant_id, "move", leader, change.at, marks))

    return store.written(write_all)


def _write_state(write: TransactWrite, state: TreeState, at: datetime) -> None:
    as_read = TreeState.moves == state.moves
    write.update(
        TreeState(state.pk, state.sk),
        actions=[
            TreeState.moves.add(1),
            TreeState.walking.add(1),
            TreeState.moving.add(1),
            TreeState.moved_at.set(at),
        ],
        condition=as_read if state.moves else as_read | TreeState.moves.does_not_exist(),
    )


def _actions(leader: Leader, inviter: Leader, change: StandingChange, marks: Marks) -> list[Any]:
    """Give the updates of the leader itself; a root is marked itself where it had no heads."""
    place = places.moved(inviter.place, leader.place, leader.rank, change.at)
    return [
        *leaders.place_actions(leader, place),
        *sweep_jobs.mark(marks.get(leader.leader_id, [])),
        Leader.version.add(1),
        Leader.standing_since.set(change.at),
        Leader.inviter_id.set(inviter.leader_id),
        Leader.moved_at.set(change.at),
    ]


def _hold_inviter(write: TransactWrite, inviter: Leader, marks: Marks) -> None:
    """Let the transaction fail if the new inviter is frozen, removed, moved or risen since; mark it if it is a holder.

    It is one when it is the head that the leader has already (moved up or down below the same head).
    """
    as_read = (Leader.version == inviter.version) & leaders.place_as_read(inviter)
    if inviter.leader_id in marks:
        marked = sweep_jobs.mark(marks[inviter.leader_id])
        write.update(Leader(inviter.pk, inviter.sk), actions=marked, condition=as_read)
    else:
        write.condition_check(Leader, inviter.pk, inviter.sk, condition=as_read)
