"""Places: paths and heads as they are passed on, kept in short texts."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.commissions import presets
from chalicelib.ids import ALPHABET
from chalicelib.leaders import places
from chalicelib.leaders.places import Place

RANKS = ("owner", "gold", "senior_gold")
NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
IDS = st.text(ALPHABET, min_size=10, max_size=10).map(lambda name: f"ld_{name}")


def root(name: str = "ld_r000000000", rank: str = "owner") -> Place:
    return places.at_the_top(name, rank, RANKS)


def test_a_plan_that_looks_no_further_than_to_the_inviter_keeps_no_heads():
    kept = {name: places.kept_ranks(presets.load(name)) for name in presets.NAMES}
    assert kept == {
        "assessed": (),
        "three_tier": ("owner", "team", "partner"),
        "stock_clearance": (),
        "breakaway": RANKS,
        "simple_referral": (),
    }


def test_a_leader_is_the_head_of_those_below_for_each_rank_it_has_had_and_passes_on_the_others():
    r = root(rank="senior_gold")
    a = places.below(r, "ld_a000000000", "gold")
    b = places.below(a, "ld_b000000000", "owner")
    c = places.below(b, "ld_c000000000", "owner")

    assert r.heads == (None, None)
    assert a.heads == (r.leader_id, r.leader_id)
    assert b.heads == c.heads == (a.leader_id, r.leader_id)
    assert c.path == (b.leader_id, a.leader_id, r.leader_id)


def test_a_head_bears_the_mark_and_where_there_is_none_the_root_does():
    r = root(rank="gold")
    a = places.below(r, "ld_a000000000", "owner")
    assert [places.holder(a, place) for place in (1, 2)] == [r.leader_id, r.leader_id]
    assert places.holder(r, 1) == r.leader_id
    below = places.below(places.below(root(), "ld_a000000000", "gold"), "ld_b000000000", "owner")
    assert [places.holder(below, place) for place in (1, 2)] == ["ld_a000000000", "ld_r000000000"]


def test_only_a_rank_never_had_before_is_gained():
    a = places.below(root(), "ld_a000000000", "owner")
    assert places.gained(a, "owner") == ()
    assert places.gained(a, "gold") == (1,)
    assert places.gained(a, "senior_gold") == (1, 2)
    assert places.gained(root(rank="gold"), "gold") == ()
    assert places.gained(a, "emperor") == ()  # a rank of another plan


def test_who_is_moved_keeps_its_peak_and_is_trusted_from_that_moment_on():
    a = places.below(root(), "ld_a000000000", "gold")
    there = root("ld_s000000000", "senior_gold")
    moved = places.moved(there, a, "owner", NOW)
    assert (moved.path, moved.heads, moved.peak, moved.since) == (
        (there.leader_id,), (there.leader_id, there.leader_id), 1, NOW,
    )  # fmt: skip
    below = places.below(a, "ld_b000000000", "owner")
    swept = places.moved_below(moved, below, "owner", NOW + timedelta(hours=1))
    assert (swept.path, swept.since) == ((a.leader_id, there.leader_id), NOW)
    assert places.moved_below(moved, swept, "owner", NOW + timedelta(hours=2)) == swept


def test_by_other_ranks_only_the_rank_of_today_is_known_so_the_past_is_read_in_full():
    a = places.below(root(), "ld_a000000000", "senior_gold")
    above = places.at_the_top("ld_r000000000", "owner", ("owner", "partner"))
    other = places.moved_below(above, a, "partner", NOW)
    assert (other.ranks, other.heads, other.peak) == (("owner", "partner"), (None,), 1)
    assert other.since is not None
    assert other.since > NOW
    again = places.at_the_top_again(root(), "owner", ("owner", "partner"), NOW)
    assert (again.ranks, again.since) == (("owner", "partner"), other.since)
    assert places.at_the_top_again(again, "owner", ("owner", "partner"), NOW + timedelta(days=1)) == again


@given(st.lists(st.one_of(st.none(), IDS), max_size=19))
def test_heads_are_read_back_as_they_were_written(heads):
    assert places.unpack_heads(places.pack_heads(heads)) == tuple(heads)


@given(st.lists(st.text(min_size=1, max_size=64), max_size=20))
def test_ranks_are_read_back_whatever_their_names(ranks):
    assert places.unpack_ranks(places.pack_ranks(tuple(ranks))) == tuple(ranks)
