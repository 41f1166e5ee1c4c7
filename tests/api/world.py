"""A brand's own system that speaks to `/v1`, and the deployment it speaks to."""

import json
from copy import copy
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from chalice import Chalice
from chalice.test import Client

from chalicelib.api.blueprint import api_blueprint
from chalicelib.ids import RandomBits
from chalicelib.people.actions import create_api_key
from chalicelib.tenancy import acting_for
from chalicelib.tenants.actions import sign_up
from chalicelib.tenants.commands import SignUp
from chalicelib.wiring import Clock, Settings, Tools

SETTINGS = Settings(
    public_url="https://shop.example",
    mail_from="no-reply@shop.example",
    session_secret="a secret of thirty-two characters",
    stripe_secret_key="sk_test_1",
    stripe_webhook_secret="whsec_test",
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

    def __init__(self, clock: Clock, randbits: RandomBits, stripe: Any = None) -> None:
        self.tools = Tools(SETTINGS, now=clock, randbits=randbits)
        if stripe is not None:
            self.tools.stripe = stripe
        self.http = self._new_function()

    def _new_function(self) -> Any:
        """Start a Lambda function of its own: one serves one request at a time."""
        app = Chalice("test", configure_logs=False)
        app.register_blueprint(api_blueprint(lambda: self.tools))
        return Client(app).http

    @property
    def now(self) -> datetime:
        return self.tools.now()

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
        got = self.http.request(method, path, headers=headers or {}, body=body)
        return Answer(got.status_code, got.headers, got.body)


@dataclass
class System:
    """A brand's own system, with its key."""

    world: World
    tenant_id: str
    secret: str

    def get(self, path: str) -> Answer:
        return self.world.ask("GET", path, headers={"Authorization": f"Bearer {self.secret}"})

    def post(self, path: str, /, key: str | None = None, **fields: Any) -> Answer:
        return self.send(path, json.dumps(fields).encode(), key=key)

    def send(self, path: str, body: bytes, *, key: str | None = None, content_type: str = "application/json") -> Answer:
        headers = {"Authorization": f"Bearer {self.secret}", "Content-Type": content_type}
        if key is not None:
            headers["Idempotency-Key"] = key
        return self.world.ask("POST", path, body, headers)

    def elsewhere(self) -> "System":
        """The same system, served by another function of the same deployment."""
        world = copy(self.world)
        world.http = world._new_function()
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

    def product(self, **fields: Any) -> dict[str, Any]:
        """Add a product: apples at 200.00 unless said otherwise."""
        made = self.post("/v1/products", **(APPLES | fields))
        assert made.status == 200, made.text
        return made.body


APPLES: dict[str, Any] = {
    "title": "Apples",
    "unit": "box",
    "list_price_minor": 20_000,
    "sale_price_minor": 20_000,
    "rate_bp": 2_000,
    "stock": 100,
}
