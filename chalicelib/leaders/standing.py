"""How leaders stand: freezing, ranks, confirmation, removal, and the uplines as they stood at a moment.

Every change keeps its moment in a record of its own, in the same transaction: an order is paid by the standing of its
own moment however late it is looked at, and an audit can replay.
"""

from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from chalicelib import store
from chalicelib.commissions import store as plans
from chalicelib.commissions.rules.sale import Standing
from chalicelib.commissions.rules.time import probation_deadline
from chalicelib.errors import Conflict
from chalicelib.leaders import holders, profiles, rules, sweep_jobs, tree, trials
from chalicelib.leaders import store as leaders
from chalicelib.leaders.rules import What
from chalicelib.leaders.store import Leader, StandingChange
from chalicelib.store import Record

_ATTEMPTS = 8

NO_NOTICE = "none"  # a word: older engines take no empty text

TRIAL_FAILED = "the probation ended without what the plan asks"
NOT_KEPT_UP = "the rank was not kept up"

Decide = Callable[[Leader], str]
"""Looks at a leader and gives the new value (the old one: nothing to do), or raises the refusal."""

Also = Callable[[Leader, datetime], tuple[list[Any], list[Record]]]
"""Takes a leader as it was read and the moment of a change, gives further updates of it, and records to put beside."""


class NotConfirmed(Conflict):
    """Only a confirmed leader can be given a rank."""

    code = "leader_not_confirmed"


class NotOnProbation(Conflict):
    """Only a leader on probation can be confirmed or fail."""

    code = "leader_not_on_probation"


class NotRemoved(Conflict):
    """Only a removed leader can be given a new trial."""

    code = "leader_not_removed"


class StandingInMotion(Conflict):
    """The leader's standing kept being changed by others while we tried."""

    code = "try_again"


def freeze(tenant_id: str, leader_id: str, *, by: str, reason: str, now: datetime) -> Leader:
    """Stop a leader: its link closes, it invites nobody and earns nothing new; what it earned stays.

    Freezing twice changes nothing. `by`: the person's id. Raises `LeaderUnknown`.
    """
    return _change(tenant_id, leader_id, "frozen", lambda _: "frozen", by=by, reason=reason, now=now)


def unfreeze(tenant_id: str, leader_id: str, *, by: str, reason: str, now: datetime) -> Leader:
    """Let a frozen leader go on. Raises `LeaderUnknown`."""
    return _change(tenant_id, leader_id, "frozen", lambda _: "active", by=by, reason=reason, now=now)


def set_rank(tenant_id: str, leader_id: str, rank: str, *, by: str, reason: str, now: datetime) -> Leader:
    """Give a leader a rank, up or down, from this moment on; orders paid before keep the old one.

    `by`: the person's id, or `rules`. Raises `LeaderUnknown`, `RankUnknown`, `NotConfirmed`.
    """
    rules.check_rank(plans.in_force(tenant_id, on=now).plan, rank)

    def decide(leader: Leader) -> str:
        if leader.status != "confirmed":
            raise NotConfirmed("Only a confirmed leader can be given a rank.", param="rank")
        return rank

    return _change(tenant_id, leader_id, "rank", decide, by=by, reason=reason, now=now)


def set_groups(tenant_id: str, leader_id: str, groups: int, *, by: str, reason: str, now: datetime) -> Leader:
    """Count so many approved chat groups for a leader from this moment on (`three_tier`). Raises `LeaderUnknown`."""
    return _change(tenant_id, leader_id, "groups", lambda _: str(groups), by=by, reason=reason, now=now)


def confirm(tenant_id: str, leader_id: str, *, by: str, reason: str, now: datetime) -> Leader:
    """Confirm a leader on probation; confirming it again changes nothing. Raises `LeaderUnknown`, `NotOnProbation`."""
    return _change(tenant_id, leader_id, "status", _leave_probation("confirmed"), by=by, reason=reason, now=now)


