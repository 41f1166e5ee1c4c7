"""The leader's team: level by level, found by name, with sales and countdowns; nobody looks into another's team. The
brand has the same figures in its list of all leaders."""

import re
from collections import Counter
from datetime import timedelta

import pytest

from chalicelib.figures import store as figures
from chalicelib.figures.store import Change
from chalicelib.leaders import profiles, standing
from chalicelib.tenancy import acting_for
from chalicelib.web import console_leaders
from tests.bench.meter import counting

TEAM = "/lead/green-village/team"


def sold(site, brand, leader, **counts):
    """Figures as the roll-up would have added them; `own_2026_03` is `own-2026-03`."""
    named = Counter({name.replace("_", "-"): amount for name, amount in counts.items()})
    with acting_for(brand.tenant_id):
        change = Change(str(sum(leader.leader_id.encode())), site.clock(), named)
        figures.take_in(brand.tenant_id, leader.leader_id, "shardId-1", [change], now=site.clock())


@pytest.fixture
def grown(site):
    """Wang › Zhao › Sun, and beside them Li › Zhou: two teams."""
    brand = site.a_brand(plan_preset="assessed")
    wang = site.a_leader(brand)
    zhao = site.a_leader(brand, "zhao@example.com", "Zhao", inviter=wang)
    sun = site.a_leader(brand, "sun@example.com", "Sun", inviter=zhao)
    li = site.a_leader(brand, "li@example.com", "Li")
    zhou = site.a_leader(brand, "zhou@example.com", "Zhou", inviter=li)
    return brand, wang, zhao, sun, zhou


def test_a_team_opens_level_by_level_with_sales_and_countdowns(site, grown):
    brand, wang, zhao, sun, _ = grown
    sold(site, brand, zhao, own_2026_03=12_00, team_2026_03=50_00)
    leader = site.signed_in("leader@example.com").open(TEAM)
    assert "own ¥12.00 · team ¥50.00" in leader.page.flat
    assert re.search(r"Zhao.*On probation: 6 days and 23 hours left", leader.page.flat)
    assert "Sun" not in leader.page.text
    leader.follow("Zhao")
    assert leader.address.endswith(f"open={zhao.leader_id}")
    assert "Invited by Zhao" in leader.page.text
    leader.follow("Sun")
    assert "My team › Zhao › Sun" in leader.page.flat
    assert "Sun has invited nobody yet." in leader.page.text
    assert sun.phone not in leader.page.html
    assert leader.open(f"{TEAM}?open={wang.leader_id}").status == 200


def test_an_upline_is_shown_no_phone_number(site, grown):
    _, _, zhao, sun, _ = grown
    leader = site.signed_in("leader@example.com")
    for below in (zhao, sun):
        shown = leader.open(f"{TEAM}?open={below.leader_id}").page
        assert below.name in shown.text
        assert below.phone[-8:] not in shown.html


def test_who_sold_nothing_for_two_months_is_marked_and_who_just_came_is_not(site, grown):
    brand, _, zhao, _, _ = grown
    assert "sells nothing" not in site.signed_in("leader@example.com").open(TEAM).page.text.split("Sales are of")[0]
    site.clock.now += timedelta(days=70)
    leader = site.signed_in("leader@example.com").open(TEAM)
    assert "sells nothing" in leader.page.text.split("Sales are of")[0]
    sold(site, brand, zhao, own_2026_04=1_00)
    assert "sells nothing" not in leader.open(TEAM).page.text.split("Sales are of")[0]


def test_who_was_told_that_it_falls_is_marked_with_the_month(site, grown, clock):
    brand, _, zhao, _, _ = grown
    with acting_for(brand.tenant_id):
        rank = profiles.get(brand.tenant_id, zhao.leader_id).rank
        standing.give_notice(brand.tenant_id, zhao.leader_id, f"{rank}#2026-03", rank=rank, reason="x", now=clock())
    assert "loses the rank at the end of Mar 2026" in site.signed_in("leader@example.com").open(TEAM).page.text


def test_a_name_is_found_in_ones_own_team_only(site, grown):
    _, _, _, sun, _ = grown
    leader = site.signed_in("leader@example.com").open(f"{TEAM}?name=s")
    assert leader.page.links["Sun"].endswith(f"open={sun.leader_id}")
    for theirs in ("Zhou", "Li", "Wang"):
        assert "Nobody in your team" in leader.open(f"{TEAM}?name={theirs}").page.text
    assert "Zhou" not in leader.open(f"{TEAM}?name=Zh").page.links


