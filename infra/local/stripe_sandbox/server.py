"""HTTP on 127.0.0.1: Stripe's API under `/v1`, the control API under `/_sandbox`, pages for people elsewhere."""

import base64
import json
import socket
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server
from werkzeug.wrappers import Request, Response

from infra.local.stripe_sandbox import control, pages
from infra.local.stripe_sandbox.control_client import Control
from infra.local.stripe_sandbox.refusals import BadParameter, Json, StripeRefusal
from infra.local.stripe_sandbox.sandbox import ApiRequest, ConnectionDropped, Sandbox

HOST = "127.0.0.1"
_CONTROL = "/_sandbox/"
_MOST_SECONDS_TO_WAIT = 60.0


class QuietHandler(WSGIRequestHandler):
    """No line per request: the output of the local stack is read by people."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


def application(sandbox: Sandbox) -> Callable[[dict[str, Any], Any], Iterable[bytes]]:
    """The WSGI application of a sandbox."""

    def answer(environ: dict[str, Any], start_response: Any) -> Iterable[bytes]:
        request = Request(environ)
        try:
            response = _respond(sandbox, request)
        except ConnectionDropped as dropped:
            environ["werkzeug.socket"].shutdown(socket.SHUT_RDWR)
            raise ConnectionResetError("A fault closed the connection.") from dropped
        return response(environ, start_response)

    return answer


def _respond(sandbox: Sandbox, request: Request) -> Response:
    if request.path.startswith("/v1/"):
        return _respond_to_api(sandbox, request)
    if request.path.startswith(_CONTROL):
        return _respond_to_control(sandbox, request)
    return pages.respond(sandbox, request)


def _respond_to_api(sandbox: Sandbox, request: Request) -> Response:
    source = request.args if request.method in ("GET", "DELETE") else request.form
    pairs = [(name, text) for name, text in source.items(multi=True)]
    if request.method == "DELETE":  # its parameters may stand in either place
        pairs += [(name, text) for name, text in request.form.items(multi=True)]
    answer = sandbox.answer(
        ApiRequest(
            method=request.method,
            path=request.path,
            pairs=pairs,
            api_key=_api_key(request.headers.get("Authorization", "")),
            account=request.headers.get("Stripe-Account", ""),
            idempotency_key=request.headers.get("Idempotency-Key"),
            base_url=request.host_url.rstrip("/"),
        )
    )
    return Response(answer.body, answer.status, answer.headers, content_type="application/json")


def _api_key(authorization: str) -> str:
    """Stripe takes the key as a bearer token or as the user name of basic authentication."""
    scheme, _, rest = authorization.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip()
    if scheme.lower() == "basic":
        return base64.b64decode(rest).decode(errors="replace").partition(":")[0]
    return ""


def _respond_to_control(sandbox: Sandbox, request: Request) -> Response:
    path = request.path.removeprefix(_CONTROL)
    try:
        if request.method == "GET" and path == "health":
            answer: Json = {"status": "ok"}
        elif request.method == "GET" and path == "deliveries":
            seconds = request.args.get("wait_seconds", 0.0, type=float)
            answer = sandbox.courier.wait_until_quiet(min(seconds, _MOST_SECONDS_TO_WAIT))
        else:
            answer = control.run(sandbox, request.method, path, _json(request), request.host_url.rstrip("/"))
    except StripeRefusal as refusal:
        return _json_response(refusal.body(), refusal.status)
    return _json_response(answer, 200)


def _json(request: Request) -> Json:
    text = request.get_data(as_text=True) or "{}"
    try:
        wanted = json.loads(text)
    except json.JSONDecodeError as wrong:
        raise BadParameter("The control API takes JSON.") from wrong
    if not isinstance(wanted, dict):
        raise BadParameter("The control API takes a JSON object.")
    return wanted


def _json_response(body: Json, status: int) -> Response:
    return Response(json.dumps(body, indent=2), status, content_type="application/json")


def bind(sandbox: Sandbox, port: int) -> BaseWSGIServer:
    """A server on 127.0.0.1, not yet serving; port 0 takes any free one."""
    return make_server(HOST, port, application(sandbox), threaded=True, request_handler=QuietHandler)


class Running:
    """A sandbox that serves in this process: its address, and `control` to move it."""

    def __init__(self, sandbox: Sandbox, port: int) -> None:
        self.sandbox = sandbox
        self.url = f"http://{HOST}:{port}"
        self.control = Control(self.url)


@contextmanager
def serve(port: int = 0, state_dir: Path | None = None) -> Iterator[Running]:
    """Run a sandbox inside this process for the block; without `state_dir` it forgets everything afterwards."""
    sandbox = Sandbox(state_dir)
    server = bind(sandbox, port)
    sandbox.start()
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield Running(sandbox, server.server_port)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
        sandbox.close()
