"""Invite bonuses that wait for the newcomer's first order, are limited, and go back with it (infra/decisions/0003)."""

import json
from typing import Any

from chalicelib.commissions import presets
from chalicelib.commissions.rules.invite_bonuses import InviteBonuses
from chalicelib.commissions.rules.language import Plan
from chalicelib.commissions.rules.plan import decode_plan
from chalicelib.commissions.rules.reward import Change
from tests.commissions.rules.builders import leader, plan_of
from tests.commissions.rules.history import Event, Run, at, clock, gets_rank, joins, pays, refunds, tries_again

BONUS = {"kind": "invite_bonus", "amount_minor": {"gold": 100_00, "senior_gold": 150_00}}


def plan(*, rewards: list[dict[str, Any]] | None = None, **bonus: Any) -> Plan:
    document = json.loads(presets.read("breakaway"))
    rest = [reward for reward in document["rewards"] if reward["kind"] not in ("invite_bonus", "invite_coupon")]
    return decode_plan(json.dumps({**document, "rewards": [*rest, {**BONUS, **bonus}]}).encode())


WAITING = plan(due="first_order")
GOLD_A = [joins("A"), gets_rank("A", "gold"), joins("B", "A")]


def order(name: str, leader: str, amount: int, when: str = at(), **more: Any) -> Event:
    return pays(name, leader, amount, when, line={"rate_bp": 1000}, **more)


def bonus_of(run: Run, name: str) -> int:
    return run.of(name).get(("A", "invite_bonus"), 0)


def test_joining_earns_nothing_and_the_first_order_past_its_window_earns_the_bonus():
    run = Run(WAITING, [*GOLD_A, order("o1", "B", 30_00), clock(at(7))])

    assert run.at_event(3) == {}
    assert run.at_event(5) == {("A", "invite_bonus"): 100_00}
    assert bonus_of(run, "o1") == 100_00


def test_an_order_given_back_in_its_window_leaves_the_bonus_to_the_next():
    run = Run(WAITING, [*GOLD_A, order("o1", "B", 30_00), order("o2", "B", 5_00, at(1)),
                        refunds("o1", 30_00, at(2)), clock(at(9))])  # fmt: skip

    assert (bonus_of(run, "o1"), bonus_of(run, "o2")) == (0, 100_00)


def test_a_newcomer_brings_one_bonus_ever():
    run = Run(WAITING, [*GOLD_A, order("o1", "B", 30_00), order("o2", "B", 30_00), clock(at(7)),
                        refunds("o1", 30_00, at(8)), order("o3", "B", 30_00, at(9)), clock(at(20))])  # fmt: skip

    assert [earning.amount_minor for _, earning in run.earnings if earning.kind == "invite_bonus"] == [100_00, -100_00]


def test_a_later_refund_takes_back_the_bonus_in_proportion_to_the_order():
    first = [*GOLD_A, order("o1", "B", 30_00), refunds("o1", 3_00, at(1)), clock(at(7))]

    assert bonus_of(Run(WAITING, first), "o1") == 100_00
    # 27.00 were paid when the bonus was earned; 18.00 are left: 66.66 of 100.00.
    third = Run(WAITING, [*first, refunds("o1", 9_00, at(8))])
    assert third.at_event(7)["A", "invite_bonus"] == -33_34
    # Another way to the same remainder gives the same sum; nothing is left of it in the end.
    assert bonus_of(Run(WAITING, [*first, refunds("o1", 1, at(8)), refunds("o1", 8_99, at(8))]), "o1") == 66_66
    assert bonus_of(Run(WAITING, [*first, refunds("o1", 9_00, at(8)), refunds("o1", 18_00, at(9))]), "o1") == 0


def test_a_refund_that_changes_no_cent_of_the_bonus_posts_nothing():
    of_a_cent = plan(due="first_order", amount_minor={"gold": 1})
    given_back = [refunds("o1", 1_00, at(8)), refunds("o1", 1_00, at(9))]

    run = Run(of_a_cent, [*GOLD_A, order("o1", "B", 30_00), clock(at(7)), *given_back])

    assert [run.at_event(number).get(("A", "invite_bonus")) for number in (5, 6, 7)] == [1, -1, None]


