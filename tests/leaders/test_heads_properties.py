"""Whatever happens to a tree, and however far the sweeps have come: who an order needs is found as on the full path.

The test keeps a book of its own on who was where, with which rank, since when, and walks that book step by step.
"""

import os
import random
from datetime import datetime, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from moto import mock_aws
from msgspec.structs import replace

from chalicelib import store
from chalicelib.commissions import presets
from chalicelib.commissions import store as plans
from chalicelib.commissions.rules.sale import Standing, needed_uplines
from chalicelib.errors import Conflict
from chalicelib.leaders import actions, heads, moves, places, sweep_jobs, sweeping, tree
from chalicelib.leaders import store as leaders
from chalicelib.leaders.rules import new_code, new_leader_id
from chalicelib.leaders.store import Leader
from chalicelib.tenancy import acting_for
from tests.builders import a_profile
from tests.conftest import StoppedClock, create_table

START = datetime.fromisoformat("2026-03-02T08:00:00+00:00")
TENANT = "t0000000village1"

THREE_RANKS = presets.load("breakaway")
FOUR_RANKS = replace(
    THREE_RANKS,
    ranks=(THREE_RANKS.ranks[0], replace(THREE_RANKS.ranks[0], id="silver"), *THREE_RANKS.ranks[1:]),
)
PLANS = (THREE_RANKS, FOUR_RANKS)


class Killed(Exception):
    """The machine was switched off in the middle of a sweep."""


class History:
    """What was when: values with the moment since which they hold, oldest first."""

    def __init__(self, at: datetime, value: object) -> None:
        self.since = [(at, value)]

    def becomes(self, value: object, at: datetime) -> None:
        self.since.append((at, value))

    def at(self, moment: datetime) -> object:
        return [value for since, value in self.since if since <= moment][-1]


class Village:
    """Leaders who are told by numbers what to do, and the test's own book on them."""

    def __init__(self) -> None:
        self.clock = StoppedClock(START)
        self.randbits = random.Random(7).getrandbits
        self.ids: list[str] = []
        self.inviter: dict[str, History] = {}
        self.rank: dict[str, History] = {}
        self.frozen: dict[str, History] = {}
        self.ranks_kept = places.kept_ranks(THREE_RANKS)
        store.put(plans.first_version(TENANT, "breakaway", START - timedelta(days=1)))

    def leader(self, number: int) -> Leader:
        return actions.get(TENANT, self.ids[number % len(self.ids)])

    # -------------------------------------------------------------------------------------------- what can happen

    def join(self, under: int, _: int) -> None:
        leader_id, now = new_leader_id(self.randbits), self.clock()
        above = (
            self.leader(-1 - max(0, under % 7 - 3)) if self.ids and under else None
        )  # mostly below a late one: deep trees
        if above:
            place = places.below(above.place, leader_id, "owner")
        else:
            place = places.at_the_top(leader_id, "owner", self.ranks_kept)
        leader = a_profile(
            TENANT, leader_id, now, inviter_id=above.leader_id if above else None, invite_code=new_code(self.randbits),
            **leaders.place_attributes(place),
        )  # fmt: skip
        store.put(leader)
        store.put(leaders.child_of(TENANT, leader))
        self.ids.append(leader_id)
        self.inviter[leader_id] = History(now, leader.inviter_id)
        self.rank[leader_id] = History(now, "owner")
        self.frozen[leader_id] = History(now, False)

    def set_rank(self, who: int, rank: int) -> None:
        rank_id = THREE_RANKS.ranks[rank % 3].id
        one = actions.set_rank(TENANT, self.leader(who).leader_id, rank_id, by="b", reason="", now=self.clock())
        self.rank[one.leader_id].becomes(rank_id, one.rank_since)

    def freeze_or_not(self, who: int, frozen: int) -> None:
        change = actions.freeze if frozen % 2 else actions.unfreeze
        one = change(TENANT, self.leader(who).leader_id, by="b", reason="", now=self.clock())
        self.frozen[one.leader_id].becomes(one.frozen, one.standing_since)

    def move(self, who: int, where: int) -> None:
        mover, below = self.leader(who).leader_id, self.leader(where).leader_id
        circle = mover == below or mover in self.path(below, self.clock.now + timedelta(days=1))
        try:
            one = moves.move(TENANT, mover, below, by="b", reason="", now=self.clock())
        except Conflict:  # a frozen inviter, or a circle
            return
        assert not circle
        if one.moved_at:
            self.inviter[mover].becomes(below, one.moved_at)

    def time_passes(self, seconds: int, _: int) -> None:
        self.clock.advance(seconds=seconds * 10)

    def sweep(self, pages: int, _: int) -> None:
        sweeping.sweep(TENANT, now=self.clock(), keep_going=sweeping.at_most(pages))

    def sweep_killed(self, pages: int, _: int) -> None:
        left = iter(range(pages))

        def killed() -> bool:
            if next(left, None) is None:
                raise Killed
            return True

        try:
            sweeping.sweep(TENANT, now=self.clock(), keep_going=killed)
        except Killed:
            return

    def come_to_rest(self, _: int, __: int) -> None:
        for _ in range(2):
            assert sweeping.sweep(TENANT, now=self.clock())
            self.clock.advance(minutes=3)

    def other_ranks(self, plan: int, _: int) -> None:
        self.ranks_kept = places.kept_ranks(PLANS[plan % 2])
        sweeping.keep_heads_by(TENANT, self.ranks_kept, now=self.clock())

    # -------------------------------------------------------------------------------------------- what must hold

    def path(self, leader_id: str, at: datetime) -> list[str]:
        above = self.inviter[leader_id].at(at)
        return [above, *self.path(above, at)] if above else []

    def uplines(self, leader_id: str, at: datetime) -> list[Standing]:
        return [
            Standing(one, self.rank[one].at(at), "frozen" if self.frozen[one].at(at) else "confirmed")
            for one in self.path(leader_id, at)
        ]

    def check(self, who: int, before: int) -> None:
        leader = self.leader(who)
        moments = sorted(since for book in (self.inviter, self.rank, self.frozen) for one in book.values()
                         for since, _ in one.since)  # fmt: skip
        some_time_ago = before % len(moments) if before > 40 else before % 5 // 2
        at = max(moments[-1 - some_time_ago] - timedelta(microseconds=before % 2), leader.joined_at)
        full = self.uplines(leader.leader_id, at)

        assert list(tree.path_at(TENANT, leader, at)) == [one.leader_id for one in full]
        for plan in PLANS:
            seller = Standing(leader.leader_id, "owner", "confirmed")
            assert heads.needed(TENANT, plan, leader, at) == needed_uplines(plan, seller, full)

    def check_at_rest(self) -> None:
        """When all is swept and a while has passed, a few reads are enough for everybody."""
        self.come_to_rest(0, 0)
        assert tree.at_rest(TENANT)
        assert sweep_jobs.first(TENANT) is None
        for leader_id in self.ids:
            leader = actions.get(TENANT, leader_id)
            assert list(leader.upline_ids) == self.path(leader_id, self.clock())
            assert not any(leader.marked(r) for r in range(4))
            assert not leader.behind


