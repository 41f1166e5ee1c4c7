"""Leaders order for their customers and pay once: at the campaign's price, or at their own price."""

from datetime import timedelta

import pytest

from chalicelib import store as table_store
from chalicelib.commissions import presets
from chalicelib.commissions import store as plans
from chalicelib.errors import Invalid
from chalicelib.leaders.rules import LinkClosed
from chalicelib.leaders.store import Leader, leader_key
from chalicelib.orders import entering
from chalicelib.orders.commands import Enter, EnteredLine
from chalicelib.orders.entering import LeaderOrdersOnly
from chalicelib.orders.placing import OrderRepeated
from chalicelib.orders.rules import BasketInvalid
from chalicelib.tenants.store import Tenant
from tests.orders.conftest import LEADER_ID


@pytest.fixture
def clearance(shop):
    """The shop under `stock_clearance`; pears and plums have a list price of 25.00."""
    document = presets.read("stock_clearance").decode()
    now = shop.clock()
    table_store.put(plans.plan_record(shop.tenant_id, 2, document, effective_from=now, now=now))
    return shop


def lines_for(shop, *wanted: tuple[str, str, int]) -> Enter:
    lines = [EnteredLine(customer=name, product_id=product, qty=qty) for name, product, qty in wanted]
    return Enter(leader_id=LEADER_ID, campaign_id=shop.campaign.campaign_id, lines=lines)


def entered(shop, *wanted: tuple[str, str, int], **given):
    leader = Leader.get(*leader_key(shop.tenant_id, LEADER_ID))
    command, customers = entering.basket_of(lines_for(shop, *wanted), leader)
    return shop.place(command, **({"buyer_person_id": "pe_1", "entered": customers} | given))


def on_probation(shop) -> None:
    """The shop's leader is one that has just begun."""
    until = shop.clock() + timedelta(days=30)
    shop.leader.update(actions=[Leader.status.set("probation"), Leader.probation_until.set(until)])


def test_the_public_cannot_pay_and_takes_nothing_from_the_stock(clearance):
    for somebody in ({}, {"buyer_person_id": "pe_9"}):
        with pytest.raises(LeaderOrdersOnly, match="Wang"):
            clearance.place(**somebody)
    assert clearance.left() == (5, 5)
    assert clearance.stripe.sessions == {}


def test_a_leader_pays_once_for_all_its_customers_at_its_settlement_price(clearance):
    order = entered(
        clearance,
        ("Mrs Li", clearance.pears, 2),
        ("Mr Zhao", clearance.pears, 1),
        ("Mr Zhao", clearance.plums, 1),
    ).order

    assert [(line.title, line.qty, line.paid_minor) for line in order.lines] == [
        ("Pears", 3, 6_375),
        ("Plums", 1, 2_125),
    ]
    assert order.amount_minor == clearance.stripe.sessions[order.session_id]["amount_total"] == 8_500
    assert [customer for customer, _, _ in clearance.order(order.order_id).entered] == ["Mrs Li", "Mr Zhao", "Mr Zhao"]
    assert order.customer.pickup == "Mrs Li、Mr Zhao"
    assert clearance.left() == (2, 4)


def test_on_probation_the_price_is_nine_tenths_of_the_list_price_rounded_up_per_line(clearance):
    on_probation(clearance)
    order = entered(clearance, ("Mrs Li", clearance.pears, 3)).order
    assert order.amount_minor == 6_750


def test_after_the_deadline_of_its_probation_a_leader_enters_nothing(clearance):
    on_probation(clearance)
    clearance.leader.update(actions=[Leader.probation_until.set(clearance.clock())])
    with pytest.raises(LinkClosed):
        entered(clearance, ("Mrs Li", clearance.pears, 3))


def test_the_brand_itself_orders_at_the_leaders_price_for_a_customer(clearance):
    order = clearance.place(by_brand=True).order
    assert (order.amount_minor, order.customer.name, order.entered) == (2_125, "Li Na", ())


def test_an_entered_order_is_no_self_purchase_one_to_the_leaders_own_phone_is(clearance):
    assert not entered(clearance, ("Mrs Li", clearance.pears, 1)).order.self_purchase
    own = clearance.basket(customer=clearance.basket().customer.__class__(name="W", phone="13911112222", pickup="x"))
    assert clearance.place(own, buyer_person_id="pe_1").order.self_purchase


def test_the_same_form_sent_again_is_one_order_with_other_customers_it_is_refused(clearance):
    first = entered(clearance, ("Mrs Li", clearance.pears, 1), nonce="form-1").order
    again = entered(clearance, ("Mrs Li", clearance.pears, 1), nonce="form-1").order
    assert first.order_id == again.order_id
    assert clearance.left() == (4, 5)
    with pytest.raises(OrderRepeated):
        entered(clearance, ("Mr Zhao", clearance.pears, 1), nonce="form-1")


def test_where_customers_pay_themselves_a_leader_pays_the_campaigns_price_for_those_it_collects(shop):
    order = entered(shop, ("Mrs Li", shop.pears, 2), ("Mr Zhao", shop.plums, 1)).order
    assert order.amount_minor == 2 * 1_800 + 999
    assert [(customer, qty) for customer, _, qty in shop.order(order.order_id).entered] == [
        ("Mrs Li", 2),
        ("Mr Zhao", 1),
    ]
    assert shop.left() == (3, 4)


def test_it_is_the_leaders_sale_and_no_purchase_of_its_own_also_when_the_brand_enters_it(shop):
    assert not entered(shop, ("Mrs Li", shop.pears, 1)).order.self_purchase
    assert not entered(shop, ("Mrs Li", shop.pears, 1), buyer_person_id=None, by_brand=True).order.self_purchase


def test_no_newcomers_coupon_is_spent_on_the_leaders_own_number(shop):
    shop.tenant.update(actions=[Tenant.newcomer_coupon_minor.set(500)])
    assert entered(shop, ("Mrs Li", shop.pears, 1)).order.amount_minor == 1_800
    assert shop.place().order.amount_minor == 1_300


def test_the_signs_that_join_pictures_in_a_pasted_nickname_do_not_refuse_it(shop):
    order = entered(shop, ("👩\u200d🌾 Li\u2005Na\n", shop.pears, 1)).order
    assert order.entered == (("👩🌾 Li Na", shop.pears, 1),)


def test_a_settlement_price_takes_no_coupon(clearance):
    with pytest.raises(Invalid, match="coupon"):
        clearance.place(clearance.basket(coupon_id="cpn_1"), by_brand=True)


@pytest.mark.parametrize(
    ("wanted", "param"),
    [([], "lines"), ([("", 1)], "lines.0.customer"), ([("Li", 1), ("x" * 41, 1)], "lines.1.customer"),
     ([("Li", 0)], "lines.0.qty"), ([("Li", 1)] * 61, "lines")],
)  # fmt: skip
def test_lines_that_cannot_be_are_named(clearance, wanted, param):
    with pytest.raises((BasketInvalid, Invalid)) as refused:
        entered(clearance, *((name, clearance.pears, qty) for name, qty in wanted))
    assert refused.value.param == param
