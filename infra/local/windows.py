"""A mapping with tumbling windows, as AWS documents it: the function is told the shard and hands a state on.

Each record belongs to the window of its time. An answer without `state` is a failure; at a window's end the function is
invoked once more, without records. Here that happens when the first record of a later window comes.
https://docs.aws.amazon.com/lambda/latest/dg/services-ddb-windows.html
"""

from collections.abc import Callable
from datetime import UTC, datetime
from itertools import groupby
from typing import Any

from infra.local.event_source import Answer, FunctionFailed, Record

Event = dict[str, Any]


class Windowed:
    """The windows of one mapping on one shard; remembers the open one and its state."""

    def __init__(self, seconds: int, shard_id: str) -> None:
        self._seconds = seconds
        self._shard_id = shard_id
        self._open: int | None = None
        self._state: dict[str, Any] = {}

    def invoke(self, records: list[Record], function: Callable[[Event], Answer]) -> Answer:
        """Hand over a batch, window by window; stops at the first one of which something failed."""
        for start, of_window in groupby(records, key=self._start_of):
            if self._open is not None and start > self._open:
                self._ask(function, self._open, [], final=True)
                self._state = {}
            self._open = max(start, self._open or start)
            answer = self._ask(function, self._open, list(of_window), final=False)
            self._state = answer["state"]
            if answer.get("batchItemFailures"):
                return answer
        return {"batchItemFailures": []}

    def _start_of(self, record: Record) -> int:
        at = int(record["dynamodb"]["ApproximateCreationDateTime"])
        return at - at % self._seconds

    def _ask(self, function: Callable[[Event], Answer], start: int, records: list[Record], *, final: bool) -> Answer:
        event = {
            "Records": records,
            "window": {"start": _written(start), "end": _written(start + self._seconds)},
            "state": self._state,
            "shardId": self._shard_id,
            "isFinalInvokeForWindow": final,
            "isWindowTerminatedEarly": False,
        }
        answer = function(event)
        if not isinstance(answer, dict) or not isinstance(answer.get("state"), dict):
            raise FunctionFailed("a function with windows has to answer with a state")
        return answer


def _written(moment: int) -> str:
    return datetime.fromtimestamp(moment, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
