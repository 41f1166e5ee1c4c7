"""What can be claimed of an order, and what it comes to. Pure."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from chalicelib.aftersales.commands import AskCase
from chalicelib.commissions.rules.refund import RefundRefused, refund_by_line, spread_refund
from chalicelib.errors import Conflict, Forbidden, Invalid
from chalicelib.orders.lines import OrderLine

LONGEST_TEXT = 500
LONGEST_NOTE = 200
MOST_PHOTOS = 4
MOST_ORDERS = 30
"""How many orders a leader can name in one form, and how many cases a brand can decide in one."""
CLAIM_DAYS = 30
"""How long after the hand-out a customer or its leader can ask. The brand always can."""

Units = Mapping[str, int]
"""Units by product."""


class CaseInvalid(Invalid):
    """A field of a case that cannot be used."""

    code = "case_invalid"


class NotClaimable(Conflict):
    """The order is not paid (any more): there is nothing that could be wrong with it."""

    code = "order_not_claimable"


class CaseTooLate(Conflict):
    """The goods were handed out too long ago."""

    code = "case_too_late"


class CaseDecided(Conflict):
    """The case was decided, or withdrawn, before."""

    code = "case_decided"


class OwnCase(Forbidden):
    """Nobody decides on what they have asked for, or sold, themselves."""

    code = "case_own"


def check_claimable(state: str, delivered_at: datetime | None, *, by_brand: bool, now: datetime) -> None:
    """Refuse a case of what is not paid, or was handed out too long ago. Raises `NotClaimable`, `CaseTooLate`."""
    if state not in ("paid", "delivered"):
        raise NotClaimable("This order is not paid, or its money was given back already.", param="order_id")
    if delivered_at is not None and not by_brand and now > delivered_at + timedelta(days=CLAIM_DAYS):
        raise CaseTooLate(
            f"This order was handed out more than {CLAIM_DAYS} days ago. Please write to the brand.", param="order_id"
        )


def check_text(text: str, *, longest: int, param: str) -> str:
    """Give a text, tidied. Raises `CaseInvalid`."""
    text = "\n".join(" ".join(line.split()) for line in text.strip().splitlines())
    if len(text) > longest:
        raise CaseInvalid(f"Write at most {longest} characters here.", param=param)
    return text


def check_photos(names: Sequence[str]) -> tuple[str, ...]:
    """Give the names of a case's photos, each once. Raises `CaseInvalid` for too many."""
    once = tuple(dict.fromkeys(names))
    if len(once) > MOST_PHOTOS:
        raise CaseInvalid(f"Add at most {MOST_PHOTOS} photos.", param="photo")
    return once


def units_left(lines: Sequence[OrderLine], claimed: Units) -> dict[str, int]:
    """Give how many units of each product no case has claimed yet."""
    return {line.product_id: line.qty - claimed.get(line.product_id, 0) for line in lines}


def units_asked(command: AskCase, lines: Sequence[OrderLine], claimed: Units) -> dict[str, int]:
    """Give the units that a case is about; none for one about an amount. Raises `CaseInvalid` that names the field."""
    if command.amount_minor is not None:
        if command.units is not None or command.wish != "refund":
            raise CaseInvalid("Name either units or an amount; a replacement is of units.", param="amount_minor")
        return {}
    left = units_left(lines, claimed)
    if command.units is None:
        units = {product_id: count for product_id, count in left.items() if count > 0}
    else:
        units = {product_id: count for product_id, count in command.units.items() if count}
        for product_id, count in units.items():
            if product_id not in left:
                raise CaseInvalid("This product is not in the order.", param=f"units.{product_id}")
            if not 1 <= count <= left[product_id]:
                raise CaseInvalid(
                    f"At most {left[product_id]} of it are left to be asked for.", param=f"units.{product_id}"
                )
    if not units:
        raise CaseInvalid("Say how many units it is about.", param="units")
    return units


def share_of(paid_minor: int, qty: int, given: int, units: int) -> int:
    """Give what `units` of a line are worth after `given` of its `qty` were given back before.

    Each share is the difference of two floors, so that all units together give exactly what was paid, in any portions.
    """
    return paid_minor * (given + units) // qty - paid_minor * given // qty


def worth_of(lines: Sequence[OrderLine], given: Units, units: Units) -> dict[str, int]:
    """Give what a case's units are worth by product: pro rata, and never more than is left of the line."""
    worth = {
        line.product_id: min(
            share_of(line.paid_minor, line.qty, given.get(line.product_id, 0), units[line.product_id]),
            line.still_paid_minor,
        )
        for line in lines
        if line.product_id in units
    }
    return {product_id: amount for product_id, amount in worth.items() if amount}


def to_give_back(
    lines: Sequence[OrderLine], given: Units, units: Units, asked_minor: int | None, decided_minor: int | None
) -> dict[str, int]:
    """Give what is given back of each product: what its units are worth, or the amount asked for, or the one decided.

    decided_minor: the brand's own amount; over the case's products while they have that much left, else over the order.
    Raises `RefundRefused`, when nothing or less than that is left.
    """
    if not any(line.paid_minor for line in lines):
        raise RefundRefused("Nothing was paid for this order. Ask for a replacement instead.", param="wish")
    worth = worth_of(lines, given, units)
    amount = decided_minor if decided_minor is not None else asked_minor
    if amount is None or (worth and amount == sum(worth.values())):
        if not worth:
            raise RefundRefused("Nothing of this is paid any more. Only a replacement is left.", param="amount_minor")
        return worth
    still_paid = {line.product_id: line.still_paid_minor for line in lines}
    named = {product_id: still_paid[product_id] for product_id in units if still_paid[product_id]}
    if 0 < amount <= sum(named.values()):
        taken = spread_refund(named, amount)
    else:
        try:
            taken = refund_by_line(still_paid, amount_minor=amount)
        except RefundRefused as refusal:
            raise RefundRefused(refusal.message, param="amount_minor") from None
    return {product_id: part for product_id, part in taken.items() if part}


def is_automatic(amount_minor: int, *, automatic_so_far_minor: int, limit_minor: int) -> bool:
    """Tell whether a refund needs nobody's yes: the order's sum of such refunds stays within the brand's limit.

    Per order and in sum: a claim cut into many small ones gets no further than a single one.
    """
    return automatic_so_far_minor + amount_minor <= limit_minor
