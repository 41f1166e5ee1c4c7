"""The chain as people read it: numbers, pages, totals, and the fingerprint that says it is unchanged."""

from datetime import timedelta

import pytest

from chalicelib.campaigns import chain, repeats, roll, store
from chalicelib.campaigns.chain import PaidOrder
from chalicelib.ids import encode
from tests.orders.conftest import LEADER_ID, shop

__all__ = ["shop"]


@pytest.fixture
def campaign_id(shop):
    return shop.campaign.campaign_id


@pytest.fixture
def joined(shop, clock):
    """Puts paid orders into the chain, a minute apart; gives them in that order."""
    made = []

    def join(count=1, campaign=None, phone=None, day=0, **different):
        told = []
        for _ in range(count):
            number = len(made) + 1
            fields = {
                "order_id": "ord_" + encode(number, 20),
                "leader_id": LEADER_ID,
                "campaign_id": (campaign or shop.campaign).campaign_id,
                "name": f"{chr(0x4E00 + number)}某",
                "phone": phone or f"138{number:08d}",
                "units": {shop.pears: 2},
                "paid_at": clock() + timedelta(minutes=number, days=day),
            }
            order = PaidOrder(**fields | different)
            chain.join(shop.tenant_id, campaign or shop.campaign, order)
            made.append(order)
            told.append(order)
        return told

    return join


def leave(shop, order, at):
    chain.leave(shop.tenant_id, shop.campaign, order, at=at)


def test_the_newest_comes_first_with_its_place_among_those_in(shop, campaign_id, joined):
    joined(3)
    read = roll.roll_of(shop.tenant_id, campaign_id)
    assert [(place.number, place.units) for place in read.places] == [(3, 2), (2, 2), (1, 2)]
    assert (read.orders, read.units, read.is_whole, read.older) == (3, 6, True, None)


def test_who_leaves_is_gone_and_those_behind_move_up(shop, campaign_id, joined, clock):
    first, second, third = joined(3)
    leave(shop, second, clock())
    read = roll.roll_of(shop.tenant_id, campaign_id)
    assert [(place.number, place.position.partition("#")[2]) for place in read.places] == [
        (2, third.order_id),
        (1, first.order_id),
    ]
    assert (read.orders, read.units) == (2, 4)


def test_pages_go_on_where_the_last_one_ended_with_the_right_numbers(shop, campaign_id, joined):
    joined(5)
    seen, after = [], None
    while True:
        read = roll.roll_of(shop.tenant_id, campaign_id, after=after, page=2)
        seen.append([place.number for place in read.places])
        after = read.older
        if after is None:
            break
    assert seen == [[5, 4], [3, 2], [1]]


def test_a_chain_too_long_to_be_numbered_goes_on_without_numbers(shop, campaign_id, joined, monkeypatch):
    monkeypatch.setattr(roll, "LONGEST_NUMBERED", 4)
    orders = joined(7)
    seen, after = [], None
    for _ in range(9):
        read = roll.roll_of(shop.tenant_id, campaign_id, after=after, page=2)
        assert all(place.number is None for place in read.places)
        seen += [place.position.partition("#")[2] for place in read.places]
        after = read.older
        if after is None:
            break
    assert seen == [order.order_id for order in reversed(orders)]
    assert not roll.roll_of(shop.tenant_id, campaign_id).is_whole


def test_a_glimpse_names_the_last_ones_that_are_still_in(shop, campaign_id, joined, clock):
    orders = joined(4)
    leave(shop, orders[-1], clock())
    assert [entry.order_id for entry in roll.latest(shop.tenant_id, campaign_id, most=2)] == [
        orders[2].order_id,
        orders[1].order_id,
    ]


def test_the_fingerprint_moves_with_everything_that_is_shown_and_with_nothing_else(shop, campaign_id, joined, clock):
    def taken(*more):
        return roll.fingerprint(shop.tenant_id, campaign_id, clock(), *more)

    seen = [taken()]
    [order] = joined(1)
    seen.append(taken())
    leave(shop, order, clock())
    seen.append(taken())
    shop.place()  # not paid yet, but its pears are not left any more
    seen.append(taken())
    seen += [taken("en"), taken("zh")]
    clock.advance(hours=13)
    seen.append(taken())
    assert len(set(seen)) == len(seen)
    clock.advance(hours=1)
    assert taken() == seen[-1]


@pytest.mark.parametrize("strange", ["", "x", "cp_00000000000000000000", "cp_" + "x" * 3000, "\x00"])
def test_a_campaign_that_is_not_there_has_no_fingerprint(shop, clock, strange):
    assert roll.fingerprint(shop.tenant_id, strange, clock()) is None


# ------------------------------------------------------------------------------------------------ run again


def closed(campaign, at):
    campaign.update(actions=[store.Campaign.closes_at.set(at)])


def test_when_buyers_came_back_is_read_from_past_campaigns_and_kept_for_a_day(shop, joined, clock):
    first, second = shop.campaign, shop.open_campaign({shop.pears: (1800, 2)})
    joined(1, first, phone="13800000001")
    joined(1, second, phone="13800000001", day=9)
    joined(1, second, phone="13800000002", day=9)
    joined(1, first, phone="13911112222", entered_for=("Wu", "Hu"))
    joined(1, second, phone="13911112222", entered_for=("Wu", "Hu"), day=5)
    clock.advance(days=10)
    found = repeats.repeats_of(shop.tenant_id, shop.pears, now=clock())
    assert (int(found.days), int(found.times), int(found.campaigns)) == (9, 1, 2)
    assert found.run_again_at == max(first.closes_at, second.closes_at) + timedelta(days=9)

    joined(1, second, phone="13800000003")
    assert repeats.repeats_of(shop.tenant_id, shop.pears, now=clock()).counted_at == clock()
    later = clock.advance(hours=25)
    assert repeats.repeats_of(shop.tenant_id, shop.pears, now=later).counted_at == later


def test_a_product_that_nobody_bought_twice_has_no_interval(shop, joined, clock):
    joined(2)
    clock.advance(days=2)
    found = repeats.repeats_of(shop.tenant_id, shop.pears, now=clock())
    assert (found.days, int(found.times), found.run_again_at) == (None, 0, None)
    assert repeats.repeats_of(shop.tenant_id, shop.plums, now=clock()).run_again_at is None


def test_the_runs_of_a_campaign_tell_orders_people_units_and_goods(shop, joined, clock):
    again = shop.open_campaign({shop.pears: (1500, 2)})
    again.update(actions=[store.Campaign.cloned_from.set(shop.campaign.campaign_id)])
    joined(2, phone="13800000001")
    joined(1, entered_for=("Wu", "Hu"), units={shop.pears: 1, shop.plums: 1})
    [left] = joined(1)
    leave(shop, left, clock())
    joined(1, again)
    latest, before = repeats.earlier_runs(shop.tenant_id, store.get(shop.tenant_id, again.campaign_id))
    assert (latest.orders, latest.people, latest.units, latest.goods_minor) == (1, 1, 2, 3000)
    assert (before.orders, before.people, before.units, before.goods_minor) == (3, 3, 6, 5 * 1800 + 999)
