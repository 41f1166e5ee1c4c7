"""Sweeps: after a promotion or a move all below get their new place, whoever sweeps, however often it is cut."""

from datetime import timedelta

import pytest

from chalicelib.commissions import presets
from chalicelib.commissions.rules.sale import needed_uplines
from chalicelib.leaders import actions, heads, places, profiles, sweep_jobs, sweeping, tree
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.tenancy import acting_for
from tests.people.at_once import at_once

PLAN = presets.load("breakaway")


def sweep(village, clock, pages=10_000):
    return sweeping.sweep(village.tenant_id, now=clock(), keep_going=sweeping.at_most(pages))


def needed(village, leader, at=None, plan=PLAN):
    """The names of those an order needs, found by heads; and the same as on the full path."""
    at = at or village.clock()
    read = village.now(leader)
    found = heads.needed(village.tenant_id, plan, read, at)
    seller = actions.standing_of(village.tenant_id, read, at)
    assert found == needed_uplines(plan, seller, actions.uplines(village.tenant_id, read, at))
    return [actions.get(village.tenant_id, one.leader_id).name for one in found]


@pytest.fixture
def wide(tree, clock, monkeypatch):
    """R, senior gold ← A ← 8 leaders B0, B1, …, each with one below it, C0, C1, …; all is swept, 3 to a page."""
    monkeypatch.setattr(sweeping, "CHILDREN_AT_ONCE", 3)
    tree.r = tree.root("R")
    tree.change(actions.set_rank, tree.r, "senior_gold")
    tree.a = tree.join("A", under=tree.r)
    tree.b = [tree.join(f"B{number}", under=tree.a) for number in range(8)]
    tree.c = [tree.join(f"C{number}", under=one) for number, one in enumerate(tree.b)]
    sweep(tree, clock)
    clock.advance(minutes=5)
    sweep(tree, clock)
    return tree


def test_a_promotion_holds_for_all_below_before_anything_is_swept(wide, clock):
    at = clock.advance(seconds=1)
    wide.change(actions.set_rank, wide.a, "gold")

    assert needed(wide, wide.c[7]) == ["B7", "A", "R"]
    assert needed(wide, wide.c[7], at - timedelta(seconds=1)) == ["B7", "R"]


def test_the_head_above_bears_a_mark_until_a_while_after_the_sweep(wide, clock):
    wide.change(actions.set_rank, wide.a, "gold")
    assert wide.now(wide.r).marked(1)
    assert not wide.now(wide.r).marked(2)  # nobody rose to senior gold
    assert wide.now(wide.a).behind == {1}

    assert sweep(wide, clock)
    assert wide.now(wide.c[7]).place.heads == (wide.a.leader_id, wide.r.leader_id)
    assert not wide.now(wide.a).behind
    assert wide.now(wide.r).marked(1)  # somebody may have read a profile just before
    clock.advance(seconds=61)
    sweep(wide, clock)
    assert not wide.now(wide.r).marked(1)


def test_a_sweep_that_is_cut_after_any_page_goes_on_where_it_stood(wide, clock):
    wide.change(actions.set_rank, wide.a, "gold")
    rounds = 0
    while not sweep(wide, clock, pages=2):
        rounds += 1
        assert needed(wide, wide.c[rounds % 8]) == [f"B{rounds % 8}", "A", "R"]
    assert rounds > 3
    assert {wide.now(one).place.heads[0] for one in (*wide.b, *wide.c)} == {wide.a.leader_id}


def test_a_sweep_that_was_switched_off_is_done_by_the_next(wide, clock):
    class Killed(Exception):
        pass

    def killed_at(page):
        pages = iter(range(page))

        def keep_going():
            if next(pages, None) is None:
                raise Killed
            return True

        return keep_going

    wide.change(actions.set_rank, wide.a, "gold")
    for page in (1, 3, 9):
        with pytest.raises(Killed):
            sweeping.sweep(wide.tenant_id, now=clock(), keep_going=killed_at(page))
        assert needed(wide, wide.c[7]) == ["B7", "A", "R"]
    assert sweep(wide, clock)
    assert {wide.now(one).place.heads[0] for one in wide.c} == {wide.a.leader_id}


