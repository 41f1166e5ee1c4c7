"""A complaint with a photo, on the deployed template: multipart through the gateway, S3, and the same bytes back."""

import http.client
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from infra.local.demo.story import Story
from infra.local.lifecycle import bring_up, take_down
from infra.local.settings import LocalSettings, project_root
from infra.local.stack import Stack
from tests.media.pictures import PNG, SECRET, jpeg_from_a_phone
from tests.web.browser import WITH_FILES, multipart

pytestmark = pytest.mark.stack

FIRST_ACCEPTED = ("image/avif,image/webp,*/*;q=0.8", "image/wxpic,image/*,*/*;q=0.8", "*/*")
"""What Chrome, WeChat and a program name first when they load a picture."""


@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    settings = LocalSettings.on_free_ports(project_root(), tmp_path_factory.mktemp("photos"))
    try:
        yield bring_up(settings)
    finally:
        take_down(settings)


def ask(stack: Stack, method: str, path: str, body: bytes | None = None, **headers: str) -> tuple[Any, bytes]:
    door = http.client.HTTPConnection("localhost", stack.settings.site_port, timeout=60)
    door.request(method, path, body=body, headers={name.replace("_", "-"): value for name, value in headers.items()})
    answer = door.getresponse()
    return answer, answer.read()


def bought(stack: Stack) -> str:
    """Somebody buys pears; gives the path of the order's page."""
    story = Story(stack, "photos", print)
    story.leader("A", None)
    goods = {"unit": "box", "list_price_minor": 2_000, "sale_price_minor": 2_000, "rate_bp": 1_000}
    product = story.once("goods", "/v1/products", title="Pears", stock=9, **goods)["id"]
    now = datetime.now(UTC)
    campaign = story.once(
        "campaign",
        "/v1/campaigns",
        title="Pears",
        opens_at=(now - timedelta(minutes=1)).isoformat(),
        closes_at=(now + timedelta(hours=2)).isoformat(),
        items=[{"product_id": product, "quantity": 9}],
    )["id"]
    order_id = story.sells(1, "A", campaign, product)
    stack.settle_stream()
    items = stack.client("dynamodb").scan(TableName=stack.table_name, ConsistentRead=True)["Items"]
    [key] = [item["page_key"]["S"] for item in items if item["pk"]["S"].endswith(order_id) and "page_key" in item]
    return f"/s/photos/{story.id_of('A')}/o/{order_id}.{key}"


def test_a_photo_goes_to_the_bucket_and_comes_back_byte_by_byte(stack: Stack) -> None:
    page = bought(stack) + "/cases"
    _, empty = ask(stack, "GET", page, Accept="text/html")
    [nonce] = re.findall(r'name="nonce" value="([^"]+)"', empty.decode())
    [units] = re.findall(r'name="(units\.[^"]+)"', empty.decode())
    fields = {"nonce": nonce, units: "1", "reason": "spoilt", "wish": "refund", "text": "坏了"}

    sent, _ = ask(
        stack,
        "POST",
        page,
        multipart(fields, "photo", [("a", jpeg_from_a_phone()), ("a", PNG)]),
        Content_Type=WITH_FILES,
        Origin=stack.url,
    )
    assert sent.status == 303

    _, shown = ask(stack, "GET", page, Accept="text/html")
    assert "坏了" in shown.decode()
    jpeg, png = re.findall(r'<img class="thumb" src="([^"]+)"', shown.decode())
    for accept in FIRST_ACCEPTED:
        answer, content = ask(stack, "GET", png, Accept=accept)
        assert (answer.status, answer.getheader("Content-Type"), content) == (200, "image/png", PNG)
        answer, content = ask(stack, "GET", jpeg, Accept=accept)
        assert (answer.status, answer.getheader("Cache-Control")) == (200, "private, no-store")
        assert content.startswith(b"\xff\xd8\xff") and SECRET not in content
    kept = stack.client("s3").list_objects_v2(Bucket=stack.physical_id("Media"))["Contents"]
    assert {one["Key"].split("/")[1] for one in kept} == {"cases"}
