"""The table's stream as AWS may bring it to the functions that listen to it."""

from random import Random
from typing import Any
from zlib import crc32

from chalicelib.events import stream
from chalicelib.figures import rollup
from chalicelib.wiring import Tools

SHARDS = 3


class Delivery:
    """Brings changes to the stream function and to the roll-up, each at its own pace.

    A shard holds the changes of some items, in order. Batches are cut anywhere, shards take turns at random, and a
    batch may come twice, the second time cut elsewhere, as after a failure.
    """

    def __init__(self, tools: Tools, chance: Random, source: Any) -> None:
        self._tools, self._chance, self._source = tools, chance, source
        self._waiting: dict[tuple[str, int], list[dict[str, Any]]] = {}

    def bring_all(self) -> None:
        """Go on until nothing is left to bring, what the functions write themselves included."""
        while self._look() or any(self._waiting.values()):
            self._bring_one()

    def bring(self, *, batches: int) -> None:
        """Bring a few batches; the rest lags behind."""
        for _ in range(batches):
            self._look()
            self._bring_one()

    def _bring_one(self) -> None:
        ready = [place for place, records in self._waiting.items() if records]
        if ready:
            self._bring_some(*self._chance.choice(ready))

    def _look(self) -> bool:
        records = self._source.waiting()
        for record in records:
            shard = crc32(record["dynamodb"]["Keys"]["pk"]["S"].encode()) % SHARDS
            for listener in ("stream", "roll_up"):
                self._waiting.setdefault((listener, shard), []).append(record)
        return bool(records)

    def _bring_some(self, listener: str, shard: int) -> None:
        waiting = self._waiting[listener, shard]
        batch = waiting[: self._chance.randint(1, len(waiting))]
        if self._chance.randrange(4) == 0:  # it failed somewhere after this, and will come again
            self._hand_over(listener, shard, batch[: self._chance.randint(1, len(batch))])
        self._hand_over(listener, shard, batch)
        del waiting[: len(batch)]

    def _hand_over(self, listener: str, shard: int, batch: list[dict[str, Any]]) -> None:
        if listener == "stream":
            answer = stream.handle({"Records": batch}, self._tools)
        else:
            event = {"Records": batch, "shardId": f"shardId-{shard:020d}-{shard:08x}"}
            answer = rollup.handle(event, self._tools.now())
        assert answer["batchItemFailures"] == []
