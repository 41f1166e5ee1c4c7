"""A webhook endpoint for tests: keeps what arrives, verifies it with stripe-python, answers as told."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import stripe


class Inbox:
    """Open it, subscribe it, and read `events()`. `answers` holds the statuses of the next deliveries, then 200."""

    def __init__(self) -> None:
        self.deliveries: list[tuple[bytes, str]] = []
        self.answers: list[int] = []
        self.secret = ""
        self.endpoint_id = ""
        self._lock = threading.Lock()

    @contextmanager
    def open(self) -> Iterator["Inbox"]:
        inbox = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = inbox.take(body, self.headers["Stripe-Signature"])
                self.send_response(status)
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, format: str, *args: object) -> None:
                pass

        server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{server.server_port}/webhook"
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
        thread.start()
        try:
            yield self
        finally:
            server.shutdown()
            server.server_close()

    def take(self, body: bytes, signature: str) -> int:
        with self._lock:
            self.deliveries.append((body, signature))
            return self.answers.pop(0) if self.answers else 200

    def taken_out(self) -> list[tuple[bytes, str]]:
        """What came since this was asked last: a story takes it in when it likes."""
        with self._lock:
            brought, self.deliveries = self.deliveries, []
            return brought

    def subscribe(self, client: stripe.StripeClient, *types: str, connect: bool = False) -> None:
        """Register as an endpoint for these event types, or for all."""
        enabled = list(types) or ["*"]
        params: Any = {"url": self.url, "enabled_events": enabled, "connect": connect}
        endpoint = client.v1.webhook_endpoints.create(params)
        self.secret, self.endpoint_id = endpoint.secret or "", endpoint.id

    def events(self) -> list[stripe.Event]:
        """All deliveries so far, each verified as production verifies it."""
        return [stripe.Webhook.construct_event(body, sig, self.secret) for body, sig in self.deliveries]

    def types(self) -> list[str]:
        return [event.type for event in self.events()]
