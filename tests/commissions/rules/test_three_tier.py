"""Preset `three_tier`: group owner, team leader, partner."""

from zoneinfo import ZoneInfo

import pytest

from chalicelib.commissions.rules.simulate import LineRefused
from tests.commissions.rules.history import Event, Run, at, clock, gets_rank, has_groups, pays, refunds
from tests.commissions.rules.history import joins as registers


def joins(leader: str, inviter: str | None = None, when: str = at(), **more: int) -> Event:
    return registers(leader, inviter, when, **{"group_size": 100, **more})


CHAIN = [joins("P"), joins("T", "P"), joins("O", "T"), gets_rank("P", "partner"), gets_rank("T", "team")]


@pytest.mark.parametrize("group", [{}, {"group_size": 99}])
def test_a_newcomer_without_a_group_of_a_hundred_is_not_admitted(group):
    with pytest.raises(LineRefused, match="line 1: the plan does not admit A"):
        Run("three_tier", [registers("A", **group)])


def test_the_rebate_goes_up_by_differences_and_ends_at_the_top():
    run = Run("three_tier", [*CHAIN, pays("o1", "O", 100_00, line={"list_price": 100_00})])

    assert run.of("o1") == {("O", "retail"): 30_00, ("T", "tier_rebate"): 3_00, ("P", "tier_rebate"): 2_00}


def test_a_rank_that_nearer_leaders_reached_already_earns_nothing_again():
    events = [*CHAIN, joins("Q", "O"), gets_rank("O", "partner"), pays("o1", "Q", 100_00)]

    assert Run("three_tier", events).of("o1") == {("Q", "retail"): 30_00, ("O", "tier_rebate"): 5_00}


def test_the_sellers_own_rank_is_taken_off_the_walk():
    assert Run("three_tier", [*CHAIN, pays("o1", "T", 100_00)]).of("o1") == {
        ("T", "retail"): 32_00,
        ("P", "tier_rebate"): 2_00,
    }


def test_the_difference_is_one_of_two_floors():
    # 1.99 at 3 % is 5.97 → 5; at 5 % is 9.95 → 9: P gets 9 − 5 = 4, not floor(1.99 × 2 %) = 3.
    assert Run("three_tier", [*CHAIN, pays("o1", "O", 1_99, line={"list_price": 10_00})]).of("o1") == {
        ("T", "tier_rebate"): 5,
        ("P", "tier_rebate"): 4,
    }


def test_a_refund_can_raise_a_rebate_by_one_and_that_is_posted_as_well():
    events = [*CHAIN, pays("o1", "O", 1_34, line={"list_price": 10_00}), refunds("o1", 1)]

    run = Run("three_tier", events)

    # At 1.34: 4.02 → 4, 6.7 → 6: P has 2. At 1.33: 3.99 → 3, 6.65 → 6: P has 3.
    assert run.at_event(7) == {("T", "tier_rebate"): -1, ("P", "tier_rebate"): 1}


def test_an_inviter_of_the_same_rank_earns_its_referral():
    events = [joins("A"), joins("B", "A"), pays("o1", "B", 100_00)]
    assert Run("three_tier", events).of("o1") == {("B", "retail"): 30_00, ("A", "same_rank_referral"): 1_00}

    assert ("P", "same_rank_referral") not in Run("three_tier", [*CHAIN, pays("o1", "T", 100_00)]).of("o1")


def test_team_takes_five_groups_with_the_direct_leaders_and_50000_of_team_sales_in_a_month():
    team = [joins("A", groups=2), joins("B", "A"), joins("C", "B", groups=9)]
    sold = pays("o1", "C", 50_000_00)

    assert Run("three_tier", [*team, sold]).rank("A") == "owner"  # 2 + 1: C is not direct
    assert Run("three_tier", [*team, sold, has_groups("B", 3)]).rank("A") == "team"
    assert Run("three_tier", [*team, has_groups("A", 4), sold]).rank("A") == "team"
    assert Run("three_tier", [*team, has_groups("A", 4), pays("o1", "C", 49_999_99)]).rank("A") == "owner"


