"""Sweeping: after a promotion, a move or a plan with other ranks, those below get the place that they have now.

A page of a leader's children is one transaction that holds the leader as it was read: the same as if they all joined
below it at this moment. So it does not matter who sweeps, how often, or how many at once; a sweep that is cut goes on
from the stack that its job keeps.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

from pynamodb.exceptions import TransactWriteError, UpdateError

from chalicelib import store
from chalicelib.errors import Conflict
from chalicelib.leaders import places, profiles, sweep_jobs, tree
from chalicelib.leaders import store as leaders
from chalicelib.leaders.places import Place
from chalicelib.leaders.store import Child, Leader, TreeState
from chalicelib.leaders.sweep_jobs import SweepJob

KeepGoing = Callable[[], bool]

CHILDREN_AT_ONCE = 25
_PAGES_BETWEEN_KEEPING = 20
_ATTEMPTS = 8


class TreeInMotion(Conflict):
    """The same leaders kept being changed by others while we tried."""

    code = "try_again"


def at_most(pages: int) -> KeepGoing:
    """Make the question that ends a sweep after so many pages."""
    left = iter(range(pages))
    return lambda: next(left, None) is not None


def sweep(tenant_id: str, *, now: datetime, keep_going: KeepGoing = lambda: True) -> bool:
    """Do what is to be done below promotions and moves, oldest first; gives whether all is walked.

    `keep_going` is asked before each page. Doing it again, late, or at once with somebody else changes nothing.
    """
    while (job := sweep_jobs.first(tenant_id)) is not None:
        if not _walk(tenant_id, job, now, keep_going):
            return False
    _take_marks_off(tenant_id, now)
    return True


def keep_heads_by(tenant_id: str, ranks: tuple[str, ...], *, now: datetime) -> None:
    """Have everybody's heads kept by these ranks from now on (`places.kept_ranks` of the plan in force)."""
    state = tree.state(tenant_id)
    if places.unpack_ranks(state.heads_of) == ranks:
        return
    packed = places.pack_ranks(ranks)
    asked = TreeState.heads_of.set(packed) if packed else TreeState.heads_of.remove()
    as_read = (
        TreeState.heads_of == state.heads_of if state.heads_of is not None else TreeState.heads_of.does_not_exist()
    )

    def write_both() -> None:
        with store.transaction() as write:
            write.update(TreeState(state.pk, state.sk), actions=[asked], condition=as_read)
            write.save(sweep_jobs.job_for_all(tenant_id, ranks, now))

    store.written(write_both)  # if not, another tick asked for it at this moment


# ------------------------------------------------------------------------------------------------ the walk


def _walk(tenant_id: str, job: SweepJob, now: datetime, keep_going: KeepGoing) -> bool:
    """Walk a job on; False when told to stop, or when somebody else walks it."""
    stack: list[tuple[str, str]] = [(leader_id, after) for leader_id, after in job.stack]
    pages = 0
    try:
        while stack:
            if not keep_going():
                sweep_jobs.keep(job, stack)
                return False
            leader_id, after = stack.pop()
            page = _visit(tenant_id, job, leader_id, after, now)
            stack += [(leader_id, page.after)] if page.after else []
            stack += [(child_id, "") for child_id in reversed(page.further)]
            pages += 1
            if pages % _PAGES_BETWEEN_KEEPING == 0:
                sweep_jobs.keep(job, stack)
        sweep_jobs.finish(tenant_id, job, now=now)
    except (UpdateError, TransactWriteError) as error:
        if store.condition_failed(error):
            return False
        raise
    return True


@dataclass(frozen=True, slots=True)
class _Page:
    """The children of a leader below whom the walk goes on, and where the next page begins ("" after the last)."""

    further: tuple[str, ...]
    after: str


_NOTHING = _Page((), "")


def _visit(tenant_id: str, job: SweepJob, leader_id: str, after: str, now: datetime) -> _Page:
    """Give a page of a leader's children their places. Raises `TreeInMotion`."""
    for _ in range(_ATTEMPTS):
        rows = list(
            store.query(
                Child,
                leaders.downline_key(tenant_id, leader_id or None),
                limit=CHILDREN_AT_ONCE,
                after=after or None,
            )
        )
        if not rows:
            return _NOTHING
        above = profiles.get(tenant_id, leader_id) if leader_id else None  # None: the brand, which invited the roots
        if above is not None and job.about == "rank" and above.heads_of != job.heads_of:
            return _NOTHING  # the plan's ranks were changed since: another job is to come by here

        found = leaders.get_many(tenant_id, tuple(row.leader_id for row in rows))
        children = [child for child in found.values() if child.inviter_id == (leader_id or None)]
        if _rewrite(above, [(child, _place_now(job, above, child, now)) for child in children]):
            further = tuple(child.leader_id for child in children if _goes_on_below(job, child))
            return _Page(further, rows[-1].sk if len(rows) == CHILDREN_AT_ONCE else "")
    raise TreeInMotion("Many people are joining or changing at this moment. Please try again.")


def _place_now(job: SweepJob, above: Leader | None, child: Leader, now: datetime) -> Place:
    if above is None:
        return places.at_the_top_again(child.place, child.rank, places.unpack_ranks(job.heads_of), now)
    return places.moved_below(above.place, child.place, child.rank, now)


def _goes_on_below(job: SweepJob, child: Leader) -> bool:
    """Say whether those below a child may have something wrong.

    They have not, after a promotion, when the child is their head for each of its ranks and they all know it already.
    """
    gained: set[int] = {int(r) for r in job.ranks_gained or ()}
    behind: set[int] = {int(r) for r in child.behind or ()}
    return job.about != "rank" or bool(gained & behind) or max(gained) > child.peak


def _rewrite(above: Leader | None, children: list[tuple[Leader, Place]]) -> bool:
    """Write the places that are new in one transaction; False when somebody was changed since it was read."""
    new = [(child, place) for child, place in children if place != child.place]
    if not new:
        return True

    def write_all() -> None:
        with store.transaction() as write:
            if above is not None:
                write.condition_check(Leader, above.pk, above.sk, condition=leaders.place_as_read(above))
            for child, place in new:
                write.update(
                    Leader(child.pk, child.sk),
                    actions=leaders.place_actions(child, place),
                    condition=leaders.place_as_read(child),
                )

    return store.written(write_all)


# ------------------------------------------------------------------------------------------------ the marks


def _take_marks_off(tenant_id: str, now: datetime) -> None:
    """End the jobs that were walked a while ago, unless a move is being walked.

    A promotion above a leader that is moved away does not come by those below it any more: until the move does, the
    promotion's own mark is what keeps their old head from being trusted.
    """
    walked = list(sweep_jobs.walked_before(tenant_id, now - sweep_jobs.MARKS_STAY))
    if not walked or tree.state(tenant_id).walking:
        return
    for job in walked:
        _end(tenant_id, job)


def _end(tenant_id: str, job: SweepJob) -> None:
    store.written(lambda: sweep_jobs.take_marks_off(tenant_id, job))  # if not, somebody else ended it