def test_what_a_refund_changes_is_told_with_what_there_was_and_what_is_left():
    bonuses = InviteBonuses(WAITING)
    bonuses.window_over("o1", leader("B", "owner"), [leader("A", "gold")], 30_00, (2026, 3))

    assert bonuses.refunded("o1", 20_00) == [Change("A", "invite_bonus", -33_34, 100_00, 66_66)]
    assert bonuses.refunded("o1", 20_00) == []
    assert bonuses.refunded("o2", 0) == []


def test_the_ranks_when_the_window_ends_decide_who_earns_how_much():
    rises = [*GOLD_A, order("o1", "B", 30_00), gets_rank("A", "senior_gold", at(6)), clock(at(7))]
    falls = [*GOLD_A, order("o1", "B", 30_00), gets_rank("A", "owner", at(6)), clock(at(7)),
             gets_rank("A", "gold", at(8)), order("o2", "B", 30_00, at(8)), clock(at(20))]  # fmt: skip

    assert bonus_of(Run(WAITING, rises), "o1") == 150_00
    assert [bonus_of(Run(WAITING, falls), name) for name in ("o1", "o2")] == [0, 0]


def test_an_order_of_a_newcomer_still_on_probation_passes_the_bonus_on():
    trial = {"days": 30, "confirmed_when": {"kind": "own_orders", "at_least": 2}}
    waiting = plan_of("breakaway", probation=trial, rewards=[{**BONUS, "due": "first_order"}])

    run = Run(waiting, [*GOLD_A, order("o1", "B", 30_00), order("o2", "B", 30_00, at(8)), clock(at(15))])

    assert (bonus_of(run, "o1"), bonus_of(run, "o2")) == (0, 100_00)
    assert run.status("B") == "confirmed"


def test_who_fails_its_probation_and_never_sells_again_brings_nothing():
    trial = {"days": 3, "confirmed_when": {"kind": "own_orders", "at_least": 2}}
    waiting = plan_of("breakaway", probation=trial, rewards=[{**BONUS, "due": "first_order"}])

    run = Run(waiting, [*GOLD_A, order("o1", "B", 30_00), tries_again("B", at(6)), clock(at(20))])

    assert run.earnings == []


def test_excluded_self_purchases_bring_no_bonus():
    excluded = plan_of("breakaway", self_purchase="excluded", rewards=[{**BONUS, "due": "first_order"}])

    run = Run(excluded, [*GOLD_A, order("o1", "B", 30_00, self_purchase=True), clock(at(7))])

    assert run.earnings == []


def test_a_limit_counts_bonuses_of_one_earner_in_one_month():
    limited = plan(max_per_month=2)
    crowd = [joins(f"N{number}", "A", at(number)) for number in range(4)]
    events = [joins("A"), gets_rank("A", "gold"), *crowd, joins("late", "A", at(31))]

    run = Run(limited, events)

    assert [number for number, _ in run.earnings] == [3, 4, 7]


def test_a_bonus_taken_back_makes_no_room_and_a_lost_one_stays_lost():
    limited = plan(due="first_order", max_per_month=1)
    events = [*GOLD_A, joins("C", "A"), order("b", "B", 10_00), order("c1", "C", 10_00, at(1)), clock(at(7)),
              refunds("b", 10_00, at(7)), clock(at(8)), order("c2", "C", 10_00, at(40)), clock(at(60))]  # fmt: skip

    run = Run(limited, events)

    assert (bonus_of(run, "b"), bonus_of(run, "c1"), bonus_of(run, "c2")) == (0, 0, 0)


def test_the_month_of_a_limit_is_the_brands_whatever_month_it_is_elsewhere():
    limited = plan(due="first_order", max_per_month=1)
    early_on_1_april = order("c", "C", 10_00, at(24, seconds=3600))  # in Europe its window is over in March

    run = Run(limited, [*GOLD_A, joins("C", "A"), order("b", "B", 10_00, at(20)), early_on_1_april, clock(at(32))])

    assert (bonus_of(run, "b"), bonus_of(run, "c")) == (100_00, 100_00)
