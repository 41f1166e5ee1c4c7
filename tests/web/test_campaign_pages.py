"""Campaigns on pages: the brand opens groups and watches them, leaders open and take over, buyers read the terms."""

import pytest
import stripe

from chalicelib.campaigns import closing, own
from chalicelib.campaigns import store as campaigns
from chalicelib.catalog import actions as catalog_actions
from chalicelib.catalog import store as catalog
from chalicelib.catalog.commands import CreateProduct
from chalicelib.events import groups
from chalicelib.leaders import standing
from chalicelib.orders import aftermath, finding
from chalicelib.orders import store as orders
from chalicelib.tenancy import acting_for
from tests.web.test_words import ATTRIBUTE, SCRIPT

REFUSED = stripe.InvalidRequestError("no", "amount", code="charge_disputed")
LIST = "/console/green-village/campaigns"
NEW = f"{LIST}/new"


class Shop:
    """A brand with two products, a leader, its owner's browser, and customers who buy."""

    def __init__(self, site):
        self.site, self.brand = site, site.a_brand()
        self.leader = site.a_leader(self.brand)
        self.pears, self.plums = self.product("Pears"), self.product("Plums")
        self.owner = site.signed_in("owner@example.com")

    def product(self, title, stock=100):
        command = CreateProduct(
            title=title, unit="box", list_price_minor=2500, sale_price_minor=2000, rate_bp=2000, stock=stock
        )
        with acting_for(self.brand.tenant_id):
            self.site.clock.advance(seconds=1)
            made = catalog_actions.create(
                self.brand.tenant_id, command, now=self.site.clock(), randbits=self.site.randbits
            )
        return made.product_id

    def open_campaign(self, **fields):
        """The owner opens a campaign for two days; gives its id."""
        form = {"title": "Fruit", f"quantity.{self.pears}": "20"} | fields
        self.owner.open(NEW).send("new", **form)
        assert self.owner.status == 200, self.owner.page.text
        return self.owner.address.rpartition("/")[2].partition("?")[0]

    def campaign(self, campaign_id):
        with acting_for(self.brand.tenant_id):
            return campaigns.get(self.brand.tenant_id, campaign_id)

    def buy(self, campaign_id, name, phone, qty="1", leader=None, product=None):
        """A customer orders on a leader's page and pays; the stream carries it on. Gives the order's page."""
        site, seller = self.site, leader or self.leader
        customer = site.browser().open(f"/s/green-village/{seller.leader_id}?campaign={campaign_id}")
        customer.send(name=name, phone=phone, **{f"qty.{product or self.pears}": qty})
        session_id = f"cs_test_{len(site.stripe.sessions)}"
        site.pay(self.brand, session_id)
        self.tell()
        return site.order_link(self.brand, site.stripe.sessions[session_id])

    def tell(self):
        """What the stream would tell of orders by now."""
        tenant_id = self.brand.tenant_id
        with acting_for(tenant_id):
            for order in finding.newest(tenant_id, limit=50).orders:
                groups.order_moved(tenant_id, None, order, now=self.site.clock())

    def end(self):
        """The schedule decides what is over, and drives the money."""
        tenant_id, now = self.brand.tenant_id, self.site.clock()
        with acting_for(tenant_id):
            closing.close_past(tenant_id, now=now)
            aftermath.drive_all(tenant_id, now=now, stripe=self.site.stripe)

    def stock(self, product_id):
        with acting_for(self.brand.tenant_id):
            return catalog.stock_left(self.brand.tenant_id, product_id)


@pytest.fixture
def shop(site):
    return Shop(site)


# ------------------------------------------------------------------------------------------------ the brand


def test_a_plain_campaign_needs_a_title_and_a_quantity(shop):
    shown = shop.campaign(shop.open_campaign())
    assert (shown.title, shown.is_group, shown.is_restricted) == ("Fruit", False, False)
    assert [(item.product_id, item.price_minor, item.quantity) for item in shown.items] == [(shop.pears, 2000, 20)]
    assert shop.owner.page.title.startswith("Fruit")
    assert "Money after the end" not in shop.owner.page.text


