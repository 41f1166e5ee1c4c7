"""A part of the tree to look at: level by level, never more than its bounds, what is left out counted."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.leaders import actions, branches
from chalicelib.leaders import store as leaders
from chalicelib.leaders.branches import Bounds, shared
from chalicelib.leaders.commands import UpdateLeader
from tests.bench.meter import counting


def told(branch):
    """A branch as names: what is shown, and how many are not."""
    name = branch.leader.name if branch.leader else "brand"
    return (name, [told(one) for one in branch.below], branch.left_out)


def test_all_of_a_small_tree_is_shown_in_the_order_of_joining(tree, clock):
    root = tree.root("A")
    b = tree.join("B", under=root)
    clock.advance(seconds=1)
    c = tree.join("C", under=root)
    tree.join("D", under=b), tree.join("E", under=c)
    shown = branches.below(tree.tenant_id, None, Bounds(most=50, queries=20))
    assert told(shown) == (
        "brand", [("A", [("B", [("D", [], 0)], 0), ("C", [("E", [], 0)], 0)], 0)], 0,
    )  # fmt: skip


def test_what_has_no_room_is_counted_and_can_be_gone_on_from(tree, clock):
    root = tree.root("A")
    joined = []
    for n in range(5):
        clock.advance(seconds=1)
        joined.append(tree.join(f"B{n}", under=root))
    shown = branches.below(tree.tenant_id, root, Bounds(most=50, queries=20, widest=2))
    assert [one.leader_id for one in shown.below] == [one.leader_id for one in joined[:2]]
    assert (shown.left_out, shown.has_more) == (3, False)
    later = branches.below(tree.tenant_id, root, Bounds(most=50, queries=20, widest=9), after=joined[1])
    assert [one.leader_id for one in later.below] == [one.leader_id for one in joined[2:]]


def test_a_picture_asks_no_more_than_its_bounds(tree):
    root = tree.root("A")
    for n in range(4):
        below = tree.join(f"B{n}", under=root)
        for m in range(3):
            tree.join(f"C{n}{m}", under=below)
    with counting() as meter:
        shown = branches.below(tree.tenant_id, root, Bounds(most=9, queries=3))
    assert len(list(shown.all())) <= 9
    assert meter.by_operation["Query"] <= 3
    assert [one.is_open for one in shown.below] == [True, True, False, False]


def test_who_is_below_is_asked_of_a_whole_level_at_once(tree):
    root = tree.root("A")
    for n in range(8):
        tree.join(f"C{n}", under=tree.join(f"B{n}", under=root))
    with counting() as meter:
        branches.below(tree.tenant_id, None, Bounds(most=50, queries=20))
    assert meter.by_operation == {"Query": 1 + 1 + 8 + 8, "BatchGetItem": 3}
    assert meter.turns == 7  # a query and a batch for each of the levels, and one more look that finds nobody


@given(st.lists(st.integers(0, 30), max_size=12), st.integers(0, 60))
def test_room_is_shared_out_whole_and_nobody_gets_more_than_it_wants(wanted, room):
    given_to = shared(wanted, room)
    assert all(got <= most for got, most in zip(given_to, wanted, strict=True))
    assert sum(given_to) == min(room, sum(wanted))


def test_leaders_are_found_by_the_beginning_of_their_name_and_by_a_new_one(tree):
    root = tree.root("Wang Fang")
    tree.join("王秀英", under=root), tree.join("王芳", under=root)
    li = tree.join("李娜", under=root)

    def found(begins, limit=9):
        some, more = leaders.named(tree.tenant_id, begins, limit=limit)
        return sorted(one.name for one in some), more

    assert found("王") == (["王秀英", "王芳"], False)
    assert found("ｗａｎｇ f") == (["Wang Fang"], False)
    assert found("王", limit=1)[1]
    assert found("张") == ([], False)
    assert found("  ") == ([], False)
    actions.update_profile(tree.tenant_id, li.leader_id, UpdateLeader(name="张娜"))
    assert found("张") == (["张娜"], False)
    assert found("李") == ([], False)


def test_a_moved_leader_is_found_as_before(tree, clock):
    root, other = tree.root("A"), tree.root("B")
    moved = tree.join("王芳", under=root)
    clock.advance(minutes=1)
    actions.move(tree.tenant_id, moved.leader_id, other.leader_id, by="prs_owner", reason="x", now=clock())
    some, _ = leaders.named(tree.tenant_id, "王", limit=9)
    assert [one.inviter_id for one in some] == [other.leader_id]
