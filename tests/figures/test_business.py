"""What the brand as a whole did on a day, by the ledger; and what waits for it, by the items that wait."""

import pytest

from chalicelib.figures import store as figures
from chalicelib.figures.business import product_name
from chalicelib.figures.rebuild import differences
from chalicelib.figures.reckon import reckon
from chalicelib.ledger import book
from chalicelib.payouts import batches
from chalicelib.reviews import actions as reviews
from chalicelib.reviews import experiences
from chalicelib.reviews.commands import Moderate, WriteReview
from chalicelib.tenancy import acting_for
from tests.events.world import Brand

DAY = "2026-03-02"


@pytest.fixture
def brand(table, clock):
    return Brand(clock)


def of_day(brand, *names, day=DAY):
    with acting_for(brand.tenant_id):
        counts = figures.brand_history(brand.tenant_id)
    return tuple(counts[f"{name}-{day}"] for name in names)


def waiting(brand, *names):
    with acting_for(brand.tenant_id):
        counts = figures.brand_figures(brand.tenant_id)
    return tuple(counts[name] for name in names)


def total(brand, figure):
    """Add a figure up over all days."""
    with acting_for(brand.tenant_id):
        counts = figures.brand_history(brand.tenant_id)
    return sum(count for name, count in counts.items() if name.startswith(f"{figure}-"))


def test_a_days_sales_refunds_and_commission_are_what_the_accounts_hold(brand):
    a = brand.leader("A")
    offered = brand.campaign(10_000, 2_000)
    order = brand.bought(a, offered)
    brand.bought(a, offered, phone="13800000002")
    brand.refunds(order, 2_500)
    brand.clock.advance(days=1)
    brand.refunds(order, 7_500)
    brand.replay()

    assert of_day(brand, "paid_in", "given_back", "orders", "new_leaders") == (20_000, 2_500, 2, 1)
    assert of_day(brand, "paid_in", "given_back", "orders", day="2026-03-03") == (0, 7_500, 0)
    with acting_for(brand.tenant_id):
        held = book.all_balances(brand.tenant_id)
    assert total(brand, "paid_in") - total(brand, "given_back") == -held["buyers", "CNY"] == 10_000
    assert total(brand, "commission") == -held["brand:commission", "CNY"] > 0


def test_a_products_month_is_what_was_sold_of_it_less_what_went_back(brand):
    a, (campaign_id, product_id) = brand.leader("A"), brand.campaign(10_000, 2_000)
    order = brand.bought(a, (campaign_id, product_id), qty=2)
    brand.refunds(order, 2_500)
    with acting_for(brand.tenant_id):
        counts = figures.get(brand.tenant_id, product_name(product_id)).counts
    assert counts == {"sales-2026-03": 17_500, "units-2026-03": 2}


def test_an_order_waits_from_its_payment_until_it_is_handed_out_or_given_back(brand):
    a, offered = brand.leader("A"), brand.campaign(10_000, 2_000)
    orders = [brand.bought(a, offered, phone=f"1380000000{number}") for number in range(3)]
    brand.order(a, offered, phone="13800000009")  # not paid yet: nobody packs it
    brand.pump(twice=True)
    assert waiting(brand, "to_hand_out") == (3,)
    brand.delivers(orders[0])
    brand.refunds(orders[1], 10_000)
    brand.refunds(orders[2], 10)
    assert waiting(brand, "to_hand_out") == (1,)
    brand.replay()
    assert waiting(brand, "to_hand_out") == (1,)


def test_a_payout_waits_while_it_is_at_the_bank_and_counts_as_paid_on_its_day(brand):
    a, offered = brand.leader("A"), brand.campaign(10_000, 2_000)
    brand.delivers(brand.bought(a, offered))
    brand.clock.advance(days=9)
    brand.settle()
    brand.pay_out()
    with acting_for(brand.tenant_id):
        (line,) = batches.export(brand.tenant_id, now=brand.clock())
        brand.pump()
        assert waiting(brand, "to_confirm") == (1,)
        done = batches.ConfirmedLine(batch=line.batch, payout=line.payout, amount=line.amount, result="paid")
        batches.confirm(brand.tenant_id, [done], now=brand.clock())
    brand.pump()
    assert waiting(brand, "to_confirm") == (0,)
    with acting_for(brand.tenant_id):
        held = book.all_balances(brand.tenant_id)
    assert total(brand, "paid_out") == held[f"leader:{a}:paid", "CNY"] > 0


def test_a_review_and_a_leaders_words_wait_until_somebody_has_read_them(brand):
    a, (campaign_id, product_id) = brand.leader("A"), brand.campaign(10_000, 2_000)
    order = brand.bought(a, (campaign_id, product_id))
    brand.delivers(order)
    with acting_for(brand.tenant_id):
        review = reviews.write(
            brand.tenant_id, order.order_id, product_id, WriteReview(stars=5, text="Sweet."), now=brand.clock()
        )
        for text in ("Sweet.", "Sweeter."):
            experiences.write(brand.tenant_id, product_id, a, text, now=brand.clock())
        brand.pump(twice=True)
        assert waiting(brand, "to_review", "to_read") == (1, 1)
        assert list(differences(brand.tenant_id, reckon(brand.tenant_id, brand.tenant.timezone))) == []

        verdict = Moderate(verdict="shown", version=int(review.version))
        reviews.moderate(brand.tenant_id, review.review_id, verdict, by="pe_1", now=brand.clock())
        verdict = Moderate(verdict="shown", version=2)
        experiences.moderate(brand.tenant_id, product_id, a, verdict, by="pe_1", now=brand.clock())
    brand.pump()
    assert waiting(brand, "to_review", "to_read") == (0, 0)
    brand.replay()
    assert waiting(brand, "to_review", "to_read") == (0, 0)


def test_reckoned_anew_the_brands_own_figures_are_the_same(brand):
    a = brand.leader("A")
    b = brand.leader("B", a)
    brand.rank(a, "gold")
    offered = brand.campaign(10_000, 2_000)
    orders = [brand.bought(b, offered, phone=f"1380000000{number}") for number in range(3)]
    brand.delivers(orders[0])
    brand.refunds(orders[1], 10_000)
    brand.clock.advance(days=9)
    brand.settle()
    brand.pay_out()
    brand.pump()
    with acting_for(brand.tenant_id):
        reckoned = reckon(brand.tenant_id, brand.tenant.timezone)
        assert list(differences(brand.tenant_id, reckoned)) == []
