"""Random sales under plans: the presets, and a plan that has every kind of reward at once with a cap."""

import json

from hypothesis import strategies as st

from chalicelib.commissions import presets
from chalicelib.commissions.rules.language import Plan
from chalicelib.commissions.rules.plan import decode_plan
from chalicelib.commissions.rules.sale import Line, Sale, Standing


def _everything(cap_bp: int | None) -> Plan:
    document = json.loads(presets.read("three_tier"))
    document["head_rank"] = "team"
    document["rewards"] += [
        {"kind": "direct_referral", "rate_bp": 300},
        {"kind": "incubation", "rate_bp": 500, "from_rank": "partner"},
        {"kind": "team_override", "rate_bp": 2500},
        {"kind": "breakaway_referral", "rate_bp": 2500},
    ]
    document["payout_cap_bp"] = cap_bp
    return decode_plan(json.dumps(document).encode())


EVERYTHING = _everything(None)
CAPPED = _everything(3_500)

plans = st.sampled_from([*map(presets.load, presets.NAMES), EVERYTHING, CAPPED])
statuses = st.sampled_from(["confirmed", "confirmed", "probation", "removed", "frozen"])


@st.composite
def lines(draw: st.DrawFn) -> tuple[Line, ...]:
    count = draw(st.integers(1, 4))
    made = []
    for number in range(count):
        paid = draw(st.integers(0, 500_00))
        list_price = paid + draw(st.integers(0, 100_00))
        rate_bp = draw(st.integers(500, 4000))
        made.append(Line(f"sku{number}", 1, paid, list_price, paid, rate_bp))
    return tuple(made)


@st.composite
def sales(draw: st.DrawFn, plan: Plan) -> Sale:
    ranks = st.sampled_from([rank.id for rank in plan.ranks])
    seller = Standing("seller", draw(ranks), draw(st.sampled_from(["confirmed", "probation"])))
    depth = draw(st.integers(0, 12))
    uplines = tuple(Standing(f"up{number:02}", draw(ranks), draw(statuses)) for number in range(depth))
    return Sale("o1", seller, uplines, draw(lines()))


@st.composite
def plans_and_sales(draw: st.DrawFn, plan: Plan | None = None) -> tuple[Plan, Sale]:
    chosen = draw(plans) if plan is None else plan
    return chosen, draw(sales(chosen))


@st.composite
def remainders(draw: st.DrawFn, sale: Sale) -> dict[str, int]:
    """What may still be paid of each sku after refunds."""
    return {line.sku: draw(st.integers(0, line.paid)) for line in sale.lines}
