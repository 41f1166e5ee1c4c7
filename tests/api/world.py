"""A brand's own system that speaks to `/v1`, and the deployment it speaks to."""

import itertools
import json
import zlib
from copy import copy
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import boto3
from chalice import Chalice
from chalice.test import Client

from chalicelib.api.blueprint import api_blueprint
from chalicelib.events import schedules, stream
from chalicelib.ids import RandomBits
from chalicelib.people.actions import create_api_key
from chalicelib.store import Record
from chalicelib.tenancy import acting_for
from chalicelib.tenants.actions import sign_up
from chalicelib.tenants.commands import SignUp
from chalicelib.wiring import Settings, Tools
from tests.conftest import ENDPOINT, StoppedClock
from tests.events.world import Stream
from tests.exports.fake import FakeFiles
from tests.media.fake import FakePhotos
from tests.orders.fake_stripe import SECRET, FakeStripe, message, signed
from tests.people.mailbox import Mailbox

SETTINGS = Settings(
    public_url="https://shop.example",
    mail_from="no-reply@shop.example",
    session_secret="a secret of thirty-two characters",
    stripe_secret_key="sk_test_1",
    stripe_webhook_secret=SECRET,
    stripe_api_base=None,
)


@dataclass(frozen=True)
class Answer:
    """What came back."""

    status: int
    headers: dict[str, str]
    text: bytes

    @property
    def body(self) -> Any:
        return json.loads(self.text)

    @property
    def error(self) -> dict[str, Any]:
        assert set(self.body) == {"error"}
        assert set(self.body["error"]) == {"type", "code", "param", "message"}
        return self.body["error"]

    @property
    def replayed(self) -> bool:
        return self.headers.get("Idempotent-Replayed") == "true"


class World:
    """One deployment: its API, a clock that stands still, and the brands that signed up."""

    def __init__(self, clock: StoppedClock, randbits: RandomBits) -> None:
        self.clock = clock
        self.stripe: Any = FakeStripe(clock)
        self.tools = Tools(SETTINGS, now=clock, randbits=randbits)
        self.tools.stripe = self.stripe
        self.mailbox = Mailbox()
        self.tools.mailer = self.mailbox
        self.photos = FakePhotos()
        self.tools.__dict__["photos"] = self.photos
        self.files = self.tools.__dict__["files"] = FakeFiles()
        self.app = self.new_function()
        self._stream: Stream | None = None
        self._told = itertools.count(1)

    def new_function(self) -> Chalice:
        """Start a Lambda function of its own: one serves one request at a time."""
        app = Chalice("test", configure_logs=False)
        app.register_blueprint(api_blueprint(lambda: self.tools))
        return app

    @property
    def now(self) -> datetime:
        return self.clock()

    def brand(self, slug: str = "green-village", preset: str = "breakaway", currency: str = "CNY") -> "System":
        """Sign a brand up and give it a key."""
        command = SignUp(
            name=slug.title(),
            slug=slug,
            email=f"owner@{slug}.example",
            currency=currency,
            timezone="Asia/Shanghai",
            plan_preset=preset,
        )
        tenant = sign_up(command, now=self.now, randbits=self.tools.randbits)
        with acting_for(tenant.tenant_id):
            _, secret = create_api_key(tenant.tenant_id, "erp", now=self.now, randbits=self.tools.randbits)
        return System(self, tenant.tenant_id, secret)

    def ask(self, method: str, path: str, body: bytes = b"", headers: dict[str, str] | None = None) -> Answer:
        """Send a request as it is."""
        got = Client(self.app).http.request(method, path, headers=headers or {}, body=body)
        return Answer(got.status_code, got.headers, got.body)

    def ask_as_the_gateway(
        self, method: str, route: str, ids: dict[str, str], body: str | None, headers: dict[str, str]
    ) -> Answer:
        """Send what API Gateway makes of a request: names in the path are decoded, the body is text."""
        event = {
            "requestContext": {"httpMethod": method, "resourcePath": route, "identity": {}, "path": route},
            "headers": headers,
            "multiValueQueryStringParameters": None,
            "pathParameters": ids,
            "stageVariables": None,
            "body": body,
            "isBase64Encoded": False,
        }
        got = self.app(event, None)
        return Answer(got["statusCode"], got["headers"], got["body"].encode())

    def pay(self, checkout_url: str) -> Answer:
        """The buyer pays, and Stripe tells the webhook."""
        session_id = checkout_url.rpartition("/")[2]
        self.stripe.pay(session_id)
        told = self.stripe.sessions[session_id]
        event_id = f"evt_{next(self._told)}"
        return self.webhook(message("checkout.session.completed", told, created=self.now, event_id=event_id))

    def webhook(self, payload: bytes, signature: str | None = None, **headers: str) -> Answer:
        """Post a message to Stripe's webhook, signed with our secret unless a signature is given."""
        signature = signed(payload, at=self.now) if signature is None else signature
        sent = {"Content-Type": "application/json; charset=utf-8", "Stripe-Signature": signature} | headers
        return self.ask("POST", "/stripe/webhook", payload, sent)

    def pump(self) -> None:
        """Let the stream's function take in what has changed."""
        self._stream = self._stream or Stream()
        while records := self._stream.waiting():
            assert stream.handle({"Records": records}, self.tools) == {"batchItemFailures": []}

    def settle(self) -> None:
        """The schedule closes the days that are over."""
        schedules.settle(self.now, lambda: True)
        self.pump()

    def items(self) -> list[str]:
        """Everything that is in the table, to be compared."""
        pages = boto3.client("dynamodb", endpoint_url=ENDPOINT).get_paginator("scan")
        found = [item for page in pages.paginate(TableName=Record.Meta.table_name) for item in page["Items"]]
        return sorted(json.dumps(item, sort_keys=True, default=bytes.hex) for item in found)


