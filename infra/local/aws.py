"""Local AWS: ministack with what it lacks for a stream that loses nothing.

    python -m infra.local.aws --port 4566 --state-dir .local/aws

Corrections to ministack 1.5.33, each seen to matter (infra/decisions/0001-local-aws-is-ministack.md):
partial batch answers are honoured, several functions read one stream, one of them in windows, changes are numbered in
their order, stream records are kept over a restart (only the readers' positions were), a mapping tells how many records
it has yet to deliver, binary types are found, a warm function answers at once.
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
from infra.local.windows import Windowed

SERVICES = (
    "apigateway,cloudformation,cloudwatch,dynamodb,dynamodbstreams,events,iam,lambda,logs,s3,scheduler,ses,sns,sqs,sts"
)
LONGEST_PAUSE_S = 1.0
WINDOW = "TumblingWindowInSeconds"
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
    mapping = _mapping_of(lambda_svc, function, records[0]["eventSourceARN"])
    rules, windowed = RetryRules.of_mapping(mapping), _windows_of(mapping)
    last: dict[str, Any] = {}

    def ask(event: dict[str, Any]) -> Any:
        last.clear()
        last.update(execute(function, event))
        if last.get("error"):
            print(f"stream: a batch of {len(event['Records'])} failed: {last.get('body')}", flush=True)
            raise FunctionFailed(str(last.get("body")))
        return last.get("body")

    def invoke(batch: list[Record]) -> Any:
        return windowed.invoke(batch, ask) if windowed else ask({"Records": batch})

    def park(batch: list[Record]) -> None:
        print(f"stream: {len(batch)} records parked", flush=True)
        source = mapping["EventSourceArn"]
        lambda_svc._send_ddb_stream_failure_record(mapping, function, batch, source, last, "RetryAttemptsExhausted")

    def pause(failures: int) -> None:
        if rules.max_retries < 0:
            raise StillFailing
        time.sleep(min(LONGEST_PAUSE_S, 0.05 * 2**failures))

    try:
        deliver(records, rules, invoke=invoke, park=park, pause=pause)
    except StillFailing:
        # One thread polls for all mappings: who is tried for ever must not hold up the others. ministack comes again.
        return {"error": True, "body": last.get("body")}
    return {"body": None}


class StillFailing(RuntimeError):
    """A batch that is delivered until it works has not worked yet."""


def _mapping_of(lambda_svc: Module, function: Any, source: str) -> dict[str, Any]:
    """Find the mapping that a batch comes by: several functions may read one stream."""
    name = (function.get("config") or function)["FunctionName"]
    mappings: list[dict[str, Any]] = [esm for _, _, esm in lambda_svc._iter_all_esms()]
    return next(esm for esm in mappings if (esm["EventSourceArn"], esm["FunctionName"]) == (source, name))


_windows: dict[str, Windowed] = {}


def _windows_of(mapping: dict[str, Any]) -> Windowed | None:
    """Give the windows of a mapping that has them. ministack's streams have one shard each."""
    seconds = int(mapping.get(WINDOW, 0))
    shard_id = "shardId-" + mapping["EventSourceArn"].rpartition("/")[2]
    return _windows.setdefault(mapping["UUID"], Windowed(seconds, shard_id)) if seconds else None


def keep_windows_of_mappings(provisioners: Module, lambda_svc: Module) -> None:
    """Let CloudFormation keep `TumblingWindowInSeconds`, which decides what a function is handed."""
    handlers = provisioners._RESOURCE_HANDLERS["AWS::Lambda::EventSourceMapping"]
    create = handlers["create"]

    def create_with_window(logical_id: str, properties: dict[str, Any], stack_name: str) -> Any:
        made = create(logical_id, properties, stack_name)
        if WINDOW in properties:
            lambda_svc._esms[made[0]][WINDOW] = properties[WINDOW]
        return made

    handlers["create"] = create_with_window


def number_changes_in_their_order(dynamodb: Module) -> None:
    """Number a change and append it in one go: two at once must not come with the greater number first."""
    emit, turn = dynamodb._emit_stream_event, threading.RLock()

    def emit_in_turn(*change: Any, **more: Any) -> Any:
        with turn:
            return emit(*change, **more)

    dynamodb._emit_stream_event = emit_in_turn


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
    number_changes_in_their_order(dynamodb)
    tell_what_is_waiting(dynamodb, lambda_svc)
    keep_windows_of_mappings(importlib.import_module("ministack.services.cloudformation.provisioners"), lambda_svc)
    keep_bytes_as_bytes(importlib.import_module("ministack.services.apigateway_v1"))
    take_turns(lambda_svc, processes_at_once())
    lambda_runtime = importlib.import_module("ministack.core.lambda_runtime")
    unpack_once(lambda_runtime, Path(tempfile.gettempdir()) / "unpacked")
    answer_without_waiting_for_logs(lambda_runtime)


if __name__ == "__main__":
    main(sys.argv[1:])