def test_sweeps_at_once_take_nothing_from_each_other(wide, clock):
    wide.change(actions.set_rank, wide.a, "gold")
    wide.change(actions.set_rank, wide.b[0], "gold")

    at_once(*[lambda: sweep(wide, clock) for _ in range(3)])
    sweep(wide, clock)

    assert sweep_jobs.first(wide.tenant_id) is None
    assert wide.now(wide.c[0]).place.heads[0] == wide.b[0].leader_id
    assert {wide.now(one).place.heads[0] for one in wide.c[1:]} == {wide.a.leader_id}
    clock.advance(minutes=2)
    at_once(*[lambda: sweep(wide, clock) for _ in range(3)])
    assert not any(wide.now(one).marked(r) for one in (wide.r, wide.a) for r in (1, 2))
    assert wide.now(wide.r).unswept.as_dict() == {"1": 0, "2": 0}  # none taken off twice


def test_a_sweep_does_not_go_into_a_community_that_knows_its_head(wide, clock, monkeypatch):
    wide.change(actions.set_rank, wide.b[0], "gold")
    sweep(wide, clock)
    wide.change(actions.set_rank, wide.a, "gold")
    visited, visit = [], sweeping._visit

    def noted(tenant_id, job, leader_id, after, now):
        visited.append(leader_id)
        return visit(tenant_id, job, leader_id, after, now)

    monkeypatch.setattr(sweeping, "_visit", noted)
    sweep(wide, clock)

    assert wide.b[0].leader_id not in visited
    assert wide.b[1].leader_id in visited
    assert needed(wide, wide.c[0]) == ["B0", "R"]


def test_a_head_that_fell_is_passed_by_and_found_for_orders_of_before(wide, clock):
    wide.change(actions.set_rank, wide.a, "gold")
    sweep(wide, clock)
    was_gold = clock.advance(minutes=5)
    sweep(wide, clock)
    clock.advance(minutes=5)
    wide.change(actions.set_rank, wide.a, "owner")

    assert needed(wide, wide.c[3]) == ["B3", "R"]
    assert needed(wide, wide.c[3], was_gold) == ["B3", "A", "R"]
    assert sweep_jobs.first(wide.tenant_id) is None  # nothing to sweep: the chain goes on from it
    wide.change(actions.set_rank, wide.a, "gold")
    assert sweep_jobs.first(wide.tenant_id) is None  # all below have it still
    assert needed(wide, wide.c[3]) == ["B3", "A", "R"]


def test_a_frozen_head_keeps_its_community_and_the_next_confirmed_one_is_found_too(wide, clock):
    for one in (wide.a, wide.b[0]):
        wide.change(actions.set_rank, one, "gold")
    d = wide.join("D", under=wide.c[0])
    sweep(wide, clock)
    wide.change(actions.freeze, wide.b[0])
    assert needed(wide, d) == ["C0", "B0", "A", "R"]


def test_a_newcomer_is_never_passed_over_by_a_sweep_that_overtakes_its_joining(wide, clock, monkeypatch):
    read = profiles.get

    def read_while_somebody_rises(tenant_id, leader_id, **how):
        leader = read(tenant_id, leader_id, **how)
        monkeypatch.setattr(profiles, "get", read)
        wide.change(actions.set_rank, wide.a, "gold")
        assert sweep(wide, clock)
        return leader

    monkeypatch.setattr(profiles, "get", read_while_somebody_rises)
    newcomer = wide.join("N", under=wide.c[5])

    assert wide.now(newcomer).place.heads == (wide.a.leader_id, wide.r.leader_id)


def test_a_schedule_that_slept_for_a_day_sweeps_all_of_it(wide, clock):
    """infra/failures.md, 44."""
    for one in (wide.a, *wide.b[:3]):
        clock.advance(hours=4)
        wide.change(actions.set_rank, one, "gold")
    clock.advance(days=1)

    assert sweep(wide, clock)
    assert [wide.now(one).place.heads[0] for one in wide.c[:5]] == [
        *[one.leader_id for one in wide.b[:3]],
        wide.a.leader_id,
        wide.a.leader_id,
    ]


