"""The look that every page gets finds what it should."""

import pytest

pytestmark = pytest.mark.browser

BROKEN = """<!doctype html><title></title><main><h1>Pears</h1><p style="color:#bbb;background:#fff">pale</p><input>
<p style="width:2000px">wide</p></main>"""


def shown(somebody, html):
    """Somebody's browser on a page that is not ours, at an address of ours."""
    somebody.page.route("**/broken", lambda route: route.fulfill(body=html, content_type="text/html; charset=utf-8"))
    somebody.page.route("https://elsewhere.example/**", lambda route: route.abort())
    return somebody.page.goto("/broken")


def test_a_page_with_pale_text_and_a_nameless_field_is_refused(visitor):
    somebody = visitor()
    shown(somebody, BROKEN)
    with pytest.raises(AssertionError) as told:
        somebody.look()
    for found in ("color-contrast", "label", "document-title", "html-has-lang"):
        assert found in str(told.value)


@pytest.mark.parametrize("script", [True, False], ids=["with scripts", "without scripts"])
def test_a_page_that_is_wider_than_the_screen_is_refused(visitor, script):
    somebody = visitor(script=script)
    shown(somebody, BROKEN)
    with pytest.raises(AssertionError, match="wider than the screen"):
        somebody.look()


def test_a_page_that_asks_another_host_is_refused(visitor):
    somebody = visitor()
    shown(somebody, '<!doctype html><html lang="en"><title>x</title><img alt="" src="https://elsewhere.example/x">')
    with pytest.raises(AssertionError, match="asks another host"):
        somebody.look()
