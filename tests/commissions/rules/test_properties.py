"""What holds for every plan, every sale and every way to refund it."""

import msgspec
from hypothesis import given
from hypothesis import strategies as st
from msgspec.structs import replace

from chalicelib.commissions import presets
from chalicelib.commissions.rules.accrual import accrue, recompute, reversal
from chalicelib.commissions.rules.language import TierRebate
from chalicelib.commissions.rules.refund import after_refund, refund_by_line, spread_refund
from chalicelib.commissions.rules.reward import Reward
from chalicelib.commissions.rules.sale import Sale, Standing, needed_uplines
from chalicelib.money import rate_of
from tests.commissions.rules.builders import earned, posted
from tests.commissions.rules.strategies import CAPPED, plans_and_sales, remainders


def add(sums, changes):
    """Post changes on top of what was posted."""
    result = dict(sums)
    for change in changes:
        key = (change.leader_id, change.kind)
        result[key] = result.get(key, 0) + change.amount_minor
    return {key: amount for key, amount in result.items() if amount}


def paid(sale: Sale) -> dict[str, int]:
    return {line.sku: line.paid for line in sale.lines}


@given(plans_and_sales())
def test_a_full_refund_leaves_nothing(case):
    plan, sale = case
    sums = posted(accrue(plan, sale))

    changes = reversal(sums, recompute(plan, sale, dict.fromkeys(paid(sale), 0)))

    assert add(sums, changes) == {}


@given(plans_and_sales(), st.data())
def test_any_split_of_a_refund_ends_in_the_same_sums(case, data):
    plan, sale = case
    end = data.draw(remainders(sale))
    sums, still = posted(accrue(plan, sale)), paid(sale)

    while still != end:
        open_skus = [sku for sku in still if still[sku] > end[sku]]
        sku = data.draw(st.sampled_from(open_skus))
        amount = still[sku] - end[sku] if len(open_skus) > 3 else data.draw(st.integers(1, still[sku] - end[sku]))
        if data.draw(st.booleans()):
            amount = still[sku] - end[sku]
        still = after_refund(still, refund_by_line(still, lines=[(sku, amount)]))
        sums = add(sums, reversal(sums, recompute(plan, sale, still)))

    assert sums == add({}, recompute(plan, sale, end))


@given(plans_and_sales(), st.data())
def test_a_refund_of_the_whole_order_takes_just_its_amount_and_never_more_than_a_line_has(case, data):
    _, sale = case
    still = paid(sale)
    left = sum(still.values())
    if left == 0:
        return

    amount = data.draw(st.integers(1, left))
    taken = spread_refund(still, amount)

    assert sum(taken.values()) == amount
    assert all(0 <= taken[sku] <= still[sku] for sku in still)


@given(plans_and_sales(), st.data())
def test_what_is_left_of_an_order_earns_what_such_an_order_would_have_earned(case, data):
    """But for margins, which keep the fraction of the margin as it was when the order was paid."""
    plan, sale = case
    if plan.leader_orders is None and plan.rank_no.keys() & {"senior", "partner"}:
        return  # settlement prices
    end = data.draw(remainders(sale))

    smaller = replace(sale, lines=tuple(replace(line, paid=end[line.sku]) for line in sale.lines))

    assert earned(recompute(plan, sale, end)) == earned(accrue(plan, smaller))


@given(plans_and_sales(CAPPED), st.data())
def test_the_cap_is_never_exceeded_but_by_retail_alone(case, data):
    plan, sale = case
    end = data.draw(remainders(sale))

    rewards = recompute(plan, sale, end)

    cap = rate_of(sum(end.values()), plan.payout_cap_bp or 0)
    retail = sum(reward.amount_minor for reward in rewards if reward.kind == "retail")
    assert sum(reward.amount_minor for reward in rewards) <= max(cap, retail)


