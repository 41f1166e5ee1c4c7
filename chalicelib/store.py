"""The one table: its base record, its connection, and writes that survive a collision.

Features define their records in their own `store` module as subclasses of `Record` with a discriminator.
`infra/access-patterns.md` lists every key. Reads are strongly consistent unless a store says otherwise.
"""

import json
import os
import random
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Self, TypeVar
from zlib import crc32

from pynamodb.attributes import DiscriminatorAttribute, NumberAttribute, UnicodeAttribute
from pynamodb.connection import Connection, TableConnection
from pynamodb.exceptions import DeleteError, PutError, PynamoDBException, TransactWriteError, UpdateError
from pynamodb.indexes import GlobalSecondaryIndex, KeysOnlyProjection
from pynamodb.models import Model
from pynamodb.transactions import TransactWrite

from chalicelib import at_hand, side_by_side
from chalicelib.errors import Invalid
from chalicelib.tenancy import guard

R = TypeVar("R", bound="Record")
T = TypeVar("T")


class ByGsi1(GlobalSecondaryIndex["IndexRow"]):  # type: ignore[no-untyped-call]
    """The sparse, overloaded index. Eventually consistent: lists for people read it, money is never decided by it.

    It holds keys only, so that a change of an item's state costs nothing here, and a list shows states as they are.
    """

    class Meta:
        index_name = "gsi1"
        projection = KeysOnlyProjection()

    gsi1pk = UnicodeAttribute(hash_key=True)
    gsi1sk = UnicodeAttribute(range_key=True)


class Record(Model):
    """One item of the table. `pk` begins with the tenant's id; `kind` says which record it is."""

    class Meta:
        table_name = os.environ.get("TABLE_NAME", "tuanyuan")
        region = os.environ.get("AWS_REGION", os.environ.get("AWS_DEFAULT_REGION", "us-east-1"))
        host = None  # AWS_ENDPOINT_URL is honoured by botocore
        max_retry_attempts = 5
        connect_timeout_seconds = 3
        read_timeout_seconds = 8

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    kind = DiscriminatorAttribute()
    gsi1pk = UnicodeAttribute(null=True)
    gsi1sk = UnicodeAttribute(null=True)
    ttl = NumberAttribute(null=True)
    by_gsi1 = ByGsi1()

    def __repr__(self) -> str:
        """Name the item only: what is in it may be a name, a phone number, an address, and end up in a log."""
        return f"{type(self).__name__}({self.pk!r}, {self.sk!r})"

    @classmethod
    def _instantiate(cls, attribute_values: dict[str, dict[str, Any]]) -> Self:
        record = super()._instantiate(attribute_values)  # pynamodb's own way from an item, of whichever kind
        record.keep_given(attribute_values)
        return record

    def keep_given(self, given: dict[str, dict[str, Any]]) -> None:
        """Keep the item as the table gave it, where attributes have names that only the data knows; else nothing."""

    @classmethod
    def _get_connection(cls) -> TableConnection:
        """Share one client between all records (each costs some 80 ms to make), never without the guard."""
        global _guarded_client
        shared: TableConnection = super(Record, Record)._get_connection()
        client = shared.connection.client
        if client is not _guarded_client:
            client.meta.events.register("provide-client-params.dynamodb", guard, unique_id="tenant-guard")
            _guarded_client = client
        return shared


class IndexRow(Model):
    """An item as the index shows it. Without `kind`: pynamodb would filter by an attribute that is not there."""

    Meta = Record.Meta  # type: ignore[assignment]  # pynamodb's protocol asks for one class each

    pk = UnicodeAttribute(hash_key=True)
    sk = UnicodeAttribute(range_key=True)
    gsi1pk = UnicodeAttribute()
    gsi1sk = UnicodeAttribute()
    by_gsi1 = ByGsi1()

    @classmethod
    def _get_connection(cls) -> TableConnection:
        return Record._get_connection()


_guarded_client: Any = None


