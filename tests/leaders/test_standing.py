"""Standing: rank, status and frozen change with their moment kept, and uplines are as they stood at a moment."""

import pytest
from botocore.client import BaseClient

from chalicelib.leaders import actions, profiles
from chalicelib.leaders import store as leaders
from chalicelib.leaders.profiles import LeaderUnknown
from chalicelib.leaders.rules import LinkClosed, RankUnknown
from chalicelib.leaders.standing import NotConfirmed, NotOnProbation, NotRemoved
from chalicelib.leaders.views import StandingChangeView
from tests.people.at_once import at_once


def ranks(standings) -> list[tuple[str, str]]:
    return [(standing.rank, standing.status) for standing in standings]


def test_uplines_come_nearest_first_with_their_ranks(tree):
    a = tree.root("A")
    b = tree.join("B", under=a)
    c = tree.join("C", under=b)
    tree.change(actions.set_rank, a, "senior_gold")

    standings = actions.uplines(tree.tenant_id, c)

    assert [standing.leader_id for standing in standings] == [b.leader_id, a.leader_id]
    assert ranks(standings) == [("owner", "confirmed"), ("senior_gold", "confirmed")]
    assert actions.uplines(tree.tenant_id, a) == ()


def test_an_order_looked_at_late_finds_the_ranks_of_its_own_moment(tree, clock):
    a = tree.root("A")
    b = tree.join("B", under=a)
    paid_at = clock.advance(hours=1)
    clock.advance(hours=1)
    tree.change(actions.set_rank, a, "gold")
    between = clock.advance(hours=1)
    clock.advance(hours=1)
    tree.change(actions.set_rank, a, "senior_gold")
    tree.change(actions.set_rank, a, "owner")
    tree.change(actions.freeze, a)

    assert ranks(actions.uplines(tree.tenant_id, b, at=paid_at)) == [("owner", "confirmed")]
    assert ranks(actions.uplines(tree.tenant_id, b, at=between)) == [("gold", "confirmed")]
    assert ranks(actions.uplines(tree.tenant_id, b)) == [("owner", "frozen")]


def test_a_promotion_holds_from_the_very_moment_it_is_recorded(tree, clock):
    a = tree.root("A")
    before, at = clock(), clock.advance(microseconds=1)
    tree.change(actions.set_rank, a, "gold")

    assert actions.standing_of(tree.tenant_id, tree.now(a), at=before).rank == "owner"
    assert actions.standing_of(tree.tenant_id, tree.now(a), at=at).rank == "gold"


def test_two_steps_of_one_event_are_two_kept_changes(tree):
    a = tree.root("A")
    tree.change(actions.set_rank, a, "gold")
    tree.change(actions.set_rank, a, "senior_gold")

    kept = [(change.before, change.value) for change in leaders.changes(tree.tenant_id, a.leader_id)]
    assert kept == [("owner", "gold"), ("gold", "senior_gold")]


def test_a_change_says_what_when_by_whom_and_why(tree, clock):
    a = tree.root("A")
    actions.freeze(tree.tenant_id, a.leader_id, by="prs_owner", reason=" sells outside ", now=clock())

    [change] = leaders.changes(tree.tenant_id, a.leader_id)
    assert StandingChangeView.of(change) == StandingChangeView(
        what="frozen", before="active", value="frozen", at=clock(), by="prs_owner", reason="sells outside"
    )


def test_repeating_a_change_changes_nothing(tree, clock):
    a = tree.root("A")
    tree.change(actions.set_rank, a, "gold")
    since = tree.now(a).rank_since
    clock.advance(days=1)
    tree.change(actions.set_rank, a, "gold")

    assert tree.now(a).rank_since == since
    assert len(leaders.changes(tree.tenant_id, a.leader_id)) == 1


def test_changes_at_once_all_hold_and_form_one_chain(tree):
    a = tree.root("A")

    at_once(
        lambda: tree.change(actions.set_rank, a, "gold"),
        lambda: tree.change(actions.set_rank, a, "senior_gold"),
        lambda: tree.change(actions.freeze, a),
        lambda: tree.change(actions.freeze, a),
    )

    now, kept = tree.now(a), leaders.changes(tree.tenant_id, a.leader_id)
    of_rank = [change for change in kept if change.what == "rank"]
    assert now.frozen
    assert [change.before for change in of_rank] == ["owner", of_rank[0].value][: len(of_rank)]
    assert now.rank == of_rank[-1].value
    assert len([change for change in kept if change.what == "frozen"]) == 1


