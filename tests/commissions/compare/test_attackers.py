"""Cheats in a synthetic network: each trick that the linter warns of, and what it costs a brand under which plan."""

import re
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import msgspec
import pytest

from chalicelib.commissions import compare, presets
from chalicelib.commissions.compare.attack_cost import compare_made_up
from chalicelib.commissions.compare.attackers import TRICKS, Attackers, Trick, means_for
from chalicelib.commissions.compare.side_by_side import AttackCost, Comparison
from chalicelib.commissions.compare.synthetic import Shape, history
from chalicelib.commissions.rules.events import LeaderGroups, OrderPaid, OrderRefunded
from tests.commissions.lint.plans import changed, plan_of, with_reward, without
from tests.commissions.rules.test_pure import ALLOWED, imported_by

SHANGHAI = ZoneInfo("Asia/Shanghai")
ALONE = Shape(size=1, depth=1, orders=5, refunds_bp=0, attackers_bp=10_000)
VILLAGE = Shape(size=60, depth=5, seed=3, orders=600, starter_order_minor=3_000_00, attackers_bp=1_000)


def tried(first: Any, second: Any, *tricks: Trick, shape: Shape = ALONE) -> Comparison:
    plans = ("first", plan_of(first)), ("second", plan_of(second))
    return compare_made_up(plans, shape, SHANGHAI, tricks=tricks or TRICKS)


def costs(first: Any, second: Any, *tricks: Trick, shape: Shape = ALONE) -> tuple[AttackCost, AttackCost]:
    compared = tried(first, second, *tricks, shape=shape)
    assert compared.first.attackers is not None
    assert compared.second.attackers is not None
    return compared.first.attackers, compared.second.attackers


def waiting_bonus(**limits: int) -> Any:
    """Preset `breakaway`, its invite bonus due at the newcomer's first order."""
    return with_reward("breakaway", "invite_bonus", due="first_order", **limits)


def test_comparing_reads_writes_and_sells_nothing_and_has_no_clock():
    """Chance comes from the seed of the shape."""
    files = sorted(Path(compare.__path__[0]).glob("*.py"))
    own = ("chalicelib.commissions.rules", "chalicelib.commissions.lint", "chalicelib.commissions.compare")
    more = {"bisect", "heapq", "html", "itertools", "random"}

    foreign = {name for file in files for name in imported_by(file) if not name.startswith(own)}

    assert len(files) > 5
    assert foreign - ALLOWED <= more
    assert not any(re.search(r"\.(now|utcnow|today)\(", file.read_text("utf-8")) for file in files)


# ------------------------------------------------------------------------------------------------ tricks, one by one


def test_fake_heads_bring_a_bonus_each_where_it_is_due_when_they_join_and_none_where_it_waits_for_an_order():
    """Ten fakes and a large order make the attacker gold; ten more fakes bring 100.00 each."""
    at_joining, at_first_order = costs("breakaway", waiting_bonus(), "fake_leaders", "refunded_order")

    assert at_joining.fakes == at_first_order.fakes == 20
    assert at_joining.cost_by_kind == {"invite_bonus": 10 * 100_00, "invite_coupon": 10 * 20_00}
    assert at_first_order.cost_by_kind == {"invite_coupon": 10 * 20_00}


def test_fakes_that_order_for_a_cent_pass_for_newcomers_unless_the_bonus_is_limited():
    tricks: tuple[Trick, ...] = ("fake_leaders", "refunded_order", "tiny_orders")

    unlimited, limited = costs(waiting_bonus(), waiting_bonus(max_per_month=2), *tricks)

    assert unlimited.cost_by_kind["invite_bonus"] == 20 * 100_00  # by their windows' end it is gold for all of them
    assert limited.cost_by_kind["invite_bonus"] == 2 * 100_00


def test_a_rank_for_life_is_had_for_an_order_that_is_given_back_unless_orders_wait_for_their_window():
    """The rank lets them keep more of their own sales ever after, and takes from those who had it."""
    waits = changed("three_tier", performance="window_over")
    tricks: tuple[Trick, ...] = ("refunded_order", "reported_groups")

    at_once, later = costs("three_tier", waits, *tricks, shape=VILLAGE)

    assert at_once.cost_minor > 5 * later.cost_minor
    assert set(at_once.cost_by_kind) == {"retail"}
    assert at_once.others_minor < later.others_minor <= 0


def test_a_probation_is_passed_by_orders_of_a_cent_and_that_alone_costs_nothing():
    """Real sales that the plan would not have taken without the trick are real: what they earn is no cost."""
    late = Shape(size=2, depth=2, orders=40, refunds_bp=0, attackers_bp=10_000)

    assessed, _ = costs("assessed", "simple_referral", "tiny_orders", shape=late)
    honest = tried("assessed", "simple_referral", shape=msgspec.structs.replace(late, attackers_bp=0)).first
    tricked = tried("assessed", "simple_referral", "tiny_orders", shape=late).first

    assert (honest.removed, tricked.removed) == (1, 0)
    assert tricked.orders > honest.orders
    assert assessed.paid_minor > honest.commission_minor
    assert set(assessed.cost_by_kind) <= {"direct_referral"}


