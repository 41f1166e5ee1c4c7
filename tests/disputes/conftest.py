"""A whole brand whose Stripe is the sandbox: orders are paid, disputed and decided over the wire."""

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.disputes import intake as disputes
from chalicelib.disputes import store
from chalicelib.disputes.store import Dispute
from chalicelib.errors import Refusal
from chalicelib.ledger import book
from chalicelib.orders import intake as orders
from chalicelib.orders.store import Order, get
from chalicelib.stripe_client import open_client
from chalicelib.tenancy import acting_for
from infra.local.stripe_sandbox import serve
from tests.conftest import StoppedClock
from tests.events.world import Brand
from tests.infra.local.stripe_sandbox.inbox import Inbox

EVENTS = [
    "checkout.session.completed",
    "refund.created",
    "refund.updated",
    "refund.failed",
    "charge.dispute.created",
    "charge.dispute.updated",
    "charge.dispute.closed",
    "charge.dispute.funds_withdrawn",
    "charge.dispute.funds_reinstated",
]


class DisputedBrand(Brand):
    """A brand with a leader who sells apples for 200.00 at 20 %, and a bank that may dispute them."""

    def __init__(self, clock: StoppedClock, sandbox: Any, inbox: Inbox) -> None:
        super().__init__(clock)
        self.control, self.inbox = sandbox.control, inbox
        self.stripe = self.tools.stripe = open_client("sk_test_local", sandbox.url, timeout_seconds=5)
        endpoint = self.stripe.v1.webhook_endpoints.create({"url": inbox.url, "enabled_events": EVENTS})
        self.secret = endpoint.secret
        self.wang = self.leader("Wang")
        self.offered = self.campaign(200_00, 2_000)

    def time_passes(self, **duration: float) -> None:
        """For us and for Stripe."""
        self.clock.advance(**duration)
        self.control.advance_clock(int(timedelta(**duration).total_seconds()))

    def mail(self) -> list[tuple[bytes, str]]:
        """Take what webhooks brought, without taking it in."""
        self.control.wait_until_delivered()
        brought = self.inbox.taken_out()
        return brought

    def webhook(self, payload: bytes, signature: str) -> int:
        """What the site answers to one delivery."""
        now = datetime.now(UTC)  # the sandbox signs with the real time
        try:
            if orders.store_event(payload, signature, secret=self.secret, now=now) is None:
                disputes.store_event(payload, signature, secret=self.secret, now=now, stripe=lambda: self.stripe)
        except Refusal as refusal:
            return refusal.status
        return 200

    def hear(self) -> list[int]:
        """Take in what webhooks brought; gives the answers."""
        answers = [self.webhook(*one) for one in self.mail()]
        self.pump()
        return answers

    def sold(self) -> Order:
        """Wang sells apples: 200.00 paid, 40.00 earned."""
        order = self.order(self.wang, self.offered)
        self.control.pay(order.session_id)
        self.hear()
        return self.look(order)

    def look(self, order: Order) -> Order:
        with acting_for(self.tenant_id):
            return get(self.tenant_id, order.order_id)

    def disputes_of(self, order: Order) -> list[Dispute]:
        with acting_for(self.tenant_id):
            return store.of_order(self.tenant_id, order.order_id)

    def bank_takes(self, order: Order, **wanted: Any) -> str:
        """The bank disputes a paid order; gives the dispute's id."""
        return str(self.control.dispute(payment_intent=str(order.payment_intent_id), **wanted)["id"])

    def wang_has(self) -> tuple[int, int, int]:
        """(held, frozen, available)."""
        with acting_for(self.tenant_id):
            found = book.leader_balance(self.tenant_id, self.wang, "CNY")
        return found.held_minor, found.frozen_minor, found.available_minor

    def cash(self) -> int:
        """What the ledger says the brand has of its sales at Stripe."""
        found = self.balances()
        assert set(book.trial_balance(found).values()) <= {0}
        return found.get(("brand:cash", "CNY"), 0) + found.get(("brand:funds", "CNY"), 0)


@pytest.fixture
def brand(table: None) -> Iterator[DisputedBrand]:
    with Inbox().open() as inbox, serve() as sandbox:
        yield DisputedBrand(StoppedClock(datetime.now(UTC)), sandbox, inbox)
