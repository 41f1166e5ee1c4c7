"""The simulator's event files: one JSON object a line (OPERATING_MODELS.md, The simulator's files).

Reading is strict: an unknown, missing or repeated field, a number that is no integer or out of range, is an error.
"""

import json
from collections.abc import Iterator
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
Instant = Annotated[datetime, Meta(tz=True)]


class EventRefused(Invalid):
    """A line of an event file that cannot be read or makes no sense."""

    code = "event_invalid"


class LineRefused(EventRefused):
    """A line of an event file was refused; the message begins with its number."""

    def __init__(self, line_no: int, reason: str) -> None:
        super().__init__(f"line {line_no}: {reason}")
        self.line_no = line_no


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


class LeaderJoined(_Part, frozen=True, gc=False, tag_field="type", tag="leader.joined"):
    """A leader registers, invited by another or, as a root, by nobody."""

    leader: Id
    inviter: Id | None
    at: Instant
    groups: Count | UnsetType = UNSET
    group_size: Count | UnsetType = UNSET


class LeaderGroups(_Part, frozen=True, gc=False, tag_field="type", tag="leader.groups"):
    """The brand approved a leader's number of chat groups."""

    leader: Id
    groups: Count
    at: Instant


class RankSet(_Part, frozen=True, gc=False, tag_field="type", tag="rank.set"):
    """The brand gives a rank by hand, up or down."""

    leader: Id
    rank: Id
    at: Instant


class TrialStarted(_Part, frozen=True, gc=False, tag_field="type", tag="trial.started"):
    """The brand gives a removed leader a new probation."""

    leader: Id
    at: Instant


class OrderPaid(_Part, frozen=True, gc=False, tag_field="type", tag="order.paid"):
    """A customer paid."""

    order: Id
    leader: Id
    at: Instant
    lines: Annotated[tuple[OrderLine, ...], Meta(min_length=1)]
    discount: Price | UnsetType = UNSET
    customer: Id | UnsetType = UNSET
    self_purchase: bool | UnsetType = UNSET


class OrderRefunded(_Part, frozen=True, gc=False, tag_field="type", tag="order.refunded"):
    """Part or all of an order is given back, of the whole order or of some of its lines."""

    order: Id
    at: Instant
    amount: Amount | UnsetType = UNSET
    lines: Annotated[tuple[RefundLine, ...], Meta(min_length=1)] | UnsetType = UNSET


class Clock(_Part, frozen=True, gc=False, tag_field="type", tag="clock"):
    """Time passes."""

    at: Instant


Event = LeaderJoined | LeaderGroups | RankSet | TrialStarted | OrderPaid | OrderRefunded | Clock

_DECODER: msgspec.json.Decoder[Event] = msgspec.json.Decoder(Event)
_ENCODER = msgspec.json.Encoder()


def read_lines(block: bytes, first_no: int = 1) -> Iterator[tuple[int, Event]]:
    """Read a block of whole lines, giving each event with the number of its line; blank lines count and are skipped.

    Lines are read all at once where none of them is in any way special, else one by one.
    Raises `LineRefused` at the first line that cannot be read, once all before it are given.
    """
    events = _read_at_once(block)
    return _read_one_by_one(block, first_no) if events is None else enumerate(events, first_no)


def _read_one_by_one(block: bytes, first_no: int) -> Iterator[tuple[int, Event]]:
    for line_no, line in enumerate(block.removesuffix(b"\n").split(b"\n"), first_no):
        if line.strip():
            try:
                yield line_no, read_event(line)
            except EventRefused as refusal:
                raise LineRefused(line_no, refusal.message) from refusal


def read_event(line: bytes) -> Event:
    """Read one line. Raises `EventRefused` with the reason."""
    try:
        event = _read(line)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError) as error:
        raise EventRefused(str(error)) from error
    if b"\\" in line or _repeats_a_field(line, _ENCODER.encode(event)):  # an escape may hide quotation marks
        json.loads(line, object_pairs_hook=_refuse_repeated)
    return event


def _read_at_once(block: bytes) -> list[Event] | None:
    """Give the events of a block, or None if it must be read line by line, for there the exact reason is found.

    A block that is written again to the byte has nothing special in it. Else: between two JSON objects, and nowhere
    inside one, `}` and `{` have only white space between them: as many such line ends as lines, and as many events,
    say that each line is one event and none is blank.
    """
    try:
        events = _DECODER.decode_lines(block)
    except (msgspec.MsgspecError, UnicodeDecodeError, RecursionError):
        return None
    written_again = _ENCODER.encode_lines(events)
    if written_again == block:
        return events
    line_ends = block.count(b"\n", 0, -1)
    if b"\\" in block or block.count(b"}\n{") != line_ends or len(events) != line_ends + 1:
        return None
    return None if _repeats_a_field(block, written_again) else events


def _read(line: bytes) -> Event:
    try:
        return _DECODER.decode(line)
    except msgspec.ValidationError:
        # The decoder knows the times of RFC 3339; ISO 8601 has more ways to write one.
        raw = msgspec.json.decode(line)
        if not isinstance(raw, dict) or "at" not in raw:
            raise
        if not isinstance(raw["at"], str):
            raise EventRefused("Expected `str`, an ISO 8601 time with its offset, in `at`", param="at") from None
        event: Event = msgspec.convert({**raw, "at": _instant_of(raw["at"])}, Event)
        return event


def _instant_of(text: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError as error:
        raise EventRefused(f"{text!r} is no ISO 8601 time", param="at") from error
    if at.tzinfo is None:
        raise EventRefused(f"the time {text!r} has no offset", param="at")
    return at


def _repeats_a_field(text: bytes, written_again: bytes) -> bool:
    """The decoder keeps the last of two fields of one name; written again, they then have fewer quotation marks.

    This costs a tenth of reading each line with a parser that tells.
    """
    return text.count(b'"') != written_again.count(b'"')


def _refuse_repeated(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    seen = dict(pairs)
    if len(seen) < len(pairs):
        names = [name for name, _ in pairs]
        repeated = next(name for name in names if names.count(name) > 1)
        raise EventRefused(f"field `{repeated}` is there twice", param=repeated)
    return seen
