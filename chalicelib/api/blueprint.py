"""Chalice's routes for `/v1` and Stripe's webhook."""

from collections.abc import Callable
from typing import Any

from chalice.app import Blueprint, Request, Response

from chalicelib.api import answers, serving, stripe_webhook
from chalicelib.api.route import Route
from chalicelib.api.routes import ROUTES
from chalicelib.wiring import Tools


def api_blueprint(tools: Callable[[], Tools]) -> Blueprint:
    """Make the blueprint; `tools` is asked for at the first request, not before."""
    blueprint = Blueprint(__name__)
    for route in ROUTES:
        blueprint.route(route.path, methods=[route.method], name=name_of(route))(_view(blueprint, route, tools))
    blueprint.route("/stripe/webhook", methods=["POST"], name="stripe_webhook")(_webhook(blueprint, tools))
    blueprint.register_middleware(_in_one_shape, "http")
    return blueprint


def name_of(route: Route) -> str:
    """Name a route by its method and path: `get_products_product_id`."""
    path = route.path.removeprefix("/v1/").replace(".", "_")
    return f"{route.method.lower()}_{path.translate({ord('/'): '_', ord('{'): None, ord('}'): None})}"


def _view(blueprint: Blueprint, route: Route, tools: Callable[[], Tools]) -> Callable[..., Response]:
    def view(**ids: str) -> Response:
        return serving.serve(route, blueprint.current_request, ids, tools())

    return view


def _webhook(blueprint: Blueprint, tools: Callable[[], Tools]) -> Callable[..., Response]:
    def view() -> Response:
        return stripe_webhook.take(blueprint.current_request, tools())

    return view


def _in_one_shape(request: Request | None, get_response: Callable[[Any], Response]) -> Response:
    """Let what chalice itself refuses in `/v1` (wrong method or content type) look like our own refusals."""
    response = get_response(request)
    if request is not None and request.path.startswith("/v1/") and isinstance(response.body, dict):
        return answers.of_chalice(response)
    return response
