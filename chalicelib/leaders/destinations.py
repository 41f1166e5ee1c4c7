"""Where a leader's money goes: every change is kept for good, and payouts wait three days after it.

A session can be stolen and an account changed by a thief. Whoever changes where money goes shows once more, by a code,
that the mailbox is theirs (`web.confirming`); the leader is told by e-mail (`events.telling`); and until the three days
are over nothing is sent, so that the leader or the brand can change it back. Only the first destination is taken at
once: there was nothing to be stolen yet.
"""

from datetime import datetime, timedelta
from typing import Any, Literal
from zlib import crc32

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.expressions.update import Action

from chalicelib import store
from chalicelib.errors import Conflict
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.store import Record

HOLD = timedelta(hours=72)
LATEST_CHANGES = 20
_ATTEMPTS = 5


class DestinationBusy(Conflict):
    """Somebody else is changing the same leader's destination."""

    code = "destination_busy"


class DestinationChange(Record, discriminator="destination-change"):
    """One change of where a leader's money goes: `{tenant}#leader#{id}` / `destination#{at}#{checksum}`. Written once.

    Accounts as they are shown, never in full: who looks at the changes needs to recognize them, not to use them.
    """

    rail = UnicodeAttribute()
    account = UnicodeAttribute()
    rail_before = UnicodeAttribute(null=True)
    account_before = UnicodeAttribute(null=True)
    at = UTCDateTimeAttribute()
    by = UnicodeAttribute()


def given(leader: Leader) -> tuple[Literal["stripe", "manual"], str] | None:
    """Give the way and the account by which a leader is paid; None while it has not said so."""
    if leader.payout_rail == "stripe" and leader.stripe_account_id:
        return "stripe", leader.stripe_account_id
    return ("manual", leader.bank_details) if leader.bank_details else None


def held_until(leader: Leader, now: datetime) -> datetime | None:
    """Say until when nothing is sent to a leader, because its destination was changed; None when nothing is held."""
    until = leader.payout_hold_until
    return until if until is not None and now < until else None


def masked(account: str) -> str:
    """Show an account so that its owner recognizes it: the last four characters."""
    return "…" + account.strip()[-4:] if len(account.strip()) > 4 else "…"


def change(
    tenant_id: str,
    leader: Leader,
    rail: Literal["stripe", "manual"],
    account: str,
    actions: list[Action],
    *,
    by: str,
    now: datetime,
) -> Leader:
    """Pay a leader there from now on, and keep the change; the same destination again changes nothing.

    actions: what of the leader's record says so. by: whose hand it was. Raises `DestinationBusy`.
    """
    for _ in range(_ATTEMPTS):
        before = given(leader)
        if before == (rail, account):
            return leader
        if _written(tenant_id, leader, before, (rail, account), actions, by, now):
            return leaders.get(tenant_id, leader.leader_id) or leader
        leader = leaders.get(tenant_id, leader.leader_id) or leader
    raise DestinationBusy("Somebody is changing this right now. Look at it again in a moment.")


def _written(
    tenant_id: str,
    leader: Leader,
    before: tuple[str, str] | None,
    after: tuple[str, str],
    actions: list[Action],
    by: str,
    now: datetime,
) -> bool:
    seen = leader.payout_changed_at
    moment: Any = Leader.payout_changed_at
    unchanged = moment.does_not_exist() if seen is None else moment == seen
    kept = DestinationChange(
        leader.pk,
        f"destination#{now.isoformat()}#{crc32(after[1].encode()):08x}",
        rail=after[0],
        account=masked(after[1]),
        rail_before=before[0] if before else None,
        account_before=masked(before[1]) if before else None,
        at=now,
        by=by,
    )
    hold = Leader.payout_hold_until.set(now + HOLD) if before else Leader.payout_hold_until.remove()

    def together() -> None:
        with store.transaction() as write:
            write.update(
                Leader(leader.pk, leader.sk),
                actions=[*actions, Leader.payout_changed_at.set(now), Leader.payout_refused.remove(), hold],
                condition=Leader.pk.exists() & unchanged,
            )
            write.save(kept)

    return store.written(together)


def changes_of(tenant_id: str, leader_id: str) -> list[DestinationChange]:
    """List the latest changes (20) of where a leader's money goes, newest first."""
    pk, _ = leaders.leader_key(tenant_id, leader_id)
    found = DestinationChange.sk.startswith("destination#")
    return list(store.query(DestinationChange, pk, found, limit=LATEST_CHANGES, newest_first=True))


# ------------------------------------------------------------------------------------------------ refused by Stripe


def note_refused(tenant_id: str, leader_id: str, account: str, reason: str) -> bool:
    """Note that Stripe pays nothing to a leader's account any more; False when the leader has another one by now."""
    return _mark(tenant_id, leader_id, account, Leader.payout_refused.set(reason))


def accept_again(tenant_id: str, leader_id: str, account: str) -> bool:
    """Note that a leader's account can be paid again."""
    return _mark(tenant_id, leader_id, account, Leader.payout_refused.remove())


def _mark(tenant_id: str, leader_id: str, account: str, action: Action) -> bool:
    still_this_one = (Leader.payout_rail == "stripe") & (Leader.stripe_account_id == account)
    leader = Leader(*leaders.leader_key(tenant_id, leader_id))
    return store.written(lambda: leader.update(actions=[action], condition=still_this_one))
