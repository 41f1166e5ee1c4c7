"""What can be asked of reviews; the last two are also bodies of `/v1` requests."""

from typing import Literal

from msgspec import Struct


class WriteReview(Struct, frozen=True, kw_only=True):
    """A buyer's review of a product that it has: 1 to 5 stars, words, names of photos that are kept already."""

    stars: int
    text: str = ""
    photos: tuple[str, ...] = ()


class Moderate(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The brand's verdict on a review as it read it: `version` is the one of the text that it saw."""

    verdict: Literal["shown", "hidden"]
    version: int
    reason: str = ""


class Reply(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The brand's one answer to a review, shown below it."""

    text: str