def test_sales_of_last_month_do_not_count_towards_a_rank():
    team = [joins("A", groups=5), pays("o1", "A", 30_000_00, at(1))]

    assert Run("three_tier", [*team, pays("o2", "A", 20_000_00, at(31, seconds=-1))]).rank("A") == "team"
    assert Run("three_tier", [*team, pays("o2", "A", 20_000_00, at(31))]).rank("A") == "owner"


def test_one_order_can_raise_by_two_steps_and_is_itself_paid_under_the_old_rank():
    run = Run("three_tier", [joins("A", groups=5), pays("o1", "A", 300_000_00)])

    assert run.rank("A") == "partner"
    assert run.of("o1") == {("A", "retail"): 90_000_00}


def test_a_refund_lowers_the_month_it_happens_in():
    events = [
        joins("A", groups=5),
        pays("o1", "A", 49_000_00, at(1)),
        refunds("o1", 20_000_00, at(32)),
        pays("o2", "A", 69_999_99, at(33)),
    ]

    assert Run("three_tier", events).rank("A") == "owner"
    assert Run("three_tier", [*events, pays("o3", "A", 1, at(34))]).rank("A") == "team"


def test_a_rank_lowered_by_hand_is_raised_again_by_the_rules_while_they_hold():
    events = [joins("A", groups=5), pays("o1", "A", 50_000_00)]

    assert Run("three_tier", [*events, gets_rank("A", "owner", at(2))]).rank("A") == "team"
    assert Run("three_tier", [*events, gets_rank("A", "owner", at(32))]).rank("A") == "owner"


def two_partners() -> list[Event]:
    return [
        joins("P1"), joins("P2"), joins("O", "P1"),
        gets_rank("P1", "partner"), gets_rank("P2", "partner"),
        pays("o1", "O", 300_00, at(1)), pays("o2", "P2", 100_01, at(2)),
    ]  # fmt: skip


def test_the_months_dividend_is_shared_by_team_sales_at_its_end():
    run = Run("three_tier", [*two_partners(), clock(at(31, seconds=-1)), clock(at(31))])

    # 400.01 at 1 % is 4.0001 → 4.00, by 300.00 : 100.01 is 299.9925 : 100.0075.
    assert run.at_event(8) == {}
    assert run.at_event(9) == {("P1", "dividend"): 3_00, ("P2", "dividend"): 1_00}


def test_the_dividend_carries_the_number_of_the_event_before_which_the_month_ended():
    run = Run("three_tier", [*two_partners(), pays("o3", "O", 50_00, at(40))])

    assert run.at_event(8) == {
        ("P1", "dividend"): 3_00,
        ("P2", "dividend"): 1_00,
        ("O", "retail"): 15_00,
        ("P1", "tier_rebate"): 2_50,
    }


def test_a_cent_short_of_the_next_cent_of_dividend_is_short_of_it_month_after_month():
    partner = [joins("P"), gets_rank("P", "partner")]

    run = Run("three_tier", [*partner, pays("o1", "P", 99_99), clock(at(31)), pays("o2", "P", 99_99, at(32)),
                             clock(at(61))])  # fmt: skip

    assert [run.at_event(number)["P", "dividend"] for number in (4, 6)] == [99, 99]


def test_a_partner_below_zero_weighs_nothing_and_a_month_of_refunds_pays_nothing():
    next_month = [refunds("o2", 50_00, at(32)), pays("o3", "O", 80_00, at(33)), clock(at(62))]
    assert Run("three_tier", [*two_partners(), *next_month]).at_event(10) == {("P1", "dividend"): 30}

    only_refunds = [clock(at(31)), refunds("o2", 50_00, at(32)), clock(at(62))]
    assert Run("three_tier", [*two_partners(), *only_refunds]).at_event(10) == {}


def test_months_end_in_the_brands_own_zone():
    events = [*two_partners(), clock("2026-03-31T18:00:00+00:00")]

    assert Run("three_tier", events).at_event(8)  # 1 April, 02:00 in Shanghai
    assert not Run("three_tier", events, ZoneInfo("America/New_York")).at_event(8)  # 31 March, 14:00


def test_dividends_of_no_partner_or_of_no_sales_are_not_paid():
    assert Run("three_tier", [joins("A"), pays("o1", "A", 100_00), clock(at(31))]).of(None) == {}
    assert Run("three_tier", [joins("A"), gets_rank("A", "partner"), clock(at(400))]).of(None) == {}
