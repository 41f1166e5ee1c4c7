"""Refunds that failed are seen, asked for again once, or put away."""

import pytest
import stripe

from chalicelib.aftersales import deciding
from chalicelib.aftersales import store as cases
from chalicelib.commissions.rules.refund import RefundRefused
from chalicelib.orders import failed_refunds, store
from chalicelib.orders.failed_refunds import RefundNotFailed
from chalicelib.orders.reservations import reserved
from tests.aftersales.conftest import Desk
from tests.orders.test_refunds import ask, still_paid

REFUSED = stripe.InvalidRequestError("no", None, code="insufficient_funds")


def failed(shop, order, amount=1000, **how):
    shop.stripe.fail("refunds.create", REFUSED)
    return ask(shop, order, amount, **how)


def listed(shop):
    return [one.refund_id for one in failed_refunds.newest(shop.tenant_id, limit=20)]


def repeat(shop, refund):
    return failed_refunds.repeat(
        shop.tenant_id, refund.order_id, refund.refund_id, by="owner", now=shop.clock(), stripe=shop.stripe
    )


def sent_back(shop, order, reason="expired_or_canceled_card"):
    """A refund that went through, and that the bank returned weeks later."""
    ask(shop, order, 500)
    stripe_id = next(reversed(shop.stripe.refunds))
    shop.clock.advance(days=20)
    shop.stripe.refunds[stripe_id]["status"] = "failed"
    shop.apply(shop.refund_event("refund.failed", stripe_id, status="failed", failure_reason=reason))
    return store.refunds_of(shop.tenant_id, order.order_id)[-1]


def test_a_failed_refund_stays_in_the_list_until_it_is_repeated(shop):
    order = shop.paid(pears=1, plums=1)
    refund = failed(shop, order)
    assert (listed(shop), refund.failure_code) == ([refund.refund_id], "insufficient_funds")

    again = repeat(shop, refund)

    assert (again.state, again.lines, again.cause, again.repeats) == (
        "succeeded",
        refund.lines,
        "brand",
        refund.refund_id,
    )
    assert listed(shop) == []
    assert still_paid(shop, order) == [1157, 642]
    [before] = [one for one in store.refunds_of(shop.tenant_id, order.order_id) if one.state == "failed"]
    assert (before.repeated_as, before.seen_by) == (again.refund_id, "owner")


def test_pressing_twice_is_one_refund(shop):
    order = shop.paid()
    refund = failed(shop, order)

    assert repeat(shop, refund).refund_id == repeat(shop, refund).refund_id
    assert (len(shop.stripe.refunds), still_paid(shop, order)) == (1, [800])


def test_a_repetition_that_fails_as_well_is_listed_in_its_place(shop):
    order = shop.paid()
    refund = failed(shop, order)
    shop.stripe.fail("refunds.create", REFUSED)

    again = repeat(shop, refund)

    assert (again.state, listed(shop)) == ("failed", [again.refund_id])
    assert repeat(shop, again).state == "succeeded"
    assert (listed(shop), still_paid(shop, order)) == ([], [800])


def test_what_is_not_left_any_more_is_not_asked_for_again(shop):
    order = shop.paid()
    refund = failed(shop, order)
    ask(shop, order, 900)

    with pytest.raises(RefundRefused):
        repeat(shop, refund)
    assert listed(shop) == [refund.refund_id]


def test_a_failed_refund_can_be_put_away(shop):
    order = shop.paid()
    refund = failed(shop, order)

    for _ in range(2):
        seen = failed_refunds.dismiss(shop.tenant_id, order.order_id, refund.refund_id, by="owner", now=shop.clock())
        assert seen.seen_by == "owner"

    assert listed(shop) == []
    with pytest.raises(RefundNotFailed):
        repeat(shop, refund)


def test_what_went_through_or_is_on_its_way_needs_nobody(shop):
    order = shop.paid()
    done = ask(shop, order, 100)
    shop.stripe.refund_status = "pending"
    under_way = ask(shop, order, 100)

    for refund in (done, under_way):
        with pytest.raises(RefundNotFailed):
            repeat(shop, refund)
        with pytest.raises(RefundNotFailed):
            failed_refunds.dismiss(shop.tenant_id, order.order_id, refund.refund_id, by="x", now=shop.clock())
    assert listed(shop) == []


def test_a_refund_that_the_bank_sends_back_weeks_later_is_listed_and_only_resent(shop):
    order = shop.paid()

    refund = sent_back(shop, order)

    assert (refund.state, refund.failure_code, listed(shop)) == (
        "succeeded", "expired_or_canceled_card", [refund.refund_id],
    )  # fmt: skip
    shop.stripe.refunds["re_1"]["amount"] = 0  # what came back can be given again
    again = repeat(shop, refund)
    assert (again.state, again.amount_minor, again.resends) == ("succeeded", 500, True)
    assert (listed(shop), still_paid(shop, order)) == ([], [1300]), "the order's lines were told once"


def test_a_resent_refund_that_fails_gives_nothing_back_to_the_order(shop):
    order = shop.paid()
    refund = sent_back(shop, order)
    shop.stripe.fail("refunds.create", REFUSED)

    again = repeat(shop, refund)

    assert (again.state, still_paid(shop, order), listed(shop)) == ("failed", [1300], [again.refund_id])
    shop.stripe.refunds["re_1"]["amount"] = 0
    assert repeat(shop, again).resends
    assert (still_paid(shop, order), listed(shop)) == ([1300], [])


def test_the_bank_telling_twice_that_it_sent_money_back_lists_it_once(shop):
    order = shop.paid()
    refund = sent_back(shop, order)
    failed_refunds.dismiss(shop.tenant_id, order.order_id, refund.refund_id, by="owner", now=shop.clock())

    shop.apply(shop.refund_event("refund.updated", "re_1", status="failed"))

    assert listed(shop) == []


def test_one_that_was_asked_for_again_elsewhere_is_not_listed(shop):
    """The end of a campaign repeats what failed by itself, under the name that we would use."""
    order = shop.paid()
    refund = failed(shop, order)
    elsewhere = failed_refunds._again(shop.tenant_id, shop.order(order.order_id), refund, shop.clock())
    mark = failed_refunds.marking_repeated(refund, elsewhere, by="campaign_end", now=shop.clock())
    assert reserved(shop.order(order.order_id), elsewhere, elsewhere.lines, also=mark)

    assert listed(shop) == []
    assert repeat(shop, refund).refund_id == elsewhere.refund_id
    assert len(shop.stripe.refunds) == 1


def test_a_cases_refund_that_is_repeated_ends_its_case(shop):
    desk = Desk(shop)
    order = shop.paid()
    shop.stripe.fail("refunds.create", REFUSED)
    case = desk.approve(desk.ask(order))
    [refund] = desk.refunds(order)

    again = repeat(shop, refund)
    deciding.money_went_back(shop.tenant_id, again, now=shop.clock())

    assert again.case_id == case.case_id
    assert cases.get(shop.tenant_id, order.order_id, case.case_id).state == "done"