def test_other_ranks_in_the_plan_are_kept_for_everybody_once_the_sweep_is_through(wide, clock):
    three_tier = presets.load("three_tier")
    ranks = places.kept_ranks(three_tier)
    for one in (wide.r, wide.a):
        wide.change(actions.set_rank, one, "owner")  # the one rank that both plans have
    sweeping.keep_heads_by(wide.tenant_id, ranks, now=clock())
    sweeping.keep_heads_by(wide.tenant_id, ranks, now=clock())  # a second tick
    sweep(wide, clock, pages=3)
    assert needed(wide, wide.c[6], plan=three_tier) == ["B6"]

    assert sweep(wide, clock)
    assert {wide.now(one).place.ranks for one in (wide.r, wide.a, *wide.b, *wide.c)} == {ranks}
    clock.advance(minutes=3)
    assert needed(wide, wide.c[6], plan=three_tier) == ["B6"]
    assert sweep_jobs.first(wide.tenant_id) is None


def test_leaders_of_before_heads_were_kept_are_read_by_their_whole_path_until_a_sweep_came_by(wide, clock):
    for one in (wide.r, wide.a, *wide.b, *wide.c):
        old = wide.now(one)
        old.update(
            actions=[
                attribute.remove()
                for attribute in (Leader.heads, Leader.heads_of, Leader.peak, Leader.unswept, Leader.place_no)
            ]
        )
    assert needed(wide, wide.c[1]) == ["B1", "R"]
    n = wide.join("N", under=wide.c[1])
    wide.change(actions.set_rank, wide.a, "gold")
    assert needed(wide, n) == ["C1", "A", "R"]

    sweeping.keep_heads_by(wide.tenant_id, places.kept_ranks(PLAN), now=clock())
    assert sweep(wide, clock)
    assert wide.now(n).place.heads == (wide.a.leader_id, wide.r.leader_id)
    clock.advance(minutes=2)
    assert needed(wide, n) == ["C1", "A", "R"]


def test_an_order_of_before_a_move_finds_the_old_heads_when_all_is_swept_and_at_rest(wide, clock):
    wide.change(actions.set_rank, wide.a, "gold")
    before = clock.advance(hours=1)
    clock.advance(hours=1)
    actions.move(
        wide.tenant_id, wide.b[0].leader_id, wide.r.leader_id, by="prs_owner", reason="", now=clock.advance(hours=1)
    )
    d = wide.join("D", under=wide.c[0])
    for _ in range(2):
        assert sweep(wide, clock)
        clock.advance(minutes=5)
    assert tree.at_rest(wide.tenant_id)

    assert needed(wide, d) == ["C0", "R"]
    found = heads.needed(wide.tenant_id, PLAN, wide.now(d), before)
    assert [one.leader_id for one in found] == [wide.c[0].leader_id, wide.a.leader_id, wide.r.leader_id]


def test_two_brands_swept_and_moved_in_one_process_do_not_bleed(brand, clock):
    """infra/failures.md, 34."""
    ours, theirs = brand("breakaway"), brand("simple_referral")
    roots = {}
    for village in (ours, theirs):
        with acting_for(village.tenant_id):
            one, two = village.root("R1"), village.root("R2")
            roots[village] = (one, two, village.join("A", under=one))

    def moved_and_swept(village):
        with acting_for(village.tenant_id):
            _, two, a = roots[village]
            actions.move(village.tenant_id, a.leader_id, two.leader_id, by="prs_owner", reason="", now=clock())
            return sweep(village, clock)

    assert at_once(*[lambda village=village: moved_and_swept(village) for village in (ours, theirs)]) == [True, True]
    for village in (ours, theirs):
        with acting_for(village.tenant_id):
            one, two, a = roots[village]
            assert village.now(a).upline_ids == (two.leader_id,)
            assert tree.state(village.tenant_id).moves == 1
            assert leaders.directs(village.tenant_id, one.leader_id, limit=5) == []
