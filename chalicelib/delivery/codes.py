"""What a buyer shows when it picks up: a QR code that leads its leader to the order, or six digits to be typed.

Both are sealed with the key of the order's page, and neither tells it: a label lies in a shop for everybody to see, the
buyer's page is for the buyer.
"""

from chalicelib.orders import store as orders
from chalicelib.orders.store import Order
from chalicelib.people.seals import same, seal

_TOKEN_LENGTH = 20
_CODE_DIGITS = 6


def handout_token(order: Order) -> str:
    """Give what names an order in its hand-out link."""
    return f"{order.order_id}.{_sealed(order)}"


def pickup_code(order: Order) -> str:
    """Give the six digits that stand for an order where scanning fails."""
    number = int(seal(order.page_key, "pick-up code", order.order_id)[:15], 16)
    return f"{number % 10**_CODE_DIGITS:0{_CODE_DIGITS}d}"


def short_number(order_id: str) -> str:
    """Give the end of an order's id, as it stands on labels and lists; the table knows whole ids only."""
    return order_id[-6:].upper()


def order_of_token(tenant_id: str, token: str) -> Order | None:
    """Read the order that a hand-out link names, None where it is none of ours."""
    order_id, _, sealed = token.partition(".")
    order = orders.find(tenant_id, order_id)
    return order if order is not None and same(sealed, _sealed(order)) else None


def has_code(order: Order, typed: str) -> bool:
    """Tell whether a typed code is the order's; blanks do not matter."""
    return same("".join(typed.split()), pickup_code(order))


def _sealed(order: Order) -> str:
    return seal(order.page_key, "hand-out", order.order_id)[:_TOKEN_LENGTH]
