"""Figures are what a plain sum over all entries gives, whatever the stream does on the way."""

import itertools
import threading
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.figures import rollup
from chalicelib.figures import store as figures
from chalicelib.figures.business import product_name
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.ledger.store import EntryRecord, entry_of
from chalicelib.settlement.days import local_day
from chalicelib.store import connection
from chalicelib.tenancy import acting_for
from tests.bench.meter import counting
from tests.figures.builders import (
    START,
    Raw,
    a_leader,
    accrual,
    images,
    leader_id,
    put_brand,
    put_leader,
    read_back,
    records,
    reversal,
    roll_up,
)

A, B, C, D = (leader_id(number) for number in range(1, 5))


@pytest.fixture
def brand(tenant: str) -> str:
    return a_brand(tenant)


def sales_of(tenant_id: str, name: str) -> tuple[int, int]:
    counts = figures.get(tenant_id, name).counts
    return counts["own"], counts["team"]


def test_a_sale_counts_for_its_seller_and_for_everybody_above(brand: str) -> None:
    roll_up(records(images(brand, [accrual("O1", C, 10_000)])))

    assert sales_of(brand, C) == (10_000, 10_000)
    assert sales_of(brand, B) == sales_of(brand, A) == (0, 10_000)
    assert sales_of(brand, D) == (0, 0)
    assert figures.get(brand, B).counts["direct_own"] == 10_000
    assert figures.brand_figures(brand)["sales-2026-03"] == 10_000
    assert figures.brand_figures(brand)["paid_orders-2026-03"] == 1


def test_a_refund_comes_off_in_the_month_of_the_refund(brand: str) -> None:
    paid = accrual("O1", C, 10_000)
    refund = reversal(paid, 1, 4_000, 6_000, START + timedelta(days=40))

    roll_up(records(images(brand, [paid, refund])))

    counts = figures.get(brand, A).counts
    assert (counts["team"], counts["team-2026-03"], counts["team-2026-04"]) == (6_000, 10_000, -4_000)
    assert counts["team-2026-03-02"] == 10_000


def test_the_months_end_is_that_of_the_brands_zone(brand: str) -> None:
    midnight_in_shanghai = START.replace(month=3, day=31, hour=16)

    roll_up(records(images(brand, [
        accrual("O1", C, 100, at=midnight_in_shanghai - timedelta(microseconds=1)),
        accrual("O2", C, 10, at=midnight_in_shanghai),
    ])))  # fmt: skip

    counts = figures.get(brand, C).counts
    assert (counts["own-2026-03"], counts["own-2026-04"]) == (100, 10)


def test_an_order_of_nothing_counts_nowhere(brand: str) -> None:
    roll_up(records(images(brand, [accrual("O1", C, 0)])))

    assert figures.get(brand, C).counts == Counter()


def test_one_write_for_each_leader_touched_whatever_the_number_of_orders(brand: str) -> None:
    batch = records(images(brand, [accrual(f"O{n}", C, 100) for n in range(100)]))

    with counting() as meter:
        roll_up(batch)

    assert meter.by_operation["UpdateItem"] == 5  # C, B, A, the product, and the brand
    assert sales_of(brand, A) == (0, 10_000)


def test_the_root_of_a_large_tree_is_written_once_a_batch(tenant: str) -> None:
    put_brand(tenant)
    put_leader(tenant, 1)
    with Leader.batch_write() as batch:
        for number in range(2, 1_102):
            batch.save(a_leader(tenant, number, [1]))
    orders = [accrual(f"O{number}", leader_id(number), 100) for number in (*range(2, 52), *range(2, 52))]
    writes: Counter[str] = Counter()

    def note(params: Raw, **_: object) -> None:
        writes[params["Key"]["pk"]["S"]] += 1

    events = connection().client.meta.events
    events.register("provide-client-params.dynamodb.UpdateItem", note)
    try:
        roll_up(records(images(tenant, orders)))
    finally:
        events.unregister("provide-client-params.dynamodb.UpdateItem", note)

    assert writes[f"{tenant}#figures#{A}"] == 1
    assert writes.total() == 53, "one for each of the sellers, the root, the product, and the brand"
    assert sales_of(tenant, A) == (0, 10_000)


