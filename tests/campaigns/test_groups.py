"""Groups: who is in, what they pay, and what becomes of everybody's money at the end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
import stripe

from chalicelib.campaigns.buyers import GroupFull, PersonLimit
from chalicelib.campaigns.commands import CreateCampaign, Offer
from chalicelib.campaigns.items import CampaignItem, PriceStep
from chalicelib.campaigns.rules import CampaignInvalid, check_offers, check_terms
from chalicelib.campaigns.terms import Goal, GroupCounts, Terms, decide, next_step
from chalicelib.orders import aftermath, failed_refunds
from chalicelib.orders.rules import NotDeliverable
from chalicelib.tenancy import acting_for
from tests.campaigns.world import DECIDED_AFTER, GroupBrand

FIVE = Goal(by="people", least=5)
LADDER = [PriceStep(at=3, price_minor=900), PriceStep(at=6, price_minor=700)]


@pytest.fixture
def brand(table, clock):
    return GroupBrand(clock)


def test_a_group_that_is_large_enough_succeeds_and_is_handed_out(brand):
    offered = brand.group(goal=Goal(by="units", least=3))
    orders = [brand.joins(offered, "13800000001", 2), brand.joins(offered, "13800000002")]

    with pytest.raises(NotDeliverable, match="not decided"):
        brand.delivers(orders[0])
    brand.deadline_passes(offered)

    assert brand.campaign_now(offered).status == "succeeded"
    assert [brand.charged_minor(order) for order in orders] == [2_000, 1_000]
    assert (brand.left(offered), brand.in_stock(offered)) == (0, 97)
    brand.delivers(orders[0])
    assert brand.read(orders[0]).state == "delivered"
    done = brand.aftermath(offered)
    assert (done.orders, done.settled, done.stuck, done.refunded_minor) == (2, 2, 0, 0)
    assert done.finished_at is not None


def test_a_group_short_at_its_deadline_fails_and_everybody_is_refunded_once(brand):
    offered = brand.group(goal=FIVE)
    orders = [brand.joins(offered, f"1380000000{number}") for number in range(4)]
    assert brand.has(brand.wang)[0] > 0

    brand.deadline_passes(offered)
    brand.sweeps(brand.clock.advance(minutes=5))

    assert brand.campaign_now(offered).status == "failed"
    assert [brand.read(order).state for order in orders] == ["cancelled"] * 4
    assert [brand.charged_minor(order) for order in orders] == [0] * 4
    assert len(brand.stripe.refunds) == 4
    assert brand.has(brand.wang) == (0, 0, 0, 0)
    assert brand.cash_minor() == 0
    assert brand.in_chain(offered) == []
    assert brand.in_stock(offered) == 100
    brand.audits()


def test_a_short_group_runs_on_once_if_the_brand_chose_so(brand):
    offered = brand.group(goal=FIVE, when_short="extend", extend_hours=6)
    brand.joins(offered, "13800000001")

    brand.deadline_passes(offered)
    extended = brand.campaign_now(offered)
    assert (extended.status, extended.extended) == ("open", True)
    assert (extended.closes_at - brand.clock()).total_seconds() == 6 * 3600
    late = brand.joins(offered, "13800000002")

    brand.deadline_passes(offered)
    assert brand.campaign_now(offered).status == "failed"
    assert brand.charged_minor(late) == 0


def test_a_short_group_passes_if_the_brand_chose_so(brand):
    offered = brand.group(goal=FIVE, when_short="pass")
    order = brand.joins(offered, "13800000001")
    brand.deadline_passes(offered)
    assert (brand.campaign_now(offered).status, brand.charged_minor(order)) == ("succeeded", 1_000)


def test_full_cases_decide_where_the_supplier_sells_cases():
    pears = CampaignItem(product_id="pears", price_minor=100, quantity=100, case_size=12)
    plums = CampaignItem(product_id="plums", price_minor=100, quantity=100, case_size=6)
    loose = CampaignItem(product_id="loose", price_minor=100, quantity=100)
    terms, items = Terms(goal=Goal(by="cases", least=2)), (pears, plums, loose)

    def becomes(**by_product):
        return decide(terms, items, GroupCounts(9, sum(by_product.values()), by_product), extended=False)

    assert becomes(pears=24, loose=1) == "succeeded"  # nobody wanted plums
    assert becomes(pears=30, plums=12) == "succeeded"  # an opened case is the brand's to fill
    assert becomes(pears=24, plums=11) == "failed"
    assert becomes(loose=50) == "failed"


def test_those_who_paid_more_get_the_difference_when_the_group_closes(brand):
    offered = brand.group(steps=LADDER)
    paid = [brand.joins(offered, f"1380000000{number}", qty) for number, qty in enumerate((2, 2, 3, 1))]
    assert [int(order.amount_minor) for order in paid] == [2_000, 2_000, 2_700, 700]

    brand.deadline_passes(offered)

    assert [brand.charged_minor(order) for order in paid] == [1_400, 1_400, 2_100, 700]
    assert [brand.read(order).state for order in paid] == ["paid"] * 4
    assert brand.cash_minor() == 5_600
    assert brand.has(brand.wang)[0] == 1_120  # 20 % of what is left
    brand.sweeps(brand.clock.advance(minutes=5))
    assert brand.cash_minor() == 5_600
    brand.audits()


def test_what_was_not_bought_at_a_price_of_the_ladder_gets_no_difference(brand):
    offered = brand.group(steps=LADDER)
    order = brand.joins(offered, "13800000001", 6)
    brand.pays_another_price(order, 950)
    brand.deadline_passes(offered)
    assert brand.campaign_now(offered).status == "succeeded"
    assert brand.charged_minor(order) == 6_000


def test_a_ladder_can_go_by_people(brand):
    offered = brand.group(steps=[PriceStep(at=2, price_minor=800)], ladder_by="people")
    first = brand.joins(offered, "13800000001", 9)
    again = brand.joins(offered, "13800000001")  # the same person: still one
    assert int(again.amount_minor) == 1_000
    second = brand.joins(offered, "13800000002")
    third = brand.joins(offered, "13800000003")
    assert [int(order.amount_minor) for order in (first, second, third)] == [9_000, 1_000, 800]
    assert (brand.counts(offered).people, next_step(brand.campaign_now(offered).items[0], 1)) == (3, (1, 800))


def test_a_member_who_leaves_is_out_of_group_and_chain_and_her_goods_are_free(brand):
    offered = brand.group(goal=FIVE, stock=10, places=5)
    kept, gone = brand.joins(offered, "13800000001", 2), brand.joins(offered, "13800000002", 3)
    assert brand.counts(offered) == GroupCounts(2, 5, {offered[1]: 5})

    brand.refunds(gone, 3_000)

    assert brand.read(gone).state == "refunded"
    assert brand.counts(offered) == GroupCounts(1, 2, {offered[1]: 2})
    assert [entry.order_id for entry in brand.in_chain(offered)] == [kept.order_id]
    assert brand.left(offered) == 8
    brand.replay()
    assert (brand.counts(offered).people, brand.left(offered)) == (1, 8)


def test_a_part_refund_leaves_a_member_in_the_group(brand):
    offered = brand.group(goal=FIVE)
    order = brand.joins(offered, "13800000001", 3)
    brand.refunds(order, 500)
    assert (brand.read(order).state, brand.counts(offered).units) == ("paid", 3)


def test_one_person_cannot_have_more_than_the_limit_over_all_its_orders(brand):
    offered = brand.group(per_person=3)
    brand.joins(offered, "138 0000 0001", 2)

    with pytest.raises(PersonLimit, match="1 more") as refused:
        brand.order(brand.wang, offered, phone="13800000001", qty=2)
    assert refused.value.param == "lines.0.qty"
    waits = brand.order(brand.wang, offered, phone="13800000001", qty=1)
    with pytest.raises(PersonLimit):
        brand.order(brand.wang, offered, phone="13800000001", qty=1)

    brand.clock.advance(minutes=41)
    brand.sweeps()  # it was not paid: what it kept is free for the same person again
    assert brand.read(waits).state == "expired"
    brand.joins(offered, "13800000001", 1)


def test_limits_hold_when_one_person_orders_many_times_at_once(brand):
    offered = brand.group(per_person=3, stock=50)

    def order(_):
        try:
            return brand.order(brand.wang, offered, phone="13800000001") is not None
        except PersonLimit:
            return False

    with ThreadPoolExecutor(8) as threads:
        assert sum(threads.map(order, range(12))) == 3
    assert brand.left(offered) == 47


def test_two_joins_at_once_for_the_last_place_are_one(brand):
    offered = brand.group(places=2, goal=Goal(by="people", least=2))
    brand.joins(offered, "13800000001")

    def order(number):
        try:
            return brand.order(brand.wang, offered, phone=f"1390000000{number}")
        except GroupFull:
            return None

    with ThreadPoolExecutor(4) as threads:
        got = [order for order in threads.map(order, range(4)) if order is not None]
    assert len(got) == 1
    brand.joins(offered, "13800000001")  # who is in may order again

    brand.clock.advance(minutes=41)
    brand.sweeps()  # the place is free again when its order was not paid
    brand.joins(offered, "13800000009")
    with pytest.raises(GroupFull):
        brand.order(brand.wang, offered, phone="13800000008")


def test_whoever_ordered_in_time_may_pay_until_the_group_is_decided_and_not_after(brand):
    offered = brand.group(goal=Goal(by="units", least=2))
    brand.joins(offered, "13800000001")
    brand.clock.advance(hours=11, minutes=59)
    in_time, too_late = brand.order(brand.wang, offered, phone="13800000002"), brand.order(
        brand.wang, offered, phone="13800000003"
    )  # fmt: skip
    brand.clock.advance(minutes=20)
    brand.pays(in_time)  # the deadline is past; its goods were kept for it
    brand.stripe.pay(too_late.session_id)  # but Stripe's news of this one are long on their way
    brand.pump()
    brand.clock.advance(minutes=30)
    with_group_closed = brand.closes(offered)
    brand.told("checkout.session.completed", too_late, times=2)
    brand.pump(twice=True)
    brand.sweeps(brand.clock.advance(minutes=5))

    assert with_group_closed.status == "succeeded"
    assert (brand.charged_minor(in_time), brand.charged_minor(too_late)) == (1_000, 0)
    assert brand.read(too_late).state == "cancelled"
    assert len(brand.stripe.refunds) == 1
    assert brand.in_stock(offered) == 98


def test_a_payment_whose_news_wait_in_the_stream_while_the_group_closes_is_given_back(brand):
    offered = brand.group(goal=Goal(by="units", least=1))
    brand.joins(offered, "13800000001")
    brand.clock.advance(hours=11, minutes=59)
    order = brand.order(brand.wang, offered, phone="13800000002")
    brand.clock.advance(seconds=DECIDED_AFTER.total_seconds() + 60)
    brand.is_paid_but_not_in_the_group_yet(order)
    assert brand.closes(offered).status == "succeeded"
    brand.pump()
    brand.sweeps(brand.clock.advance(minutes=5))
    brand.sweeps(brand.clock.advance(minutes=5))

    assert (brand.read(order).state, brand.charged_minor(order)) == ("cancelled", 0)
    assert brand.counts(offered).units == len(brand.in_chain(offered)) == 1
    brand.audits()


def test_a_brand_that_cancels_gives_back_what_was_paid_if_it_says_so(brand):
    offered = brand.group()
    handed_out, waits = brand.joins(offered, "13800000001"), brand.joins(offered, "13800000002")
    brand.delivers(handed_out)
    brand.cancels(offered, refund_paid=True)
    brand.sweeps(brand.clock.advance(minutes=5))

    assert (brand.charged_minor(handed_out), brand.charged_minor(waits)) == (1_000, 0)
    assert brand.aftermath(offered).finished_at is None  # an order paid a moment before may still come in
    brand.sweeps(brand.clock.advance(minutes=10))
    assert brand.aftermath(offered).finished_at is not None


def test_a_cancelled_group_charges_nobody(brand):
    offered = brand.group(goal=FIVE)
    order = brand.joins(offered, "13800000001")
    brand.cancels(offered)
    brand.sweeps(brand.clock.advance(minutes=5))
    assert (brand.charged_minor(order), brand.in_stock(offered)) == (0, 100)


def test_everybody_is_told_how_the_group_ended_once_and_that_it_runs_on(brand):
    offered = brand.group(goal=FIVE, when_short="extend", extend_hours=6)
    told = [brand.joins(offered, f"1380000000{number}", email=f"buyer{number}@example.com") for number in range(2)]
    left = brand.joins(offered, "13800000009", email="left@example.com")
    brand.refunds(left, 1_000)

    brand.deadline_passes(offered)
    brand.sweeps()
    assert [brand.news_of(order) for order in told] == [{"order_paid", "group_extended"}] * 2

    brand.deadline_passes(offered)
    brand.a_day_of_sweeps()
    assert [brand.news_of(order) for order in told] == [
        {"order_paid", "group_extended", "group_failed", "refund"}
    ] * 2  # fmt: skip
    assert brand.news_of(left) == {"order_paid", "refund"}
    assert len(brand.mailbox.letters) == 2 * 4 + 2


GATEWAY = {
    "is refused": stripe.InvalidRequestError("no balance", None, code="balance_insufficient"),
    "answers 500": stripe.APIError("oops", http_status=500),
    "times out": stripe.APIConnectionError("timed out", should_retry=True),
}


@pytest.mark.parametrize("trouble", GATEWAY)
def test_one_gateway_error_strands_nobody(brand, trouble):
    offered = brand.group(goal=FIVE)
    orders = [brand.joins(offered, f"1380000000{number}") for number in range(4)]
    brand.stripe.fail("refunds.create", GATEWAY[trouble], times=2)

    brand.deadline_passes(offered)
    assert sum(brand.charged_minor(order) == 0 for order in orders) == 2
    assert brand.aftermath(offered).settled == 2
    brand.a_day_of_sweeps()

    assert [brand.charged_minor(order) for order in orders] == [0] * 4
    assert len(brand.stripe.refunds) == 4
    done = brand.aftermath(offered)
    assert (done.settled, done.stuck, done.finished_at is not None) == (4, 0, True)
    assert brand.cash_minor() == 0
    brand.audits()


def test_a_refund_whose_answer_was_lost_is_found_and_not_made_again(brand):
    offered = brand.group(goal=FIVE)
    orders = [brand.joins(offered, f"1380000000{number}") for number in range(3)]
    brand.stripe.lose_answer("refunds.create")
    brand.deadline_passes(offered)
    brand.stripe.forget_keys()
    brand.a_day_of_sweeps()
    assert len(brand.stripe.refunds) == 3
    assert [brand.charged_minor(order) for order in orders] == [0] * 3


def test_refunds_that_are_refused_forever_wait_for_a_person(brand):
    offered = brand.group(goal=FIVE)
    orders = [brand.joins(offered, f"1380000000{number}") for number in range(2)]
    brand.stripe.fail("refunds.create", GATEWAY["is refused"], times=100)
    brand.deadline_passes(offered)
    brand.a_day_of_sweeps()
    brand.sweeps(brand.clock.advance(hours=11))

    done = brand.aftermath(offered)
    assert (done.settled, done.stuck, done.finished_at is not None) == (0, 2, True)
    brand.stripe.fail("refunds.create", None, times=0)
    for order in orders:
        brand.refunds(order, 1_000)
    assert [brand.charged_minor(order) for order in orders] == [0, 0]
    assert brand.cash_minor() == 0
    brand.audits()


def test_a_failed_refund_that_the_brand_put_away_is_not_made_after_all(brand):
    """It was paid in cash meanwhile: a second payment would be the brand's loss."""
    offered = brand.group(goal=FIVE)
    order, other = (brand.joins(offered, f"1380000000{number}") for number in range(2))
    brand.stripe.fail("refunds.create", GATEWAY["is refused"], times=2)
    brand.deadline_passes(offered)
    with acting_for(brand.tenant_id):
        in_cash, _ = failed_refunds.newest(brand.tenant_id, limit=5)
        failed_refunds.dismiss(brand.tenant_id, in_cash.order_id, in_cash.refund_id, by="owner", now=brand.clock())

    brand.a_day_of_sweeps()

    assert sorted([brand.charged_minor(order), brand.charged_minor(other)]) == [0, 1_000]
    done = brand.aftermath(offered)
    assert (done.settled, done.stuck, done.refunded_minor, done.finished_at is not None) == (2, 0, 1_000, True)
    with acting_for(brand.tenant_id):
        assert failed_refunds.newest(brand.tenant_id, limit=5) == []