@dataclass
class System:
    """A brand's own system, with its key."""

    world: World
    tenant_id: str
    secret: str

    def get(self, path: str) -> Answer:
        return self.world.ask("GET", path, headers=self.authorization)

    def post(self, path: str, /, key: str | None = None, **fields: Any) -> Answer:
        return self.send(path, json.dumps(fields).encode(), key=key)

    @property
    def authorization(self) -> dict[str, str]:
        """The header that says who asks."""
        return {"Authorization": f"Bearer {self.secret}"}

    def send(self, path: str, body: bytes, *, key: str | None = None, content_type: str = "application/json") -> Answer:
        headers = self.authorization | {"Content-Type": content_type}
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.world.ask("POST", path, body, headers)

    def elsewhere(self) -> "System":
        """The same system, served by another function of the same deployment."""
        world = copy(self.world)
        world.app = world.new_function()
        return System(world, self.tenant_id, self.secret)

    def all_of(self, path: str, limit: int) -> list[dict[str, Any]]:
        """Go through a list to its end, page by page."""
        seen: list[dict[str, Any]] = []
        page = self.get(f"{path}?limit={limit}").body
        while True:
            assert (page["object"], page["url"]) == ("list", path)
            assert len(page["data"]) <= limit
            seen += page["data"]
            if not page["has_more"]:
                return seen
            page = self.get(f"{path}?limit={limit}&starting_after={seen[-1]['id']}").body

    def done(self, path: str, /, **fields: Any) -> Any:
        """Post what must succeed; gives what was made."""
        answer = self.post(path, **fields)
        assert answer.status == 200, answer.text
        return answer.body

    def product(self, **fields: Any) -> Any:
        """Add a product: apples at 200.00 unless said otherwise."""
        return self.done("/v1/products", **(APPLES | fields))

    def campaign(self, product_id: str, quantity: int = 10) -> Any:
        """Open a campaign for three days."""
        return self.done(
            "/v1/campaigns",
            title="This week",
            opens_at=self.world.now.isoformat(),
            closes_at=(self.world.now + timedelta(days=3)).isoformat(),
            items=[{"product_id": product_id, "quantity": quantity}],
        )

    def leader(self, name: str, inviter_id: str | None = None) -> Any:
        """Register a leader under another one, or as a root."""
        self.world.clock.advance(seconds=1)
        code = self.done("/v1/invitations", **({"leader_id": inviter_id} if inviter_id else {}))["code"]
        email, phone = f"{name}@example.com", f"139{zlib.crc32(name.encode()) % 10**8:08d}"
        return self.done("/v1/leaders", code=code, name=name, phone=phone, email=email)

    def basket(self, leader_id: str, campaign: Any, qty: int = 1) -> dict[str, Any]:
        """What a guest orders on a leader's page."""
        return {
            "leader_id": leader_id,
            "campaign_id": campaign["id"],
            "lines": [{"product_id": campaign["items"][0]["product_id"], "qty": qty}],
            "customer": {"name": "Li Na", "phone": "13800138000", "pickup": "Gate 3"},
        }

    def bought(self, leader_id: str, campaign: Any, qty: int = 1) -> Any:
        """An order that was placed and paid."""
        self.world.clock.advance(seconds=1)
        order = self.done("/v1/orders", **self.basket(leader_id, campaign, qty))
        assert self.world.pay(order["checkout_url"]).status == 200
        self.world.pump()
        return self.get(f"/v1/orders/{order['id']}").body


APPLES: dict[str, Any] = {
    "title": "Apples",
    "unit": "box",
    "list_price_minor": 20_000,
    "sale_price_minor": 20_000,
    "rate_bp": 2_000,
    "stock": 100,
}
