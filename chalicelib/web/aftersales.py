"""Something is wrong: a buyer says so on its order's page, and follows there what becomes of it."""

from typing import Any, get_args

from chalicelib.aftersales import actions, rules
from chalicelib.aftersales import store as cases
from chalicelib.aftersales.actions import Asker
from chalicelib.aftersales.commands import AskCase, Reason, Wish
from chalicelib.leaders import profiles
from chalicelib.orders.store import Order
from chalicelib.tenants.store import Tenant
from chalicelib.web import photos, words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.forms import Form, FormInvalid
from chalicelib.web.frame import action, page, upload
from chalicelib.web.storefront import order_of_link

REASONS: tuple[Reason, ...] = get_args(Reason)
WISHES: tuple[Wish, ...] = get_args(Wish)
CUSTOMER = Asker("customer")

_CASES = "/s/{store}/{leader_id}/o/{order_token}/cases"


@upload(_CASES)
def cases_of_order(ask: Ask, store: str, leader_id: str, order_token: str) -> Answer:
    """Say what is wrong with an order, with photos; see what was said before, and the answer."""
    brand, order = order_of_link(ask, store, leader_id, order_token)
    if ask.posted:
        with ask.keeping_problem():
            nonce = ask.nonce()
            command = claim_of(ask.form, units=_units(ask.form))
            actions.ask(
                brand.tenant_id,
                order.order_id,
                command,
                asker=CUSTOMER,
                photos=photos.private_photos(ask, brand.tenant_id, most=rules.MOST_PHOTOS),
                nonce=f"form-{nonce}",
                now=ask.now,
                stripe=ask.tools.stripe,
            )
            return ask.go("s", store, leader_id, "o", order.page_token, "cases", sent="1")
    return _page(ask, brand, order)


@action(_CASES + "/{case_id}")
def withdraw(ask: Ask, store: str, leader_id: str, order_token: str, case_id: str) -> Answer:
    """Take a case back."""
    brand, order = order_of_link(ask, store, leader_id, order_token)
    if ask.posted:
        with ask.keeping_problem():
            actions.withdraw(brand.tenant_id, order.order_id, case_id, asker=CUSTOMER, now=ask.now)
            return ask.go("s", store, leader_id, "o", order.page_token, "cases", done="1")
    return _page(ask, brand, order)


@page(_CASES + "/{case_id}/photos/{number}")
def photo(ask: Ask, store: str, leader_id: str, order_token: str, case_id: str, number: str) -> Answer:
    """Show a photo of a case to who has the order's link."""
    brand, order = order_of_link(ask, store, leader_id, order_token)
    case = cases.get(brand.tenant_id, order.order_id, case_id)
    return photos.numbered(ask, brand.tenant_id, case.photos, number)


def claim_of(typed: Form, *, units: dict[str, int] | None) -> AskCase:
    """Read what is wrong and what is wished for. Raises `FormInvalid` that names the field."""
    wish = next((one for one in WISHES if one == typed["wish"]), None)
    reason = next((one for one in REASONS if one == typed["reason"]), None)
    if wish is None or reason is None:
        raise FormInvalid("Choose one of these.", param="wish" if wish is None else "reason")
    return AskCase(wish=wish, reason=reason, text=typed["text"], units=units)


def names_of_cases() -> dict[str, Any]:
    """Give the words that pages about cases need."""
    return {
        "case_states": words.CASE_STATES,
        "reasons": words.CASE_REASONS,
        "wishes": words.CASE_WISHES,
        "askers": words.CASE_ASKERS,
        "goods_names": words.CASE_GOODS,
    }


def _units(typed: Form) -> dict[str, int]:
    """Read how many units of each product; none at all is refused where the order is known."""
    return {product_id: typed.integer(f"units.{product_id}", empty=0) for product_id in typed.below("units")}


def _page(ask: Ask, brand: Tenant, order: Order) -> Answer:
    book = cases.book_of(brand.tenant_id, order.order_id)
    may_ask = True
    try:
        rules.check_claimable(order.state, order.delivered_at, by_brand=False, now=ask.now)
    except (rules.NotClaimable, rules.CaseTooLate):
        may_ask = False
    return ask.show(
        "storefront/cases.html",
        order=order,
        leader=profiles.get(brand.tenant_id, order.leader_id),
        cases=cases.of_order(brand.tenant_id, order.order_id),
        left=rules.units_left(order.lines, book.claimed),
        may_ask=may_ask,
        most_photos=rules.MOST_PHOTOS,
        longest=rules.LONGEST_TEXT,
        titles={line.product_id: line.title for line in order.lines},
        **names_of_cases(),
    )
