"""The tree's arithmetic: paths pack and unpack, and undoing changes gives back every earlier stand."""

from datetime import UTC, datetime, timedelta
from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.leaders import rules
from chalicelib.leaders.rules import Change, Stand

T0 = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
leader_ids = st.builds(rules.new_leader_id, st.integers(0, 2**50 - 1).map(lambda number: lambda bits: number))
changes = st.tuples(
    st.integers(0, 5),  # seconds since the change before: several can fall on one moment
    st.sampled_from([("rank", "owner"), ("rank", "gold"), ("status", "probation"), ("status", "confirmed"),
                     ("status", "removed"), ("frozen", "frozen"), ("frozen", "active")]),
)  # fmt: skip


@given(st.lists(leader_ids, max_size=200))
def test_a_path_comes_back_as_it_was_packed(path):
    assert rules.unpack_path(rules.pack_path(path)) == tuple(path)
    assert all(rules.is_leader_id(leader_id) for leader_id in path)


@given(st.lists(leader_ids, max_size=50, unique=True))
def test_nobody_stands_above_themselves(newcomers):
    path: tuple[str, ...] = ()
    for inviter, newcomer in pairwise(newcomers):
        path = rules.path_below(inviter, path)
        assert newcomer not in path
        assert path[0] == inviter


@given(st.lists(changes, max_size=12), st.integers(0, 60))
def test_undoing_what_came_later_gives_the_stand_of_any_moment(made, seconds):
    at = T0 + timedelta(seconds=seconds)
    today = at_moment = Stand("owner", "confirmed", "active")
    kept, clock = [], T0
    for pause, (what, value) in made:
        clock += timedelta(seconds=pause)
        kept.append(Change(clock, what, getattr(today, what)))
        today = Stand(**({"rank": today.rank, "status": today.status, "frozen": today.frozen} | {what: value}))
        if clock <= at:
            at_moment = today

    assert rules.as_it_stood(today, kept, at) == at_moment
    assert rules.as_it_stood(today, [change for change in kept if change.at > at], at) == at_moment


def test_frozen_shows_on_everybody_but_the_removed():
    stood = {
        (status, frozen): rules.standing("ld_1", Stand("owner", status, frozen)).status
        for status in ("probation", "confirmed", "removed")
        for frozen in ("active", "frozen")
    }

    assert stood == {
        ("probation", "active"): "probation",
        ("probation", "frozen"): "frozen",
        ("confirmed", "active"): "confirmed",
        ("confirmed", "frozen"): "frozen",
        ("removed", "active"): "removed",
        ("removed", "frozen"): "removed",
    }