def remove(
    tenant_id: str, leader_id: str, *, by: str, reason: str, now: datetime, trial_no: int | None = None
) -> Leader:
    """Remove a leader that fails its probation; it keeps its place and what it earned.

    trial_no: the trial that it failed; when it is on a later one nothing changes. Raises `LeaderUnknown`,
    `NotOnProbation`.
    """
    fail = _leave_probation("removed")

    def decide(leader: Leader) -> str:
        return fail(leader) if trial_no in (None, leader.trial_no) else leader.status

    return _change(tenant_id, leader_id, "status", decide, by=by, reason=reason, now=now)


def start_trial(tenant_id: str, leader_id: str, *, by: str, reason: str, now: datetime) -> Leader:
    """Put a removed leader on probation again; its window begins now, at `trial_since`.

    Where the plan has no probation any more there is nothing to try: the leader is confirmed.
    Raises `LeaderUnknown`, `NotRemoved` (OPERATING_MODELS.md, Arithmetic).
    """
    plan = plans.in_force(tenant_id, on=now).plan
    before = profiles.get(tenant_id, leader_id)
    if before.probation_until is not None and rules.ended(before.status, before.probation_until, now) != before.status:
        # Over, but not swept yet: the failed trial is part of the leader's history before the new one begins.
        remove(tenant_id, leader_id, by="rules", reason=TRIAL_FAILED, now=before.probation_until)

    def decide(leader: Leader) -> str:
        if leader.status == "confirmed":
            raise NotRemoved("Only a removed leader can be given a new trial.")
        return "probation" if plan.probation else "confirmed"

    def window(leader: Leader, at: datetime) -> tuple[list[Any], list[Record]]:
        until = probation_deadline(plan, at)
        if until is None:
            return [], []
        return trials.next_trial(at, until), [trials.due_record(tenant_id, leader_id, int(leader.trial_no) + 1, until)]

    return _change(tenant_id, leader_id, "status", decide, by=by, reason=reason, now=now, also=window)


def raise_by_rules(tenant_id: str, read: Leader, what: What, value: str, *, reason: str, now: datetime) -> bool:
    """Give a leader, as it was read, the rank or status that it has earned by the plan's rules.

    Nothing happens where it changed since it was read: a rank that somebody else raised further must not fall back.
    Gives whether it has the value now.
    """

    def decide(leader: Leader) -> str:
        return value if leader.version == read.version else str(getattr(leader.stand, what))

    after = _change(tenant_id, read.leader_id, what, decide, by="rules", reason=reason, now=now)
    return str(getattr(after.stand, what)) == value


def fall(tenant_id: str, leader_id: str, rank: str, *, to: str, held_since: datetime, now: datetime) -> Leader:
    """Lower a leader that did not keep its rank up. Nothing happens unless it has the rank since that very moment.

    Raises `LeaderUnknown`.
    """

    def decide(leader: Leader) -> str:
        return to if leader.rank == rank and leader.rank_since == held_since else leader.rank

    def fallen(leader: Leader, at: datetime) -> tuple[list[Any], list[Record]]:
        return ([] if leader.fell_from else [Leader.fell_from.set(rank)]), []  # the highest one counts

    return _change(tenant_id, leader_id, "rank", decide, by="rules", reason=NOT_KEPT_UP, now=now, also=fallen)


def give_notice(tenant_id: str, leader_id: str, notice: str, *, rank: str, reason: str, now: datetime) -> Leader:
    """Note that a leader was told that it falls from its rank at the period's end. `notice` names rank and period.

    Telling it again changes nothing. Raises `LeaderUnknown`.
    """

    def decide(leader: Leader) -> str:
        return notice if leader.rank == rank else leader.noticed or NO_NOTICE

    return _change(tenant_id, leader_id, "notice", decide, by="rules", reason=reason, now=now)


