"""Local AWS: ministack with what it lacks for a stream that loses nothing.

    python -m infra.local.aws --port 4566 --state-dir .local/aws

Corrections to ministack 1.5.33, each seen to matter (infra/decisions/0001-local-aws-is-ministack.md):
partial batch answers are honoured, stream records are kept over a restart (only the readers' positions were),
a mapping tells how many records it has yet to deliver, binary types are found, a warm function answers at once.
"""

import argparse
import importlib
import os
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import Any

from infra.local.event_source import FunctionFailed, Record, RetryRules, deliver
from infra.local.functions import answer_without_waiting_for_logs, processes_at_once, take_turns, unpack_once

SERVICES = (
    "apigateway,cloudformation,cloudwatch,dynamodb,dynamodbstreams,events,iam,lambda,logs,s3,scheduler,ses,sns,sqs,sts"
)
LONGEST_PAUSE_S = 1.0
Module = Any  # ministack carries no types


def configure(port: int, state_dir: Path) -> None:
    """Set what ministack reads from its environment when it is imported."""
    os.environ.update(
        BIND_HOST="127.0.0.1",
        GATEWAY_PORT=str(port),
        SERVICES=SERVICES,
        PERSIST_STATE="1",
        STATE_DIR=str(state_dir / "state"),
        S3_PERSIST="1",
        S3_DATA_DIR=str(state_dir / "s3"),
        IOT_MTLS_ENABLED="0",
        SFTP_ENABLED="0",
        LAMBDA_ACCOUNT_CONCURRENCY="0",  # without limit: those above `processes_at_once` wait instead of failing
    )


def deliver_streams_like_aws(lambda_svc: Module) -> None:
    """Put `event_source.deliver` between ministack's stream poller and the function it invokes."""
    in_poller = threading.local()
    poll, execute = lambda_svc._poll_dynamodb_streams, lambda_svc._execute_function

    def poll_marked() -> Any:
        in_poller.here = True
        try:
            return poll()
        finally:
            in_poller.here = False

    def execute_by_the_rules(function: Any, event: Any) -> Any:
        if not getattr(in_poller, "here", False):
            return execute(function, event)
        in_poller.here = False  # `execute` calls itself once more to enter the function's account
        try:
            return _deliver_batch(lambda_svc, execute, function, event["Records"])
        finally:
            in_poller.here = True

    lambda_svc._poll_dynamodb_streams = poll_marked
    lambda_svc._execute_function = execute_by_the_rules


def _deliver_batch(lambda_svc: Module, execute: Any, function: Any, records: list[Record]) -> dict[str, Any]:
    source = records[0]["eventSourceARN"]
    mapping = next(esm for _, _, esm in lambda_svc._iter_all_esms() if esm["EventSourceArn"] == source)
    last: dict[str, Any] = {}

    def invoke(batch: list[Record]) -> Any:
        last.clear()
        last.update(execute(function, {"Records": batch}))
        if last.get("error"):
            print(f"stream: a batch of {len(batch)} failed: {last.get('body')}", flush=True)
            raise FunctionFailed(str(last.get("body")))
        return last.get("body")

    def park(batch: list[Record]) -> None:
        print(f"stream: {len(batch)} records parked", flush=True)
        lambda_svc._send_ddb_stream_failure_record(mapping, function, batch, source, last, "RetryAttemptsExhausted")

    def pause(failures: int) -> None:
        time.sleep(min(LONGEST_PAUSE_S, 0.05 * 2**failures))

    deliver(records, RetryRules.of_mapping(mapping), invoke=invoke, park=park, pause=pause)
    return {"body": None}


def keep_streams_over_restarts(dynamodb: Module) -> None:
    """Save the stream's records with the tables: positions alone point past the end of an empty stream."""
    get_state, restore = dynamodb.get_state, dynamodb.load_persisted_state

    def get_state_with_streams() -> dict[str, Any]:
        streams = {"stream_records": dynamodb._stream_records, "stream_trimmed": dynamodb._stream_trimmed}
        return {**get_state(), **streams}

    def restore_with_streams(data: dict[str, Any]) -> None:
        restore(data)
        dynamodb._stream_records.update(data.get("stream_records", {}))
        dynamodb._stream_trimmed.update(data.get("stream_trimmed", {}))

    dynamodb.get_state = get_state_with_streams
    dynamodb.load_persisted_state = restore_with_streams


def tell_what_is_waiting(dynamodb: Module, lambda_svc: Module) -> None:
    """Let `LastProcessingResult` of a stream's mapping end in `… 3 waiting`: what AWS shows as IteratorAge."""
    describe = lambda_svc._esm_response

    def describe_with_backlog(mapping: dict[str, Any]) -> dict[str, Any]:
        described: dict[str, Any] = describe(mapping)
        source = mapping.get("EventSourceArn", "")
        if "/stream/" in source:
            end = dynamodb.stream_end_position(source.split("/")[1])
            waiting = end - lambda_svc._dynamodb_stream_positions.get(mapping["UUID"], 0)
            described["LastProcessingResult"] = f"{described.get('LastProcessingResult', '')}; {waiting} waiting"
        return described

    lambda_svc._esm_response = describe_with_backlog


def keep_bytes_as_bytes(apigateway: Module) -> None:
    """Read the API's binary types where chalice names them: in its definition, not in a property beside it."""
    import_api = apigateway._import_rest_api

    def import_with_binary_types(definition: dict[str, Any], properties: dict[str, Any]) -> Any:
        types = definition.get("x-amazon-apigateway-binary-media-types", [])
        return import_api(definition, {**properties, "binaryMediaTypes": types})

    apigateway._import_rest_api = import_with_binary_types


def main(arguments: list[str]) -> None:
    """Serve until SIGTERM; state is written on the way out."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.aws", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--state-dir", type=Path, required=True)
    options = parser.parse_args(arguments)
    configure(options.port, options.state_dir)
    _correct_ministack()
    sys.argv[1:] = []  # ministack would read our arguments as its own
    importlib.import_module("ministack.app").main()


def _correct_ministack() -> None:
    lambda_svc = importlib.import_module("ministack.services.lambda_svc")
    dynamodb = importlib.import_module("ministack.services.dynamodb")
    deliver_streams_like_aws(lambda_svc)
    keep_streams_over_restarts(dynamodb)
    tell_what_is_waiting(dynamodb, lambda_svc)
    keep_bytes_as_bytes(importlib.import_module("ministack.services.apigateway_v1"))
    take_turns(lambda_svc, processes_at_once())
    lambda_runtime = importlib.import_module("ministack.core.lambda_runtime")
    unpack_once(lambda_runtime, Path(tempfile.gettempdir()) / "unpacked")
    answer_without_waiting_for_logs(lambda_runtime)


if __name__ == "__main__":
    main(sys.argv[1:])
