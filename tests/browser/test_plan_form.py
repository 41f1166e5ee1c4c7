"""A plan's parts put in and taken out with the keyboard, in Chromium: the page goes on where the button was."""

import pytest

from tests.browser.visitor import DESKTOP, PHONE

pytestmark = pytest.mark.browser
AT = "() => document.activeElement.id"
WITHIN = "(place) => document.getElementById(place).contains(document.activeElement)"
SEEN = """() => {
  const at = document.activeElement.getBoundingClientRect();
  return at.top >= 0 && at.bottom <= innerHeight;
}"""


def press(owner, does):
    """Press Enter on the button that does something, and see that what is told of it has the focus and is seen."""
    owner.page.locator(f'button[value="{does}"]').focus()
    with owner.page.expect_navigation() as arrival:
        owner.page.keyboard.press("Enter")
    assert arrival.value.status == 200, owner.text()
    owner.look()
    assert owner.page.evaluate(AT) == "told"
    assert owner.page.evaluate(SEEN)


@pytest.mark.parametrize(
    ("language", "screen", "script"),
    [pytest.param("zh", PHONE, False, id="phone, no scripts"), pytest.param("en", DESKTOP, True, id="desktop")],
)
def test_thresholds_and_ranks_come_and_go_by_the_keyboard(visitor, world, language, screen, script):
    owner = visitor(language=language, screen=screen, script=script).open("/signup")
    owner.send("/signup", "Go on", name="Green Village", email="mei@example.com")
    owner.types_code("/signup/code", "mei@example.com")
    owner.open("/console/green-village/plan/new?preset=breakaway")

    owner.page.locator('[id="rewards[1].rate_bp"]').fill("26")
    press(owner, "add promotions[0].when")
    owner.page.keyboard.press("Tab")
    assert owner.page.evaluate(WITHIN, "promotions[0].when.of[2]")
    press(owner, "take promotions[0].when.of[0]")
    press(owner, "add ranks[2]")
    owner.page.keyboard.press("Tab")
    assert owner.page.evaluate(WITHIN, "ranks[3]")
    press(owner, "take ranks[3]")
    assert owner.page.locator('[id="rewards[1].rate_bp"]').input_value() == "26"
