"""The site on an empty table: pages in a test client, a mailbox, a Stripe to talk to, people with browsers."""

from datetime import timedelta
from types import SimpleNamespace

import pytest
from chalice import Chalice
from chalice.test import Client

from chalicelib import store as table_store
from chalicelib.campaigns import actions as campaign_actions
from chalicelib.campaigns.commands import CreateCampaign, Offer
from chalicelib.catalog import actions as catalog_actions
from chalicelib.catalog.commands import CreateProduct
from chalicelib.commissions import presets
from chalicelib.commissions import store as plans
from chalicelib.events import facts, schedules
from chalicelib.leaders import joining
from chalicelib.leaders.commands import Register
from chalicelib.ledger import book
from chalicelib.orders import finding, intake, of_leader, payment
from chalicelib.orders import store as orders
from chalicelib.people import persons
from chalicelib.people.sessions import COOKIE, open_session
from chalicelib.statements.lines import write_lines
from chalicelib.tenancy import acting_for
from chalicelib.tenants import actions as tenants
from chalicelib.tenants import store as tenant_store
from chalicelib.tenants.commands import SignUp
from chalicelib.web.routes import web_blueprint
from chalicelib.wiring import Settings, Tools
from tests.exports.fake import FakeFiles
from tests.media.fake import FakePhotos
from tests.orders.fake_stripe import SECRET, FakeStripe, message, signed
from tests.people.conftest import randbits
from tests.people.mailbox import Mailbox
from tests.web.browser import SITE, Browser

__all__ = ["randbits"]


