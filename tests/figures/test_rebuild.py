"""Figures reckoned anew are the figures rolled up; what was lost or tampered with is named, and put right."""

from datetime import timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib import store
from chalicelib.figures import store as figures
from chalicelib.figures.check import FiguresDiffer, check
from chalicelib.figures.rebuild import differences, rebuild
from chalicelib.figures.reckon import reckon
from chalicelib.figures.store import FIGURE
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.ledger.entries import Entry
from chalicelib.store import Record, connection
from chalicelib.tenancy import acting_for
from chalicelib.tenants import store as tenants
from chalicelib.tenants.store import Tenant
from tests.figures.builders import (
    JOINED,
    START,
    accrual,
    images,
    leader_id,
    posted,
    put_brand,
    put_leader,
    records,
    reversal,
    roll_up,
)

A, B, C, D = (leader_id(number) for number in range(1, 5))
LATER = START + timedelta(days=4)


def a_brand(tenant_id: str) -> None:
    """A invited B and D, B invited C; B is gold and C on its second trial."""
    put_brand(tenant_id)
    trial = {"trial_no": 2, "trial_since": START, "probation_until": START + timedelta(days=7)}
    people = [
        put_leader(tenant_id, 1),
        put_leader(tenant_id, 2, [1], rank="gold"),
        put_leader(tenant_id, 3, [2, 1], status="probation", confirmed_at=None, **trial),
        put_leader(tenant_id, 4, [1], groups=3),
    ]
    roll_up(records(images(tenant_id, [(None, leader) for leader in people])))


def some_orders(tenant_id: str) -> tuple[Entry, ...]:
    first = accrual("O1", C, 10_000, at=START - timedelta(hours=1))
    second = accrual("O2", C, 500, at=START + timedelta(days=1))
    mine = accrual("O3", B, 70, at=START + timedelta(days=2))
    refund = reversal(second, 1, 500, 0, START + timedelta(days=3))
    entries = posted(tenant_id, first, second, mine, refund)
    roll_up(records(images(tenant_id, entries), first=100))
    return entries


@pytest.fixture
def brand(tenant: str) -> str:
    a_brand(tenant)
    some_orders(tenant)
    return tenant


def the_tenant(tenant_id: str) -> Tenant:
    found = tenants.get(tenant_id)
    assert found is not None
    return found


def tamper(tenant_id: str, name: str, figure: str, amount: int) -> None:
    """Somebody adds to a figure behind everybody's back."""
    pk, sk = figures.figures_key(tenant_id, name)
    connection().client.update_item(
        TableName=Record.Meta.table_name, Key={"pk": {"S": pk}, "sk": {"S": sk}}, UpdateExpression="ADD #f :n",
        ExpressionAttributeNames={"#f": FIGURE + figure}, ExpressionAttributeValues={":n": {"N": str(amount)}},
    )  # fmt: skip


def look(tenant_id: str, **how: Any) -> None:
    check(the_tenant(tenant_id), now=LATER, keep_going=how.get("keep_going", lambda: True), pause=lambda _: None)


def test_reckoned_anew_they_are_the_same(brand: str) -> None:
    reckoned = reckon(brand, "Asia/Shanghai")

    assert list(differences(brand, reckoned)) == []
    assert reckoned[C].counts["t2_orders"] == 0, "the order before the trial and the one given back do not count"
    assert reckoned[A].counts["direct-gold"] == 1
    assert reckoned[A].counts["direct_groups"] == 4


def test_figures_that_were_lost_come_back(brand: str) -> None:
    before = {name: figures.get(brand, name) for name in (A, B, C, D)}
    for name in (A, B, C, D):
        key = figures.figures_key(brand, name)
        found = store.get(figures.FiguresRecord, *key)
        assert found is not None
        found.delete()

    assert rebuild(brand)
    assert rebuild(brand) == [], "once is enough"

    for name, tally in before.items():
        again = figures.get(brand, name)
        assert {**again.counts} == {figure: count for figure, count in tally.counts.items() if count}
        assert again.standing == tally.standing


def test_a_part_of_a_brand_is_rebuilt_by_itself(brand: str) -> None:
    tamper(brand, A, "own", 5)
    tamper(brand, B, "own", 5)

    corrected = rebuild(brand, ours=lambda name: name == A)

    assert [difference.leader_id for difference in corrected] == [A]
    assert figures.get(brand, B).counts["own"] == 75


