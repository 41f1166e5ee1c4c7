"""Writing a review, the brand's verdict on it, and its reply."""

from datetime import datetime

from pynamodb.expressions.update import Action

from chalicelib import store
from chalicelib.campaigns.masking import masked
from chalicelib.orders import store as orders
from chalicelib.reviews.commands import Moderate, Reply, WriteReview
from chalicelib.reviews.rules import (
    REPLY_LENGTH,
    TEXT_LENGTH,
    AlreadyReplied,
    Rating,
    ReviewChanged,
    ReviewInvalid,
    ReviewModerated,
    change_of_rating,
    check_bought,
    check_photos,
    check_stars,
    check_words,
    review_id_of,
)
from chalicelib.reviews.store import Review, Stars, find, get, listing_key, review_key, stars_key
from chalicelib.reviews.verdicts import verdict_of


def write(tenant_id: str, order_id: str, product_id: str, command: WriteReview, *, now: datetime) -> Review:
    """Keep what a buyer says of a product it has, or change it as long as the brand has not read it.

    Raises `NotReviewable`, `ReviewInvalid` naming the field, `ReviewModerated`, `ReviewChanged`, `OrderNotFound`.
    """
    order = orders.get(tenant_id, order_id)
    before = find(tenant_id, review_id_of(order_id, product_id))

    check_bought(order.state, product_id, frozenset(line.product_id for line in order.lines))
    if before is not None and before.state != "waiting":
        raise ReviewModerated("The brand has read your review; it stays as it is.", param="product_id")
    review = Review(
        *review_key(tenant_id, review_id_of(order_id, product_id)),
        review_id=review_id_of(order_id, product_id),
        product_id=product_id,
        order_id=order_id,
        leader_id=order.leader_id,
        name=masked(order.customer.name),
        by_leader=order.self_purchase or bool(order.entered),
        stars=check_stars(command.stars),
        text=check_words(command.text, TEXT_LENGTH, param="text") or None,
        photos_packed=store.packed(check_photos(command.photos)) if command.photos else None,
        written_at=now,
        version=int(before.version) + 1 if before else 1,
    )
    _list(tenant_id, review)

    unchanged = Review.pk.does_not_exist() if before is None else Review.version == before.version
    if not store.written(lambda: store.put(review, unchanged)):
        raise ReviewChanged("This review was changed just now. Load the page again.", param="product_id")
    return review


def moderate(tenant_id: str, review_id: str, command: Moderate, *, by: str, now: datetime) -> Review:
    """Show or hide a review, and count its stars with the same write. The same verdict again changes nothing.

    Raises `ReviewNotFound`, `ReviewChanged` (its buyer changed it after it was read), `ReviewInvalid`.
    """
    verdict = verdict_of(command, by=by, now=now)
    review = get(tenant_id, review_id)
    if review.state == command.verdict:
        return review

    change = change_of_rating(review.state, command.verdict, int(review.stars))
    listed = Review.gsi1pk.set(listing_key(tenant_id, command.verdict, review.product_id))

    def decide() -> None:
        with store.transaction() as write:
            write.update(review, actions=[*verdict, listed], condition=Review.version == command.version)
            if change.reviews:
                write.update(Stars(*stars_key(tenant_id, review.product_id)), actions=_counted(change))

    decided = int(review.version) == command.version and store.written(decide)
    found = get(tenant_id, review_id)
    if decided or found.state == command.verdict:  # else: somebody else, or a lost answer of ours
        return found
    raise ReviewChanged("This review was changed after you read it. Read it again.", param="version")


def reply(tenant_id: str, review_id: str, command: Reply, *, now: datetime) -> Review:
    """Answer a review, once. Raises `ReviewNotFound`, `AlreadyReplied`, `ReviewInvalid`."""
    text = check_words(command.text, REPLY_LENGTH, param="text")
    if not text:
        raise ReviewInvalid("Write a reply.", param="text")
    review = get(tenant_id, review_id)

    said: list[Action] = [Review.reply.set(text), Review.replied_at.set(now)]
    silent = Review.pk.exists() & Review.reply.does_not_exist()
    if not store.written(lambda: review.update(actions=said, condition=silent)):
        review = get(tenant_id, review_id)
        if review.reply != text:
            raise AlreadyReplied("You have replied to this review already.", param="review_id")
    return review


def _counted(change: Rating) -> list[Action]:
    return [Stars.kind.set(Stars), Stars.reviews.add(change.reviews), Stars.stars.add(change.stars)]


def _list(tenant_id: str, review: Review) -> None:
    review.gsi1pk = listing_key(tenant_id, review.state, review.product_id)
    review.gsi1sk = store.position(review.written_at, review.review_id)
