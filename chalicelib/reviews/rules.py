"""What a review may say, when it may be written, and what it does to a product's stars. Pure."""

import unicodedata
from dataclasses import dataclass
from hashlib import sha256

from chalicelib.errors import Conflict, Invalid
from chalicelib.ids import encode

STATES = ("waiting", "shown", "hidden")

MOST_STARS = 5
MOST_PHOTOS = 4
TEXT_LENGTH = 1000
REPLY_LENGTH = 500
REASON_LENGTH = 200

_UNPRINTABLE = ("Cc", "Cs", "Co", "Cn")
# Marks that turn text round: with them a review can seem to say something else, or to be signed by the brand.
_DECEPTIVE = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


class ReviewInvalid(Invalid):
    """A field of a review that cannot be used."""

    code = "review_invalid"


class NotReviewable(Conflict):
    """Only somebody who has the goods can say something about them."""

    code = "review_too_early"


class ReviewModerated(Conflict):
    """The brand has read the review; from then on it stays as it is."""

    code = "review_moderated"


class ReviewChanged(Conflict):
    """The review is not the one any more that was looked at."""

    code = "review_changed"


class AlreadyReplied(Conflict):
    """The brand answers a review once."""

    code = "review_replied"


@dataclass(frozen=True, slots=True)
class Rating:
    """What the shown reviews of a product come to: how many, and their stars in all."""

    reviews: int = 0
    stars: int = 0

    @property
    def average(self) -> str:
        """Give the average with one decimal, rounded half up: `4.7`; empty without reviews."""
        if not self.reviews:
            return ""
        tenths = (20 * self.stars + self.reviews) // (2 * self.reviews)
        return f"{tenths // 10}.{tenths % 10}"


def review_id_of(order_id: str, product_id: str) -> str:
    """Give the id of the one review that an order can have of a product."""
    digest = sha256(f"{order_id}#review#{product_id}".encode()).digest()
    return "rv_" + encode(int.from_bytes(digest[:13]), 20)


def check_bought(state: str, product_id: str, bought: frozenset[str]) -> None:
    """Refuse a review of what is not in the buyer's hands. Raises `NotReviewable`."""
    if product_id not in bought:
        raise NotReviewable("This product is not in this order.", param="product_id")
    if state != "delivered":
        raise NotReviewable("You can review this once the goods are handed out.", param="order_id")


def check_stars(stars: int) -> int:
    """Give the stars, 1 to 5. Raises `ReviewInvalid`."""
    if not 1 <= stars <= MOST_STARS:
        raise ReviewInvalid(f"Choose 1 to {MOST_STARS} stars.", param="stars")
    return stars


def check_photos(photos: tuple[str, ...]) -> tuple[str, ...]:
    """Give the names of the photos, each once. Raises `ReviewInvalid` when there are too many."""
    once = tuple(dict.fromkeys(photos))
    if len(once) > MOST_PHOTOS:
        raise ReviewInvalid(f"A review has at most {MOST_PHOTOS} photos.", param="photos")
    return once


def check_words(text: str, longest: int, *, param: str) -> str:
    """Give a text without outer blanks; paragraphs stay. Raises `ReviewInvalid`, never repeating what was typed."""
    text = text.strip()
    if len(text) > longest:
        raise ReviewInvalid(f"Write at most {longest} characters.", param=param)
    if any(
        letter in _DECEPTIVE or (unicodedata.category(letter) in _UNPRINTABLE and letter != "\n") for letter in text
    ):
        raise ReviewInvalid("There is a character in it that cannot be shown.", param=param)
    return text


def change_of_rating(was: str, becomes: str, stars: int) -> Rating:
    """Give what a verdict adds to a product's rating; only shown reviews count."""
    change = (becomes == "shown") - (was == "shown")
    return Rating(change, change * stars)
