"""The simulator's event files: one JSON object a line (OPERATING_MODELS.md, The simulator's files).

Reading is strict: an unknown, missing or repeated field, a number that is no integer or out of range, is an error.
"""

import json
from datetime import datetime
from typing import Annotated, Any

import msgspec
from msgspec import UNSET, Meta, Struct, UnsetType

from chalicelib.errors import Invalid

Id = Annotated[str, Meta(min_length=1)]
Count = Annotated[int, Meta(ge=0, le=10**9)]
Quantity = Annotated[int, Meta(ge=1, le=10**9)]
Price = Annotated[int, Meta(ge=0, le=10**15)]
AnyRate = Annotated[int, Meta(ge=-(10**9), le=10**9)]  # bounds of sense are the plan's: most do not look at it
Amount = Annotated[int, Meta(ge=-(10**15), le=10**15)]


class EventRefused(Invalid):
    """A line of an event file that cannot be read or makes no sense."""

    code = "event_invalid"


class _Part(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """A piece of a line; a misspelt field is an error."""


class OrderLine(_Part, frozen=True, gc=False):
    """A product in an order; the list price is the unit price unless said."""

    sku: Id
    qty: Quantity
    unit_price: Price
    list_price: Price | UnsetType = UNSET
    rate_bp: AnyRate | UnsetType = UNSET


class RefundLine(_Part, frozen=True, gc=False):
    """What is given back for one product."""

    sku: Id
    amount: Amount


class LeaderJoined(_Part, frozen=True, tag_field="type", tag="leader.joined"):
    """A leader registers, invited by another or, as a root, by nobody."""

    leader: Id
    inviter: Id | None
    at: str
    groups: Count | UnsetType = UNSET
    group_size: Count | UnsetType = UNSET


class LeaderGroups(_Part, frozen=True, tag_field="type", tag="leader.groups"):
    """The brand approved a leader's number of chat groups."""

    leader: Id
    groups: Count
    at: str


class RankSet(_Part, frozen=True, tag_field="type", tag="rank.set"):
    """The brand gives a rank by hand, up or down."""

    leader: Id
    rank: Id
    at: str


class TrialStarted(_Part, frozen=True, tag_field="type", tag="trial.started"):
    """The brand gives a removed leader a new probation."""

    leader: Id
    at: str


class OrderPaid(_Part, frozen=True, tag_field="type", tag="order.paid"):
    """A customer paid."""

    order: Id
    leader: Id
    at: str
    lines: Annotated[tuple[OrderLine, ...], Meta(min_length=1)]
    discount: Price | UnsetType = UNSET
    customer: Id | UnsetType = UNSET
    self_purchase: bool | UnsetType = UNSET


class OrderRefunded(_Part, frozen=True, tag_field="type", tag="order.refunded"):
    """Part or all of an order is given back, of the whole order or of some of its lines."""

    order: Id
    at: str
    amount: Amount | UnsetType = UNSET
    lines: Annotated[tuple[RefundLine, ...], Meta(min_length=1)] | UnsetType = UNSET


class Clock(_Part, frozen=True, tag_field="type", tag="clock"):
    """Time passes."""

    at: str


Event = LeaderJoined | LeaderGroups | RankSet | TrialStarted | OrderPaid | OrderRefunded | Clock

_DECODER: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
_ENCODER = msgspec.json.Encoder()


def read_event(line: bytes) -> Event:
    """Read one line. Raises `EventRefused` with the reason."""
    try:
        event = _DECODER.decode(line)
    except (msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise EventRefused(str(error)) from error
    if _may_repeat_a_field(line, event):
        json.loads(line, object_pairs_hook=_refuse_repeated)
    return event


def instant_of(event: Event) -> datetime:
    """Give the moment of an event. Raises `EventRefused` for what is no ISO 8601 time with an offset."""
    try:
        at = datetime.fromisoformat(event.at)
    except ValueError as error:
        raise EventRefused(f"{event.at!r} is no ISO 8601 time", param="at") from error
    if at.tzinfo is None:
        raise EventRefused(f"the time {event.at!r} has no offset", param="at")
    if not 1900 <= at.year <= 9000:
        raise EventRefused(f"the time {event.at!r} is out of range", param="at")
    return at


def _may_repeat_a_field(line: bytes, event: Event) -> bool:
    """The decoder keeps the last of two fields of one name; written again, the line then has fewer quotation marks.

    This costs a tenth of reading each line with a parser that tells. An escape may hide marks, so it settles nothing.
    """
    return b"\\" in line or line.count(b'"') != _ENCODER.encode(event).count(b'"')


def _refuse_repeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen = dict(pairs)
    if len(seen) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise EventRefused(f"field `{repeated}` is there twice", param=repeated)
    return seen
