"""The records of leaders: profile with upline path, place under the inviter, invitations, changes of standing."""

import unicodedata
from datetime import UTC, datetime
from typing import Any

import msgspec
from pynamodb.attributes import (
    BooleanAttribute,
    MapAttribute,
    NumberAttribute,
    NumberSetAttribute,
    UnicodeAttribute,
    UTCDateTimeAttribute,
)

from chalicelib import store
from chalicelib.leaders import places, rules
from chalicelib.leaders.places import Place
from chalicelib.leaders.rules import Change, Stand
from chalicelib.store import Record


class Leader(Record, discriminator="leader"):
    """A leader. Rank, status, frozen, groups and inviter change with a `StandingChange` each.

    `path` to `place_no` are the leader's place in the tree. `inviter_id` is always right; the rest follows a move or a
    promotion further up a little later (`sweeping`), and `tree`, `heads` know when not to trust it. From
    `place_since` on path and heads tell the truth; for moments before it the history is read.
    """

    leader_id = UnicodeAttribute()
    person_id = UnicodeAttribute()
    name = UnicodeAttribute()
    phone = UnicodeAttribute()
    language = UnicodeAttribute(default="zh")
    inviter_id = UnicodeAttribute(null=True)
    moved_at = UTCDateTimeAttribute(null=True)
    path = UnicodeAttribute(null=True)
    place_since = UTCDateTimeAttribute(null=True)
    heads = UnicodeAttribute(null=True)
    heads_of = UnicodeAttribute(null=True)
    peak = NumberAttribute(default=0)
    behind: NumberSetAttribute = NumberSetAttribute(null=True)
    unswept: Any = MapAttribute(null=True)  # type: ignore[no-untyped-call]
    place_no = NumberAttribute(default=0)
    invite_code = UnicodeAttribute()
    group_size = NumberAttribute(null=True)
    joined_at = UTCDateTimeAttribute()
    rank = UnicodeAttribute()
    rank_since = UTCDateTimeAttribute()
    status = UnicodeAttribute()
    status_since = UTCDateTimeAttribute()
    confirmed_at = UTCDateTimeAttribute(null=True)
    trial_no = NumberAttribute(default=0)
    trial_since = UTCDateTimeAttribute(null=True)
    probation_until = UTCDateTimeAttribute(null=True)
    groups = NumberAttribute(default=1)
    fell_from = UnicodeAttribute(null=True)
    noticed = UnicodeAttribute(null=True)
    frozen = BooleanAttribute(default=False)
    standing_since = UTCDateTimeAttribute()
    version = NumberAttribute(default=0)
    import_id = UnicodeAttribute(null=True)  # it came with a file: nobody is rewarded for having invited it
    payout_rail = UnicodeAttribute(default="manual")
    stripe_account_id = UnicodeAttribute(null=True)
    bank_details = UnicodeAttribute(null=True)
    payout_changed_at = UTCDateTimeAttribute(null=True)
    payout_hold_until = UTCDateTimeAttribute(null=True)
    payout_refused = UnicodeAttribute(null=True)  # why Stripe pays nothing to this account any more

    @property
    def upline_ids(self) -> tuple[str, ...]:
        """The ids of the inviter, its inviter, … up to a root."""
        return rules.unpack_path(self.path or "")

    @property
    def place(self) -> Place:
        """The leader's place in the tree as its profile has it."""
        return Place(
            self.leader_id,
            self.upline_ids,
            places.unpack_ranks(self.heads_of),
            places.unpack_heads(self.heads),
            int(self.peak),
            self.place_since,
        )

    def marked(self, r: int) -> bool:
        """Tell whether those below may not know their head for the rank at place r yet (`sweep_jobs`)."""
        return self.unswept is not None and self.unswept.as_dict().get(str(r), 0) > 0

    @property
    def stand(self) -> Stand:
        """How the leader stands today."""
        return Stand(self.rank, self.status, "frozen" if self.frozen else "active")