def test_the_check_finds_nothing_wrong_where_nothing_is(brand: str) -> None:
    look(brand)
    look(brand)


@pytest.mark.parametrize(
    ("name", "figure", "amount"),
    [(A, "team", 1), (B, "team-2026-03", -7), (C, "own-2026-03-02", 1), (A, "direct-gold", 1), (D, "direct_groups", 2)],
)
def test_a_figure_tampered_with_is_found_and_named(brand: str, name: str, figure: str, amount: int) -> None:
    tamper(brand, name, figure, amount)

    with pytest.raises(FiguresDiffer, match=f"{name} {figure}: kept"):
        look(brand)


def test_the_brands_own_figures_are_checked_by_the_day(brand: str) -> None:
    shard = store.shard_of("shardId-1")
    pk, _ = figures.brand_key(brand, shard)
    tamper_key = pk.removeprefix(f"{brand}#")
    assert tamper_key == f"brand-figures#{shard}"
    record = store.get(figures.FiguresRecord, pk, "figures")
    assert record is not None
    connection().client.update_item(
        TableName=Record.Meta.table_name, Key={"pk": {"S": pk}, "sk": {"S": "figures"}},
        UpdateExpression="ADD #f :n", ExpressionAttributeNames={"#f": f"{FIGURE}sales-2026-03-02"},
        ExpressionAttributeValues={":n": {"N": "3"}},
    )  # fmt: skip

    with pytest.raises(FiguresDiffer, match="brand sales-2026-03-02: kept 10003, reckoned 10000"):
        look(brand)


def test_a_rank_that_figures_missed_is_found(brand: str) -> None:
    found = leaders.get(brand, D)
    assert found is not None
    found.update(actions=[Leader.rank.set("gold")])

    with pytest.raises(FiguresDiffer, match=f"{D} l:rank: kept owner, reckoned gold"):
        look(brand)


def test_what_is_on_its_way_in_the_stream_is_no_difference(brand: str) -> None:
    late = posted(brand, accrual("O9", D, 100, at=START))
    arrived = iter([lambda: None, lambda: roll_up(records(images(brand, late), first=900))])

    check(the_tenant(brand), now=LATER, keep_going=lambda: True, pause=lambda wait_s: next(arrived, lambda: None)())


def test_a_check_cut_short_goes_on_where_it_stood_and_comes_round_again(brand: str) -> None:
    for number in range(5, 9):
        put_leader(brand, number)  # nobody showed them to the roll-up: each is a difference
    found: list[str] = []
    for _ in range(20):
        turns = iter([True, False])
        try:
            look(brand, keep_going=lambda turns=turns: next(turns, False))
        except FiguresDiffer as differ:
            found += [name for number in range(5, 9) if (name := leader_id(number)) in str(differ)]

    assert {leader_id(number) for number in range(5, 9)} == set(found)
    assert len(found) > 4, "it has come round more than once"


@settings(max_examples=4)
@given(
    sales=st.lists(
        st.tuples(st.sampled_from([A, B, C, D]), st.integers(1, 10**6), st.integers(-20, 20), st.integers(0, 3)),
        max_size=5,
    )
)
def test_whatever_was_sold_and_given_back_the_rebuilt_figures_are_the_rolled_up_ones(
    table: None, sales: list[tuple[str, int, int, int]]
) -> None:
    tenant_id = f"t{abs(hash(repr(sales))) % 10**15:015d}"
    with acting_for(tenant_id):
        a_brand(tenant_id)
        entries: list[Entry] = []
        for number, (seller, paid, days, refunds) in enumerate(sales):
            order = accrual(f"O{number}", seller, paid, at=JOINED + timedelta(days=abs(days)))
            entries.append(order)
            for refund in range(min(refunds, paid)):
                left = paid - refund - 1 if refund < 2 else 0
                taken = paid - 2 if refund == 2 else 1
                entries.append(reversal(order, refund + 1, taken, left, order.at + timedelta(days=refund)))
        posted(tenant_id, *entries)
        roll_up(records(images(tenant_id, entries), first=100))

        assert list(differences(tenant_id, reckon(tenant_id, "Asia/Shanghai"))) == []