def test_a_record_that_cannot_be_taken_in_holds_up_nothing_before_it_and_no_other_brand(table: None) -> None:
    mine, other = "t0000000000000m1", "t0000000000000m2"
    batch: list[Raw] = []
    for tenant_id in (mine, other):
        with acting_for(tenant_id):
            a_brand(tenant_id)
        entries = [accrual("O1", C, 100), accrual("O2", "ld_nobody000", 100), accrual("O3", C, 100)]
        batch += records(images(tenant_id, entries if tenant_id == mine else entries[::2]), first=len(batch) + 1)

    answer = rollup.handle({"Records": batch, "shardId": "shardId-1", "state": {"records": 7}}, START)

    assert answer["batchItemFailures"] == [{"itemIdentifier": batch[1]["dynamodb"]["SequenceNumber"]}]
    assert answer["state"] == {"records": 12}
    for tenant_id, sold in ((mine, 100), (other, 200)):
        with acting_for(tenant_id):
            assert sales_of(tenant_id, C) == (sold, sold)


def test_two_brands_at_once_in_one_process_never_touch_each_other(table: None) -> None:
    brands = [f"t0000000000000n{number}" for number in range(4)]
    batches = {}
    for number, tenant_id in enumerate(brands):
        with acting_for(tenant_id):
            a_brand(tenant_id)
        orders = [accrual(f"O{order}", C, number + 1) for order in range(20)]
        batches[tenant_id] = records(images(tenant_id, orders))
    all_ready = threading.Barrier(len(brands))

    def at_once(tenant_id: str) -> None:
        all_ready.wait()
        roll_up(batches[tenant_id], f"shardId-{tenant_id}")

    with ThreadPoolExecutor(len(brands)) as pool:
        list(pool.map(at_once, brands))

    for number, tenant_id in enumerate(brands):
        with acting_for(tenant_id):
            assert sales_of(tenant_id, A) == (0, 20 * (number + 1))


def test_rolling_up_and_rising_ask_no_index(brand: str) -> None:
    asked: list[str] = []

    def note(params: Raw, **_: object) -> None:
        asked.append(str(params.get("IndexName")))

    rise = put_leader(brand, 5, [1])
    joined = [(None, put_leader(brand, number, [5, 1])) for number in range(6, 16)]
    events = connection().client.meta.events
    events.register("provide-client-params.dynamodb.Query", note)
    try:
        orders = [accrual("O1", rise.leader_id, 1_000_000)]
        roll_up(records(images(brand, [(None, rise), *joined, *orders])))
    finally:
        events.unregister("provide-client-params.dynamodb.Query", note)

    found = leaders.get(brand, rise.leader_id)
    assert found is not None and found.rank == "gold", "ten direct leaders and 10 000.00"
    assert set(asked) == {"None"}


def test_the_last_call_of_a_window_has_no_records_and_needs_none() -> None:
    event = {"Records": [], "shardId": "shardId-1", "state": {"records": 3}, "isFinalInvokeForWindow": True}

    assert rollup.handle(event, START) == {"state": {"records": 3}, "batchItemFailures": []}


# ------------------------------------------------------------------------------------------- what a stream may do


class Killed(BaseException):
    """The function died."""


def killed_roll_up(batch: list[Raw], shard_id: str, after_writes: int) -> None:
    """Hand a batch to a function that dies after so many writes, or does it all but never answers."""
    left = itertools.count(after_writes, -1)

    def die(**_: object) -> None:
        if next(left) == 0:
            raise Killed

    events = connection().client.meta.events
    events.register("before-call.dynamodb.UpdateItem", die)
    try:
        with suppress(Killed):
            roll_up(batch, shard_id)
    finally:
        events.unregister("before-call.dynamodb.UpdateItem", die)


def a_brand(tenant_id: str) -> str:
    """A invited B, who invited C; D stands alone."""
    put_brand(tenant_id)
    put_leader(tenant_id, 1)
    put_leader(tenant_id, 2, [1])
    put_leader(tenant_id, 3, [2, 1])
    put_leader(tenant_id, 4)
    return tenant_id


