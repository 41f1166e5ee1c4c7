"""A running local stack as its driver and the tests see it: addresses, clients, clocks to turn, waits."""

import json
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from functools import cached_property
from typing import Any, TypeVar

from infra.local.process_table import arguments_of, children_of
from infra.local.settings import STACK_NAME, LocalSettings
from infra.local.waiting import wait_until

Found = TypeVar("Found")
Client = Any  # boto3 makes its clients at run time, so they have no static type
REGION = "us-east-1"
LONGEST_FUNCTION_S = 900


class FunctionRaised(RuntimeError):
    """An invoked function ended in an error; the message is what Lambda reported."""


class Stack:
    """The deployed local stack. Cheap to make: it only knows addresses; start it with `lifecycle.bring_up`."""

    def __init__(self, settings: LocalSettings, aws_pid: Callable[[], int | None]) -> None:
        self.settings = settings
        self.name = STACK_NAME
        self.url = settings.site_url
        self.stripe_url = settings.stripe_url
        self._aws_pid = aws_pid
        self._clients: dict[str, Client] = {}

    def client(self, service: str) -> Client:
        """A boto3 client of local AWS, for example `stack.client("dynamodb")`."""
        if service not in self._clients:
            self._clients[service] = open_client(self.settings, service)
        return self._clients[service]

    @cached_property
    def table_name(self) -> str:
        """The name CloudFormation gave the table."""
        return self.physical_id("Table")

    def physical_id(self, logical_id: str) -> str:
        """The name or address behind a logical id of the template: `Stream`, `Parked`, `RestAPI` …"""
        found = self.client("cloudformation").describe_stack_resource(StackName=self.name, LogicalResourceId=logical_id)
        return str(found["StackResourceDetail"]["PhysicalResourceId"])

    def invoke(self, logical_id: str, event: dict[str, Any]) -> Any:
        """Invoke a function and give what it returned; raise `FunctionRaised` when it ended in an error."""
        answer = self.client("lambda").invoke(
            FunctionName=self.physical_id(logical_id), Payload=json.dumps(event).encode()
        )
        payload = json.loads(answer["Payload"].read() or b"null")
        if "FunctionError" in answer:
            raise FunctionRaised(f"{logical_id}: {json.dumps(payload)}")
        return payload

    def fire_schedule(self, name: str, at: datetime) -> Any:
        """Run a scheduled function (its name in app.py: `settle`, `pay_out` …) as if EventBridge did at `at`."""
        return self.invoke(logical_id_of(name), scheduled_event(name, at))

    def mails(self) -> list[dict[str, Any]]:
        """What was sent by e-mail, oldest first: dicts with `To` (a list), `Subject`, `BodyText`, `Timestamp` …"""
        with urllib.request.urlopen(f"{self.settings.aws_url}/_ministack/ses/messages", timeout=10) as answer:
            sent: dict[str, list[dict[str, Any]]] = json.load(answer)["messages"]
        return [mail for account in sent.values() for mail in account]

    def wait_until(self, look: Callable[[], Found], what: str, deadline_s: float = 30.0) -> Found:
        """Wait for something true and give it back; see `waiting.wait_until`."""
        return wait_until(look, what, deadline_s)

    def stream_idle(self) -> bool:
        """Whether every change of the table was taken in by the functions that read its stream, or parked, just now."""
        mappings = self.client("lambda").list_event_source_mappings()["EventSourceMappings"]
        return all(mapping["LastProcessingResult"].endswith("; 0 waiting") for mapping in mappings)

    def settle_stream(self) -> None:
        """Wait until the functions that read the stream have taken in all that happened so far."""
        wait_until(self.stream_idle, "the stream's functions have taken in every change", 60.0)

    def lambda_worker_pids(self) -> list[int]:
        """The processes that run functions right now or wait warm for the next request."""
        parent = self._aws_pid()
        workers = children_of(parent) if parent else []
        return [pid for pid in workers if "ministack-lambda-" in arguments_of(pid)]


def open_client(settings: LocalSettings, service: str) -> Client:
    """Open a boto3 client of local AWS; it waits as long as the longest function may run and never asks twice."""
    import boto3
    from botocore.config import Config

    patience = Config(read_timeout=LONGEST_FUNCTION_S, retries={"total_max_attempts": 1})
    return boto3.client(
        service,
        endpoint_url=settings.aws_url,
        region_name=REGION,
        aws_access_key_id="test",
        aws_secret_access_key="test",
        config=patience,
    )


def logical_id_of(function_name: str) -> str:
    """The logical id that chalice derives from a function's name: `pay_out` becomes `PayOut`."""
    return "".join(part[:1].upper() + part[1:] for part in function_name.split("_"))


def scheduled_event(name: str, at: datetime) -> dict[str, Any]:
    """The event that EventBridge sends on a schedule; `at` must know its time zone."""
    if at.tzinfo is None:
        raise ValueError("The time of a schedule needs a time zone.")
    time = at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
    return {
        "version": "0",
        "id": f"{name}-{time}",
        "detail-type": "Scheduled Event",
        "source": "aws.events",
        "account": "000000000000",
        "time": time,
        "region": REGION,
        "resources": [f"arn:aws:events:{REGION}:000000000000:rule/{name}"],
        "detail": {},
    }
