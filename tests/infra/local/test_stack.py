"""The local stack as a whole, with the sample app: what the driver, the demo and the tests of the product rest on."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
import stripe

from infra.local.lifecycle import STRIPE_KEY, StackInUse, bring_up, local_aws, sole_driver
from infra.local.settings import LocalSettings, project_root
from infra.local.stack import FunctionRaised, Stack
from infra.local.webhook import register

pytestmark = pytest.mark.stack


def ask(stack: Stack, method: str, path: str, body: bytes | None = None, **headers: str) -> http.client.HTTPResponse:
    """Ask the site once, without following redirects; the answer is read whole."""
    door = http.client.HTTPConnection("localhost", stack.settings.site_port, timeout=60)
    door.request(method, path, body=body, headers={name.replace("_", "-"): value for name, value in headers.items()})
    return door.getresponse()


def ask_json(stack: Stack, method: str, path: str, body: bytes | None = None, **headers: str) -> Any:
    answer = ask(stack, method, path, body, **headers)
    content = answer.read()
    assert answer.status == 200, content
    return json.loads(content)


def visits(stack: Stack, pk: str, sk: str) -> int:
    found = stack.client("dynamodb").get_item(
        TableName=stack.table_name, Key={"pk": {"S": pk}, "sk": {"S": sk}}, ConsistentRead=True
    )
    return int(found.get("Item", {}).get("visits", {"N": "0"})["N"])


def state_fact(stack: Stack, *names: str) -> None:
    for name in names:
        item = {"pk": {"S": "fact"}, "sk": {"S": name}}
        stack.client("dynamodb").put_item(TableName=stack.table_name, Item=item)


def parked(stack: Stack) -> list[dict[str, Any]]:
    queue = stack.physical_id("Parked")
    received = stack.client("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10, VisibilityTimeout=0)
    return [json.loads(message["Body"]) for message in received.get("Messages", [])]


@pytest.fixture(scope="module", autouse=True)
def minute_schedule(sample_stack: Stack) -> Iterator[None]:
    """A rule by the minute on `sweep`, made first and looked at last, so that nobody has to wait for it."""
    events, functions = sample_stack.client("events"), sample_stack.client("lambda")
    function = functions.get_function(FunctionName=sample_stack.physical_id("Sweep"))
    events.put_rule(Name="by-the-minute", ScheduleExpression="rate(1 minute)")
    target = {"Id": "sweep", "Arn": function["Configuration"]["FunctionArn"]}
    events.put_targets(Rule="by-the-minute", Targets=[target])
    yield
    events.remove_targets(Rule="by-the-minute", Ids=["sweep"])
    events.delete_rule(Name="by-the-minute")


def test_the_functions_find_table_stripe_and_public_address_in_their_environment(sample_stack: Stack) -> None:
    found = ask_json(sample_stack, "GET", "/settings")

    assert found["TABLE_NAME"] == sample_stack.table_name
    assert found["STRIPE_SECRET_KEY"] == STRIPE_KEY
    assert found["STRIPE_API_BASE"] == sample_stack.stripe_url
    assert found["PUBLIC_URL"] == sample_stack.url
    assert found["STRIPE_WEBHOOK_SECRET"].startswith("whsec_")


def test_the_table_is_the_one_that_the_product_is_written_for(sample_stack: Stack) -> None:
    table = sample_stack.client("dynamodb").describe_table(TableName=sample_stack.table_name)["Table"]

    assert [(key["AttributeName"], key["KeyType"]) for key in table["KeySchema"]] == [("pk", "HASH"), ("sk", "RANGE")]
    assert table["StreamSpecification"]["StreamViewType"] == "NEW_AND_OLD_IMAGES"
    [index] = table["GlobalSecondaryIndexes"]
    assert index["IndexName"] == "gsi1"
    assert [key["AttributeName"] for key in index["KeySchema"]] == ["gsi1pk", "gsi1sk"]
    assert index["Projection"]["ProjectionType"] == "KEYS_ONLY"


def test_the_front_door_serves_the_api_at_the_root_with_the_browsers_host(sample_stack: Stack) -> None:
    seen = ask_json(sample_stack, "POST", "/request?q=a%20b&q=c%2Fd", "团圆".encode(), Content_Type="text/plain")

    assert seen["headers"]["host"] == f"localhost:{sample_stack.settings.site_port}"
    assert seen["headers"]["x-forwarded-proto"] == "http"
    assert seen["query"] == ["a b", "c/d"]
    assert seen["body"] == "团圆"


def test_two_cookies_arrive_as_two_lines_and_a_redirect_stays_a_redirect(sample_stack: Stack) -> None:
    answer = ask(sample_stack, "GET", "/cookies")

    assert (answer.status, answer.getheader("Location")) == (303, "/settings")
    assert answer.headers.get_all("Set-Cookie") == ["__Host-a=1; Secure; Path=/", "b=2; Path=/"]


def test_bytes_go_through_unchanged_in_both_directions(sample_stack: Stack) -> None:
    every_byte = bytes(range(256))

    binary = "application/octet-stream"
    answer = ask(sample_stack, "POST", "/bytes", every_byte, Content_Type=binary, Accept=binary)

    assert answer.read() == every_byte


def test_a_mail_that_the_app_sends_can_be_read(sample_stack: Stack) -> None:
    ask_json(sample_stack, "POST", "/mail", b"{}", Content_Type="application/json")

    mail = sample_stack.mails()[-1]

    assert (mail["To"], mail["Subject"], mail["BodyText"]) == (["ann@example.com"], "Your code", "123456")


def test_a_change_of_the_table_reaches_the_stream_function_once_it_is_idle(sample_stack: Stack) -> None:
    state_fact(sample_stack, "one", "two")

    sample_stack.settle_stream()

    assert (visits(sample_stack, "taken", "one"), visits(sample_stack, "taken", "two")) == (1, 1)


def test_a_poison_record_is_parked_and_the_records_behind_it_go_on(sample_stack: Stack) -> None:
    state_fact(sample_stack, "before", "bad", "behind")

    sample_stack.settle_stream()

    assert visits(sample_stack, "taken", "behind") == 1
    assert visits(sample_stack, "taken", "bad") > 1
    [record] = parked(sample_stack)
    assert record["requestContext"]["condition"] == "RetryAttemptsExhausted"
    assert record["DDBStreamBatchInfo"]["batchSize"] == 1


def test_a_second_function_reads_the_stream_in_windows_and_is_tried_until_it_works(sample_stack: Stack) -> None:
    for name in ("late-entry", "entry"):
        item = {"pk": {"S": "figures"}, "sk": {"S": name}, "kind": {"S": "entry"}}
        sample_stack.client("dynamodb").put_item(TableName=sample_stack.table_name, Item=item)
    state_fact(sample_stack, "beside")

    sample_stack.settle_stream()

    assert visits(sample_stack, "rolled-up", "late-entry") > 1
    assert visits(sample_stack, "rolled-up", "entry") > 0
    assert visits(sample_stack, "rolled-up", "beside") == 0, "what it does not ask for it is not handed"
    assert visits(sample_stack, "window", "shardId") > 1
    assert visits(sample_stack, "taken", "beside") == 1


def test_a_schedule_is_fired_at_any_time_the_caller_says(sample_stack: Stack) -> None:
    in_shanghai = datetime(2026, 2, 1, 8, 0, tzinfo=timezone(timedelta(hours=8)))

    assert sample_stack.fire_schedule("pay_out", in_shanghai) == "2026-02-01T00:00:00Z"


def test_a_scheduled_function_that_fails_says_so(sample_stack: Stack) -> None:
    with pytest.raises(FunctionRaised, match="settle is broken"):
        sample_stack.fire_schedule("settle", datetime(2026, 2, 1, tzinfo=UTC))


def test_a_request_whose_worker_is_killed_fails_and_the_next_one_works(sample_stack: Stack) -> None:
    statuses: list[int] = []
    waiting = threading.Thread(target=lambda: statuses.append(ask(sample_stack, "POST", "/hang/request").status))
    waiting.start()
    sample_stack.wait_until(lambda: visits(sample_stack, "hang", "request"), "the request is in the function")

    for pid in sample_stack.lambda_worker_pids():
        os.kill(pid, signal.SIGKILL)
    waiting.join(timeout=30)

    assert statuses == [502]
    assert ask_json(sample_stack, "POST", "/hang/request") == {"visits": 2}


def test_a_batch_whose_worker_is_killed_is_delivered_again(sample_stack: Stack) -> None:
    state_fact(sample_stack, "hang-in-stream")
    sample_stack.wait_until(lambda: visits(sample_stack, "taken", "hang-in-stream"), "the batch is in the function")
    assert not sample_stack.stream_idle()

    for pid in sample_stack.lambda_worker_pids():
        os.kill(pid, signal.SIGKILL)
    sample_stack.settle_stream()

    assert visits(sample_stack, "taken", "hang-in-stream") == 2


def test_a_crowd_of_buyers_is_served_by_several_processes(sample_stack: Stack) -> None:
    answers: list[int] = []

    def ask_once() -> None:
        answers.append(ask(sample_stack, "GET", "/settings").status)

    crowd = [threading.Thread(target=ask_once) for _ in range(60)]
    for one in crowd:
        one.start()
    for one in crowd:
        one.join()

    assert answers == [200] * 60
    assert len(sample_stack.lambda_worker_pids()) > 1


def test_the_api_says_5xx_while_local_aws_is_away_and_all_data_is_back_after_a_restart(
    sample_stack: Stack, sample_settings: LocalSettings
) -> None:
    state_fact(sample_stack, "before-restart")
    sample_stack.settle_stream()
    state_fact(sample_stack, "hang-at-stop")
    sample_stack.wait_until(lambda: visits(sample_stack, "taken", "hang-at-stop"), "the batch is in the function")
    local_aws(sample_settings).stop()
    assert ask(sample_stack, "GET", "/settings").status == 502

    again = bring_up(sample_settings)
    state_fact(again, "after-restart")
    again.settle_stream()

    assert visits(again, "taken", "before-restart") == 1
    assert visits(again, "taken", "hang-at-stop") == 2, "what was not taken in before the stop comes after it"
    assert visits(again, "taken", "after-restart") == 1


def test_a_driver_killed_at_any_moment_leaves_a_stack_that_the_next_one_finds(
    sample_stack: Stack, sample_settings: LocalSettings, tmp_path: Path
) -> None:
    before = local_aws(sample_settings).pid()
    state_fact(sample_stack, "before-kill")
    sample_stack.settle_stream()
    code = (
        "import pathlib, signal; from infra.local.lifecycle import bring_up, sole_driver\n"
        "from infra.local.settings import LocalSettings\n"
        f"settings = LocalSettings(pathlib.Path({str(sample_settings.project)!r}), "
        f"pathlib.Path({str(sample_settings.directory)!r}), {sample_settings.aws_port}, "
        f"{sample_settings.stripe_port}, {sample_settings.site_port})\n"
        "with sole_driver(settings):\n    bring_up(settings)\n    print('up', flush=True)\n    signal.pause()\n"
    )
    driver = subprocess.Popen([sys.executable, "-c", code], cwd=project_root(), stdout=subprocess.PIPE, text=True)
    assert driver.stdout is not None
    assert "up\n" in iter(driver.stdout.readline, "")
    with pytest.raises(StackInUse, match="Another"), sole_driver(sample_settings):
        raise AssertionError("two drivers at once")
    driver.kill()
    driver.wait()

    with sole_driver(sample_settings):
        again = bring_up(sample_settings)

    assert local_aws(sample_settings).pid() == before
    assert visits(again, "taken", "before-kill") == 1


def test_deploying_the_same_again_changes_nothing(sample_stack: Stack, sample_settings: LocalSettings) -> None:
    def last_change() -> Any:
        events = sample_stack.client("cloudformation").describe_stack_events(StackName=sample_stack.name)
        return events["StackEvents"][0]["EventId"]

    before = last_change()

    bring_up(sample_settings)

    assert last_change() == before


def endpoints(settings: LocalSettings) -> list[str]:
    client = stripe.StripeClient(STRIPE_KEY, base_addresses={"api": settings.stripe_url})
    return [endpoint.url for endpoint in client.v1.webhook_endpoints.list().data]


def test_the_site_is_registered_at_the_sandbox_once(sample_stack: Stack, sample_settings: LocalSettings) -> None:
    kept_in = sample_settings.directory / "webhook.json"
    url = sample_settings.webhook_url

    first = register(sample_stack.stripe_url, STRIPE_KEY, url, kept_in)

    assert register(sample_stack.stripe_url, STRIPE_KEY, url, kept_in) == first
    assert endpoints(sample_settings) == [url]


def test_an_endpoint_whose_secret_is_lost_is_replaced(
    sample_stack: Stack, sample_settings: LocalSettings, tmp_path: Path
) -> None:
    url = sample_settings.site_url + "/another"
    first = register(sample_stack.stripe_url, STRIPE_KEY, url, tmp_path / "first.json")

    second = register(sample_stack.stripe_url, STRIPE_KEY, url, tmp_path / "second.json")

    assert second.secret != first.secret
    assert endpoints(sample_settings).count(url) == 1


def test_schedules_fire_by_themselves(sample_stack: Stack) -> None:
    def swept() -> list[str]:
        found = sample_stack.client("dynamodb").query(
            TableName=sample_stack.table_name,
            KeyConditionExpression="pk = :swept",
            ExpressionAttributeValues={":swept": {"S": "swept"}},
        )
        return [item["sk"]["S"] for item in found["Items"]]

    [time, *_] = sample_stack.wait_until(swept, "the rule by the minute has fired", deadline_s=120)

    assert datetime.fromisoformat(time).tzinfo is not None
