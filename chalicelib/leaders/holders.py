"""Who has ever been given a rank: found without looking through all leaders, for what is done at a month's end.

`{tenant}#holders#{rank}` / `{leader}`, written together with the change of rank, never taken away: whoever reads it
looks at how the leader stands, or stood. Newcomers are in no list; where a plan means the rank that everybody begins
with, all leaders are looked through.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from pynamodb.attributes import UnicodeAttribute

from chalicelib import store
from chalicelib.commissions import store as plans
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.store import Record

AT_A_TIME = 100


class RankHolder(Record, discriminator="rank-holder"):
    """A leader that has, or once had, a rank."""

    leader_id = UnicodeAttribute()


@dataclass(frozen=True, slots=True)
class Page:
    """Some leaders who may hold a rank; `cursor` is where the next page goes on."""

    leaders: tuple[Leader, ...]
    cursor: str


def record(tenant_id: str, leader_id: str, rank: str) -> RankHolder:
    """Make the item that puts a leader on the list of a rank."""
    return RankHolder(_list_of(tenant_id, rank), leader_id, leader_id=leader_id)


def candidates(tenant_id: str, ranks: Sequence[str], *, after: str = "") -> Iterator[Page]:
    """Page through the leaders who may hold one of these ranks, or held it, on from a cursor. One may come twice.

    They are as they are now. The index, where all are looked through, is a second behind.
    """
    ids = _everybody(tenant_id, after) if _begins_with(tenant_id, ranks) else _given(tenant_id, ranks, after)
    for page, cursor in ids:
        found = leaders.get_many(tenant_id, page)
        yield Page(tuple(found[leader_id] for leader_id in page if leader_id in found), cursor)


def _begins_with(tenant_id: str, ranks: Sequence[str]) -> bool:
    """Tell whether one of the ranks is, or was under an earlier plan, the one that newcomers have."""
    firsts = {
        plans.version(tenant_id, int(version.number)).plan.first_rank
        for version in plans.newest_first(tenant_id, at_a_time=20)
    }
    return not firsts.isdisjoint(ranks)


def _given(tenant_id: str, ranks: Sequence[str], after: str) -> Iterator[tuple[tuple[str, ...], str]]:
    rank_done, _, last = after.rpartition("#")
    for rank in ranks[ranks.index(rank_done) if rank_done else 0 :]:
        while found := list(store.query(RankHolder, _list_of(tenant_id, rank), limit=AT_A_TIME, after=last or None)):
            last = found[-1].leader_id
            yield tuple(one.leader_id for one in found), f"{rank}#{last}"
        last = ""


def _everybody(tenant_id: str, after: str) -> Iterator[tuple[tuple[str, ...], str]]:
    partitions = [leaders.listing_key(tenant_id, shard) for shard in range(store.SHARDS)]
    while rows := store.listed(partitions, after=after or None, limit=AT_A_TIME):
        after = rows[-1].position
        yield tuple(row.position.partition("#")[2] for row in rows), after


def _list_of(tenant_id: str, rank: str) -> str:
    return f"{tenant_id}#holders#{rank}"
