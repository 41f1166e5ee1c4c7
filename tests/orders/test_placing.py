"""From basket to Checkout session: what is reserved, what is refused, and what a repeat or a cut changes."""

from collections import Counter

import msgspec
import pytest
import stripe

from chalicelib import store as table_store
from chalicelib.api.resources.orders import shown
from chalicelib.campaigns import closing
from chalicelib.campaigns.rules import CampaignNotOpen
from chalicelib.campaigns.store import CampaignNotFound
from chalicelib.catalog import actions as catalog_actions
from chalicelib.catalog.commands import UpdateProduct
from chalicelib.errors import Invalid
from chalicelib.leaders.profiles import LeaderUnknown
from chalicelib.leaders.rules import LinkClosed
from chalicelib.leaders.store import Leader
from chalicelib.orders import finding, pay_page
from chalicelib.orders.commands import OrderedItem, Place
from chalicelib.orders.lines import Customer
from chalicelib.orders.pay_page import CheckoutUnreachable, OrderLapsed
from chalicelib.orders.placing import OrderRepeated
from chalicelib.orders.reserving import SoldOut
from chalicelib.orders.rules import BasketInvalid
from chalicelib.tenancy import acting_for
from chalicelib.tenants.rules import TenantSuspended
from chalicelib.tenants.store import Tenant
from tests.builders import at_once
from tests.orders.conftest import BUYER, LEADER_ID


def test_an_order_reserves_its_goods_and_leads_to_a_payment_page(shop):
    placed = shop.place(shop.basket(pears=2, plums=1))
    order = shop.order(placed.order.order_id)
    assert placed.checkout_url == f"https://pay.example/{order.session_id}"
    assert (order.state, order.amount_minor, order.currency) == ("awaiting_payment", 2 * 1800 + 999, "CNY")
    assert shop.left() == (3, 4)
    assert [(line.title, line.qty, line.paid_minor, line.rate_bp) for line in order.lines] == [
        ("Pears", 2, 3600, 2000),
        ("Plums", 1, 999, 2000),
    ]


def test_stripe_is_told_whose_order_it_is_and_for_how_long(shop):
    order = shop.place().order
    session = shop.stripe.sessions[order.session_id]
    assert session["metadata"] == {"tenant_id": shop.tenant_id, "order_id": order.order_id}
    assert session["amount_total"] == order.amount_minor
    assert session["expires_at"] == int(order.expires_at.timestamp())
    assert session["expires_at"] - shop.clock().timestamp() > 30 * 60


def test_an_order_costs_four_requests_to_the_table(shop):
    requests = Counter()
    events = table_store.connection().client.meta.events
    events.register("before-call.dynamodb", lambda model, **_: requests.update([model.name]))
    shop.place(shop.basket(pears=1, plums=1))
    assert sum(requests.values()) == 4 <= 6


def test_a_usual_order_stays_below_one_kilobyte_all_its_life(shop):
    customer = Customer(
        name="Ouyang Xiaohong", phone="+86 138 0013 8000", address="Building 12, 88 Renmin East Road, Kunshan"
    )
    order = shop.place(shop.basket(2, 1, customer=customer)).order
    order.session_id = "cs_test_" + "a" * 58
    order.payment_intent_id = "pi_" + "a" * 24
    order.paid_at = order.delivered_at = shop.clock()
    order.delivered_by = "pe_" + "a" * 20
    size = sum(len(name) + len(str(next(iter(value.values())))) for name, value in order.serialize().items())
    assert size < 1024


@pytest.mark.parametrize("field", ["unit_price_minor", "rate_bp", "list_price_minor", "paid_minor"])
def test_a_price_or_rate_sent_by_the_client_is_refused_by_its_name(field):
    line = {"product_id": "pr_1", "qty": 1, field: 1}
    body = {"leader_id": "l", "campaign_id": "c", "lines": [line], "customer": {"name": "Li", "phone": "1"}}
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.json.decode(msgspec.json.encode(body), type=Place)


@pytest.mark.parametrize("field", ["inviter_id", "rank", "tenant_id", "amount_minor"])
def test_a_rank_an_inviter_or_a_tenant_sent_by_the_client_is_refused_by_its_name(field):
    body = {"leader_id": "l", "campaign_id": "c", "lines": [], "customer": {"name": "Li", "phone": "1"}, field: "x"}
    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.json.decode(msgspec.json.encode(body), type=Place)


def test_a_price_changed_after_the_order_changes_nothing_for_its_buyer(shop):
    order_id = shop.place().order.order_id
    catalog_actions.update(shop.tenant_id, shop.pears, UpdateProduct(sale_price_minor=9999, list_price_minor=9999))
    assert shop.order(order_id).lines[0].unit_price_minor == 1800


