"""On a phone a leader's places are under the thumb, and nothing of a page is under them."""

import pytest

from tests.browser.story import Story
from tests.browser.visitor import DESKTOP

pytestmark = pytest.mark.browser
IS_ON_TOP = """(one) => {
  const box = one.getBoundingClientRect();
  return one.contains(document.elementFromPoint(box.x + box.width / 2, box.y + box.height / 2));
}"""


@pytest.fixture
def leader(visitor, world):
    """A leader on a phone, with an order to hand out."""
    story = Story(visitor, world)
    for one in (story.owner, story.first, story.second, story.customer):
        one.looks = False
    story.a_brand_signs_up()
    story.it_adds_a_product()
    story.it_opens_a_campaign()
    story.a_leader_registers_and_a_second_below()
    story.a_customer_orders_and_pays()
    return story.second


def test_what_a_page_asks_for_and_its_end_are_above_the_bar(leader):
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
