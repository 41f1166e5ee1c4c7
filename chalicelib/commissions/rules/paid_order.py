"""An order in a simulation: how an event's lines become what was paid, and what is kept for its refunds."""

from dataclasses import dataclass
from datetime import datetime

from msgspec import UNSET

from chalicelib.commissions.rules.events import EventRefused, OrderPaid
from chalicelib.commissions.rules.network import Leader
from chalicelib.commissions.rules.sale import Line, Sale, spread_discount


@dataclass(slots=True)
class PaidOrder:
    """An order with what is needed when it is refunded. `still_paid` is None as long as nothing was.

    `counts` is False while a plan that counts performance after the return window waits for it.
    """

    leader: Leader
    sale: Sale
    paid_at: datetime
    still_paid: dict[str, int] | None = None
    counts: bool = True

    def paid_now(self) -> dict[str, int]:
        """What each sku still has paid."""
        if self.still_paid is None:
            return {line.sku: line.paid for line in self.sale.lines}
        return self.still_paid


def paid_lines(event: OrderPaid) -> tuple[Line, ...]:
    """Give the lines with what was paid for each, the discount spread. Raises a `Refusal` for what makes no sense."""
    full_prices = {line.sku: line.qty * line.unit_price for line in event.lines}
    if len(full_prices) < len(event.lines):
        raise EventRefused(f"order {event.order} has a sku twice", param="lines")
    paid = spread_discount(full_prices, 0 if event.discount is UNSET else event.discount)
    return tuple(
        Line(
            sku=line.sku,
            qty=line.qty,
            unit_price=line.unit_price,
            list_price=line.unit_price if line.list_price is UNSET else line.list_price,
            paid=paid[line.sku],
            rate_bp=None if line.rate_bp is UNSET else line.rate_bp,
        )
        for line in event.lines
    )
