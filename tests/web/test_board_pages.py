"""Leaderboards and targets on pages: the brand chooses, leaders see where they are, the best get their goods."""

from datetime import timedelta

import pytest

from chalicelib.boards import actions as boards
from chalicelib.figures import store as figures
from chalicelib.figures.rules import Brought, of_brought
from chalicelib.figures.store import Change
from chalicelib.tenancy import acting_for

WEEK = "customers-2026-W10"


@pytest.fixture
def race(site):
    """A brand of two leaders; the second one brought two customers."""
    brand = site.a_brand()
    leaders = [site.a_leader(brand), site.a_leader(brand, email="second@example.com", name="Bo")]
    with acting_for(brand.tenant_id):
        for sequence, leader in enumerate([leaders[1], leaders[1], leaders[0]], start=1):
            counts = of_brought(Brought(leader.leader_id, "customers"), "2026-03-02")[leader.leader_id]
            change = Change(str(sequence), site.clock(), counts, {"status": "confirmed"})
            figures.take_in(brand.tenant_id, leader.leader_id, "shardId-1", [change], now=site.clock())
    site.a_campaign(brand)
    return brand


def counted(site, brand):
    with acting_for(brand.tenant_id):
        boards.keep_up(brand, now=site.clock())


def test_a_brand_chooses_boards_and_a_leader_sees_how_far_it_is(site, race):
    owner = site.signed_in("owner@example.com").open("/console/green-village/boards")
    assert "No leaderboards yet" in owner.page.flat
    owner.send("boards", **{"customers-week": "1"})
    assert "Not counted yet" in owner.page.flat
    counted(site, race)
    owner.open(f"/console/green-village/boards/{WEEK}")
    assert "1. Bo Prize circle2" in owner.page.flat
    leader = site.signed_in("leader@example.com").open("/lead/green-village/boards")
    assert "You are on place 2 with 1" in leader.page.flat
    assert "1 to the next place" in leader.page.flat
    assert "1 to the prize circle" in leader.page.flat
    assert "距上一名还差 1" in leader.open("/lead/green-village/boards?lang=zh").page.flat


def test_a_prize_is_given_when_the_board_is_final(site, race):
    owner = site.signed_in("owner@example.com").open("/console/green-village/boards")
    owner.send("boards", **{"customers-week": "1"})
    counted(site, race)
    owner.open(f"/console/green-village/boards/{WEEK}")
    owner.send("prizes", first_place="3", last_place="2")
    assert owner.status == 400
    assert "the lower number first" in owner.page.flat
    owner.send("prizes", first_place="", last_place="")
    assert "Pears × 1Prize circleOffered" in owner.page.flat
    assert "Give it to the winners" not in owner.page.flat

    site.clock.now += timedelta(days=7)
    counted(site, race)
    owner = site.signed_in("owner@example.com").open(f"/console/green-village/boards/{WEEK}")
    form = next(one for one in owner.page.forms if one["fields"].get("do") == "award")
    owner.post(form["action"], form["fields"])
    owner.open(f"/console/green-village/boards/{WEEK}")
    assert "Pears × 1Prize circleGiven" in owner.page.flat
    site.stream(race)
    winner = site.signed_in("second@example.com").open("/lead/green-village")
    assert "¥0.00" in winner.page.flat
    assert "Pears × 1" in winner.page.flat
    winner.open("/lead/green-village/boards")
    assert "How earlier ones ended" in winner.page.flat
    assert "Place 1 · 2" in winner.page.flat


def test_staff_cannot_give_prizes_and_strangers_see_nothing(site, race):
    leader = site.signed_in("leader@example.com").open(f"/console/green-village/boards/{WEEK}")
    assert leader.status == 404
    owner = site.signed_in("owner@example.com")
    for path in ("luck-2026-W10", "sales-1999-W01", "x"):
        assert owner.open(f"/console/green-village/boards/{path}").status == 404


def test_a_target_is_set_for_all_and_every_leader_sees_its_own_way(site, race):
    owner = site.signed_in("owner@example.com").open("/console/green-village/boards")
    owner.send("target", members="2", customers="5")
    assert owner.status == 400
    owner.send("target", members="4", customers="2")
    leader = site.signed_in("second@example.com").open("/lead/green-village/boards")
    assert "My target for Mar 2026" in leader.page.flat
    assert "2 / 2" in leader.page.flat
    assert "0 / 4" in leader.page.flat
