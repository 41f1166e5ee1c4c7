"""What is corrected in ministack, each correction on a stand-in that errs as ministack does."""

import itertools
import threading
from contextlib import suppress
from types import SimpleNamespace
from typing import Any

from infra.local.aws import (
    deliver_streams_like_aws,
    keep_bytes_as_bytes,
    keep_streams_over_restarts,
    keep_windows_of_mappings,
    number_changes_in_their_order,
    tell_what_is_waiting,
)

SOURCE = "arn:aws:dynamodb:us-east-1:000000000000:table/orders/stream/2026"
MAPPING = {
    "UUID": "esm",
    "EventSourceArn": SOURCE,
    "FunctionName": "stream",
    "FunctionResponseTypes": ["ReportBatchItemFailures"],
    "MaximumRetryAttempts": 0,
    "LastProcessingResult": "OK",
}


OTHERS = {**MAPPING, "UUID": "other", "FunctionName": "roll_up", "MaximumRetryAttempts": -1}
STREAM = {"config": {"FunctionName": "stream"}}


def record(number: int) -> dict[str, Any]:
    return {"eventSourceARN": SOURCE, "dynamodb": {"SequenceNumber": str(number)}}


class Lambda(SimpleNamespace):
    """The parts of ministack's Lambda that are corrected: a poller that takes every answer for success."""

    def __init__(self, answers: list[dict[str, Any]]) -> None:
        super().__init__()
        self.answers = answers
        self.invoked: list[list[str]] = []
        self.parked: list[tuple[list[str], str]] = []
        self._dynamodb_stream_positions = {"esm": 3}

    def _execute_function(self, function: dict[str, Any], event: dict[str, Any]) -> dict[str, Any]:
        self.invoked.append([one["dynamodb"]["SequenceNumber"] for one in event["Records"]])
        return self.answers.pop(0)

    def _poll_dynamodb_streams(self) -> dict[str, Any]:
        answer: dict[str, Any] = self._execute_function(STREAM, {"Records": [record(1), record(2)]})
        return answer

    def _iter_all_esms(self) -> list[tuple[str, str, dict[str, Any]]]:
        return [("account", "region", OTHERS), ("account", "region", MAPPING)]

    def _send_ddb_stream_failure_record(
        self, _mapping: Any, _function: Any, batch: list[dict[str, Any]], _source: str, _answer: Any, why: str
    ) -> None:
        self.parked.append(([one["dynamodb"]["SequenceNumber"] for one in batch], why))

    def _esm_response(self, mapping: dict[str, Any]) -> dict[str, Any]:
        return dict(mapping)


def test_a_record_reported_as_failed_is_delivered_again_instead_of_lost() -> None:
    failed = {"batchItemFailures": [{"itemIdentifier": "2"}]}
    lambda_svc = Lambda([{"body": failed}, {"body": {"batchItemFailures": []}}])
    deliver_streams_like_aws(lambda_svc)

    assert lambda_svc._poll_dynamodb_streams() == {"body": None}
    assert lambda_svc.invoked == [["1", "2"], ["2"]]


def test_a_batch_that_fails_to_the_end_is_parked_with_its_reason() -> None:
    died = {"error": True, "body": {"errorMessage": "Worker process died"}}
    lambda_svc = Lambda([died])
    deliver_streams_like_aws(lambda_svc)

    lambda_svc._poll_dynamodb_streams()

    assert lambda_svc.parked == [(["1", "2"], "RetryAttemptsExhausted")]


def test_a_function_that_is_tried_for_ever_does_not_hold_up_the_others() -> None:
    died = {"error": True, "body": {"errorMessage": "Worker process died"}}
    lambda_svc = Lambda([died])
    lambda_svc._poll_dynamodb_streams = lambda: lambda_svc._execute_function(
        {"config": {"FunctionName": "roll_up"}}, {"Records": [record(1)]}
    )
    deliver_streams_like_aws(lambda_svc)

    answer = lambda_svc._poll_dynamodb_streams()

    assert answer == {"error": True, "body": died["body"]}, "ministack goes on with the others, then comes again"
    assert lambda_svc.parked == []