def standing_of(tenant_id: str, leader: Leader, at: datetime | None = None) -> Standing:
    """Say how a leader stands, or stood at a moment; this reads only if something has changed since then.

    From the deadline of its probation on it counts as removed, also before the sweep has written that down.
    """
    if at is None:
        return rules.standing(leader.leader_id, leader.stand)
    stand = leader.stand
    if leader.standing_since > at:
        later = [leaders.as_change(record) for record in leaders.changes(tenant_id, leader.leader_id, after=at)]
        stand = rules.as_it_stood(stand, later, at)
    status = rules.ended(stand.status, leader.probation_until, at)
    return rules.standing(leader.leader_id, replace(stand, status=status))


def uplines(tenant_id: str, leader: Leader, at: datetime | None = None) -> tuple[Standing, ...]:
    """Give the uplines of a leader, nearest first, as they stand or stood at a moment.

    All of them: 1 R each, in one batch per hundred, and a query for each that has changed since `at`. What an order
    needs of them, `heads.needed` finds with a few reads.
    """
    return tuple(standing_of(tenant_id, upline, at) for upline in tree.uplines_at(tenant_id, leader, at))


def _leave_probation(status: str) -> Decide:
    def decide(leader: Leader) -> str:
        if leader.status not in ("probation", status):
            raise NotOnProbation("This leader is not on probation.")
        return status

    return decide


def _change(
    tenant_id: str,
    leader_id: str,
    what: What,
    decide: Decide,
    *,
    by: str,
    reason: str,
    now: datetime,
    also: Also = lambda leader, at: ([], []),
) -> Leader:
    for _ in range(_ATTEMPTS):
        leader = profiles.get(tenant_id, leader_id)
        before = _value_of(leader, what)
        value = decide(leader)
        if value == before:
            return leader

        # Clocks of two machines differ: the moments of one leader's changes never run backwards.
        at = max(now, leader.standing_since)
        change = StandingChange(
            leaders.leader_key(tenant_id, leader_id)[0],
            f"change#{leaders.moment(at)}#{int(leader.version) + 1:06d}",
            what=what,
            before=before,
            value=value,
            at=at,
            by=by,
            reason=reason.strip() or None,
        )
        if _write(tenant_id, leader, change, *also(leader, at)):
            return profiles.get(tenant_id, leader_id)
    raise StandingInMotion("Somebody else is changing this leader at this moment. Please look, then try again.")


def _value_of(leader: Leader, what: What) -> str:
    if what == "groups":
        return str(int(leader.groups))
    return leader.noticed or NO_NOTICE if what == "notice" else str(getattr(leader.stand, what))


def _write(
    tenant_id: str, leader: Leader, change: StandingChange, updates: list[Any], beside: Sequence[Record]
) -> bool:
    """Write a change with what it changes; False when the leader is no longer as it was read."""
    holds = [holders.record(tenant_id, leader.leader_id, change.value)] if change.what == "rank" else []

    def write_all() -> None:
        with store.transaction() as write:
            below = sweep_jobs.rise(write, tenant_id, leader, change) if change.what == "rank" else []
            write.update(
                Leader(leader.pk, leader.sk),
                actions=[*_actions(leader, change), *updates, *below],
                condition=(Leader.version == leader.version) & leaders.place_as_read(leader),
            )
            write.save(change, condition=StandingChange.pk.does_not_exist())
            for record in (*holds, *beside):
                write.save(record)

    return store.written(write_all)


def _actions(leader: Leader, change: StandingChange) -> list[Any]:
    actions: list[Any] = [Leader.version.add(1), Leader.standing_since.set(change.at)]
    if change.what == "rank":
        if leader.fell_from == change.value:
            actions.append(Leader.fell_from.remove())  # regained: no longer one fallen from
        return [*actions, Leader.rank.set(change.value), Leader.rank_since.set(change.at)]
    if change.what == "notice":
        return [*actions, Leader.noticed.set(change.value)]
    if change.what == "groups":
        return [*actions, Leader.groups.set(int(change.value))]
    if change.what == "frozen":
        return [*actions, Leader.frozen.set(change.value == "frozen")]
    if change.value == "confirmed":
        actions.append(Leader.confirmed_at.set(change.at))
    return [*actions, Leader.status.set(change.value), Leader.status_since.set(change.at)]
