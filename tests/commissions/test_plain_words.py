"""A plan as its brand owner reads it, in Chinese and English."""

import json

import pytest

from chalicelib.commissions import presets
from chalicelib.commissions.plain_words import Text, told
from chalicelib.commissions.rules.plan import decode_plan
from tests.commissions.lint.plans import changed, document_of, plan_of, promoted_when, with_reward


def english(document):
    plan = told(plan_of(document), "CNY")
    return {one.title.en: one.text.en for one in (*plan.ranks, *plan.rewards)}, [term.en for term in plan.terms]


def test_breakaway_reads_as_its_owner_would_tell_it():
    parts, terms = english("breakaway")

    assert parts["Owner"] == "Everybody begins here."
    assert parts["Gold"] == "Earned by 10 leaders invited in person and team sales of 10,000.00 CNY in all."
    assert "3 of the leaders invited in person being Gold or above" in parts["Senior gold"]
    assert parts["retail reward"] == "The seller earns each product's own rate, 5% to 40% of what was paid."
    assert "the nearest Gold above earns 25% of the seller's retail reward" in parts["team override"]
    assert "100.00 CNY as Gold, 150.00 CNY as Senior gold" in parts["invite bonus"]
    assert parts["invite coupon"].endswith("if Owner, gets a coupon of 20.00 CNY.")
    assert terms == ["Earnings are held for 7 days after delivery."]


def test_a_probation_and_a_settlement_price_are_told():
    parts, terms = english("assessed")

    assert "Leader 85%, Senior leader 80%" in parts["retail reward"]
    assert terms[0] == (
        "Invited leaders are on probation for 7 days; they are confirmed by 3 orders of one's own during the probation"
        " or own sales of 199.00 CNY during the probation, else removed."
    )


def test_conditions_within_conditions_keep_their_brackets():
    inner = {"kind": "any", "of": [{"kind": "groups", "at_least": 5}, {"kind": "direct_confirmed", "at_least": 2}]}
    outer = {"kind": "all", "of": [{"kind": "own_sales", "at_least_minor": 100, "over": "month"}, inner]}

    parts, _ = english(promoted_when("breakaway", 0, outer))

    assert parts["Gold"] == (
        "Earned by own sales of 1.00 CNY in a calendar month and (5 chat groups, those of direct leaders included or"
        " 2 leaders invited in person)."
    )


def test_what_a_plan_says_beyond_the_presets_is_told():
    rank_kept = [{"rank": "gold", "every": "quarter", "notice_days": 7,
                  "when": {"kind": "team_sales", "at_least_minor": 5, "over": "quarter"}}]  # fmt: skip
    document = changed(
        "breakaway", upkeep=rank_kept, payout_cap_bp=3333, self_purchase="excluded", performance="window_over",
        removed_downline="moves_up", promotions=[],
    )  # fmt: skip
    document["rewards"][3] |= {"due": "first_order", "max_per_month": 4}

    parts, terms = english(document)

    assert parts["Gold"] == (
        "Given by the brand by hand. Kept up each quarter by team sales of 0.05 CNY in a calendar quarter."
    )
    assert parts["invite bonus"].startswith("Once the return window of a newcomer's first order is over")
    assert parts["invite bonus"].endswith("At most 4 a month each.")
    assert "One order pays out at most 33.33% of its sales." in terms
    assert len(terms) == 5


@pytest.mark.parametrize("since", [{"kind": "own_orders", "at_least": 2}, {"kind": "direct_confirmed", "at_least": 2}])
def test_days_since_joining_are_told(since):
    parts, _ = english(promoted_when("breakaway", 0, since | {"over": "joining", "days": 30}))

    assert "within 30 days of joining" in parts["Gold"]


def test_confirmed_sellers_only():
    parts, _ = english(with_reward("simple_referral", "direct_referral", sellers="confirmed", rate_bp=1))

    assert parts["direct referral"] == "The inviter of a confirmed seller earns 0.01% of the sales."


@pytest.mark.parametrize("preset", presets.NAMES)
def test_every_preset_is_told_whole_in_both_languages(preset):
    document = document_of(preset)
    plan = told(decode_plan(json.dumps(document).encode()), "CNY")
    texts: list[Text] = [*plan.terms, *(text for one in (*plan.ranks, *plan.rewards) for text in (one.title, one.text))]

    assert (len(plan.ranks), len(plan.rewards)) == (len(document["ranks"]), len(document["rewards"]))
    assert all(text.zh and text.en and text.zh != text.en for text in texts)
    assert not any("None" in text.en + text.zh or "{" in text.en + text.zh for text in texts)
