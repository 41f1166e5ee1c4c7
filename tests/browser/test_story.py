"""The whole story by clicking, in each language, on each screen, with scripts and without."""

import pytest

from tests.browser.story import Story
from tests.browser.visitor import DESKTOP, PHONE

pytestmark = pytest.mark.browser


@pytest.mark.parametrize(
    ("language", "screen", "script", "dark"),
    [
        pytest.param("zh", PHONE, True, False, id="Chinese, phone"),
        pytest.param("en", PHONE, False, True, id="English, phone, dark, without scripts"),
        pytest.param("zh", DESKTOP, False, False, id="Chinese, desktop, without scripts"),
        pytest.param("en", DESKTOP, True, True, id="English, desktop, dark"),
    ],
)
def test_from_sign_up_to_the_money_in_the_bank(visitor, world, language, screen, script, dark):
    Story(visitor, world, language=language, screen=screen, script=script, dark=dark).everything()
