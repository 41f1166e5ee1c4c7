"""What a coupon is worth on an order, who may use it, and until when. Pure."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from hashlib import sha256
from typing import Literal

from chalicelib.errors import Conflict, Invalid, NotFound
from chalicelib.ids import encode
from chalicelib.money import split_by_weight

Kind = Literal["invite", "newcomer"]
State = Literal["open", "reserved", "used", "expired"]

KEPT = timedelta(days=365)
"""How long an invite coupon can be used."""

GRACE = timedelta(days=7)
"""How long a coupon can be used, at least, after an order that carried it fell through."""

LARGEST_AMOUNT_MINOR = 100_000_00
PRESET_NEWCOMER_MINOR = {"simple_referral": (5_00, 25_00)}
"""Newcomer coupon and its minimum spend that a brand begins with, by its first preset (infra/decisions/0010)."""


class CouponUnknown(NotFound):
    """There is no such coupon on this storefront, or it is somebody else's."""

    code = "coupon_unknown"


class CouponNotUsable(Conflict):
    """The coupon was used, is kept for another order, or is too old."""

    code = "coupon_not_usable"


class SpendTooLow(Invalid):
    """The goods cost less than the coupon asks for."""

    code = "coupon_spend_too_low"


def coupon_id_of(kind: Kind, fact: str) -> str:
    """Give the id of the coupon that a fact brings (an entry of the ledger, a customer): the same however often."""
    digest = sha256(f"coupon#{kind}#{fact}".encode()).digest()
    return ("cpn_" if kind == "invite" else "ncp_") + encode(int.from_bytes(digest[:13]), 20)


def check_usable(state: str, expires_at: datetime | None, minimum_minor: int, goods_minor: int, now: datetime) -> None:
    """Refuse a coupon that this order cannot carry. Raises `CouponNotUsable`, `SpendTooLow`."""
    if state in ("reserved", "used"):
        raise CouponNotUsable("This coupon is on another order. Choose another one, or none.", param="coupon_id")
    if state == "expired" or (expires_at is not None and expires_at <= now):
        raise CouponNotUsable("This coupon is too old. Choose another one, or none.", param="coupon_id")
    if goods_minor < minimum_minor:
        raise SpendTooLow("The goods cost less than this coupon asks for. Add something.", param="coupon_id")


def discount_minor(amount_minor: int, goods_minor: int) -> int:
    """Give what a coupon takes off: its amount, at most what the goods cost. There is no change given."""
    return min(amount_minor, goods_minor)


def spread(paid_minor: Sequence[int], discount: int) -> list[int]:
    """Give what is paid for each line once the discount is spread over them (OPERATING_MODELS.md, Arithmetic)."""
    shares = split_by_weight(discount, list(paid_minor)) if discount else [0] * len(paid_minor)
    return [paid - share for paid, share in zip(paid_minor, shares, strict=True)]


def check_newcomer_setting(amount_minor: int, minimum_minor: int) -> None:
    """Refuse a newcomer coupon that would give goods away: who invents phone numbers would get them for nothing.

    An amount of 0 is no coupon. Raises `Invalid`.
    """
    if not 0 <= amount_minor <= LARGEST_AMOUNT_MINOR:
        raise Invalid("This amount is too large, or below zero.", param="newcomer_coupon_minor")
    if not 0 <= minimum_minor <= LARGEST_AMOUNT_MINOR or (amount_minor and minimum_minor <= amount_minor):
        raise Invalid(
            "The least spend for the newcomer coupon must be above the coupon.", param="newcomer_minimum_minor"
        )


def expiry_after_return(expires_at: datetime | None, now: datetime) -> datetime | None:
    """Give until when a coupon that came back can be used: its own end, and some days at least."""
    return None if expires_at is None else max(expires_at, now + GRACE)
