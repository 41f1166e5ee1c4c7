"""An order in a simulation: how an event's lines become what was paid, and what is kept for its refunds."""

from datetime import datetime

import msgspec
from msgspec import UNSET, Struct

from chalicelib.commissions.rules.accrual import Terms
from chalicelib.commissions.rules.events import EventRefused, OrderLine, OrderPaid
from chalicelib.commissions.rules.network import Leader
from chalicelib.commissions.rules.sale import Line, spread_discount


class PaidOrder(Struct, gc=False):
    """An order with what is needed when it is refunded: its lines as they are kept, the terms it was paid under.

    `counts` is False while a plan that counts performance after the return window waits for it.
    """

    leader: Leader
    terms: Terms
    kept_lines: bytes
    paid_at: datetime
    self_purchase: bool
    counts: bool

    def lines(self) -> tuple[Line, ...]:
        """Give the lines as they were paid."""
        return _unpack(self.kept_lines)


def keep(lines: tuple[Line, ...]) -> bytes:
    """Give lines as bytes: a third of the memory, and few of a million orders are ever refunded.

    Raises `EventRefused` for a quantity and a price that are in range and whose product no ledger could hold.
    """
    try:
        return _pack(lines)
    except OverflowError as error:
        raise EventRefused("the amounts of the order are out of range", param="lines") from error


def paid_lines(event: OrderPaid) -> tuple[Line, ...]:
    """Give the lines with what was paid for each, the discount spread. Raises a `Refusal` for what makes no sense."""
    if event.discount is UNSET and len(event.lines) == 1:  # nothing to spread, nothing there twice
        return (_line(event.lines[0], event.lines[0].qty * event.lines[0].unit_price),)
    full_prices = {line.sku: line.qty * line.unit_price for line in event.lines}
    if len(full_prices) < len(event.lines):
        raise EventRefused(f"order {event.order} has a sku twice", param="lines")
    paid = full_prices if event.discount is UNSET else spread_discount(full_prices, event.discount)
    return tuple([_line(line, paid[line.sku]) for line in event.lines])


def _line(line: OrderLine, paid_minor: int) -> Line:
    list_price = line.unit_price if line.list_price is UNSET else line.list_price
    rate_bp = None if line.rate_bp is UNSET else line.rate_bp
    return Line(line.sku, line.qty, line.unit_price, list_price, paid_minor, rate_bp)


_pack = msgspec.msgpack.Encoder().encode
_unpack = msgspec.msgpack.Decoder(tuple[Line, ...]).decode
