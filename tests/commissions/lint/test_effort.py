"""The least that must be made up to meet a plan's conditions."""

from itertools import pairwise

import pytest

from chalicelib.commissions.lint.effort import Effort, Efforts
from tests.commissions.lint.plans import (
    Document,
    all_of,
    any_of,
    confirmed_when,
    document_of,
    heads_of,
    own_orders,
    own_sales,
    plan_of,
    promoted_when,
    team_sales,
)


def to_reach(document: Document | str, rank: str) -> Effort | None:
    return Efforts(plan_of(document)).to_reach(rank)


def to_be_confirmed(document: Document | str) -> Effort:
    return Efforts(plan_of(document)).to_be_confirmed()


def test_the_first_rank_and_an_open_door_cost_nothing():
    assert to_reach("breakaway", "owner") == Effort()
    assert to_be_confirmed("breakaway") == Effort()


def test_the_cheaper_way_into_a_probation_is_taken():
    assert to_be_confirmed("assessed") == Effort(volume_minor=3, orders=3)


def test_both_conditions_are_met_by_the_same_orders():
    both = confirmed_when("assessed", all_of(own_orders(3), own_sales(199_00, "probation")))

    assert to_be_confirmed(both) == Effort(volume_minor=199_00, orders=3)


def test_recruits_must_pass_their_probation_too_and_their_orders_count():
    assert to_reach("assessed", "senior") == Effort(volume_minor=39_800_00, orders=5 * 3 + 1, accounts=5)


def test_a_rank_is_climbed_step_by_step_with_recruits_of_their_own():
    assert to_reach("breakaway", "gold") == Effort(volume_minor=10_000_00, orders=1, accounts=10)
    # Three gold recruits bring ten accounts each; seven more make up the ten that gold itself asks for.
    assert to_reach("breakaway", "senior_gold") == Effort(volume_minor=100_000_00, orders=4, accounts=3 * 11 + 7)


def test_groups_are_reported_and_the_month_is_one_order():
    assert to_reach("three_tier", "partner") == Effort(volume_minor=300_000_00, orders=1, groups=5)


def test_recruits_of_a_higher_rank_count_for_the_lower_one():
    condition = all_of(heads_of("owner", 4), heads_of("gold", 2))
    effort = to_reach(promoted_when("breakaway", 1, condition), "senior_gold")

    # Two golds (each ten accounts) are two of the four; gold's own step asks for ten heads in all.
    assert effort == Effort(volume_minor=20_000_00, orders=2, accounts=2 * 11 + 8)


def test_a_rank_without_a_rule_is_out_of_reach():
    document = document_of("breakaway")
    document["promotions"].pop(0)

    assert to_reach(document, "gold") is None
    assert to_reach(document, "senior_gold") is None


def test_a_rank_that_asks_for_its_own_kind_below_is_out_of_reach():
    assert to_reach(promoted_when("breakaway", 0, heads_of("gold", 1)), "gold") is None


def test_a_way_out_of_reach_is_never_the_cheaper_one():
    either = any_of(heads_of("gold", 1), team_sales(50_000_00))

    assert to_reach(promoted_when("breakaway", 0, either), "gold") == Effort(volume_minor=50_000_00, orders=1)


@pytest.mark.parametrize("ranks", [20])
def test_twenty_ranks_that_build_on_each_other_are_reckoned_at_once(ranks):
    document = document_of("breakaway")
    names = [f"r{number}" for number in range(ranks)]
    document["ranks"] = [{"id": name, "zh": name, "en": name} for name in names]
    document["promotions"] = [
        {"to": above, "when": any_of(*[heads_of(below, 2)] * 20)} for below, above in pairwise(names)
    ]
    document["head_rank"] = names[1]
    document["rewards"] = document["rewards"][:1]

    effort = to_reach(document, names[-1])
    assert effort is not None
    assert effort.accounts > 2**18