@pytest.mark.parametrize(
    ("lines", "param"),
    [
        ([], "lines"),
        ([("pears", 0)], "lines.0.qty"),
        ([("pears", 1000)], "lines.0.qty"),
        ([("pears", -1)], "lines.0.qty"),
        ([("plums", 1), ("pears", 1), ("plums", 1)], "lines.2.product_id"),
        ([("pears", 1), ("nothing", 1)], "lines.1.product_id"),
    ],
)
def test_a_basket_that_cannot_be_is_refused_by_the_lines_name(shop, lines, param):
    ids = {"pears": shop.pears, "plums": shop.plums, "nothing": "pr_" + "0" * 20}
    wanted = [OrderedItem(product_id=ids[name], qty=qty) for name, qty in lines]
    with pytest.raises(BasketInvalid) as refusal:
        shop.place(shop.basket(lines=wanted))
    assert refusal.value.param == param
    assert shop.left() == (5, 5)


def test_a_basket_of_more_than_a_payment_can_hold_is_refused(shop):
    shop.campaign = shop.open_campaign({shop.pears: (99_999_999, 5)})
    with pytest.raises(BasketInvalid, match="two orders"):
        shop.place(shop.basket(pears=2))


def test_a_buyer_without_a_phone_number_reserves_nothing(shop):
    with pytest.raises(Invalid) as refusal:
        shop.place(shop.basket(customer=msgspec.structs.replace(BUYER, phone="call me")))
    assert (refusal.value.param, shop.left()) == ("customer.phone", (5, 5))


def test_a_suspended_brand_takes_no_order_and_says_so(shop):
    shop.tenant.update(actions=[Tenant.status.set("suspended")])
    with pytest.raises(TenantSuspended, match="closed"):
        shop.place()
    assert (shop.left(), shop.stripe.calls) == ((5, 5), Counter())


@pytest.mark.parametrize("change", [Leader.status.set("removed"), Leader.frozen.set(True)])
def test_a_removed_or_frozen_leaders_link_takes_no_order_and_says_so(shop, change):
    shop.leader.update(actions=[change])
    with pytest.raises(LinkClosed, match="another leader"):
        shop.place()
    assert shop.left() == (5, 5)


def test_a_leader_on_probation_sells(shop):
    shop.leader.update(actions=[Leader.status.set("probation")])
    assert shop.place().checkout_url


@pytest.mark.parametrize("leader_id", ["ld_zzzzzzzzzz", "", "x" * 5000, "ld_0123456789#x"])
def test_a_link_of_nobody_is_refused(shop, leader_id):
    with pytest.raises(LeaderUnknown):
        shop.place(shop.basket(leader_id=leader_id))


@pytest.mark.parametrize("campaign_id", ["cp_" + "0" * 20, "", "x" * 5000])
def test_a_campaign_that_is_none_is_refused(shop, campaign_id):
    with pytest.raises(CampaignNotFound):
        shop.place(shop.basket(campaign_id=campaign_id))


def test_another_brands_campaign_and_goods_do_not_exist_here(shop):
    with acting_for("t0000000000other"):
        other = type(shop)("t0000000000other", shop.clock, first_number=1000)
    with pytest.raises(CampaignNotFound):
        shop.place(shop.basket(campaign_id=other.campaign.campaign_id))
    with pytest.raises(BasketInvalid):
        shop.place(shop.basket(lines=[OrderedItem(product_id=other.pears, qty=1)]))
    with acting_for("t0000000000other"):
        assert other.left() == (5, 5)


def test_a_closed_or_cancelled_campaign_takes_no_order(shop):
    closing.cancel(shop.tenant_id, shop.campaign.campaign_id, now=shop.clock())
    with pytest.raises(CampaignNotOpen, match="cancelled"):
        shop.place()
    shop.campaign = shop.open_campaign({shop.pears: (1800, 5)}, hours=1)
    shop.clock.advance(hours=1)
    with pytest.raises(CampaignNotOpen, match="closed"):
        shop.place()


def test_more_than_is_left_is_refused_and_names_the_line(shop):
    shop.place(shop.basket(pears=1, plums=4))
    with pytest.raises(SoldOut, match="Plums") as refusal:
        shop.place(shop.basket(pears=1, plums=2))
    assert refusal.value.param == "lines.1.qty"
    assert shop.left() == (4, 1)


# ------------------------------------------------------------------------------------------------ again, and cut


def test_the_same_form_sent_twice_is_one_order_and_one_session(shop):
    first = shop.place(nonce="n1")
    second = shop.place(nonce="n1")
    assert (second.order.order_id, second.checkout_url) == (first.order.order_id, first.checkout_url)
    assert (len(shop.stripe.sessions), shop.left()) == (1, (4, 5))
    assert shop.place(nonce="n2").order.order_id != first.order.order_id


def test_the_same_form_sent_by_ten_threads_is_one_order(shop):
    ids = at_once(shop.tenant_id, *[lambda: shop.place(nonce="n1").order.session_id] * 10)
    assert len(ids) == 10
    assert len(set(ids)) == 1
    assert shop.left() == (4, 5)


