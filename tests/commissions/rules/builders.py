"""Short ways to say who stands where, what was bought, and what was earned."""

import json
from collections.abc import Iterable, Mapping
from typing import Any

from chalicelib.commissions import presets
from chalicelib.commissions.rules.conditions import Figures
from chalicelib.commissions.rules.language import Plan
from chalicelib.commissions.rules.plan import decode_plan
from chalicelib.commissions.rules.reward import Change, Reward
from chalicelib.commissions.rules.sale import Line, Sale, Standing, Status


def plan_of(preset: str, **changes: Any) -> Plan:
    """A preset's plan with some of its parts written otherwise."""
    return decode_plan(json.dumps({**json.loads(presets.read(preset)), **changes}).encode())


def leader(leader_id: str, rank: str, status: Status = "confirmed") -> Standing:
    return Standing(leader_id, rank, status)


def line(paid: int, rate_bp: int | None = None, *, sku: str = "rice", list_price: int | None = None) -> Line:
    price = paid if list_price is None else list_price
    return Line(sku, qty=1, unit_price=paid, list_price=price, paid=paid, rate_bp=rate_bp)


def sale(seller: Standing, *uplines: Standing, lines: Iterable[Line], self_purchase: bool = False) -> Sale:
    return Sale("o1", seller, uplines, tuple(lines), self_purchase)


def figures(plan: Plan, *, direct_ranks: Iterable[str] = (), **known: int) -> Figures:
    """Figures of a leader whose direct confirmed leaders have these ranks."""
    places = [plan.rank_no[rank] for rank in direct_ranks]
    from_rank = [sum(place >= number for place in places) for number in range(len(plan.ranks))]
    return Figures(from_rank, **known)


def earned(rewards: Iterable[Reward | Change]) -> dict[tuple[str, str], int]:
    """What each leader earned, by kind."""
    return {(reward.leader_id, str(reward.kind)): reward.amount_minor for reward in rewards}


def posted(rewards: Iterable[Reward]) -> Mapping[tuple[str, str], int]:
    return earned(rewards)
