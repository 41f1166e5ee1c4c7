"""The smallest app that fits the project's template: it notes in the table what reaches it, and can be slow or fail."""

import os
import threading
from functools import cache
from typing import Any

import boto3
from chalice import Chalice, Rate, Response

app = Chalice(app_name="tuanyuan")


@cache
def table() -> Any:
    """Opened when first used: packaging imports this file without the deployment's environment."""
    return boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])


def note(pk: str, sk: str) -> int:
    """Count one more visit of (pk, sk); give how many there were."""
    counted = table().update_item(
        Key={"pk": pk, "sk": sk},
        UpdateExpression="ADD visits :one",
        ExpressionAttributeValues={":one": 1},
        ReturnValues="UPDATED_NEW",
    )
    return int(counted["Attributes"]["visits"])


def hang() -> None:
    """Never come back; whoever waits has to kill us."""
    threading.Event().wait()


@app.route("/settings")
def settings() -> dict[str, str]:
    """What the deployment put into the environment."""
    return {name: value for name, value in os.environ.items() if name.startswith(("TABLE_", "STRIPE_", "PUBLIC_"))}


@app.route("/request", methods=["GET", "POST"], content_types=["application/json", "text/plain"])
def request() -> dict[str, Any]:
    """How the request arrived."""
    seen = app.current_request
    body = seen.raw_body.decode()
    return {"headers": dict(seen.headers), "query": seen.query_params and seen.query_params.getlist("q"), "body": body}


@app.route("/cookies")
def cookies() -> Response:
    """Two cookies and a redirect."""
    both = ["__Host-a=1; Secure; Path=/", "b=2; Path=/"]
    return Response("", status_code=303, headers={"Set-Cookie": both, "Location": "/settings"})


@app.route("/bytes", methods=["POST"], content_types=["application/octet-stream"])
def echo_bytes() -> Response:
    """The body as it came."""
    return Response(app.current_request.raw_body, headers={"Content-Type": "application/octet-stream"})


@app.route("/hang/{name}", methods=["POST"])
def hang_once(name: str) -> dict[str, int]:
    """Hang in the first request of a name, answer in the second."""
    visits = note("hang", name)
    if visits == 1:
        hang()
    return {"visits": visits}


@app.route("/mail", methods=["POST"])
def mail() -> dict[str, str]:
    """Send one mail."""
    boto3.client("ses").send_email(
        Source=os.environ["MAIL_FROM"],
        Destination={"ToAddresses": ["ann@example.com"]},
        Message={"Subject": {"Data": "Your code"}, "Body": {"Text": {"Data": "123456"}}},
    )
    return {}


@app.lambda_function(name="stream")
def stream(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Note every new `fact`; `bad` ones are reported as failed, `hang` ones hang the first time."""
    failures = []
    for record in event["Records"]:
        keys = record["dynamodb"]["Keys"]
        if keys["pk"]["S"] != "fact" or record["eventName"] != "INSERT":
            continue
        name = keys["sk"]["S"]
        visits = note("taken", name)
        if name.startswith("hang") and visits == 1:
            hang()
        if name.startswith("bad"):
            failures.append({"itemIdentifier": record["dynamodb"]["SequenceNumber"]})
            break
    return {"batchItemFailures": failures}


@app.lambda_function(name="roll_up")
def roll_up(event: dict[str, Any], _context: object) -> dict[str, Any]:
    """Note what was handed over beside the records, and count them in the window's state."""
    seen = int(event["state"].get("seen", 0)) + len(event["Records"])
    note("window", f"{event['shardId'][:7]} final" if event["isFinalInvokeForWindow"] else event["shardId"][:7])
    for record in event["Records"]:
        name = record["dynamodb"]["Keys"]["sk"]["S"]
        if note("rolled-up", name) == 1 and name.startswith("late"):
            raise ValueError("not the first time")
    return {"state": {"seen": seen}, "batchItemFailures": []}


@app.schedule(Rate(5, unit=Rate.MINUTES), name="sweep")
def sweep(event: Any) -> str:
    """Note the time of the schedule."""
    note("swept", event.time)
    return str(event.time)


@app.schedule(Rate(15, unit=Rate.MINUTES), name="settle")
def settle(event: Any) -> None:
    """Always fail."""
    raise ValueError("settle is broken")


@app.schedule(Rate(15, unit=Rate.MINUTES), name="pay_out")
def pay_out(event: Any) -> str:
    """Give the time back."""
    return str(event.time)


@app.schedule(Rate(1, unit=Rate.DAYS), name="audit")
def audit(event: Any) -> None:
    """Do nothing."""