def test_a_change_decided_on_an_older_standing_is_decided_again(tree, clock, monkeypatch):
    a = tree.root("A")
    read = profiles.get

    def read_while_somebody_promotes(tenant_id, leader_id):
        monkeypatch.setattr(profiles, "get", read)
        leader = read(tenant_id, leader_id)
        clock.advance(seconds=1)
        tree.change(actions.set_rank, a, "gold")
        return leader

    monkeypatch.setattr(profiles, "get", read_while_somebody_promotes)
    actions.set_rank(
        tree.tenant_id, a.leader_id, "senior_gold", by="prs_owner", reason="", now=clock.advance(seconds=9)
    )

    kept = [(change.before, change.value) for change in leaders.changes(tree.tenant_id, a.leader_id)]
    assert kept == [("owner", "gold"), ("gold", "senior_gold")]


def test_moments_never_run_backwards_when_clocks_differ(tree, clock):
    a = tree.root("A")
    later = clock.advance(seconds=2)
    tree.change(actions.set_rank, a, "gold")
    clock.advance(seconds=-1)
    tree.change(actions.set_rank, a, "senior_gold")

    assert [change.at for change in leaders.changes(tree.tenant_id, a.leader_id)] == [later, later]
    assert actions.standing_of(tree.tenant_id, tree.now(a), at=later).rank == "senior_gold"


def test_a_frozen_leader_earns_nothing_new_and_takes_no_orders(tree):
    a = tree.root("A")
    b = tree.join("B", under=a)
    assert actions.get_selling(tree.tenant_id, a.leader_id, now=tree.clock()).name == "A"
    tree.change(actions.freeze, a)

    assert ranks(actions.uplines(tree.tenant_id, b)) == [("owner", "frozen")]
    with pytest.raises(LinkClosed):
        actions.get_selling(tree.tenant_id, a.leader_id, now=tree.clock())


def test_probation_ends_one_way_and_a_new_trial_begins_a_new_window(brand, clock):
    tree = brand("assessed")
    b = tree.join("B", under=tree.root("A"))
    failed_at = clock.advance(days=7)
    assert tree.change(actions.remove, b).status == "removed"
    with pytest.raises(NotOnProbation):
        tree.change(actions.confirm, b)
    with pytest.raises(LinkClosed):
        tree.join("C", under=b)

    again_at = clock.advance(days=1)
    assert tree.change(actions.start_trial, b).status_since == again_at
    confirmed_at = clock.advance(days=1)
    assert tree.change(actions.confirm, b).confirmed_at == confirmed_at
    for _ in range(2):
        tree.change(actions.confirm, b)
    with pytest.raises(NotOnProbation):
        tree.change(actions.remove, b)
    with pytest.raises(NotRemoved):
        tree.change(actions.start_trial, b)

    stood = [
        actions.standing_of(tree.tenant_id, tree.now(b), at=at).status for at in (b.joined_at, failed_at, again_at)
    ]
    assert stood == ["probation", "removed", "probation"]


def test_confirming_and_failing_at_the_same_moment_has_one_outcome(brand):
    tree = brand("assessed")
    b = tree.join("B", under=tree.root("A"))

    at_once(lambda: tree.change(actions.confirm, b), lambda: tree.change(actions.remove, b))

    [change] = leaders.changes(tree.tenant_id, b.leader_id)
    assert tree.now(b).status == change.value


def test_only_confirmed_leaders_get_a_rank_and_only_one_of_the_plans(brand):
    tree = brand("assessed")
    a = tree.root("A")
    b = tree.join("B", under=a)

    with pytest.raises(NotConfirmed):
        tree.change(actions.set_rank, b, "senior")
    with pytest.raises(RankUnknown) as refused:
        tree.change(actions.set_rank, a, "emperor")
    assert refused.value.param == "rank"


@pytest.mark.parametrize("leader_id", ["", "ld_", "ld_0000000000", "x" * 5000, "ld_\ud80000000000"])
def test_a_leader_that_does_not_exist_cannot_be_changed(tree, leader_id):
    with pytest.raises(LeaderUnknown):
        actions.freeze(tree.tenant_id, leader_id, by="prs_owner", reason="", now=tree.clock())


def test_a_hundred_uplines_are_one_request(tree, monkeypatch):
    path = tuple(f"ld_{number:010d}" for number in range(100))
    deepest, upline = tree.root("deepest"), tree.root("upline")
    for leader_id, inviter_id in zip(path, (*path[1:], None), strict=True):
        upline.pk, upline.leader_id = leaders.leader_key(tree.tenant_id, leader_id)[0], leader_id
        upline.inviter_id = inviter_id
        upline.save()
    deepest.path, deepest.inviter_id = leaders.rules.pack_path(path), path[0]
    sent, send = [], BaseClient._make_api_call

    def counted(client, operation, params):
        sent.append(operation)
        return send(client, operation, params)

    monkeypatch.setattr(BaseClient, "_make_api_call", counted)
    standings = actions.uplines(tree.tenant_id, deepest, at=tree.clock())

    assert [standing.leader_id for standing in standings] == list(path)
    assert sent == ["BatchGetItem"]