def test_goods_bought_for_oneself_carry_a_rank_only_where_own_purchases_count():
    excluded = changed("assessed", self_purchase="excluded")

    compared = tried("assessed", excluded, "own_purchases", "fake_leaders", "tiny_orders")

    assert (compared.first.promotions, compared.second.promotions) == ({"senior": 1}, {})
    assert compared.second.sales_minor > 39_700_00  # they are sales all the same


def test_what_an_own_purchase_earns_as_retail_is_no_cost():
    assessed, _ = costs("assessed", "assessed", "own_purchases")

    assert assessed.paid_minor == assessed.real_minor > 39_800_00 * 15 // 100
    assert assessed.cost_minor == 0


def test_groups_are_reported_as_the_plan_asks():
    attackers = Attackers(ALONE, means_for([presets.load("three_tier")]), ("reported_groups",))

    assert [event.groups for event in attackers.history() if isinstance(event, LeaderGroups)] == [5]


def test_an_attacker_whose_tricks_find_nothing_to_game_costs_nothing():
    only_retail = without("simple_referral", "direct_referral", "acquisition")

    nothing, _ = costs(only_retail, "breakaway", shape=msgspec.structs.replace(VILLAGE, starter_order_minor=0))

    assert (nothing.cost_minor, nothing.cost_bp, nothing.cost_by_kind) == (0, 0, {})
    assert nothing.paid_minor == nothing.real_minor > 0


# ------------------------------------------------------------------------------------------------ the attackers


def test_the_same_attackers_meet_both_plans_and_the_same_wish_gives_the_same_cost():
    one, other = (tried("breakaway", "assessed", shape=VILLAGE) for _ in range(2))
    first, second = one.first.attackers, one.second.attackers

    assert one == other
    assert first is not None and second is not None
    assert (first.attackers, first.fakes) == (second.attackers, second.fakes) == (6, 6 * 20)
    swapped = tried("assessed", "breakaway", shape=VILLAGE)
    assert (swapped.first.attackers, swapped.second.attackers) == (second, first)


def test_without_tricks_the_network_is_the_very_same_and_nobody_speaks_of_attackers():
    attacked = list(Attackers(VILLAGE, means_for([presets.load("breakaway")])).history())
    honest = list(history(VILLAGE))
    tricks = [event for event in attacked if event not in honest]

    assert [event for event in attacked if event in honest] == honest
    assert [event.at for event in attacked] == sorted(event.at for event in attacked)
    assert len(tricks) == len(attacked) - len(honest) > 0
    assert (
        tried("breakaway", "assessed", shape=msgspec.structs.replace(VILLAGE, attackers_bp=0)).first.attackers is None
    )


@pytest.mark.parametrize("preset", presets.NAMES)
def test_every_trick_is_an_event_that_the_simulator_takes(preset):
    """A trick that is refused would make a plan look safe; only those of removed accounts are."""
    compared = tried(preset, preset, shape=VILLAGE)

    assert compared.first.refused_newcomers == 0
    assert compared.first.refused_orders == 0


def test_attackers_lay_out_what_the_dearer_plan_asks_for_its_first_rank():
    means = means_for([presets.load("breakaway"), presets.load("assessed"), presets.load("simple_referral")])
    attackers = Attackers(VILLAGE, means)
    large = [
        one for one in attackers.history() if isinstance(one, OrderPaid) and one.order.endswith(("-large", "-own"))
    ]
    back = {one.order: one.amount for one in attackers.history() if isinstance(one, OrderRefunded)}

    assert (means.rise.accounts, means.entry.orders) == (10, 3)
    assert {order.lines[0].unit_price for order in large} == {means.rise.volume_minor}
    assert means.rise.volume_minor >= 39_800_00 - 100
    assert sorted(order.order.endswith("-own") for order in large) == [False] * 3 + [True] * 3
    assert [back.get(order.order) for order in large if order.order.endswith("-large")] == [means.rise.volume_minor] * 3


def test_a_plan_that_asks_for_a_city_of_people_does_not_get_one_made_up():
    ask = {"kind": "direct_confirmed", "at_least": 10**9}
    document = changed("breakaway", promotions=[{"to": "gold", "when": ask}])

    first, _ = costs(document, document)

    assert first.fakes == 30 + 10


def test_the_cost_is_a_share_of_the_sales_without_them():
    honest = tried("breakaway", "assessed", shape=msgspec.structs.replace(VILLAGE, attackers_bp=0)).first
    first, _ = costs("breakaway", "assessed", shape=VILLAGE)

    assert first.cost_minor == first.paid_minor - first.real_minor == sum(first.cost_by_kind.values()) > 0
    assert first.cost_bp == first.cost_minor * 10_000 // honest.sales_minor
