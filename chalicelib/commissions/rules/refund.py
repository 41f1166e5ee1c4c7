"""What a refund takes off each line of an order, and which refunds are refused."""

from collections.abc import Mapping, Sequence

from chalicelib.errors import Invalid
from chalicelib.money import split_by_weight


class RefundRefused(Invalid):
    """A refund that makes no sense: nothing, more than is left, or both of the whole order and of lines."""

    code = "refund_invalid"


def spread_refund(still_paid: Mapping[str, int], amount_minor: int) -> dict[str, int]:
    """Share a refund that names no line over the lines, by what each sku still has paid (order of lines matters).

    Gives the amount for each sku. Raises `RefundRefused` for 0 or more than is left.
    """
    _check(amount_minor, sum(still_paid.values()), "the order")
    shares = split_by_weight(amount_minor, list(still_paid.values()))
    return dict(zip(still_paid, shares, strict=True))


def refund_by_line(
    still_paid: Mapping[str, int],
    *,
    amount_minor: int | None = None,
    lines: Sequence[tuple[str, int]] | None = None,
) -> dict[str, int]:
    """Give the amount taken off each sku by a refund of the whole order (`amount_minor`) or of lines (sku, amount).

    Raises `RefundRefused`: both or neither given, a refund of 0, above what is left, an unknown or repeated sku.
    """
    if amount_minor is not None and lines is not None:
        raise RefundRefused("a refund has either an amount or lines, not both", param="amount")
    if amount_minor is not None:
        return spread_refund(still_paid, amount_minor)
    if not lines:
        raise RefundRefused("a refund needs an amount or lines", param="lines")
    taken: dict[str, int] = {}
    for sku, line_amount in lines:
        if sku in taken:
            raise RefundRefused(f"{sku} is there twice in one refund", param="lines")
        if sku not in still_paid:
            raise RefundRefused(f"the order has no {sku}", param="lines")
        _check(line_amount, still_paid[sku], sku)
        taken[sku] = line_amount
    return taken


def after_refund(still_paid: Mapping[str, int], taken: Mapping[str, int]) -> dict[str, int]:
    """Give what each sku still has paid after a refund was taken off."""
    return {sku: paid - taken.get(sku, 0) for sku, paid in still_paid.items()}


def _check(amount_minor: int, left_minor: int, what: str) -> None:
    if amount_minor <= 0:
        raise RefundRefused(f"a refund of {amount_minor} is no refund", param="amount")
    if amount_minor > left_minor:
        raise RefundRefused(f"a refund of {amount_minor} is above the {left_minor} left of {what}", param="amount")
