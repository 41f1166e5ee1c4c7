"""Chat groups: a leader reports how many it runs, the brand approves; only what is approved counts (`three_tier`)."""

from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.exceptions import DeleteError

from chalicelib import store
from chalicelib.errors import Invalid
from chalicelib.leaders import profiles, standing
from chalicelib.leaders.rules import check_link
from chalicelib.leaders.store import Leader
from chalicelib.store import Record

MOST_GROUPS = 100_000


class GroupsInvalid(Invalid):
    """No number of groups that somebody can run."""

    code = "groups_invalid"


class GroupReport(Record, discriminator="group-report"):
    """A number that waits for the brand's approval: `{tenant}#group-reports` / `{leader}`; the latest one counts."""

    leader_id = UnicodeAttribute()
    groups = NumberAttribute()
    reported_at = UTCDateTimeAttribute()


def report(tenant_id: str, leader_id: str, groups: int, *, now: datetime) -> GroupReport | None:
    """Note how many groups a leader says that it runs; None when so many are approved already.

    The caller has seen that the leader itself asks. Raises `LeaderUnknown`, `LinkClosed`, `GroupsInvalid`.
    """
    _check(groups)
    leader = profiles.get(tenant_id, leader_id)
    check_link(leader.status, frozen=leader.frozen, until=leader.probation_until, now=now)
    reported = GroupReport(*report_key(tenant_id, leader_id), leader_id=leader_id, groups=groups, reported_at=now)

    if groups == leader.groups:
        reported.delete()
        return None
    store.put(reported)
    return reported


def approve(tenant_id: str, leader_id: str, groups: int, *, by: str, reason: str, now: datetime) -> Leader:
    """Count so many groups from now on: the number that the brand has seen, whatever was reported meanwhile.

    A newer report with another number goes on waiting. Raises `LeaderUnknown`, `GroupsInvalid`.
    """
    _check(groups)
    leader = standing.set_groups(tenant_id, leader_id, groups, by=by, reason=reason, now=now)
    decline(tenant_id, leader_id, groups)
    return leader


def decline(tenant_id: str, leader_id: str, groups: int) -> None:
    """Take a report off the list, unless the leader has reported another number since."""
    try:
        GroupReport(*report_key(tenant_id, leader_id)).delete(
            condition=GroupReport.pk.does_not_exist() | (GroupReport.groups == groups)
        )
    except DeleteError as error:
        if not store.condition_failed(error):
            raise


def reported(tenant_id: str, leader_id: str) -> GroupReport | None:
    """Read what a leader reported and the brand has not answered yet."""
    return store.get(GroupReport, *report_key(tenant_id, leader_id))


def waiting(tenant_id: str, *, limit: int) -> list[GroupReport]:
    """List the reports that wait for the brand, by leader."""
    return list(store.query(GroupReport, f"{tenant_id}#group-reports", limit=limit))


def report_key(tenant_id: str, leader_id: str) -> tuple[str, str]:
    """Where a leader's report waits."""
    return f"{tenant_id}#group-reports", leader_id


def _check(groups: int) -> None:
    if not 1 <= groups <= MOST_GROUPS:
        raise GroupsInvalid("Give the number of chat groups, at least 1.", param="groups")
