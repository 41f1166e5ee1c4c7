"""The sandbox itself: one request in, one answer out, everything committed in between."""

import json
import random
import secrets
import threading
import time
from collections.abc import Callable
from contextlib import nullcontext, suppress
from dataclasses import dataclass, field, replace
from pathlib import Path
from sqlite3 import Connection

from infra.local.stripe_sandbox import accounts, clock, faults, idempotency, parameters, timers
from infra.local.stripe_sandbox.books import PLATFORM, Books, NewId
from infra.local.stripe_sandbox.delivery import Courier
from infra.local.stripe_sandbox.idempotency import Remembered
from infra.local.stripe_sandbox.lists import expand
from infra.local.stripe_sandbox.refusals import (
    BadKey,
    Broken,
    CardDeclined,
    Json,
    SlowDown,
    StripeRefusal,
    UnknownAddress,
)
from infra.local.stripe_sandbox.routes import ACTIONS, ROUTES
from infra.local.stripe_sandbox.routing import Call, Route
from infra.local.stripe_sandbox.store import Store, StoreClosed, undone_when_refused
from infra.local.stripe_sandbox.wire import parse_form

TICK_S = 0.5
_LETTERS = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"


class ConnectionDropped(Exception):
    """A fault closes the connection instead of answering."""


@dataclass(frozen=True)
class ApiRequest:
    """What the server read from the wire."""

    method: str
    path: str
    pairs: list[tuple[str, str]]
    api_key: str = ""
    account: str = PLATFORM
    idempotency_key: str | None = None
    base_url: str = ""


