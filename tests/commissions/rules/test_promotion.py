"""How far a leader is: what it has, and what it still needs."""

import json

from chalicelib.commissions import presets
from chalicelib.commissions.rules.plan import decode_plan
from chalicelib.commissions.rules.promotion import (
    Need,
    Progress,
    next_rank,
    passes_probation,
    probation_progress,
    progress,
)
from tests.commissions.rules.builders import figures, plan_of
from tests.commissions.rules.history import Run, gets_rank, joins, pays

BREAKAWAY = presets.load("breakaway")
ASSESSED = presets.load("assessed")


def test_progress_says_what_is_there_and_what_is_needed():
    nine = figures(BREAKAWAY, direct_ranks=["owner"] * 9, team_sales=12_000_00)

    assert progress(BREAKAWAY, "owner", nine) == Progress(
        "gold",
        Need(
            "all",
            met=False,
            of=(
                Need("direct_confirmed", met=False, have=9, need=10),
                Need("team_sales", met=True, have=12_000_00, need=10_000_00),
            ),
        ),
    )


def test_progress_names_the_rank_that_is_counted():
    one_gold = figures(BREAKAWAY, direct_ranks=["gold", "owner"])

    found = progress(BREAKAWAY, "gold", one_gold)

    assert found is not None
    assert found.needs.of[0] == Need("direct_of_rank", met=False, have=1, need=3, rank="gold")


def test_just_what_is_asked_for_is_enough():
    enough = figures(ASSESSED, direct_ranks=["leader"] * 5, own_and_direct_sales=39_800_00)

    found = progress(ASSESSED, "leader", enough)

    assert found == Progress(
        "senior",
        Need(
            "all",
            met=True,
            of=(
                Need("own_and_direct_sales", met=True, have=39_800_00, need=39_800_00),
                Need("direct_confirmed", met=True, have=5, need=5),
            ),
        ),
    )


def test_one_way_of_several_is_enough_and_the_days_of_each_are_told():
    in_thirty_days = {"kind": "own_sales", "at_least_minor": 100, "over": "joining", "days": 30}
    either = {"kind": "any", "of": [in_thirty_days, {"kind": "groups", "at_least": 2}]}
    plan = plan_of("breakaway", promotions=[{"to": "gold", "when": either}])

    found = progress(plan, "owner", figures(plan, groups=2))

    assert found is not None
    assert found.needs == Need(
        "any",
        met=True,
        of=(
            Need("own_sales", met=False, have=0, need=100, over="joining", days=30),
            Need("groups", met=True, have=2, need=2),
        ),
    )


def test_at_the_top_there_is_nothing_to_strive_for():
    assert progress(BREAKAWAY, "senior_gold", figures(BREAKAWAY)) is None


def test_a_probation_is_passed_by_either_way():
    assert passes_probation(ASSESSED, figures(ASSESSED, probation_orders=3, probation_sales=3))
    assert passes_probation(ASSESSED, figures(ASSESSED, probation_orders=1, probation_sales=199_00))
    assert not passes_probation(ASSESSED, figures(ASSESSED, probation_orders=2, probation_sales=198_99))
    assert not passes_probation(ASSESSED, figures(ASSESSED, own_sales=500_00))
    assert not passes_probation(BREAKAWAY, figures(BREAKAWAY, probation_sales=500_00))


def test_a_probation_can_be_passed_by_leaders_of_a_rank():
    by_heads = {"days": 7, "confirmed_when": {"kind": "direct_of_rank", "at_least": 1, "rank": "gold"}}
    plan = plan_of("breakaway", probation=by_heads)

    assert passes_probation(plan, figures(plan, direct_ranks=["senior_gold"]))
    assert not passes_probation(plan, figures(plan, direct_ranks=["owner"]))