def test_an_order_that_its_bank_disputes_waits_for_a_person_at_once(brand):
    offered = brand.group(goal=FIVE)
    order = brand.joins(offered, "13800000001")
    disputed = stripe.InvalidRequestError("The charge is disputed", None, code="charge_disputed")
    brand.stripe.fail("refunds.create", disputed, times=100)
    brand.deadline_passes(offered)
    brand.sweeps(brand.clock.advance(minutes=5))
    brand.a_day_of_sweeps()

    done = brand.aftermath(offered)
    assert (done.stuck, done.finished_at is not None, brand.read(order).state) == (1, True, "cancelled")
    assert brand.stripe.calls["refunds.create"] == 1


def test_the_aftermath_goes_on_where_it_stood(brand, monkeypatch):
    monkeypatch.setattr(aftermath, "PAGE", 2)
    offered = brand.group(goal=FIVE)
    orders = [brand.joins(offered, f"1380000000{number}") for number in range(4)]
    brand.clock.advance(hours=13)
    brand.closes(offered)
    asked = iter([True, False])
    brand.aftermath_runs(keep_going=lambda: next(asked))
    assert [brand.charged_minor(order) for order in orders] == [0, 0, 1_000, 1_000]
    assert brand.aftermath(offered).settled == 2

    brand.sweeps()
    assert [brand.charged_minor(order) for order in orders] == [0] * 4
    assert len(brand.stripe.refunds) == 4
    assert brand.aftermath(offered).finished_at is not None


