"""Who may keep a copy of which page, what a page may load, and who gets a cookie: asked of every route there is."""

import re
from random import Random

import pytest

from chalicelib.web import static
from chalicelib.web.frame import ROUTES
from tests.conftest import StoppedClock, an_empty_table
from tests.web.conftest import Site
from tests.web.village import Village

FOR_EVER, FRESH = "public, max-age=31536000, immutable", "public, max-age=5"
PUBLISHED, FOR_A_DAY = "public, max-age=300", "public, max-age=86400"
ASK_AGAIN, NOT_KEPT = "private, no-cache", "private, no-store"
KINDS = (
    ("a file named by its content", r"/static/", FOR_EVER),
    ("a colour's sheet, pure of its address", r"/look/", FOR_EVER),
    ("what pages are made of", r"/gallery$", FRESH),
    ("a photo named by its content", r"/media/", FOR_EVER),
    ("behind an order's link", r".*\{order_token\}", NOT_KEPT),
    ("a leader's shop: its form's nonce is one order", r"/s/\{store\}/\{leader_id\}$", ASK_AGAIN),
    ("a product, a chain", r"/s/\{store\}/\{leader_id\}/[pc]/", FRESH),
    ("else of a leader's: a poster", r"/s/", ASK_AGAIN),
    ("needs a session", r"/(console|lead|me)\b", NOT_KEPT),
    ("what we say of ourselves", r"/(prices|docs.*)?$", PUBLISHED),
    ("pictures of ours, and what search engines ask for", r"/(pictures/|robots|sitemap)", FOR_A_DAY),
    ("forms of strangers", r"/(signin|signout|signup|join/.*)$", ASK_AGAIN),
)
"""Kinds of pages by their path, and what a stranger's browser is told about keeping them; the first that fits."""
GETS = sorted({route.path for route in ROUTES if route.method == "GET"})
POSTS = sorted({route.path for route in ROUTES if route.method == "POST"})
INLINE = re.compile(r"<script(?![^>]*\bsrc=)|<style\b|\sstyle=|\son[a-z]+=|javascript:", re.IGNORECASE)


def kind_of(path):
    """What a stranger is told about keeping a page."""
    return next(told for _, pattern, told in KINDS if re.match(pattern, path))


@pytest.fixture(scope="module")
def village():
    """One for all of these, which only look: it takes longer to build than to ask for every page."""
    with an_empty_table():
        made = Village(Site(StoppedClock(), Random("caching").getrandbits))
        made.parts["name"] = static.named("app.css")
        yield made


def told(answer):
    """What an answer says about itself."""
    return answer.headers["Cache-Control"], answer.headers["Content-Security-Policy"]


def asked(browser, method, address):
    """Ask without following redirects: each answer has headers of its own."""
    headers = browser.headers | ({"Cookie": browser.cookie} if browser.cookie else {})
    headers |= {"Content-Type": "application/x-www-form-urlencoded"} if method == "POST" else {}
    return browser.client.http.request(method, address, headers=headers, body=b"")


def test_every_page_says_who_may_keep_it(village):
    stranger = village.site.browser()
    for path in GETS:
        if path.startswith("/media/"):
            continue  # tests/web/test_photos.py: there is no photo here
        answer = asked(stranger, "GET", village.address(path))
        expected = kind_of(path)
        if answer.status_code >= 400 and expected in (FRESH, PUBLISHED, FOR_A_DAY):
            expected = ASK_AGAIN
        if answer.status_code == 303:
            expected = NOT_KEPT
        assert told(answer)[0] == expected, path


def test_nothing_of_somebody_signed_in_is_kept(village):
    for path in GETS:
        browser = village.browser_for(path if path.startswith(("/console/", "/lead/")) else "/me")
        cache, _ = told(asked(browser, "GET", village.address(path)))
        assert cache == NOT_KEPT or kind_of(path) in (FOR_EVER, FOR_A_DAY) or path.endswith((".json", ".txt")), path


def test_no_answer_to_a_form_is_kept_by_others(village):
    for path in POSTS:
        cache, _ = told(asked(village.site.browser(), "POST", village.address(path)))
        assert cache.startswith("private"), path


def test_every_page_forbids_inline_scripts_and_styles_and_has_none(village):
    for path in GETS:
        answer = asked(village.browser_for(path), "GET", village.address(path))
        _, policy = told(answer)
        assert policy.startswith("default-src 'none'; style-src 'self'; script-src 'self'"), path
        assert "unsafe" not in policy, path
        assert not INLINE.search(answer.body.decode()), path


def test_a_customer_who_looks_gets_no_cookie(village):
    stranger = village.site.browser()
    for path in GETS:
        assert "Set-Cookie" not in asked(stranger, "GET", village.address(path)).headers, path


def test_a_page_names_its_files_by_what_is_in_them(village):
    html = village.site.browser().open("/").page.html
    files = re.findall(r'/static/[^"]+', html)
    assert files
    assert all(re.search(r"\.[0-9a-f]{8}\.", one) for one in files)
    assert village.site.browser().open("/static/app.css").status == 404