def test_everything_that_can_be_chosen_is_in_the_campaign(shop):
    campaign_id = shop.open_campaign(
        **{
            "goal.by": "cases", "goal.least": "2", "when_short": "extend", "extend_hours": "12", "ladder_by": "people",
            "places": "50", "shown": "chosen", "orders_per_second": "60", f"price.{shop.pears}": "18",
            f"per_person.{shop.pears}": "3", f"case_size.{shop.pears}": "6", f"step.{shop.pears}.0.at": "5",
            f"step.{shop.pears}.0.price": "16", f"step.{shop.pears}.2.at": "10", f"step.{shop.pears}.2.price": "15.5",
        }
    )  # fmt: skip
    shown = shop.campaign(campaign_id)
    [item], terms = shown.items, shown.terms
    assert (terms.goal.by, terms.goal.least, terms.when_short, terms.extend_hours) == ("cases", 2, "extend", 12)
    assert (terms.ladder_by, terms.places, shown.chosen, item.counters) == ("people", 50, True, 3)
    assert [(step.at, step.price_minor) for step in item.steps] == [(5, 1600), (10, 1550)]
    assert (item.price_minor, item.per_person, item.case_size) == (1800, 3, 6)
    text = shop.owner.page.text
    for told in ("2 full cases of each product", "it runs on once, by 12 hours", "they fall with the people",
                 "at most 50 people", "on the pages of leaders who take it", "some 60 orders a second",
                 "at most 3 per person", "cases of 6", "from 5 ¥16.00", "from 10 ¥15.50"):  # fmt: skip
        assert told in text