@dataclass(frozen=True)
class ApiAnswer:
    """What the server sends back."""

    status: int
    body: str
    headers: dict[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Checked:
    """A request whose address is known and whose parameters passed."""

    request: ApiRequest
    request_id: str
    route: Route
    params: Json
    ids: tuple[str, ...]

    @property
    def account(self) -> str:
        """The connected account acted for, or `PLATFORM`."""
        return self.request.account

    @property
    def key(self) -> str | None:
        """The idempotency key; Stripe ignores those of requests that change nothing anew."""
        return self.request.idempotency_key if self.request.method == "POST" else None

    @property
    def fingerprint(self) -> str:
        """What another request with the same key must equal."""
        return idempotency.fingerprint(self.request.path, self.request.pairs)


def random_id(prefix: str) -> str:
    """An id like Stripe's; checkout sessions have theirs marked as of test mode."""
    length = 58 if prefix.startswith("cs_") else 24
    return prefix + "".join(secrets.choice(_LETTERS) for _ in range(length))


class Sandbox:
    """Stripe on this machine. Give it a folder to outlive its process, none to stay in memory."""

    def __init__(
        self,
        state_dir: Path | None = None,
        *,
        new_id: NewId = random_id,
        real_time: Callable[[], float] = time.time,
        chance: random.Random | None = None,
    ) -> None:
        self.store = Store(state_dir)
        self.courier = Courier(self.store, real_time)
        self._new_id = new_id
        self._real_time = real_time
        self._chance = chance or random.Random()
        self._keys = idempotency.KeysInFlight()
        self._closing = threading.Event()

    def start(self) -> None:
        """Begin to deliver webhooks and to act when the clock reaches something."""
        self.courier.start()
        threading.Thread(target=self._keep_time, name="clock", daemon=True).start()

    def close(self) -> None:
        """Stop the threads and let go of the file."""
        self._closing.set()
        self.courier.stop()
        self.store.close()

    def books(self, tables: Connection) -> Books:
        """The view of a transaction, acting for the platform."""
        api_version = parameters.api_version()
        now = clock.now(tables, self._real_time)
        return Books(tables, now, self._new_id, self._chance, api_version=api_version, real_time=self._real_time)

    def tick(self) -> None:
        """Do what the clock has made due."""
        with self.store.transaction() as tables:
            timers.run_due(self.books(tables), ACTIONS)

    def answer(self, request: ApiRequest) -> ApiAnswer:
        """Answer one API request; raise `ConnectionDropped` when a fault wants no answer."""
        request_id = self._new_id("req_")
        try:
            self._check_api_key(request.api_key)
            self.tick()
            answer = self._route(request, request_id)
        except StripeRefusal as refusal:
            answer = ApiAnswer(refusal.status, json.dumps(refusal.body(), indent=2))
        finally:
            self.courier.wake()
        return replace(answer, headers={"Request-Id": request_id, **_headers_of(request, answer), **answer.headers})

    def _check_api_key(self, api_key: str) -> None:
        if not api_key:
            raise BadKey("You did not provide an API key. Use `Authorization: Bearer sk_test_…`.")
        if not api_key.startswith(("sk_test_", "rk_test_")):
            raise BadKey("Invalid API Key provided: the sandbox takes keys that begin with sk_test_.")

    def _route(self, request: ApiRequest, request_id: str) -> ApiAnswer:
        for route in ROUTES:
            ids = route.match(request.method, request.path)
            if ids is not None:
                params = parameters.read(route.params_type, parse_form(request.pairs))
                return self._guarded_by_key(Checked(request, request_id, route, params, ids))
        raise UnknownAddress(f"Unrecognized request URL ({request.method}: {request.path}).")

    def _guarded_by_key(self, checked: Checked) -> ApiAnswer:
        with self._keys.hold(checked.account, checked.key) if checked.key else nullcontext():
            fault, remembered = self._recall(checked)
            self._strike_before(fault)
            if remembered is None:
                answer = ApiAnswer(*self._execute(checked, fault))
            else:
                headers = {"Idempotent-Replayed": "true", "Original-Request": remembered.request_id}
                answer = ApiAnswer(remembered.status, remembered.body, headers)
        self._strike_after(fault)
        return answer

    def _recall(self, checked: Checked) -> tuple[faults.Fault | None, Remembered | None]:
        """The fault that strikes this request, and what its key remembers."""
        method, path, key = checked.request.method, checked.request.path, checked.key
        with self.store.transaction() as tables:
            books = self.books(tables)
            _check_account(books, checked.account)
            remembered = None
            if key:
                idempotency.check_key(key)
                remembered = idempotency.recall(tables, checked.account, key, checked.fingerprint, books.now)
            is_replay = remembered is not None
            return faults.strike(tables, method, path, checked.params, is_replay=is_replay), remembered

    def _strike_before(self, fault: faults.Fault | None) -> None:
        if fault is None:
            return
        if fault.kind == "slow":
            self._closing.wait(fault.seconds)
        elif fault.kind == "drop_before":
            raise ConnectionDropped
        elif fault.kind == "answer_429":
            raise SlowDown("Request rate limit exceeded.")

    def _strike_after(self, fault: faults.Fault | None) -> None:
        if fault is not None and fault.kind in ("drop_answer", "timeout"):
            if fault.kind == "timeout":
                self._closing.wait(fault.seconds)
            raise ConnectionDropped

    def _execute(self, checked: Checked, fault: faults.Fault | None) -> tuple[int, str]:
        """Do the work and remember its answer in one transaction."""
        with self.store.transaction() as tables:
            books = replace(
                self.books(tables),
                account=checked.account,
                base_url=checked.request.base_url,
                request_id=checked.request_id,
                idempotency_key=checked.key,
            )
            call = Call(books, checked.params, checked.request.path, checked.ids)
            status, body = _run(call, checked.route, fault)
            text = json.dumps(body, indent=2)
            if checked.key:
                remembered = Remembered(status, text, checked.request_id)
                idempotency.remember(tables, checked.account, checked.key, checked.fingerprint, remembered, books.now)
        return status, text

    def _keep_time(self) -> None:
        with suppress(StoreClosed):
            while not self._closing.wait(TICK_S):
                self.tick()
                self.courier.wake()


def _run(call: Call, route: Route, fault: faults.Fault | None) -> tuple[int, Json]:
    """Status and body. What a refusal or a `before` fault leaves is nothing; a declined card leaves its traces."""
    broken = Broken("An unknown error occurred.")
    if fault is not None and fault.kind == "answer_500_before":
        return broken.status, broken.body()
    try:
        with undone_when_refused(call.books.tables):
            try:
                body = route.handler(call)
            except CardDeclined as declined:
                return declined.status, declined.body()
            body = expand(call.books, body, call.params.get("expand", []))
    except StripeRefusal as refusal:
        if not refusal.is_saved:
            raise
        return refusal.status, refusal.body()
    if fault is not None and fault.kind == "answer_500_after":
        return broken.status, broken.body()
    return 200, body


def _check_account(books: Books, account: str) -> None:
    if account != PLATFORM:
        accounts.get(books, account)


def _headers_of(request: ApiRequest, answer: ApiAnswer) -> dict[str, str]:
    headers = {"Stripe-Version": parameters.api_version()}
    if request.idempotency_key:
        headers["Idempotency-Key"] = request.idempotency_key
    if request.account != PLATFORM:
        headers["Stripe-Account"] = request.account
    if answer.status == 500:
        # Sending the same key again would only replay it, so Stripe tells its libraries not to.
        headers["Stripe-Should-Retry"] = "false"
    return headers
