"""Items stay small: what is past moves to pages, once, and nothing is lost or counted twice on the way."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import store
from chalicelib.figures import store as figures
from chalicelib.figures.store import FIGURE, FiguresRecord
from chalicelib.figures.turnover import turn_over
from chalicelib.store import Record, connection
from tests.figures.builders import START, accrual, images, leader_id, put_brand, put_leader, records, roll_up

A = leader_id(1)


@pytest.fixture
def brand(tenant: str) -> str:
    put_brand(tenant)
    put_leader(tenant, 1)
    return tenant


def sell_daily(tenant_id: str, days: int, *, first_day: int = 0) -> None:
    """One order a day, rolled up on its day."""
    for day in range(first_day, first_day + days):
        at = START + timedelta(days=day)
        roll_up(records(images(tenant_id, [accrual(f"O{day}", A, 100, at=at)]), first=day + 1), now=at)


def days_in(name: str, tenant_id: str) -> list[str]:
    pk, _ = figures.figures_key(tenant_id, A)
    found = store.get(FiguresRecord, pk, name)
    return sorted(figure for figure in figures.tally_of(found.given).counts if len(figure) == 14) if found else []


def test_past_days_move_to_the_page_of_their_month_and_the_history_keeps_all(brand: str) -> None:
    sell_daily(brand, 40)

    history = figures.history(brand, A)
    assert (
        history["own"] == sum(n for name, n in history.items() if name.startswith("own-") and len(name) == 14) == 4_000
    )
    assert len(days_in("figures", brand)) < 20
    assert days_in("month#2026-03", brand)[0] == "own-2026-03-02"


def test_months_that_no_rule_looks_at_move_too_and_those_of_the_quarter_stay(brand: str) -> None:
    for number in range(24):
        at = datetime(2026 + (number + 3) // 12, (number + 3) % 12 + 1, 15, tzinfo=UTC)
        roll_up(records(images(brand, [accrual(f"O{number}", A, 100, at=at)]), first=number + 1), now=at)

    kept = figures.get(brand, A).counts
    assert kept["own"] == 2_400
    assert {"own-2028-01", "own-2028-02", "own-2028-03"} <= kept.keys()
    assert "own-2026-04" not in kept and figures.history(brand, A)["own-2026-04"] == 100


def test_moved_twice_at_once_they_are_moved_once(brand: str) -> None:
    sell_daily(brand, 14)
    tally, before = figures.get(brand, A), figures.history(brand, A)
    later = START + timedelta(days=60)

    moved = [turn_over(brand, A, "shardId-1", tally, today="2026-05-01", now=later) for _ in range(2)]

    assert moved == [True, False]
    assert figures.history(brand, A) == before


def test_what_comes_late_for_a_past_day_is_added_to_it(brand: str) -> None:
    sell_daily(brand, 25)
    late = accrual("late", A, 11, at=START)

    roll_up(records(images(brand, [late]), first=900), now=START + timedelta(days=25))

    assert figures.history(brand, A)["own-2026-03-02"] == 111


def test_shards_that_are_past_are_forgotten_and_the_live_ones_kept(brand: str) -> None:
    for hour in range(0, 80, 4):  # a shard of the stream lives for some four hours
        at = START + timedelta(hours=hour)
        batch = records(images(brand, [accrual(f"O{hour}", A, 100, at=at)]), first=hour + 1)
        roll_up(batch, f"shardId-{hour}", now=at)

    seen = figures.get(brand, A).seen
    assert figures.seen_name("shardId-76") in seen
    assert len(seen) <= 26 // 4 + 1 + 8
    roll_up(batch, "shardId-76", now=at)
    assert figures.get(brand, A).counts["own"] == 2_000, "a retry of the last day changes nothing"


def test_a_busy_leaders_item_stays_below_two_write_units(brand: str) -> None:
    sell_daily(brand, 30)

    item = connection().client.get_item(
        TableName=Record.Meta.table_name,
        Key={"pk": {"S": f"{brand}#figures#{A}"}, "sk": {"S": "figures"}},
    )["Item"]
    from tests.bench.meter import size_of

    assert size_of(item) < 2_048
    assert f"{FIGURE}own" in item
