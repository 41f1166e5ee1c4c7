"""The front door: serves the deployed API at the root of http://localhost, as a custom domain does on AWS.

    python -m infra.local.front --port 8000 --target http://127.0.0.1:4566/_aws/execute-api/ID/api

Host, cookies (each on its own line), redirects and bytes go through as they are.
"""

import argparse
import http.client
import sys
import time
from collections.abc import Iterable
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import cast
from urllib.parse import quote, urlsplit

HEALTH_PATH = "/_front/health"
ANSWER_DEADLINE_S = 30.0
# RFC 9110, 7.6.1: these speak of one connection, not of the message.
OF_ONE_CONNECTION = {
    "connection", "keep-alive", "proxy-authenticate", "proxy-authorization", "proxy-connection",
    "te", "trailer", "transfer-encoding", "upgrade",
}  # fmt: skip
PATH_AS_IT_IS = "%/?:@!$&'()*+,;=[]|#"
SET_HERE = {"content-length", "date", "server"}

Headers = list[tuple[str, str]]


def request_headers(given: Iterable[tuple[str, str]], client_address: str, port: int) -> Headers:
    """What the API is sent: the browser's headers without those of its connection, and who asked for whom."""
    kept = [(name, value) for name, value in given if name.lower() not in OF_ONE_CONNECTION]
    # A browser must not say itself whom the door forwards for.
    kept = [(name, value) for name, value in kept if not name.lower().startswith("x-forwarded-")]
    forwarded = [("X-Forwarded-For", client_address), ("X-Forwarded-Proto", "http"), ("X-Forwarded-Port", str(port))]
    return kept + forwarded


def answer_headers(given: Iterable[tuple[str, str]]) -> Headers:
    """What the browser is sent: every line of the answer, repeated ones too, without those of the connection."""
    return [(name, value) for name, value in given if name.lower() not in OF_ONE_CONNECTION | SET_HERE]


class Doorway(ThreadingHTTPServer):
    """Listens on loopback and knows where the API is."""

    daemon_threads = True
    request_queue_size = 512  # hundreds of buyers knock in the same instant

    def __init__(self, port: int, target: str) -> None:
        parts = urlsplit(target)
        self.target_address = (parts.hostname or "127.0.0.1", parts.port or 80)
        self.target_path = parts.path.rstrip("/")
        super().__init__(("127.0.0.1", port), Passage)

    def handle_error(self, request: object, client_address: object) -> None:
        """A browser that went away in the middle is nothing to report."""
        if not isinstance(sys.exception(), ConnectionError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]


class Passage(BaseHTTPRequestHandler):
    """Carries one browser connection's requests to the API and the answers back."""

    protocol_version = "HTTP/1.1"
    server_version = "front"

    def do_GET(self) -> None:
        """Answer the health check, or forward as every other method."""
        if self.path == HEALTH_PATH:
            self._answer(200, [("Content-Type", "text/plain")], b"ok")
        else:
            self._forward()

    def _forward(self) -> None:
        started = time.monotonic()
        if self.headers.get("Transfer-Encoding"):
            self._answer(411, [("Content-Type", "text/plain")], b"Send a Content-Length.")
            self.close_connection = True
            return
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        status, headers, content = self._ask_api(body)
        self._answer(status, headers, content)
        took_ms = (time.monotonic() - started) * 1000
        print(f"{self.command} {self.path.partition('?')[0]} {status} {took_ms:.0f} ms", flush=True)

    do_POST = do_PUT = do_PATCH = do_DELETE = do_HEAD = do_OPTIONS = _forward

    def _ask_api(self, body: bytes) -> tuple[int, Headers, bytes]:
        door = cast(Doorway, self.server)
        api = http.client.HTTPConnection(*door.target_address, timeout=ANSWER_DEADLINE_S)
        try:
            path = door.target_path + quote(self.path, safe=PATH_AS_IT_IS, encoding="latin-1")
            api.putrequest(self.command, path, skip_host=True, skip_accept_encoding=True)
            for name, value in request_headers(self.headers.items(), self.client_address[0], door.server_port):
                api.putheader(name, value)
            api.endheaders(body)
            answer = api.getresponse()
            return answer.status, answer_headers(answer.getheaders()), answer.read()
        except (OSError, http.client.HTTPException) as broken:
            # 504 and 502 are what API Gateway says of a function that is late or gone.
            status = 504 if isinstance(broken, TimeoutError) else 502
            return status, [("Content-Type", "application/json")], b'{"message": "The API did not answer."}'
        finally:
            api.close()

    def _answer(self, status: int, headers: Headers, content: bytes) -> None:
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(content)

    def log_message(self, format: str, *arguments: object) -> None:
        """Say nothing: query strings may hold codes, so `_forward` prints its own line without them."""


def main(arguments: list[str]) -> None:
    """Serve until SIGTERM."""
    parser = argparse.ArgumentParser(prog="python -m infra.local.front", description=__doc__)
    parser.add_argument("--port", type=int, required=True)
    parser.add_argument("--target", required=True, help="address of the API with its stage")
    options = parser.parse_args(arguments)
    with Doorway(options.port, options.target) as door:
        door.serve_forever()


if __name__ == "__main__":
    main(sys.argv[1:])
