"""Moto, made quicker without changing an answer: left alone, four fifths of the suite's time would be its own.

Each function takes away work whose outcome no test can see, and says how much it was. `quicken` does all of them, once,
when tests begin. Real signatures, real copies and real races are tested against DynamoDB Local and the local stack.
"""

import copy
import threading
from collections.abc import Set
from functools import cache

from botocore.awsrequest import AWSRequest
from botocore.model import MapShape
from botocore.signers import RequestSigner
from moto import backend_index
from moto.core import responses as core_responses
from moto.core.models import RESPONSES_METHODS
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item
from moto.dynamodb.models.table import StreamShard, Table
from moto.dynamodb.responses import DynamoHandler


def quicken() -> None:
    """Do it all. Call it once."""
    one_request_at_a_time()
    copy_little_of_a_value()
    copy_only_what_a_transaction_touches()
    compare_texts_as_they_are()
    answer_attributes_as_they_are()
    look_for_methods_once()
    sign_nothing()
    answer_nothing_but_boto()
    # moto asks all services in turn whether a request is theirs, DynamoDB among the last.
    backend_index.backend_url_patterns.sort(key=lambda service_and_pattern: service_and_pattern[0] != "dynamodb")


def one_request_at_a_time() -> None:
    """Serve one request after the other, whichever thread asks.

    Moto takes back a cancelled transaction by restoring a copy of its tables, which would undo what other threads wrote
    meanwhile.
    """
    answer, turn = DynamoHandler.call_action, threading.Lock()

    def in_turn(self: DynamoHandler) -> object:
        with turn:
            return answer(self)

    DynamoHandler.call_action = in_turn


def copy_little_of_a_value() -> None:
    """Copy of a value only what can be changed in place."""

    def copy_of_value(value: DynamoType, memo: dict[int, object]) -> DynamoType:
        if value.type in ("S", "N", "B", "BOOL", "NULL"):
            return value
        return DynamoType({value.type: copy.deepcopy(value.to_json()[value.type])})

    DynamoType.__deepcopy__ = copy_of_value


def copy_only_what_a_transaction_touches() -> None:
    """Let the copy of all tables, made for each transaction, share the items that the transaction does not name.

    Whole, it takes a third of a second on a table of a few hundred items. What a query finds is only shown: shared too.
    """
    write, query, copy_of_item = DynamoDBBackend.transact_write_items, Table.query, Item.__deepcopy__
    touched: Set[int] | None = None

    def of_what_is_touched(self: DynamoDBBackend, transact_items: list[dict]) -> None:
        nonlocal touched
        named = [operation for item in transact_items for operation in item.values()]
        keys = [operation.get("Key") or _key_of(self, operation) for operation in named]
        touched = {id(self.get_item(operation["TableName"], key)) for operation, key in zip(named, keys, strict=True)}
        try:
            write(self, transact_items)
        finally:
            touched = None

    def of_nothing(self: Table, *arguments: object, **more: object) -> object:
        nonlocal touched
        touched = frozenset()
        try:
            return query(self, *arguments, **more)
        finally:
            touched = None

    def item_or_copy(item: Item, memo: dict[int, object]) -> Item:
        return copy_of_item(item, memo) if touched is None or id(item) in touched else item

    def copy_of_shard(shard: StreamShard, memo: dict[int, object]) -> StreamShard:
        result = copy.copy(shard)
        memo[id(shard)] = result
        result.items, result.table = list(shard.items), copy.deepcopy(shard.table, memo)
        return result

    DynamoDBBackend.transact_write_items = of_what_is_touched
    Table.query = of_nothing
    Item.__deepcopy__ = item_or_copy
    StreamShard.__deepcopy__ = copy_of_shard


def _key_of(backend: DynamoDBBackend, put: dict) -> dict:
    table = backend.get_table(put["TableName"])
    return {name: put["Item"][name] for name in (table.hash_key_attr, table.range_key_attr) if name in put["Item"]}


def compare_texts_as_they_are() -> None:
    """Compare keys without asking of each, several times, whether it is a number: moto sorts whole tables."""
    cast = DynamoType.cast_value.fget

    def cast_value(self: DynamoType) -> object:
        return self.value if self.type == "S" else cast(self)

    DynamoType.cast_value = property(cast_value)


def answer_attributes_as_they_are() -> None:
    """Put simple attributes into the answer unchanged: one by one takes a quarter of a test's time."""
    one_by_one = BaseJSONSerializer._serialize_type_map

    def map_of(self: BaseJSONSerializer, serialized: dict, value: object, shape: MapShape, key: str) -> None:
        if shape.value.name == "AttributeValue" and _has_no_bytes(value.values()):
            self._default_serialize(serialized, value, shape, key)
        else:
            one_by_one(self, serialized, value, shape, key)

    BaseJSONSerializer._serialize_type_map = map_of


def _has_no_bytes(attributes: object) -> bool:
    """Tell whether these attributes are JSON already, however deep they go."""
    for attribute in attributes:
        [(kind, value)] = attribute.items()
        if kind in ("B", "BS") or (kind == "L" and not _has_no_bytes(value)):
            return False
        if kind == "M" and not _has_no_bytes(value.values()):
            return False
    return True


def look_for_methods_once() -> None:
    """List the methods of a service once for each service, not for each request."""
    core_responses.method_names_from_class = cache(core_responses.method_names_from_class)


def sign_nothing() -> None:
    """Leave out the signatures of requests to DynamoDB, which moto does not look at."""

    sign = RequestSigner.handler

    def handler(
        self: RequestSigner, operation_name: str | None = None, request: AWSRequest | None = None, **more: object
    ) -> None:
        # S3 tells from it who asks; DynamoDB Local refuses what is not signed.
        if self.signing_name != "dynamodb" or (request is not None and "amazonaws.com" not in request.url):
            sign(self, operation_name, request, **more)

    RequestSigner.handler = handler


def answer_nothing_but_boto() -> None:
    """Set up no answers for other clients than boto's: two thirds of what an empty table takes, for each test."""
    RESPONSES_METHODS.clear()
