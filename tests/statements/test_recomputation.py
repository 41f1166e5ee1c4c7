"""Whatever the plan, the order and its refunds: the steps of an explanation come to exactly what the engine posts."""

import json

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.commissions import presets
from chalicelib.commissions.rules.accrual import recompute
from chalicelib.commissions.rules.periodic import dividend
from chalicelib.commissions.rules.plan import Plan, decode_plan
from chalicelib.commissions.rules.sale import Sale, Standing
from chalicelib.statements import of_fixed, step_words
from chalicelib.statements.of_order import Reckoned, reckon
from chalicelib.statements.steps import CalculationMismatch, CalculationStep, check, number, result_of, step
from tests.commissions.rules.builders import leader, line, sale
from tests.commissions.rules.strategies import plans, remainders, sales


def with_cap(plan: Plan, cap_bp: int | None) -> Plan:
    return replace(plan, payout_cap_bp=cap_bp)


def one_rate_and_every_share(rate_bp: int) -> Plan:
    """A plan whose seller earns one rate on sales, with shares of it and of the sales above."""
    document = json.loads(presets.read("three_tier"))
    document["head_rank"] = "team"
    document["rewards"][0] = {"kind": "retail", "margin": {"by": "rate", "rate_bp": rate_bp}}
    document["rewards"] += [
        {"kind": "direct_referral", "rate_bp": 333},
        {"kind": "team_override", "rate_bp": 2500},
        {"kind": "breakaway_referral", "rate_bp": 1111},
    ]
    return decode_plan(json.dumps(document).encode())


every_plan = st.builds(
    with_cap,
    st.one_of(plans, st.builds(one_rate_and_every_share, st.integers(0, 4_000))),
    st.sampled_from([None, None, 0, 500, 2_000, 3_501]),
)


@st.composite
def cases(draw: st.DrawFn) -> tuple[Plan, Sale]:
    plan = replace(draw(every_plan), self_purchase=draw(st.sampled_from(["counted", "excluded"])))
    made = replace(draw(sales(plan)), self_purchase=draw(st.booleans()))
    seller = replace(made.seller, status=draw(st.sampled_from(["confirmed", "probation", "removed", "frozen"])))
    return plan, replace(made, seller=seller)


def all_steps(reckoned: Reckoned) -> list[list[CalculationStep]]:
    lines = [one for steps in reckoned.by_line.values() for one in steps]
    return [[*lines, *steps] for steps in reckoned.by_earning.values()]


def results(reckoned: Reckoned) -> dict[tuple[str, str], int]:
    return {key: steps[-1].result_minor for key, steps in reckoned.by_earning.items() if steps[-1].result_minor}


@given(cases(), st.data())
def test_the_steps_give_what_the_engine_gives_before_and_after_any_refund(case, data):
    plan, sale = case
    for still_paid in ({one.sku: one.paid for one in sale.lines}, data.draw(remainders(sale))):
        posted = {(reward.leader_id, reward.kind): reward.amount_minor for reward in recompute(plan, sale, still_paid)}

        reckoned = reckon(plan, sale, still_paid)

        assert results(reckoned) == posted
        for steps in all_steps(reckoned):
            check(steps)
            assert not steps[-1].result_fraction, "money is posted in whole units"


@given(cases())
def test_steps_survive_json_and_can_be_done_again_from_it(case):
    plan, sale = case
    for steps in all_steps(reckon(plan, sale, {one.sku: one.paid for one in sale.lines})):
        read = msgspec.json.decode(msgspec.json.encode(steps), type=list[CalculationStep])
        check(read)
        for language in ("zh", "en"):
            assert all(step_words.said(one, language, "CNY")[-1] in "0123456789)" for one in read)


@given(cases(), st.data())
def test_a_changed_number_anywhere_is_found_out(case, data):
    plan, sale = case
    steps = data.draw(st.sampled_from(all_steps(reckon(plan, sale, {one.sku: one.paid for one in sale.lines})) or [[]]))
    if not steps:
        return
    place = data.draw(st.integers(0, len(steps) - 1))
    wrong = replace(steps[place], result_minor=steps[place].result_minor + 1)

    with pytest.raises(CalculationMismatch):
        check([*steps[:place], wrong, *steps[place + 1 :]])


def test_an_input_that_is_not_the_named_steps_result_is_found_out():
    sales = step("sales", "total", [number("rice", 100_00)])
    base = replace(result_of(sales, "base"), value=200_00)

    with pytest.raises(CalculationMismatch, match="base from sales"):
        check([sales, step("share", "rate", [base, number("rate_bp", 300, "bp")])])


@given(st.lists(st.integers(-10_00, 10**7), min_size=1, max_size=9), st.integers(0, 10**8))
def test_a_dividends_steps_give_what_was_shared(team_sales, brand_sales):
    plan = presets.load("three_tier")
    partners = [(Standing(f"p{place}", "partner", "confirmed"), sold) for place, sold in enumerate(team_sales)]

    for reward in dividend(plan, brand_sales, partners):
        steps = of_fixed.dividend(plan, reward)
        check(steps)
        assert steps[-1].result_minor == reward.amount_minor

        steps = of_fixed.dividend(plan, replace(reward, amount_minor=reward.amount_minor + 2))
        assert steps[-1].result_minor != reward.amount_minor + 2, "no more than one unit is put down to rounding"


def test_each_line_shows_its_settlement_price_and_the_exact_fraction_left_of_its_margin():
    plan = presets.load("assessed")
    made = sale(leader("C", "leader"), lines=[line(9_00, list_price=10_01), line(3_00, sku="tea", list_price=1_00)])

    reckoned = reckon(plan, made, {"rice": 9_00, "tea": 1_00})

    assert [step_words.said(one, "en", "CNY") for one in reckoned.by_line["rice"]] == [
        "Settlement price: 85% × 10.01 × 1, rounded up = 8.51",
        "Margin of this product: (9.00 paid − 8.51, at least 0) × 9.00 still paid ÷ 9.00 = 0.49",
    ]
    assert step_words.said(reckoned.by_line["tea"][-1], "en", "CNY").endswith("= 0.71 (+2/3)")
    assert step_words.said(reckoned.by_earning["C", "retail"][-1], "zh", "CNY") == (
        "销售佣金：0.49 + 0.71 (+2/3)，向下取整 = 1.20"
    )
