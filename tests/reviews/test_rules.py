"""What a review may say, and what a product's stars come to."""

from fractions import Fraction
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.reviews.rules import (
    STATES,
    TEXT_LENGTH,
    NotReviewable,
    Rating,
    ReviewInvalid,
    change_of_rating,
    check_bought,
    check_photos,
    check_stars,
    check_words,
    review_id_of,
)


@pytest.mark.parametrize("state", ["awaiting_payment", "paid", "expired", "cancelled"])
def test_only_who_has_the_goods_reviews_them(state):
    with pytest.raises(NotReviewable):
        check_bought(state, "pr_1", frozenset({"pr_1"}))


def test_a_product_that_was_not_bought_is_not_reviewed():
    check_bought("delivered", "pr_1", frozenset({"pr_1"}))
    with pytest.raises(NotReviewable, match="not in this order"):
        check_bought("delivered", "pr_2", frozenset({"pr_1"}))


@pytest.mark.parametrize("stars", [0, -1, 6, 500])
def test_stars_are_one_to_five(stars):
    with pytest.raises(ReviewInvalid) as refused:
        check_stars(stars)
    assert refused.value.param == "stars"


def test_the_longest_text_passes_and_one_more_does_not():
    assert len(check_words("好" * TEXT_LENGTH, TEXT_LENGTH, param="text")) == TEXT_LENGTH
    with pytest.raises(ReviewInvalid) as refused:
        check_words("好" * (TEXT_LENGTH + 1), TEXT_LENGTH, param="text")
    assert refused.value.param == "text"
    assert "好" not in refused.value.message


def test_paragraphs_stay_and_outer_blanks_go():
    assert check_words("  sweet\n\nand large \n", 100, param="text") == "sweet\n\nand large"


@pytest.mark.parametrize("mark", ["\x00", "\x1b", "\u202e", "\u2066", "\ud800", "\r"])
def test_what_cannot_be_shown_or_turns_text_round_is_refused(mark):
    with pytest.raises(ReviewInvalid):
        check_words(f"good{mark}bad", 100, param="text")


def test_four_photos_at_most_each_once():
    assert check_photos(("a", "b", "a")) == ("a", "b")
    with pytest.raises(ReviewInvalid):
        check_photos(("a", "b", "c", "d", "e"))


def test_one_order_and_product_have_one_review():
    assert review_id_of("ord_1", "pr_1") == review_id_of("ord_1", "pr_1")
    assert len({review_id_of(order, product) for order in ("ord_1", "ord_2") for product in ("pr_1", "pr_2")}) == 4


@pytest.mark.parametrize(
    ("reviews", "stars", "average"), [(0, 0, ""), (1, 5, "5.0"), (3, 14, "4.7"), (20, 87, "4.4"), (3, 13, "4.3")]
)
def test_the_average_has_one_decimal(reviews, stars, average):
    assert Rating(reviews, stars).average == average


@given(st.lists(st.integers(1, 5), min_size=1))
def test_the_average_is_off_by_half_a_tenth_at_most(stars):
    shown = Fraction(Rating(len(stars), sum(stars)).average)
    assert abs(shown - Fraction(sum(stars), len(stars))) <= Fraction(1, 20)


@given(st.lists(st.sampled_from(STATES), min_size=1), st.integers(1, 5))
def test_whatever_the_brand_decides_and_takes_back_only_the_last_verdict_counts(verdicts, stars):
    states = ["waiting", *verdicts]
    changes = [change_of_rating(was, becomes, stars) for was, becomes in pairwise(states)]
    counted = int(states[-1] == "shown")
    assert (sum(one.reviews for one in changes), sum(one.stars for one in changes)) == (counted, counted * stars)
