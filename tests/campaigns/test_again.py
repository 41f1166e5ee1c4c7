"""How long buyers took to buy again."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.again import Purchase, intervals, median_days, run_again_at

START = datetime(2026, 3, 2, 8, tzinfo=UTC)


def bought(buyer: str, campaign_id: str, day: float) -> Purchase:
    return Purchase(buyer, campaign_id, START + timedelta(days=day))


def days(*counts: float) -> list[timedelta]:
    return [timedelta(days=count) for count in counts]


def test_each_time_somebody_comes_back_counts() -> None:
    history = [bought("li", "c1", 0), bought("wu", "c1", 1), bought("li", "c2", 10), bought("li", "c3", 17)]
    assert intervals(history) == days(7, 10)


def test_a_second_order_in_the_same_campaign_is_no_buying_again() -> None:
    assert intervals([bought("li", "c1", 0), bought("li", "c1", 0.1), bought("li", "c2", 7)]) == days(7)


def test_two_buyers_are_not_one() -> None:
    assert intervals([bought("li", "c1", 0), bought("wu", "c2", 7)]) == []


@pytest.mark.parametrize(
    ("found", "median"),
    [([], None), ([7], 7), ([7, 10], 9), ([7, 8, 30], 8), ([0.1], 1), ([7.4], 7), ([7.5], 8), ([6, 7, 8, 90], 8)],
)
def test_the_median_is_in_whole_days_at_least_one(found: list[float], median: int | None) -> None:
    assert median_days(days(*found)) == median


def test_it_is_run_again_when_the_median_buyer_would_come_back() -> None:
    assert run_again_at(START, 9) == START + timedelta(days=9)
    assert run_again_at(START, None) is None


PURCHASES = st.lists(
    st.builds(bought, st.sampled_from("abc"), st.sampled_from(["c1", "c2", "c3", "c4"]), st.integers(0, 60))
)


@given(PURCHASES, st.randoms())
def test_the_order_in_which_purchases_are_read_changes_nothing(history: list[Purchase], random) -> None:
    shuffled = list(history)
    random.shuffle(shuffled)
    assert intervals(shuffled) == intervals(history)


@given(PURCHASES)
def test_there_is_one_interval_less_than_campaigns_for_each_buyer(history: list[Purchase]) -> None:
    campaigns = {(one.buyer, one.campaign_id) for one in history}
    assert len(intervals(history)) == len(campaigns) - len({buyer for buyer, _ in campaigns})
