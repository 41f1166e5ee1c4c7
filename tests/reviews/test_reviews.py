"""Reviews: written by who has the goods, read by the brand, counted exactly."""

import pytest

from chalicelib.orders import delivery
from chalicelib.orders.store import OrderNotFound
from chalicelib.reviews import actions, store
from chalicelib.reviews.commands import Moderate, Reply, WriteReview
from chalicelib.reviews.rules import AlreadyReplied, NotReviewable, Rating, ReviewChanged, ReviewModerated
from chalicelib.reviews.store import ReviewNotFound


@pytest.fixture
def bought(shop, clock):
    """Makes an order of pears that was handed out; gives its id."""

    def buy():
        clock.advance(minutes=1)
        order = shop.paid(pears=1)
        delivery.confirm(shop.tenant_id, order.order_id, by="x", now=clock())
        return order.order_id

    return buy


@pytest.fixture
def review(shop, bought, clock):
    """Makes a review that waits to be read."""

    def write(stars=5, text="Sweet.", order_id=None, **more):
        command = WriteReview(stars=stars, text=text, **more)
        return actions.write(shop.tenant_id, order_id or bought(), shop.pears, command, now=clock())

    return write


@pytest.fixture
def verdict(shop, clock):
    def decide(review, what, version=None, reason=""):
        command = Moderate(verdict=what, version=version or int(review.version), reason=reason)
        return actions.moderate(shop.tenant_id, review.review_id, command, by="pe_1", now=clock())

    return decide


def shown(shop):
    return [one.review_id for one in store.newest(shop.tenant_id, "shown", product_id=shop.pears, limit=10)]


def rating(shop):
    return store.rating_of(shop.tenant_id, shop.pears)


def test_a_review_is_masked_and_waits_for_the_brand(shop, review):
    written = review()
    assert (written.name, written.state) == ("L** N.", "waiting")
    assert [one.review_id for one in store.newest(shop.tenant_id, "waiting", limit=10)] == [written.review_id]
    assert shown(shop) == []
    assert rating(shop) == Rating(0, 0)


def test_goods_still_on_their_way_are_not_reviewed(shop, clock, review):
    order = shop.paid(pears=1)
    with pytest.raises(NotReviewable):
        review(order_id=order.order_id)
    with pytest.raises(OrderNotFound):
        review(order_id="ord_00000000000000000000")


def test_a_product_of_another_order_is_not_reviewed(shop, bought, clock):
    with pytest.raises(NotReviewable):
        actions.write(shop.tenant_id, bought(), shop.plums, WriteReview(stars=5), now=clock())


def test_until_it_is_read_a_buyer_changes_it_and_there_stays_one(shop, bought, review):
    order_id = bought()
    review(5, "Sweet.", order_id, photos=("a", "b"))
    changed = review(2, "The second box was sour.", order_id, photos=("b",))
    [waiting] = store.newest(shop.tenant_id, "waiting", limit=10)
    assert waiting.review_id == changed.review_id
    assert (int(waiting.stars), waiting.text, waiting.photos) == (2, "The second box was sour.", ("b",))


def test_what_is_shown_is_counted_to_the_star(shop, review, verdict):
    first, second, third = review(5), review(4), review(1)
    verdict(first, "shown")
    verdict(second, "shown")
    verdict(third, "hidden", reason="No word about the pears.")
    assert rating(shop) == Rating(2, 9)
    assert rating(shop).average == "4.5"
    assert shown(shop) == [second.review_id, first.review_id]
    assert [one.reason for one in store.newest(shop.tenant_id, "hidden", limit=9)] == ["No word about the pears."]
    assert store.newest(shop.tenant_id, "waiting", limit=9) == []


def test_the_same_verdict_twice_counts_once_and_can_be_taken_back(shop, review, verdict):
    written = review(5)
    verdict(written, "shown")
    verdict(written, "shown", version=1)
    assert rating(shop) == Rating(1, 5)
    hidden = verdict(store.get(shop.tenant_id, written.review_id), "hidden")
    assert rating(shop) == Rating(0, 0)
    verdict(hidden, "shown")
    assert rating(shop) == Rating(1, 5)


