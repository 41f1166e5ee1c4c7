"""What a seller keeps of its own sale, by the plan's way of reckoning it. Floored once, after all lines are added."""

from collections.abc import Callable, Sequence
from fractions import Fraction
from functools import lru_cache, partial

from chalicelib.commissions.rules.language import LeaderOrders, OneRate, ProductRate, Retail, SettlementPrice
from chalicelib.commissions.rules.sale import Line, Status
from chalicelib.money import BASIS_POINTS

Margin = Callable[[Sequence[Line], Sequence[int]], int]
"""Takes the lines and what each of them still has paid (see Arithmetic); gives the reward in minor units."""


def margin_of(rule: Retail, rank: str) -> tuple[Margin, int | None]:
    """Give how the reward of a seller of this rank is reckoned, and its rate: None where each line has its own."""
    match rule.margin:
        case OneRate(rate_bp=rate_bp):
            return _at(one_rate, rate_bp), rate_bp
        case ProductRate():
            return product_rates, None
        case SettlementPrice(settlement_bp=settlement_bp):
            return _at(settlement_margins, settlement_bp[rank]), settlement_bp[rank]


@lru_cache(maxsize=1_000)
def _at(reckon: Callable[[int, Sequence[Line], Sequence[int]], int], rate_bp: int) -> Margin:
    """One function for all sellers of a rate: each of its own would be far away in memory whenever it is called."""
    return partial(reckon, rate_bp)


def nothing(lines: Sequence[Line], still_paid: Sequence[int]) -> int:
    """The plan has no retail reward, or the seller must not earn it."""
    return 0


def one_rate(rate_bp: int, lines: Sequence[Line], still_paid: Sequence[int]) -> int:
    """One rate on the sales."""
    return sum(still_paid) * rate_bp // BASIS_POINTS


def product_rates(lines: Sequence[Line], still_paid: Sequence[int]) -> int:
    """Rates differ by line: the fractions are added first, so that nothing is lost line by line."""
    total = 0
    for line, paid_now in zip(lines, still_paid, strict=True):
        total += paid_now * (line.rate_bp or 0)
    return total // BASIS_POINTS


def settlement_price(list_price: int, qty: int, settlement_bp: int) -> int:
    """Give a line's settlement price in minor units, rounded up."""
    return -(-list_price * qty * settlement_bp // BASIS_POINTS)


def leader_price(rule: LeaderOrders, list_price: int, qty: int, status: Status) -> int:
    """Give what a leader pays for a line that it orders for its customers (`stock_clearance`), rounded up.

    The price of probation is for those on it; a trial begun anew is probation again.
    """
    price_bp = rule.price_bp_on_probation if status == "probation" else rule.price_bp
    return settlement_price(list_price, qty, price_bp)


def settlement_margins(settlement_bp: int, lines: Sequence[Line], still_paid: Sequence[int]) -> int:
    """What was paid above the settlement price; after refunds in proportion to what is still paid, line by line."""
    whole, fractions = 0, list[Fraction]()
    for line, paid_now in zip(lines, still_paid, strict=True):
        margin = line.paid - settlement_price(line.list_price, line.qty, settlement_bp)
        if margin <= 0:
            continue
        if paid_now == line.paid:
            whole += margin
        else:
            fractions.append(Fraction(margin * paid_now, line.paid))
    return whole + int(sum(fractions))  # int() of a positive fraction is its floor