def connection() -> Connection:
    """Give the one shared connection, with the tenant guard on its client."""
    return Record._get_connection().connection


def can_be_key(pk: str, sk: str) -> bool:
    """Tell whether DynamoDB would take a key: an address may hold anything."""
    # surrogatepass: a lone surrogate is no text, but it is no reason to stumble either
    sizes = ((len(text.encode("utf-8", "surrogatepass")), most) for text, most in ((pk, 2048), (sk, 1024)))
    return all(0 < size <= most for size, most in sizes) and (pk + sk).isprintable()


def get(record: type[R], pk: str, sk: str, *, consistent: bool = True) -> R | None:
    """Read one item, or None; a key that DynamoDB would not take (from an address, say) names nothing."""
    if not can_be_key(pk, sk):
        return None
    if (hand := at_hand.hand()) is not None and (pk, sk) in hand.items:
        found = hand.items[pk, sk]
        return found if isinstance(found, record) else None
    try:
        return record.get(pk, sk, consistent_read=consistent)
    except record.DoesNotExist:
        return None


def get_all(keys: Sequence[tuple[str, str]], *, consistent: bool = True) -> list[Record]:
    """Read many items in one request per hundred, side by side; what does not exist is left out, the order is lost."""
    held = hand.items if (hand := at_hand.hand()) else {}
    missing = [key for key in dict.fromkeys(keys) if key not in held]
    parts = [missing[start : start + _MOST_IN_BATCH] for start in range(0, len(missing), _MOST_IN_BATCH)]

    def read(part: Sequence[tuple[str, str]]) -> list[Record]:
        return list(Record.batch_get(part, consistent_read=consistent))

    found = [item for items in side_by_side.each(read, parts) for item in items]
    return found + [held[key] for key in dict.fromkeys(keys) if held.get(key) is not None]


_MOST_IN_BATCH = 100
"""How many items DynamoDB gives for one request."""


def query(
    record: type[R],
    pk: str,
    range_condition: Any = None,
    *,
    limit: int | None = None,
    newest_first: bool = False,
    consistent: bool = True,
    after: str | None = None,
) -> Iterator[R]:
    """Read a partition in key order; `after` is the `sk` of the last item already seen."""
    return iter(
        record.query(
            pk,
            range_condition,
            limit=limit,
            scan_index_forward=not newest_first,
            consistent_read=consistent,
            last_evaluated_key={"pk": {"S": pk}, "sk": {"S": after}} if after else None,
        )
    )


@dataclass(frozen=True, slots=True)
class Listed:
    """An item as the index knows it: where it is, and its place in the list."""

    pk: str
    sk: str
    position: str


def sortable(at: datetime) -> str:
    """Write a moment so that texts sort like moments."""
    return at.astimezone(UTC).isoformat(timespec="microseconds")


def position(at: datetime, item_id: str) -> str:
    """Give a place in a list that is ordered by time."""
    return f"{sortable(at)}#{item_id}"


def listed(
    partitions: Sequence[str],
    *,
    newest_first: bool = False,
    after: str | None = None,
    between: tuple[str, str] | None = None,
    limit: int,
) -> list[Listed]:
    """Read a list from the index, merged over its partitions by position; `after` is the last position seen.

    One query a partition, side by side. Read the items themselves with `get_all`.
    """
    hand, asked = at_hand.hand(), (tuple(partitions), newest_first, after, between, limit)
    if hand is not None and asked in hand.lists:
        return list(hand.lists[asked])
    position = IndexRow.gsi1sk
    condition: Any = position.between(*between) if between else None
    if after is not None:
        condition = position < after if newest_first else position > after

    def rows_of(partition: str) -> list[IndexRow]:
        return list(IndexRow.by_gsi1.query(partition, condition, limit=limit, scan_index_forward=not newest_first))

    found = [row for rows in side_by_side.each(rows_of, partitions) for row in rows]
    found.sort(key=lambda record: str(record.gsi1sk), reverse=newest_first)
    rows = [Listed(record.pk, record.sk, str(record.gsi1sk)) for record in found[:limit]]
    if hand is not None:
        hand.lists[asked] = tuple(rows)
    return rows