def assert_equal(tenant_id: str, sums: dict[str, Counter[str]]) -> None:
    """The figures kept are these sums; a figure that came to 0 may be there or not."""
    found = {name: figures.get(tenant_id, name).counts for name in (A, B, C, D)}
    found["brand"] = figures.brand_history(tenant_id)
    found["apple"] = figures.history(tenant_id, product_name("apple"))
    assert {name: without_zeros(counts) for name, counts in found.items()} == {
        name: without_zeros(counts) for name, counts in sums.items()
    }


def without_zeros(counts: Counter[str]) -> dict[str, int]:
    return {name: amount for name, amount in counts.items() if amount}


_brands = itertools.count(1)


def shards(tenant_id: str, count: int) -> dict[str, list[Raw]]:
    """Sixteen orders and some refunds by B, C and D, over some shards; an order's entries are all in one."""
    found: dict[str, list[Raw]] = {}
    for shard in range(count):
        entries = []
        for number in range(shard, 16, count):
            paid = accrual(f"O{number}", (B, C, D)[number % 3], 100 + number, START + timedelta(hours=20 * number))
            entries.append(paid)
            if number % 4 == 0:
                entries.append(reversal(paid, 1, 50, 50 + number, paid.at + timedelta(days=3)))
            if number % 8 == 0:
                entries.append(reversal(paid, 2, 50 + number, 0, paid.at + timedelta(days=9)))
        found[f"shardId-{shard}"] = records(images(tenant_id, entries))
    return found


def expected(tenant_id: str, by_shard: dict[str, list[Raw]]) -> dict[str, Counter[str]]:
    """Add it all up plainly, as often as each record exists: once."""
    paths = {B: (A,), C: (B, A), D: ()}
    total: dict[str, Counter[str]] = {name: Counter() for name in (A, B, C, D, "brand", "apple")}
    for record in (record for batch in by_shard.values() for record in batch):
        read = read_back(record["dynamodb"]["NewImage"])
        assert isinstance(read, EntryRecord)
        entry = entry_of(read)
        paid = entry.kind == "accrual"
        seller = entry.facts["sale"]["seller"]["leader_id"] if paid else entry.facts["seller"]
        amount = entry.facts["sale"]["lines"][0]["paid"] if paid else -entry.facts["taken"]["apple"]
        day = local_day(entry.at, "Asia/Shanghai")
        for name in (seller, *paths[seller]):
            total[name].update({"team": amount, f"team-{day[:7]}": amount, f"team-{day}": amount})
        total[seller].update({"own": amount, f"own-{day[:7]}": amount, f"own-{day}": amount})
        if paths[seller]:
            total[paths[seller][0]]["direct_own"] += amount
        total["brand"].update({"sales": amount, f"sales-{day[:7]}": amount, f"sales-{day}": amount})
        total["brand"].update(
            {f"paid_in-{day}": amount, f"orders-{day}": 1} if paid else {f"given_back-{day}": -amount}
        )
        total["apple"].update({f"sales-{day[:7]}": amount, f"units-{day[:7]}": int(paid)})
        orders = 1 if paid else 0 if entry.facts["left_minor"] else -1
        total["brand"][f"paid_orders-{day[:7]}"] += orders
    return total


Step = tuple[int, int, int, int | None]
"""Which shard goes on, from how far back, how far beyond what it had, and after how many writes the function dies."""
steps = st.lists(
    st.tuples(st.integers(0, 2), st.integers(0, 20), st.integers(0, 9), st.none() | st.integers(0, 4)), max_size=8
)


@settings(max_examples=8)
@given(shard_count=st.integers(1, 3), story=steps)
def test_duplicated_split_retried_and_interleaved_batches_add_up_to_a_plain_sum(
    table: None, shard_count: int, story: list[Step]
) -> None:
    tenant_id = f"t{next(_brands):015d}"  # each example in a brand of its own
    with acting_for(tenant_id):
        a_brand(tenant_id)
        by_shard = shards(tenant_id, shard_count)
        ends = dict.fromkeys(by_shard, 0)
        for which, back, further, killed_after in story:
            name = list(by_shard)[which % shard_count]
            batch = by_shard[name][max(0, ends[name] - back) : ends[name] + further]
            if killed_after is not None:
                killed_roll_up(batch, name, killed_after)
            else:
                roll_up(batch, name)
                ends[name] += further
        for name, batch in by_shard.items():
            roll_up(batch[ends[name] :], name)

        assert_equal(tenant_id, expected(tenant_id, by_shard))
