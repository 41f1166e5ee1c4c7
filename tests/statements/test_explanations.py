"""Why an amount is what it is: opened from the entry to the order's lines, and from a payout back to the sales."""

import json
from datetime import timedelta

import msgspec
import pytest

from chalicelib import store
from chalicelib.commissions import acquisition, presets, waiting_bonuses
from chalicelib.commissions import actions as commissions
from chalicelib.commissions import store as plans
from chalicelib.commissions.actions import ConfirmedLeader, RefundedOrder
from chalicelib.commissions.rules.sale import Line
from chalicelib.commissions.waiting_bonuses import Newcomer
from chalicelib.ledger import book
from chalicelib.ledger.store import EntryRecord, entry_of, record_of
from chalicelib.payouts import actions as payouts
from chalicelib.settlement.actions import settle
from chalicelib.statements import explanations, lines
from chalicelib.statements.explanations import Explanation
from chalicelib.statements.places import EntryUnknown, entry_id_of
from chalicelib.statements.sentences import reader_of
from chalicelib.statements.steps import CalculationMismatch
from tests.builders import SHANGHAI, START, A, B, C, FakeRail, Standing, a_plan, an_order, bank, delivered
from tests.commissions.rules.strategies import CAPPED

TWO_LINES = [
    Line(sku="pear", qty=3, unit_price=333, list_price=400, paid=999, rate_bp=777),
    Line(sku="gift", qty=1, unit_price=101, list_price=101, paid=101, rate_bp=501),
]
TITLES = {"apple": "Apples", "pear": "Pears"}


def to_brand(tenant: str, name: str, number: int = 0, language: str = "en") -> Explanation:
    """The brand opens an entry of its journal."""
    reader = reader_of(tenant, language, str)
    return explanations.explain(tenant, entry_id_of(name, number), reader, lambda order: TITLES)


def to_leader(tenant: str, leader_id: str, entry: str, language: str = "en") -> Explanation:
    """A leader opens a line of its statement; the stream has written all lines by now."""
    for one in book.entries_page(tenant, limit=100)[0]:
        lines.write_lines(tenant, one)
    found, _ = lines.page_of(tenant, leader_id, limit=100)
    line = next(line for line in found if line.entry_id == entry)
    reader = reader_of(tenant, language, str, leader_id)
    return explanations.explain_line(tenant, line, reader, lambda order: TITLES)


def told(explanation: Explanation) -> list[str]:
    return [step.text for one in explanation.calculations for step in one.steps]


def test_the_issues_example_down_to_the_line(tenant):
    a_plan(tenant)
    commissions.accrue(tenant, an_order())

    why = to_leader(tenant, "A", "order-O1-accrual")

    assert why.reason == (
        "C, in your community, sold 200.00; C's margin was 40.00; as Senior gold you earn 25% of it: 10.00."
    )
    assert told(why) == ["Margin of the sale: 40.00", "Share: 25% × 40.00 = 10.00"]
    (line,) = why.lines
    assert (line.title, line.qty, line.paid_minor) == ("Apples", 1, 20_000)
    assert [step.text for step in line.steps] == ["Margin of this product: 20% × 200.00 = 40.00"]
    assert (why.plan_version, why.order, why.causes) == (1, "O1", [])


def test_the_same_in_chinese(tenant):
    a_plan(tenant)
    commissions.accrue(tenant, an_order())

    why = to_leader(tenant, "A", "order-O1-accrual", "zh")

    assert why.reason == "您社群的C售出 200.00，其销售佣金为 40.00；您作为高级金牌店主获得其中的 25%：10.00。"
    assert told(why) == ["销售佣金：40.00", "所得份额：40.00 × 25% = 10.00"]
    assert why.calculations[0].title == "社群奖"


def test_the_brand_sees_everybodys_part_and_a_leader_its_own(tenant):
    a_plan(tenant)
    commissions.accrue(tenant, an_order())

    assert [one.title for one in to_brand(tenant, "order#O1").calculations] == ["C's margin", "A's community reward"]
    assert [one.leader_id for one in to_leader(tenant, "C", "order-O1-accrual").calculations] == ["C"]


