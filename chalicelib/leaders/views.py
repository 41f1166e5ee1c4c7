"""What the brand is shown of leaders."""

from datetime import datetime

from msgspec import Struct

from chalicelib.leaders.store import Leader, StandingChange


class LeaderView(Struct, frozen=True, kw_only=True):
    """A leader as the brand and the leader itself see it.

    `payout_refused`: why Stripe pays its account no more; `payout_hold_until`: its account was changed, payouts wait.
    """

    id: str
    name: str
    phone: str
    language: str
    inviter_id: str | None
    depth: int
    invite_code: str
    group_size: int | None
    rank: str
    rank_since: datetime
    status: str
    status_since: datetime
    frozen: bool
    joined_at: datetime
    confirmed_at: datetime | None
    trial_no: int
    probation_until: datetime | None
    groups: int
    payout_rail: str
    payout_refused: str | None
    payout_hold_until: datetime | None

    @classmethod
    def of(cls, leader: Leader) -> "LeaderView":
        """Show a record."""
        return cls(
            id=leader.leader_id,
            name=leader.name,
            phone=leader.phone,
            language=leader.language,
            inviter_id=leader.inviter_id,
            depth=len(leader.upline_ids),
            invite_code=leader.invite_code,
            group_size=None if leader.group_size is None else int(leader.group_size),
            rank=leader.rank,
            rank_since=leader.rank_since,
            status=leader.status,
            status_since=leader.status_since,
            frozen=leader.frozen,
            joined_at=leader.joined_at,
            confirmed_at=leader.confirmed_at,
            trial_no=int(leader.trial_no),
            probation_until=leader.probation_until,
            groups=int(leader.groups),
            payout_rail=leader.payout_rail,
            payout_refused=leader.payout_refused,
            payout_hold_until=leader.payout_hold_until,
        )


class StandingChangeView(Struct, frozen=True, kw_only=True):
    """One change of a leader: its rank, status, frozen, groups, inviter, or a notice that it was given."""

    what: str
    before: str
    value: str
    at: datetime
    by: str
    reason: str

    @classmethod
    def of(cls, change: StandingChange) -> "StandingChangeView":
        """Show a record."""
        return cls(
            what=change.what,
            before=change.before,
            value=change.value,
            at=change.at,
            by=change.by,
            reason=change.reason or "",
        )
