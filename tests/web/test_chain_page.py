"""The order chain in public: a page, a JSON that is cheap to ask again, a text for a chat; and nobody's name in it."""

import json
from datetime import timedelta

import pytest

from chalicelib import store as table_store
from chalicelib.campaigns import actions as campaign_actions
from chalicelib.campaigns import chain
from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.chain import PaidOrder
from chalicelib.campaigns.commands import CreateCampaign, Offer
from chalicelib.campaigns.items import PriceStep
from chalicelib.campaigns.terms import Goal
from chalicelib.ids import encode
from chalicelib.tenancy import acting_for
from chalicelib.tenants import actions as tenants
from tests.web.test_words import ATTRIBUTE, SCRIPT


class Chain:
    """A brand with a leader and a campaign, and people who join it."""

    def __init__(self, site):
        self.site, self.brand = site, site.a_brand()
        self.leader = site.a_leader(self.brand)
        self.first = site.a_campaign(self.brand)
        self.show(self.first.campaign_id)
        self.number = 0

    def show(self, campaign_id):
        self.campaign_id = campaign_id
        self.page = f"/s/green-village/{self.leader.leader_id}/c/{campaign_id}"

    def a_group(self, **terms):
        """A campaign that asks something of its group, in the place of the plain one."""
        now, tenant_id = self.site.clock(), self.brand.tenant_id
        steps, case_size = terms.pop("steps", []), terms.pop("case_size", None)
        with acting_for(tenant_id):
            offer = Offer(
                product_id=self.first.product_id, price_minor=1800, quantity=9, steps=steps, case_size=case_size
            )
            command = CreateCampaign(
                title=terms.pop("title", "Pears together"),
                opens_at=now,
                closes_at=now + timedelta(days=2),
                items=[offer],
                **terms,
            )
            made = campaign_actions.create(tenant_id, command, now=now, randbits=self.site.randbits)
        self.show(made.campaign_id)
        return self

    def join(self, name="王小明", units=1, lines=None, **different):
        """Somebody's paid order comes into the chain."""
        self.number += 1
        fields = {
            "order_id": "ord_" + encode(self.number, 20),
            "leader_id": self.leader.leader_id,
            "campaign_id": self.campaign_id,
            "name": name,
            "phone": f"138{self.number:08d}",
            "units": lines or {self.first.product_id: units},
            "paid_at": self.site.clock(),
        }
        order = PaidOrder(**fields | different)
        with acting_for(self.brand.tenant_id):
            chain.join(self.brand.tenant_id, campaigns.get(self.brand.tenant_id, self.campaign_id), order)
        self.site.clock.advance(minutes=1)
        return order

    def leave(self, order):
        with acting_for(self.brand.tenant_id):
            campaign = campaigns.get(self.brand.tenant_id, order.campaign_id)
            chain.leave(self.brand.tenant_id, campaign, order, at=self.site.clock())

    def look(self, language="en"):
        return self.site.browser(language).open(self.page).page

    def ask(self, tag="", file="chain.json", **query):
        """Ask for the JSON or the text, as scripts and chat groups do."""
        way = "&".join(f"{name}={value}" for name, value in query.items())
        headers = {"Accept-Language": "en", "Accept": "*/*"} | ({"If-None-Match": tag} if tag else {})
        return self.site.client.http.get(f"{self.page}/{file}?{way}", headers=headers)


@pytest.fixture
def group(site):
    return Chain(site)


@pytest.fixture
def requests():
    """The requests to the table since the last `clear()`."""
    made, events = [], table_store.connection().client.meta.events

    def note(model, **_):
        made.append(model.name)

    events.register("before-call.dynamodb", note)
    yield made
    events.unregister("before-call.dynamodb", note)


# ------------------------------------------------------------------------------------------------ the page


def test_the_newest_stands_first_masked_and_numbered(group):
    group.join("王小明", 2)
    group.join("Li Na", 1)
    page = group.look()
    text = page.flat
    assert "2. L** N. 1 unit 1 minute ago 1. 王** 2 units 2 minutes ago" in text
    assert "Orders: 2 · units: 3" in text
    assert "5 left" in text
    assert "王小明" not in page.html
    assert "Li Na" not in page.html
    assert "138000" not in page.html


