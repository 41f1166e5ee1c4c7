"""Moves: a leader goes with its team, orders paid before keep the old path, and no circle ever forms."""

from datetime import timedelta

import pytest

from chalicelib.errors import Refusal
from chalicelib.leaders import actions, moves, profiles, sweeping, tree
from chalicelib.leaders import store as leaders
from chalicelib.leaders.moves import InviterClosed, MovedBelowItself
from chalicelib.leaders.profiles import LeaderUnknown
from chalicelib.leaders.rules import DEEPEST, TreeTooDeep, pack_path
from chalicelib.leaders.views import StandingChangeView
from tests.people.at_once import at_once, refusals


def move(village, leader, inviter, reason=""):
    return actions.move(
        village.tenant_id, leader.leader_id, inviter.leader_id, by="prs_owner", reason=reason, now=village.clock()
    )


def above(village, leader, at=None) -> list[str]:
    """The names of the uplines."""
    return [upline.name for upline in tree.uplines_at(village.tenant_id, village.now(leader), at)]


def path(village, leader, at=None) -> list[str]:
    names = [
        actions.get(village.tenant_id, one).name for one in tree.path_at(village.tenant_id, village.now(leader), at)
    ]
    assert names == above(village, leader, at)
    return names


@pytest.fixture
def family(tree):
    """R1 ← A ← B ← C and R2."""
    r1, r2 = tree.root("R1"), tree.root("R2")
    a = tree.join("A", under=r1)
    b = tree.join("B", under=a)
    return r1, r2, a, b, tree.join("C", under=b)


def test_a_leader_is_moved_with_all_below_it_at_once(tree, family, clock):
    _r1, r2, a, b, c = family
    clock.advance(days=1)
    assert move(tree, b, r2).inviter_id == r2.leader_id

    assert path(tree, b) == ["R2"]
    assert path(tree, c) == ["B", "R2"]  # nothing is swept yet
    assert [one.name for one in leaders.directs(tree.tenant_id, r2.leader_id, limit=9)] == ["B"]
    assert leaders.directs(tree.tenant_id, a.leader_id, limit=9) == []

    assert sweeping.sweep(tree.tenant_id, now=clock())
    assert tree.now(c).upline_ids == (b.leader_id, r2.leader_id)
    assert path(tree, c) == ["B", "R2"]


def test_orders_paid_before_a_move_keep_the_old_path_however_late_they_are_looked_at(tree, family, clock):
    r1, r2, _a, b, c = family
    before = clock.advance(hours=1)
    at = clock.advance(hours=1)
    move(tree, b, r2)
    clock.advance(hours=1)
    move(tree, r2, r1)
    sweeping.sweep(tree.tenant_id, now=clock())
    sweeping.sweep(tree.tenant_id, now=clock.advance(hours=1))

    assert path(tree, c, before) == ["B", "A", "R1"]
    assert path(tree, c, at) == ["B", "R2"]  # a move holds from the very moment it is recorded
    assert path(tree, c, at - timedelta(microseconds=1)) == ["B", "A", "R1"]
    assert path(tree, c) == ["B", "R2", "R1"]


def test_a_move_is_kept_with_who_when_why_and_the_old_path(tree, family, clock):
    r1, r2, a, b, _c = family
    move(tree, b, r2, " moved house ")
    move(tree, r2, r1)

    [kept] = leaders.changes(tree.tenant_id, b.leader_id)
    assert StandingChangeView.of(kept) == StandingChangeView(
        what="inviter", before=a.leader_id, value=r2.leader_id, at=clock(), by="prs_owner", reason="moved house"
    )
    assert kept.path_before == pack_path((a.leader_id, r1.leader_id))
    [root] = leaders.changes(tree.tenant_id, r2.leader_id)
    assert (root.before, root.value) == ("brand", r1.leader_id)


def test_moving_to_where_it_is_changes_nothing(tree, family):
    _r1, _r2, a, b, _c = family
    assert move(tree, b, a).moved_at is None
    assert leaders.changes(tree.tenant_id, b.leader_id) == []
    assert tree_state(tree).moves == 0


def tree_state(village):
    return tree.state(village.tenant_id)


def test_nobody_is_moved_below_themselves_or_their_own_team(tree, family):
    r1, _r2, a, b, c = family
    for below in (a, b, c):
        with pytest.raises(MovedBelowItself) as refused:
            move(tree, a, below)
        assert refused.value.param == "inviter_id"
    with pytest.raises(MovedBelowItself):
        move(tree, r1, c)
    assert above(tree, c) == ["B", "A", "R1"]


def test_two_moves_at_once_that_would_form_a_circle_are_one_move(tree, family):
    """infra/failures.md, 22: each is fine alone; both together would be a ring without a root."""
    r1, r2, _a, _b, c = family
    results = at_once(lambda: move(tree, r1, r2), lambda: move(tree, r2, c))

    assert [type(refused) for refused in refusals(results)] == [MovedBelowItself]
    assert sorted(len(above(tree, one)) for one in (r1, r2))[0] == 0


def test_a_ring_of_moves_at_once_always_leaves_a_root(tree):
    ring = [tree.root(f"R{number}") for number in range(4)]

    at_once(*[lambda number=number: move(tree, ring[number], ring[number - 1]) for number in range(4)])

    tops = {(*above(tree, one), "")[-2] if above(tree, one) else one.name for one in ring}
    assert len(tops) == 1  # all below one root, and `uplines_at` has come to an end for each