def test_a_mapping_made_by_cloudformation_keeps_its_windows() -> None:
    lambda_svc = SimpleNamespace(_esms={"esm": {}})
    handlers = {"create": lambda _id, _properties, _stack: ("esm", {})}
    provisioners = SimpleNamespace(_RESOURCE_HANDLERS={"AWS::Lambda::EventSourceMapping": handlers})
    keep_windows_of_mappings(provisioners, lambda_svc)

    handlers["create"]("RollUpTable", {"TumblingWindowInSeconds": 60}, "stack")

    assert lambda_svc._esms == {"esm": {"TumblingWindowInSeconds": 60}}


def test_changes_of_many_at_once_come_in_the_order_of_their_numbers() -> None:
    numbers, appended = itertools.count(), []
    both_are_there = threading.Barrier(2, timeout=0.2)

    def emit() -> None:
        number = next(numbers)
        with suppress(threading.BrokenBarrierError):
            both_are_there.wait()  # without turns both have their numbers here, and either may go first
        appended.append(number)

    dynamodb = SimpleNamespace(_emit_stream_event=emit)
    number_changes_in_their_order(dynamodb)
    both = [threading.Thread(target=dynamodb._emit_stream_event) for _ in range(2)]
    for one in both:
        one.start()
    for one in both:
        one.join()

    assert appended == [0, 1]
    assert both_are_there.broken, "the second waited for the first"


def test_an_invocation_outside_the_poller_is_left_alone() -> None:
    answer = {"body": {"batchItemFailures": [{"itemIdentifier": "1"}]}}
    lambda_svc = Lambda([answer])
    deliver_streams_like_aws(lambda_svc)

    assert lambda_svc._execute_function(STREAM, {"Records": [record(1)]}) == answer


def test_records_and_positions_of_a_stream_are_saved_together() -> None:
    loaded: list[dict[str, Any]] = []
    before = SimpleNamespace(
        get_state=lambda: {"tables": {"orders": {}}},
        load_persisted_state=loaded.append,
        _stream_records={"orders": [record(1)]},
        _stream_trimmed={"orders": 4},
    )
    after = SimpleNamespace(get_state=dict, load_persisted_state=loaded.append, _stream_records={}, _stream_trimmed={})
    keep_streams_over_restarts(before)
    keep_streams_over_restarts(after)

    after.load_persisted_state(before.get_state())

    assert after._stream_records == {"orders": [record(1)]}
    assert after._stream_trimmed == {"orders": 4}
    assert loaded[0]["tables"] == {"orders": {}}


def test_a_mapping_tells_how_many_records_wait() -> None:
    lambda_svc = Lambda([])
    tell_what_is_waiting(SimpleNamespace(stream_end_position=lambda table: {"orders": 5}[table]), lambda_svc)

    assert lambda_svc._esm_response(MAPPING)["LastProcessingResult"] == "OK; 2 waiting"


def test_a_mapping_of_a_queue_is_described_as_before() -> None:
    lambda_svc = Lambda([])
    tell_what_is_waiting(SimpleNamespace(), lambda_svc)
    queue = {"UUID": "q", "EventSourceArn": "arn:aws:sqs:us-east-1:000000000000:q", "LastProcessingResult": "OK"}

    assert lambda_svc._esm_response(queue) == queue


def test_binary_types_are_taken_from_the_definition_of_the_api() -> None:
    imported: list[dict[str, Any]] = []
    apigateway = SimpleNamespace(_import_rest_api=lambda _definition, properties: imported.append(properties))
    keep_bytes_as_bytes(apigateway)

    apigateway._import_rest_api({"x-amazon-apigateway-binary-media-types": ["image/png"]}, {"name": "shop"})

    assert imported == [{"name": "shop", "binaryMediaTypes": ["image/png"]}]
