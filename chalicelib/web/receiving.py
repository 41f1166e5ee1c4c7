"""A buyer says on its order's page that the parcel has come."""

from chalicelib.delivery import tracking
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.frame import action
from chalicelib.web.storefront import order_of_link, show_order


@action("/s/{store}/{leader_id}/o/{order_token}/received")
def received(ask: Ask, store: str, leader_id: str, order_token: str) -> Answer:
    """Note that the parcel has come. The link is the key."""
    brand, order = order_of_link(ask, store, leader_id, order_token)
    if ask.posted:
        with ask.keeping_problem():
            tracking.received(brand.tenant_id, order.order_id, now=ask.now)
            return ask.go("s", store, leader_id, "o", order_token)
    return show_order(ask, brand, order)