def test_a_text_that_changed_after_it_was_read_is_not_shown_unread(shop, bought, review, verdict):
    order_id = bought()
    read = review(5, "Sweet.", order_id)
    review(5, "Buy elsewhere: …", order_id)
    with pytest.raises(ReviewChanged):
        verdict(read, "shown", version=1)
    assert shown(shop) == []
    assert rating(shop) == Rating(0, 0)


def test_after_the_verdict_the_buyer_changes_nothing(shop, bought, review, verdict):
    order_id = bought()
    verdict(review(5, "Sweet.", order_id), "shown")
    with pytest.raises(ReviewModerated):
        review(1, "Sour.", order_id)
    assert store.newest(shop.tenant_id, "shown", product_id=shop.pears, limit=9)[0].text == "Sweet."


def test_the_brand_replies_once(shop, review, clock):
    written = review()
    replied = actions.reply(shop.tenant_id, written.review_id, Reply(text="Thank you!"), now=clock())
    assert replied.reply == "Thank you!"
    again = actions.reply(shop.tenant_id, written.review_id, Reply(text="Thank you!"), now=clock())
    assert again.reply == "Thank you!"
    with pytest.raises(AlreadyReplied):
        actions.reply(shop.tenant_id, written.review_id, Reply(text="Or not."), now=clock())


def test_a_reply_does_not_outdate_what_the_moderator_reads(shop, review, verdict, clock):
    written = review()
    actions.reply(shop.tenant_id, written.review_id, Reply(text="Thank you!"), now=clock())
    assert verdict(written, "shown").reply == "Thank you!"


def test_a_review_of_nothing_is_not_found(shop, clock):
    for review_id in ("rv_00000000000000000000", "rv_x", "", "ord_00000000000000000000"):
        with pytest.raises(ReviewNotFound):
            actions.moderate(shop.tenant_id, review_id, Moderate(verdict="shown", version=1), by="x", now=clock())


def test_a_list_is_read_page_by_page_newest_first(shop, review, verdict):
    for stars in (1, 2, 3):
        verdict(review(stars), "shown")
    page = store.newest(shop.tenant_id, "shown", product_id=shop.pears, limit=2)
    rest = store.newest(shop.tenant_id, "shown", product_id=shop.pears, limit=2, after=str(page[-1].gsi1sk))
    assert [int(one.stars) for one in page + rest] == [3, 2, 1]


# ------------------------------------------------------------------------------------------------ at the same moment


def test_a_change_that_slips_in_while_the_brand_decides_is_not_shown(shop, bought, review, verdict, in_between):
    order_id = bought()
    read = review(5, "Sweet.", order_id)
    in_between("TransactWriteItems", lambda: review(1, "Buy elsewhere.", order_id))
    with pytest.raises(ReviewChanged):
        verdict(read, "shown")
    assert shown(shop) == []
    assert rating(shop) == Rating(0, 0)


def test_two_who_decide_at_once_count_once(shop, review, verdict, in_between):
    read = review(5)
    in_between("TransactWriteItems", lambda: verdict(store.get(shop.tenant_id, read.review_id), "shown"))
    assert verdict(read, "shown").state == "shown"
    assert rating(shop) == Rating(1, 5)


def test_two_who_decide_otherwise_at_once_have_one_winner(shop, review, verdict, in_between):
    read = review(5)
    in_between("TransactWriteItems", lambda: verdict(store.get(shop.tenant_id, read.review_id), "hidden"))
    with pytest.raises(ReviewChanged):
        verdict(read, "shown")
    assert store.get(shop.tenant_id, read.review_id).state == "hidden"
    assert rating(shop) == Rating(0, 0)


def test_a_reply_that_slips_in_while_the_brand_decides_stays(shop, review, verdict, clock, in_between):
    read = review()
    thanks = Reply(text="Thank you!")
    in_between("TransactWriteItems", lambda: actions.reply(shop.tenant_id, read.review_id, thanks, now=clock()))
    assert verdict(read, "shown").reply == "Thank you!"


def test_a_change_of_the_buyer_that_meets_a_verdict_is_refused(shop, bought, review, verdict, in_between):
    order_id = bought()
    read = review(5, "Sweet.", order_id)
    in_between("PutItem", lambda: verdict(read, "shown"))
    with pytest.raises(ReviewChanged):
        review(1, "Sour.", order_id)
    assert store.get(shop.tenant_id, read.review_id).text == "Sweet."
    assert rating(shop) == Rating(1, 5)
