"""A review as pages and the API show it."""

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

if TYPE_CHECKING:
    from chalicelib.reviews.store import Review


class ReviewView(Struct, frozen=True, kw_only=True):
    """A review: `waiting`, `shown` or `hidden`. `name` is masked; `photos` are names below the brand's media.

    `version` is what a verdict has to name. `by_leader`: a leader bought it itself.
    """

    review_id: str
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

    @classmethod
    def of(cls, review: "Review") -> "ReviewView":
        """Show a review's record."""
        return cls(
            review_id=review.review_id,
            product_id=review.product_id,
            order_id=review.order_id,
            leader_id=review.leader_id,
            name=review.name,
            by_leader=review.by_leader,
            stars=int(review.stars),
            text=review.text or "",
            photos=review.photos,
            state=review.state,
            reason=review.reason or "",
            reply=review.reply or "",
            version=int(review.version),
            written_at=review.written_at,
            moderated_at=review.moderated_at,
        )
