"""Reviews in the table, and each product's stars.

A review is `{tenant}#review#{id}` / `review`, its id derived from order and product: there is one. By its state it is
listed among those that wait, those that are hidden, or those shown of its product. A product's rating is one item
beside the product; only the brand's verdicts write it.
"""

import msgspec
from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.errors import NotFound
from chalicelib.ids import is_id
from chalicelib.reviews.rules import Rating
from chalicelib.reviews.verdicts import Moderated
from chalicelib.store import Record


class Review(Moderated, discriminator="review"):
    """What a buyer says. `name` is masked; `by_leader`: a leader bought it itself."""

    review_id = UnicodeAttribute()
    product_id = UnicodeAttribute()
    order_id = UnicodeAttribute()
    leader_id = UnicodeAttribute()
    name = UnicodeAttribute()
    by_leader = BooleanAttribute(default=False)
    stars = NumberAttribute()
    text = UnicodeAttribute(null=True)
    photos_packed = UnicodeAttribute(null=True)
    state = UnicodeAttribute(default="waiting")
    written_at = UTCDateTimeAttribute()
    reply = UnicodeAttribute(null=True)
    replied_at = UTCDateTimeAttribute(null=True)

    @property
    def photos(self) -> tuple[str, ...]:
        """The names of its photos."""
        return msgspec.json.decode(self.photos_packed or "[]", type=tuple[str, ...])


class Stars(Record, discriminator="stars"):
    """What the shown reviews of a product come to."""

    reviews = NumberAttribute(default=0)
    stars = NumberAttribute(default=0)


class ReviewNotFound(NotFound):
    """The brand has no such review."""

    code = "review_missing"


def review_key(tenant_id: str, review_id: str) -> tuple[str, str]:
    """Where a review is kept."""
    return f"{tenant_id}#review#{review_id}", "review"


def stars_key(tenant_id: str, product_id: str) -> tuple[str, str]:
    """Where a product's rating is kept."""
    return f"{tenant_id}#product#{product_id}", "stars"


def listing_key(tenant_id: str, state: str, product_id: str) -> str:
    """The partition of the index that lists reviews in a state; those shown are listed by product."""
    return f"{tenant_id}#reviews#{product_id if state == 'shown' else state}"


def get(tenant_id: str, review_id: str) -> Review:
    """Read a review. Raises `ReviewNotFound`."""
    review = find(tenant_id, review_id)
    if review is None:
        raise ReviewNotFound("There is no such review.", param="review_id")
    return review


def find(tenant_id: str, review_id: str) -> Review | None:
    """Read a review, or None."""
    return store.get(Review, *review_key(tenant_id, review_id)) if is_id("rv", review_id) else None


def rating_of(tenant_id: str, product_id: str) -> Rating:
    """Give what the shown reviews of a product come to, exactly."""
    found = store.get(Stars, *stars_key(tenant_id, product_id))
    return Rating(int(found.reviews), int(found.stars)) if found else Rating()


def newest_rows(
    tenant_id: str, state: str, *, product_id: str = "", limit: int, after: str | None = None
) -> list[store.Listed]:
    """List where reviews in a state are, newest first, as the index has them."""
    return store.listed([listing_key(tenant_id, state, product_id)], newest_first=True, after=after, limit=limit)


def newest(tenant_id: str, state: str, *, product_id: str = "", limit: int, after: str | None = None) -> list[Review]:
    """List reviews in a state, newest first; `after` is the `gsi1sk` of the last one seen. `shown` needs a product."""
    rows = newest_rows(tenant_id, state, product_id=product_id, limit=limit, after=after)
    found = {item.pk: item for item in store.get_all([(row.pk, row.sk) for row in rows]) if isinstance(item, Review)}
    # The index may be a moment behind: what was hidden just now is not shown any more.
    return [found[row.pk] for row in rows if row.pk in found and found[row.pk].state == state]
