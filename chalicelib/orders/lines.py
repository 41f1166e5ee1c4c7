"""The lines of an order, and what a buyer tells about itself."""

from collections.abc import Sequence
from datetime import datetime

import msgspec
from msgspec import Struct

from chalicelib.errors import Invalid


class OrderLine(Struct, frozen=True):
    """A product of an order, as it was sold. Amounts are minor units; `paid_minor` is for the whole line."""

    product_id: str
    title: str
    qty: int
    unit_price_minor: int
    list_price_minor: int
    rate_bp: int | None
    paid_minor: int
    refunded_minor: int = 0

    @property
    def still_paid_minor(self) -> int:
        """What is left of it after refunds, those that are on their way taken off as well."""
        return self.paid_minor - self.refunded_minor


def pack_lines(lines: Sequence[OrderLine]) -> str:
    """Write lines as rows without names: an order of a few products stays below 1 KB, one write unit."""
    return msgspec.json.encode([msgspec.structs.astuple(line) for line in lines]).decode()


def unpack_lines(packed: str) -> tuple[OrderLine, ...]:
    """Read lines back."""
    return tuple(OrderLine(*row) for row in msgspec.json.decode(packed, type=list[_Row]))


_Row = tuple[str, str, int, int, int, int | None, int, int]


class Customer(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True, omit_defaults=True):
    """Who buys, and where the goods go: a note for the pick-up, or an address; one of the two.

    `point_id`: a pick-up point of the leader's, in place of a note; `pickup` is then its text when it was ordered.
    """

    name: str
    phone: str
    email: str | None = None
    wechat_openid: str | None = None
    pickup: str | None = None
    address: str | None = None
    point_id: str | None = None


class Tracking(Struct, frozen=True, array_like=True):
    """Who carries an order's goods, under which number, and since when."""

    carrier: str
    number: str
    shipped_at: datetime


LONGEST_TRACKING = 40


def check_carrier(carrier: str) -> str:
    """Give a carrier's name, tidied. Raises `Invalid`."""
    carrier = " ".join(carrier.split())
    if not (1 <= len(carrier) <= LONGEST_TRACKING and carrier.isprintable()):
        raise Invalid(f"A carrier's name has 1 to {LONGEST_TRACKING} characters.", param="carrier")
    return carrier


def check_number(number: str) -> str:
    """Give a tracking number without blanks. Raises `Invalid`."""
    number = "".join(number.split())
    fits = 4 <= len(number) <= LONGEST_TRACKING and number.isascii()
    if not (fits and number.replace("-", "").isalnum()):
        raise Invalid(f"A tracking number has 4 to {LONGEST_TRACKING} letters and digits.", param="number")
    return number
