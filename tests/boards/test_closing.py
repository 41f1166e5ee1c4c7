"""Boards while they are open, when they close, and ever after."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib import store
from chalicelib.boards import actions, gathering
from chalicelib.boards import store as boards
from chalicelib.boards.gathering import Look
from chalicelib.boards.store import BoardPage
from chalicelib.events import schedules
from chalicelib.leaders import standing
from chalicelib.tenancy import acting_for
from tests.events.world import Brand

WEEK_OVER = datetime(2026, 3, 8, 16, tzinfo=UTC)  # Monday the 9th, 0:00 in Shanghai
ALL = ("sales-week", "customers-week", "new_leaders-week", "sales-month", "customers-month", "new_leaders-month")


class Race(Brand):
    """A brand with all boards, whose leaders sell."""

    def __init__(self, clock):
        super().__init__(clock, preset="simple_referral")
        self.customers = 0
        with acting_for(self.tenant_id):
            actions.choose(self.tenant, ALL, now=clock())
        self.offered, self.open_until = None, clock()

    def sells(self, leader_id, times=1):
        for _ in range(times):
            if self.clock() >= self.open_until:
                self.offered, self.open_until = self.campaign(1_000, 1_000, stock=20), self.clock() + timedelta(days=2)
            self.customers += 1
            order = self.bought(leader_id, self.offered, phone=f"138{self.customers:08d}")
        return order

    def tick(self, at, keep_going=lambda: True):
        with acting_for(self.tenant_id):
            actions.keep_up(self.tenant, now=at, keep_going=keep_going)

    def shown(self, board_id="sales-2026-W10"):
        with acting_for(self.tenant_id):
            head = boards.get(self.tenant_id, board_id)
            rows = boards.rows(self.tenant_id, head, 1, 1_000)
        return [(row.leader_id, row.score) for row in rows], head


@pytest.fixture
def race(table, clock):
    return Race(clock)


def kept(race, board_id="sales-2026-W10"):
    """All that the table has of a board."""
    with acting_for(race.tenant_id):
        pages = store.query(BoardPage, boards.board_key(race.tenant_id, board_id))
        items = [*pages, boards.get(race.tenant_id, board_id)]
    return [item.to_dynamodb_dict() for item in items]


def test_an_open_board_shows_how_it_stands_and_follows_at_most_every_few_minutes(race, clock):
    a, b = race.leader("A"), race.leader("B")
    race.sells(a)
    race.tick(clock())
    assert race.shown()[0] == [(a, 1_000)]
    race.sells(b, 2)
    race.tick(clock())
    assert race.shown()[0] == [(a, 1_000)]
    race.tick(clock.advance(minutes=5))
    rows, head = race.shown()
    assert rows == [(b, 2_000), (a, 1_000)]
    assert (head.placed, head.confirmed, head.in_circle, head.circle_score, head.closed_at) == (2, 2, 1, 2_000, None)
    assert race.shown("customers-2026-03")[0] == [(b, 2), (a, 1)]


def test_a_board_closes_once_an_hour_after_its_week_and_a_refund_later_changes_nothing(race, clock):
    a, b = race.leader("A"), race.leader("B")
    order = race.sells(a, 2)
    race.sells(b)
    race.tick(WEEK_OVER + timedelta(minutes=59))
    with acting_for(race.tenant_id):
        assert boards.find(race.tenant_id, "sales-2026-W10") is None  # the tick showed the next week already
    race.tick(WEEK_OVER + timedelta(minutes=60))
    closed = race.shown()
    assert closed[0] == [(a, 2_000), (b, 1_000)]
    assert closed[1].closed_at == WEEK_OVER + timedelta(minutes=60)

    clock.now = WEEK_OVER + timedelta(hours=2)
    race.refunds(order, 1_000)
    race.tick(clock.advance(hours=1))
    with acting_for(race.tenant_id):
        actions._close(race.tenant, ("sales",), "2026-W10", clock(), lambda: True)
    assert race.shown()[0] == closed[0]
    assert race.shown()[1].closed_at == closed[1].closed_at
    assert (a, -1_000) not in race.shown("sales-2026-W11")[0]


def test_a_refund_within_the_week_counts(race, clock):
    a, b = race.leader("A"), race.leader("B")
    order = race.sells(a, 2)
    race.sells(b)
    clock.advance(days=2)
    race.refunds(order, 1_000)
    race.refunds(race.sells(b), 1_000)
    race.tick(WEEK_OVER + timedelta(hours=1))
    assert sorted(race.shown()[0]) == sorted([(a, 1_000), (b, 1_000)])
    assert race.shown()[0][0][0] == a  # both sold as much and brought one customer: who joined earlier


def test_days_late_and_with_days_archived_a_board_closes_the_same(race, clock):
    a = race.leader("A")
    race.sells(a)
    late = clock.advance(days=1)
    for _ in range(20):  # twenty days on which A sells: the first ones are archived by then
        clock.now = late = late + timedelta(days=1)
        race.sells(a)
    race.tick(late)
    sold = {f"sales-2026-W{week}": race.shown(f"sales-2026-W{week}")[0] for week in (10, 11, 12)}
    assert sold == {"sales-2026-W10": [(a, 6_000)], "sales-2026-W11": [(a, 7_000)], "sales-2026-W12": [(a, 7_000)]}


def test_only_who_was_confirmed_when_the_week_ended_is_placed(race, clock):
    a, b = race.leader("A"), race.leader("B")
    race.sells(a)
    race.sells(b)
    clock.now = WEEK_OVER + timedelta(minutes=5)
    late = race.leader("C")
    with acting_for(race.tenant_id):
        standing.freeze(race.tenant_id, a, by="owner", reason="a complaint", now=clock())
    race.pump()
    race.tick(WEEK_OVER + timedelta(hours=1))
    rows, head = race.shown()
    assert {leader_id for leader_id, _ in rows} == {a, b}
    assert head.confirmed == 2
    assert late not in dict(rows)


def test_closing_goes_on_where_it_was_cut(race, clock, monkeypatch):
    names = [race.leader(f"L{number}") for number in range(9)]
    race.pump()
    for number, name in enumerate(names[:5], start=1):
        race.sells(name, number)
    monkeypatch.setattr(gathering, "AT_A_TIME", 2)
    monkeypatch.setattr(Look, "__init__", _small_chunks(Look.__init__))
    ticks = 0
    while True:
        some = iter([True, True, False])
        race.tick(WEEK_OVER + timedelta(hours=1, minutes=ticks), keep_going=lambda some=some: next(some, False))
        ticks += 1
        with acting_for(race.tenant_id):
            head = boards.find(race.tenant_id, "sales-2026-W10")
        if head is not None and head.closed_at is not None:
            break
    assert ticks > 2
    assert race.shown()[0] == [(name, 1_000 * number) for number, name in reversed(list(enumerate(names[:5], start=1)))]
    assert head.confirmed == 9


def _small_chunks(made):
    def init(self, *given, **named):
        made(self, *given, **named, pages_a_chunk=1)

    return init


def test_two_that_close_at_once_leave_one_board(race, clock):
    a = race.leader("A")
    race.sells(a)
    at = WEEK_OVER + timedelta(hours=1)
    seconds = iter([True])

    def another_comes_in_between():
        if next(seconds, False):
            race.tick(at)
        return True

    race.tick(at + timedelta(seconds=1), keep_going=another_comes_in_between)
    rows, head = race.shown()
    assert rows == [(a, 1_000)]
    assert head.closed_at == at
    before = kept(race)
    race.tick(at + timedelta(seconds=2))
    race.tick(at + timedelta(seconds=2))
    assert kept(race) == before


def test_an_event_that_comes_after_the_closing_changes_nothing(race, clock):
    a = race.leader("A")
    race.sells(a)
    stuck = race.order(a, race.offered, phone="13912341234")
    race.pays(stuck)  # paid within the week; the stream stands still
    race.tick(WEEK_OVER + timedelta(hours=1))
    race.pump()
    race.tick(WEEK_OVER + timedelta(hours=2))
    assert race.shown()[0] == [(a, 1_000)]
    assert race.shown("sales-2026-03")[0] == [(a, 2_000)]  # the month is open still


def test_boards_chosen_later_begin_with_the_running_week_and_others_stop(race, clock):
    with acting_for(race.tenant_id):
        actions.choose(race.tenant, [], now=clock())
    race.sells(race.leader("A"))
    clock.now = WEEK_OVER + timedelta(days=1)
    race.tick(clock())
    with acting_for(race.tenant_id):
        assert boards.newest(race.tenant_id, limit=10) == []
        actions.choose(race.tenant, ["sales-week"], now=clock())
    race.tick(clock.advance(days=7))
    with acting_for(race.tenant_id):
        assert [head.board_id for head in boards.newest(race.tenant_id, limit=10)] == [
            "sales-2026-W12",
            "sales-2026-W11",
        ]
        with pytest.raises(actions.BoardKindUnknown):
            actions.choose(race.tenant, ["luck-week"], now=clock())


def test_a_leaders_place_is_found_among_many(tenant, clock):
    from chalicelib.boards.rules import Entrant, ranked
    from chalicelib.boards.store import BoardHead

    entrants = [Entrant(f"ld_{number:05d}", "2026", 10 * number + 1, 0, 0) for number in range(1_234)]
    rows = ranked(entrants, "sales")
    head = BoardHead(
        *boards.head_key(tenant, "sales-2026-W10"), board_id="sales-2026-W10", placed=len(rows), confirmed=2_000,
        in_circle=200, circle_score=rows[199].score, as_of=clock(),
    )  # fmt: skip
    assert boards.write(tenant, head, rows, now=clock())
    kept = boards.get(tenant, "sales-2026-W10")
    for row in (rows[0], rows[499], rows[500], rows[-1]):
        assert boards.row_of(tenant, kept, row.leader_id) == row
    assert boards.row_of(tenant, kept, "ld_99999") is None
    assert boards.row_of(tenant, kept, "a") is None
    assert boards.rows(tenant, kept, 498, 503) == rows[497:503]
    assert boards.rows(tenant, kept, 1_230, 9_999) == rows[1_229:]


def test_the_schedule_closes_what_is_over_and_goes_on_with_prizes(race, clock):
    a = race.leader("A")
    race.sells(a)
    clock.now = WEEK_OVER + timedelta(hours=1)
    schedules.sweep(clock() - timedelta(hours=3), race.tools, lambda: True)  # a tick that came late
    assert race.shown()[0] == [(a, 1_000)]
    assert race.shown()[1].closed_at == clock()