class Child(Record, discriminator="leader-child"):
    """A leader's place among those its inviter invited, in the order of joining; in the index by its name."""

    leader_id = UnicodeAttribute()


class StandingChange(Record, discriminator="standing-change"):
    """One change of rank, status, frozen, groups or inviter: what, from, to, when, by whom, why. Written once.

    A move also keeps the whole upline path of before.
    """

    what = UnicodeAttribute()
    before = UnicodeAttribute()
    value = UnicodeAttribute()
    at = UTCDateTimeAttribute()
    by = UnicodeAttribute()
    reason = UnicodeAttribute(null=True)
    path_before = UnicodeAttribute(null=True)


class TreeState(Record, discriminator="tree-state"):
    """What holds for a brand's whole tree. Every move writes it, so that no two moves can cross and form a circle.

    `moves`: how many there were. `walking`: those whose downline is not all rewritten. `moving`: those and the ones
    rewritten a moment ago. `moved_at`: the last one's moment; theirs never run backwards. `heads_of`: the ranks for
    which all leaders' heads were last asked to be kept.
    """

    moves = NumberAttribute(default=0)
    walking = NumberAttribute(default=0)
    moving = NumberAttribute(default=0)
    moved_at = UTCDateTimeAttribute(null=True)
    heads_of = UnicodeAttribute(null=True)


class Invitation(Record, discriminator="invitation"):
    """Whose link a code is: a leader's own (for any number of newcomers), or the brand's for one root."""

    inviter_id = UnicodeAttribute(null=True)
    expires_at = UTCDateTimeAttribute(null=True)
    used_by = UnicodeAttribute(null=True)

    @property
    def code(self) -> str:
        """The code; the key holds it already."""
        return self.pk.rpartition("#")[2]


# ------------------------------------------------------------------------------------------------ keys


def leader_key(tenant_id: str, leader_id: str) -> tuple[str, str]:
    """Where a leader's profile is."""
    return f"{tenant_id}#leader#{leader_id}", "profile"


def invitation_key(tenant_id: str, code: str) -> tuple[str, str]:
    """Where it says whose link a code is."""
    return f"{tenant_id}#invite#{code}", "invite"


def tree_key(tenant_id: str) -> tuple[str, str]:
    """Where it says whether a brand's tree is at rest."""
    return f"{tenant_id}#tree", "state"


def place_attributes(place: Place) -> dict[str, Any]:
    """Give what a new profile keeps of a place."""
    return {
        "path": rules.pack_path(place.path) or None,
        "place_since": place.since,
        "heads": places.pack_heads(place.heads),
        "heads_of": places.pack_ranks(place.ranks),
        "peak": place.peak,
        "unswept": {},
    }


def place_as_read(leader: Leader) -> Any:
    """Give the condition that a leader's place is as it was read (profiles of before places had a number: none yet)."""
    as_read = Leader.place_no == leader.place_no
    return as_read if leader.place_no else as_read | Leader.place_no.does_not_exist()


def place_actions(leader: Leader, place: Place) -> list[Any]:
    """Give the updates that turn a leader's place into another."""
    actions: list[Any] = [Leader.place_no.add(1), Leader.peak.set(place.peak)]
    kept = place_attributes(place)
    for attribute in (Leader.path, Leader.place_since, Leader.heads, Leader.heads_of):
        value = kept[str(attribute.attr_name)]
        actions.append(attribute.remove() if value is None else attribute.set(value))
    if leader.unswept is None:
        actions.append(Leader.unswept.set({}))
    return actions


def downline_key(tenant_id: str, inviter_id: str | None) -> str:
    """The partition of those invited by a leader, or of the roots."""
    return f"{tenant_id}#downline#{inviter_id or 'root'}"


def listing_key(tenant_id: str, shard: int) -> str:
    """One of the index partitions that list all leaders of a brand."""
    return f"{tenant_id}#leaders#{shard}"


def names_key(tenant_id: str) -> str:
    """The index partition that lists all leaders of a brand by name."""
    return f"{tenant_id}#leader-names"