def frame(clock, *offers, **terms):
    opens_at = clock()
    return CreateCampaign(
        title="x", opens_at=opens_at, closes_at=opens_at + timedelta(hours=1), items=list(offers), **terms
    )


@pytest.mark.parametrize(
    ("terms", "param"),
    [
        ({"goal": Goal(by="people", least=0)}, "goal.least"),
        ({"goal": Goal(by="cases", least=1)}, "goal.by"),
        ({"goal": Goal(by="people", least=5), "places": 4}, "places"),
        ({"places": 0}, "places"),
        ({"when_short": "extend"}, "extend_hours"),
        ({"when_short": "extend", "extend_hours": 9_999}, "extend_hours"),
        ({"orders_per_second": 0}, "orders_per_second"),
    ],
)
def test_terms_that_make_no_sense_are_refused_by_name(clock, terms, param):
    with pytest.raises(CampaignInvalid) as refused:
        check_terms(frame(clock, Offer(product_id="pr_1", quantity=1), **terms))
    assert refused.value.param == param


@pytest.mark.parametrize(
    ("offer", "param"),
    [
        ({"steps": [PriceStep(at=1, price_minor=900)]}, "items.0.steps.0.at"),
        ({"steps": [PriceStep(at=3, price_minor=1_000)]}, "items.0.steps.0.price_minor"),
        ({"steps": [*LADDER, PriceStep(at=6, price_minor=600)]}, "items.0.steps.2.at"),
        ({"steps": [*LADDER, PriceStep(at=9, price_minor=700)]}, "items.0.steps.2.price_minor"),
        ({"per_person": 0}, "items.0.per_person"),
        ({"case_size": 1}, "items.0.case_size"),
    ],
)
def test_offers_that_make_no_sense_are_refused_by_name(brand, offer, param):
    _, product_id = brand.group()
    products = {product_id: brand.product_view(product_id)}
    with pytest.raises(CampaignInvalid) as refused:
        check_offers([Offer(product_id=product_id, quantity=5, **offer)], products)
    assert refused.value.param == param
