"""Units of an order and of a roll-up in a brand of 10 and of 100 000 leaders (depth 60), and what a month would cost.

On DynamoDB Local (needs Java and npm). Leaders are written straight into the table, made by the product's own functions
for a place in the tree; orders, commissions and roll-ups are the product's. Counted from the requests.

`BENCH_LEADERS` is the size of the large brand. The costs: `BENCH_WRITE_USD`, `BENCH_READ_USD` (a million request units)
and `BENCH_STORED_USD` (a GB and month), by default DynamoDB on demand in us-east-1 in 2026.
"""

import os
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from random import Random
from typing import Any

from infra.local.dynamodb_local import dynamodb_local

ROOT = Path(__file__).parent.parent.parent
LEADERS = int(os.environ.get("BENCH_LEADERS", "100000"))
DEPTH = 60
BATCH, SIZED = 1_000, 5_000
OF_A_LEADER = ("leader", "leader-child", "figures")
WRITE_USD = float(os.environ.get("BENCH_WRITE_USD", "0.625"))
READ_USD = float(os.environ.get("BENCH_READ_USD", "0.125"))
STORED_USD = float(os.environ.get("BENCH_STORED_USD", "0.25"))
MONTHLY_LEADERS, MONTHLY_ORDERS = 1_000_000, 10_000_000


def main() -> None:
    """Run the benchmark in a process of its own that speaks to a DynamoDB Local of its own."""
    with dynamodb_local(ROOT / ".local") as endpoint:
        environment = {**os.environ, "TEST_DYNAMODB_ENDPOINT": endpoint, "AWS_ENDPOINT_URL_DYNAMODB": endpoint}
        subprocess.run([sys.executable, "-m", "tests.bench.big_brand"], cwd=ROOT, env=environment, check=True)


