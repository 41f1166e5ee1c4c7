"""A board that closes is what a plain sum of the week's entries gives, however they came and however it was cut."""

from collections import Counter
from datetime import date, timedelta
from random import Random
from uuid import uuid4
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib import store
from chalicelib.boards import actions, gathering
from chalicelib.boards import store as boards
from chalicelib.boards.rules import MARGIN, circle_size, ends_at
from chalicelib.boards.store import BoardPage, BoardSettings
from chalicelib.tenancy import acting_for
from chalicelib.tenants import store as tenants
from tests.figures.builders import START, accrual, images, leader_id, put_brand, put_leader, records, reversal, roll_up

LEADERS = 7
BOARD = "sales-2026-W10"
OVER = ends_at("2026-W10", "Asia/Shanghai")

SALES = st.lists(  # (seller, amount, hours after Monday 16:00, refunded part in tenths, hours until then)
    st.tuples(st.integers(1, LEADERS), st.integers(1, 6), st.integers(0, 200), st.integers(0, 10), st.integers(1, 150)),
    max_size=14,
)


def told(tenant_id, sales):
    """The entries in the order of time, as the stream has them."""
    entries = []
    for number, (seller, amount, hours, tenths, later) in enumerate(sales):
        paid = accrual(f"O{number}", leader_id(seller), amount * 100, START + timedelta(hours=hours))
        entries.append(paid)
        if tenths:
            taken = amount * 10 * tenths
            entries.append(reversal(paid, 1, taken, amount * 100 - taken, paid.at + timedelta(hours=later)))
    return sorted(entries, key=lambda entry: (entry.at, entry.number))


def plain_sum(entries):
    """What each sold in the week, refunds of the week taken off."""
    sums = Counter()
    for entry in entries:
        day = entry.at.astimezone(ZoneInfo("Asia/Shanghai")).date()
        if day.isocalendar()[:2] == date(2026, 3, 2).isocalendar()[:2]:
            seller = entry.facts.get("seller") or entry.facts["sale"]["seller"]["leader_id"]
            sums[seller] += next(one.amount_minor for one in entry.postings if one.account == "brand:cash")
    return {leader: score for leader, score in sums.items() if score > 0}


def kept(tenant_id):
    pages = store.query(BoardPage, boards.board_key(tenant_id, BOARD))
    return [item.to_dynamodb_dict() for item in (*pages, boards.get(tenant_id, BOARD))]


@pytest.fixture
def small_pages(monkeypatch):
    monkeypatch.setattr(gathering, "AT_A_TIME", 2)
    monkeypatch.setattr(boards, "PAGE", 3)


@settings(max_examples=4)
@given(sales=SALES, seed=st.integers(0, 10**6))
def test_a_closed_board_is_the_plain_sum_of_its_week_and_never_changes(table, small_pages, sales, seed):
    chance = Random(seed)
    tenant_id = "t" + uuid4().hex[:15]
    with acting_for(tenant_id):
        put_brand(tenant_id, "simple_referral")
        for number in range(1, LEADERS + 1):
            roll_up(
                records(images(tenant_id, [(None, put_leader(tenant_id, number))]), first=number), "shardId-leaders"
            )
        brand = tenants.get(tenant_id)
        store.put(BoardSettings(boards.boards_key(tenant_id), "settings", kinds="sales-week"))
        entries = told(tenant_id, sales)
        in_time = [entry for entry in entries if entry.at < OVER + MARGIN]
        deliver(records(images(tenant_id, entries)), len(in_time), chance)

        at = OVER + MARGIN
        while (head := boards.find(tenant_id, BOARD)) is None or head.closed_at is None:
            steps = iter(range(chance.randint(0, 12)))
            actions.keep_up(brand, now=at, keep_going=lambda steps=steps: next(steps, None) is not None)
            at += timedelta(minutes=5)
        rows = boards.rows(tenant_id, head, 1, 100)
        assert {row.leader_id: row.score for row in rows} == plain_sum(entries)
        assert [row.score for row in rows] == sorted((row.score for row in rows), reverse=True)
        assert (head.confirmed, head.in_circle) == (LEADERS, min(circle_size(LEADERS), len(rows)))
        assert [boards.row_of(tenant_id, head, row.leader_id) for row in rows] == rows

        before = kept(tenant_id)
        deliver(records(images(tenant_id, entries)), len(entries), chance)
        actions.keep_up(brand, now=at + timedelta(days=3))
        assert kept(tenant_id) == before


def deliver(told_records, count, chance):
    """Bring the first so many, in batches cut anywhere, some of them twice."""
    start = 0
    while start < count:
        end = chance.randint(start + 1, count)
        for _ in range(chance.choice([1, 1, 2])):
            roll_up(told_records[start:end])
        start = chance.choice([end, end, max(start, end - 1)]) if end < count else end
