"""Moto, made quicker without changing an answer: left alone, four fifths of the suite's time would be its own.

Each function takes away work whose outcome no test can see, and says how much it was. `quicken` does all of them, once,
when tests begin. Real signatures, real copies and real races are tested against DynamoDB Local and the local stack.
"""

import copy
import json
import threading
from functools import cache
from types import SimpleNamespace

from botocore.awsrequest import AWSRequest
from botocore.client import BaseClient
from botocore.handlers import BUILTIN_HANDLERS, REGISTER_LAST
from botocore.model import MapShape, OperationModel
from botocore.signers import RequestSigner
from botocore.useragent import UserAgentString
from moto import backend_index
from moto.core import DEFAULT_ACCOUNT_ID
from moto.core import responses as core_responses
from moto.core.exceptions import ServiceException
from moto.core.models import RESPONSES_METHODS, botocore_stubber
from moto.core.serialize import BaseJSONSerializer
from moto.dynamodb.exceptions import ItemSizeTooLarge
from moto.dynamodb.models import DynamoDBBackend
from moto.dynamodb.models.dynamo_type import DynamoType, Item, LimitedSizeDict
from moto.dynamodb.models.table import Table
from moto.dynamodb.responses import DynamoHandler
from werkzeug.exceptions import HTTPException

from tests import quick_expressions


def quicken() -> None:
    """Do it all. Call it once."""
    one_request_at_a_time()
    leave_out_http()
    copy_little_of_a_value()
    copy_only_what_a_transaction_touches()
    look_only_where_a_query_asks()
    weigh_an_item_once()
    compare_texts_as_they_are()
    answer_attributes_as_they_are()
    look_for_methods_once()
    sign_nothing()
    know_the_address()
    say_nothing_of_ourselves()
    answer_nothing_but_boto()
    quick_expressions.quicken()
    # moto asks all services in turn whether a request is theirs, DynamoDB among the last.
    backend_index.backend_url_patterns.sort(key=lambda service_and_pattern: service_and_pattern[0] != "dynamodb")


_TURN = threading.Lock()


def one_request_at_a_time() -> None:
    """Serve one request after the other, whichever thread asks.

    Moto takes back a cancelled transaction by restoring a copy of its tables, which would undo what other threads wrote
    meanwhile.
    """
    answer = DynamoHandler.call_action

    def in_turn(self: DynamoHandler) -> object:
        with _TURN:
            return answer(self)

    DynamoHandler.call_action = in_turn


_WITHOUT_HTTP = {
    "BatchGetItem": DynamoHandler.batch_get_item,
    "BatchWriteItem": DynamoHandler.batch_write_item,
    "CreateTable": DynamoHandler.create_table,
    "DeleteItem": DynamoHandler.delete_item,
    "GetItem": DynamoHandler.get_item,
    "PutItem": DynamoHandler.put_item,
    "Query": DynamoHandler.query,
    "TransactWriteItems": DynamoHandler.transact_write_items,
    "UpdateItem": DynamoHandler.update_item,
}


def leave_out_http() -> None:
    """Answer botocore before it makes an HTTP request that moto takes apart: that is more than half of a request."""
    BUILTIN_HANDLERS.append(("before-call.dynamodb", answer_without_http, REGISTER_LAST))


def answer_without_http(
    model: OperationModel, params: dict, context: dict, **_: object
) -> tuple[SimpleNamespace, dict] | None:
    """Give what botocore takes for an answer, or None to have it asked over HTTP.

    It asks here after all hooks of the product's and the tests' own. What moto refuses has changed nothing; it is asked
    again the long way, on which botocore reads refusals.
    """
    act, body = _WITHOUT_HTTP.get(model.name), params["body"]
    if not (botocore_stubber.enabled and act and "amazonaws.com" in params["url"]):
        return None
    if b'"B":' in body or b'"BS":' in body:  # bytes, which become text and bytes again on the long way
        return None
    handler = DynamoHandler()
    handler.current_account, handler.region = DEFAULT_ACCOUNT_ID, context["client_region"]
    handler.body = handler.params = json.loads(body)
    try:
        with _TURN:
            result = act(handler).result
    except (HTTPException, ServiceException):
        return None
    known = {name: result[name] for name in model.output_shape.members if result.get(name) is not None}
    return SimpleNamespace(status_code=200), known


