"""What is nicer with a script."""

import pytest

from tests.browser.story import Story

pytestmark = pytest.mark.browser


def test_the_tab_that_is_open_is_seen_on_a_phone(visitor, world):
    story = Story(visitor, world)
    story.a_brand_signs_up()
    owner = story.at_the_desk("Brand", "Log")
    tab = owner.page.locator(".tabs [aria-current]").bounding_box()
    assert 0 <= tab["x"] <= tab["x"] + tab["width"] <= owner.page.viewport_size["width"]


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_a_chart_says_at_once_what_is_under_the_pointer(visitor, script):
    page = visitor(script=script).open("/gallery").page
    said = page.locator(".bars .told:visible")
    page.locator(".bars").first.locator(".spot").nth(1).hover()
    assert said.all_text_contents() == ["2: ¥30.00"]


def test_a_chart_is_one_stop_of_the_keyboard_and_is_walked_by_arrows(visitor):
    somebody = visitor().open("/gallery")
    page, chart = somebody.page, somebody.page.locator(".bars").first
    chart.focus()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    assert page.locator(".bars .told:visible").all_text_contents() == ["2: ¥30.00"]
    assert chart.get_attribute("aria-valuetext") == "2: ¥30.00"
    somebody.look()
    page.keyboard.press("Tab")
    assert not page.locator(".bars .told:visible").count()
    assert page.locator(".lines").first.evaluate("(one) => one === document.activeElement")


@pytest.fixture
def story(visitor, world):
    """A brand with a campaign that runs, and two leaders."""
    told = Story(visitor, world)
    for one in (told.owner, told.first, told.second):
        one.looks = False
    told.a_brand_signs_up()
    told.it_adds_a_product()
    told.it_opens_a_campaign()
    told.a_leader_registers_and_a_second_below()
    return told


def test_a_basket_is_filled_by_thumb_and_time_ticks(story):
    customer = story.customer.open(story.second.value("shop"))
    page, quantity = customer.page, customer.page.locator(".qty")
    quantity.fill("")
    less, more = page.locator('[data-step="-1"]'), page.locator('[data-step="1"]')
    less.click()
    assert quantity.input_value() == ""
    for _ in range(12):
        more.click()
    assert quantity.input_value() == "10"  # no more than there are
    assert "¥1,000.00" in page.locator(".bar").inner_text()
    before = page.locator(".countdown").inner_text()
    assert ":" in before
    page.wait_for_function("(text) => document.querySelector('.countdown').textContent !== text", arg=before)
    customer.look()


def test_a_colour_is_seen_while_it_is_picked(story):
    owner = story.owner.open("/console/green-village/look")
    button = owner.page.locator("main button.main")
    owner.page.locator("[name=picked]").fill("#1a5c38")
    filled = "([one, colour]) => getComputedStyle(one).backgroundColor === colour"
    owner.page.wait_for_function(filled, arg=[button.element_handle(), "rgb(26, 92, 56)"])
    assert owner.value("accent") == "#1a5c38"
    owner.page.locator("#accent").fill("#ffd000")
    owner.page.wait_for_function(filled, arg=[button.element_handle(), "rgb(255, 208, 0)"])
    owner.look()
