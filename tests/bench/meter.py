"""Request units, counted from the requests themselves: item sizes, transactions doubled, the index's own writes.

An emulator's figures are not asked. Sizes are DynamoDB's: names and values in UTF-8, numbers about half their digits.
https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/on-demand-capacity-mode.html
"""

import math
import threading
from collections import Counter
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import groupby
from typing import Any

import boto3

from chalicelib.side_by_side import AT_ONCE
from chalicelib.store import Record, connection

Item = Mapping[str, Mapping[str, Any]]
WRITE_BYTES, READ_BYTES = 1024, 4096
READS = ("GetItem", "Query", "BatchGetItem")


def size_of(item: Item) -> int:
    """Give an item's size in bytes."""
    return sum(len(name.encode()) + _size_of_value(value) for name, value in item.items())


def _size_of_value(value: Mapping[str, Any]) -> int:
    ((kind, content),) = value.items()
    if kind == "S":
        return len(content.encode())
    if kind == "N":
        return math.ceil(len(content.lstrip("-").replace(".", "")) / 2) + 1 + content.startswith("-")
    return 1


class Meter:
    """Counts requests and units while it is on."""

    def __init__(self) -> None:
        self.requests = 0
        self.read_units = 0.0
        self.write_units = 0.0
        self.by_operation: Counter[str] = Counter()
        self._raw = boto3.client("dynamodb")  # outside of the count
        self._of_request = threading.local()  # the roll-up writes with several threads
        self._turn = threading.Lock()
        self._asked_by: list[bool] = []  # for each request in turn: whether the thread that waits for the page sent it
        self._own_thread = threading.get_ident()

    @property
    def turns(self) -> int:
        """Give how many requests are waited for one after the other: of those sent side by side eight count once."""
        runs = ((is_own, len(list(run))) for is_own, run in groupby(self._asked_by))
        return sum(length if is_own else math.ceil(length / AT_ONCE) for is_own, length in runs)

    def before(self, params: Mapping[str, Any], model: Any, **_: object) -> None:
        """Remember how the items to be written look before."""
        self._of_request.asked = params
        self._of_request.before = {key: self._read(key) for key in _written_keys(model.name, params)}

    def after(self, parsed: Mapping[str, Any], model: Any, **_: object) -> None:
        """Count a request that was answered."""
        written = {}
        if model.name not in READS and _was_weighed(model.name, parsed):
            written = {key: (before, self._read(key)) for key, before in self._of_request.before.items()}
        with self._turn:
            self.requests += 1
            self._asked_by.append(threading.get_ident() == self._own_thread)
            self.by_operation[model.name] += 1
            if model.name in READS:
                self.read_units += _read_units(model.name, self._of_request.asked, parsed)
            factor = 2 if model.name.startswith("Transact") else 1
            for before, after in written.values():
                self.write_units += self._write_units(before, after, factor)

    def _write_units(self, before: Item, after: Item, factor: int) -> float:
        size = max(size_of(before), size_of(after), 1)
        places = [{name: item[name] for name in ("gsi1pk", "gsi1sk") if name in item} for item in (before, after)]
        index = 0 if places[0] == places[1] else sum(1 for place in places if place)
        return factor * math.ceil(size / WRITE_BYTES) + index

    def _read(self, key: tuple[str, str]) -> Item:
        found = self._raw.get_item(
            TableName=Record.Meta.table_name, Key={"pk": {"S": key[0]}, "sk": {"S": key[1]}}, ConsistentRead=True
        )
        item: Item = found.get("Item", {})
        return item


def _was_weighed(operation: str, parsed: Mapping[str, Any]) -> bool:
    """Tell whether a write was looked at and costs its units: also where its own condition refused it."""
    code = parsed.get("Error", {}).get("Code")
    return code in (None, "ConditionalCheckFailedException") or operation == "TransactWriteItems"


def _written_keys(operation: str, params: Mapping[str, Any]) -> Iterator[tuple[str, str]]:
    requests = [params] if operation in ("PutItem", "UpdateItem", "DeleteItem") else []
    if operation == "TransactWriteItems":
        requests = [request for action in params["TransactItems"] for request in action.values()]
    for request in requests:
        key = request.get("Item") or request["Key"]
        yield key["pk"]["S"], key["sk"]["S"]


def _read_units(operation: str, asked: Mapping[str, Any], parsed: Mapping[str, Any]) -> float:
    if operation == "GetItem":
        return _units([size_of(parsed.get("Item", {}))], asked.get("ConsistentRead", False))
    if operation == "Query":
        return _units([sum(size_of(item) for item in parsed.get("Items", []))], asked.get("ConsistentRead", False))
    ((table, request),) = asked["RequestItems"].items()
    sizes = [size_of(item) for item in parsed["Responses"].get(table, [])]
    missing = len(request["Keys"]) - len(sizes)
    return _units(sizes + [0] * missing, request.get("ConsistentRead", False))


def _units(sizes: list[int], consistent: bool) -> float:
    return sum(max(1, math.ceil(size / READ_BYTES)) for size in sizes) * (1 if consistent else 0.5)


@contextmanager
def counting() -> Iterator[Meter]:
    """Count everything that the product asks of its table meanwhile."""
    meter = Meter()
    events = connection().client.meta.events
    events.register("provide-client-params.dynamodb", meter.before)
    events.register("after-call.dynamodb", meter.after)
    try:
        yield meter
    finally:
        events.unregister("provide-client-params.dynamodb", meter.before)
        events.unregister("after-call.dynamodb", meter.after)
