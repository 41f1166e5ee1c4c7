"""What keeps forms honest: tokens, origins, nonces, where one may be led to (infra/failures.md, 36, 37, 41)."""

from datetime import timedelta

import pytest

from chalicelib.web import guards
from tests.web.browser import ORIGIN


def test_a_form_sent_by_another_site_is_refused_and_does_nothing(site):
    site.a_brand()
    owner = site.signed_in("owner@example.com").open("/console/green-village/settings")
    owner.send(name="Stolen", origin="https://evil.example")
    assert owner.status == 403
    assert owner.open("/console/green-village").page.title == "Green Village"


def test_a_browser_that_says_only_cross_site_is_believed(site):
    customer = site.browser()
    customer.headers["Sec-Fetch-Site"] = "cross-site"
    customer.open("/signin").send("signin", email="mei@example.com", origin=None)
    assert customer.status == 403
    assert not site.mailbox.letters


def test_a_signed_in_form_without_its_token_asks_to_be_sent_again(site):
    site.a_brand()
    owner = site.signed_in("owner@example.com").open("/console/green-village/products/new")
    owner.send("new", title="Pears", unit="box", sale_price_minor="18", list_price_minor="25", csrf="0" * 64)
    assert owner.status == 403
    assert owner.page.forms[0]["fields"]["title"] == "Pears"
    assert "No products yet" in owner.open("/console/green-village/products").page.text


def test_the_token_of_another_session_is_worthless(site):
    site.a_brand()
    one = site.signed_in("owner@example.com").open("/console/green-village/settings")
    stolen = one.page.forms[0]["fields"]["csrf"]
    other = site.signed_in("owner@example.com").open("/console/green-village/settings")
    other.send(name="New Village", csrf=stolen)
    assert other.status == 403


def test_a_guests_form_of_yesterday_keeps_what_was_typed(site, clock):
    visitor = site.browser().open("/signin")
    clock.advance(hours=25)
    visitor.send("signin", email="mei@example.com")
    assert visitor.status == 400
    assert "open for a long time" in visitor.page.text
    assert visitor.page.forms[0]["fields"]["email"] == "mei@example.com"
    visitor.send("signin")
    assert site.mailbox.last_code("mei@example.com")


@pytest.mark.parametrize("nonce", ["", "x", "0" * 26 + ".1772438400." + "0" * 64])
def test_a_nonce_that_is_not_ours_is_refused(nonce, clock):
    with pytest.raises(guards.FormTooOld):
        guards.check_nonce(nonce, "secret", now=clock())


def test_a_nonce_from_the_future_is_refused(clock, randbits):
    nonce = guards.new_nonce("secret", now=clock() + timedelta(hours=1), randbits=randbits)
    with pytest.raises(guards.FormTooOld):
        guards.check_nonce(nonce, "secret", now=clock())


@pytest.mark.parametrize(
    "evil",
    ["//evil.example", "https://evil.example", "/\\evil.example", "javascript:alert(1)", "/a\nb", "evil", "/a b"],
)
def test_next_leads_nowhere_else(site, evil):
    site.a_brand()
    assert guards.own_path(evil) is None
    visitor = site.browser().open("/signin").send("signin", email="owner@example.com", next=evil)
    visitor.send("code", code=site.mailbox.last_code("owner@example.com"))
    assert visitor.address == "/api/console/green-village"


def test_next_leads_back_to_where_one_was(site):
    site.a_brand()
    visitor = site.browser().open("/console/green-village/orders")
    assert visitor.address.startswith("/api/signin?next=")
    visitor.send("signin", email="owner@example.com")
    visitor.send("code", code=site.mailbox.last_code("owner@example.com"))
    assert visitor.address == "/api/console/green-village/orders"


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"email=%ff%fe", 400),
        (b"\xff", 400),
        (b"email=" + b"a" * 130_000, 413),
        (b"&".join(b"f%d=1" % number for number in range(400)), 400),
        (b"email=a%00b", 400),
        (b"em%20ail%01=x", 400),
    ],
)
def test_bodies_that_are_no_form_are_refused_in_words(site, body, status):
    visitor = site.browser()
    headers = {"Origin": ORIGIN, "Content-Type": "application/x-www-form-urlencoded"}
    visitor._go("POST", "/signin", body, headers)
    assert visitor.status == status
    assert "<main" in visitor.page.html


def test_json_is_no_form(site):
    answer = site.client.http.post("/signin", headers={"Content-Type": "application/json"}, body=b"{}")
    assert answer.status_code == 415
    assert b"<main" in answer.body


def test_every_answer_forbids_inline_scripts_and_frames(site):
    for path in ("/", "/signin", "/signup", "/s/nobody/ld_0000000000"):
        policy = site.browser().open(path).answer.headers["Content-Security-Policy"]
        assert "script-src 'self'" in policy
        assert "unsafe" not in policy
        assert "frame-ancestors 'none'" in policy


def test_the_session_cookie_is_for_this_host_only_and_hidden_from_scripts(site):
    browser = site.browser().open("/signin").send("signin", email="mei@example.com")
    fields = browser.page.forms[0]["fields"] | {"code": site.mailbox.last_code("mei@example.com")}
    answer = site.client.http.post(
        "/signin/code",
        headers={"Content-Type": "application/x-www-form-urlencoded", "Origin": ORIGIN},
        body="&".join(f"{name}={value.replace('@', '%40')}" for name, value in fields.items()).encode(),
    )
    [cookie] = answer.headers["Set-Cookie"]
    assert cookie.startswith("__Host-session=")
    for attribute in ("Path=/", "Secure", "HttpOnly", "SameSite=Lax"):
        assert attribute in cookie
    assert "Domain" not in cookie


def test_signing_out_closes_the_session_on_the_server(site):
    site.a_brand()
    owner = site.signed_in("owner@example.com")
    kept = owner.cookie
    owner.open("/signout").send("signout")
    owner.cookie = kept
    assert owner.open("/console/green-village").address.startswith("/api/signin")
