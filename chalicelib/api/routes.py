"""The one table of `/v1`: chalice's routes and the OpenAPI document are both made of it."""

from chalicelib.api import routes_of_billing, routes_of_goods, routes_of_leaders, routes_of_orders
from chalicelib.api.route import Route

ROUTES: tuple[Route, ...] = (
    *routes_of_goods.ROUTES,
    *routes_of_leaders.ROUTES,
    *routes_of_orders.ROUTES,
    *routes_of_billing.ROUTES,
)
