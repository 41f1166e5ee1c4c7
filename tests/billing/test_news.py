"""What is news of a brand's subscription: each thing once, whoever wrote it down and however often it is looked at."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from chalicelib.billing.news import News, news
from chalicelib.billing.prices import FREE, GRACE, STARTER, Amounts, near
from chalicelib.billing.rules import judge
from chalicelib.billing.store import Billing

NOW = datetime(2026, 3, 2, 8, tzinfo=UTC)
STARTED = {"customer_id": "cus_1", "subscription_id": "sub_1", "tier": "starter", "status": "active"}
LATE = STARTED | {"status": "past_due", "past_due_since": NOW}


def state(**known: Any) -> Billing:
    return Billing("t1#billing", "state", **known)


def kinds(before: Billing | None, after: Billing) -> list[str]:
    return [one.kind for one in news(before, after)]


def used(orders: int = 0, leaders: int = 0, staff: int = 0) -> Amounts:
    return Amounts(orders_a_month=orders, leaders=leaders, staff=staff, api_keys=0)


def test_a_subscription_begins_once_and_says_until_when_it_is_free() -> None:
    tried = state(**STARTED | {"status": "trialing", "trial_ends_at": NOW})
    assert news(None, tried) == [News("began", "began-sub_1", STARTER, NOW)]
    assert kinds(tried, state(**STARTED)) == [], "the trial is over: the same subscription"
    assert kinds(state(**STARTED), state(**STARTED | {"tier": "growth"})) == [], "its owner has just chosen that"


def test_one_that_was_not_paid_at_first_begins_when_it_is() -> None:
    waiting = state(**STARTED | {"status": "incomplete"})
    assert kinds(None, waiting) == []
    assert kinds(waiting, state(**STARTED)) == ["began"]


def test_a_subscription_ends_once_and_another_one_begins() -> None:
    ended = state(**STARTED | {"status": "canceled"})
    assert news(state(**STARTED), ended) == [News("ended", "ended-sub_1", STARTER)]
    assert kinds(ended, ended) == []
    assert [one.once for one in news(ended, state(**STARTED | {"subscription_id": "sub_2"}))] == ["began-sub_2"]


def test_a_late_payment_is_told_with_the_day_and_then_that_it_has_passed() -> None:
    late = state(**LATE)
    assert news(state(**STARTED), late) == [News("unpaid", "unpaid-20260302T080000000000", STARTER, NOW + GRACE)]
    within, over = (state(**LATE, looked_at=NOW + GRACE + timedelta(hours=hours)) for hours in (-1, 5))
    assert kinds(late, within) == []
    assert kinds(within, over) == ["lapsed"]
    assert kinds(over, state(**LATE, looked_at=NOW + GRACE + timedelta(hours=11))) == []
    assert kinds(over, state(**STARTED)) == [], "paid"


def test_one_that_stripe_gave_up_at_once_is_told_only_what_holds() -> None:
    assert kinds(state(**STARTED), state(**LATE | {"status": "unpaid"})) == ["lapsed"]


def test_the_next_late_payment_is_news_again() -> None:
    again = state(**LATE | {"past_due_since": NOW + timedelta(days=31)}, looked_at=NOW + timedelta(days=31))
    assert kinds(state(**STARTED), again) == ["unpaid"]


def test_limits_are_told_as_they_come_near_are_passed_and_stop_the_brand() -> None:
    told, before = [], state()
    for days, orders in ((0, 39), (1, 40), (2, 45), (3, 51), (4, 60), (5, 49), (6, 51), (6 + 14, 51), (21, 51)):
        after = state(**{name: getattr(before, name) for name in ("above", "above_since", "near", "near_since")})
        after.looked_at = NOW + timedelta(days=days)
        judge(after, used(orders), after.looked_at)
        told += [(days, one.kind, one.tier, one.what) for one in news(before, after)]
        before = after
    assert told == [
        (1, "near", FREE, ("orders_a_month",)),
        (3, "above", FREE, ("orders_a_month",)),
        (6, "above", FREE, ("orders_a_month",)),
        (20, "stopped", FREE, ("orders_a_month",)),
    ]


def test_who_chooses_a_larger_tier_is_told_when_that_is_nearly_used_up() -> None:
    small, large = state(), state(**STARTED)
    judge(small, used(45), NOW)
    judge(large, used(45), NOW)
    assert kinds(small, large) == ["began"]
    later = state(**STARTED)
    judge(later, used(850), NOW + timedelta(days=40))
    assert kinds(large, later) == ["near"]


@pytest.mark.parametrize(
    ("uses", "is_near"),
    [(used(39), ()), (used(40), ("orders_a_month",)), (used(leaders=16), ("leaders",)), (used(staff=1), ())],
)
def test_near_is_four_fifths_of_what_grows_by_itself(uses: Amounts, is_near: tuple[str, ...]) -> None:
    assert near(FREE.includes, uses) == is_near
