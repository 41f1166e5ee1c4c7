"""How a dispute stands by Stripe's word, which of two tellings is the later one, and what refunds it leaves. Pure.

https://docs.stripe.com/api/disputes/object · https://docs.stripe.com/disputes/how-disputes-work
"""

from collections.abc import Iterable, Sequence
from typing import Literal

from msgspec import Struct

from chalicelib.errors import Conflict

State = Literal["inquiry", "open", "closed", "won", "lost"]
"""`inquiry`: the bank only asks, the money stays; `closed`: an inquiry that ended without a dispute."""

_STATES: dict[str, State] = {
    "warning_needs_response": "inquiry",
    "warning_under_review": "inquiry",
    "needs_response": "open",
    "under_review": "open",
    "warning_closed": "closed",
    "prevented": "closed",
    "won": "won",
    "lost": "lost",
}
_ORDER: tuple[State, ...] = ("inquiry", "open", "closed", "won", "lost")


class OrderDisputed(Conflict):
    """The buyer's bank has the money, or is deciding about it: Stripe refuses a refund of it."""

    code = "order_disputed"


class Movement(Struct, frozen=True):
    """Money that Stripe moved for a dispute: below zero taken from the balance, above it given back."""

    amount: int
    currency: str


class Told(Struct, frozen=True, kw_only=True):
    """A dispute as one event of Stripe's tells it whole. Amounts are minor units of the order's currency.

    second: when Stripe made the event; opened: the dispute; moves: how often money had been moved for it by then.
    """

    second: int
    opened: int
    moves: int
    status: str
    amount_minor: int
    withdrawn_minor: int
    reason: str
    due_by: int | None
    refundable: bool
    charge_id: str
    livemode: bool


def state_of(status: str) -> State:
    """Read Stripe's status; one that we do not know keeps the money frozen."""
    return _STATES.get(status, "open")


def standing_of(state: State) -> Literal["open", "won", "lost"]:
    """Say what a state means for what leaders have earned: frozen, theirs again, or gone."""
    if state == "lost":
        return "lost"
    return "won" if state in ("won", "closed") else "open"


def lateness(second: int, status: str, moves: int) -> tuple[int, int, int]:
    """Give what decides which telling is the later one, however they arrive.

    Stripe's times are whole seconds: within one, a dispute goes on from its opening to its end, and its money moves.
    """
    return second, _ORDER.index(state_of(status)), moves


def withdrawn_minor(movements: Sequence[Movement], *, amount_minor: int, currency: str) -> int:
    """Give what the bank has of the money now; Stripe's fee is not part of it (the platform bears it).

    Where Stripe keeps its balance in another currency than the order's, all or nothing is known.
    """
    if all(one.currency.upper() == currency for one in movements):
        return max(0, -sum(one.amount for one in movements))
    taken = sum(1 if one.amount < 0 else -1 for one in movements)
    return amount_minor if taken > 0 else 0


def state_of_order(states: Iterable[State]) -> State:
    """Say in one word how an order's disputes stand, of which there are some: undecided before lost before won."""
    found = set(states)
    return next(state for state in ("open", "inquiry", "lost", "won", "closed") if state in found)


def check_refund(state: str | None, *, asked_minor: int, left_minor: int, lost_minor: int) -> None:
    """Refuse a refund of money that a bank has, or decides about. Raises `OrderDisputed`.

    state: how the order's disputes stand; left_minor: what refunds have left of it; lost_minor: what banks took for
    good. An inquiry is best answered with a refund: that is allowed.
    """
    if state == "open":
        raise OrderDisputed(
            "The buyer's bank disputes this payment and has the money now. Answer the bank at Stripe; what it gives "
            "back can be refunded then.",
            param="order_id",
        )
    if asked_minor > left_minor - lost_minor:
        raise OrderDisputed(
            "The buyer's bank has given this money back to the buyer already, after a dispute. Do not pay it twice.",
            param="order_id",
        )