NUMBER = st.integers(0, 60)
STEPS = {
    "join": Village.join,
    "set_rank": Village.set_rank,
    "freeze": Village.freeze_or_not,
    "move": Village.move,
    "time": Village.time_passes,
    "sweep": Village.sweep,
    "killed": Village.sweep_killed,
    "rest": Village.come_to_rest,
    "ranks": Village.other_ranks,
}
STEP = st.tuples(
    st.sampled_from(
        ["join", "set_rank", "set_rank", "freeze", "move", "move", "time", "sweep", "sweep", "killed", "rest", "ranks"]
    ),
    NUMBER,
    NUMBER,
)


HEADS_EXAMPLES = int(os.environ.get("HEADS_EXAMPLES", "6"))  # `make histories` takes more


@pytest.fixture(autouse=True)
def small_pages(monkeypatch):
    monkeypatch.setattr(sweeping, "CHILDREN_AT_ONCE", 2)
    monkeypatch.setattr(sweeping, "_PAGES_BETWEEN_KEEPING", 3)


@settings(max_examples=HEADS_EXAMPLES)
@given(
    shape=st.lists(NUMBER, min_size=5, max_size=10),
    steps=st.lists(st.tuples(STEP, st.lists(st.tuples(NUMBER, NUMBER), min_size=2, max_size=3)), max_size=25),
)
def test_heads_are_those_of_the_full_path_at_every_moment_however_far_sweeps_have_come(shape, steps):
    with mock_aws(), acting_for(TENANT):
        create_table()
        village = Village()
        village.join(0, 0)
        for under in shape:
            village.join(under, 0)
        village.time_passes(1, 0)
        for (what, first, second), questions in steps:
            sweeps = what in ("sweep", "killed")
            STEPS[what](village, first % 8 if sweeps else first, second)
            for who, before in questions:
                village.check(who, before)
        village.check_at_rest()
        for who in range(len(village.ids)):
            for before in (0, 41 + 5 * who):
                village.check(who, before)