def test_fractions_of_lines_are_added_before_they_are_rounded(tenant):
    a_plan(tenant)
    commissions.accrue(tenant, an_order(lines=TWO_LINES))

    why = to_leader(tenant, "C", "order-O1-accrual")

    assert [line.steps[0].result_fraction for line in why.lines] == ["6223/10000", "601/10000"]
    assert told(why) == ["Margin of the sale: 0.77 (+6223/10000) + 0.05 (+601/10000), rounded down = 0.82"]
    assert [line.title for line in why.lines] == ["Pears", "gift"], "without a title a product keeps its id"


def test_who_earns_on_sales_does_not_learn_the_sellers_margin(tenant):
    a_plan(tenant, "simple_referral")
    commissions.accrue(
        tenant, an_order("O1", Standing("C", "leader", "confirmed"), [Standing("B", "leader", "confirmed")])
    )

    why = to_leader(tenant, "B", "order-O1-accrual")

    assert told(why) == ["Sales of the order: 200.00", "Share: 3% × 200.00 = 6.00"]
    assert why.lines[0].steps == []
    assert "20.00" not in msgspec.json.encode(why).decode().replace("200.00", "")


def capped_order(tenant: str) -> None:
    record = plans.first_version(tenant, "breakaway", START - timedelta(days=30))
    record.document = msgspec.json.encode(CAPPED).decode()
    store.put(record)
    uplines = [Standing("T", "team", "confirmed"), Standing("P", "partner", "confirmed")]
    commissions.accrue(tenant, an_order("O1", Standing("S", "owner", "confirmed"), uplines, paid_minor=100_00))


def test_a_capped_share_shows_the_whole_split_to_the_brand_alone(tenant):
    capped_order(tenant)

    brand = to_brand(tenant, "order#O1")
    capped = next(one for one in brand.calculations if (one.leader_id, one.kind) == ("P", "tier_rebate"))
    assert [step.text for step in capped.steps][-3:] == [
        "Share: 5% × 100.00 − 3% × 100.00, each rounded down = 2.00",
        "What the margin leaves of the plan's limit: 35% × 100.00 rounded down − 30.00, at least 0 = 5.00",
        "After the plan's limit for one order: 5.00 shared in the ratio 2.00 : 3.00 : 7.50 : 3.00, number 1 = 0.64",
    ]

    own = to_leader(tenant, "P", "order-O1-accrual")
    assert "cut to 0.64 by the plan's limit" in own.reason
    assert told(own)[-1] == (
        "After the plan's limit for one order: 2.00, scaled down together with what others earn on this order = 0.64"
    )
    assert {step.step for one in own.calculations for step in one.steps} == {"sales", "share", "capped"}
    assert "7.50" not in msgspec.json.encode(own).decode()


def test_a_refund_shows_what_is_left_what_was_posted_and_the_difference(tenant):
    a_plan(tenant)
    commissions.accrue(tenant, an_order())
    for number in (1, 2):
        taken = RefundedOrder("O1", f"R{number}", START + timedelta(hours=number), {"apple": 5_001})
        commissions.take_back(tenant, taken)

    why = to_leader(tenant, "A", "order-O1-reversal-2")

    assert why.reason == ("After a refund on order O1, your community reward on it goes from 7.49 to 4.99: -2.50.")
    assert told(why) == [
        "Margin of the sale: 19.99 (+3/5), rounded down = 19.99",
        "Share: 25% × 19.99, rounded down = 4.99",
        "Posted so far: 10.00 + -2.51 = 7.49",
        "Change: 4.99 − 7.49 = -2.50",
    ]
    assert (why.lines[0].paid_minor, why.lines[0].still_paid_minor) == (20_000, 9_998)


def test_a_full_refund_ends_at_nothing(tenant):
    a_plan(tenant)
    commissions.accrue(tenant, an_order())
    commissions.take_back(tenant, RefundedOrder("O1", "R1", START + timedelta(hours=1), {"apple": 20_000}))

    why = to_brand(tenant, "order#O1", 1)

    assert [one.steps[-1].text for one in why.calculations] == [
        "Change: 0.00 − 40.00 = -40.00",
        "Change: 0.00 − 10.00 = -10.00",
    ]


