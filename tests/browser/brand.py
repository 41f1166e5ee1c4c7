"""A brand on which the story was played, and what else pages tell of: a complaint, a review, a board, an import."""

from functools import cached_property

from chalicelib.aftersales import store as cases
from chalicelib.boards import store as boards
from chalicelib.campaigns import store as campaigns
from chalicelib.delivery import codes
from chalicelib.delivery.store import points_of
from chalicelib.exports import store as exports
from chalicelib.imports import store as imports
from chalicelib.leaders import profiles
from chalicelib.orders import finding
from chalicelib.statements import lines
from chalicelib.statements.places import entry_id_of
from chalicelib.tenancy import acting_for
from tests.browser.story import Story

LEADERS = "姓名,手机号,邮箱,邀请人\n陈晨,13900001001,chen@example.com,\nAmy,abc,amy@example.com,\n"
PARCELS = "order,carrier,tracking_number\nord_0123456789abcdefghjk,SF Express,SF1234567890\n"


class Brand(Story):
    """Knows the address of every page."""

    def more_happens(self):
        """What the story does not tell of."""
        self._a_buyer_complains_and_reviews()
        self._a_leader_has_a_place()
        self._a_leader_says_how_it_was()
        self._the_brand_runs_a_board_and_sends_a_file()
        self._a_group_is_open()
        self._a_leader_opens_a_campaign_too()
        self.world.days_pass(0.1)

    def _a_buyer_complains_and_reviews(self):
        product_id, customer = self.order.lines[0].product_id, self.customer
        customer.follow("Something is wrong")
        customer.send("/cases", "Send it to the brand", reason="spoilt", text="brown", **{f"units.{product_id}": "1"})
        customer.open(f"{self.shop}/o/{self.order.page_token}/review/{product_id}")
        customer.send(f"/review/{product_id}", "Send the review", stars="5", text="Sweet, and very fresh! 很甜")

    def _a_leader_has_a_place(self):
        leader = self.second.open("/lead/green-village/points")
        leader.send("/points", "Add", name="Old gate", address="7 Lake Road", hours="17:00-20:00")

    def _a_leader_says_how_it_was(self):
        product_id = self.order.lines[0].product_id
        leader = self.second.open(f"/lead/green-village/products/{product_id}")
        leader.send(f"/products/{product_id}", "Save", text="Sweet as honey. 很甜")

    def _the_brand_runs_a_board_and_sends_a_file(self):
        owner = self.owner.open("/console/green-village/boards")
        owner.form("/boards").locator("input[type=checkbox]").first.check()
        owner.send("/boards", "Save")
        owner.open("/console/green-village/imports").send("/imports", "Check the file", what="leaders", file=LEADERS)
        owner.open("/console/green-village/exports").send("/exports", "Make the file")
        owner.open("/console/green-village/tracking").send("/tracking", "Check the file", file=PARCELS)

    def _a_group_is_open(self):
        owner = self.owner.open("/console/green-village/campaigns/new")
        quantity = owner.page.locator('[name^="quantity."]').first.get_attribute("name")
        for closed in owner.page.locator("summary").all():
            closed.click()
        step = quantity.replace("quantity.", "step.")
        owner.send(
            "/campaigns/new", "Open it", title="A group for two 两人成团", goal__by="people", goal__least="2",
            **{quantity: "10", f"{step}.0.at": "5", f"{step}.0.price": "90"},
        )  # fmt: skip
        self._buys("Chen Chen 陈晨", "13800138001")

    def _a_leader_opens_a_campaign_too(self):
        self.owner.open("/console/green-village/settings").send("/settings", "Save", leader_campaigns="1")
        leader = self.second.open("/lead/green-village/campaigns").follow("Open my campaign")
        quantity = leader.page.locator('[name^="quantity."]').first.get_attribute("name")
        leader.send("/campaigns/new", "Open it", title="Zhao's own", **{quantity: "1"})

    def _buys(self, name, phone):
        customer = self.customer.open(self.shop)
        field = customer.page.locator('[name^="qty."]').first.get_attribute("name")
        customer.send("", "Order and pay", name=name, phone=phone, **{field: "1"})
        customer.send("", "Pay ")

    # ---------------------------------------------------------------------------------------- its addresses

    def address_of(self, route):
        """Fill in a route."""
        parts = self.parts
        if route.startswith("/lead/"):
            parts = parts | {"order_token": parts["handout_token"]}
        if route == "/lead/{store}/campaigns/{campaign_id}":
            parts = parts | {"campaign_id": parts["own_campaign_id"]}
        if route == "/console/{store}/tracking/{import_id}":
            parts = parts | {"import_id": parts["tracking_id"]}
        return "/me?stay=1" if route == "/me" else route.format(**parts)

    @cached_property
    def order(self):
        """The order of the story."""
        brand = self.world.the_brand()
        with acting_for(brand.tenant_id):
            return finding.newest(brand.tenant_id, limit=50).orders[-1]

    @property
    def shop(self):
        """The second leader's page."""
        return f"/s/green-village/{self.order.leader_id}"

    @cached_property
    def parts(self):
        """The parts of addresses, by their names in routes."""
        tenant_id, order = self.world.the_brand().tenant_id, self.order
        with acting_for(tenant_id):
            latest = finding.newest(tenant_id, limit=1).orders[0]
            line = lines.page_of(tenant_id, order.leader_id, limit=9)[0][0]
            own = [one for one in campaigns.closing_latest_first(tenant_id, limit=9) if one.owner_id]
            sent = {job.what: job.import_id for job in imports.newest(tenant_id, limit=2)}
            return {
                "store": "green-village",
                "leader_id": order.leader_id,
                "order_id": order.order_id,
                "product_id": order.lines[0].product_id,
                "campaign_id": latest.campaign_id,
                "order_token": order.page_token,
                "handout_token": codes.handout_token(latest),
                "case_id": cases.newest(tenant_id, "requested", limit=1)[0].case_id,
                "number": "1",
                "part": "orders",
                "code": profiles.get(tenant_id, order.leader_id).invite_code,
                "line_id": lines.line_id(line.sk),
                "entry_id": entry_id_of(line.book, int(line.number)),
                "point_id": points_of(tenant_id, order.leader_id)[0].point_id,
                "board_id": boards.newest(tenant_id, limit=1)[0].board_id,
                "import_id": sent["leaders"],
                "export_id": exports.newest(tenant_id, now=self.world.clock(), limit=1)[0].export_id,
                "tracking_id": sent["tracking"],
                "own_campaign_id": own[0].campaign_id,
            }


def played(visitor, world, **how):
    """A brand, played without a look at the pages on the way: tests/browser/test_story.py has it."""
    brand = Brand(visitor, world, **how)
    people = (brand.owner, brand.first, brand.second, brand.customer)
    for one in people:
        one.looks = False
    brand.everything()
    brand.more_happens()
    for one in people:
        one.looks = True
    return brand