def test_it_is_one_step_from_the_shop_and_one_back_to_the_basket(group):
    group.join()
    customer = group.site.browser().open(f"/s/green-village/{group.leader.leader_id}")
    assert "王** × 1" in customer.page.text
    customer.follow("Who is in").follow("Join with an order")
    assert customer.page.title.startswith("Pears of the week")


def test_orders_through_any_leader_are_in_the_one_chain(group):
    other = group.site.a_leader(group.brand, "other@example.com", "Zhao")
    group.join("李", leader_id=other.leader_id)
    assert "1. 李**" in group.look().flat


def test_who_left_is_not_listed_and_the_others_move_up(group):
    group.join("王")
    gone = group.join("李")
    group.join("张")
    group.leave(gone)
    text = group.look().flat
    assert "2. 张**" in text
    assert "1. 王**" in text
    assert "李" not in text


def test_twenty_are_on_a_page_and_the_rest_behind_it(group):
    for _ in range(22):
        group.join()
    visitor = group.site.browser().open(group.page)
    assert visitor.page.html.count("<strong>王**</strong>") == 20
    visitor.follow("Show older ones")
    assert "2. 王**" in visitor.page.flat
    assert visitor.page.html.count("<strong>王**</strong>") == 2
    assert "data-live" not in visitor.page.html


def test_progress_to_the_group_and_to_the_next_price(group):
    steps = [PriceStep(at=3, price_minor=1600), PriceStep(at=6, price_minor=1500)]
    group.a_group(goal=Goal(by="people", least=3), steps=steps)
    group.join("王", 2)
    text = group.look().text
    assert "1 of 3 people: 2 to go until it takes place." in text
    assert "¥16.00 for everybody: 1 more unit to go." in text
    group.join("李", 2)
    group.join("张", 2)
    text = group.look().text
    assert "The smallest group is reached." in text
    assert "The lowest price is reached." in text
    assert "¥15.00" in text
    ladder = group.site.browser().open(f"/s/green-village/{group.leader.leader_id}/p/{group.first.product_id}").page
    assert "✓ Reached: ¥15.00 From 6 units on" in ladder.flat
    assert "已是最低价" in group.look("zh").text


@pytest.mark.parametrize(
    ("goal", "sentence"),
    [
        (Goal(by="units", least=5), "2 of 5 units: 3 to go until it takes place."),
        (Goal(by="cases", least=1), "It needs full cases: 1 of each"),
    ],
)
def test_other_goals_are_told_as_they_are_asked_for(group, goal, sentence):
    group.a_group(goal=goal, case_size=4)
    group.join(units=2)
    assert sentence in group.look().text


def test_a_group_that_failed_says_that_the_money_comes_back(group):
    group.a_group(goal=Goal(by="people", least=3))
    gone = group.join()
    with acting_for(group.brand.tenant_id):
        campaign = campaigns.get(group.brand.tenant_id, group.campaign_id)
        campaign.update(actions=[type(campaign).status.set("failed")])
    group.leave(gone)
    page = group.look()
    assert "did not come together" in page.text
    assert "Nobody is in." in page.text
    assert "data-live" not in page.html


def test_after_its_end_it_takes_no_orders_any_more(group, site):
    site.clock.advance(days=3)
    page = group.look()
    assert "Closed on" in page.text
    assert "Join with an order" not in page.links


def test_several_customers_of_a_leader_stand_in_one_line(group):
    group.join("x", entered_for=("王", "李", "张", "刘"), units=4)
    assert "王**, 李**, 张**…" in group.look().text
    assert "王**、李**、张**…" in group.look("zh").text


def test_what_is_ordered_is_named_where_there_are_several_products(group):
    first = group.first.product_id
    group.site.clock.advance(minutes=1)
    second = group.site.a_campaign(group.brand).product_id
    now, tenant_id = group.site.clock(), group.brand.tenant_id
    with acting_for(tenant_id):
        offers = [Offer(product_id=one, price_minor=1800, quantity=2) for one in (first, second)]
        command = CreateCampaign(title="Both", opens_at=now, closes_at=now + timedelta(days=1), items=offers)
        made = campaign_actions.create(tenant_id, command, now=now, randbits=group.site.randbits)
    group.show(made.campaign_id)
    group.join("王", lines={first: 1, second: 2})
    assert "王** Pears × 1, Pears × 2" in group.look().flat


