"""The group of a campaign: who is in it, and the moment from which nobody comes in any more.

One item a campaign (`{tenant}#campaign#{id}` / `group`), written by the table's stream when an order was paid or left.
Its `closed_at` is what decides between a payment and the group's end: both are written on the version they read.
"""

from datetime import datetime

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.expressions.condition import Condition
from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.campaigns.terms import GroupCounts
from chalicelib.store import Record, packed


class Group(Record, discriminator="campaign-group"):
    """How large a group is. Paid orders only, those that left taken off, until it closed."""

    people = NumberAttribute(default=0)
    units = NumberAttribute(default=0)
    by_product_packed = UnicodeAttribute(default="{}")
    version = NumberAttribute(default=0)
    closed_at = UTCDateTimeAttribute(null=True)

    @property
    def counts(self) -> GroupCounts:
        """Its counts."""
        by_product = msgspec.json.decode(self.by_product_packed, type=dict[str, int])
        return GroupCounts(int(self.people), int(self.units), by_product)


def group_key(tenant_id: str, campaign_id: str) -> tuple[str, str]:
    """Where a campaign's group is kept."""
    return f"{tenant_id}#campaign#{campaign_id}", "group"


def read(tenant_id: str, campaign_id: str, *, consistent: bool = True) -> Group:
    """Read a campaign's group; one that nobody joined yet is empty."""
    key = group_key(tenant_id, campaign_id)
    return store.get(Group, *key, consistent=consistent) or Group(*key)


def counts(tenant_id: str, campaign_id: str) -> GroupCounts:
    """Give a group's counts for people to read: they may be a moment behind."""
    return read(tenant_id, campaign_id, consistent=False).counts


def count(write: TransactWrite, group: Group, units: dict[str, int], *, people: int, sign: int) -> None:
    """Count units and people in (sign 1) or out (-1), as an update of a transaction; refused once the group closed."""
    before = group.counts.by_product
    by_product = {name: before.get(name, 0) + sign * units.get(name, 0) for name in {**before, **units}}
    actions: list[Action] = [
        Group.kind.set(Group),
        Group.people.set(group.people + sign * people),
        Group.units.set(group.units + sign * sum(units.values())),
        Group.by_product_packed.set(packed(by_product)),
        Group.version.set(group.version + 1),
    ]
    write.update(Group(group.pk, group.sk), actions=actions, condition=_open_as_read(group))


def close(write: TransactWrite, group: Group, now: datetime) -> None:
    """Let nobody in any more, as an update of the transaction that decides the campaign."""
    actions: list[Action] = [Group.kind.set(Group), Group.version.set(group.version + 1), Group.closed_at.set(now)]
    write.update(Group(group.pk, group.sk), actions=actions, condition=_open_as_read(group))


def _open_as_read(group: Group) -> Condition:
    """Nobody counted since it was read, and it is not closed."""
    as_read = Group.pk.does_not_exist() if group.version == 0 else Group.version == group.version
    condition: Condition = as_read & Group.closed_at.does_not_exist()
    return condition
