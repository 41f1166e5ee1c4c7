"""A leader's place in the tree: its upline path and, for each higher rank, the nearest upline that ever had it. Pure.

Whoever joins, is moved, or is swept gets its place from the leader above by one and the same function (`below`).
`infra/decisions/0006-heads-by-pointer.md` says why heads may be kept like this and are yet right at every moment.
"""

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from chalicelib.commissions.rules.language import InviteBonus, TeamOverride, TierRebate
from chalicelib.commissions.rules.plan import Plan
from chalicelib.leaders.rules import pack_path, path_below, unpack_path

_NOBODY = "-" * 10
_CLOCKS_DIFFER_BY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a leader is. `heads[r - 1]` is its head for the rank at place r (None: no upline ever had it).

    `ranks`: the plan's ranks that this goes by, lowest first; empty where no heads are kept. `peak`: the highest place
    that the leader itself has ever had. `since`: for moments before it, path and heads may not hold.
    """

    leader_id: str
    path: tuple[str, ...]
    ranks: tuple[str, ...]
    heads: tuple[str | None, ...]
    peak: int
    since: datetime | None


def kept_ranks(plan: Plan) -> tuple[str, ...]:
    """Give the ranks by which heads are kept: the plan's, if it looks further up than to the inviter, else none."""
    looks_up = any(plan.rule(rule) is not None for rule in (TierRebate, TeamOverride, InviteBonus))
    return tuple(rank.id for rank in plan.ranks) if looks_up and len(plan.ranks) > 1 else ()


def rank_place(ranks: Sequence[str], rank: str) -> int:
    """Give the place of a rank, 0 for the lowest and for one that is not among them."""
    return ranks.index(rank) if rank in ranks else 0


def at_the_top(leader_id: str, rank: str, ranks: tuple[str, ...]) -> Place:
    """Give the place of a root."""
    return Place(leader_id, (), ranks, (None,) * max(0, len(ranks) - 1), rank_place(ranks, rank), None)


def below(above: Place, leader_id: str, rank: str) -> Place:
    """Give the place of a newcomer that somebody at `above` invited. Raises `TreeTooDeep`."""
    path = path_below(above.leader_id, above.path)
    return Place(leader_id, path, above.ranks, passed_on(above), rank_place(above.ranks, rank), above.since)


def moved_below(above: Place, was: Place, rank: str, now: datetime) -> Place:
    """Give the place that a leader has below `above`, from the one it had; the same one where nothing is new.

    A peak is never forgotten: a head that fell stays in its downline's chain, and is passed by whoever reads. Where the
    ranks are others than before, only the rank of today is known, so the place holds from now on.
    """
    path = (above.leader_id, *above.path)
    same = was.ranks == above.ranks
    peak = was.peak if same else rank_place(above.ranks, rank)
    since = latest(was.since, above.since, None if same else now + _CLOCKS_DIFFER_BY)
    return Place(was.leader_id, path, above.ranks, passed_on(above), peak, since)


def moved(above: Place, was: Place, rank: str, at: datetime) -> Place:
    """Give the place of a leader that is moved below `above` at a moment; before it, its history is read."""
    place = moved_below(above, was, rank, at)
    return _since(place, latest(place.since, at))


def at_the_top_again(was: Place, rank: str, ranks: tuple[str, ...], now: datetime) -> Place:
    """Give the place that a root has by the ranks of another plan; the same one where they are the same."""
    return was if was.ranks == ranks else _since(at_the_top(was.leader_id, rank, ranks), now + _CLOCKS_DIFFER_BY)


def _since(place: Place, moment: datetime | None) -> Place:
    return replace(place, since=moment)


def passed_on(above: Place) -> tuple[str | None, ...]:
    """Give the heads of those right below: the leader itself for each rank it has ever had, else its own heads."""
    return tuple(above.leader_id if above.peak >= r else head for r, head in enumerate(above.heads, start=1))


def holder(place: Place, r: int) -> str:
    """Give the leader on which it is marked that heads for the rank at place r are not passed on to all below yet.

    It is the head itself; where there is none, the root of the path.
    """
    return place.heads[r - 1] or (place.path[-1] if place.path else place.leader_id)


def gained(place: Place, rank: str) -> tuple[int, ...]:
    """Give the places of ranks that a leader with a new rank has for the first time."""
    return tuple(range(place.peak + 1, rank_place(place.ranks, rank) + 1))


def latest(*moments: datetime | None) -> datetime | None:
    """Give the latest of those moments that are given."""
    return max((moment for moment in moments if moment is not None), default=None)


# ------------------------------------------------------------------------------------------------ as it is kept


def pack_ranks(ranks: tuple[str, ...]) -> str | None:
    """Write ranks in one attribute; None for none."""
    return json.dumps(ranks, ensure_ascii=False, separators=(",", ":")) if ranks else None


def unpack_ranks(packed: str | None) -> tuple[str, ...]:
    """Read ranks back."""
    return tuple(json.loads(packed)) if packed else ()


def pack_heads(heads: Iterable[str | None]) -> str | None:
    """Write heads in one attribute, 10 characters each; None for none at all."""
    return "".join(pack_path([head]) if head else _NOBODY for head in heads) or None


def unpack_heads(packed: str | None) -> tuple[str | None, ...]:
    """Read heads back."""
    nobody = unpack_path(_NOBODY)[0]
    return tuple(None if head == nobody else head for head in unpack_path(packed or ""))
