"""The life of an order as a table, and what a line costs."""

import typing
from datetime import timedelta

from hypothesis import given
from hypothesis import strategies as some

from chalicelib.campaigns.items import CampaignItem
from chalicelib.catalog.views import ProductView
from chalicelib.orders.commands import OrderedItem
from chalicelib.orders.lines import OrderLine, pack_lines, unpack_lines
from chalicelib.orders.rules import (
    STEPS,
    News,
    State,
    is_late,
    news_of_session,
    order_id_of,
    price_lines,
    step_for,
    total_minor,
)

STATES, NEWS = typing.get_args(State), typing.get_args(News)
HOLDING = {"awaiting_payment", "processing", "paid"}


def walk(news, *, campaign_over=False):
    """Live an order's life; yields each step with the state before it and the news that brought it."""
    state, was_paid = "awaiting_payment", False
    for told in news:
        step = step_for(state, told, campaign_over=campaign_over, was_paid=was_paid)
        if step is not None:
            yield state, told, step
            state, was_paid = step.to, was_paid or step.to == "paid"


@given(some.lists(some.sampled_from(NEWS), max_size=12), some.booleans())
def test_goods_go_back_at_most_once_and_exactly_when_they_are_no_longer_held(news, cancelled):
    released = 0
    for before, told, step in walk(news, campaign_over=cancelled):
        released += step.releases
        lets_go = before in HOLDING and step.to not in HOLDING | {"delivered"}
        assert step.releases == (lets_go and told != "written_off")  # those were counted when the refund was granted
    assert released <= 1


@given(some.lists(some.sampled_from(NEWS), max_size=12))
def test_money_is_given_back_only_for_goods_that_are_not_held(news):
    for before, _, step in walk(news):
        assert not step.refunds or step.releases or before not in HOLDING | {"delivered"}


@given(some.lists(some.sampled_from(["paid", "pending", "lapsed", "refused", "delivered"]), max_size=8))
def test_late_news_on_a_shipped_order_leave_it_shipped(news):
    *_, (_, _, last) = walk(["paid", "delivered", *news])
    assert last.to == "delivered"


def test_every_step_leads_from_a_state_that_exists_to_one_that_exists():
    assert {state for state, _ in STEPS} <= set(STATES)
    assert {news for _, news in STEPS} <= set(NEWS)
    reachable = {"awaiting_payment"} | {step.to for step in STEPS.values()}
    assert reachable == set(STATES)


def test_what_an_event_says_of_the_payment():
    assert news_of_session("checkout.session.completed", "paid") == "paid"
    assert news_of_session("checkout.session.completed", "no_payment_required") == "paid"
    assert news_of_session("checkout.session.completed", "unpaid") == "pending"
    assert news_of_session("checkout.session.async_payment_failed", "unpaid") == "failed"
    assert news_of_session("checkout.session.expired", "unpaid") == "lapsed"
    assert news_of_session("charge.updated", None) is None


def test_a_payment_older_than_the_failure_is_the_one_that_failed(clock):
    failed_at = clock()
    assert not is_late(failed_at - timedelta(seconds=1), failed_at)
    assert is_late(failed_at + timedelta(seconds=1), failed_at)
    assert is_late(failed_at, None)


@given(some.text(max_size=40), some.text(max_size=40))
def test_an_orders_id_depends_on_the_brand_and_the_nonce_alone(one, other):
    assert (order_id_of("t1", one) == order_id_of("t1", other)) == (one == other)
    assert order_id_of("t1", one) != order_id_of("t2", one)


@given(some.lists(some.tuples(some.integers(1, 999), some.integers(0, 3_000)), min_size=1, max_size=30))
def test_an_order_costs_the_sum_of_its_lines_and_no_unit_more_or_less(basket):
    names = [f"p{number}" for number in range(len(basket))]
    products = {name: product(name) for name in names}
    offered = {
        name: CampaignItem(product_id=name, price_minor=price, quantity=1)
        for name, (_, price) in zip(names, basket, strict=True)
    }
    wanted = [OrderedItem(product_id=name, qty=qty) for name, (qty, _) in zip(names, basket, strict=True)]
    lines = price_lines(wanted, offered, products)
    assert total_minor(lines) == sum(qty * price for qty, price in basket)
    assert [line.still_paid_minor for line in lines] == [qty * price for qty, price in basket]
    assert unpack_lines(pack_lines(lines)) == lines


def test_a_line_without_a_rate_survives_packing():
    line = OrderLine("pr_1", "梨 “甜”", 2, 100, 120, None, 200, 50)
    assert unpack_lines(pack_lines([line])) == (line,)


def product(product_id):
    return ProductView(
        product_id=product_id,
        title=product_id,
        description="",
        unit="box",
        list_price_minor=5_000,
        sale_price_minor=4_000,
        rate_bp=None,
        active=True,
        created_at=None,
    )
