"""Campaigns take their quantity from the products' stock and give back what nobody ordered, once."""

import itertools
from datetime import timedelta

import pytest

from chalicelib import store as table_store
from chalicelib.campaigns import actions, closing, store
from chalicelib.campaigns.closing import CampaignStillOpen
from chalicelib.campaigns.commands import CreateCampaign, Offer
from chalicelib.campaigns.items import PriceStep
from chalicelib.campaigns.rules import CampaignInvalid, CampaignNotOpen, check_takes_orders
from chalicelib.campaigns.store import CampaignStock, stock_key
from chalicelib.campaigns.views import CampaignView
from chalicelib.catalog import actions as catalog_actions
from chalicelib.catalog import store as catalog
from chalicelib.catalog.actions import StockTooLow
from chalicelib.catalog.commands import CreateProduct, UpdateProduct
from chalicelib.commissions import store as plans
from chalicelib.errors import Conflict


@pytest.fixture
def randbits():
    numbers = itertools.count(1)
    return lambda _bits: next(numbers)


@pytest.fixture
def plan(tenant, clock):
    def plan(preset):
        table_store.put(plans.first_version(tenant, preset, clock()))

    plan("simple_referral")
    return plan


@pytest.fixture
def product(tenant, clock, randbits, plan):
    def product(title="Pears", stock=10, rate_bp=None):
        command = CreateProduct(
            title=title, unit="box", list_price_minor=2500, sale_price_minor=2000, stock=stock, rate_bp=rate_bp
        )
        return catalog_actions.create(tenant, command, now=clock(), randbits=randbits).product_id

    return product


@pytest.fixture
def campaign(tenant, clock, randbits):
    def campaign(*items, **changes):
        frame = {"title": "Monday fruit", "opens_at": clock(), "closes_at": clock() + timedelta(hours=12)}
        command = CreateCampaign(**frame | {"items": list(items)} | changes)
        return actions.create(tenant, command, now=clock(), randbits=randbits)

    return campaign


def sell(tenant, campaign, product_id, units):
    """What an order does to the campaign's counter."""
    counter = CampaignStock(*stock_key(tenant, campaign.campaign_id, product_id))
    counter.update(actions=[CampaignStock.left.add(-units)])


def test_a_campaign_takes_its_quantity_from_the_stock(tenant, product, campaign, clock):
    pears, plums = product("Pears", 10), product("Plums", 4)
    opened = campaign(Offer(product_id=pears, quantity=7, price_minor=1800), Offer(product_id=plums, quantity=4))
    assert store.stock_left(tenant, opened) == {pears: 7, plums: 4}
    assert (catalog.stock_left(tenant, pears), catalog.stock_left(tenant, plums)) == (3, 0)
    view = CampaignView.of(store.get(tenant, opened.campaign_id), clock(), store.stock_left(tenant, opened))
    assert [(item.price_minor, item.left) for item in view.items] == [(1800, 7), (2000, 4)]
    assert view.takes_orders


def test_a_campaign_whose_request_is_taken_up_again_takes_its_quantity_once(tenant, product, clock):
    pears, now = product("Pears", 10), clock()
    offers = [Offer(product_id=pears, quantity=7)]
    command = CreateCampaign(title="Fruit", opens_at=now, closes_at=now + timedelta(hours=12), items=offers)
    first, again = (actions.create(tenant, command, now=now, randbits=lambda _: 7) for _ in range(2))
    assert first.campaign_id == again.campaign_id
    assert catalog.stock_left(tenant, pears) == 3


def test_a_campaign_larger_than_the_stock_is_refused_whole_and_names_the_item(tenant, product, campaign):
    pears, plums = product("Pears", 10), product("Plums", 4)
    with pytest.raises(StockTooLow, match="Plums") as refusal:
        campaign(Offer(product_id=pears, quantity=10), Offer(product_id=plums, quantity=5))
    assert refusal.value.param == "items.1.quantity"
    assert (catalog.stock_left(tenant, pears), catalog.stock_left(tenant, plums)) == (10, 4)