def test_a_leader_on_probation_sees_both_ways():
    need = probation_progress(ASSESSED, figures(ASSESSED, probation_orders=2, probation_sales=50_00))

    assert need is not None
    assert (need.kind, need.met) == ("any", False)
    assert [(part.kind, part.have, part.need, part.over) for part in need.of] == [
        ("own_orders", 2, 3, "probation"),
        ("own_sales", 50_00, 199_00, "probation"),
    ]
    assert probation_progress(BREAKAWAY, figures(BREAKAWAY)) is None


def test_a_rank_without_a_rule_is_given_by_hand_alone():
    document = json.loads(presets.read("breakaway"))
    document["promotions"] = document["promotions"][1:]
    plan = decode_plan(json.dumps(document).encode())
    rich = figures(plan, direct_ranks=["gold"] * 10, team_sales=100_000_00)

    assert next_rank(plan, "owner", "confirmed", rich) is None
    assert next_rank(plan, "gold", "confirmed", rich) == "senior_gold"
    assert progress(plan, "owner", rich) is None


def test_own_sales_can_be_asked_for_of_all_time_and_of_a_month():
    promotions = [
        {"to": "gold", "when": {"kind": "own_sales", "at_least_minor": 100}},
        {"to": "senior_gold", "when": {"kind": "own_sales", "at_least_minor": 100, "over": "month"}},
    ]
    plan = plan_of("breakaway", promotions=promotions)

    assert next_rank(plan, "owner", "confirmed", figures(plan, own_sales=100)) == "gold"
    assert next_rank(plan, "gold", "confirmed", figures(plan, own_sales=100)) is None
    assert next_rank(plan, "gold", "confirmed", figures(plan, month_own_sales=100)) == "senior_gold"


def test_a_rank_once_let_fall_is_regained_only_by_what_would_keep_it():
    by_heads = {"kind": "direct_of_rank", "at_least": 1, "rank": "gold"}
    plan = plan_of(
        "breakaway",
        promotions=[{"to": "gold", "when": {"kind": "own_sales", "at_least_minor": 100}}],
        upkeep=[{"rank": "gold", "every": "month", "when": by_heads, "notice_days": 7}],
    )

    assert next_rank(plan, "owner", "confirmed", figures(plan, own_sales=100)) == "gold"
    assert next_rank(plan, "owner", "confirmed", figures(plan, own_sales=100, fell_from=1)) is None
    kept = figures(plan, direct_ranks=["gold"], own_sales=100, fell_from=1)
    assert next_rank(plan, "owner", "confirmed", kept) == "gold"
    assert next_rank(plan, "owner", "probation", kept) is None


def test_a_promotion_helps_the_inviter_also_when_a_second_step_is_near_but_not_reached():
    either = [{"kind": "direct_of_rank", "at_least": 1, "rank": "gold"}, {"kind": "own_sales", "at_least_minor": 10**9}]
    promotions = [
        {"to": "gold", "when": {"kind": "own_sales", "at_least_minor": 100_00}},
        {"to": "senior_gold", "when": {"kind": "any", "of": either}},
    ]
    plan = plan_of("breakaway", promotions=promotions)

    run = Run(
        plan, [joins("A"), gets_rank("A", "gold"), joins("B", "A"), pays("o1", "B", 100_00, line={"rate_bp": 1_000})]
    )

    assert (run.rank("B"), run.rank("A")) == ("gold", "senior_gold")


def test_a_probation_can_be_passed_by_what_the_team_sells():
    by_team = {"days": 7, "confirmed_when": {"kind": "team_sales", "at_least_minor": 300_00}}
    plan = plan_of("assessed", probation=by_team)
    family = [joins("A"), joins("B", "A"), joins("C", "B"), pays("o1", "B", 100_00)]

    assert Run(plan, [*family, pays("o2", "C", 199_99)]).status("B") == "probation"
    passed = Run(plan, [*family, pays("o2", "C", 200_00)])
    assert (passed.status("B"), passed.status("C")) == ("confirmed", "probation")
