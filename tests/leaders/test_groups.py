"""Chat groups: what a leader reports waits, what the brand approves counts."""

import pytest

from chalicelib.leaders import actions, groups
from chalicelib.leaders import store as leaders
from chalicelib.leaders.groups import GroupsInvalid
from chalicelib.leaders.rules import LinkClosed


@pytest.fixture
def tree(brand):
    return brand("three_tier")


@pytest.fixture
def owner(tree):
    return tree.root("A", group_size=100)


def approved(tree, leader, number: int, reason: str = ""):
    return groups.approve(
        tree.tenant_id, leader.leader_id, number, by="prs_owner", reason=reason, now=tree.clock()
    )  # fmt: skip


def waiting(tree) -> list[tuple[str, int]]:
    return [(report.leader_id, report.groups) for report in groups.waiting(tree.tenant_id, limit=10)]


def test_a_report_counts_nothing_until_the_brand_approves_it(tree, owner, clock):
    groups.report(tree.tenant_id, owner.leader_id, 6, now=clock())
    assert (tree.now(owner).groups, waiting(tree)) == (1, [(owner.leader_id, 6)])

    at = clock.advance(hours=2)
    approved(tree, owner, 6, "seen all six")
    assert (tree.now(owner).groups, waiting(tree)) == (6, [])
    [change] = leaders.changes(tree.tenant_id, owner.leader_id)
    assert (change.what, change.before, change.value, change.at) == ("groups", "1", "6", at)
    assert (change.by, change.reason) == ("prs_owner", "seen all six")


def test_the_number_that_the_brand_saw_is_approved_and_a_newer_report_waits_on(tree, owner, clock):
    groups.report(tree.tenant_id, owner.leader_id, 6, now=clock())
    groups.report(tree.tenant_id, owner.leader_id, 60, now=clock())
    approved(tree, owner, 6)
    assert (tree.now(owner).groups, waiting(tree)) == (6, [(owner.leader_id, 60)])
    groups.decline(tree.tenant_id, owner.leader_id, 60)
    assert (tree.now(owner).groups, waiting(tree)) == (6, [])


def test_approving_twice_is_one_change(tree, owner, clock):
    groups.report(tree.tenant_id, owner.leader_id, 6, now=clock())
    approved(tree, owner, 6)
    approved(tree, owner, 6)
    assert len(leaders.changes(tree.tenant_id, owner.leader_id)) == 1


def test_taking_a_report_back_leaves_nothing_to_approve(tree, owner, clock):
    groups.report(tree.tenant_id, owner.leader_id, 6, now=clock())
    assert groups.report(tree.tenant_id, owner.leader_id, 1, now=clock()) is None
    assert waiting(tree) == []


def test_groups_do_not_change_how_a_leader_stood(tree, owner, clock):
    before = clock()
    clock.advance(hours=1)
    approved(tree, owner, 6)
    clock.advance(hours=1)
    tree.change(actions.set_rank, owner, "team")
    stood = actions.standing_of(tree.tenant_id, tree.now(owner), at=before)
    assert (stood.rank, stood.status) == ("owner", "confirmed")


@pytest.mark.parametrize("number", [0, -3, 100_001])
def test_a_number_that_nobody_can_run_is_refused(tree, owner, clock, number):
    with pytest.raises(GroupsInvalid):
        groups.report(tree.tenant_id, owner.leader_id, number, now=clock())
    with pytest.raises(GroupsInvalid):
        approved(tree, owner, number)
    assert tree.now(owner).groups == 1


def test_a_frozen_leader_reports_nothing(tree, owner, clock):
    tree.change(actions.freeze, owner)
    with pytest.raises(LinkClosed):
        groups.report(tree.tenant_id, owner.leader_id, 6, now=clock())