@given(plans_and_sales(CAPPED))
def test_a_cap_that_bites_is_used_up_to_the_cent(case):
    plan, sale = case
    free = accrue(replace(plan, payout_cap_bp=None), sale)
    capped = accrue(plan, sale)

    cap = rate_of(sum(paid(sale).values()), plan.payout_cap_bp or 0)
    total, retail = total_of(free), total_of(reward for reward in free if reward.kind == "retail")
    assert total_of(capped) == (total if total <= cap else max(cap, retail))
    for reward in capped:
        before = reward.amount_minor if reward.uncapped_minor is None else reward.uncapped_minor
        assert before == earned(free)[reward.leader_id, reward.kind]


def total_of(rewards) -> int:
    return sum(reward.amount_minor for reward in rewards)


@given(plans_and_sales(presets.load("three_tier")))
def test_the_walk_of_rebates_never_gives_more_than_the_top_rebate(case):
    plan, sale = case
    rule = plan.rule(TierRebate)
    assert rule is not None

    rebates = total_of(reward for reward in accrue(plan, sale) if reward.kind == "tier_rebate")

    assert rebates <= rate_of(sum(paid(sale).values()), max(rule.rebate_bp.values()))


@given(plans_and_sales(), st.booleans())
def test_the_uplines_needed_give_the_rewards_that_all_give(case, excluded):
    plan, sale = case
    if excluded:
        plan = replace(plan, self_purchase="excluded")

    needed = needed_uplines(plan, sale.seller, sale.uplines)

    assert accrue(plan, replace(sale, uplines=needed)) == accrue(plan, sale)
    assert needed[:1] == sale.uplines[:1], "the first stays the inviter"
    assert len(needed) <= 2 * len(plan.ranks)


@given(plans_and_sales())
def test_only_confirmed_leaders_earn_on_others_sales(case):
    plan, sale = case
    confirmed = {upline.leader_id for upline in sale.uplines if upline.status == "confirmed"}

    earners = {reward.leader_id for reward in accrue(plan, sale)}

    assert earners <= confirmed | {"seller"}


@given(plans_and_sales())
def test_no_reward_is_below_or_at_zero_and_nobody_earns_a_kind_twice(case):
    plan, sale = case
    rewards = accrue(plan, sale)

    assert all(reward.amount_minor > 0 for reward in rewards)
    assert len(earned(rewards)) == len(rewards)


@given(plans_and_sales())
def test_sales_and_rewards_are_kept_as_json_and_come_back_the_same(case):
    plan, sale = case

    assert msgspec.json.decode(msgspec.json.encode(sale), type=Sale) == sale
    rewards = accrue(plan, sale)
    assert msgspec.json.decode(msgspec.json.encode(rewards), type=tuple[Reward, ...]) == rewards


def test_a_hundred_uplines_leave_three_to_keep():
    plan = presets.load("breakaway")
    path = [Standing(f"u{number}", "owner", "confirmed") for number in range(100)]
    path[40] = Standing("gold", "gold", "confirmed")
    path[70] = Standing("top", "senior_gold", "confirmed")

    needed = needed_uplines(plan, Standing("s", "owner", "confirmed"), iter(path))

    assert [upline.leader_id for upline in needed] == ["u0", "gold", "top"]


def test_of_each_rank_the_nearest_upline_is_kept_and_the_nearest_that_can_earn():
    plan, seller = presets.load("three_tier"), Standing("S", "owner", "confirmed")
    removed, partner, behind = (
        Standing(name, "partner", status) for name, status in (("R", "removed"), ("P", "confirmed"), ("Q", "confirmed"))
    )
    nearer, farther = Standing("T", "team", "confirmed"), Standing("U", "team", "confirmed")

    assert needed_uplines(plan, seller, [removed, partner, behind]) == (removed, partner)
    assert needed_uplines(plan, seller, [nearer, farther, partner, behind]) == (nearer, partner)
    owner = Standing("O", "owner", "confirmed")
    assert needed_uplines(plan, seller, [owner, nearer, farther, partner, behind]) == (owner, nearer, partner)