def people(tenant_id: str, plan: Any, size: int, at: datetime) -> "Iterator[Any]":
    """Make the leaders of a tree of this size: a chain as deep as `DEPTH`, and everybody else somewhere below it.

    One in fifty heads a community.
    """
    from chalicelib import store
    from chalicelib.leaders import places
    from chalicelib.leaders import store as leaders
    from chalicelib.leaders.store import Leader

    chance, made = Random(size), list[Any]()
    for number in range(size):
        leader_id = f"ld_{number:010d}"
        above = None if not made else made[-1] if number < min(DEPTH, size) else chance.choice(made)
        if above is not None and len(above.path) >= DEPTH - 1 and number >= DEPTH:
            above = made[chance.randrange(1 + DEPTH // 2)]
        rank = "gold" if number == 0 or (number % 50 == 7 and number > DEPTH) else "owner"
        ranks = places.kept_ranks(plan)
        place = places.below(above, leader_id, rank) if above is not None else places.at_the_top(leader_id, rank, ranks)
        made.append(place)
        leader = Leader(
            *leaders.leader_key(tenant_id, leader_id),
            leader_id=leader_id, person_id=f"pe_{number:020d}", name=f"Leader {number}", phone=f"139{number:08d}",
            language="zh", invite_code=f"{number:016d}", **leaders.place_attributes(place),
            inviter_id=above.leader_id if above is not None else None, rank=rank, status="confirmed",
            rank_since=at, status_since=at, standing_since=at, joined_at=at, confirmed_at=at,
            bank_details=f"ICBC {number}",
        )  # fmt: skip
        leader.gsi1pk = leaders.listing_key(tenant_id, store.shard_of(leader_id))
        leader.gsi1sk = leaders.position(leader)
        yield leader
        yield leaders.child_of(tenant_id, leader)


class Newest:
    """The table's stream from now on: what was written before is nobody's news here."""

    def __init__(self) -> None:
        import boto3

        from chalicelib.store import Record

        endpoint = os.environ["TEST_DYNAMODB_ENDPOINT"]
        self._client = boto3.client("dynamodbstreams", endpoint_url=endpoint)
        table = boto3.client("dynamodb", endpoint_url=endpoint).describe_table(TableName=Record.Meta.table_name)
        arn = table["Table"]["LatestStreamArn"]
        shards = self._client.describe_stream(StreamArn=arn)["StreamDescription"]["Shards"]
        self._places = {
            shard["ShardId"]: self._client.get_shard_iterator(
                StreamArn=arn, ShardId=shard["ShardId"], ShardIteratorType="LATEST"
            )["ShardIterator"]
            for shard in shards
        }
        self.shard_id = next(iter(self._places))

    def waiting(self) -> list[dict[str, Any]]:
        """Take what has come since the last time."""
        found: list[dict[str, Any]] = []
        for shard, place in self._places.items():
            answer = self._client.get_records(ShardIterator=place)
            self._places[shard] = answer["NextShardIterator"]
            found += answer["Records"]
        return found


def show_brand(size: int) -> tuple[float, float]:
    """Print an order's and a roll-up's units in a brand of this size; gives the order's (write, read)."""
    from chalicelib.commissions import store as plans
    from chalicelib.store import Record
    from chalicelib.tenancy import acting_for
    from tests.bench.order_units import Counted, once, show, steps_of_an_order, three_earners
    from tests.conftest import StoppedClock

    brand = Counted(StoppedClock(datetime(2026, 3, 2, 8, tzinfo=UTC)))
    three_earners(brand)
    with acting_for(brand.tenant_id):
        plan = plans.in_force(brand.tenant_id, on=brand.clock()).plan
        with Record.batch_write() as batch:
            for record in people(brand.tenant_id, plan, size, brand.clock()):
                batch.save(record)
    brand._stream = Newest()
    deepest = f"ld_{min(size, DEPTH) - 1:010d}"
    offered = brand.campaign(20_000, 2_000, stock=50_000)
    brand.bought(deepest, offered)  # balances exist from here on
    brand.roll_up()
    steps = steps_of_an_order(brand, deepest, offered)
    show(f"{size} leaders, the seller at depth {min(size, DEPTH)}", steps)
    show_roll_ups(brand, size)
    return once(steps)


def show_roll_ups(brand: Any, size: int) -> None:
    """Print the writes of a roll-up of 10, 100 and `BATCH` orders of random sellers."""
    from chalicelib.figures import rollup
    from chalicelib.leaders import store as leaders
    from chalicelib.tenancy import acting_for
    from tests.bench.meter import counting

    chance, now = Random(1), brand.clock()
    for orders in (10, 100, BATCH):
        sellers = [f"ld_{chance.randrange(size):010d}" for _ in range(orders)]
        with acting_for(brand.tenant_id):
            found = {one: leaders.get(brand.tenant_id, one) for one in sellers}
        touched = {upline for one in found.values() for upline in (one.leader_id, *one.upline_ids)}
        records = [accrual_record(brand.tenant_id, f"{size}-{orders}-{n}", one, now) for n, one in enumerate(sellers)]
        with counting() as meter:
            answer = rollup.handle({"Records": records, "shardId": f"shardId-{orders}"}, now)
        assert answer["batchItemFailures"] == [], answer
        ROLL_UP_WRITES[orders] = meter.write_units / orders
        writes = meter.by_operation["UpdateItem"]
        print(
            f"  a batch of {orders:4} orders touches {len(touched):6} leaders and the brand: {writes:6} writes, "
            f"{meter.write_units:7.0f} write {meter.read_units:7.1f} read units"
        )


def accrual_record(tenant_id: str, order_id: str, seller_id: str, now: datetime) -> dict[str, Any]:
    """Give an order's accrual as the stream brings it."""
    from chalicelib.ledger.entries import Entry, postings
    from chalicelib.ledger.store import record_of

    entry = Entry(
        book=f"order#{order_id}", number=0, entry_id=f"order-{order_id}-accrual", kind="accrual", at=now,
        currency="CNY", postings=postings({"buyers": -20_000, "brand:cash": 20_000}),
        facts={
            "order": order_id,
            "plan_version": 2,
            "rewards": [],
            "sale": {
                "order_id": order_id,
                "seller": {"leader_id": seller_id, "rank": "owner", "status": "confirmed"},
                "uplines": [],
                "lines": [
                    {"sku": "rice", "qty": 1, "unit_price": 20_000, "list_price": 20_000, "paid": 20_000}
                ],
            },
        },
    )  # fmt: skip
    item = record_of(tenant_id, entry).serialize()
    place = f"{accrual_record.taken:021d}"
    accrual_record.taken += 1
    return {"eventName": "INSERT", "dynamodb": {"Keys": item, "NewImage": item, "SequenceNumber": place}}


accrual_record.taken = 1  # type: ignore[attr-defined]


def sizes_of_items() -> dict[str, int]:
    """Give the mean size in bytes of each kind of item among the first `SIZED`, the index's copy of its keys included.

    A scan goes by the hash of keys: these are any items.
    """
    import boto3

    from chalicelib.store import Record
    from tests.bench.meter import size_of

    client = boto3.client("dynamodb", endpoint_url=os.environ["TEST_DYNAMODB_ENDPOINT"])
    sizes: dict[str, list[int]] = {}
    for page in client.get_paginator("scan").paginate(
        TableName=Record.Meta.table_name, PaginationConfig={"MaxItems": SIZED}
    ):
        for item in page["Items"]:
            keys = {name: item[name] for name in ("pk", "sk", "gsi1pk", "gsi1sk") if "gsi1pk" in item}
            sizes.setdefault(item["kind"]["S"], []).append(size_of(item) + (100 + size_of(keys) if keys else 0) + 100)
    return {kind: sum(found) // len(found) for kind, found in sizes.items()}


def show_costs(write: float, read: float, sizes: dict[str, int], roll_up_writes: float) -> None:
    """Print what a month of a large brand costs on demand."""
    orders, gb = MONTHLY_ORDERS / 1e6, 1e9
    a_leader = sum(sizes.get(kind, 0) for kind in OF_A_LEADER)
    an_order = sum(sizes.get(kind, 0) for kind in ("order", "entry", "due", "due-day", "stripe-event"))
    an_order += 3 * sizes.get("line", 0)
    rows = {
        f"orders: {write:.1f} write, {read:.1f} read units each": orders * (write * WRITE_USD + read * READ_USD),
        f"roll-ups: {roll_up_writes:.1f} write units an order": orders * roll_up_writes * WRITE_USD,
        f"stored, leaders of {a_leader} bytes": MONTHLY_LEADERS * a_leader / gb * STORED_USD,
        f"stored, a month's orders of {an_order} bytes": MONTHLY_ORDERS * an_order / gb * STORED_USD,
    }
    print(
        f"\n{MONTHLY_LEADERS:,} leaders and {MONTHLY_ORDERS:,} orders a month, at {WRITE_USD} USD a million write and "
        f"{READ_USD} USD a million read units, {STORED_USD} USD a GB and month:"
    )
    for name, usd in rows.items():
        print(f"  {name:<58} {usd:10,.2f} USD")
    print(f"  {'in all':<58} {sum(rows.values()):10,.2f} USD")


def run() -> None:
    """Measure both brands on the engine that `main` started."""
    from tests.conftest import create_table

    create_table(os.environ["TEST_DYNAMODB_ENDPOINT"])
    show_brand(10)
    sizes = sizes_of_items()  # of an order's items: later there are too many others around them
    write, read = show_brand(LEADERS)
    sizes |= {kind: size for kind, size in sizes_of_items().items() if kind in OF_A_LEADER}
    show_costs(write, read, sizes, ROLL_UP_WRITES[BATCH])


ROLL_UP_WRITES: dict[int, float] = {}

if __name__ == "__main__":
    run()