class Site:
    """The deployed pages, with the world around them."""

    def __init__(self, clock, randbits, *, public_url=SITE, stripe_base="http://127.0.0.1:4242"):
        settings = Settings(public_url, "no-reply@example.com", "s" * 40, "sk_test", SECRET, stripe_base)
        self.clock, self.randbits = clock, randbits
        self.tools = Tools(settings, now=clock, randbits=randbits)
        self.mailbox, self.stripe = Mailbox(), FakeStripe(clock)
        self.photos, self.files = FakePhotos(), FakeFiles()
        self.tools.__dict__.update(mailer=self.mailbox, stripe=self.stripe, photos=self.photos, files=self.files)
        app = Chalice(app_name="pages")
        app.api.binary_types += ["multipart/form-data", "image/webp"]
        app.register_blueprint(web_blueprint(lambda: self.tools))
        self.client = Client(app)

    def browser(self, language="en"):
        """Somebody's browser, signed in nowhere."""
        return Browser(self.client, language)

    def signed_in(self, email, language="en"):
        """The browser of somebody who has signed in; how one does is told in `test_guards.py` and `test_joining.py`."""
        person = persons.ensure(email, now=self.clock(), randbits=self.randbits, language=language)
        secret = self.tools.settings.session_secret
        value = open_session(person.person_id, now=self.clock(), randbits=self.randbits, secret=secret)
        browser = self.browser(language)
        browser.cookie = f"{COOKIE}={value}"
        self.clock.advance(minutes=1)
        return browser

    def a_brand(self, slug="green-village", email="owner@example.com", **different):
        """A brand that has signed up."""
        fields = {"name": "Green Village", "currency": "CNY", "timezone": "Asia/Shanghai", "plan_preset": "breakaway"}
        command = SignUp(slug=slug, email=email, **(fields | different))
        persons.ensure(email, now=self.clock(), randbits=self.randbits, language="en")
        return tenants.sign_up(command, now=self.clock(), randbits=self.randbits)

    def a_leader(self, brand, email="leader@example.com", name="Wang", inviter=None):
        """A leader who has registered, with a phone of their own."""
        now = self.clock()
        person = persons.ensure(email, now=now, randbits=self.randbits, name=name, language="en")
        with acting_for(brand.tenant_id):
            if inviter:
                code = inviter.invite_code
            else:
                made = joining.invite_root(brand.tenant_id, now=now, randbits=self.randbits)
                code = made.pk.rpartition("#")[2]
            command = Register(code=code, name=name, phone=f"139{sum(email.encode()):08d}")
            return joining.register(brand.tenant_id, command, person.person_id, now=now, randbits=self.randbits)

    def a_campaign(self, brand, title="Pears of the week", price_minor=1800, quantity=5):
        """A running campaign with one product; gives both ids."""
        now = self.clock()
        with acting_for(brand.tenant_id):
            product = catalog_actions.create(
                brand.tenant_id,
                CreateProduct(
                    title="Pears", unit="box", list_price_minor=2500, sale_price_minor=2000, rate_bp=2000, stock=20
                ),
                now=now,
                randbits=self.randbits,
            )
            offer = Offer(product_id=product.product_id, price_minor=price_minor, quantity=quantity)
            command = CreateCampaign(title=title, opens_at=now, closes_at=now + timedelta(days=2), items=[offer])
            campaign = campaign_actions.create(brand.tenant_id, command, now=now, randbits=self.randbits)
        return SimpleNamespace(campaign_id=campaign.campaign_id, product_id=product.product_id)

    def a_shop(self):
        """A brand with a leader and a campaign on its page: the campaign's ids, whose it is, and where it is sold."""
        brand = self.a_brand()
        leader, shop = self.a_leader(brand), self.a_campaign(brand)
        shop.brand, shop.leader, shop.address = brand, leader, f"/s/green-village/{leader.leader_id}"
        shop.field = f"qty.{shop.product_id}"
        return shop

    def sell(self, shop, qty=1, name="Li Na"):
        """A customer orders from a shop and pays; gives the session, which names the order."""
        customer = self.browser().open(shop.address)
        customer.send(name=name, phone="13800138000", **{shop.field: str(qty)})
        *_, session_id = self.stripe.sessions
        self.pay(shop.brand, session_id)
        return self.stripe.sessions[session_id]

    def a_plan_version(self, brand, number):
        """A version of the plan that says what the first one says."""
        now = self.clock()
        with acting_for(brand.tenant_id):
            document = presets.read(brand.plan_preset).decode()
            table_store.put(plans.plan_record(brand.tenant_id, number, document, effective_from=now, now=now))

    def brand_of(self, slug):
        """The brand with an address."""
        tenant_id = tenant_store.by_slug(slug)
        with acting_for(tenant_id):
            return tenants.get(tenant_id)

    def order_link(self, brand, session):
        """Where Stripe leads the buyer back to."""
        with acting_for(brand.tenant_id):
            order = orders.get(brand.tenant_id, session["metadata"]["order_id"])
        return f"/s/{brand.slug}/{order.leader_id}/o/{order.page_token}"

    def pay(self, brand, session_id):
        """The buyer pays; Stripe tells us, and the stream carries it on."""
        self.stripe.pay(session_id)
        told, now = self.stripe.sessions[session_id], self.clock()
        body = message("checkout.session.completed", told, created=now, event_id=f"evt_{session_id}")
        event = intake.store_event(body, signed(body, at=now), secret=SECRET, now=now)
        with acting_for(brand.tenant_id):
            payment.apply(brand.tenant_id, event, now=now, stripe=self.stripe)
            order = orders.get(brand.tenant_id, event.order_id)
            if order.state == "paid":
                of_leader.note_paid(brand.tenant_id, order)

    def stream(self, brand):
        """What the table's stream would carry on by now: orders to the ledger, entries to statements."""
        with acting_for(brand.tenant_id):
            for order in finding.newest(brand.tenant_id, limit=50).orders:
                was = {"paid": ["paid"], "delivered": ["paid", "delivered"]}.get(order.state, [])
                for state in was:
                    order.state = state
                    facts.order_changed(brand.tenant_id, None, order)
            for entry in book.entries_page(brand.tenant_id, limit=100)[0]:
                write_lines(brand.tenant_id, entry)


@pytest.fixture
def site(table, clock, randbits):

    return Site(clock, randbits)


@pytest.fixture
def shop(site):
    return site.a_shop()


@pytest.fixture
def earned(site, shop):
    """A shop whose leader Wang has sold pears for 36.00 at 20 %, handed them out, and the return window is over."""
    site.sell(shop, 2)
    site.stream(shop.brand)
    leader = site.signed_in("leader@example.com").open("/lead/green-village")
    assert "¥7.20" in leader.page.text  # held
    leader.send("deliver")
    site.stream(shop.brand)
    site.clock.advance(days=9)
    schedules.settle(site.clock(), lambda: True)
    site.stream(shop.brand)
    return shop


@pytest.fixture
def clearance(site):
    """A brand whose leaders order for their customers; its root may order at 85 % of the list price."""
    brand = site.a_brand(plan_preset="stock_clearance")
    leader = site.a_leader(brand)
    return brand, leader, site.a_campaign(brand)