def test_an_invitation_shows_what_the_plan_gave_each(tenant):
    a_plan(tenant)
    commissions.reward_invitation(tenant, ConfirmedLeader(C, B, (A,), START, "CNY"), timezone="Asia/Shanghai")

    assert [(one.title, one.amount_minor) for one in to_brand(tenant, "invite#C").calculations] == [
        ("A's invitation bonus", 15_000),
        ("B's invitation coupon", 2_000),
    ]
    assert told(to_leader(tenant, "B", "invite-C")) == ["Set by the plan: 20.00"]


def test_a_bonus_for_a_first_order_shows_what_the_order_still_has_paid_then_and_after_each_refund(tenant):
    document = json.loads(presets.read("breakaway"))
    document["rewards"][3] |= {"due": "first_order"}
    began = START - timedelta(days=30)
    store.put(plans.plan_record(tenant, 1, json.dumps(document), effective_from=began, now=began))
    paid = an_order()
    commissions.accrue(tenant, paid)
    waiting_bonuses.expect_of_order(tenant, paid, plans.in_force(tenant, on=START))
    window_over = START + timedelta(days=7)
    commissions.take_back(tenant, RefundedOrder("O1", "R1", window_over, {"apple": 5_000}))
    waiting_bonuses.decide_due(
        tenant,
        timezone="Asia/Shanghai",
        newcomer_at=lambda *_: Newcomer(C, (B, A)),
        now=window_over + timedelta(days=1),
    )
    commissions.take_back(tenant, RefundedOrder("O1", "R2", window_over + timedelta(days=2), {"apple": 5_001}))

    earned = to_leader(tenant, "A", "order-O1-invite-bonus")
    assert told(earned) == [
        "Set by the plan: 150.00",
        "For what is still paid: 150.00 × 150.00 ÷ 200.00 = 112.50",
    ]
    assert "C's first order (200.00) is over; as Senior gold you earn 112.50" in earned.reason
    change = to_leader(tenant, "A", "order-O1-reversal-3")
    assert told(change)[-4:] == [
        "Set by the plan: 150.00",
        "For what is still paid: 150.00 × 99.99 ÷ 200.00, rounded down = 74.99",
        "Posted so far: 0.00 + 0.00 + 112.50 = 112.50",
        "Change: 74.99 − 112.50 = -37.51",
    ]


def test_a_customer_won_shows_what_had_to_remain_paid(tenant):
    a_plan(tenant, "simple_referral")
    seller = Standing("C", "leader", "confirmed")
    paid = an_order("O1", seller, ())
    commissions.accrue(tenant, paid)
    acquisition.expect(tenant, paid, plans.in_force(tenant, on=paid.paid_at), customer="13800138000")
    acquisition.count_due(tenant, standing_at=lambda *_: seller, now=START + timedelta(days=8))

    why = to_leader(tenant, "C", "order-O1-acquisition")

    assert told(why) == ["Set by the plan: 5.00, if at least 20.00 is still paid; it is 200.00 = 5.00"]
    assert "13800138000" not in msgspec.json.encode(why).decode()


def settled_and_paid(tenant: str) -> None:
    """C sells twice; one part is refunded; a third order is not due yet; all is settled, reserved and paid."""
    a_plan(tenant)
    for order_id in ("O1", "O2"):
        commissions.accrue(tenant, an_order(order_id))
        delivered(tenant, order_id)
    commissions.take_back(tenant, RefundedOrder("O2", "R1", START + timedelta(hours=1), {"apple": 10_000}))
    commissions.accrue(tenant, an_order("O3", at=START + timedelta(hours=2)))
    settle(tenant, SHANGHAI, now=START + timedelta(days=9))
    now = START + timedelta(days=9, hours=1)
    for leader_id in ("C", "A"):
        payouts.reserve_available(tenant, leader_id, bank(leader_id), currency="CNY", minimum_minor=1, now=now)
        payouts.send(tenant, f"{leader_id}-1", FakeRail(), now=now + timedelta(minutes=1))


