"""A part of the tree to look at: some leaders below one, read with a bounded number of requests however many there are.

Level by level, each leader's first ones in the order of joining, until there is no more room. What is left out is
counted and can be gone on from.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from chalicelib import side_by_side, store
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Child, Leader

COUNTED = 100
"""How many of a leader's direct ones are counted at most."""


@dataclass(slots=True)
class Branch:
    """A leader (None: the brand, above its roots) with some of those below it.

    is_open: it was looked who is below. left_out: how many of its direct ones are not among `below` (at least so many
    when `has_more`); they are gone on with after the last one of `below`.
    """

    leader: Leader | None
    below: list["Branch"] = field(default_factory=list)
    is_open: bool = False
    left_out: int = 0
    has_more: bool = False

    @property
    def leader_id(self) -> str | None:
        """The leader's id, None for the brand."""
        return self.leader.leader_id if self.leader else None

    def all(self) -> Iterator["Branch"]:
        """Yield this one and all below it that are shown, each before those below it."""
        yield self
        for one in self.below:
            yield from one.all()


@dataclass(frozen=True, slots=True)
class Bounds:
    """How much is read: `most` leaders in all, of up to `queries` leaders who is below, `deepest` levels, at most
    `widest` of one leader's direct ones."""

    most: int
    queries: int
    deepest: int = 6
    widest: int = 24


def below(tenant_id: str, top: Leader | None, bounds: Bounds, *, after: Leader | None = None) -> Branch:
    """Read some of the leaders below one (None: the brand), on from one of its direct ones.

    At most `queries` queries, those of a level side by side, and for each level a request per hundred leaders; a second
    behind at most.
    """
    root = Branch(top)
    level, room, queries = [root], bounds.most - 1, bounds.queries
    for _ in range(bounds.deepest):
        level = level[:queries]
        if not level or room <= 0:
            break
        queries -= len(level)

        def direct_ids(branch: Branch) -> list[str]:
            return _direct_ids(tenant_id, branch.leader_id, after if branch is root else None)

        found = side_by_side.each(direct_ids, level)
        shares = shared([min(len(ids), bounds.widest) for ids in found], room)
        shown = [ids[:share] for ids, share in zip(found, shares, strict=True)]
        known = leaders.get_many(tenant_id, tuple(one for ids in shown for one in ids))
        for branch, ids, all_ids in zip(level, shown, found, strict=True):
            branch.is_open = True
            branch.below = [Branch(known[one]) for one in ids if one in known]
            branch.left_out, branch.has_more = len(all_ids) - len(ids), len(all_ids) > COUNTED
        room -= sum(shares)
        level = [one for branch in level for one in branch.below]
    return root


def shared(wanted: Sequence[int], room: int) -> list[int]:
    """Share room among those who want some of it: nobody more than it wants, else evenly, the first ones first."""
    given = [0] * len(wanted)
    while room > 0 and (hungry := [n for n, most in enumerate(wanted) if given[n] < most]):
        each = max(1, room // len(hungry))
        for n in hungry:
            more = min(each, wanted[n] - given[n], room)
            given[n] += more
            room -= more
    return given


def _direct_ids(tenant_id: str, leader_id: str | None, after: Leader | None) -> list[str]:
    place = leaders.position(after) if after else None
    key = leaders.downline_key(tenant_id, leader_id)
    return [one.leader_id for one in store.query(Child, key, limit=COUNTED + 1, after=place, consistent=False)]
