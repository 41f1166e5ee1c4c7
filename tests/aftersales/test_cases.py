"""A case from the complaint to its end: asked, decided, paid back once."""

from functools import partial

import pytest
import stripe

from chalicelib.aftersales import store as cases
from chalicelib.aftersales.actions import Asker
from chalicelib.aftersales.rules import CaseDecided, CaseInvalid, CaseTooLate, NotClaimable, OwnCase
from chalicelib.aftersales.store import CaseUnknown
from chalicelib.commissions.rules.refund import RefundRefused
from chalicelib.orders import delivery
from chalicelib.orders.rules import NotRefundable
from tests.aftersales.conftest import CUSTOMER, LEADER
from tests.builders import at_once
from tests.orders.conftest import LEADER_ID


def states(desk, *names):
    """How many cases each list of the brand shows."""
    return [len(cases.newest(desk.tenant_id, name, limit=50)) for name in names or ("requested", "approved", "done")]


def test_a_refund_is_asked_for_decided_and_paid_back(shop, desk):
    order = shop.paid(pears=2, plums=1)  # 3600 and 999

    case = desk.ask(order, pears=1, text=" one is  brown ", photos=["cases/a.jpg"])
    assert (case.state, case.expected_minor, case.text, case.photos) == (
        "requested",
        1800,
        "one is brown",
        ("cases/a.jpg",),
    )
    assert states(desk) == [1, 0, 0]
    assert shop.stripe.refunds == {}

    decided = desk.approve(case)
    assert (decided.state, decided.amount_minor, decided.decided_by, decided.goods) == ("done", 1800, "owner", "gone")
    assert desk.refunded(order) == (1800, 0)
    assert states(desk) == [0, 0, 1]
    [refund] = desk.refunds(order)
    assert (refund.case_id, refund.cause, refund.goods) == (case.case_id, "case", "gone")


def test_three_claims_of_one_unit_each_give_back_exactly_what_was_paid(shop, desk):
    order = shop.paid(pears=3)  # 5400
    odd = shop.order(order.order_id)
    odd.lines_packed = odd.lines_packed.replace("5400", "5000")
    odd.amount_minor = 5000
    odd.save()

    amounts = [desk.approve(desk.ask(order, pears=1)).amount_minor for _ in range(3)]

    assert amounts == [1666, 1667, 1667]
    assert desk.refunded(order)[0] == 5000


def test_a_case_of_everything_is_all_that_is_still_paid(shop, desk):
    order = shop.paid(pears=2, plums=1)
    desk.approve(desk.ask(order, plums=1))

    case = desk.approve(desk.ask(order))

    assert (case.units, case.amount_minor) == (desk.units(pears=2), 3600)
    assert shop.order(order.order_id).refunded_minor == 4599


def test_the_brand_decides_on_another_amount(shop, desk):
    order = shop.paid(pears=2, plums=1)

    case = desk.approve(desk.ask(order, pears=1), amount_minor=500)

    assert (case.expected_minor, case.amount_minor, desk.refunded(order)) == (1800, 500, (500, 0))
    with pytest.raises(RefundRefused):
        desk.approve(desk.ask(order, plums=1), amount_minor=9_000)


def test_a_claim_of_an_amount_is_spread_over_the_order(shop, desk):
    order = shop.paid(pears=1, plums=1)

    assert desk.approve(desk.ask(order, amount_minor=1000)).state == "done"

    assert desk.refunded(order) == (643, 357)
    with pytest.raises(RefundRefused):
        desk.ask(order, amount_minor=1800)


def test_the_same_form_sent_twice_is_one_case(shop, desk):
    order = shop.paid(pears=2)

    first, second = (desk.ask(order, pears=1, nonce="form") for _ in range(2))

    assert first.case_id == second.case_id
    assert len(cases.of_order(desk.tenant_id, order.order_id)) == 1


def test_no_unit_is_claimed_twice_unless_the_claim_before_was_declined_or_withdrawn(shop, desk):
    order = shop.paid(pears=2)
    first, second = desk.ask(order, pears=1), desk.ask(order, pears=1)
    with pytest.raises(CaseInvalid):
        desk.ask(order, pears=1)

    desk.decline(first)
    desk.withdraw(second)

    assert desk.approve(desk.ask(order, pears=2)).amount_minor == 3600


