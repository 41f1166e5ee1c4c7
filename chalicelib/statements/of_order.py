"""An order's rewards reckoned anew, step by step, from what its accrual keeps: the sale and its plan version. Pure.

Who earns at which rate follows from the standings kept (`accrual.terms_of`); the amounts are worked out here with
exact fractions, apart from the engine's own arithmetic, so that the two check each other.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from chalicelib.commissions.rules.accrual import Terms, earns, terms_of
from chalicelib.commissions.rules.language import OneRate, Plan, ProductRate, Retail, SettlementPrice
from chalicelib.commissions.rules.reward import Kind
from chalicelib.commissions.rules.sale import Line, Sale
from chalicelib.commissions.rules.shares import Claim
from chalicelib.statements.steps import CalculationStep, number, result_of, step

Steps = list[CalculationStep]
Earned = tuple[str, Kind]


@dataclass(frozen=True, slots=True)
class Reckoned:
    """What an order earns on what is still paid: steps by leader and kind (zeroes too), and each line's by sku.

    `uses_margin`: the earnings whose steps start from the seller's margin, and with it from the lines' steps.
    """

    by_earning: Mapping[Earned, Steps]
    by_line: Mapping[str, Steps]
    uses_margin: frozenset[Earned]


def reckon(plan: Plan, sale: Sale, still_paid: Mapping[str, int]) -> Reckoned:
    """Reckon all earnings of an order on what each sku still has paid (OPERATING_MODELS.md, Arithmetic and Cap)."""
    if not earns(plan, sale):
        return Reckoned({}, {}, frozenset())
    terms = terms_of(plan, sale.seller, sale.uplines)
    by_line = _line_steps(plan, sale, still_paid)
    sales = step("sales", "total", [number(line.sku, still_paid[line.sku]) for line in sale.lines])
    retail = _retail(plan, sale, sales, by_line)

    shares = {_key(claim): _share(claim, retail if claim.of_retail else [sales]) for claim in terms.claims}
    if plan.payout_cap_bp is not None:
        shares = _capped(plan.payout_cap_bp, shares, sales, retail)
    own: Earned = (sale.seller.leader_id, "retail")
    return Reckoned({own: retail, **shares}, by_line, _using_margin(terms, own))


def _key(claim: Claim) -> Earned:
    return claim.earner.leader_id, claim.kind


def _using_margin(terms: Terms, own: Earned) -> frozenset[Earned]:
    return frozenset({own, *(_key(claim) for claim in terms.claims if claim.of_retail)})


def _margin(plan: Plan, sale: Sale) -> ProductRate | OneRate | SettlementPrice | None:
    """The seller's margin rule; None where it earns none: removed or frozen between checkout and payment."""
    rule = plan.rule(Retail)
    return rule.margin if rule is not None and sale.seller.status in ("confirmed", "probation") else None


def _line_steps(plan: Plan, sale: Sale, still_paid: Mapping[str, int]) -> dict[str, Steps]:
    match _margin(plan, sale):
        case ProductRate():
            return {line.sku: [_own_rate(line, still_paid[line.sku])] for line in sale.lines}
        case SettlementPrice(settlement_bp=by_rank):
            settlement_bp = by_rank[sale.seller.rank]
            return {line.sku: _above_settlement(line, still_paid[line.sku], settlement_bp) for line in sale.lines}
        case _:
            return {}


def _own_rate(line: Line, still_paid_minor: int) -> CalculationStep:
    inputs = [number("still_paid", still_paid_minor), number("rate_bp", line.rate_bp or 0, "bp")]
    return step(f"line:{line.sku}", "exact_rate", inputs)


def _above_settlement(line: Line, still_paid_minor: int, settlement_bp: int) -> Steps:
    price = step(
        f"settlement:{line.sku}",
        "settlement_price",
        [
            number("list_price", line.list_price),
            number("qty", line.qty, "count"),
            number("settlement_bp", settlement_bp, "bp"),
        ],
    )
    inputs = [
        number("paid", line.paid),
        result_of(price, "settlement_price"),
        number("still_paid", still_paid_minor),
    ]
    return [price, step(f"line:{line.sku}", "margin", inputs)]


def _retail(plan: Plan, sale: Sale, sales: CalculationStep, by_line: Mapping[str, Steps]) -> Steps:
    rule = _margin(plan, sale)
    if isinstance(rule, OneRate):
        return [sales, step("retail", "rate", [result_of(sales, "base"), number("rate_bp", rule.rate_bp, "bp")])]
    return [step("retail", "total_floored", [result_of(steps[-1], sku) for sku, steps in by_line.items()])]


def _share(claim: Claim, up_to_base: Steps) -> Steps:
    inputs = [result_of(up_to_base[-1], "base"), number("rate_bp", claim.rate_bp, "bp")]
    if claim.taken_bp:
        return [*up_to_base, step("share", "rate_difference", [*inputs, number("taken_bp", claim.taken_bp, "bp")])]
    return [*up_to_base, step("share", "rate", inputs)]


def _capped(cap_bp: int, shares: Mapping[Earned, Steps], sales: CalculationStep, retail: Steps) -> dict[Earned, Steps]:
    """Add the steps of the cap where it bites: what retail leaves of it, shared by what each would have had."""
    inputs = [result_of(sales, "sales"), number("cap_bp", cap_bp, "bp"), result_of(retail[-1], "retail")]
    left = step("left", "left_by_cap", inputs)
    if sum(steps[-1].result_minor for steps in shares.values()) <= left.result_minor:
        return dict(shares)
    in_order = sorted(shares)  # by leader id, then kind (OPERATING_MODELS.md, Cap)
    capped = dict[Earned, Steps]()
    for place, key in enumerate(in_order, start=1):
        split = [result_of(left, "left"), number("place", place, "count")]
        for other in in_order:
            name, own = ":".join(other), shares[other][-1]
            split.append(result_of(own, name) if other == key else number(name, own.result_minor))
        chain = _once([sales, *retail, *shares[key], left])
        capped[key] = [*chain, step("capped", "cap_split", split)]
    return capped


def _once(steps: Steps) -> Steps:
    return list({one.step: one for one in steps}.values())
