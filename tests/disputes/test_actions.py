"""A dispute is kept as Stripe last told it, in one write with what its order says of it."""

import itertools
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib import store as table
from chalicelib.disputes import actions, intake, store
from chalicelib.orders import checkout
from chalicelib.orders.refund_records import new_refund
from chalicelib.orders.reservations import reserved
from chalicelib.orders.steps import OrderBusy
from chalicelib.payouts.store import OpenPayoutRecord
from tests.disputes.builders import told
from tests.orders.conftest import Shop
from tests.orders.fake_stripe import SECRET, signed

# A life as Stripe tells it: (seconds after it began, event, status, money moved so far).
LIVES = [
    [(0, "created", "needs_response", ()), (0, "funds_withdrawn", "needs_response", (-18_00,)),
     (60, "updated", "under_review", (-18_00,)), (120, "closed", "won", (-18_00,)),
     (120, "funds_reinstated", "won", (-18_00, 18_00))],
    [(0, "created", "warning_needs_response", ()), (60, "updated", "needs_response", ()),
     (60, "funds_withdrawn", "needs_response", (-18_00,)), (120, "closed", "lost", (-18_00,))],
]  # fmt: skip
_disputes = itertools.count(1)


@pytest.fixture
def shop(tenant, clock):
    return Shop(tenant, clock)


@pytest.fixture
def order(shop):
    """A paid order of one box of pears."""
    return shop.order(shop.paid().order_id)


def tell(shop, order, *telling, began, dispute_id="du_1"):
    """Stripe tells of a dispute, and it is taken in."""
    seconds, event, status, moves = telling
    payload = told(order.payment_intent_id, at=began + timedelta(seconds=seconds), status=status, event=event,
                   moves=moves, amount_minor=18_00, dispute_id=dispute_id)  # fmt: skip
    now = began + timedelta(seconds=200)
    stored = intake.store_event(payload, signed(payload, at=now), secret=SECRET, now=now, stripe=lambda: shop.stripe)
    return actions.take_in(shop.tenant_id, stored)


@settings(max_examples=20)
@given(life=st.sampled_from(LIVES), data=st.data())
def test_in_any_order_and_any_number_of_times_the_last_word_is_kept(order, shop, life, data):
    name = f"du_{next(_disputes)}"
    again = data.draw(st.lists(st.sampled_from(life), max_size=4))
    for telling in data.draw(st.permutations(life + again)):
        tell(shop, order, *telling, began=shop.clock(), dispute_id=name)
    kept, (*_, (_, _, status, moves)) = store.get(shop.tenant_id, order.order_id, name), life
    assert (kept.status, kept.moves, kept.withdrawn_minor) == (status, len(moves), -sum(moves))
    assert kept.opened_at <= kept.told_at


@pytest.mark.parametrize("life", LIVES)
def test_the_order_says_how_its_dispute_ended(shop, order, life):
    for telling in reversed(life):
        tell(shop, order, *telling, began=shop.clock())
    status = life[-1][2]
    now = shop.order(order.order_id)
    assert (now.disputed, now.lost_minor, now.state) == (status, 18_00 if status == "lost" else 0, "paid")


def test_what_is_told_again_writes_nothing(shop, order):
    first = tell(shop, order, *LIVES[0][0], began=shop.clock())
    version = shop.order(order.order_id).version
    assert tell(shop, order, *LIVES[0][0], began=shop.clock()).version == first.version == 1
    assert shop.order(order.order_id).version == version


def test_a_refund_that_is_reserved_in_the_very_moment_of_the_dispute_reads_again(shop, order):
    tell(shop, order, *LIVES[0][0], began=shop.clock())
    refund = new_refund(shop.tenant_id, order, "rf_0000000000000000000a", {shop.pears: 1}, "", shop.clock())
    assert reserved(order, refund, {shop.pears: 1}) is False


def test_an_order_that_others_keep_changing_is_left_for_the_stream_to_bring_again(shop, order, monkeypatch):
    monkeypatch.setattr(actions, "_written", lambda *_: False)
    with pytest.raises(OrderBusy):
        tell(shop, order, *LIVES[0][0], began=shop.clock())


def test_the_ledgers_reading_holds_only_while_the_disputes_are_as_they_were_read(shop, order):
    tell(shop, order, *LIVES[0][0], began=shop.clock())
    contest = actions.Reading(shop.tenant_id, order.order_id)()
    assert [(one.standing, one.withdrawn_minor) for one in contest.disputes] == [("open", 0)]

    def check():
        with table.transaction() as write:
            contest.unchanged(write)
            write.save(OpenPayoutRecord(f"{shop.tenant_id}#payouts-open", "probe"))

    assert table.written(check)
    tell(shop, order, *LIVES[0][1], began=shop.clock())
    assert not table.written(check)


def test_a_payment_that_stripe_will_not_show_is_to_be_told_again(shop, order):
    shop.stripe.fail("payment_intents.retrieve", checkout.FateUnknown("APIConnectionError", None))
    with pytest.raises(intake.StripeSilent):
        tell(shop, order, *LIVES[0][0], began=shop.clock())
    assert store.of_order(shop.tenant_id, order.order_id) == []
