"""A month's dividend through the ledger: weighed once, posted in chunks, however often it is cut or run at once."""

from collections.abc import Sequence
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib import store
from chalicelib.commissions import dividends, month_steps
from chalicelib.commissions import store as plans
from chalicelib.commissions.dividends import Member, MonthEnd
from chalicelib.commissions.rules.periodic import dividend
from chalicelib.commissions.rules.sale import Standing
from chalicelib.ledger import book
from chalicelib.money import rate_of
from chalicelib.settlement import store as due_books
from tests.builders import a_plan, assert_books_balance, balances
from tests.people.at_once import at_once

NOVEMBER = (2026, 11)
ENDED = datetime(2026, 11, 30, 16, tzinfo=UTC)  # midnight in Shanghai


class Books:
    """The people and sales of November, as told by a test; pages of three."""

    def __init__(self, sales_minor: int, *members: Member) -> None:
        self.sales_minor, self.everybody = sales_minor, members
        self.pages_read = 0

    def members(self, ranks: Sequence[str], month: month_steps.Month, after: str):
        for first in range(int(after or 0), len(self.everybody), 3):
            self.pages_read += 1
            yield self.everybody[first : first + 3], str(first + 3)

    def brand_sales_minor(self, month: month_steps.Month) -> int:
        return self.sales_minor


def partner(name: str, team_sales_minor: int, *uplines: str, rank: str = "partner", status="confirmed") -> Member:
    return Member(Standing(name, rank, status), team_sales_minor, uplines)


@pytest.fixture
def end(tenant) -> MonthEnd:
    a_plan(tenant, "three_tier")
    return MonthEnd(NOVEMBER, ENDED, plans.in_force(tenant, on=ENDED), "CNY", "Asia/Shanghai")


def held(tenant: str, *names: str) -> list[int]:
    return [balances(tenant, name)[0] for name in names]


def test_partners_share_one_percent_of_the_months_sales_by_their_teams(tenant, end):
    books = Books(1_000_001, partner("B", 200_000), partner("A", 700_000), partner("C", -5))
    assert dividends.pay(tenant, end, books)

    assert held(tenant, "A", "B", "C") == [7_778, 2_222, 0]
    [entry] = book.entries_in(tenant, "dividend#2026-11#0")
    assert (entry.entry_id, entry.kind, entry.at) == ("dividend-2026-11-0", "dividend", ENDED)
    assert [reward["leader_id"] for reward in entry.facts["rewards"]] == ["A", "B"]
    assert_books_balance(tenant)


def test_who_was_no_confirmed_partner_at_the_months_end_shares_nothing(tenant, end):
    others = (partner("B", 9, rank="team"), partner("C", 9, status="frozen"), partner("D", 9, status="removed"))
    dividends.pay(tenant, end, Books(10_000, partner("A", 1), *others))
    assert held(tenant, "A", "B", "C", "D") == [100, 0, 0, 0]


@pytest.mark.parametrize(
    "books",
    [Books(10_000), Books(10_000, partner("A", 0)), Books(0, partner("A", 5)), Books(-7, partner("A", 5))],
    ids=["no partner", "no weight", "no sales", "more refunded than sold"],
)
def test_without_partner_weight_or_sales_nothing_is_paid(tenant, end, books):
    assert dividends.pay(tenant, end, books)
    assert book.entries_in(tenant, "dividend#2026-11#0") == []


def test_paying_again_pays_nothing_more_whatever_the_figures_say_by_then(tenant, end):
    dividends.pay(tenant, end, Books(10_000, partner("A", 1)))
    dividends.pay(tenant, end, Books(99_000, partner("A", 1), partner("B", 7)))
    assert held(tenant, "A", "B") == [100, 0]


def test_a_dividend_is_held_for_the_return_window_after_the_months_end(tenant, end):
    dividends.pay(tenant, end, Books(10_000, partner("A", 1)))
    assert due_books.day_of(tenant, "dividend#2026-11#0") == "2026-12-08"


def cut_after(steps: int):
    left = iter([True] * steps)
    return lambda: next(left, False)


@pytest.mark.parametrize("at_a_time", [1, 2, 3])
def test_a_dividend_cut_after_every_chunk_ends_like_one_that_was_not(tenant, end, at_a_time, monkeypatch):
    monkeypatch.setattr(dividends, "LEADERS_AN_ENTRY", 4)
    members = [partner(f"L{number:02d}", 100 + number) for number in range(10)]
    books, runs = Books(1_000_000, *members), 0
    while not dividends.pay(tenant, end, books, keep_going=cut_after(at_a_time)):
        runs += 1
        assert runs < 30

    names = [member.standing.leader_id for member in members]
    expected = dividend(end.version.plan, 1_000_000, [(one.standing, one.team_sales_minor) for one in members])
    assert held(tenant, *names) == [reward.amount_minor for reward in expected]
    assert sum(held(tenant, *names)) == rate_of(1_000_000, 100)
    assert runs
    assert_books_balance(tenant)


def test_two_month_ends_at_once_whose_figures_differ_pay_one_dividend(tenant, end):
    members = [partner(f"L{number}", 100 + number) for number in range(7)]
    later = [partner(f"L{number}", 900 - number) for number in range(7)]
    at_once(
        lambda: dividends.pay(tenant, end, Books(1_000_000, *members)),
        lambda: dividends.pay(tenant, end, Books(2_000_000, *later)),
    )
    assert sum(held(tenant, *(f"L{number}" for number in range(7)))) in (10_000, 20_000)
    assert_books_balance(tenant)


@given(st.lists(st.integers(-50, 500), min_size=1, max_size=12), st.integers(1, 10**7))
def test_no_cent_is_lost_or_invented_in_chunks(weights, sales_minor):
    plan = plans.presets.load("three_tier")
    rewards = dividend(
        plan, sales_minor, [(Standing(f"L{n}", "partner", "confirmed"), w) for n, w in enumerate(weights)]
    )
    assert sum(reward.amount_minor for reward in rewards) in (0, rate_of(sales_minor, 100))


def test_where_the_plan_leaves_out_sharers_below_every_sale_weighs_once(tenant):
    document = plans.presets.read("three_tier").decode()
    left_out = document.replace('"from_rank": "partner"}', '"from_rank": "partner", "sharers_below": "left_out"}')
    assert left_out != document
    store.put(plans.plan_record(tenant, 1, left_out, effective_from=ENDED.replace(month=1), now=ENDED))
    end = MonthEnd(NOVEMBER, ENDED, plans.in_force(tenant, on=ENDED), "CNY", "Asia/Shanghai")
    books = Books(10_000, partner("A", 1_000), partner("B", 600, "X", "A"), partner("C", 100, "Y", "B", "X", "A"))
    dividends.pay(tenant, end, books)
    assert held(tenant, "A", "B", "C") == [40, 50, 10]
