"""POST /stripe/webhook: the raw body and its signature go to `orders.intake`; what they mean is worked out later."""

from chalice.app import Request, Response

from chalicelib.api.answers import answer
from chalicelib.api.serving import in_one_shape, raw_body
from chalicelib.orders.intake import store_event
from chalicelib.wiring import Tools


def take(request: Request, tools: Tools) -> Response:
    """Store an event of Stripe's and answer at once; Stripe sends again whatever is not answered with 200."""

    def store() -> Response:
        signature, secret = request.headers.get("stripe-signature"), tools.settings.stripe_webhook_secret
        store_event(raw_body(request), signature, secret=secret, now=tools.now())
        return answer(200, b'{"received":true}')

    return in_one_shape("the webhook", store)
