"""A buyer's review of what it bought, from the page of its order: the link is the key, no account is needed."""

from chalicelib.campaigns.masking import masked
from chalicelib.catalog import store as catalog
from chalicelib.leaders import profiles
from chalicelib.media.rules import check_photo
from chalicelib.media.store import PUBLIC
from chalicelib.orders.store import Order
from chalicelib.reviews import actions
from chalicelib.reviews import store as reviews
from chalicelib.reviews.commands import WriteReview
from chalicelib.reviews.rules import MOST_PHOTOS, TEXT_LENGTH, check_bought, check_photos, check_stars, review_id_of
from chalicelib.reviews.store import Review
from chalicelib.web import words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.forms import Form
from chalicelib.web.frame import upload
from chalicelib.web.storefront import order_of_link


@upload("/s/{store}/{leader_id}/o/{order_token}/review/{product_id}")
def review(ask: Ask, store: str, leader_id: str, order_token: str, product_id: str) -> Answer:
    """Write a review of a product that was handed out, or change it until the brand has read it."""
    brand, order = order_of_link(ask, store, leader_id, order_token)
    check_bought(order.state, product_id, frozenset(line.product_id for line in order.lines))
    before = reviews.find(brand.tenant_id, review_id_of(order.order_id, product_id))
    if ask.posted:
        with ask.keeping_problem():
            command = _review_of(ask, brand.tenant_id, before)
            actions.write(brand.tenant_id, order.order_id, product_id, command, now=ask.now)
            return ask.go("s", store, leader_id, "o", order.page_token, "review", product_id, done="1")
    return ask.show(
        "storefront/review.html",
        order=order,
        leader=profiles.get(brand.tenant_id, leader_id),
        product_id=product_id,
        title=_title_of(brand.tenant_id, order, product_id),
        review=before,
        names=words.REVIEW_STATES,
        most_photos=MOST_PHOTOS,
        longest=TEXT_LENGTH,
        masked_name=masked(order.customer.name),
    )


def _review_of(ask: Ask, tenant_id: str, before: Review | None) -> WriteReview:
    """Read the form. Photos of before stay unless they are ticked off; new ones are kept once the rest is right."""
    typed = ask.form
    stars = check_stars(typed.integer("stars", empty=0))
    kept = [name for name in (before.photos if before else ()) if not _is_ticked_off(typed, name)]
    sent = [check_photo(content) for _, content in ask.files.values() if content]
    check_photos((*kept, *(f"new {number}" for number in range(len(sent)))))
    names = [ask.tools.photos.put(tenant_id, PUBLIC, photo) for photo in sent]
    return WriteReview(stars=stars, text=typed["text"], photos=(*kept, *names))


def _is_ticked_off(typed: Form, name: str) -> bool:
    return typed[f"remove.{name}"] == "1"


def _title_of(tenant_id: str, order: Order, product_id: str) -> str:
    """Name the product as it is called now, else as it was when it was bought."""
    found = catalog.get_many(tenant_id, [product_id]).get(product_id)
    bought = next(line.title for line in order.lines if line.product_id == product_id)
    return found.title if found else bought
