"""The console's reviews: read them, show or hide many at once, reply."""

from chalicelib.catalog import store as catalog
from chalicelib.catalog.store import Product
from chalicelib.reviews import actions
from chalicelib.reviews import store as reviews
from chalicelib.reviews.commands import Moderate, Reply
from chalicelib.reviews.rules import REASON_LENGTH, REPLY_LENGTH
from chalicelib.reviews.store import Review
from chalicelib.store import decode_cursor, encode_cursor
from chalicelib.web import words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.frame import action, form
from chalicelib.web.moderating import moderate_chosen

PAGE = 50


@form("/console/{store}/reviews")
def review_list(ask: Ask, store: str) -> Answer:
    """List reviews that wait, are hidden, or are shown of a product; show or hide those that are ticked."""
    desk = ask.desk(store, "owner", "staff")
    if ask.posted:
        with ask.keeping_problem():
            moderate_chosen(ask, lambda review_id, command: _moderate(ask, desk, review_id, command))
            return ask.go("console", store, "reviews", done="1", **_list_of(ask))
    return _list_page(ask, desk, store)


@action("/console/{store}/reviews/{review_id}/reply")
def reply(ask: Ask, store: str, review_id: str) -> Answer:
    """Answer a review, once."""
    desk = ask.desk(store, "owner", "staff")
    reviews.get(desk.tenant_id, review_id)
    if ask.posted:
        with ask.keeping_problem():
            actions.reply(desk.tenant_id, review_id, Reply(text=ask.form["text"]), now=ask.now)
            return ask.go("console", store, "reviews", done="1", **_list_of(ask))
    return _list_page(ask, desk, store)


def _moderate(ask: Ask, desk: Desk, review_id: str, command: Moderate) -> None:
    actions.moderate(desk.tenant_id, review_id, command, by=desk.person.person_id, now=ask.now)


def _list_of(ask: Ask) -> dict[str, str]:
    """Say which list the page shows, as the query of its address."""
    product_id = ask.query("product")
    state = ask.query("state")
    return {"product": product_id} if product_id else {"state": state if state == "hidden" else "waiting"}


def _list_page(ask: Ask, desk: Desk, store: str) -> Answer:
    shown_list = _list_of(ask)
    product_id, state = shown_list.get("product", ""), shown_list.get("state", "shown")
    after = decode_cursor(ask.query("after")) if ask.query("after") else None
    product = catalog.get(desk.tenant_id, product_id) if product_id else None
    found = reviews.newest(desk.tenant_id, state, product_id=product_id, limit=PAGE, after=after)
    cursor = encode_cursor(str(found[-1].gsi1sk)) if len(found) == PAGE else ""
    return ask.show(
        "console/reviews.html",
        reviews=found,
        state=state,
        product=product,
        here=shown_list,
        titles=_titles(desk.tenant_id, found),
        names=words.REVIEW_STATES,
        longest_reason=REASON_LENGTH,
        longest_reply=REPLY_LENGTH,
        older=ask.links.path("console", store, "reviews", after=cursor, **shown_list) if cursor else "",
    )


def _titles(tenant_id: str, found: list[Review]) -> dict[str, Product]:
    return catalog.get_many(tenant_id, [review.product_id for review in found])
