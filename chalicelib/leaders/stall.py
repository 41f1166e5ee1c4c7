"""A leader's stall: the ids of what its page shows besides the brand's campaigns, in one item beside its profile.

`{tenant}#leader#{id}` / `stall`: its own and taken campaigns, its pick-up points. It is written together with them, so
that a page reads the leader, these ids and what they name in one request rather than by a query for each list.
"""

from pynamodb.attributes import UnicodeSetAttribute
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.remembering import Remembered
from chalicelib.store import Record


class Stall(Record, discriminator="leader-stall"):
    """Ids of a leader's campaigns (closed ones leave now and then) and pick-up points (closed ones stay)."""

    campaigns: UnicodeSetAttribute = UnicodeSetAttribute(null=True)
    points: UnicodeSetAttribute = UnicodeSetAttribute(null=True)

    @property
    def campaign_ids(self) -> list[str]:
        """Its campaigns, the newest first."""
        return sorted(self.campaigns or (), reverse=True)

    @property
    def point_ids(self) -> list[str]:
        """Its pick-up points."""
        return sorted(self.points or ())


_seen: Remembered[tuple[str, str], Stall] = Remembered(1_000)


def stall_key(tenant_id: str, leader_id: str) -> tuple[str, str]:
    """Where a leader's stall is kept."""
    return f"{tenant_id}#leader#{leader_id}", "stall"


def read(tenant_id: str, leader_id: str) -> Stall:
    """Read a leader's stall; empty where there is none."""
    key = stall_key(tenant_id, leader_id)
    found = store.get(Stall, *key) or Stall(*key)
    _seen.put((tenant_id, leader_id), found)
    return found


def last_seen(tenant_id: str, leader_id: str) -> Stall:
    """Give the stall as this process read it last: a hint what to read ahead together with the stall itself."""
    return _seen.get((tenant_id, leader_id)) or Stall(*stall_key(tenant_id, leader_id))


def add_campaign(write: TransactWrite, tenant_id: str, leader_id: str, campaign_id: str) -> None:
    """Put a campaign on a stall, as an update of a transaction."""
    write.update(
        Stall(*stall_key(tenant_id, leader_id)),
        actions=[Stall.kind.set(Stall), Stall.campaigns.add({campaign_id})],
    )


def add_point(write: TransactWrite, tenant_id: str, leader_id: str, point_id: str) -> None:
    """Put a pick-up point on a stall, as an update of a transaction."""
    write.update(
        Stall(*stall_key(tenant_id, leader_id)),
        actions=[Stall.kind.set(Stall), Stall.points.add({point_id})],
    )


def tidy(tenant_id: str, leader_id: str, campaign_ids: set[str]) -> None:
    """Take campaigns that are over off a stall. Doing it again changes nothing."""
    found = Stall(*stall_key(tenant_id, leader_id))
    store.again_when_crossed(lambda: found.update(actions=[Stall.campaigns.delete(campaign_ids)]))


def take_off(write: TransactWrite, tenant_id: str, leader_id: str, campaign_ids: set[str]) -> None:
    """Take campaigns off a stall, as an update of a transaction."""
    write.update(
        Stall(*stall_key(tenant_id, leader_id)),
        actions=[Stall.kind.set(Stall), Stall.campaigns.delete(campaign_ids)],
    )
