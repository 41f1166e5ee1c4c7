"""Finding leaders by any part of their name: through the list by name, whose places are the names themselves.

No item is read for a name that is not like it, so a page looks through many: at most `LOOK_THROUGH`, and says so.
"""

from dataclasses import dataclass

from chalicelib import store
from chalicelib.leaders.store import Leader, folded, get_many, names_key

LOOK_THROUGH = 2_000
"""Names that a page looks through: some 50 R."""


@dataclass(frozen=True, slots=True)
class Called:
    """Leaders by name. looked: how many names were looked at; next: where to go on, None at the end of the list."""

    leaders: list[Leader]
    looked: int
    next: str | None


def called(tenant_id: str, part: str, *, limit: int, after: str | None = None, most: int = LOOK_THROUGH) -> Called:
    """Find at most `limit` leaders whose name has this in it, on from a place. From the index: a second behind."""
    wanted = folded(part)[:100]
    rows = store.listed([names_key(tenant_id)], after=after, limit=most)
    ids: list[str] = []
    looked = 0
    for row in rows:
        looked += 1
        name, _, leader_id = row.position.rpartition("#")
        if wanted in name:
            ids.append(leader_id)
            if len(ids) == limit:
                break
    found = get_many(tenant_id, tuple(ids))
    is_more = looked < len(rows) or len(rows) == most
    next_place = rows[looked - 1].position if rows and is_more else None
    return Called([found[leader_id] for leader_id in ids if leader_id in found], looked, next_place)
