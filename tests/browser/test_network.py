"""The tree and the team at a real browser: larger and smaller, moved by hand, opened in place; and without a script."""

import pytest

from tests.browser.story import Story
from tests.browser.visitor import DESKTOP

pytestmark = pytest.mark.browser
TREE, TEAM = "/console/green-village/leaders/tree", "/lead/green-village/team"


@pytest.fixture
def story(visitor, world):
    """A brand with two leaders, the second below the first."""
    told = Story(visitor, world, screen=DESKTOP)
    for one in (told.owner, told.first, told.second):
        one.looks = False
    told.a_brand_signs_up()
    told.a_leader_registers_and_a_second_below()
    return told


def test_the_tree_grows_by_a_button_and_is_moved_by_hand_without_opening_anything(story):
    page = story.owner.open(TREE).page
    width = "document.querySelector('#tree svg').getBoundingClientRect().width"
    before = page.evaluate(width)
    for _ in range(3):
        page.locator("[data-zoom=in]").click()
    assert page.evaluate(width) > before * 2
    view = page.locator("#tree")
    view.evaluate("(one) => one.scrollTo(200, 0)")
    name = view.locator("svg a").nth(1).bounding_box()
    page.mouse.move(name["x"] + 20, name["y"] + 20)
    page.mouse.down()
    page.mouse.move(name["x"] - 60, name["y"] + 20, steps=4)
    page.mouse.up()
    assert view.evaluate("(one) => one.scrollLeft") > 240
    assert page.url.endswith(TREE)
    page.locator("[data-zoom=whole]").click()
    assert page.evaluate(width) <= view.bounding_box()["width"]
    with page.expect_navigation():
        view.locator("svg a").nth(1).click()
    assert "from=ld_" in page.url
    story.owner.look()


def test_a_members_team_opens_and_closes_in_place(story):
    page = story.first.open(TEAM).page
    button, below = page.locator("[data-branch]"), page.locator(".below")
    button.click()
    below.wait_for()
    assert below.inner_text().strip()
    assert button.get_attribute("aria-expanded") == "true"
    story.first.look()
    button.click()
    assert not below.is_visible()
    assert page.url.endswith(TEAM)


def test_without_a_script_names_lead_on(story, visitor):
    still = visitor(script=False)
    still.context.add_cookies(story.owner.context.cookies())
    page = still.open(TREE).page
    assert not page.locator("#zoom").is_visible()
    page.locator("#tree svg a").nth(1).click()
    page.wait_for_url("**from=ld_*")
    still.context.clear_cookies()
    still.context.add_cookies(story.first.context.cookies())
    page = still.open(TEAM).page
    assert not page.locator("[data-branch]").is_visible()
    page.locator(".members a").first.click()
    page.wait_for_url("**open=ld_*")
