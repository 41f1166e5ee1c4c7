"""A brand that can subscribe: its orders are paid at the small fake Stripe, its own subscription at the sandbox."""

from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.billing import intake, rules, store, subscription
from chalicelib.billing.prices import Tier
from chalicelib.billing.rules import Notice
from chalicelib.billing.store import Billing
from chalicelib.billing.usage import Usage, used
from chalicelib.errors import Refusal
from chalicelib.events import schedules
from chalicelib.figures import store as figures
from chalicelib.figures.rules import BRAND, over
from chalicelib.figures.store import Change
from chalicelib.settlement.days import local_day
from chalicelib.stripe_client import open_client
from chalicelib.tenancy import acting_for
from infra.billing_setup import set_up
from infra.local.stripe_sandbox import Running, serve
from tests.conftest import StoppedClock
from tests.events.world import Brand
from tests.infra.local.stripe_sandbox.inbox import Inbox

PAGE = "https://shop.example/console/green/billing"


class Counted(Brand):
    """A brand whose owner looks at what it uses. It never meets Stripe with a subscription."""

    _told = 0

    def sells(self, orders: int) -> None:
        """So many orders were paid, or given back whole (below 0), in the brand's month of now."""
        self._told += 1
        counts = Counter({over("paid_orders", local_day(self.clock(), self.tenant.timezone)[:7]): orders})
        with acting_for(self.tenant_id):
            change = [Change(str(self._told), self.clock(), counts)]
            figures.take_in(self.tenant_id, BRAND, "shardId-billing", change, now=self.clock())

    def look(self) -> None:
        schedules.sweep(self.clock(), self.tools, lambda: True)

    @property
    def state(self) -> Billing:
        with acting_for(self.tenant_id):
            return store.get(self.tenant_id)

    @property
    def tier(self) -> Tier:
        return rules.in_force(self.state, self.clock())

    @property
    def usage(self) -> Usage:
        with acting_for(self.tenant_id):
            return used(self.tenant, store.get(self.tenant_id), now=self.clock())

    @property
    def notice(self) -> Notice | None:
        return rules.notice(self.state, self.clock())

    def can_open(self) -> bool:
        try:
            self.campaign(1_000, 1_000)
        except rules.TierTooSmall:
            return False
        return True


class Billed(Counted):
    """One whose owner goes to Stripe, where a month passes as it does here."""

    def __init__(self, clock: StoppedClock, sandbox: Running, inbox: Inbox) -> None:
        super().__init__(clock)
        self.control, self.inbox = sandbox.control, inbox
        self.bank = open_client("sk_test_local", sandbox.url, timeout_seconds=5)
        events: Any = sorted(intake.EVENTS)
        endpoint = self.bank.v1.webhook_endpoints.create({"url": inbox.url, "enabled_events": events})
        self.secret, self._endpoint_id = str(endpoint.secret), endpoint.id
        self.tools.stripe = self.bank

    def chooses(self, tier: str) -> str:
        """The owner presses the button of a tier; gives the id of the page's session at Stripe."""
        with acting_for(self.tenant_id):
            subscription.subscribe(self.tenant, tier, stripe=self.bank, page_url=PAGE, now=self.clock())
            return str(store.get(self.tenant_id).session_id)

    def subscribes(self, tier: str) -> None:
        """… and pays there, and Stripe tells."""
        self.control.pay(self.chooses(tier))
        self.hear()

    def acts(self, what: Any, *how: str) -> Billing:
        """The owner changes, cancels or resumes."""
        with acting_for(self.tenant_id):
            done: Billing = what(self.tenant, *how, stripe=self.bank, now=self.clock())
        return done

    def card(self, *, works: bool) -> None:
        self.control.set_card(str(self.state.customer_id), works=works)

    # ------------------------------------------------------------------------------------------- what machines do

    def time_passes(self, **duration: float) -> None:
        """For us and for Stripe; then the schedule looks."""
        self.clock.advance(**duration)
        self.control.advance_clock(int(timedelta(**duration).total_seconds()))
        self.look()

    def mail(self) -> list[tuple[bytes, str]]:
        """What webhooks brought, not taken in yet."""
        self.control.wait_until_delivered()
        brought = self.inbox.taken_out()
        return brought

    def webhook(self, payload: bytes, signature: str) -> bool | int:
        """What comes of one delivery: whether it was about a subscription of ours, or the refusal's status."""
        now = datetime.now(UTC)  # the sandbox signs with the real time
        try:
            return intake.take_in(payload, signature, secret=self.secret, now=now, stripe=lambda: self.bank)
        except Refusal as refusal:
            return refusal.status

    def hear(self) -> list[bool | int]:
        return [self.webhook(*one) for one in self.mail()]

    def leaves_stripe(self) -> None:
        """Nothing of this story is renewed or told in the next one."""
        self.control.clear_faults()
        for one in self.bank.v1.subscriptions.list({"limit": 100}).data:
            self.bank.v1.subscriptions.cancel(one.id)
        self.control.wait_until_delivered()
        self.bank.v1.webhook_endpoints.delete(self._endpoint_id)


@pytest.fixture(scope="session")
def sandbox() -> Iterator[Running]:
    """One Stripe for all stories: its clock only goes on, and brands never meet in it."""
    with serve() as running:
        set_up(open_client("sk_test_local", running.url), say=lambda made: None)
        yield running


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with Inbox().open() as inbox:
        yield inbox


@pytest.fixture
def brand(table: None, sandbox: Running, inbox: Inbox) -> Iterator[Billed]:
    brand = Billed(StoppedClock(datetime.fromtimestamp(sandbox.control.now(), UTC)), sandbox, inbox)
    yield brand
    brand.leaves_stripe()


@pytest.fixture
def counted(table: None) -> Counted:
    return Counted(StoppedClock())
