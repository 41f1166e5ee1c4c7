"""The second implementation by itself: the document's own example, and that random histories reach what they should."""

from collections import Counter
from typing import Any

import pytest

from tests.commissions.second.histories import a_history
from tests.commissions.second.run import run

AT = "2026-03-01T00:00:00+08:00"


def joins(leader: str, inviter: str | None = None) -> dict[str, Any]:
    return {"type": "leader.joined", "leader": leader, "inviter": inviter, "at": AT}


def gets(leader: str, rank: str) -> dict[str, Any]:
    return {"type": "rank.set", "leader": leader, "rank": rank, "at": AT}


def pays(order: str, leader: str, amount: int, rate_bp: int) -> dict[str, Any]:
    lines = [{"sku": "rice", "qty": 1, "unit_price": amount, "rate_bp": rate_bp}]
    return {"type": "order.paid", "order": order, "leader": leader, "at": AT, "lines": lines}


def test_it_counts_the_worked_example_of_breakaway():
    history: list[dict[str, Any] | None] = [
        *(joins("A"), gets("A", "senior_gold"), joins("B", "A"), joins("C", "B"), pays("o1", "C", 200_00, 2_000)),
        *(gets("B", "gold"), pays("o2", "C", 200_00, 2_000), pays("o3", "B", 100_00, 1_000), joins("D", "C")),
    ]

    outcome = run("breakaway", "Asia/Shanghai", history)

    assert [(e["event"], e["leader"], e["kind"], e["amount"]) for e in outcome.earnings] == [
        (3, "A", "invite_bonus", 150_00),
        (4, "A", "invite_bonus", 150_00),
        (4, "B", "invite_coupon", 20_00),
        (5, "A", "team_override", 10_00),
        (5, "C", "retail", 40_00),
        (7, "B", "team_override", 10_00),
        (7, "C", "retail", 40_00),
        (8, "A", "breakaway_referral", 2_50),
        (8, "B", "retail", 10_00),
        (9, "B", "invite_bonus", 100_00),
        (9, "C", "invite_coupon", 20_00),
    ]


@pytest.mark.parametrize(
    ("preset", "kinds", "statuses"),
    [
        ("assessed", {"retail", "direct_referral", "incubation"}, {"probation", "confirmed", "removed"}),
        ("three_tier", {"retail", "tier_rebate", "same_rank_referral", "dividend"}, {"confirmed"}),
        ("stock_clearance", {"direct_referral"}, {"probation", "confirmed", "removed"}),
        (
            "breakaway",
            {"retail", "team_override", "breakaway_referral", "invite_bonus", "invite_coupon"},
            {"confirmed"},
        ),
        ("simple_referral", {"retail", "direct_referral", "acquisition"}, {"confirmed"}),
    ],
)
def test_random_histories_reach_every_reward_and_status(preset, kinds, statuses):
    reached, stood, refused = Counter[str](), Counter[str](), 0
    for seed in range(20):
        history = a_history(preset, seed, 60)
        lines: list[dict[str, Any] | None] = list(history.events[:-1])
        while (outcome := run(preset, history.zone, lines)).refused_at is not None:
            lines[outcome.refused_at - 1] = None
        reached.update(earning["kind"] for earning in outcome.earnings)
        stood.update(row["status"] for row in outcome.summary)
        refused += lines.count(None)

    assert (set(reached), set(stood)) == (kinds, statuses)
    assert refused > 20
