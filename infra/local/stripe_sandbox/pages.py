"""The pages that people see at Stripe: the checkout, a payment that is under way, and a leader's onboarding."""

from pathlib import Path

from jinja2 import Environment, FileSystemLoader
from werkzeug.utils import redirect
from werkzeug.wrappers import Request, Response

from infra.local.stripe_sandbox import accounts, billing_portal, checkout_outcomes, customers, invoices
from infra.local.stripe_sandbox.books import Books
from infra.local.stripe_sandbox.refusals import Json, Missing, StripeRefusal
from infra.local.stripe_sandbox.sandbox import Sandbox

_TEMPLATES = Environment(loader=FileSystemLoader(Path(__file__).parent / "templates"), autoescape=True)
_CHECKOUT = "/c/pay/"
_SETUP = "/setup/"
_PORTAL = "/p/session/"
_NO_DECIMALS = {"bif", "clp", "djf", "gnf", "jpy", "kmf", "krw", "mga", "pyg", "rwf", "ugx", "vnd", "vuv", "xaf"}
_THREE_DECIMALS = {"bhd", "jod", "kwd", "omr", "tnd"}


def money(amount_minor: int, currency: str) -> str:
    """`1234, "usd"` → `12.34 USD`."""
    digits = 0 if currency in _NO_DECIMALS else 3 if currency in _THREE_DECIMALS else 2
    whole, part = divmod(amount_minor, 10**digits)
    return f"{whole:,}{f'.{part:0{digits}}' if digits else ''} {currency.upper()}"


_TEMPLATES.filters["money"] = money


def respond(sandbox: Sandbox, request: Request) -> Response:
    """Any address that is neither API nor control API."""
    sandbox.tick()
    try:
        with sandbox.store.transaction() as tables:
            return _page(sandbox.books(tables), request)
    except StripeRefusal as refusal:
        return _render("message.html", refusal.status, title="Not possible", text=refusal.message)
    finally:
        sandbox.courier.wake()


def _page(books: Books, request: Request) -> Response:
    if request.path == "/":
        newest = books.page("checkout.session", equal_to={}, created={}, after=None, before=None, limit=50)[0]
        return _render("index.html", sessions=newest)
    if request.path.startswith(_CHECKOUT):
        return _checkout(books, request, request.path.removeprefix(_CHECKOUT))
    if request.path.startswith(_SETUP):
        return _setup(books, request, request.path.removeprefix(_SETUP))
    if request.path.startswith(_PORTAL):
        return _portal(books, request, request.path.removeprefix(_PORTAL))
    raise Missing("There is no such page.")


def _render(template: str, status: int = 200, **values: object) -> Response:
    return Response(_TEMPLATES.get_template(template).render(**values), status, content_type="text/html")


def _checkout(books: Books, request: Request, session_id: str) -> Response:
    session = books.get("checkout.session", session_id)
    if request.method == "POST":
        return _act(books, session, request.form["action"], _buyer(request))
    return _show_checkout(books, session, "")


def _buyer(request: Request) -> Json:
    return {name: request.form.get(name, "") for name in ("email", "name")}


def _act(books: Books, session: Json, action: str, buyer: Json) -> Response:
    """The buyer pressed a button; then back to the shop, or the page again after a declined card."""
    if action == "fail":
        failed = checkout_outcomes.fail(books, session["id"], buyer)
        return _show_checkout(books, failed, "Your card was declined. Nothing was charged; you can try again.")
    if action == "pay":
        checkout_outcomes.pay(books, session["id"], buyer)
    elif action == "pay_async":
        checkout_outcomes.pay_later(books, session["id"], buyer)
    elif action in ("settle_async", "fail_async"):
        settled = checkout_outcomes.settle(books, session["id"], is_paid=action == "settle_async")
        return _show_checkout(books, settled, "The bank has answered.")
    else:
        raise Missing(f"There is no button {action}.")
    return redirect(back_to_shop(session), 303)


def back_to_shop(session: Json) -> str:
    """The shop's `success_url` with the session's id filled in."""
    return str(session["success_url"]).replace("{CHECKOUT_SESSION_ID}", session["id"])


def _show_checkout(books: Books, session: Json, notice: str) -> Response:
    intent = books.find(session["payment_intent"]) if session["payment_intent"] else None
    return _render(
        "checkout.html",
        session=session,
        lines=books.private(session["id"])["line_items"],
        notice=notice,
        success_url=back_to_shop(session),
        awaits_bank=intent is not None and intent["status"] == "processing",
    )


def _setup(books: Books, request: Request, token: str) -> Response:
    """A leader's onboarding. The link is good for five minutes and one visit, as at Stripe."""
    link = books.get("account_link", token)
    private = books.private(token)
    if request.method == "POST":
        accounts.finish_onboarding(books, private["account"])
        return redirect(private["return_url"] or "/", 303)
    if private["used"] or books.now >= link["expires_at"]:
        return redirect(private["refresh_url"] or "/", 303)
    books.keep_private(token, {**private, "used": True})
    return _render("setup.html", account=accounts.get(books, private["account"]), later=private["return_url"])


def _portal(books: Books, request: Request, session_id: str) -> Response:
    """A customer looks at its invoices, and changes its card: to one that works, or that does not."""
    session, customer = billing_portal.customer_of(books, session_id)
    if request.method == "POST":
        works = request.form["action"] == "card_works"
        customers.set_card(books, customer["id"], works=works)
        for invoice in books.all("invoice", customer=customer["id"], status="open") if works else []:
            invoices.settle(books, invoice)
        return redirect(request.path, 303)
    return _render(
        "portal.html",
        session=session,
        customer=customer,
        subscriptions=books.all("subscription", customer=customer["id"]),
        invoices=books.all("invoice", customer=customer["id"])[::-1],
        card_works=books.private(customer["id"])["card_works"],
    )