SHARDS = 8


def shard_of(name: str) -> int:
    """Say in which of the shards of a list or a counter something is kept; the same answer forever."""
    return crc32(name.encode()) % SHARDS


def put(item: Record, condition: Any = None) -> None:
    """Write one item; raises pynamodb's `PutError` when the condition does not hold (see `condition_failed`)."""
    at_hand.check_writable()
    item.save(condition=condition)


@contextmanager
def transaction() -> Iterator[TransactWrite]:
    """Collect writes and send them as one; all happen or none does."""
    at_hand.check_writable()
    with TransactWrite(connection=connection()) as write:
        yield write


# ------------------------------------------------------------------------------------------------ refused writes

_COLLISIONS = frozenset({"TransactionConflict", "ThrottlingError", "ProvisionedThroughputExceeded"})
_ATTEMPTS = 8


def condition_failed(error: Exception) -> bool:
    """Tell whether a write was refused by its own condition, not by a machine."""
    if isinstance(error, TransactWriteError):
        return "ConditionalCheckFailed" in _reasons(error)
    return isinstance(error, PynamoDBException) and error.cause_response_code == "ConditionalCheckFailedException"


def crossed(error: PynamoDBException) -> bool:
    """Tell whether a write met a transaction on the same item (or was throttled in one) and may be sent again."""
    if isinstance(error, TransactWriteError):
        return bool(_COLLISIONS.intersection(_reasons(error))) and not condition_failed(error)
    return error.cause_response_code == "TransactionConflictException"


def failed_conditions(error: TransactWriteError) -> list[bool]:
    """Say for each item of a cancelled transaction, in the order sent, whether its condition failed.

    pynamodb sends condition checks first, then deletes, puts and updates.
    """
    return [reason == "ConditionalCheckFailed" for reason in _reasons(error)]


def again_when_crossed(write: Callable[[], T], *, pause: Callable[[float], None] = time.sleep) -> T:
    """Repeat a write that met a transaction on the same item; botocore does not do that by itself.

    Safe because every write given to it is conditional, or the same when done twice: one that went through meanwhile
    is refused, not doubled.
    """
    for attempt in range(_ATTEMPTS):
        try:
            return write()
        except (TransactWriteError, PutError, UpdateError, DeleteError) as error:
            if not crossed(error) or attempt == _ATTEMPTS - 1:
                raise
        pause(random.uniform(0, 0.02 * 2**attempt))  # noqa: S311 - jitter, not a secret
    raise AssertionError("unreachable")


def written(write: Callable[[], object]) -> bool:
    """Send a conditional write, again when it met another; False when its condition does not hold (any more)."""
    try:
        again_when_crossed(write)
    except (TransactWriteError, PutError, UpdateError, DeleteError) as error:
        if not condition_failed(error):
            raise
        return False
    return True


def _reasons(error: TransactWriteError) -> list[str]:
    return [reason.code if reason else "None" for reason in error.cancellation_reasons]


# ------------------------------------------------------------------------------------------------ cursors


def encode_cursor(key: str) -> str:
    """Hide a sort key in a cursor that is safe in a URL."""
    import base64

    return base64.urlsafe_b64encode(key.encode()).decode().rstrip("=")


def decode_cursor(cursor: str) -> str:
    """Read a cursor back. It holds a sort key only: the partition always comes from the signed-in tenant."""
    import base64

    try:
        return base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)).decode()
    except ValueError as error:  # no base 64, no ASCII, no UTF-8
        raise Invalid("This cursor is not one of ours. Start again without it.", param="starting_after") from error


def packed(value: object) -> str:
    """Keep a small structure in one attribute, always written the same way."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), sort_keys=True)
