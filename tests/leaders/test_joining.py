"""Joining: under whoever's link it is, once per person and brand, with nothing that the newcomer could choose."""

import msgspec
import pytest

from chalicelib.commissions import presets
from chalicelib.errors import Invalid
from chalicelib.leaders import actions
from chalicelib.leaders import store as leaders
from chalicelib.leaders.commands import Register
from chalicelib.leaders.joining import AlreadyLeads, InvitationUnknown
from chalicelib.leaders.profiles import LeaderUnknown
from chalicelib.leaders.rules import LinkClosed, NotAdmitted, TreeTooDeep
from chalicelib.people import memberships, persons
from chalicelib.tenancy import acting_for
from chalicelib.tenants import actions as tenant_actions
from chalicelib.tenants.rules import TenantSuspended
from tests.people.at_once import at_once, refusals


def everybody(tree) -> list[str]:
    return [leader.name for leader in leaders.newest(tree.tenant_id, limit=100)]


def test_a_newcomer_stands_under_the_leader_whose_link_it_used(tree):
    a = tree.root("A")
    b = tree.join("B", under=a)
    c = tree.join("C", under=b)

    assert (a.inviter_id, b.inviter_id, c.inviter_id) == (None, a.leader_id, b.leader_id)
    assert c.upline_ids == (b.leader_id, a.leader_id)
    assert (c.rank, c.status, c.frozen) == ("owner", "confirmed", False)
    assert [leader.name for leader in leaders.directs(tree.tenant_id, a.leader_id, limit=10)] == ["B"]
    assert [leader.name for leader in leaders.directs(tree.tenant_id, None, limit=10)] == ["A"]


def test_the_page_of_a_link_says_who_invites(tree):
    a = tree.root("A")

    by_leader = actions.invitation(tree.tenant_id, a.invite_code, now=tree.clock())
    by_brand = actions.invitation(tree.tenant_id, tree.root_code(), now=tree.clock())

    assert by_leader.inviter.name == "A"
    assert by_brand.inviter is None


def test_a_new_leader_is_a_leader_of_this_brand_and_nothing_else(tree):
    a = tree.root("A")

    [membership] = memberships.of("prs_A")
    assert (membership.tenant_id, membership.role, membership.leader_id) == (tree.tenant_id, "leader", a.leader_id)
    with pytest.raises(memberships.NotYourBrand):
        memberships.require_role(tree.tenant_id, "prs_A", "owner", "staff")


def test_one_person_can_lead_for_two_brands(brand):
    first = brand()
    with acting_for(first.tenant_id):
        first.root("A")
    second = brand("simple_referral")
    second.root("A")

    assert {membership.tenant_id for membership in memberships.of("prs_A")} == {first.tenant_id, second.tenant_id}


def test_registering_again_after_a_lost_answer_gives_the_same_leader(tree):
    a = tree.root("A")
    code = tree.root_code()

    b, again = tree.join("B", under=a), tree.join("B", under=a)
    root, root_again = tree.register("prs_R", code, "R"), tree.register("prs_R", code, "R")

    assert (b.leader_id, root.leader_id) == (again.leader_id, root_again.leader_id)
    assert sorted(everybody(tree)) == ["A", "B", "R"]


def test_nobody_refers_themselves_or_joins_a_second_time_under_somebody_else(tree):
    a = tree.root("A")
    b = tree.join("B", under=a)

    for own_or_downline in (a, b):
        with pytest.raises(AlreadyLeads):
            tree.register("prs_A", own_or_downline.invite_code)
    with pytest.raises(AlreadyLeads):
        tree.register("prs_B", tree.root_code())
    assert tree.now(a).upline_ids == ()


def test_two_people_who_invite_each_other_at_once_form_no_circle(tree):
    a, b = tree.root("A"), tree.root("B")

    results = at_once(lambda: tree.join("A", under=b), lambda: tree.join("B", under=a))

    assert len(refusals(results)) == 2
    assert tree.now(a).upline_ids == tree.now(b).upline_ids == ()


def test_one_person_joining_through_many_links_at_once_is_one_leader(tree):
    inviters = [tree.root(name) for name in "ABCD"]

    results = at_once(*[lambda inviter=inviter: tree.join("X", under=inviter) for inviter in inviters])

    assert len(refusals(results)) == 3
    assert everybody(tree).count("X") == 1
    [membership] = memberships.of("prs_X")
    [winner] = [result for result in results if result not in refusals(results)]
    assert membership.leader_id == winner.leader_id


def test_many_join_through_one_link_at_once(tree):
    a = tree.root("A")

    at_once(*[lambda number=number: tree.join(f"L{number}", under=a) for number in range(6)])

    assert len(leaders.directs(tree.tenant_id, a.leader_id, limit=10)) == 6


def test_the_brands_invitation_makes_one_root_even_when_two_use_it_at_once(tree):
    code = tree.root_code()

    results = at_once(lambda: tree.register("prs_A", code), lambda: tree.register("prs_B", code))

    assert [type(refusal) for refusal in refusals(results)] == [InvitationUnknown]
    assert len(everybody(tree)) == 1


def test_the_brands_invitation_ends_after_thirty_days_a_leaders_link_does_not(tree, clock):
    a, code = tree.root("A"), tree.root_code()
    clock.advance(days=30)

    with pytest.raises(InvitationUnknown):
        tree.register("prs_B", code)
    assert tree.join("B", under=a)


