"""The uplines that an order needs, found by pointer: a few reads at any depth, exact at the very moment of a promotion.

Each leader keeps its head for each higher rank: the nearest upline that has ever had it. Going up from head to head and
looking at how each stood at the moment asked for passes everybody who can count. A head with a mark has a downline that
may not know a nearer one yet: then the whole path is read (infra/decisions/0006-heads-by-pointer.md).
"""

from datetime import datetime

from chalicelib.commissions.rules.plan import Plan
from chalicelib.commissions.rules.sale import Standing, needed_uplines
from chalicelib.leaders import places, standing, tree
from chalicelib.leaders import store as leaders
from chalicelib.leaders.places import Place
from chalicelib.leaders.store import Leader


def needed(tenant_id: str, plan: Plan, leader: Leader, at: datetime) -> tuple[Standing, ...]:
    """Give what `sale.needed_uplines` gives of all uplines of a leader as they stood at a moment, nearest first.

    leader: read just now. Costs the inviter and a head for each higher rank, 1 R each; a few more where heads are
    frozen or fell; the whole path while a promotion or a move above is not swept, and for a moment before a move.
    """
    seller = standing.standing_of(tenant_id, leader, at)
    return needed_uplines(plan, seller, of_note(tenant_id, plan, leader, at))


def of_note(tenant_id: str, plan: Plan, leader: Leader, at: datetime) -> tuple[Standing, ...]:
    """Give the uplines of a leader at a moment that any rule of the plan may look at, nearest first, and maybe more.

    The nearest head of its community is among them (for `invites.invite_rewards`). leader: read just now.
    """
    ranks = places.kept_ranks(plan)
    inviter_id = tree.inviter_at(tenant_id, leader, at)
    if inviter_id is None:
        return ()
    if not ranks:
        known = leaders.get_many(tenant_id, (inviter_id,))
        return (standing.standing_of(tenant_id, known[inviter_id], at),)
    climbed = _climb(tenant_id, plan, leader, inviter_id, at)
    return standing.uplines(tenant_id, leader, at) if climbed is None else climbed


def _climb(tenant_id: str, plan: Plan, leader: Leader, inviter_id: str, at: datetime) -> tuple[Standing, ...] | None:
    """Go up from head to head; None when a head on the way cannot be trusted."""
    ranks = places.kept_ranks(plan)
    longest = 4 * len(ranks)  # past a whole row of frozen or fallen heads the path costs less
    known = _read_at_once(tenant_id, leader, inviter_id)
    upline, confirmed_rank = known[inviter_id], 0
    found: list[Standing] = []
    while len(found) < longest:
        stood = standing.standing_of(tenant_id, upline, at)
        found.append(stood)
        if stood.status == "confirmed":
            confirmed_rank = max(confirmed_rank, plan.rank_no[stood.rank])
        if confirmed_rank == len(ranks) - 1:
            return tuple(found)  # nobody above can have a higher rank

        # Whoever counts next is of a higher rank than any confirmed one before; for that rank this is the next head.
        place, r = upline.place, confirmed_rank + 1
        if not _holds(place, ranks, at):
            return None
        holder_id = places.holder(place, r)
        if holder_id == upline.leader_id:
            return tuple(found)  # a root without a head
        holder = known[holder_id] if holder_id in known else leaders.get_many(tenant_id, (holder_id,))[holder_id]
        if holder.marked(r):
            return None
        if place.heads[r - 1] is None:
            return tuple(found)
        upline = holder
    return None


def _holds(place: Place, ranks: tuple[str, ...], at: datetime) -> bool:
    """Say whether the heads of a place are kept by these ranks, and held at a moment already."""
    return place.ranks == ranks and (place.since is None or place.since <= at)


def _read_at_once(tenant_id: str, leader: Leader, inviter_id: str) -> dict[str, Leader]:
    """Read those who are mostly all that is needed in one request: the inviter, the leader's own heads, the root."""
    place = leader.place
    above = {places.holder(place, r) for r in range(1, len(place.heads) + 1)}
    return leaders.get_many(tenant_id, (inviter_id, *sorted(above - {inviter_id, leader.leader_id})))