def test_a_guessed_nonce_does_not_show_another_buyers_order(shop):
    shop.place(nonce="n1")
    for other in (
        shop.basket(pears=2),
        shop.basket(customer=Customer(name="Zhao", phone="13700137000", pickup="Gate 3")),
    ):
        with pytest.raises(OrderRepeated):
            shop.place(other, nonce="n1")


def test_the_answer_about_the_session_got_lost_and_the_form_sent_again_finds_the_same_session(shop):
    shop.stripe.lose_answer("sessions.create")
    with pytest.raises(CheckoutUnreachable) as refusal:
        shop.place(nonce="n1")
    assert refusal.value.status == 503
    placed = shop.place(nonce="n1")
    assert placed.checkout_url == "https://pay.example/cs_test_1"
    assert (len(shop.stripe.sessions), shop.left()) == (1, (4, 5))


def test_an_order_that_stripe_refuses_lets_its_goods_go_once(shop):
    refusal = stripe.InvalidRequestError("Invalid email: li@example.com", "customer_email", code="email_invalid")
    shop.stripe.fail("sessions.create", refusal)
    with pytest.raises(OrderLapsed):
        shop.place(nonce="n1")
    with pytest.raises(OrderLapsed):
        shop.place(nonce="n1")
    assert shop.left() == (5, 5)
    [order] = finding.newest(shop.tenant_id, limit=5).orders
    assert order.state == "cancelled"


@pytest.mark.parametrize(
    "error",
    [
        stripe.APIConnectionError("reset"),
        stripe.APIError("5xx", http_status=500),
        stripe.RateLimitError("slow down"),
        stripe.AuthenticationError("key revoked"),
        stripe.IdempotencyError("key in use"),
    ],
)
def test_an_unknown_fate_is_never_taken_for_a_failure(shop, error):
    shop.stripe.fail("sessions.create", error)
    with pytest.raises(CheckoutUnreachable):
        shop.place(nonce="n1")
    assert shop.left() == (4, 5)
    assert shop.place(nonce="n1").checkout_url


def test_stripes_own_words_never_reach_a_log_or_a_trace(shop, caplog):
    words = "Invalid email address: li.na@example.com, card 4242"
    for error in (stripe.InvalidRequestError(words, "customer_email"), stripe.APIError(words, http_status=500)):
        shop.stripe.fail("sessions.create", error)
        with pytest.raises((OrderLapsed, CheckoutUnreachable)) as refusal:
            shop.place()
        assert refusal.value.__cause__ is None
        assert refusal.value.__suppress_context__
        assert "li.na" not in str(refusal.value)
    assert caplog.records
    assert "li.na" not in caplog.text
    assert "4242" not in caplog.text


def test_an_unpaid_order_can_be_paid_from_its_page_and_a_paid_one_needs_no_page(shop):
    order_id = shop.place().order.order_id

    def resume():
        return pay_page.resume(
            shop.tenant_id, order_id, now=shop.clock(), stripe=shop.stripe, public_url="https://shop.example"
        )

    assert resume().checkout_url == "https://pay.example/cs_test_1"
    shop.stripe.pay("cs_test_1")
    shop.tell("checkout.session.completed", "cs_test_1")
    assert (resume().order.state, resume().checkout_url) == ("paid", None)


# ------------------------------------------------------------------------------------------------ shown


def test_a_leader_that_buys_from_itself_is_noticed_by_person_or_by_phone(shop):
    by_phone = msgspec.structs.replace(BUYER, phone="+86 139 1111 2222")
    assert shop.place(shop.basket(customer=by_phone)).order.self_purchase
    assert shop.place(buyer_person_id="pe_1").order.self_purchase
    assert not shop.place(buyer_person_id="pe_2").order.self_purchase


def test_orders_are_listed_newest_first_over_all_shards_page_by_page(shop):
    shop.campaign = shop.open_campaign({shop.plums: (999, 5)})
    ids = []
    for _ in range(5):
        ids.append(shop.place(shop.basket(pears=0, plums=1)).order.order_id)
        shop.clock.advance(seconds=1)
    first = finding.newest(shop.tenant_id, limit=3).orders
    rest = finding.newest(shop.tenant_id, limit=3, after=first[-1].gsi1sk).orders
    assert [order.order_id for order in first + rest] == ids[::-1]
    assert len({order.gsi1pk for order in first + rest}) > 1


def test_an_orders_view_says_what_was_ordered_by_whom(shop):
    view = shown(shop.place(shop.basket(pears=2)).order)
    assert (view.leader_id, view.customer, view.state) == (LEADER_ID, BUYER, "awaiting_payment")
    assert (view.amount_minor, view.refunded_minor, view.paid_at) == (3600, 0, None)
