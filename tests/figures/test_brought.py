"""Whom leaders brought: members, paying customers, confirmed leaders; counted by day and month, however told."""

from datetime import timedelta

import pytest

from chalicelib.commissions.members import greet
from chalicelib.figures import store as figures
from chalicelib.figures.reckon import reckon
from chalicelib.tenancy import acting_for
from tests.events.world import Brand

DAY = "2026-03-02"


@pytest.fixture
def brand(table, clock):
    return Brand(clock, preset="simple_referral")


def brought(brand, leader_id, figure, period=DAY):
    with acting_for(brand.tenant_id):
        return figures.get(brand.tenant_id, leader_id).counts[f"{figure}-{period}"]


def of_three(brand, leader_id):
    return tuple(brought(brand, leader_id, figure) for figure in ("members", "customers", "new_leaders"))


def test_who_orders_is_a_member_and_who_pays_is_a_customer_once(brand):
    a = brand.leader("A")
    offered = brand.campaign(2_000, 1_000)
    brand.order(a, offered, phone="13800000001")
    brand.pump()
    assert of_three(brand, a) == (1, 0, 0)
    for _ in range(2):
        brand.bought(a, offered, phone="13800000002")
    assert of_three(brand, a) == (2, 1, 0)
    assert brought(brand, a, "customers", "2026-03") == 1


def test_a_customer_belongs_to_the_first_leader_only(brand):
    a, b = brand.leader("A"), brand.leader("B")
    offered = brand.campaign(2_000, 1_000)
    brand.bought(a, offered)
    brand.bought(b, offered)
    assert (of_three(brand, a), of_three(brand, b)) == ((1, 1, 0), (0, 0, 0))


def test_a_first_order_given_back_whole_is_a_customer_less_and_no_later_one_takes_its_place(brand):
    a = brand.leader("A")
    offered = brand.campaign(2_000, 1_000)
    order = brand.bought(a, offered)
    brand.clock.advance(days=1)
    brand.refunds(order, 500)
    assert brought(brand, a, "customers", "2026-03") == 1
    brand.refunds(order, 1_500)
    brand.bought(a, offered)
    days = [brought(brand, a, "customers", day) for day in ("2026-03-02", "2026-03-03", "2026-03")]
    assert days == [1, -1, 0]


def test_a_leader_that_buys_from_itself_brings_nobody(brand):
    a = brand.leader("A")
    brand.bought(a, brand.campaign(2_000, 1_000), phone="13900000001")  # its own number
    assert of_three(brand, a) == (0, 0, 0)


def test_a_leader_confirmed_counts_for_its_inviter_once(brand):
    a = brand.leader("A")
    b = brand.leader("B", a)
    brand.leader("C", b)
    brand.pump(twice=True)
    brand.rank(b, "leader")
    brand.pump()
    assert (of_three(brand, a), of_three(brand, b)) == ((0, 0, 1), (0, 0, 1))


def test_somebody_on_probation_counts_from_its_confirmation_on(table, clock):
    brand = Brand(clock, preset="assessed")
    a = brand.leader("A")
    b = brand.leader("B", a)
    brand.pump()
    assert brought(brand, a, "new_leaders") == 0
    brand.clock.advance(days=1)
    brand.bought(b, brand.campaign(19_900, 1_000))
    assert brought(brand, a, "new_leaders", "2026-03-03") == 1


def test_the_stream_told_again_changes_nothing_and_reckoning_anew_gives_the_same(brand):
    a = brand.leader("A")
    b = brand.leader("B", a)
    offered = brand.campaign(2_000, 1_000)
    orders = [brand.bought(b, offered, phone=f"1380000000{number}") for number in range(3)]
    brand.order(a, offered, phone="13811112222")
    brand.clock.advance(days=1)
    brand.refunds(orders[0], 2_000)
    brand.replay()
    with acting_for(brand.tenant_id):
        reckoned = reckon(brand.tenant_id, "Asia/Shanghai")
        for leader_id in (a, b):
            kept = figures.history(brand.tenant_id, leader_id)
            assert {name: n for name, n in kept.items() if n} == {
                name: n for name, n in reckoned[leader_id].counts.items() if n
            }
    assert brought(brand, b, "customers", "2026-03") == 2


def test_greeting_somebody_known_changes_nothing(tenant, clock):
    from chalicelib import store
    from chalicelib.commissions.acquisition import customer_hash
    from chalicelib.commissions.members import MemberRecord, member_key

    greet(tenant, "a", customer="138 0000 0000", at=clock())
    greet(tenant, "b", customer="13800000000", at=clock() + timedelta(days=1))
    member = store.get(MemberRecord, *member_key(tenant, customer_hash(tenant, "13800000000")))
    assert (member.leader_id, member.since) == ("a", clock())