def copy_little_of_a_value() -> None:
    """Copy of a value only what can be changed in place."""

    def copy_of_value(value: DynamoType, memo: dict[int, object]) -> DynamoType:
        if value.type in ("S", "N", "B", "BOOL", "NULL"):
            return value
        return DynamoType({value.type: copy.deepcopy(value.to_json()[value.type])})

    DynamoType.__deepcopy__ = copy_of_value


def copy_only_what_a_transaction_touches() -> None:
    """Let the copy of the table, made for each item of a transaction, be made once, and share what it does not name.

    Whole, it takes a third of a second on a table of a few hundred items.
    """
    write = DynamoDBBackend.transact_write_items
    kept: dict[str, Table] = {}

    def with_copies(self: DynamoDBBackend, transact_items: list[dict]) -> None:
        named: dict[str, list[dict]] = {}
        for operation in (operation for item in transact_items for operation in item.values()):
            named.setdefault(operation["TableName"], []).append(operation.get("Key") or operation.get("Item"))
        kept.update({name: _copy_of(self.get_table(name), keys) for name, keys in named.items()})
        try:
            write(self, transact_items)
        finally:
            kept.clear()

    DynamoDBBackend.transact_write_items = with_copies
    Table.__deepcopy__ = lambda table, memo: kept[table.name]


def _copy_of(table: Table, keys: list[dict]) -> Table:
    """Copy a table so that it stays as it is whatever happens to the items with these keys."""
    result = copy.copy(table)
    result.items = table.items.copy()
    for key in keys:
        pk, sk = DynamoType(key[table.hash_key_attr]), DynamoType(key[table.range_key_attr])
        if pk in table.items:
            part = result.items[pk] = dict(result.items[pk])
            if sk in part:
                part[sk] = copy.deepcopy(part[sk])
    if table.stream_shard:
        result.stream_shard = copy.copy(table.stream_shard)
        result.stream_shard.items, result.stream_shard.table = list(table.stream_shard.items), result
    return result


def look_only_where_a_query_asks() -> None:
    """Look for what a query finds among the items with its first key: moto sorts all there are, and looks at each."""
    query = Table.query

    def of_few(self: Table, hash_key: DynamoType, *arguments: object, **more: object) -> object:
        [(attribute, value)] = more["hash_key_conditions"]
        few = copy.copy(self)
        if attribute == self.hash_key_attr:
            few.items = {value: self.items.get(value, {})}
        else:
            few.items = {pk: _with(attribute, value.value, part) for pk, part in self.items.items()}
        return query(few, hash_key, *arguments, **more)

    Table.query = of_few


def _with(attribute: str, text: str, part: dict[DynamoType, Item]) -> dict[DynamoType, Item]:
    return {sk: item for sk, item in part.items() if attribute in item.attrs and item.attrs[attribute].value == text}


def weigh_an_item_once() -> None:
    """Weigh a new item when it has all its attributes, not before each of them."""

    def made_of(self: Item, hash_key: DynamoType, range_key: DynamoType | None, attrs: dict[str, dict]) -> None:
        self.hash_key, self.range_key, self.attrs = hash_key, range_key, LimitedSizeDict()
        dict.update(self.attrs, {name: DynamoType(value) for name, value in attrs.items()})
        if self.size() > _MOST_BYTES:
            raise ItemSizeTooLarge

    Item.__init__ = made_of


_MOST_BYTES = 405_000
"""Moto's own, in `LimitedSizeDict`."""


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


def know_the_address() -> None:
    """Do not work out anew for each request, by some hundred rules, where DynamoDB is."""
    resolve = BaseClient._resolve_endpoint_ruleset

    def address(self: BaseClient, *arguments: object, **more: object) -> tuple[str, dict, dict]:
        where = self.meta.endpoint_url
        if self.meta.service_model.service_name == "dynamodb" and "amazonaws.com" in where:
            return where, {}, {}
        return resolve(self, *arguments, **more)

    BaseClient._resolve_endpoint_ruleset = address


def say_nothing_of_ourselves() -> None:
    """Tell no server which version of what asks: building that text takes a twentieth of a request."""
    UserAgentString.to_string = lambda self: "tests"


def answer_nothing_but_boto() -> None:
    """Set up no answers for other clients than boto's: two thirds of what an empty table takes, for each test."""
    RESPONSES_METHODS.clear()