def test_ten_claims_of_the_same_two_units_at_once_are_two(shop, desk):
    order = shop.paid(pears=2)

    def claim(number):
        try:
            return desk.ask(order, pears=1, nonce=f"thread-{number}").state
        except CaseInvalid as refusal:
            return refusal.param

    outcomes = at_once(desk.tenant_id, *(partial(claim, number) for number in range(10)))

    assert sorted(outcomes) == ["requested"] * 2 + [f"units.{shop.pears}"] * 8


# ------------------------------------------------------------------------------------------------ without anybody's yes


def test_a_small_refund_needs_nobody(shop, desk):
    desk.automatic_up_to(2000)
    order = shop.paid(pears=2)

    case = desk.ask(order, pears=1)

    assert (case.state, case.automatic, case.amount_minor) == ("done", True, 1800)
    assert desk.refunded(order)[0] == 1800


def test_a_claim_cut_into_small_ones_stops_at_the_limit_of_the_order(shop, desk):
    desk.automatic_up_to(2000)
    order = shop.paid(pears=2, plums=2)

    outcomes = [desk.ask(order, amount_minor=700).state for _ in range(4)]

    assert outcomes == ["done", "done", "requested", "requested"]
    assert desk.ask(order, amount_minor=600).state == "done", "the limit itself is still within it"
    assert desk.ask(order, amount_minor=1).state == "requested"
    assert desk.ask(shop.paid(pears=1), amount_minor=700).state == "done", "another order has its own limit"


def test_claims_at_once_do_not_slip_below_the_limit_together(shop, desk):
    desk.automatic_up_to(1000)
    order = shop.paid(pears=2)

    def claim(number):
        return desk.ask(order, amount_minor=400, nonce=f"thread-{number}").state

    outcomes = at_once(desk.tenant_id, *(partial(claim, number) for number in range(6)))

    assert sorted(outcomes) == ["done"] * 2 + ["requested"] * 4
    assert sum(made["amount"] for made in shop.stripe.refunds.values()) == 800


def test_what_the_brand_asks_itself_and_replacements_wait_for_a_yes(shop, desk):
    desk.automatic_up_to(5000)
    order = shop.paid(pears=2)

    assert desk.ask(order, pears=1, asker=Asker("brand", "pe_owner")).state == "requested"
    assert desk.ask(order, pears=1, wish="replacement").state == "requested"


# ------------------------------------------------------------------------------------------------ no


def test_a_declined_case_says_why_and_stays_declined(shop, desk):
    order = shop.paid()
    case = desk.ask(order)

    declined = [desk.decline(case, " It was  fine. ") for _ in range(2)]

    assert {(one.state, one.note) for one in declined} == {("declined", "It was fine.")}
    with pytest.raises(CaseDecided):
        desk.approve(case)
    with pytest.raises(CaseDecided):
        desk.withdraw(case)
    assert desk.refunds(order) == []


@pytest.mark.parametrize("note", ["", "  ", "x" * 201])
def test_a_no_without_a_reason_is_refused(shop, desk, note):
    case = desk.ask(shop.paid())
    with pytest.raises(CaseInvalid) as refused:
        desk.decline(case, note)
    assert refused.value.param == "note"


def test_only_who_asked_takes_it_back_and_only_before_the_decision(shop, desk):
    order = shop.paid(pears=2)
    case = desk.ask(order, pears=1, asker=LEADER)
    with pytest.raises(OwnCase):
        desk.withdraw(case, CUSTOMER)
    assert [desk.withdraw(case, LEADER).state for _ in range(2)] == ["withdrawn", "withdrawn"]
    with pytest.raises(CaseDecided):
        desk.approve(case)

    approved = desk.approve(desk.ask(order, pears=1))
    with pytest.raises(CaseDecided):
        desk.withdraw(approved)


def test_what_is_not_paid_cannot_be_claimed(shop, desk):
    with pytest.raises(NotClaimable):
        desk.ask(shop.place().order)


def test_thirty_days_after_the_hand_out_only_the_brand_asks(shop, desk):
    order = shop.paid()
    delivery.confirm(desk.tenant_id, order.order_id, by=LEADER_ID, now=desk.clock())
    desk.clock.advance(days=30, seconds=1)

    for asker in (CUSTOMER, LEADER):
        with pytest.raises(CaseTooLate):
            desk.ask(order, asker=asker)
    assert desk.ask(order, asker=Asker("brand", "pe_owner")).state == "requested"


def test_a_payment_that_the_bank_took_back_meanwhile_is_not_refunded_as_well(shop, desk):
    order = shop.paid()
    case = desk.ask(order)
    shop.tell("checkout.session.async_payment_failed", order.session_id, payment_status="unpaid")

    with pytest.raises(NotRefundable):
        desk.approve(case)
    assert cases.get(desk.tenant_id, order.order_id, case.case_id).state == "requested"


