"""What is nicer with a script."""

import pytest

from tests.browser.story import Story

pytestmark = pytest.mark.browser


def test_the_tab_that_is_open_is_seen_on_a_phone(visitor, world):
    story = Story(visitor, world)
    story.a_brand_signs_up()
    owner = story.owner.follow("Settings")
    tab = owner.page.locator(".tabs [aria-current]").bounding_box()
    assert 0 <= tab["x"] <= tab["x"] + tab["width"] <= owner.page.viewport_size["width"]
