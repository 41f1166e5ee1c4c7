"""What a seller keeps of its own sale, by the plan's way of reckoning it. Floored once, after all lines are added."""

from collections.abc import Sequence
from fractions import Fraction

from chalicelib.commissions.rules.language import LeaderOrders, OneRate, ProductRate, Retail, SettlementPrice
from chalicelib.commissions.rules.sale import Line, Sale, Status
from chalicelib.money import BASIS_POINTS, rate_of


def retail_minor(rule: Retail, sale: Sale, still_paid: Sequence[int]) -> int:
    """Give the seller's reward in minor units. `still_paid` goes with `sale.lines` (see Arithmetic)."""
    match rule.margin:
        case OneRate(rate_bp=rate_bp):
            return rate_of(sum(still_paid), rate_bp)
        case ProductRate():
            # Rates differ by line: the fractions are added first, so that nothing is lost line by line.
            parts = (paid * (line.rate_bp or 0) for line, paid in zip(sale.lines, still_paid, strict=True))
            return sum(parts) // BASIS_POINTS
        case SettlementPrice(settlement_bp=settlement_bp):
            return _settlement_margins(sale.lines, still_paid, settlement_bp[sale.seller.rank])


def retail_rate_bp(rule: Retail, sale: Sale) -> int | None:
    """Give the rate that explains the reward, or None where the lines' rates differ."""
    match rule.margin:
        case OneRate(rate_bp=rate_bp):
            return rate_bp
        case ProductRate():
            first = sale.lines[0].rate_bp
            return first if all(line.rate_bp == first for line in sale.lines) else None
        case SettlementPrice(settlement_bp=settlement_bp):
            return settlement_bp[sale.seller.rank]


def settlement_price(list_price: int, qty: int, settlement_bp: int) -> int:
    """Give a line's settlement price in minor units, rounded up."""
    return -(-list_price * qty * settlement_bp // BASIS_POINTS)


def leader_price(rule: LeaderOrders, list_price: int, qty: int, status: Status) -> int:
    """Give what a leader pays for a line that it orders for its customers (`stock_clearance`), rounded up.

    The price of probation is for those on it; a trial begun anew is probation again.
    """
    price_bp = rule.price_bp_on_probation if status == "probation" else rule.price_bp
    return settlement_price(list_price, qty, price_bp)


def _settlement_margins(lines: Sequence[Line], still_paid: Sequence[int], settlement_bp: int) -> int:
    whole, fractions = 0, Fraction(0)
    for line, paid_now in zip(lines, still_paid, strict=True):
        margin = line.paid - settlement_price(line.list_price, line.qty, settlement_bp)
        if margin <= 0:
            continue
        if paid_now == line.paid:
            whole += margin
        else:
            fractions += Fraction(margin * paid_now, line.paid)
    return whole + int(fractions)  # int() of a positive fraction is its floor
