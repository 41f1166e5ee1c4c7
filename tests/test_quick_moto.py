"""What moto answers at once, and with little copied, is what it answers over HTTP and with all copied."""

import boto3
import pytest
from botocore.exceptions import ClientError
from moto import mock_aws
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from chalicelib.store import Record
from tests.conftest import create_table, forget_connection
from tests.quick_moto import answer_without_http

TABLE = Record.Meta.table_name


def key(pk, sk="1"):
    return {"pk": {"S": pk}, "sk": {"S": sk}}


def an_item(pk, sk="1", **more):
    return key(pk, sk) | {"stock": {"N": "3"}} | more


ABSENT = {"ConditionExpression": "attribute_not_exists(#k)", "ExpressionAttributeNames": {"#k": "pk"}}
IN_LIST = {"gsi1pk": {"S": "list"}}
NESTED = {"M": {"deep": {"L": [{"N": "1.50"}, {"BOOL": True}, {"NULL": True}]}, "B": {"S": "a name like a type"}}}


def one_less(pk, **more):
    """A unit leaves the stock, if there is one."""
    return {
        "Key": key(pk),
        "UpdateExpression": "SET #s = #s - :one, #n.#d = :one",
        "ConditionExpression": "#s >= :one",
        "ExpressionAttributeNames": {"#s": "stock", "#n": "nested", "#d": "deep"},
        "ExpressionAttributeValues": {":one": {"N": "1"}},
    } | more


def of(pk, *, index=None, **more):
    asked = {"ExpressionAttributeNames": {"#k": "gsi1pk" if index else "pk"}} | ({"IndexName": index} if index else {})
    values = {"ExpressionAttributeValues": {":pk": {"S": pk}}}
    return ("Query", asked | values | {"KeyConditionExpression": "#k = :pk"} | more)


HISTORY = [
    ("PutItem", {"Item": an_item("a", nested=NESTED)} | ABSENT),
    ("PutItem", {"Item": an_item("a")} | ABSENT | {"ReturnValuesOnConditionCheckFailure": "ALL_OLD"}),
    ("PutItem", {"Item": an_item("b", "2", photo={"B": b"\xff\x00"}, tags={"SS": ["x", "y"]})}),
    ("PutItem", {"Item": an_item("b", "2", photo={"B": b"\xff\x01"}), "ReturnValues": "ALL_OLD"}),
    *[("PutItem", {"Item": an_item("b", str(n), **IN_LIST, gsi1sk={"S": f"{9 - n}"})}) for n in range(3, 7)],
    ("PutItem", {"Item": an_item("c", **IN_LIST, gsi1sk={"S": "0"})}),
    ("UpdateItem", one_less("a", ReturnValues="ALL_NEW")),
    ("UpdateItem", one_less("nobody")),
    ("UpdateItem", {"Key": key("f"), "UpdateExpression": "ADD n :n", "ExpressionAttributeValues": {":n": {"N": "2"}}}),
    ("UpdateItem", {"Key": key("a"), "UpdateExpression": "SET nested = nested +"}),
    ("GetItem", {"Key": key("a"), "ConsistentRead": True, "ReturnConsumedCapacity": "TOTAL"}),
    ("GetItem", {"Key": key("b", "2")}),
    ("GetItem", {"Key": key("nobody")}),
    ("GetItem", {"Key": {"pk": {"S": ""}, "sk": {"S": "1"}}}),
    of("b"),
    of("b", Limit=2, ScanIndexForward=False),
    of("b", Limit=2, ExclusiveStartKey=key("b", "3")),
    of("nobody"),
    of("list", index="gsi1"),
    of("list", index="gsi1", Limit=2, ScanIndexForward=False),
    of("list", index="nothing"),
    of("b", FilterExpression="attribute_exists(photo)"),
    ("Query", {}),
]  # fmt: skip
TRANSACTIONS = [
    ("TransactWriteItems", {"TransactItems": [
        {"Update": one_less("a")}, {"Put": {"Item": an_item("d")} | ABSENT}, {"Delete": {"Key": key("b", "3")}},
    ]}),
    ("TransactWriteItems", {"TransactItems": [
        {"Update": one_less("a")}, {"Put": {"Item": an_item("e")} | ABSENT}, {"Delete": {"Key": key("b", "4")}},
        {"ConditionCheck": {"Key": key("c")} | ABSENT},
    ]}),
    ("TransactWriteItems", {"TransactItems": [{"Delete": {"Key": key("c")}}, {"Put": {"Item": an_item("c")}}]}),
    ("GetItem", {"Key": key("a")}),
    ("GetItem", {"Key": key("e")}),
    of("b"),
    ("DeleteItem", {"Key": key("b", "5"), "ReturnValues": "ALL_OLD"}),
    of("list", index="gsi1"),
]  # fmt: skip


def named(operation, request):
    """The request with the table's name where it belongs."""
    if operation != "TransactWriteItems":
        return request | {"TableName": TABLE}
    writes = request["TransactItems"]
    return {"TransactItems": [{how: write | {"TableName": TABLE} for how, write in one.items()} for one in writes]}


def answers(history, *, over_http):
    """What a client is told, request after request, and what the stream then holds."""
    with mock_aws():
        forget_connection()
        client, told = boto3.client("dynamodb", region_name="us-east-1"), []
        create_table()
        if over_http:
            client.meta.events.unregister("before-call.dynamodb", answer_without_http)
        for operation, request in history:
            try:
                answer = client._make_api_call(operation, named(operation, request))
            except ClientError as refused:
                answer = refused.response | {"refused": type(refused).__name__}
            told.append({name: value for name, value in answer.items() if name != "ResponseMetadata"})
        records = dynamodb_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].get_table(TABLE).stream_shard.items
        images = ("SequenceNumber", "Keys", "OldImage", "NewImage")
        return told, [{name: one.record["dynamodb"].get(name) for name in images} for one in records]


@pytest.mark.parametrize("history", [HISTORY, HISTORY + TRANSACTIONS], ids=["single items", "transactions"])
def test_answers_and_refusals_are_those_of_the_long_way(history):
    assert answers(history, over_http=False) == answers(history, over_http=True)


def test_a_cancelled_transaction_leaves_nothing_behind():
    told, records = answers(HISTORY + TRANSACTIONS, over_http=False)
    done, cancelled, refused, a, e, b, *_ = told[len(HISTORY) :]

    assert "refused" not in done
    assert [reason["Code"] for reason in cancelled["CancellationReasons"]] == ["None"] * 3 + ["ConditionalCheckFailed"]
    assert refused["refused"] == "ValidationException" or refused["Error"]["Code"] == "ValidationException"
    assert a["Item"]["stock"] == {"N": "1"}  # one unit before, one in the first transaction
    assert "Item" not in e
    assert [item["sk"]["S"] for item in b["Items"]] == ["2", "4", "5", "6"]
    assert [record["Keys"]["pk"]["S"] for record in records][-4:] == ["a", "d", "b", "b"]