def test_another_leaders_team_does_not_exist(site, grown):
    _, wang, zhao, _, zhou = grown
    below = site.signed_in("zhao@example.com")
    assert below.open(f"{TEAM}?open={zhao.leader_id}").status == 200
    for elsewhere in (wang.leader_id, zhou.leader_id, "ld_0000000000", "x"):
        assert below.open(f"{TEAM}?open={elsewhere}").status == 404
        assert "Zhou" not in below.page.text
    other = site.signed_in("li@example.com")
    assert other.open(f"{TEAM}?open={zhao.leader_id}").status == 404
    assert site.browser().open(TEAM).address.startswith("/api/signin")
    site.a_brand("red-hill", "other@example.com")
    assert site.signed_in("other@example.com").open(f"{TEAM}?open={zhao.leader_id}").status == 404
    assert site.signed_in("owner@example.com").open(TEAM).status == 403


def test_who_was_moved_away_is_no_longer_of_the_team(site, grown):
    from chalicelib.leaders import moves

    brand, _, zhao, sun, zhou = grown
    leader = site.signed_in("leader@example.com")
    with acting_for(brand.tenant_id):
        moves.move(brand.tenant_id, zhao.leader_id, zhou.leader_id, by="prs_owner", reason="x", now=site.clock())
    for gone in (zhao, sun):  # the one below it too, though its path is not rewritten yet
        assert leader.open(f"{TEAM}?open={gone.leader_id}").status == 404
    assert "Nobody in your team" in leader.open(f"{TEAM}?name=sun").page.text


def test_a_long_list_goes_on_and_reads_no_more_for_it(site):
    brand = site.a_brand()
    wang = site.a_leader(brand)
    for number in range(32):
        site.clock.advance(seconds=1)
        site.a_leader(brand, f"below{number}@example.com", f"Below {number:02d}", inviter=wang)
    leader = site.signed_in("leader@example.com").open(TEAM)
    assert "Below 29" in leader.page.text
    assert "Below 30" not in leader.page.text
    with counting() as meter:
        leader.open(TEAM)
    assert meter.requests <= 6
    leader.follow("Show older ones")
    assert "Below 31" in leader.page.text
    assert "Below 29" not in leader.page.text


def test_the_brand_sees_in_its_list_who_sells_and_whose_trial_runs(site, grown):
    brand, wang, zhao, _, _ = grown
    sold(site, brand, zhao, own_2026_03=12_00, team_2026_03=50_00)
    with acting_for(brand.tenant_id):
        standing.freeze(brand.tenant_id, wang.leader_id, by="ps_1", reason="asked for", now=site.clock())
    owner = site.signed_in("owner@example.com").open("/console/green-village/leaders")
    assert re.search(r"Zhao.*On probation 6 days and 23 hours left ?¥12.00 ?¥50.00", owner.page.flat)
    assert re.search(r"Wang.*Frozen ?¥0.00", owner.page.flat)
    owner.follow("Zhao")
    assert re.search(r"Own sales this month ?¥12.00 ?Team sales this month ?¥50.00", owner.page.flat)


def test_the_brand_finds_a_leader_by_the_beginning_of_its_name(site, grown):
    owner = site.signed_in("owner@example.com").open("/console/green-village/leaders?name=z")
    assert {"Zhao", "Zhou"} <= set(owner.page.links)
    assert not {"Wang", "Sun", "Li"} & set(owner.page.links)
    owner.open("/console/green-village/leaders?name=Q")
    assert "No leader is called like this." in owner.page.text
    owner.follow("All leaders")
    assert {"Wang", "Sun", "Li"} <= set(owner.page.links)


def test_the_brand_finds_a_leader_by_any_part_of_its_name_as_far_as_a_page_looks(site, grown, monkeypatch):
    owner = site.signed_in("owner@example.com").open("/console/green-village/leaders?name=AO")
    assert "Zhao" in owner.page.links
    assert not {"Wang", "Zhou", "Li"} & set(owner.page.links)
    assert "looked through" not in owner.page.text, "all of them were"

    monkeypatch.setattr(console_leaders, "PAGE", 1)
    owner.open("/console/green-village/leaders?name=h")
    assert "There are further ones." in owner.page.text
    found = {"Zhao", "Zhou"} & set(owner.page.links)
    found |= {"Zhao", "Zhou"} & set(owner.follow("Look through the further ones").page.links)
    assert found == {"Zhao", "Zhou"}
