"""What every test can ask for: an empty table, a tenant, a clock that stands still.

The table lives in moto, in this process. With `TEST_DYNAMODB_ENDPOINT` set, the same tests run against that engine
instead (`.ci/run` does so with DynamoDB Local, since moto forgives what DynamoDB does not).
"""

import gc
import os
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta

import boto3
import pytest
from hypothesis import HealthCheck, Phase, settings

os.environ.setdefault("AWS_DEFAULT_REGION", "us-east-1")
os.environ.setdefault("AWS_ACCESS_KEY_ID", "testing")
os.environ.setdefault("AWS_SECRET_ACCESS_KEY", "testing")
# Workers of one run share the engine, never a table; they inherit what the process above them set.
os.environ["TABLE_NAME"] = f"tuanyuan-test-{os.environ.get('PYTEST_XDIST_WORKER', 'alone')}"

from moto import mock_aws

from chalicelib import remembering
from chalicelib.commissions import store as plans
from chalicelib.store import Record, connection
from chalicelib.tenancy import acting_for
from tests.quick_moto import quicken

ENDPOINT = os.environ.get("TEST_DYNAMODB_ENDPOINT")

settings.register_profile(
    "tuanyuan",
    deadline=None,  # machines are shared: time is shown in benchmarks, never asserted
    print_blob=True,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
settings.register_profile(  # `make mutants`: few examples, the same ones for every mutant, and none made smaller
    "mutants",
    parent=settings.get_profile("tuanyuan"),
    max_examples=25,
    derandomize=True,
    database=None,
    phases=(Phase.explicit, Phase.generate),
)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "tuanyuan"))


def create_table(endpoint: str | None = None) -> None:
    """Make the table as `infra/template.yaml` does (a test compares the two)."""
    client = boto3.client("dynamodb", endpoint_url=endpoint) if endpoint else connection().client
    client.create_table(
        TableName=Record.Meta.table_name,
        BillingMode="PAY_PER_REQUEST",
        AttributeDefinitions=[
            {"AttributeName": name, "AttributeType": "S"} for name in ("pk", "sk", "gsi1pk", "gsi1sk")
        ],
        KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}, {"AttributeName": "sk", "KeyType": "RANGE"}],
        GlobalSecondaryIndexes=[
            {
                "IndexName": "gsi1",
                "KeySchema": [
                    {"AttributeName": "gsi1pk", "KeyType": "HASH"},
                    {"AttributeName": "gsi1sk", "KeyType": "RANGE"},
                ],
                "Projection": {"ProjectionType": "KEYS_ONLY"},
            }
        ],
        StreamSpecification={"StreamEnabled": True, "StreamViewType": "NEW_AND_OLD_IMAGES"},
    )


def forget_connection() -> None:
    """Make the next request open a client of its own, under the mock that is active then."""
    Record._connection = None


quicken()


def pytest_collection_finish() -> None:
    """Look for rubbish seldom, and never among what was imported: a seventh of the tests' time was spent on it."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(20_000, 50, 100)


@contextmanager
def an_empty_table() -> Iterator[None]:
    """An empty table, and nothing remembered of the one before."""
    plans._read_before.clear()
    remembering.forget_all()
    if ENDPOINT:
        os.environ["AWS_ENDPOINT_URL_DYNAMODB"] = ENDPOINT
        # It serves one request after the other. On a slow machine a crowd would give up after the product's seconds,
        # ask again, and the engine would drown in what nobody waits for any more.
        Record.Meta.read_timeout_seconds = 180
        client = boto3.client("dynamodb")
        forget_connection()
        if Record.Meta.table_name in client.list_tables()["TableNames"]:
            client.delete_table(TableName=Record.Meta.table_name)
        create_table(ENDPOINT)
        yield
        return
    with mock_aws():  # the client may stay: moto answers in it only while the mock is on, and forgets all in between
        create_table()
        yield


@pytest.fixture
def table() -> Iterator[None]:
    with an_empty_table():
        yield


START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)


class StoppedClock:
    """A clock that stands still until it is moved."""

    def __init__(self, now: datetime = START) -> None:
        self.now = now

    def __call__(self) -> datetime:
        return self.now

    def advance(self, **duration: float) -> datetime:
        """Move on, e.g. `advance(days=7)`; gives the new time."""
        self.now += timedelta(**duration)
        return self.now


@pytest.fixture
def clock() -> StoppedClock:
    return StoppedClock()


@pytest.fixture
def tenant_id() -> str:
    return "t00000000000test"


@pytest.fixture
def tenant(table: None, tenant_id: str) -> Iterator[str]:
    """A tenant whose items may be touched during the test."""
    with acting_for(tenant_id):
        yield tenant_id
