"""The picture of the tree: who is on it, what is left out, where its names lead; and that it reads no more for more."""

import re

import pytest

from chalicelib.web import tree_picture
from chalicelib.web.tree_picture import Spot
from tests.bench.meter import counting

TREE = "/console/green-village/leaders/tree"


@pytest.fixture
def grown(site):
    """A brand with a root, two leaders below it and one below the first of these."""
    brand = site.a_brand()
    root = site.a_leader(brand)
    site.clock.advance(seconds=1)
    first = site.a_leader(brand, "first@example.com", "Zhao", inviter=root)
    site.clock.advance(seconds=1)
    site.a_leader(brand, "second@example.com", "Qian", inviter=root)
    deepest = site.a_leader(brand, "third@example.com", "Sun <b>", inviter=first)
    return brand, root, first, deepest


def test_everybody_is_on_the_picture_and_in_the_list_and_a_name_begins_there(site, grown):
    _, _, first, deepest = grown
    owner = site.signed_in("owner@example.com").open(TREE)
    picture = re.search(r'<svg class="tree" xmlns.*?</svg>', owner.page.html, re.S)[0]
    for name in ("Green Village", "Wang", "Zhao", "Qian", "Sun &lt;b&gt;"):
        assert f">{name}</text>" in picture
        assert f">{name}</a>" in owner.page.html.split("branches")[1]
    assert "4 leaders are shown" in owner.page.text
    owner.open(f"{TREE}?from={first.leader_id}")
    assert "2 leaders are shown" in owner.page.text
    assert "Qian" not in owner.page.text
    assert re.search(r"Green Village.*›.*Wang.*›.*Zhao", owner.page.text, re.S)
    assert f"{TREE}?from={deepest.leader_id}" in owner.page.html
    assert "Sun <b> has invited nobody yet" in owner.open(f"{TREE}?from={deepest.leader_id}").page.text


def test_a_leader_is_found_by_the_beginning_of_its_name(site, grown):
    _, _, first, _ = grown
    owner = site.signed_in("owner@example.com").open(f"{TREE}?name=zh")
    assert owner.page.links["Zhao"].endswith(f"{TREE}?from={first.leader_id}")
    assert "No leader's name begins like this" in owner.open(f"{TREE}?name=hao").page.text


def test_what_is_left_out_is_one_more_place_that_leads_on(site, grown):
    brand, root, *_ = grown
    for number in range(23):
        site.clock.advance(seconds=1)
        site.a_leader(brand, f"below{number}@example.com", f"Li {number}", inviter=root)
    owner = site.signed_in("owner@example.com").open(f"{TREE}?from={root.leader_id}")
    assert "Li 21" in owner.page.text
    assert "Li 22" not in owner.page.text
    owner.follow("1 more")
    assert "Li 22" in owner.page.text
    assert "Shown from the middle on." in owner.page.text
    assert "Zhao" not in owner.page.text


def test_the_page_reads_no_more_for_a_larger_team_than_its_bounds_say(site, grown):
    brand, root, *_ = grown
    owner = site.signed_in("owner@example.com")
    with counting() as meter:
        owner.open(TREE)
    before = meter.requests
    for number in range(12):
        site.a_leader(brand, f"below{number}@example.com", f"Li {number}", inviter=root)
    with counting() as meter:
        owner.open(TREE)
    assert meter.requests <= before + 12  # one look below each, and nothing else
    assert not meter.write_units


def test_nobody_else_sees_the_tree(site, grown):
    _, root, *_ = grown
    assert site.browser().open(TREE).address.startswith("/api/signin")
    assert site.signed_in("leader@example.com").open(TREE).status == 404
    site.a_brand("red-hill", "other@example.com")
    other = site.signed_in("other@example.com")
    assert other.open(TREE).status == 404
    elsewhere = other.open(f"/console/red-hill/leaders/tree?from={root.leader_id}")
    assert elsewhere.status == 404
    assert "Wang" not in elsewhere.page.text


def test_an_empty_brand_is_told_what_comes_first(site):
    site.a_brand()
    assert "Make an invitation link" in site.signed_in("owner@example.com").open(TREE).page.text


def test_rows_do_not_cross_and_one_stands_in_the_middle_of_those_below():
    spot = Spot("A", "", "A", "/a", below=[Spot("B", "", "B", "/b", below=[Spot(n, "", n, "/x") for n in "CDE"]),
                                           Spot("F", "", "F", "/f", share=1.0)])  # fmt: skip
    drawn = str(tree_picture.draw(spot, "Tree"))
    at = {name: float(y) for y, name in re.findall(r'<text x="[\d.]+" y="([\d.]+)">(\w)</text>', drawn)}
    assert sorted("CDEF", key=at.__getitem__) == list("CDEF")
    assert at["B"] == at["D"]
    assert at["A"] == (at["B"] + at["F"]) / 2
    assert re.search(r'r="17.0"/><text[^>]*>F<', drawn)
    assert "style=" not in drawn


def test_long_names_are_cut_by_their_width():
    assert tree_picture.shortened("欧阳春花秋月何时了往", 9.0) == "欧阳春花秋月何时…"
    assert tree_picture.shortened("Elizabeth", 9.0) == "Elizabeth"
    assert tree_picture.shortened("Elizabeth Montgomery", 9.0).endswith("…")
