"""Orders as they lie in the table, for those who look for them: nothing was bought."""

from chalicelib.ids import encode
from chalicelib.orders import store as orders
from chalicelib.orders.lines import Customer
from chalicelib.orders.store import Order
from chalicelib.store import packed
from tests.builders import START

LEADER, CAMPAIGN = "ld_0123456789", "cp_" + "0" * 20


def an_order(number=1, tenant_id="t", name="Li Na", phone="13800138000", placed_at=START, entered=(), **changes):
    """An order that awaits its payment, unless it is said otherwise; by its number it has its id."""
    fields = {
        "leader_id": LEADER,
        "campaign_id": CAMPAIGN,
        "customer_packed": packed({"name": name, "phone": phone, "pickup": "Gate 3"}),
        "page_key": f"key{number}",
        "lines_packed": "[]",
        "amount_minor": 1800,
        "currency": "CNY",
        "placed_at": placed_at,
        "entered_packed": packed(entered) if entered else None,
    }
    order = Order(*orders.order_key(tenant_id, f"ord_{encode(number, 20)}"), **(fields | changes))
    assert order.customer == Customer(name=name, phone=phone, pickup="Gate 3")
    return order
