"""The console's first page: what it says of a brand's days, what waits, where each number leads, what it costs."""

from datetime import date, timedelta

import pytest

from chalicelib import store
from chalicelib.boards.spread import Spread, curve_of, spread_key
from chalicelib.figures import store as figures
from chalicelib.figures.business import product_name
from chalicelib.figures.store import FIGURE
from chalicelib.remembering import forget_all
from chalicelib.store import Record
from chalicelib.tenancy import acting_for
from chalicelib.web import console_home
from tests.bench.pages import weigh

HOME = "/console/green-village"
MOST_REQUESTS = 9


def counted(key, counts):
    """Put an item of figures as the stream would have brought it."""
    pk, sk = key
    item = {"pk": {"S": pk}, "sk": {"S": sk}, "kind": {"S": "figures"}}
    item |= {FIGURE + name: {"N": str(amount)} for name, amount in counts.items()}
    with acting_for(pk.partition("#")[0]):
        store.connection().client.put_item(TableName=Record.Meta.table_name, Item=item)


@pytest.fixture
def shop(site):
    """A brand with a leader, a campaign, and two periods of figures."""
    brand = site.a_brand()
    leader, campaign = site.a_leader(brand), site.a_campaign(brand)
    now, counts = site.clock(), {"sales": 1, "to_hand_out": 7, "to_decide": 2, "to_confirm": 0, "disputed": -1}
    counts |= {"to_review": 3, "to_read": 4}
    for number in range(60):
        day = (date(2026, 3, 2) - timedelta(days=number)).isoformat()
        is_now = number < 30
        counts |= {f"paid_in-{day}": 12_000 if is_now else 10_000, f"given_back-{day}": 2_000 if is_now else 0}
        counts |= {f"orders-{day}": 3, f"commission-{day}": 1_500, f"paid_out-{day}": 500, f"new_leaders-{day}": 1}
    counted(figures.brand_key(brand.tenant_id, 3), counts)
    sold = {"sales-2026-03": 36_000, "units-2026-03": 20}
    counted(figures.figures_key(brand.tenant_id, product_name(campaign.product_id)), sold)
    with acting_for(brand.tenant_id):
        store.put(
            Spread(
                *spread_key(brand.tenant_id, "2026-03"), as_of=now, leaders=5, sellers=2, sales_minor=10_000,
                curve_packed=store.packed(curve_of([6_400, 3_600], 5)),
                best_packed=store.packed([(leader.leader_id, 6_400)]),
            )
        )  # fmt: skip
    return brand


@pytest.fixture
def owner(site, shop):
    return site.signed_in("owner@example.com")


def test_the_sums_of_thirty_days_and_how_they_compare(owner):
    text = owner.open(HOME).page.text
    assert "¥3,000.00" in text, "100.00 a day, refunds taken off"
    assert "±0%" in text
    assert "¥600.00" in text, "given back"
    assert "¥450.00" in text
    assert "15% of sales" in text
    assert "¥150.00" in text
    assert "5% of sales" in text


def test_running_campaigns_say_what_they_have_sold(site):
    shop = site.a_shop()
    owner = site.signed_in("owner@example.com")
    assert "Sold 0 of 5" in owner.open(HOME).page.flat
    site.sell(shop, 2)
    assert "Sold 2 of 5" in owner.open(HOME).page.flat


def test_a_week_or_a_quarter_is_shown_when_asked_for(owner):
    assert "¥700.00" in owner.open(f"{HOME}?days=7").page.text
    assert "¥6,000.00" in owner.open(f"{HOME}?days=90").page.text
    assert "¥3,000.00" in owner.open(f"{HOME}?days=1000000").page.text, "no other period"


def test_what_waits_leads_to_where_it_is_seen_to_and_nothing_else_is_named(owner):
    page = owner.open(HOME).page
    assert "Orders to hand out" in page.text
    assert "Cases to decide" in page.text
    assert "Payouts at the bank" not in page.text
    assert "Disputes" not in page.text, "below zero is nothing"
    for way in ("cases", "reviews", "words"):
        assert f'href="/api{HOME}/{way}"' in page.html


def test_each_day_and_sum_leads_to_its_entries(owner):
    html = owner.open(HOME).page.html
    assert "ledger?from=2026-03-02&amp;to=2026-03-02" in html
    assert "ledger?from=2026-02-01&amp;to=2026-03-02&amp;account=brand%3Acommission" in html


def test_the_best_fifth_the_best_leaders_and_products_are_named(owner):
    page = owner.open(HOME).page
    assert "The best 20% of leaders bring 64% of sales." in page.text
    assert "2 of 5 leaders sold something" in page.text
    assert "1. Wang" in page.text
    assert "1. Pears" in page.text
    assert page.html.count('role="img"') == 5


def test_a_brand_without_orders_is_led_to_its_first_ones(site):
    site.a_brand()
    page = site.signed_in("owner@example.com").open(HOME).page
    assert "Add your first product" in page.text
    assert 'role="img"' not in page.html


def test_it_takes_nine_requests_at_most_and_writes_nothing(owner, site):
    for days in ("7", "90"):
        forget_all()
        weighed = weigh(owner, f"{HOME}?days={days}")
        assert weighed.status == 200
        assert weighed.meter.requests <= MOST_REQUESTS, weighed.meter.by_operation
        assert not weighed.meter.write_units


@pytest.mark.parametrize(
    ("amount", "language", "text"),
    [(1_500_000, "zh", "¥1.5万"), (1_500_000, "en", "¥15k"), (8_000, "zh", "¥80"), (-300_000_000, "en", "−¥3M")],
)
def test_amounts_at_an_axis_are_short(amount, language, text):
    assert console_home.short_money(amount, "CNY", language) == text


def test_changes_are_said_only_against_something():
    assert [console_home.change_text(*pair) for pair in ((112, 100), (97, 100), (5, 0), (5, 5))] == [
        "+12%", "−3%", "", "±0%",
    ]  # fmt: skip
