"""The hosted page, as a phone without JavaScript sees it."""

import http.client
import urllib.parse

import stripe

from infra.local.stripe_sandbox import Running
from tests.infra.local.stripe_sandbox.builders import line, onboarding_link, tea_session


def visit(running: Running, url: str, **form: str) -> tuple[int, str, str]:
    """Status, text and `Location` of a page; with a form, of pressing its button."""
    place = urllib.parse.urlsplit(url)
    connection = http.client.HTTPConnection(place.netloc, timeout=5)
    body = urllib.parse.urlencode(form) if form else None
    headers = {"Content-Type": "application/x-www-form-urlencoded"} if form else {}
    connection.request("POST" if form else "GET", place.path, body, headers)
    response = connection.getresponse()
    text = response.read().decode()
    connection.close()
    return response.status, text, response.headers.get("Location", "")


def page_of(session: stripe.checkout.Session) -> str:
    assert session.url is not None
    return session.url


def test_the_page_shows_lines_amount_and_buttons(running: Running, client: stripe.StripeClient) -> None:
    session = tea_session(client, line_items=[line(1_250, 2, name="<b>Oolong</b>")], cancel_url="http://localhost/cart")
    status, text, _ = visit(running, page_of(session))
    assert status == 200 and "width=device-width" in text
    assert "&lt;b&gt;Oolong&lt;/b&gt; × 2" in text and "<b>Oolong" not in text
    assert "25.00 USD" in text and 'href="http://localhost/cart"' in text
    assert all(f'value="{action}"' in text for action in ("pay", "fail", "pay_async"))


def test_pay_goes_back_to_the_shop_with_the_sessions_id(running: Running, client: stripe.StripeClient) -> None:
    session = tea_session(client, success_url="http://localhost/thanks?s={CHECKOUT_SESSION_ID}")
    status, _, location = visit(running, page_of(session), action="pay", email="lin@example.com")
    assert (status, location) == (303, f"http://localhost/thanks?s={session.id}")
    paid = client.v1.checkout.sessions.retrieve(session.id)
    assert paid.payment_status == "paid"
    assert paid.customer_details is not None and paid.customer_details.email == "lin@example.com"
    assert "Paid. Thank you." in visit(running, page_of(session))[1]


def test_fail_says_so_and_offers_another_try(running: Running, client: stripe.StripeClient) -> None:
    session = tea_session(client)
    status, text, _ = visit(running, page_of(session), action="fail")
    assert status == 200 and "Your card was declined" in text and 'value="pay"' in text


def test_the_bank_answers_a_later_payment_on_the_same_page(running: Running, client: stripe.StripeClient) -> None:
    for answer, outcome in (("settle_async", "paid"), ("fail_async", "unpaid")):
        session = tea_session(client)
        assert visit(running, page_of(session), action="pay_async")[0] == 303
        assert 'value="settle_async"' in visit(running, page_of(session))[1]
        assert "The bank has answered" in visit(running, page_of(session), action=answer)[1]
        assert client.v1.checkout.sessions.retrieve(session.id).payment_status == outcome
        assert 'value="settle_async"' not in visit(running, page_of(session))[1]


def test_an_expired_checkout_cannot_be_paid(running: Running, client: stripe.StripeClient) -> None:
    session = tea_session(client)
    running.control.advance_clock(25 * 3_600)
    assert "has expired" in visit(running, page_of(session))[1]
    assert visit(running, page_of(session), action="pay")[0] == 400
    assert client.v1.charges.list().data == []


def test_the_front_page_lists_checkouts_and_unknown_pages_say_so(running: Running, client: stripe.StripeClient) -> None:
    tea_session(client, client_reference_id="O17")
    assert "O17" in visit(running, f"{running.url}/")[1]
    assert visit(running, f"{running.url}/c/pay/cs_test_nowhere")[0] == 404
    assert visit(running, f"{running.url}/nowhere")[0] == 404


def test_a_leader_finishes_onboarding_on_a_page_good_for_one_visit(
    running: Running, client: stripe.StripeClient
) -> None:
    account = client.v1.accounts.create({"type": "express", "capabilities": {"transfers": {"requested": True}}})
    link = onboarding_link(client, account.id)
    assert "Finish onboarding" in visit(running, link)[1]
    assert visit(running, link)[2] == "http://localhost/again"
    assert visit(running, link, done="1")[2] == "http://localhost/back"
    ready = client.v1.accounts.retrieve(account.id)
    assert ready.details_submitted and ready.capabilities is not None
    assert ready.capabilities.transfers == "active"


def test_an_onboarding_link_lives_five_minutes(running: Running, client: stripe.StripeClient) -> None:
    account = client.v1.accounts.create({"type": "express"})
    link = onboarding_link(client, account.id)
    running.control.advance_clock(301)
    assert visit(running, link)[2] == "http://localhost/again"
