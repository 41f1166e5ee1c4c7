"""A site whose machines run: the stream after each form, the schedules whenever days go by."""

from chalicelib.events import schedules, stream
from chalicelib.figures import rollup
from chalicelib.orders import intake
from tests.events.world import Stream
from tests.orders.fake_stripe import SECRET, message, signed
from tests.web.conftest import Site


class World(Site):
    """What a bridge opens to. Time goes by only when told to, a second for each form sent."""

    def __init__(self, clock, randbits, bridge):
        super().__init__(clock, randbits, public_url=bridge.site_url, stripe_base=bridge.pay_url)
        self.site_url = bridge.site_url
        self.stripe.pay_at = f"{bridge.pay_url}/pay"
        self._stream = Stream()

    def pump(self):
        """Let the stream's two readers take in all that has changed, and what they change themselves."""
        self.clock.advance(seconds=1)
        while records := self._stream.waiting():
            event = {"Records": records, "shardId": "shardId-1"}
            assert stream.handle(event, self.tools) == {"batchItemFailures": []}
            assert rollup.handle(event, self.clock())["batchItemFailures"] == []

    def paid(self, session_id):
        """The buyer pays, Stripe tells; gives the path of the order's page, to which Stripe leads back."""
        self.stripe.pay(session_id)
        told = self.stripe.sessions[session_id]
        body = message("checkout.session.completed", told, created=self.clock(), event_id=f"evt_{session_id}")
        intake.store_event(body, signed(body, at=self.clock()), secret=SECRET, now=self.clock())
        self.pump()
        return self.order_link(self.the_brand(), told)

    def the_brand(self):
        """The one brand of the story."""
        return self.brand_of("green-village")

    def days_pass(self, days):
        """Days go by, and the schedules run at the end of them."""
        now = self.clock.advance(days=days)
        schedules.sweep(now, self.tools, lambda: True)
        schedules.settle(now, lambda: True)
        self.pump()