def test_a_case_is_found_below_its_own_order_only(shop, desk):
    case, other = desk.ask(shop.paid()), shop.paid()

    for order_id, case_id in ((other.order_id, case.case_id), (case.order_id, "case_x"), ("ord#", case.case_id)):
        with pytest.raises(CaseUnknown):
            cases.get(desk.tenant_id, order_id, case_id)


# ------------------------------------------------------------------------------------------------ goods


def test_goods_that_come_back_are_in_stock_again_once(shop, desk):
    order = shop.paid(pears=2)
    case = desk.ask(order, pears=2)
    before = shop.in_stock()

    for _ in range(3):
        desk.approve(case, goods="back")

    assert shop.in_stock() == (before[0] + 2, before[1])
    assert desk.refunds(order)[0].goods == "back"


def test_five_people_saying_yes_at_once_is_one_refund_and_one_return(shop, desk):
    order = shop.paid(pears=2)
    case, before = desk.ask(order, pears=2), shop.in_stock()

    outcomes = at_once(desk.tenant_id, *[lambda: desk.approve(case, goods="back").state] * 5)

    assert len(outcomes) == 5 and set(outcomes) <= {"approved", "done"}
    assert shop.in_stock() == (before[0] + 2, before[1])
    assert (len(desk.refunds(order)), len(shop.stripe.refunds)) == (1, 1)


def test_goods_stay_away_when_nobody_says_that_they_come_back(shop, desk):
    before = shop.in_stock()
    desk.approve(desk.ask(shop.paid()))
    assert shop.in_stock() == before


def test_an_amount_brings_no_goods_back(shop, desk):
    case = desk.ask(shop.paid(), amount_minor=100)
    with pytest.raises(CaseInvalid) as refused:
        desk.approve(case, goods="back")
    assert refused.value.param == "goods"


def test_a_replacement_is_handed_over_and_moves_no_money(shop, desk):
    order = shop.paid(pears=2)
    case = desk.ask(order, wish="replacement", pears=1)
    with pytest.raises(CaseDecided):
        desk.hand_over(case)
    with pytest.raises(CaseInvalid):
        desk.approve(case, amount_minor=5)

    assert desk.approve(case).state == "approved"
    with pytest.raises(CaseInvalid):
        desk.ask(order, pears=2)
    done = [desk.hand_over(case) for _ in range(2)]

    assert {(one.state, one.done_by) for one in done} == {("done", LEADER_ID)}
    assert (desk.refunds(order), shop.stripe.refunds) == ([], {})
    assert desk.ask(order, pears=2).state == "requested", "what was replaced can be spoilt again"


# ------------------------------------------------------------------------------------------------ the money's fate


def test_a_decision_that_was_cut_goes_on_with_the_same_refund(shop, desk):
    order = shop.paid()
    case = desk.ask(order)
    shop.stripe.lose_answer("refunds.create")

    assert desk.approve(case).state == "approved"
    assert desk.approve(case).state == "done"

    assert len(shop.stripe.refunds) == 1
    assert states(desk) == [0, 0, 1]


def test_a_slow_refund_ends_its_case_when_stripe_tells(shop, desk):
    order = shop.paid()
    shop.stripe.refund_status = "pending"
    case = desk.approve(desk.ask(order))
    assert case.state == "approved"

    shop.apply(shop.refund_event("refund.updated", "re_1", status="succeeded"))
    [refund] = desk.refunds(order)
    for _ in range(2):
        desk.stream(refund)

    assert cases.get(desk.tenant_id, order.order_id, case.case_id).state == "done"


def test_a_refund_that_stripe_refuses_leaves_its_case_open(shop, desk):
    order = shop.paid()
    shop.stripe.fail("refunds.create", stripe.InvalidRequestError("no", None, code="insufficient_funds"))

    assert desk.approve(desk.ask(order)).state == "approved"

    assert states(desk) == [0, 1, 0]
    assert desk.refunded(order)[0] == 0


def test_a_leader_finds_the_cases_of_its_own_customers(shop, desk):
    first = desk.ask(shop.paid())
    desk.clock.advance(minutes=1)
    second = desk.ask(shop.paid(), asker=LEADER)

    found = cases.of_leader(desk.tenant_id, LEADER_ID, limit=10)

    assert [case.case_id for case in found] == [second.case_id, first.case_id]
    assert cases.of_leader(desk.tenant_id, "ld_another", limit=10) == []