@pytest.mark.parametrize("evil", [SCRIPT, ATTRIBUTE])
def test_a_script_in_a_name_or_a_title_is_shown_as_text(group, evil):
    group.a_group(goal=Goal(by="people", least=3), title=f"C {evil}")
    group.join(evil)
    html = group.look().html
    assert "<script>" not in html
    assert "<img src=x" not in html
    assert "&lt;" in html
    told = group.ask().body.decode()
    assert evil not in told


# ------------------------------------------------------------------------------------------------ the JSON


def test_the_json_tells_what_moves_and_may_be_kept_for_moments(group):
    group.join("王小明", 2)
    answer = group.ask(lang="zh")
    told = json.loads(answer.body)
    assert answer.headers["Content-Type"] == "application/json"
    assert answer.headers["Cache-Control"] == "public, max-age=5"
    assert answer.headers["Vary"] == "Accept-Language"
    assert "Set-Cookie" not in answer.headers
    [[number, name, what, at]] = told["rows"]
    assert (number, name, what) == ("1.", "王**", "2 份")
    assert at.startswith("2026-03-02T08:")
    assert told["parts"]["chain-total"] == "已接龙 1 单 · 2 份"
    assert told["parts"][f"left-{group.first.product_id}"] == "剩余 5"
    assert "王小明" not in answer.body.decode()


def test_every_part_that_it_tells_has_a_place_on_the_page(group):
    steps = [PriceStep(at=3, price_minor=1600)]
    group.a_group(goal=Goal(by="people", least=3), steps=steps)
    html = group.look().html
    told = json.loads(group.ask().body)
    assert told["parts"]
    for name, text in told["parts"].items():
        assert f'id="{name}"' in html, name
        assert text in html, name


def test_while_nothing_changed_two_requests_answer_304(group, requests):
    group.join()
    tag = group.ask().headers["ETag"]
    requests.clear()
    answer = group.ask(tag=tag)
    assert (answer.status_code, answer.body) == (304, b"")
    assert answer.headers["ETag"] == tag
    assert answer.headers["Cache-Control"] == "public, max-age=5"
    assert requests == ["Query"] * 2
    assert tag.startswith('"')
    assert group.ask(tag=f'"other", W/{tag}').status_code == 304


def test_whatever_changes_for_the_reader_changes_the_tag(group, site):
    tags = [group.ask().headers["ETag"]]
    order = group.join()
    tags.append(group.ask().headers["ETag"])
    group.leave(order)
    tags.append(group.ask().headers["ETag"])
    tags.append(group.ask(lang="zh").headers["ETag"])
    buyer = site.browser().open(f"/s/green-village/{group.leader.leader_id}")
    buyer.send(name="Li", phone="13800138000", **{f"qty.{group.first.product_id}": "1"})
    tags.append(group.ask().headers["ETag"])
    site.clock.advance(days=3)
    tags.append(group.ask().headers["ETag"])
    assert len(set(tags)) == len(tags)
    for tag in tags[:-1]:
        assert group.ask(tag=tag).status_code == 200


def test_who_is_signed_in_gets_what_everybody_gets(group, requests):
    group.join()
    plain = group.ask()
    leader = group.site.signed_in("leader@example.com")
    requests.clear()
    headers = {"Accept-Language": "en", "Cookie": leader.cookie}
    mine = group.site.client.http.get(f"{group.page}/chain.json", headers=headers)
    assert mine.body == plain.body


# ------------------------------------------------------------------------------------------------ the text


