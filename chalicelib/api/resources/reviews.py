"""Reviews by buyers: what waits, what is shown of a product; the brand's verdict and its one reply."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody, PageQuery
from chalicelib.api.resources.shown import copied
from chalicelib.catalog import store as catalog
from chalicelib.reviews import actions, store
from chalicelib.reviews.commands import Moderate, Reply


class Review(Struct, frozen=True, kw_only=True, tag_field="object", tag="review"):
    """A buyer's review of a product: `waiting` until the brand decides, then `shown` or `hidden`.

    `name` is masked. `photos` are names below `/media/{store}/`. `version` is what a verdict has to name, so that
    nothing is shown that was changed after it was read. `by_leader`: a leader bought or entered the order itself.
    """

    id: str
    product_id: str
    order_id: str
    leader_id: str
    name: str
    by_leader: bool
    stars: int
    text: str
    photos: tuple[str, ...]
    state: str
    reason: str
    reply: str
    version: int
    written_at: datetime
    moderated_at: datetime | None


class Rating(Struct, frozen=True, kw_only=True, tag_field="object", tag="rating"):
    """What the shown reviews of a product come to: how many, their stars in all, the average with one decimal."""

    id: str
    reviews: int
    stars: int
    average: str


class ReviewQuery(PageQuery, frozen=True, forbid_unknown_fields=True):
    """Which reviews: those that wait for the brand, or those that it hides."""

    state: Literal["waiting", "hidden"] = "waiting"


def in_state(call: Call[NoBody]) -> ListOf[Review]:
    """List reviews that wait, or are hidden."""
    return _page(call, call.query.state)


def of_product(call: Call[NoBody]) -> ListOf[Review]:
    """List the reviews that are shown of a product."""
    return _page(call, "shown", catalog.get(call.tenant_id, call.ids["product_id"]).product_id)


def rating(call: Call[NoBody]) -> Rating:
    """Give a product's rating."""
    product_id = catalog.get(call.tenant_id, call.ids["product_id"]).product_id
    found = store.rating_of(call.tenant_id, product_id)
    return Rating(id=product_id, reviews=found.reviews, stars=found.stars, average=found.average)


def retrieve(call: Call[NoBody]) -> Review:
    """Show a review."""
    return _shown(store.get(call.tenant_id, call.ids["review_id"]))


def moderate(call: Call[Moderate]) -> Review:
    """Show or hide a review."""
    review = actions.moderate(call.tenant_id, call.ids["review_id"], call.body, by=call.by, now=call.now)
    return _shown(review)


def reply(call: Call[Reply]) -> Review:
    """Answer a review, once."""
    review = actions.reply(call.tenant_id, call.ids["review_id"], call.body, now=call.now)
    return _shown(review)


def _page(call: Call[NoBody], state: str, product_id: str = "") -> ListOf[Review]:
    last = call.last_seen(lambda review_id: store.get(call.tenant_id, review_id))
    after = str(last.gsi1sk) if last else None
    found = store.newest(call.tenant_id, state, product_id=product_id, limit=call.one_more, after=after)
    return call.page([_shown(review) for review in found])


def _shown(review: store.Review) -> Review:
    return copied(
        Review,
        review,
        id=review.review_id,
        stars=int(review.stars),
        text=review.text or "",
        reason=review.reason or "",
        reply=review.reply or "",
        version=int(review.version),
    )
