"""A leader's stall: what its page reads beside its profile."""

from chalicelib import store
from chalicelib.leaders import stall
from chalicelib.tenancy import acting_for

TENANT, LEADER = "t000000000000001", "ld_0000000001"


def put_on(*campaign_ids):
    for campaign_id in campaign_ids:
        with store.transaction() as write:
            stall.add_campaign(write, TENANT, LEADER, campaign_id)


def test_an_empty_stall_is_read_like_any_other(table):
    with acting_for(TENANT):
        kept = stall.read(TENANT, LEADER)
    assert (kept.campaign_ids, kept.point_ids) == ([], [])


def test_campaigns_and_points_are_put_on_once_the_newest_campaign_first(table):
    with acting_for(TENANT):
        put_on("cp_1", "cp_2", "cp_1")
        with store.transaction() as write:
            stall.add_point(write, TENANT, LEADER, "pt_1")
        kept = stall.read(TENANT, LEADER)
    assert (kept.campaign_ids, kept.point_ids) == (["cp_2", "cp_1"], ["pt_1"])


def test_what_is_over_goes_and_may_go_twice(table):
    with acting_for(TENANT):
        put_on("cp_1", "cp_2")
        stall.tidy(TENANT, LEADER, {"cp_1"})
        stall.tidy(TENANT, LEADER, {"cp_1", "cp_2"})
        put_on("cp_3")
        assert stall.read(TENANT, LEADER).campaign_ids == ["cp_3"]


def test_what_was_seen_last_is_a_hint_for_the_same_leader_only(table):
    with acting_for(TENANT):
        put_on("cp_1")
        stall.read(TENANT, LEADER)
    assert stall.last_seen(TENANT, LEADER).campaign_ids == ["cp_1"]
    assert stall.last_seen(TENANT, "ld_0000000002").campaign_ids == []
