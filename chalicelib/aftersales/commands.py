"""What can be asked of after-sales; also the bodies of their `/v1` requests."""

from typing import Literal

from msgspec import Struct

Wish = Literal["refund", "replacement"]
Reason = Literal["spoilt", "missing", "wrong", "late", "other"]
Goods = Literal["back", "gone"]


class AskCase(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Something is wrong with an order.

    `units` by product, or an amount (minor units; refunds only); neither: all of it. `text`: at most 500 characters.
    """

    wish: Wish
    reason: Reason
    text: str = ""
    units: dict[str, int] | None = None
    amount_minor: int | None = None


class ApproveCase(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Yes. `amount_minor`: another amount than was asked for. `goods`: `back` puts the case's units in stock again."""

    amount_minor: int | None = None
    goods: Goods = "gone"


class DeclineCase(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """No, and why, in 1 to 200 characters; whoever asked reads it."""

    note: str
