"""Heads: what an order reads of those above is the same at any depth, counted from the requests."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from botocore.client import BaseClient

from chalicelib.commissions import presets
from chalicelib.commissions.rules.sale import needed_uplines
from chalicelib.leaders import actions, heads, places, sweeping, tree
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.leaders.tree import TreeBroken
from tests.builders import a_profile

PLAN = presets.load("breakaway")


@contextmanager
def counting() -> Iterator[dict[str, int]]:
    """Count requests, and the items they read."""
    counts, send = {"requests": 0, "items": 0}, BaseClient._make_api_call

    def counted(client, operation, params):
        answer = send(client, operation, params)
        counts["requests"] += 1
        found = answer.get("Items") or [item for page in answer.get("Responses", {}).values() for item in page]
        counts["items"] += max(1, len(found))
        return answer

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(BaseClient, "_make_api_call", counted)
        yield counts


def line(village, depth: int, *, head_at: int | None = None) -> list[Leader]:
    """A senior gold root and a line below it, one gold among them; written as joining writes profiles."""
    found = [village.root(f"R{depth}")]
    village.change(actions.set_rank, found[0], "senior_gold")
    found[0] = village.now(found[0])
    for number in range(1, depth + 1):
        place = places.below(found[-1].place, f"ld_{depth:03d}{number:07d}", "gold" if number == head_at else "owner")
        one = a_profile(
            village.tenant_id, place.leader_id, village.clock(), inviter_id=found[-1].leader_id,
            rank="gold" if number == head_at else "owner", **leaders.place_attributes(place),
        )  # fmt: skip
        one.save()
        leaders.child_of(village.tenant_id, one).save()
        found.append(one)
    sweeping.sweep(village.tenant_id, now=village.clock())
    village.clock.advance(minutes=5)
    sweeping.sweep(village.tenant_id, now=village.clock())
    return found


def read_for_an_order(village, seller) -> tuple[dict[str, int], tuple[str, ...]]:
    leader = village.now(seller)
    with counting() as counts:
        found = heads.needed(village.tenant_id, PLAN, leader, village.clock())
    full = actions.uplines(village.tenant_id, leader, village.clock())
    assert found == needed_uplines(PLAN, actions.standing_of(village.tenant_id, leader), full)
    return counts, tuple(one.rank for one in found)


def test_an_order_reads_as_much_of_those_above_at_depth_2_as_at_depth_70(tree):
    counted = {depth: read_for_an_order(tree, line(tree, depth, head_at=1)[-1]) for depth in (3, 70)}

    assert counted[3] == counted[70] == ({"requests": 1, "items": 3}, ("owner", "gold", "senior_gold"))
    assert read_for_an_order(tree, line(tree, 2)[-1]) == ({"requests": 1, "items": 2}, ("owner", "senior_gold"))
    assert read_for_an_order(tree, line(tree, 69)[-1]) == ({"requests": 1, "items": 2}, ("owner", "senior_gold"))


def test_what_lies_between_is_read_only_while_a_promotion_is_not_swept(tree):
    deep = line(tree, 120)
    tree.change(actions.set_rank, deep[60], "gold")
    counts, ranks = read_for_an_order(tree, deep[-1])
    assert (counts["items"] > 120, ranks) == (True, ("owner", "gold", "senior_gold"))

    sweeping.sweep(tree.tenant_id, now=tree.clock())
    tree.clock.advance(minutes=2)
    sweeping.sweep(tree.tenant_id, now=tree.clock())
    assert read_for_an_order(tree, deep[-1]) == ({"requests": 1, "items": 3}, ("owner", "gold", "senior_gold"))


def test_past_a_whole_row_of_frozen_heads_the_path_is_read_at_once(tree):
    deep = line(tree, 20)
    for one in deep[1:15]:
        tree.change(actions.set_rank, one, "gold")
        tree.change(actions.freeze, one)
    for _ in range(2):
        sweeping.sweep(tree.tenant_id, now=tree.clock())
        tree.clock.advance(minutes=2)
    counts, ranks = read_for_an_order(tree, deep[-1])
    assert ranks == ("owner", "gold", "senior_gold")
    assert counts["requests"] < 20


def test_a_plan_that_pays_the_inviter_alone_reads_the_inviter_alone(brand):
    tree = brand("simple_referral")
    b = tree.join("B", under=tree.join("A", under=tree.root("R")))
    leader = tree.now(b)
    with counting() as counts:
        found = heads.needed(tree.tenant_id, presets.load("simple_referral"), leader, tree.clock())
    assert ([one.leader_id for one in found], counts) == ([leader.inviter_id], {"requests": 1, "items": 1})
    assert heads.needed(tree.tenant_id, PLAN, tree.root("S"), tree.clock()) == ()


def test_a_tree_that_comes_back_to_where_it_began_is_a_defect_that_stops_everything(tree):
    a = tree.root("A")
    b = tree.join("B", under=a)
    a.update(actions=[Leader.inviter_id.set(b.leader_id)])
    with pytest.raises(TreeBroken):
        list(tree_of(tree, b))
    a.update(actions=[Leader.inviter_id.set("ld_0000000000")])
    with pytest.raises(TreeBroken):
        list(tree_of(tree, b))


def tree_of(village, leader):
    return tree.uplines_at(village.tenant_id, village.now(leader))