def test_a_move_decided_on_an_older_tree_is_decided_again(tree, family, monkeypatch):
    r1, r2, _a, _b, c = family
    check = moves._check

    def somebody_else_moves_meanwhile(*args):
        check(*args)
        monkeypatch.setattr(moves, "_check", check)
        move(tree, r2, c)

    monkeypatch.setattr(moves, "_check", somebody_else_moves_meanwhile)
    with pytest.raises(MovedBelowItself):
        move(tree, r1, r2)
    assert above(tree, r2) == ["C", "B", "A", "R1"]


def test_a_newcomer_who_joins_while_its_inviter_is_moved_comes_along(tree, family, clock, monkeypatch):
    _r1, r2, _a, b, c = family
    read = profiles.get

    def read_while_somebody_moves(tenant_id, leader_id, **how):
        leader = read(tenant_id, leader_id, **how)
        monkeypatch.setattr(profiles, "get", read)
        move(tree, b, r2)
        sweeping.sweep(tree.tenant_id, now=clock())
        return leader

    monkeypatch.setattr(profiles, "get", read_while_somebody_moves)
    newcomer = tree.join("N", under=c)

    assert newcomer.upline_ids == (c.leader_id, b.leader_id, r2.leader_id)


def test_a_removed_or_frozen_leader_takes_nobody_below_it(brand, clock):
    tree = brand("assessed")
    r1, r2 = tree.root("R1"), tree.root("R2")
    a, b = tree.join("A", under=r1), tree.join("B", under=r1)
    tree.change(actions.freeze, r2)
    with pytest.raises(InviterClosed):
        move(tree, a, r2)
    clock.advance(days=7)  # its probation is over; the sweep has not come by
    with pytest.raises(InviterClosed):
        move(tree, a, b)
    tree.change(actions.remove, a)
    assert move(tree, a, tree.root("R3")).status == "removed"  # who is removed itself can be moved


def test_who_is_not_there_is_neither_moved_nor_moved_to(tree, family):
    _r1, _r2, a, _b, _c = family
    for leader_id, inviter_id, param in [("ld_0000000000", a.leader_id, "leader_id"), (a.leader_id, "x", "inviter_id")]:
        with pytest.raises(LeaderUnknown) as refused:
            actions.move(tree.tenant_id, leader_id, inviter_id, by="prs_owner", reason="", now=tree.clock())
        assert refused.value.param == param


def test_nobody_is_moved_to_where_there_is_no_room_for_another_level(tree, family):
    _r1, r2, a, _b, _c = family
    full = tuple(f"ld_{number:010d}" for number in range(DEEPEST + 1))
    for leader_id, inviter_id in zip(full, (*full[1:], None), strict=True):
        r2.pk, r2.leader_id = leaders.leader_key(tree.tenant_id, leader_id)[0], leader_id
        r2.inviter_id, r2.path = inviter_id, None
        r2.save()
    with pytest.raises(TreeTooDeep):
        actions.move(tree.tenant_id, a.leader_id, full[0], by="prs_owner", reason="", now=tree.clock())


def test_moments_of_moves_never_run_backwards_or_a_moment_between_two_would_have_a_circle(tree, family, clock):
    _r1, r2, a, b, c = family
    clock.advance(seconds=10)
    first = move(tree, b, r2)
    clock.advance(seconds=-5)  # another machine's clock
    second = move(tree, a, c)

    assert second.moved_at > first.moved_at
    for seconds in range(-10, 10):
        assert len(above(tree, a, first.moved_at + timedelta(seconds=seconds))) < 5


def test_the_old_uplines_see_no_more_of_whoever_was_moved_away(tree, family):
    r1, r2, a, b, c = family
    move(tree, b, r2)
    assert profiles.get_in_team(tree.tenant_id, r2.leader_id, c.leader_id).name == "C"
    for old in (a, r1):
        with pytest.raises(LeaderUnknown):
            profiles.get_in_team(tree.tenant_id, old.leader_id, c.leader_id)


def test_moves_promotions_and_newcomers_at_once_end_in_one_right_tree(tree, family, clock):
    _r1, r2, _a, b, c = family

    results = at_once(
        lambda: move(tree, b, r2),
        lambda: tree.change(actions.set_rank, r2, "gold"),
        lambda: tree.change(actions.set_rank, b, "gold"),
        lambda: tree.join("N", under=c),
        lambda: sweeping.sweep(tree.tenant_id, now=clock()),
        lambda: tree.join("O", under=c),
    )

    assert not [one for one in results if isinstance(one, Refusal)]
    newcomers = leaders.directs(tree.tenant_id, c.leader_id, limit=9)
    assert len(newcomers) == 2
    for _ in range(2):
        for one in newcomers:
            stood = actions.uplines(tree.tenant_id, tree.now(one))
            assert [(upline.leader_id, upline.rank) for upline in stood] == [
                (c.leader_id, "owner"),
                (b.leader_id, "gold"),
                (r2.leader_id, "gold"),
            ]
        assert sweeping.sweep(tree.tenant_id, now=clock())
    assert {tree.now(one).upline_ids for one in newcomers} == {(c.leader_id, b.leader_id, r2.leader_id)}