@pytest.mark.parametrize("code", ["", "0" * 16, "O" * 16, "0" * 15, "root", "x" * 5000, "\ud800", "../../" + "0" * 10])
def test_a_code_that_nobody_made_opens_nothing(tree, code):
    with pytest.raises(InvitationUnknown):
        tree.register("prs_A", code)
    with pytest.raises(InvitationUnknown):
        actions.invitation(tree.tenant_id, code, now=tree.clock())


def test_another_brands_link_opens_nothing(brand):
    first = brand()
    theirs = first.root("A")
    second = brand("simple_referral")

    with pytest.raises(InvitationUnknown):
        second.join("B", under=theirs)
    with pytest.raises(LeaderUnknown):
        second.now(theirs)


@pytest.mark.parametrize("field", ["inviter_id", "rank", "tenant_id", "status", "path", "person_id"])
def test_inviter_rank_and_brand_cannot_even_be_asked_for(field):
    body = {"code": "0" * 16, "name": "Mei", "phone": "13800138000", field: "x"}

    with pytest.raises(msgspec.ValidationError, match=field):
        msgspec.json.decode(msgspec.json.encode(body), type=Register)


def test_a_frozen_leader_invites_nobody_until_it_is_let_go(tree):
    a = tree.root("A")
    tree.change(actions.freeze, a)

    with pytest.raises(LinkClosed):
        tree.join("B", under=a)
    with pytest.raises(LinkClosed):
        actions.invitation(tree.tenant_id, a.invite_code, now=tree.clock())

    tree.change(actions.unfreeze, a)
    assert tree.join("B", under=a)


def test_a_leader_frozen_between_look_and_write_invites_nobody(tree, monkeypatch):
    a = tree.root("A")
    write = leaders.child_of

    def frozen_meanwhile(tenant_id, leader):
        monkeypatch.setattr(leaders, "child_of", write)
        tree.change(actions.freeze, a)
        return write(tenant_id, leader)

    monkeypatch.setattr(leaders, "child_of", frozen_meanwhile)
    with pytest.raises(LinkClosed):
        tree.join("B", under=a)
    assert everybody(tree) == ["A"]
    assert memberships.of("prs_B") == []


def test_nobody_joins_a_suspended_brand(tree):
    a = tree.root("A")
    tenant_actions.suspend(tree.tenant_id)

    with pytest.raises(TenantSuspended):
        tree.join("B", under=a)


def test_roots_are_confirmed_and_the_invited_are_on_probation_where_the_plan_has_one(brand):
    tree = brand("assessed")
    a = tree.root("A")
    b = tree.join("B", under=a)
    c = tree.join("C", under=b)  # leaders on probation can invite

    assert [(leader.status, leader.confirmed_at is None) for leader in (a, b, c)] == [
        ("confirmed", False),
        ("probation", True),
        ("probation", True),
    ]


@pytest.mark.parametrize("group_size", [None, 0, 99])
def test_a_small_chat_group_is_not_admitted_where_the_plan_asks_for_more(brand, group_size):
    tree = brand("three_tier")

    with pytest.raises(NotAdmitted) as refused:
        tree.root("A", group_size=group_size)
    assert refused.value.param == "group_size"
    assert tree.root("B", group_size=100).rank == presets.load("three_tier").first_rank


def test_a_brands_own_system_registers_people_by_their_email(tree):
    a = tree.root("A")
    b = tree.register(None, a.invite_code, "B", email="Bo@example.com")

    assert persons.by_email("bo@example.com").person_id == b.person_id
    assert tree.register(None, a.invite_code, "B", email="bo@example.com").leader_id == b.leader_id
    with pytest.raises(Invalid) as refused:
        tree.register(None, a.invite_code, "C")
    assert refused.value.param == "email"


@pytest.mark.parametrize(("different", "param"), [({"name": ""}, "name"), ({"phone": "none"}, "phone")])
def test_a_wrong_field_is_named_and_nothing_is_written(tree, different, param):
    with pytest.raises(Invalid) as refused:
        tree.register("prs_A", tree.root_code(), **different)

    assert refused.value.param == param
    assert everybody(tree) == []


def test_the_tree_has_a_floor(tree, monkeypatch):
    monkeypatch.setattr("chalicelib.leaders.rules.DEEPEST", 3)
    leader = tree.root("A")
    for name in "BCD":
        leader = tree.join(name, under=leader)

    with pytest.raises(TreeTooDeep):
        tree.join("E", under=leader)


def test_lists_go_on_where_they_stopped_and_miss_nobody(tree, clock):
    a = tree.root("A")
    for number in range(7):
        clock.advance(seconds=1)
        tree.join(f"L{number}", under=a)

    first = leaders.newest(tree.tenant_id, limit=3)
    rest = leaders.newest(tree.tenant_id, limit=10, after=first[-1])
    assert [leader.name for leader in first + rest] == ["L6", "L5", "L4", "L3", "L2", "L1", "L0", "A"]

    begun = leaders.directs(tree.tenant_id, a.leader_id, limit=4)
    ended = leaders.directs(tree.tenant_id, a.leader_id, limit=10, after=begun[-1])
    assert [leader.name for leader in begun + ended] == [f"L{number}" for number in range(7)]
