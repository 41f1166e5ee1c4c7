"""A brand in the middle of its week, as pages are weighed with it: a group campaign, a chain, a team, an order."""

from datetime import timedelta

from chalicelib import store
from chalicelib.campaigns import actions as campaigns
from chalicelib.campaigns import chain
from chalicelib.campaigns.commands import CreateCampaign, Offer
from chalicelib.campaigns.items import PriceStep
from chalicelib.campaigns.store import get as campaign_of
from chalicelib.campaigns.terms import Goal
from chalicelib.catalog import actions as catalog
from chalicelib.catalog.commands import CreateProduct
from chalicelib.delivery import codes, points
from chalicelib.orders import store as orders
from chalicelib.reviews.store import Review, Stars, listing_key, review_key, stars_key
from chalicelib.statements import lines
from chalicelib.statements.places import entry_id_of
from chalicelib.tenancy import acting_for

GOODS = ("Pears", "Free-range eggs", "Bamboo shoots", "Purple rice", "Spring tea", "Wild honey")
SAID = "Grown on the south slope by three families, picked the morning before it is handed out. Keeps five days."
STOREFRONT = (
    "/s/{store}/{leader_id}",
    "/s/{store}/{leader_id}/p/{product_id}",
    "/s/{store}/{leader_id}/c/{campaign_id}",
    "/s/{store}/{leader_id}/o/{order_token}",
)
"""What customers see most; the figures of `tests/bench/pages.py` hold for these."""
NOWHERE = {
    "key_id": "key_1",
    "number": "1",
    "import_id": "imp_00000000000000000000",
    "board_id": "sales-2026-03",
    "case_id": "cs_00000000000000000000",
    "name": "app.css",
    "sheet_of": "b93a0e.css",
}


class _Parts(dict):
    """Parts of addresses; what this brand has none of is asked for by a name that nothing has."""

    def __missing__(self, name):
        return f"no_{name}"


class Village:
    """A brand and its people. `parts` are the parts of its addresses."""

    def __init__(self, site):
        self.site, self.brand = site, site.a_brand()
        self.leader = site.a_leader(self.brand)
        for number in range(8):
            site.a_leader(self.brand, f"below{number}@example.com", f"Zhao {number}", inviter=self.leader)
        with acting_for(self.brand.tenant_id):
            self.products = [self._a_product(title) for title in GOODS]
            self.campaign_id = self._a_campaign("Goods of the week", goal=Goal(by="people", least=20)).campaign_id
            self._a_campaign("Goods of the month", days=20)
            self._points_and_reviews()
        self._chain()
        self._an_order()
        self._browsers = {}

    def address(self, path):
        """The address of a page of this brand."""
        own = {"order_token": self.handout} if path.startswith("/lead/") else {}
        return path.format_map(_Parts(self.parts | own))

    def browser_for(self, path):
        """The browser of somebody who would open such a page: owner, leader, or a customer nobody knows."""
        email = "owner@example.com" if path.startswith("/console/") else "leader@example.com"
        if not path.startswith(("/console/", "/lead/", "/me")):
            return self.site.browser()
        if email not in self._browsers:
            self._browsers[email] = self.site.signed_in(email)
        return self._browsers[email]

    def _a_product(self, title):
        command = CreateProduct(
            title=title,
            description=SAID,
            unit="box",
            list_price_minor=3900,
            sale_price_minor=3200,
            rate_bp=2000,
            stock=500,
        )
        return catalog.create(self.brand.tenant_id, command, now=self.site.clock(), randbits=self.site.randbits)

    def _a_campaign(self, title, days=2, goal=None):
        now = self.site.clock()
        steps = [PriceStep(at=20, price_minor=2900), PriceStep(at=50, price_minor=2600)] if goal else []
        offers = [Offer(product_id=one.product_id, price_minor=3100, quantity=80, steps=steps) for one in self.products]
        command = CreateCampaign(
            title=title,
            opens_at=now,
            closes_at=now + timedelta(days=days),
            items=offers,
            goal=goal,
            places=200 if goal else None,
        )
        return campaigns.create(self.brand.tenant_id, command, now=now, randbits=self.site.randbits)

    def _points_and_reviews(self):
        tenant_id, now = self.brand.tenant_id, self.site.clock()
        for name in ("East gate", "Library"):
            command = points.AddPoint(name=name, address="12 Long Road", hours="17:00–20:00")
            points.add(tenant_id, self.leader.leader_id, command, now=now, nonce=name)
        product_id = self.products[0].product_id
        for number in range(10):
            review_id = f"rv_{number:020d}"
            review = Review(
                *review_key(tenant_id, review_id),
                gsi1pk=listing_key(tenant_id, "shown", product_id),
                gsi1sk=store.position(now - timedelta(hours=number), review_id),
                review_id=review_id,
                product_id=product_id,
                order_id=f"ord_{number:020d}",
                leader_id=self.leader.leader_id,
                name="L** N.",
                stars=5,
                text=SAID,
                state="shown",
                written_at=now,
            )
            store.put(review)
        store.put(Stars(*stars_key(tenant_id, product_id), reviews=10, stars=50))

    def _chain(self):
        with acting_for(self.brand.tenant_id):
            campaign = campaign_of(self.brand.tenant_id, self.campaign_id)
            for number in range(30):
                order = chain.PaidOrder(
                    order_id=f"ord_{number:020d}",
                    leader_id=self.leader.leader_id,
                    campaign_id=self.campaign_id,
                    name=f"{chr(65 + number % 26)}i Na",
                    phone=f"138{number:08d}",
                    units={self.products[number % 6].product_id: 2},
                    paid_at=self.site.clock.advance(minutes=1),
                )
                chain.join(self.brand.tenant_id, campaign, order)

    def _an_order(self):
        site, brand = self.site, self.brand
        product_id = self.products[0].product_id
        customer = site.browser().open(f"/s/{brand.slug}/{self.leader.leader_id}?campaign={self.campaign_id}")
        customer.send(name="Li Na", phone="13800138000", **{f"qty.{product_id}": "2"})
        site.pay(brand, "cs_test_1")
        site.stream(brand)
        order_id = site.stripe.sessions["cs_test_1"]["metadata"]["order_id"]
        with acting_for(brand.tenant_id):
            order = orders.get(brand.tenant_id, order_id)
            (line, *_), _ = lines.page_of(brand.tenant_id, self.leader.leader_id, limit=9)
            point_id = points.points_of(brand.tenant_id, self.leader.leader_id)[0].point_id
        self.order_id, self.handout = order_id, codes.handout_token(order)
        self.parts = NOWHERE | {
            "store": brand.slug,
            "leader_id": self.leader.leader_id,
            "product_id": product_id,
            "campaign_id": self.campaign_id,
            "order_id": order_id,
            "order_token": order.page_token,
            "line_id": lines.line_id(line.sk),
            "entry_id": entry_id_of(line.book, int(line.number)),
            "point_id": point_id,
            "code": self.leader.invite_code,
        }