def folded(name: str) -> str:
    """Write a name as it is looked for: without capitals, blanks and differences of width."""
    return "".join(unicodedata.normalize("NFKC", name).casefold().split())


def name_position(name: str, leader_id: str) -> str:
    """The place of a leader in the list by name."""
    return f"{folded(name)}#{leader_id}"


def moment(at: datetime) -> str:
    """Write a moment so that the order of the texts is the order of the moments."""
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def position(leader: Leader) -> str:
    """The place of a leader in lists: by joining."""
    return f"{moment(leader.joined_at)}#{leader.leader_id}"


def child_of(tenant_id: str, leader: Leader) -> Child:
    """Make a leader's place under its inviter."""
    return child_below(tenant_id, leader, leader.inviter_id)


def child_below(tenant_id: str, leader: Leader, inviter_id: str | None) -> Child:
    """Make a leader's place under somebody."""
    return Child(
        downline_key(tenant_id, inviter_id),
        position(leader),
        leader_id=leader.leader_id,
        gsi1pk=names_key(tenant_id),
        gsi1sk=name_position(leader.name, leader.leader_id),
    )


# ------------------------------------------------------------------------------------------------ reads


def get(tenant_id: str, leader_id: str) -> Leader | None:
    """Read a leader; what cannot be an id costs no read."""
    return store.get(Leader, *leader_key(tenant_id, leader_id)) if rules.is_leader_id(leader_id) else None


def get_many(tenant_id: str, leader_ids: tuple[str, ...]) -> dict[str, Leader]:
    """Read leaders by id, in one request per hundred."""
    found = store.get_all([leader_key(tenant_id, leader_id) for leader_id in leader_ids])
    return {record.leader_id: record for record in found if isinstance(record, Leader)}


def directs(tenant_id: str, inviter_id: str | None, *, limit: int, after: Leader | None = None) -> list[Leader]:
    """List those invited by a leader (None: the roots), first joined first, on from `after`."""
    children = store.query(
        Child, downline_key(tenant_id, inviter_id), limit=limit, after=position(after) if after else None
    )
    ids = tuple(child.leader_id for child in children)
    found = get_many(tenant_id, ids)
    return [found[leader_id] for leader_id in ids]


def newest(tenant_id: str, *, limit: int, after: Leader | None = None) -> list[Leader]:
    """List a brand's leaders, latest joined first, on from `after`. From the index: a second behind at most."""
    partitions = [listing_key(tenant_id, shard) for shard in range(store.SHARDS)]
    rows = store.listed(partitions, newest_first=True, after=position(after) if after else None, limit=limit)
    ids = tuple(row.position.partition("#")[2] for row in rows)
    found = get_many(tenant_id, ids)
    return [found[leader_id] for leader_id in ids]


def named(tenant_id: str, begins: str, *, limit: int) -> tuple[list[Leader], bool]:
    """Find leaders whose name begins like this, by name, and whether there are more. From the index, as `newest`."""
    wanted = folded(begins)[:100]
    if not wanted:
        return [], False
    rows = store.listed([names_key(tenant_id)], between=(wanted, wanted + _LAST_SIGN), limit=limit + 1)
    ids = tuple(row.position.rpartition("#")[2] for row in rows[:limit])
    found = get_many(tenant_id, ids)
    return [found[leader_id] for leader_id in ids if leader_id in found], len(rows) > limit


_LAST_SIGN = "\U0010ffff"


def changes(tenant_id: str, leader_id: str, *, after: datetime | None = None) -> list[StandingChange]:
    """Read how a leader's standing changed, oldest first; only what came after a moment when one is given."""
    lowest = f"change#{moment(after)}~" if after else "change#"
    return list(
        store.query(
            StandingChange,
            leader_key(tenant_id, leader_id)[0],
            StandingChange.sk.between(lowest, "change#~"),
        )
    )


def as_change(record: StandingChange) -> Change:
    """Give a record as the rules take it."""
    return Change(record.at, msgspec.convert(record.what, rules.What), record.before)