def test_the_text_for_a_chat_says_all_in_the_order_of_joining(group):
    steps = [PriceStep(at=5, price_minor=1600)]
    group.a_group(goal=Goal(by="people", least=3), steps=steps)
    group.join("王小明", 2)
    group.join("Li Na", 1)
    answer = group.ask(file="chain.txt", lang="en")
    assert answer.headers["Content-Type"] == "text/plain; charset=utf-8"
    link = f"https://tuanyuan.example/api/s/green-village/{group.leader.leader_id}/c/{group.campaign_id}"
    assert answer.body.decode().splitlines() == [
        "Pears together",
        "· Pears ¥18.00 · from 5 ¥16.00 · 9 left",
        "Order until 4 Mar 16:00 (Asia/Shanghai)",
        "2 of 3 people: 1 to go until it takes place.",
        "",
        "Orders: 2 · units: 3",
        "1. 王** 2 units",
        "2. L** N. 1 unit",
        "",
        f"Join here: {link}",
    ]
    chinese = group.ask(file="chain.txt", lang="zh").body.decode()
    assert "满 5 ¥16.00" in chinese
    assert "1. 王** 2 份" in chinese
    assert "点此接龙" in chinese
    assert f"1. 王** 2 units\n2. L** N. 1 unit\n\nJoin here: {link}" in group.look().html


def test_the_text_stays_short_however_many_are_in(group):
    for _ in range(33):
        group.join()
    lines = group.ask(file="chain.txt", lang="en").body.decode().splitlines()
    assert "Orders: 33 · units: 33" in lines
    assert [line.partition(" ")[0] for line in lines if "王**" in line] == [f"{number}." for number in range(4, 34)]
    assert "…" in lines


def test_a_title_with_line_breaks_poses_as_no_one_in_the_chain(group):
    group.a_group(goal=Goal(by="people", least=3), title="Pears\n99. 王** 50 units")
    group.join()
    assert "Pears 99. 王** 50 units" in group.ask(file="chain.txt").body.decode().splitlines()[0]


# ------------------------------------------------------------------------------------------------ strangers


@pytest.mark.parametrize("file", ["", "/chain.json", "/chain.txt"])
@pytest.mark.parametrize(
    "way", ["{leader}/c/cp_00000000000000000000", "{leader}/c/x", "{leader}/c/%00", "ld_0000000000/c/{campaign}"]
)
def test_what_is_not_there_is_not_found(group, file, way):
    path = way.format(leader=group.leader.leader_id, campaign=group.campaign_id)
    assert group.site.browser().open(f"/s/green-village/{path}{file}").status == 404


@pytest.mark.parametrize("file", ["", "/chain.json", "/chain.txt"])
def test_another_brands_address_does_not_show_it(group, file):
    group.ask()
    other = group.site.a_brand("red-hill", "other@example.com")
    theirs = group.site.a_leader(other, "leader2@example.com", "Zhao")
    way = f"{theirs.leader_id}/c/{group.campaign_id}{file}"
    assert group.site.browser().open(f"/s/red-hill/{way}").status == 404
    assert group.site.browser().open(f"/s/green-village/{way}").status == 404


@pytest.mark.parametrize("file", ["", "/chain.json", "/chain.txt"])
def test_a_leader_who_does_not_show_a_campaign_does_not_show_its_chain(group, file):
    other = group.site.a_leader(group.brand, "other@example.com", "Zhao")
    group.a_group(leader_id=group.leader.leader_id)
    assert group.site.browser().open(group.page + file).status == 200
    assert group.site.browser().open(f"/s/green-village/{other.leader_id}/c/{group.campaign_id}{file}").status == 404


def test_a_closed_brand_shows_no_chain(group):
    with acting_for(group.brand.tenant_id):
        tenants.suspend(group.brand.tenant_id)
    assert group.site.browser().open(group.page).status == 409
    assert group.ask().status_code == 409


def test_a_cursor_of_somebody_elses_making_is_harmless(group):
    group.join()
    for after in ("x", "zzzz", "%00", "..", "MA"):
        assert group.site.browser().open(f"{group.page}?after={after}").status in (200, 400)


def test_a_leader_finds_the_chains_of_its_campaigns_in_the_workspace(group):
    group.join()
    leader = group.site.signed_in("leader@example.com").open("/lead/green-village")
    leader.follow("Pears of the week")
    assert "Text for the chat group" in leader.page.text