@pytest.mark.parametrize(
    ("changes", "param"),
    [
        ({"title": " "}, "title"),
        ({"closes_at": -1}, "closes_at"),
        ({"closes_at": 24 * 400}, "closes_at"),
        ({"opens_at": 13}, "closes_at"),
        ({"opens_at": -24 * 400}, "opens_at"),
        ({"items": []}, "items"),
    ],
)
def test_a_campaign_that_cannot_be_is_refused_by_the_fields_name(tenant, product, campaign, clock, changes, param):
    hours = {name: clock() + timedelta(hours=value) for name, value in changes.items() if name.endswith("_at")}
    with pytest.raises(CampaignInvalid) as refusal:
        campaign(Offer(product_id=product(), quantity=1), **changes | hours)
    assert refusal.value.param == param


def test_a_time_without_its_offset_is_refused(tenant, product, campaign, clock):
    with pytest.raises(CampaignInvalid) as refusal:
        campaign(Offer(product_id=product(), quantity=1), closes_at=clock().replace(tzinfo=None))
    assert refusal.value.param == "closes_at"


def test_offers_that_cannot_be_are_refused_by_their_place(tenant, product, campaign):
    pears, hidden = product(), product()
    catalog_actions.update(tenant, hidden, UpdateProduct(active=False))
    for offers, param in [
        ([Offer(product_id="pr_none", quantity=1)], "items.0.product_id"),
        ([Offer(product_id=pears, quantity=1), Offer(product_id=hidden, quantity=1)], "items.1.product_id"),
        ([Offer(product_id=pears, quantity=1), Offer(product_id=pears, quantity=1)], "items.1.product_id"),
        ([Offer(product_id=pears, quantity=0)], "items.0.quantity"),
        ([Offer(product_id=pears, quantity=1, price_minor=-1)], "items.0.price_minor"),
    ]:
        with pytest.raises(CampaignInvalid) as refusal:
            campaign(*offers)
        assert refusal.value.param == param


@pytest.mark.parametrize("rate_bp", [None, 499, 4001])
def test_a_product_that_the_plan_has_no_reward_for_is_not_offered(tenant, plan, product, campaign, rate_bp):
    plan("breakaway")
    fine, strange = product(rate_bp=500), product(rate_bp=rate_bp)
    with pytest.raises(CampaignInvalid, match="rate") as refusal:
        campaign(Offer(product_id=fine, quantity=1), Offer(product_id=strange, quantity=1))
    assert refusal.value.param == "items.1.product_id"


def test_a_campaign_keeps_the_rate_that_was_checked(tenant, plan, product, campaign):
    plan("breakaway")
    pears = product(rate_bp=500)
    opened = campaign(Offer(product_id=pears, quantity=1))
    catalog_actions.update(tenant, pears, UpdateProduct(rate_bp=None))
    assert store.get(tenant, opened.campaign_id).item(pears).rate_bp == 500


def test_orders_are_taken_from_opening_to_closing_and_not_a_moment_longer(clock):
    opens, closes = clock(), clock() + timedelta(hours=1)
    check_takes_orders("open", opens, closes, opens)
    check_takes_orders("open", opens, closes, closes - timedelta(microseconds=1))
    for status, now in [
        ("open", opens - timedelta(seconds=1)),
        ("open", closes),
        ("closed", opens),
        ("cancelled", opens),
    ]:
        with pytest.raises(CampaignNotOpen):
            check_takes_orders(status, opens, closes, now)


def test_closing_gives_back_what_nobody_ordered_once(tenant, product, campaign, clock):
    pears = product("Pears", 10)
    opened = campaign(Offer(product_id=pears, quantity=8))
    sell(tenant, opened, pears, 3)
    with pytest.raises(CampaignStillOpen):
        closing.close(tenant, opened.campaign_id, now=clock())
    clock.advance(hours=12)
    for _ in range(2):
        assert closing.close(tenant, opened.campaign_id, now=clock()).status == "closed"
    assert catalog.stock_left(tenant, pears) == 2 + 5
    assert store.stock_left(tenant, opened) == {pears: 0}


def test_an_order_between_reading_and_giving_back_is_not_given_back_as_well(
    tenant, product, campaign, clock, monkeypatch
):
    pears = product("Pears", 10)
    opened = campaign(Offer(product_id=pears, quantity=8))
    read = closing.counters_of

    def sold_behind_its_back(*arguments):
        found = read(*arguments)
        monkeypatch.undo()
        sell(tenant, opened, pears, 3)
        return found

    monkeypatch.setattr(closing, "counters_of", sold_behind_its_back)
    closing.close(tenant, opened.campaign_id, now=clock.advance(hours=12))
    assert (store.stock_left(tenant, opened), catalog.stock_left(tenant, pears)) == ({pears: 0}, 2 + 5)


