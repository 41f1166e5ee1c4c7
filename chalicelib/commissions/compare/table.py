"""A comparison as text: figures side by side, then who gains and who loses most."""

from collections.abc import Iterable, Iterator

from chalicelib.commissions.compare.side_by_side import Change, Comparison, Outcome
from chalicelib.money import decimal_text

Row = tuple[str, str, str, str]


def render(comparison: Comparison, currency: str) -> str:
    """Give the comparison as a table of plain text; `currency` says how many digits its money has."""
    first, second = comparison.first, comparison.second
    rows = [("", first.plan, second.plan, "difference"), *_figures(first, second, currency)]
    parts = [
        _aligned(rows),
        f"{comparison.gainers} leaders gain by {second.plan}, {comparison.losers} lose.",
        *_leaders("Gain most", comparison, comparison.gains, currency),
        *_leaders("Lose most", comparison, comparison.losses, currency),
        *(_left_out(one, currency) for one in (first, second) if one.first_refusal is not None),
    ]
    return "\n\n".join(parts) + "\n"


def percent(basis_points: int) -> str:
    """Give `1234` as `12.34 %`."""
    sign = "-" if basis_points < 0 else ""
    return f"{sign}{abs(basis_points) // 100}.{abs(basis_points) % 100:02} %"


def _figures(first: Outcome, second: Outcome, currency: str) -> Iterator[Row]:
    def counted(name: str, one: int, other: int) -> Row:
        return name, str(one), str(other), f"{other - one:+}"

    def money(name: str, one: int, other: int) -> Row:
        return name, decimal_text(one, currency), decimal_text(other, currency), _signed(other - one, currency)

    def share(name: str, one: int, other: int) -> Row:
        return name, percent(one), percent(other), ("+" if other > one else "") + percent(other - one)

    yield counted("leaders", first.leaders, second.leaders)
    yield counted("  confirmed at the end", first.confirmed, second.confirmed)
    yield counted("  removed", first.removed, second.removed)
    yield counted("orders", first.orders, second.orders)
    yield money("sales", first.sales_minor, second.sales_minor)
    yield money("commission", first.commission_minor, second.commission_minor)
    yield money("coupons (face value)", first.coupons_minor, second.coupons_minor)
    yield share("commission ÷ sales", first.payout_bp, second.payout_bp)
    yield money("the brand keeps", first.kept_minor, second.kept_minor)
    yield share("the top fifth earns", first.top_fifth_bp, second.top_fifth_bp)
    if first.attackers is not None and second.attackers is not None:
        one, other = first.attackers, second.attackers
        yield counted("attackers", one.attackers, other.attackers)
        yield counted("  accounts they make up", one.fakes, other.fakes)
        yield money("  they are paid", one.paid_minor, other.paid_minor)
        yield money("  their real sales earn", one.real_minor, other.real_minor)
        yield money("  cost the brand", one.cost_minor, other.cost_minor)
        for kind in dict.fromkeys([*one.cost_by_kind, *other.cost_by_kind]):
            yield money(f"    by {kind}", one.cost_by_kind.get(kind, 0), other.cost_by_kind.get(kind, 0))
        yield share("  cost ÷ sales without them", one.cost_bp, other.cost_bp)
        yield money("  other leaders earn more by", one.others_minor, other.others_minor)
    for rank in dict.fromkeys([*first.promotions, *second.promotions]):
        yield counted(f"promotions to {rank}", first.promotions.get(rank, 0), second.promotions.get(rank, 0))


def _leaders(title: str, comparison: Comparison, changes: Iterable[Change], currency: str) -> Iterator[str]:
    rows = [
        (one.leader, decimal_text(one.first_minor, currency), decimal_text(one.second_minor, currency),
         _signed(one.difference_minor, currency))
        for one in changes
    ]  # fmt: skip
    if rows:
        yield _aligned([(title, comparison.first.plan, comparison.second.plan, "difference"), *rows])


def _left_out(outcome: Outcome, currency: str) -> str:
    return (
        f"Under {outcome.plan} some events were impossible and are left out: {outcome.refused_newcomers} newcomers and "
        f"{outcome.refused_orders} orders of {decimal_text(outcome.refused_sales_minor, currency)}. "
        f"The first was {outcome.first_refusal}."
    )


def _signed(amount_minor: int, currency: str) -> str:
    return ("+" if amount_minor > 0 else "") + decimal_text(amount_minor, currency)


def _aligned(rows: list[Row]) -> str:
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    lines = (
        row[0].ljust(widths[0]) + "".join(f"  {row[column].rjust(widths[column])}" for column in (1, 2, 3))
        for row in rows
    )
    return "\n".join(line.rstrip() for line in lines)