@pytest.mark.parametrize(
    ("typed", "field"),
    [
        ({"goal.by": "people"}, "goal.least"),
        ({"goal.least": "5"}, "goal.by"),
        ({"goal.by": "cases", "goal.least": "2"}, "goal.by"),
        ({"goal.by": "units", "goal.least": "0"}, "goal.least"),
        ({"goal.by": "people", "goal.least": "9", "places": "8"}, "places"),
        ({"goal.by": "people", "goal.least": "9", "when_short": "extend"}, "extend_hours"),
        ({"orders_per_second": "5000"}, "orders_per_second"),
        ({"per_person.{pears}": "0"}, "per_person.{pears}"),
        ({"case_size.{pears}": "1"}, "case_size.{pears}"),
        ({"step.{pears}.1.at": "9", "step.{pears}.1.price": "20"}, "step.{pears}.1.price"),
        (
            {
                "step.{pears}.0.at": "9", "step.{pears}.0.price": "18",
                "step.{pears}.2.at": "9", "step.{pears}.2.price": "1",
            },
            "step.{pears}.2.at",
        ),
        ({"step.{pears}.1.price": "9"}, "step.{pears}.1.at"),
        ({"step.{pears}.1.at": "9"}, "step.{pears}.1.price"),
        ({"per_person.{plums}": "2"}, "quantity.{plums}"),
        ({"quantity.{plums}": "4", "per_person.{plums}": "x"}, "per_person.{plums}"),
        ({"quantity.{pears}": "101"}, "quantity.{pears}"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_marked_at_its_field_and_keeps_what_was_typed(shop, typed, field):
    names = {"pears": shop.pears, "plums": shop.plums}
    typed = {name.format(**names): value for name, value in typed.items()}
    owner = shop.owner.open(NEW).send("new", **({"title": "Fruit", f"quantity.{shop.pears}": "20"} | typed))
    assert owner.status in (400, 409), owner.page.text
    assert f'id="{field.format(**names)}-wrong"' in owner.page.html
    kept = owner.page.forms[0]["fields"]
    assert {name: kept[name] for name in typed} == typed
    _, folded_up, inside = owner.page.html.split(f'id="{field.format(**names)}-wrong"')[0].rpartition("<details")
    assert not folded_up or "</details>" in inside or " open" in inside.partition(">")[0]


def test_a_form_sent_twice_opens_one_campaign(shop):
    page = shop.owner.open(NEW).page
    seen = set()
    for _ in range(2):
        shop.owner.page = page
        shop.owner.send("new", title="Fruit", **{f"quantity.{shop.pears}": "20"})
        seen.add(shop.owner.address)
    assert len(seen) == 1
    assert shop.stock(shop.pears) == 80
    shop.owner.follow("Run it again")
    page = shop.owner.page
    for _ in range(2):
        shop.owner.page = page
        shop.owner.send("/again")
        assert shop.owner.status == 200
    assert shop.stock(shop.pears) == 60


def test_the_list_says_what_running_campaigns_have_sold(shop):
    campaign_id = shop.open_campaign(title="Fruit of the week", **{f"quantity.{shop.plums}": "10"})
    shop.buy(campaign_id, "Li Na", "13800138000", qty="3")
    assert "Fruit of the weekRunning3 of 30" in shop.owner.open(LIST).page.flat
    shop.site.clock.advance(days=3)
    shop.owner.open(LIST)
    assert "Fruit of the weekOver" in shop.owner.page.flat
    assert "of 30" not in shop.owner.page.flat


def test_a_page_full_of_products_can_be_sent(shop):
    last = [shop.product(f"Product {number}") for number in range(50)][-1]
    shop.owner.open(NEW)
    assert len(shop.owner.page.forms[0]["names"]) > 500
    shop.owner.send(
        "new", title="Fruit", **{f"quantity.{last}": "3", f"step.{last}.2.at": "2", f"step.{last}.2.price": "9"}
    )
    assert shop.owner.status == 200, shop.owner.page.text


def test_a_group_fills_is_short_and_everybody_gets_the_money_back(site, shop):
    campaign_id = shop.open_campaign(**{"goal.by": "people", "goal.least": "3"})
    page = f"/console/green-village/campaigns/{campaign_id}"
    link = shop.buy(campaign_id, "Li Na", "13800138001", qty="2")
    waiting = site.browser().open(link).page.text
    assert "You are in the group! It is decided at" in waiting
    assert "Show this when you pick it up" not in waiting
    shop.buy(campaign_id, "Wu Di", "13800138002")
    shown = shop.owner.open(page).page
    assert "2 people, 3 units" in shown.text
    assert 'value="2" max="3"' in shown.html
    assert "2 of 3 people" in shown.text
    assert "Decided from" in shown.text
    assert not [form for form in shown.forms if form["action"].endswith("/close")]

    site.clock.advance(days=1, minutes=10)
    assert "Being decided" in shop.owner.open(page).page.text
    site.clock.advance(hours=1)
    shop.owner.open(page).send("/close")
    assert "Group failed" in shop.owner.page.text
    assert "Under way" in shop.owner.page.text
    shop.end()
    shown = shop.owner.open(page).page
    assert "2 of 2 orders are settled" in shown.text
    assert "¥60.00 given back" in shown.text
    assert "It stayed smaller." in shown.text
    assert "Li Na" not in shop.owner.follow("Who is in").page.text
    bought = site.browser().open(link).page.text
    assert "The group did not come together: your money was given back." in bought
    assert "Called off" in bought
    assert shop.stock(shop.pears) == 100


def test_prices_fall_and_who_paid_more_reads_why_money_came_back(site, shop):
    campaign_id = shop.open_campaign(**{f"step.{shop.pears}.0.at": "3", f"step.{shop.pears}.0.price": "15"})
    dear = shop.buy(campaign_id, "Li Na", "13800138001", qty="2")
    shop_page = f"/s/green-village/{shop.leader.leader_id}?campaign={campaign_id}"
    assert "The last price stands at" in site.browser().open(dear).page.text
    before = site.browser().open(shop_page).page
    assert "¥20.00" in before.text
    assert "¥15.00 for everybody: 1 more unit to go." in before.text
    shop.buy(campaign_id, "Wu Di", "13800138002")
    assert 'data-price="1500"' in site.browser().open(shop_page).page.html
    assert (
        "The lowest price is reached." in shop.owner.open(f"/console/green-village/campaigns/{campaign_id}").page.text
    )
    site.clock.advance(days=2)
    shop.end()
    bought = site.browser().open(dear).page.text
    assert "Show this when you pick it up" in bought
    assert "The price fell: the difference" in bought
    assert "¥10.00" in bought
    told = shop.owner.open(f"/console/green-village/campaigns/{campaign_id}").page.text
    assert "Group together" in told
    assert "¥20.00 given back" not in told
    assert "¥15.00 given back" in told


def test_cancelling_asks_once_more_and_says_what_becomes_of_paid_orders(site, shop):
    campaign_id = shop.open_campaign()
    link = shop.buy(campaign_id, "Li Na", "13800138001")
    page = f"/console/green-village/campaigns/{campaign_id}"
    shop.owner.open(page).follow("Cancel the campaign")
    assert shop.campaign(campaign_id).status == "open"
    shop.owner.send("/cancel", refund_paid="1")
    assert "Cancelled" in shop.owner.page.text
    shop.end()
    assert "¥20.00 given back" in shop.owner.open(page).page.text
    assert "The brand called it off: your money was given back." in site.browser().open(link).page.text
    assert "/cancel" not in shop.owner.page.html
    assert shop.owner.open(f"{page}/cancel").send("/cancel").status == 200


def test_paid_orders_stay_when_the_brand_says_so(site, shop):
    campaign_id = shop.open_campaign()
    link = shop.buy(campaign_id, "Li Na", "13800138001")
    shop.owner.open(f"/console/green-village/campaigns/{campaign_id}/cancel").send("/cancel")
    assert shop.campaign(campaign_id).status == "cancelled"
    assert "Thank you!" in site.browser().open(link).page.text


def test_a_refund_that_is_refused_again_and_again_is_named_to_the_brand(site, shop):
    campaign_id = shop.open_campaign(**{"goal.by": "people", "goal.least": "3"})
    shop.buy(campaign_id, "Li Na", "13800138001")
    site.clock.advance(days=1, hours=1)
    site.stripe.fail("refunds.create", REFUSED, times=99)
    for _ in range(aftermath.MOST_TRIES + 1):
        shop.end()
        site.clock.advance(hours=12)
    shop.owner.open(f"/console/green-village/campaigns/{campaign_id}")
    assert "1 refund was refused again and again" in shop.owner.page.text
    shop.owner.follow("Li Na")
    assert shop.owner.status == 200
    assert "/orders/" in shop.owner.address


# ------------------------------------------------------------------------------------------------ the storefront


def test_buyers_read_the_terms_before_they_pay(site, shop):
    campaign_id = shop.open_campaign(
        **{"goal.by": "people", "goal.least": "2", "places": "2", f"per_person.{shop.pears}": "2"}
    )
    page = f"/s/green-village/{shop.leader.leader_id}?campaign={campaign_id}"
    text = site.browser().open(page).page.text
    assert "0 of 2 people" in text
    assert "Else everybody gets the money back." in text
    assert "2 places left" in text
    assert "At most 2 per person" in text
    customer = site.browser().open(page).send(name="Li", phone="13800138001", **{f"qty.{shop.pears}": "3"})
    assert customer.status == 409
    assert f'id="qty.{shop.pears}-wrong"' in customer.page.html
    shop.buy(campaign_id, "Li Na", "13800138001")
    shop.buy(campaign_id, "Wu Di", "13800138002")
    text = site.browser().open(page).page.text
    assert "The smallest group is reached." in text
    assert "All places are taken" in text


def test_every_way_to_end_up_is_said_in_words(site, shop):
    campaign_id = shop.open_campaign()
    link = shop.buy(campaign_id, "Li Na", "13800138001")
    order_id = link.rpartition("/")[2].partition(".")[0]
    shop.owner.open(f"/console/green-village/orders/{order_id}").send("/refund", amount_minor="20", reason="Spoilt")
    with acting_for(shop.brand.tenant_id):
        [refund] = orders.refunds_of(shop.brand.tenant_id, order_id)
        groups.refund_moved(shop.brand.tenant_id, None, refund)
    text = site.browser().open(link).page.text
    assert "All of it was given back." in text
    assert "Spoilt" in text


# ------------------------------------------------------------------------------------------------ leaders


@pytest.fixture
def leaders(site, shop):
    """The brand lets leaders open campaigns; three of them, each with a browser."""
    shop.owner.open("/console/green-village/settings").send("settings", leader_campaigns="1")
    assert shop.owner.status == 200
    shop.ann = site.a_leader(shop.brand, "ann@example.com", "Ann")
    shop.bob = site.a_leader(shop.brand, "bob@example.com", "Bob")
    shop.cat = site.a_leader(shop.brand, "cat@example.com", "Cat")
    shop.anns, shop.bobs = site.signed_in("ann@example.com"), site.signed_in("bob@example.com")
    return shop


def open_own(shop, browser, **fields):
    """A leader opens a campaign of its own; gives its id."""
    form = {"title": "My lane's pears", f"quantity.{shop.pears}": "10"} | fields
    browser.open("/lead/green-village/campaigns/new").send("new", **form)
    return browser.address.rpartition("/")[2].partition("?")[0]


def page_of(site, leader):
    return site.browser().open(f"/s/green-village/{leader.leader_id}").page


def test_a_leader_opens_its_own_another_takes_it_over_and_a_third_shows_nothing(site, leaders):
    shop = leaders
    campaign_id = open_own(shop, shop.anns, **{"goal.by": "people", "goal.least": "2"})
    assert shop.anns.status == 200, shop.anns.page.text
    assert shop.campaign(campaign_id).owner_id == shop.ann.leader_id
    assert shop.stock(shop.pears) == 90
    assert "My lane's pears" in shop.anns.open("/lead/green-village/campaigns").page.text
    assert page_of(site, shop.ann).title.startswith("My lane's pears")
    for other in (shop.bob, shop.cat):
        assert "My lane's pears" not in page_of(site, other).text

    shop.bobs.open("/lead/green-village/campaigns").send("/take")
    assert "taken over" in shop.bobs.page.text
    shop.buy(campaign_id, "Li Na", "13800138001", leader=shop.ann)
    shop.buy(campaign_id, "Wu Di", "13800138002", leader=shop.bob)
    sold = shop.bobs.open("/lead/green-village/campaigns").page.text
    assert "The smallest group is reached." in sold
    assert "8 left" in sold
    assert "My lane's pears" not in page_of(site, shop.cat).text
    assert "2 people, 2 units" in shop.anns.open(f"/lead/green-village/campaigns/{campaign_id}").page.text

    shop.bobs.send("/leave")
    assert "My lane's pears" not in page_of(site, shop.bob).text
    assert "Put it on my page" in shop.bobs.page.text


def test_a_leader_opens_nothing_unless_the_brand_lets_it(site, shop):
    leader = site.signed_in("leader@example.com").open("/lead/green-village/campaigns")
    assert "Open my campaign" not in leader.page.text
    assert leader.open("/lead/green-village/campaigns/new").status == 403
    csrf = leader.open("/lead/green-village/payout").page.forms[0]["fields"]["csrf"]
    fields = {"csrf": csrf, "title": "Mine", f"quantity.{shop.pears}": "1", "closes_at": "2026-03-03T10:00"}
    assert leader.post("/lead/green-village/campaigns/new", fields).status == 403
    assert shop.stock(shop.pears) == 100


@pytest.mark.parametrize(
    ("typed", "field", "sentence"),
    [
        ({"quantity.{pears}": "21"}, "quantity.{pears}", "You can take 20 units of this now."),
        ({"quantity.{pears}": ""}, "", "Give at least one product a quantity"),
        ({"quantity.{pears}": "x"}, "quantity.{pears}", "whole number"),
        ({"title": ""}, "title", "1 to 120 characters"),
        ({"goal.by": "people"}, "goal.least", "whole number"),
        ({"goal.by": "people", "goal.least": "5", "places": "4"}, "places", "fewer places than people"),
        ({"closes_at": "2026-03-30T10:00"}, "closes_at", "within 7 days"),
        ({"closes_at": "2026-03-01T10:00"}, "closes_at", "closes after it opens"),
    ],
)
def test_what_a_leader_may_not_take_is_marked_at_its_field(leaders, typed, field, sentence):
    shop = leaders
    open_own(shop, shop.anns, **{name.format(pears=shop.pears): value for name, value in typed.items()})
    assert shop.anns.status == 400
    assert sentence in shop.anns.page.text
    if field:
        assert f'id="{field.format(pears=shop.pears)}-wrong"' in shop.anns.page.html
    assert shop.anns.page.forms[0]["fields"]["title"] == typed.get("title", "My lane's pears")
    assert shop.stock(shop.pears) == 100


def test_a_leader_has_so_many_campaigns_at_a_time_and_no_more(site, leaders):
    shop = leaders
    for number in range(own.MOST_OPEN):
        site.clock.advance(seconds=1)
        open_own(shop, shop.anns, title=f"Pears {number}", **{f"quantity.{shop.pears}": "1"})
        assert shop.anns.status == 200
    open_own(shop, shop.anns, **{f"quantity.{shop.pears}": "1"})
    assert shop.anns.status == 409
    assert "You have 3 campaigns open" in shop.anns.page.text
    assert shop.stock(shop.pears) == 97


def test_a_leaders_form_sent_twice_is_one_campaign_though_it_took_the_last_of_its_share(leaders):
    shop = leaders
    page = shop.anns.open("/lead/green-village/campaigns/new").page
    for _ in range(2):
        shop.anns.page = page
        shop.anns.send("new", title="Pears", **{f"quantity.{shop.pears}": "20"})
        assert shop.anns.status == 200
    assert shop.stock(shop.pears) == 80


def test_a_leader_cancels_its_own_group_and_everybody_gets_the_money_back(site, leaders):
    shop = leaders
    campaign_id = open_own(shop, shop.anns, **{"goal.by": "units", "goal.least": "5"})
    link = shop.buy(campaign_id, "Li Na", "13800138001", leader=shop.ann)
    shop.anns.open(f"/lead/green-village/campaigns/{campaign_id}").send("/cancel")
    assert "Cancelled" in shop.anns.page.text
    shop.end()
    assert "your money was given back" in site.browser().open(link).page.text
    assert shop.stock(shop.pears) == 100
    assert "Cancelled" in shop.anns.open("/lead/green-village/campaigns").page.text


def test_a_leader_touches_nobody_elses_campaign(leaders):
    shop = leaders
    campaign_id, brands = open_own(shop, shop.anns), shop.open_campaign()
    for theirs in (campaign_id, brands):
        way = f"/lead/green-village/campaigns/{theirs}"
        assert shop.bobs.open(way).status == 404
        shop.bobs.open("/lead/green-village/payout")
        fields = {"csrf": shop.bobs.page.forms[0]["fields"]["csrf"]}
        assert shop.bobs.post(f"{way}/cancel", fields).status == 404
        assert shop.campaign(theirs).status == "open"
        assert f"{theirs}/leave" not in shop.bobs.open("/lead/green-village/campaigns").page.html
    shop.anns.open("/lead/green-village/payout")
    fields = {"csrf": shop.anns.page.forms[0]["fields"]["csrf"]}
    assert shop.anns.post(f"/lead/green-village/campaigns/{campaign_id}/leave", fields).status == 409
    assert shop.anns.post(f"/lead/green-village/campaigns/{brands}/take", fields).status == 409
    assert shop.anns.post("/lead/green-village/campaigns/cp_00000000000000000000/take", fields).status == 404


def test_a_brands_campaign_for_some_leaders_is_on_the_pages_that_took_it(site, leaders):
    shop = leaders
    shop.open_campaign(title="For a few", shown="chosen")
    assert "For a few" not in page_of(site, shop.bob).text
    shop.bobs.open("/lead/green-village/campaigns").send("/take")
    assert page_of(site, shop.bob).title.startswith("For a few")
    assert "For a few" not in page_of(site, shop.ann).text


def test_a_frozen_leader_opens_and_takes_nothing(leaders):
    shop = leaders
    shop.open_campaign(title="For a few", shown="chosen")
    with acting_for(shop.brand.tenant_id):
        standing.freeze(shop.brand.tenant_id, shop.bob.leader_id, by="x", reason="x", now=shop.site.clock())
    open_own(shop, shop.bobs)
    assert shop.bobs.status == 409
    assert shop.bobs.open("/lead/green-village/campaigns").send("/take").status == 409


@pytest.mark.parametrize("evil", [SCRIPT, ATTRIBUTE])
def test_a_script_in_a_title_is_shown_as_text(site, leaders, evil):
    shop = leaders
    campaign_id = open_own(shop, shop.anns, title=evil)
    shown = [shop.anns.page.html, shop.anns.open("/lead/green-village/campaigns").page.html]
    shown += [shop.bobs.open("/lead/green-village/campaigns").page.html, page_of(site, shop.ann).html]
    way = f"/console/green-village/campaigns/{campaign_id}"
    shown += [shop.owner.open(way).page.html, shop.owner.open(f"{way}/cancel").page.html]
    for html in shown:
        assert "<script>" not in html
        assert "<img src=x" not in html
        assert "&lt;" in html
