"""DynamoDB Local: it starts, it is strict where moto is not, and it says what it lacks."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import boto3
import pytest

from infra.local.dynamodb_local import ToolMissing, dynamodb_local
from infra.local.settings import from_here


@pytest.fixture(scope="module")
def dynamodb() -> Iterator[Any]:
    with dynamodb_local(from_here().directory) as url:
        secrets = {"aws_access_key_id": "test", "aws_secret_access_key": "test"}
        client = boto3.client("dynamodb", endpoint_url=url, region_name="us-east-1", **secrets)
        client.create_table(
            TableName="table",
            BillingMode="PAY_PER_REQUEST",
            AttributeDefinitions=[{"AttributeName": "pk", "AttributeType": "S"}],
            KeySchema=[{"AttributeName": "pk", "KeyType": "HASH"}],
        )
        yield client


def put_once(client: Any, pk: str, token: str) -> None:
    put = {
        "TableName": "table",
        "Item": {"pk": {"S": pk}},
        "ConditionExpression": "attribute_not_exists(pk)",
    }
    client.transact_write_items(TransactItems=[{"Put": put}], ClientRequestToken=token)


@pytest.mark.dynamodb_local
def test_a_transaction_is_written_once(dynamodb: Any) -> None:
    put_once(dynamodb, "entry", "first")

    with pytest.raises(dynamodb.exceptions.TransactionCanceledException) as cancelled:
        put_once(dynamodb, "entry", "second")

    assert cancelled.value.response["CancellationReasons"][0]["Code"] == "ConditionalCheckFailed"


@pytest.mark.dynamodb_local
def test_the_same_transaction_with_the_same_token_is_taken_as_a_retry(dynamodb: Any) -> None:
    put_once(dynamodb, "retried", "same")

    put_once(dynamodb, "retried", "same")


def test_a_machine_without_java_is_told_what_to_install(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))

    with pytest.raises(ToolMissing, match="apt-get install default-jre-headless"), dynamodb_local(tmp_path):
        raise AssertionError("started without Java")