def causes(explanation: Explanation) -> list[tuple[str, int]]:
    return [(cause.entry, cause.amount_minor) for cause in explanation.causes]


def test_a_settlement_opens_to_the_orders_of_its_days(tenant):
    settled_and_paid(tenant)

    why = to_leader(tenant, "C", "settle-2026-03-10-C")

    assert causes(why) == [
        ("order-O2-reversal-1", -2_000),
        ("order-O2-accrual", 4_000),
        ("order-O1-accrual", 4_000),
    ]
    assert why.unlisted_minor == 0
    assert why.causes[-1].reason.startswith("You sold 200.00")
    opened = lines.line_of(tenant, "C", str(why.causes[-1].line_id))
    assert opened is not None
    assert opened.entry_id == "order-O1-accrual"


def test_a_payout_opens_to_its_reservation_and_that_to_what_was_settled(tenant):
    settled_and_paid(tenant)

    paid = to_leader(tenant, "C", "payout-C-1-paid")
    reserved = to_leader(tenant, "C", "payout-C-1-reserved")

    assert causes(paid) == [("payout-C-1-reserved", 6_000)]
    assert causes(reserved) == [("settle-2026-03-10-C", 6_000)]
    assert (paid.unlisted_minor, reserved.unlisted_minor) == (0, 0)


def test_the_brands_release_opens_to_its_orders(tenant):
    settled_and_paid(tenant)

    why = to_brand(tenant, "settlement#2026-03-10#brand")

    assert causes(why) == [
        ("order-O1-accrual", 20_000),
        ("order-O2-accrual", 20_000),
        ("order-O2-reversal-1", -10_000),
    ]
    assert why.unlisted_minor == 0
    assert to_brand(tenant, "order#O1").entry == "order-O1-accrual"


def test_what_is_not_listed_yet_is_given_as_a_sum(tenant):
    settled_and_paid(tenant)  # and the stream has written no line yet

    why = to_brand(tenant, "settlement#2026-03-10#C")

    assert (why.causes, why.unlisted_minor) == ([], 6_000)


def test_todays_plan_does_not_change_yesterdays_explanation(tenant):
    a_plan(tenant)
    commissions.accrue(tenant, an_order())
    before = to_leader(tenant, "A", "order-O1-accrual")
    changed = msgspec.json.encode(CAPPED).decode()
    store.put(plans.plan_record(tenant, 2, changed, effective_from=START + timedelta(minutes=1), now=START))

    assert to_leader(tenant, "A", "order-O1-accrual") == before


def accrual_of_o1(tenant: str) -> EntryRecord:
    """The item of order O1's accrual."""
    commissions.accrue(tenant, an_order())
    found = store.get(EntryRecord, f"{tenant}#order#O1", "entry#0000")
    assert found is not None
    return found


def test_a_calculation_that_does_not_come_to_the_posted_amount_is_never_shown(tenant):
    a_plan(tenant)
    entry = entry_of(accrual_of_o1(tenant))
    entry.facts["rewards"][1]["amount_minor"] += 1
    store.put(record_of(tenant, entry))

    with pytest.raises(CalculationMismatch, match="order-O1-accrual: the calculation gives"):
        to_brand(tenant, "order#O1")


def test_amounts_that_were_posted_otherwise_than_rewarded_are_never_shown(tenant):
    a_plan(tenant)
    record = accrual_of_o1(tenant)
    record.postings = record.postings.replace('"leader:A:held":1000', '"leader:A:held":1001')
    store.put(record)

    with pytest.raises(CalculationMismatch, match="was posted"):
        to_brand(tenant, "order#O1")


@pytest.mark.parametrize("name", ["", "x", "é", "bGluZSM", "0@order", "A" * 3_000])
def test_a_name_of_nothing_is_refused(tenant, name):
    with pytest.raises(EntryUnknown):
        explanations.explain(tenant, name, reader_of(tenant, "en", str), lambda order: {})
    assert lines.line_of(tenant, "A", name) is None
