"""A leader's complaint for several customers at once. Each stands alone."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import structs

from chalicelib.aftersales import rules
from chalicelib.aftersales.actions import Asker, ask
from chalicelib.aftersales.commands import AskCase
from chalicelib.aftersales.store import Case, book_of
from chalicelib.errors import Refusal
from chalicelib.orders import store as orders
from chalicelib.orders.store import Order, OrderNotFound

if TYPE_CHECKING:
    from stripe import StripeClient


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of one of many: the case, or why there is none."""

    order_id: str
    case: Case | None = None
    refusal: Refusal | None = None


def ask_for_several(
    tenant_id: str,
    leader_id: str,
    order_ids: Sequence[str],
    command: AskCase,
    *,
    product_id: str | None,
    units_each: int | None,
    photos: Sequence[str] = (),
    nonce: str,
    now: datetime,
    stripe: "StripeClient",
) -> list[Outcome]:
    """Open a case for each of a leader's orders: the same spoilt crate, the same photos.

    product_id: which product it is about, None for all; units_each: how many of it in each order, None for all that are
    left. One order's refusal stops no other's case. Raises `OrderNotFound` for somebody else's order, `CaseInvalid`.
    """
    check_count(order_ids)
    mine = [orders.get(tenant_id, order_id) for order_id in dict.fromkeys(order_ids)]
    if any(order.leader_id != leader_id for order in mine):
        raise OrderNotFound("There is no such order among yours.")

    def open_one(order: Order) -> Outcome:
        try:
            case = ask(
                tenant_id,
                order.order_id,
                structs.replace(command, units=_units(tenant_id, order, product_id, units_each)),
                asker=Asker("leader", leader_id),
                photos=photos,
                nonce=nonce,
                now=now,
                stripe=stripe,
            )
        except Refusal as refusal:
            return Outcome(order.order_id, refusal=refusal)
        return Outcome(order.order_id, case=case)

    return [open_one(order) for order in mine]


def check_count(chosen: Sequence[object]) -> None:
    """Raises `CaseInvalid` unless something was chosen, and not too much for one request."""
    if not 1 <= len(chosen) <= rules.MOST_ORDERS:
        raise rules.CaseInvalid(f"Choose 1 to {rules.MOST_ORDERS} at a time.", param="chosen")


def _units(tenant_id: str, order: Order, product_id: str | None, units_each: int | None) -> dict[str, int] | None:
    """Say which units of an order it is about; None for all that are left. Raises `CaseInvalid`."""
    if product_id is None:
        return None
    if units_each is not None:
        return {product_id: units_each}
    return {product_id: rules.units_left(order.lines, book_of(tenant_id, order.order_id).claimed).get(product_id, 0)}
