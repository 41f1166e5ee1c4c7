"""Which orders somebody wants to see: by what was typed, how they stand, campaign, leader, days. Pure.

What is typed may be an order's id (in an address, too) or the end of it, a pick-up code, a phone number or its last
digits, a part of the name of whoever it is for, or the beginning of its leader's name.
"""

import re
import unicodedata
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import TYPE_CHECKING, Literal, get_args
from zoneinfo import ZoneInfo

from chalicelib.delivery.codes import has_code
from chalicelib.errors import Invalid
from chalicelib.ids import ALPHABET
from chalicelib.leaders.store import folded

if TYPE_CHECKING:
    from chalicelib.orders.store import Order

Standing = Literal[
    "to_pay", "to_hand_out", "handed_out", "case_open", "given_back", "disputed", "paid", "not_paid", "cancelled"
]
"""How an order stands for whoever works with it. `paid`: at some time, whatever became of it; `case_open`: it has an
after-sales case that is not over, which only the list of cases knows."""
STANDINGS: tuple[Standing, ...] = get_args(Standing)
WERE_PAID: tuple[Standing, ...] = ("to_hand_out", "handed_out", "paid")
"""Nothing else stands like this: a leader's own list holds exactly these orders."""

_STANDS: Mapping[str, Callable[["Order"], bool]] = {
    "to_pay": lambda order: order.state in ("awaiting_payment", "processing"),
    "to_hand_out": lambda order: order.state == "paid",
    "handed_out": lambda order: order.state == "delivered",
    "case_open": lambda _: True,
    "given_back": lambda order: order.refunded_minor > 0,
    "disputed": lambda order: order.disputed in ("open", "inquiry"),
    "paid": lambda order: order.paid_at is not None,
    "not_paid": lambda order: order.state in ("expired", "payment_failed"),
    "cancelled": lambda order: order.state == "cancelled",
}

LONGEST_TEXT = 60
_FEWEST_DIGITS, _WHOLE_PHONE, _OF_A_PHONE = 4, 7, 11
_SHORT_NUMBER = 6
_ORDER_ID = re.compile(rf"(?<![0-9a-z])(?:ord_)?([{ALPHABET}]{{20}})(?![0-9a-z])")
_BETWEEN_DIGITS = re.compile(r"[\s().+-]")


@dataclass(frozen=True, slots=True)
class Needle:
    """A text as an order may have it: `order_id` where it names one; else `letters`, and `digits` if it is some."""

    order_id: str = ""
    letters: str = ""
    digits: str = ""

    @property
    def phone(self) -> str:
        """The digits, where they can be a whole phone number; else empty."""
        return self.digits if len(self.digits) >= _WHOLE_PHONE else ""


def needle_of(text: str) -> Needle:
    """Read a typed text."""
    plain = unicodedata.normalize("NFKC", text).casefold()
    if found := _ORDER_ID.search(plain):
        return Needle(order_id=f"ord_{found[1]}")
    digits = _BETWEEN_DIGITS.sub("", plain)
    return Needle(letters=folded(text).lstrip("#"), digits=digits if digits.isascii() and digits.isdigit() else "")


@dataclass(frozen=True, slots=True)
class OrderFilter:
    """What is wanted, all of it together; empty is everything. Placed from `since` on, before `until`."""

    text: str = ""
    standing: Standing | None = None
    campaign_id: str = ""
    leader_id: str = ""
    since: datetime | None = None
    until: datetime | None = None

    @property
    def needle(self) -> Needle:
        """The text, read."""
        return needle_of(self.text)

    @property
    def passes_over(self) -> bool:
        """Whether some orders of its days may not be wanted: then more have to be looked at than are shown."""
        return bool(self.text or self.standing or self.campaign_id or self.leader_id)


EVERYTHING = OrderFilter()


def fits(order: "Order", wanted: OrderFilter, needle: Needle, *, sold_by: Collection[str] = ()) -> bool:
    """Tell whether an order is wanted. `sold_by`: leaders whose names begin like the text."""
    return (
        (not wanted.campaign_id or order.campaign_id == wanted.campaign_id)
        and (not wanted.leader_id or order.leader_id == wanted.leader_id)
        and (wanted.since is None or order.placed_at >= wanted.since)
        and (wanted.until is None or order.placed_at < wanted.until)
        and (wanted.standing is None or _STANDS[wanted.standing](order))
        and (needle == Needle() or _has(order, needle, sold_by))
    )


def _has(order: "Order", needle: Needle, sold_by: Collection[str]) -> bool:
    if needle.order_id:
        return order.order_id == needle.order_id
    if order.leader_id in sold_by:
        return True
    if len(needle.letters) >= _SHORT_NUMBER and order.order_id.endswith(needle.letters):
        return True
    if needle.digits and (_phone_ends(order, needle.digits) or has_code(order, needle.digits)):
        return True
    names = (order.customer.name, *(name for name, _, _ in order.entered))
    return any(needle.letters in folded(name) for name in names)


def _phone_ends(order: "Order", digits: str) -> bool:
    """Compare from the end: a country's code may be typed and not kept, or kept and not typed."""
    phone = "".join(one for one in order.customer.phone if one.isdigit())
    return len(digits) >= _FEWEST_DIGITS and phone.endswith(digits[-_OF_A_PHONE:])


# ------------------------------------------------------------------------------------------------ what was typed


def check_text(text: str) -> str:
    """Give a typed text, tidied. Raises `Invalid` for one that is too long or cannot be read."""
    text = " ".join(text.split())
    if len(text) > LONGEST_TEXT:
        raise Invalid(f"Write at most {LONGEST_TEXT} characters here.", param="text")
    if not text.isprintable():
        raise Invalid("There are characters here that cannot be read. Type them anew.", param="text")
    return text


def check_standing(standing: str) -> Standing | None:
    """Give how wanted orders stand; empty: however they do. Raises `Invalid`."""
    if not standing:
        return None
    for one in STANDINGS:
        if one == standing:
            return one
    raise Invalid("Choose one of these.", param="standing")


def days_between(first: str, last: str, timezone: str) -> tuple[datetime | None, datetime | None]:
    """Give the moments at which a first day (`2026-11-22`) begins and a last one is over, by the brand's clock.

    Either may be empty: no such bound. Raises `Invalid` that names `since` or `until`.
    """
    begins, ends = _day(first, "since"), _day(last, "until")
    if begins and ends and begins > ends:
        raise Invalid("The last day comes before the first one.", param="until")
    return (
        _midnight(begins, timezone) if begins else None,
        _midnight(ends + timedelta(days=1), timezone) if ends else None,
    )


def _day(typed: str, param: str) -> date | None:
    typed = typed.strip()
    if not typed:
        return None
    try:
        day = date.fromisoformat(typed)
    except ValueError:
        day = None
    if day is None or day.isoformat() != typed or not 2000 <= day.year <= 2200:
        raise Invalid("This is no day. Write it like 2026-11-22.", param=param)
    return day


def _midnight(day: date, timezone: str) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(timezone)).astimezone(UTC)
