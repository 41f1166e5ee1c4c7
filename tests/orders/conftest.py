"""A brand with one leader, two products and a campaign, and a Stripe to talk to."""

import itertools
from datetime import timedelta

import pytest

from chalicelib import store as table_store
from chalicelib.campaigns import actions as campaign_actions
from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.commands import CreateCampaign, Offer
from chalicelib.catalog import actions as catalog_actions
from chalicelib.catalog import store as catalog
from chalicelib.catalog.commands import CreateProduct
from chalicelib.commissions import store as plans
from chalicelib.orders import intake, payment, placing, store
from chalicelib.orders.commands import OrderedItem, Place
from chalicelib.orders.lines import Customer
from chalicelib.tenants import store as tenants
from tests.builders import a_profile
from tests.orders.fake_stripe import SECRET, FakeStripe, message, signed

LEADER_ID = "ld_0123456789"
BUYER = Customer(name="Li Na", phone="13800138000", pickup="Gate 3")


class Shop:
    """The brand, and the things that people do there."""

    def __init__(self, tenant_id, clock, first_number=1, stripe=None):
        self.tenant_id, self.clock = tenant_id, clock
        self.stripe = stripe or FakeStripe(clock)
        self._numbers = itertools.count(first_number)
        self._events = itertools.count(1)
        self._open()

    def bits(self, _count):
        return next(self._numbers)

    def _open(self):
        now = self.clock()
        self.tenant = tenants.new_tenant(
            self.tenant_id,
            name="Green Village",
            slug="green-village",
            currency="CNY",
            timezone="Asia/Shanghai",
            plan_preset="breakaway",
            return_window_days=7,
            contact_email="owner@example.com",
            created_at=now,
        )
        self.leader = a_profile(
            self.tenant_id, LEADER_ID, now, person_id="pe_1", name="Wang", phone="13911112222", invite_code="code"
        )
        for record in (self.tenant, self.leader, plans.first_version(self.tenant_id, "breakaway", now)):
            table_store.put(record)
        self.pears = self.product("Pears", stock=10)
        self.plums = self.product("Plums", stock=10)
        self.campaign = self.open_campaign({self.pears: (1800, 5), self.plums: (999, 5)})

    def product(self, title, stock):
        command = CreateProduct(
            title=title, unit="box", list_price_minor=2500, sale_price_minor=2000, rate_bp=2000, stock=stock
        )
        return catalog_actions.create(self.tenant_id, command, now=self.clock(), randbits=self.bits).product_id

    def open_campaign(self, offers, hours=12):
        items = [Offer(product_id=one, price_minor=price, quantity=count) for one, (price, count) in offers.items()]
        command = CreateCampaign(
            title="Monday fruit",
            opens_at=self.clock(),
            closes_at=self.clock() + timedelta(hours=hours),
            items=items,
        )
        return campaign_actions.create(self.tenant_id, command, now=self.clock(), randbits=self.bits)

    def basket(self, pears=1, plums=0, **changes):
        lines = [OrderedItem(product_id=self.pears, qty=pears)] if pears else []
        lines += [OrderedItem(product_id=self.plums, qty=plums)] if plums else []
        fields = {"leader_id": LEADER_ID, "campaign_id": self.campaign.campaign_id, "lines": lines, "customer": BUYER}
        return Place(**fields | changes)

    def place(self, command=None, **given):
        return placing.place(
            self.tenant_id,
            command or self.basket(),
            now=self.clock(),
            randbits=self.bits,
            stripe=self.stripe,
            public_url="https://shop.example",
            **given,
        )

    def paid(self, pears=1, plums=0):
        """An order that was placed and paid."""
        order = self.place(self.basket(pears, plums)).order
        self.stripe.pay(order.session_id)
        return self.tell("checkout.session.completed", order.session_id)

    def event(self, event_type, session_id, **changes):
        """What Stripe's webhook stores about a session."""
        told = {**self.stripe.sessions[session_id], **changes}
        payload = message(event_type, told, created=self.clock(), event_id=f"evt_{next(self._events)}")
        return intake.store_event(payload, signed(payload, at=self.clock()), secret=SECRET, now=self.clock())

    def refund_event(self, event_type, stripe_refund_id, **changes):
        told = self.stripe.refunds[stripe_refund_id] | changes
        payload = message(event_type, told, created=self.clock(), event_id=f"evt_{next(self._events)}")
        return intake.store_event(payload, signed(payload, at=self.clock()), secret=SECRET, now=self.clock())

    def apply(self, event):
        return payment.apply(self.tenant_id, event, now=self.clock(), stripe=self.stripe)

    def tell(self, event_type, session_id, **changes):
        return self.apply(self.event(event_type, session_id, **changes))

    def order(self, order_id):
        return store.get(self.tenant_id, order_id)

    def left(self):
        """Units of pears and plums that the campaign still has."""
        left = campaigns.stock_left(self.tenant_id, self.campaign)
        return left[self.pears], left[self.plums]

    def in_stock(self):
        """Units of pears and plums that are not promised to a campaign."""
        return catalog.stock_left(self.tenant_id, self.pears), catalog.stock_left(self.tenant_id, self.plums)


@pytest.fixture
def shop(tenant, clock):
    return Shop(tenant, clock)