def test_a_cancelled_campaign_gives_back_at_once_and_stays_cancelled(tenant, product, campaign, clock):
    pears = product("Pears", 10)
    opened = campaign(Offer(product_id=pears, quantity=8))
    for _ in range(2):
        assert closing.cancel(tenant, opened.campaign_id, now=clock()).status == "cancelled"
    assert closing.close_past(tenant, now=clock.advance(days=1)) == 0
    assert catalog.stock_left(tenant, pears) == 10
    assert store.get(tenant, opened.campaign_id).status == "cancelled"


def test_a_closed_campaign_cannot_be_cancelled(tenant, product, campaign, clock):
    opened = campaign(Offer(product_id=product(), quantity=1))
    closing.close(tenant, opened.campaign_id, now=clock.advance(days=1))
    with pytest.raises(Conflict):
        closing.cancel(tenant, opened.campaign_id, now=clock())


def test_a_schedule_that_slept_for_a_day_closes_everything_that_is_past_and_nothing_else(
    tenant, product, campaign, clock
):
    pears = product("Pears", 10)
    start = clock()
    past = [
        campaign(Offer(product_id=pears, quantity=1), closes_at=start + timedelta(hours=hours)) for hours in range(1, 6)
    ]
    later = campaign(Offer(product_id=pears, quantity=1), closes_at=start + timedelta(hours=40))
    assert closing.close_past(tenant, now=clock.advance(hours=30), at_a_time=2) == 5
    assert closing.close_past(tenant, now=clock(), at_a_time=2) == 0
    assert {store.get(tenant, one.campaign_id).status for one in past} == {"closed"}
    assert store.get(tenant, later.campaign_id).status == "open"
    assert catalog.stock_left(tenant, pears) == 9
    assert closing.close_past(tenant, now=clock.advance(hours=11)) == 1


def test_a_campaign_that_comes_late_to_the_index_is_closed_by_a_later_run(tenant, product, campaign, clock):
    pears = product("Pears", 10)
    late = campaign(Offer(product_id=pears, quantity=1), closes_at=clock() + timedelta(minutes=5))
    place = late.gsi1pk
    late.update(actions=[type(late).gsi1pk.set(f"{tenant}#not-yet")])
    clock.advance(minutes=10)
    assert closing.close_past(tenant, now=clock()) == 0
    late.update(actions=[type(late).gsi1pk.set(place)])
    assert closing.close_past(tenant, now=clock.advance(minutes=5)) == 1


def test_the_storefront_lists_only_what_takes_orders_now(tenant, product, campaign, clock):
    pears = product("Pears", 10)
    now = campaign(Offer(product_id=pears, quantity=1), title="Now")
    campaign(Offer(product_id=pears, quantity=1), title="Tomorrow", opens_at=clock() + timedelta(hours=1))
    closing.cancel(tenant, campaign(Offer(product_id=pears, quantity=1), title="Never").campaign_id, now=clock())
    assert [one.title for one in store.taking_orders(tenant, clock())] == ["Now"]
    listed = store.closing_latest_first(tenant, limit=2)
    rest = store.closing_latest_first(tenant, limit=2, after=listed[-1].gsi1sk)
    assert {one.title for one in listed + rest} == {"Now", "Tomorrow", "Never"}
    assert store.taking_orders(tenant, clock.advance(hours=12)) == []
    assert now.campaign_id


def test_a_counter_of_an_ended_campaign_says_so(tenant, product, campaign, clock):
    opened = campaign(Offer(product_id=product(), quantity=1))
    closing.cancel(tenant, opened.campaign_id, now=clock())
    counters = table_store.query(CampaignStock, f"{tenant}#campaign#{opened.campaign_id}", CampaignStock.sk >= "left#")
    assert [counter.given_back for counter in counters] == [True]


def test_a_brand_whose_leaders_pay_their_own_prices_has_no_price_ladder(tenant, product, campaign, plan):
    pears = product("Pears", 10)
    plan("stock_clearance")
    with pytest.raises(CampaignInvalid, match="settlement price") as refused:
        campaign(Offer(product_id=pears, quantity=1, steps=[PriceStep(at=2, price_minor=100)]))
    assert refused.value.param == "items.0.steps"
