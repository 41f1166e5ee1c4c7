"""On a phone a leader's and a brand's places are under the thumb, and nothing of a page is under them."""

import pytest

from tests.browser.story import Story
from tests.browser.visitor import DESKTOP

pytestmark = pytest.mark.browser
IS_ON_TOP = """(one) => {
  const box = one.getBoundingClientRect();
  return one.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
}"""


@pytest.fixture
def story(visitor, world):
    """A brand, a leader with an order to hand out, each on a phone."""
    story = Story(visitor, world)
    for one in (story.owner, story.first, story.second, story.customer):
        one.looks = False
    story.a_brand_signs_up()
    story.it_adds_a_product()
    story.it_opens_a_campaign()
    story.a_leader_registers_and_a_second_below()
    story.a_customer_orders_and_pays()
    return story


def test_what_a_page_asks_for_and_its_end_are_above_the_bar(story):
    leader = story.second
    leader.open("/lead/green-village").follow("Orders").follow("Hand out")
    page = leader.page
    with page.expect_navigation():
        page.locator("main a.card").first.click()
    leader.follow("Hand-out list")
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    for one in ("main button.main", ".foot a >> nth=-1", ".thumbs a >> nth=0", ".thumbs a >> nth=-1"):
        assert page.locator(one).evaluate(IS_ON_TOP), one
    assert page.locator(".thumbs a:visible").count() == 5
    assert page.locator(".tabs a:visible").all_inner_texts() == ["Orders", "Hand out", "After-sales"]
    leader.look()
    page.set_viewport_size(DESKTOP)
    assert not page.locator(".thumbs a:visible").count()
    assert page.locator(".tabs a:visible").count() == 11


def test_a_brand_has_five_kinds_of_places_under_the_thumb_and_those_of_the_open_kind_above(story):
    owner = story.owner.open("/console/green-village/orders")
    page = owner.page
    assert page.locator(".thumbs a:visible").all_inner_texts() == ["Overview", "Selling", "Network", "Money", "Brand"]
    assert "Leaders" not in page.locator(".tabs a:visible").all_inner_texts()
    owner.follow("Network")
    assert page.locator(".tabs a:visible").all_inner_texts() == ["Leaders", "Leaderboards", "Plan"]
    page.evaluate("scrollTo(0, document.body.scrollHeight)")
    assert page.locator(".foot a >> nth=-1").evaluate(IS_ON_TOP)
    owner.look()
    page.set_viewport_size(DESKTOP)
    assert not page.locator(".thumbs a:visible").count()
    assert page.locator(".tabs a:visible").count() == 19
