"""POST /stripe/webhook: the raw body and its signature go to `orders.intake` and `disputes.intake`, which store what is
theirs (what it means is worked out later), and to `billing.intake`, which asks Stripe how a subscription stands."""

from chalice.app import Request, Response

from chalicelib.api.answers import answer
from chalicelib.api.serving import in_one_shape, raw_body
from chalicelib.billing import intake as billing
from chalicelib.disputes import intake as disputes
from chalicelib.orders import intake as orders
from chalicelib.wiring import Tools


def take(request: Request, tools: Tools) -> Response:
    """Take in an event of Stripe's and answer at once; Stripe sends again whatever is not answered with 200."""

    def store() -> Response:
        body, signature = raw_body(request), request.headers.get("stripe-signature")
        secret, now = tools.settings.stripe_webhook_secret, tools.now()
        if orders.store_event(body, signature, secret=secret, now=now) is None:
            disputes.store_event(body, signature, secret=secret, now=now, stripe=lambda: tools.stripe)
            billing.take_in(body, signature, secret=secret, now=now, stripe=lambda: tools.stripe)
        return answer(200, b'{"received":true}')

    return in_one_shape("the webhook", store)
