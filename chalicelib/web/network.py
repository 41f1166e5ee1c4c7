"""What pages say of leaders in the network: rank, sales of the month, whether they sell at all, and what is left of a
trial; for the brand's picture of the tree and for a leader's own team."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from chalicelib.commissions.rules.plan import Plan
from chalicelib.figures import store as figures
from chalicelib.figures.rules import over
from chalicelib.figures.store import Tally
from chalicelib.leaders import life, outlook
from chalicelib.leaders.store import Leader
from chalicelib.settlement.days import local_day
from chalicelib.tenants.store import Tenant
from chalicelib.web import lives, words
from chalicelib.web.ask import Ask


@dataclass(frozen=True, slots=True)
class Member:
    """A leader as others see it. Sales are of this month, in minor units; `team_minor` includes its own.

    is_quiet: it has sold nothing this month and the one before, though it was there. time_left: of its trial, in words.
    directs: how many confirmed leaders it has invited. falls_at_end_of: the month at whose end it loses its rank.
    """

    leader: Leader
    rank: str
    rank_no: int
    status: str
    own_minor: int
    team_minor: int
    is_quiet: bool
    time_left: str
    directs: int
    falls_at_end_of: str


def members(ask: Ask, brand: Tenant, plan: Plan, shown: Iterable[Leader]) -> dict[str, Member]:
    """Read how leaders do, in one request per hundred, by id."""
    found = {one.leader_id: one for one in shown}
    tallies = figures.get_many(brand.tenant_id, found)
    month = local_day(ask.now, brand.timezone)[:7]
    ranks = words.rank_names(plan, ask.language)
    return {leader_id: _member(ask, plan, ranks, one, tallies[leader_id], month) for leader_id, one in found.items()}


def _member(ask: Ask, plan: Plan, ranks: Mapping[str, str], leader: Leader, tally: Tally, month: str) -> Member:
    own, before = tally.counts[over("own", month)], month_before(month)
    left = life.time_left(leader, ask.now)
    return Member(
        leader=leader,
        rank=ranks.get(leader.rank, leader.rank),
        rank_no=plan.rank_no.get(leader.rank, 0),
        status=life.status_at(leader, ask.now),
        own_minor=own,
        team_minor=tally.counts[over("team", month)],
        is_quiet=not own and not tally.counts[over("own", before)] and f"{leader.joined_at:%Y-%m}" < month,
        time_left=lives.time_left_text(ask, left) if left else "",
        directs=sum(count for name, count in tally.counts.items() if name.startswith("direct-")),
        falls_at_end_of=outlook.falls_at_end_of(leader, ask.now) or "",
    )


def month_before(month: str) -> str:
    """Give the month before one (`2026-03`)."""
    return f"{date.fromisoformat(month + '-01') - timedelta(days=1):%Y-%m}"
