"""What a function with tumbling windows is handed: its shard, the window's state, a last call without records."""

from typing import Any

import pytest

from infra.local.event_source import FunctionFailed, Record
from infra.local.windows import Windowed

EVENT = {"state", "shardId", "window", "Records", "isFinalInvokeForWindow", "isWindowTerminatedEarly"}


def records(*seconds: int) -> list[Record]:
    return [{"dynamodb": {"SequenceNumber": str(at), "ApproximateCreationDateTime": at}} for at in seconds]


class Counting:
    """Counts the records of each window in its state, and fails where it is told to."""

    def __init__(self, fails_at: str = "") -> None:
        self.events: list[dict[str, Any]] = []
        self.fails_at = fails_at

    def __call__(self, event: dict[str, Any]) -> dict[str, Any]:
        assert event.keys() == EVENT
        self.events.append(event)
        names = [record["dynamodb"]["SequenceNumber"] for record in event["Records"]]
        failures = [{"itemIdentifier": name} for name in names if name == self.fails_at]
        seen = event["state"].get("seen", 0) + len(names)
        return {"state": {"seen": seen}, "batchItemFailures": failures}


def told(function: Counting) -> list[tuple[str, int, int, bool]]:
    """Each call: the window's start, how many records, the state before, whether it is the last."""
    return [
        (event["window"]["start"][-4:-1], len(event["Records"]), event["state"].get("seen", 0), final)
        for event in function.events
        for final in [event["isFinalInvokeForWindow"]]
    ]


def test_the_state_goes_on_through_a_window_and_begins_anew_with_the_next() -> None:
    function, windowed = Counting(), Windowed(10, "shardId-7")

    windowed.invoke(records(1, 2), function)
    windowed.invoke(records(9, 10), function)

    assert told(function) == [(":00", 2, 0, False), (":00", 1, 2, False), (":00", 0, 3, True), (":10", 1, 0, False)]
    assert {event["shardId"] for event in function.events} == {"shardId-7"}
    assert function.events[0]["window"] == {"start": "1970-01-01T00:00:00Z", "end": "1970-01-01T00:00:10Z"}


def test_a_record_that_failed_ends_the_batch_and_may_come_again_from_an_older_window() -> None:
    function, windowed = Counting(fails_at="11"), Windowed(10, "shardId-7")

    answer = windowed.invoke(records(1, 11, 21), function)

    assert answer["batchItemFailures"] == [{"itemIdentifier": "11"}]
    function.fails_at = ""
    assert windowed.invoke(records(11, 21), function) == {"batchItemFailures": []}


def test_an_answer_without_a_state_is_a_failure() -> None:
    with pytest.raises(FunctionFailed, match="state"):
        Windowed(10, "shardId-7").invoke(records(1), lambda event: {"batchItemFailures": []})
