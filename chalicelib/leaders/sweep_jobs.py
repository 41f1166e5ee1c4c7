"""What a promotion, a move or another plan leaves to be done below: jobs, and marks that keep reads right meanwhile.

A job is written in the transaction of what caused it. Until all below are rewritten, each head whose downline may have
it wrongly bears a mark (`Leader.unswept`, a count for each rank): whoever comes upon a mark reads the whole path.
"""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

from pynamodb.attributes import JSONAttribute, NumberAttribute, NumberSetAttribute, UnicodeAttribute
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.leaders import places
from chalicelib.leaders import store as leaders
from chalicelib.leaders.places import Place
from chalicelib.leaders.store import Leader, StandingChange, TreeState
from chalicelib.store import Record

# Somebody may have read a profile just before it was rewritten, and look for the mark only now.
MARKS_STAY = timedelta(minutes=1)


class SweepJob(Record, discriminator="sweep-job"):
    """A walk over a leader's downline (over everybody's, without one), as far as it came: `stack` is what is left.

    `about`: `rank`, for the ranks at `ranks_gained`; `move`; or `ranks`, when a plan brings others. First it is at
    `job#{moment}#…`, in order; when all is walked, at `walked#{moment}#…`, until its marks are taken off.
    """

    about = UnicodeAttribute()
    leader_id = UnicodeAttribute(null=True)
    ranks_gained: NumberSetAttribute = NumberSetAttribute(null=True)
    heads_of = UnicodeAttribute(null=True)
    marks = JSONAttribute()
    stack = JSONAttribute()
    step = NumberAttribute(default=0)


Marks = dict[str, list[int]]
"""Which leaders are marked, for the ranks at which places."""


def job(tenant_id: str, about: str, leader: Leader, at: datetime, marks: Marks) -> SweepJob:
    """Make the job of what happened to a leader, not written yet."""
    return SweepJob(
        leaders.tree_key(tenant_id)[0],
        f"job#{leaders.moment(at)}#{leader.leader_id}#{int(leader.place_no):06d}",
        about=about,
        leader_id=leader.leader_id,
        heads_of=leader.heads_of,
        marks=marks,
        stack=[[leader.leader_id, ""]],
    )


def job_for_all(tenant_id: str, ranks: tuple[str, ...], at: datetime) -> SweepJob:
    """Make the job of keeping everybody's heads by other ranks, not written yet."""
    return SweepJob(
        leaders.tree_key(tenant_id)[0],
        f"job#{leaders.moment(at)}#all",
        about="ranks",
        heads_of=places.pack_ranks(ranks),
        marks={},
        stack=[["", ""]],
    )


def rise(write: TransactWrite, tenant_id: str, leader: Leader, change: StandingChange) -> list[Any]:
    """Put what a leader's change of rank means for those below it into the transaction that makes it.

    Gives the updates for the leader's own profile; none where it has had such a rank before.
    """
    place = leader.place
    gained = places.gained(place, change.value)
    if not gained:
        return []
    marks = marks_of(place, gained)
    risen = job(tenant_id, "rank", leader, change.at, marks)
    risen.ranks_gained = set(gained)
    write.save(risen)
    mark_others(write, tenant_id, marks, but=(leader.leader_id,))
    own = [Leader.place_no.add(1), Leader.peak.set(gained[-1]), Leader.behind.add(set(gained))]
    return own + mark(marks.get(leader.leader_id, []))


def marks_of(place: Place, ranks_at: tuple[int, ...]) -> Marks:
    """Say which leaders are to be marked when those below somebody at this place get other heads for some ranks."""
    marks: Marks = {}
    for r in ranks_at:
        marks.setdefault(places.holder(place, r), []).append(r)
    return marks


def mark(ranks_at: list[int], by: int = 1) -> list[Any]:
    """Give the updates that mark a leader for ranks, or (`by` -1) take that mark off."""
    counts: list[Any] = [Leader.unswept[str(r)] for r in ranks_at]
    return [count.set((count | 0) + by) for count in counts]


def mark_others(write: TransactWrite, tenant_id: str, marks: Marks, *, but: tuple[str, ...]) -> None:
    """Mark the leaders in a transaction, but those that it writes anyway."""
    for leader_id, ranks_at in marks.items():
        if leader_id not in but:
            write.update(Leader(*leaders.leader_key(tenant_id, leader_id)), actions=mark(ranks_at))


# ------------------------------------------------------------------------------------------------ reading, finishing


def first(tenant_id: str) -> SweepJob | None:
    """Read the oldest job that is not walked to its end."""
    pk = leaders.tree_key(tenant_id)[0]
    return next(store.query(SweepJob, pk, SweepJob.sk.startswith("job#"), limit=1), None)


def walked_before(tenant_id: str, moment: datetime) -> Iterator[SweepJob]:
    """List the jobs that were walked to their end before a moment, the earliest first."""
    pk = leaders.tree_key(tenant_id)[0]
    return store.query(SweepJob, pk, SweepJob.sk.between("walked#", f"walked#{leaders.moment(moment)}"))


def keep(done: SweepJob, stack: list[tuple[str, str]]) -> None:
    """Keep how far a walk came. Raises `UpdateError` when somebody else has taken the walk further."""
    actions: list[Action] = [SweepJob.stack.set(stack), SweepJob.step.add(1)]
    store.again_when_crossed(lambda: done.update(actions=actions, condition=SweepJob.step == done.step))


def finish(tenant_id: str, done: SweepJob, *, now: datetime) -> None:
    """Note that a job is walked to its end. Raises `TransactWriteError` when somebody else has taken it further."""
    walked = SweepJob(
        done.pk,
        f"walked#{leaders.moment(now)}#{done.sk}",
        about=done.about,
        leader_id=done.leader_id,
        marks=done.marks,
        stack=[],
    )

    def write_all() -> None:
        with store.transaction() as write:
            write.delete(SweepJob(done.pk, done.sk), condition=SweepJob.step == done.step)
            write.save(walked)
            if done.about == "rank":
                risen = Leader(*leaders.leader_key(tenant_id, str(done.leader_id)))
                write.update(risen, actions=[Leader.behind.delete(done.ranks_gained)])
            if done.about == "move":
                write.update(TreeState(*leaders.tree_key(tenant_id)), actions=[TreeState.walking.add(-1)])

    store.again_when_crossed(write_all)


def take_marks_off(tenant_id: str, walked: SweepJob) -> None:
    """End a job: its heads can be trusted again. Raises `TransactWriteError` when somebody else did so."""
    with store.transaction() as write:
        write.delete(SweepJob(walked.pk, walked.sk), condition=SweepJob.pk.exists())
        for leader_id, ranks_at in walked.marks.items():
            write.update(Leader(*leaders.leader_key(tenant_id, leader_id)), actions=mark(ranks_at, by=-1))
        if walked.about == "move":
            write.update(TreeState(*leaders.tree_key(tenant_id)), actions=[TreeState.moving.add(-1)])
