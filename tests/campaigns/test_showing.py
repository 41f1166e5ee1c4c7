"""Campaigns of some leaders only, campaigns taken over, campaigns run again."""

from datetime import timedelta

import pytest

from chalicelib import store
from chalicelib.campaigns import actions, showing
from chalicelib.campaigns.commands import CloneCampaign
from chalicelib.campaigns.showing import NotForTaking
from chalicelib.campaigns.store import CampaignNotFound
from chalicelib.leaders import stall
from chalicelib.tenancy import acting_for
from tests.campaigns.world import GroupBrand


@pytest.fixture
def brand(table, clock):
    return GroupBrand(clock)


@pytest.fixture
def acting(brand):
    with acting_for(brand.tenant_id):
        yield brand


def pages(brand, *leaders):
    with acting_for(brand.tenant_id):
        return [[one.campaign_id for one in showing.running_of(brand.tenant_id, who, brand.clock())] for who in leaders]


def test_a_leaders_own_campaign_is_on_its_page_and_nobody_elses_sells_it(brand):
    bo = brand.leader("Bo")
    everyones, own = brand.group(), brand.group(leader_id=bo)
    assert pages(brand, brand.wang, bo) == [[everyones[0]], [own[0], everyones[0]]]
    brand.bought(bo, own)
    with pytest.raises(CampaignNotFound):
        brand.order(brand.wang, own)


def test_who_takes_a_campaign_over_sells_it_and_earns_on_its_own_sales(brand):
    bo = brand.leader("Bo")
    own = brand.group(leader_id=bo)
    with acting_for(brand.tenant_id):
        assert [one.campaign_id for one in showing.to_take(brand.tenant_id, brand.wang, brand.clock())] == [own[0]]
        for _ in range(2):
            showing.take_over(brand.tenant_id, brand.wang, own[0], now=brand.clock())
    assert pages(brand, brand.wang, bo) == [[own[0]], [own[0]]]

    brand.bought(brand.wang, own, phone="13800000001")
    assert (brand.has(brand.wang)[0], brand.has(bo)[0]) == (200, 0)
    assert [entry.leader_id for entry in brand.in_chain(own)] == [brand.wang]

    with acting_for(brand.tenant_id):
        showing.give_up(brand.tenant_id, brand.wang, own[0])
        with pytest.raises(NotForTaking, match="your own"):
            showing.give_up(brand.tenant_id, bo, own[0])
    assert pages(brand, brand.wang, bo) == [[], [own[0]]]


def test_what_everybody_shows_or_is_over_is_not_taken_over(acting):
    everyones, chosen = acting.group(), acting.group(shown="chosen", hours=1)
    with pytest.raises(NotForTaking, match="every leader"):
        showing.take_over(acting.tenant_id, acting.wang, everyones[0], now=acting.clock())
    with pytest.raises(CampaignNotFound):
        acting.order(acting.wang, chosen)
    with pytest.raises(NotForTaking, match="over"):
        showing.take_over(acting.tenant_id, acting.wang, chosen[0], now=acting.clock.advance(hours=2))


def test_a_campaign_of_some_leaders_is_closed_like_any_other(brand):
    own = brand.group(leader_id=brand.wang, stock=9)
    brand.clock.advance(hours=13)
    brand.sweeps()
    assert (brand.campaign_now(own).status, brand.in_stock(own)) == ("closed", 9)


def test_a_campaign_run_again_has_the_same_terms_and_says_where_it_comes_from(acting):
    first = acting.group(stock=10, places=3, per_person=2, orders_per_second=40)
    acting.clock.advance(hours=13)
    acting.sweeps()
    again = CloneCampaign(opens_at=acting.clock(), closes_at=acting.clock() + timedelta(hours=2))
    clone = actions.clone(acting.tenant_id, first[0], again, now=acting.clock(), randbits=acting.bits)

    before = acting.campaign_now(first)
    assert (clone.cloned_from, clone.terms, clone.items) == (first[0], before.terms, before.items)
    assert (acting.left((clone.campaign_id, first[1])), acting.in_stock(first)) == (10, 0)
    assert acting.campaign_now((clone.campaign_id, "")).cloned_from == first[0]


def test_a_stall_with_many_campaigns_is_tidied_of_those_that_are_over(acting):
    over = [f"cp_{number:020d}" for number in range(showing.MANY + 1)]
    for campaign_id in over:
        with store.transaction() as write:
            stall.add_campaign(write, acting.tenant_id, acting.wang, campaign_id)
    own = acting.group(leader_id=acting.wang)
    assert stall.read(acting.tenant_id, acting.wang).campaign_ids == [own[0]]
