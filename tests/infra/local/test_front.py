"""The front door between a browser and the API: what goes through, what is changed, and when nobody is home."""

import http.client
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, HTTPServer, ThreadingHTTPServer

import pytest

from infra.local.front import Doorway, answer_headers, request_headers


def test_headers_of_the_connection_stay_out_and_the_rest_keeps_its_order_and_repetitions() -> None:
    given = [("Set-Cookie", "a=1"), ("Connection", "close"), ("Set-Cookie", "b=2"), ("Transfer-Encoding", "chunked")]

    assert answer_headers(given) == [("Set-Cookie", "a=1"), ("Set-Cookie", "b=2")]


def test_the_api_is_told_who_asked_and_never_what_a_browser_claims_about_it() -> None:
    given = [("Host", "localhost:8000"), ("X-Forwarded-For", "1.2.3.4"), ("x-forwarded-proto", "https"), ("TE", "gzip")]

    assert request_headers(given, "127.0.0.1", 8000) == [
        ("Host", "localhost:8000"),
        ("X-Forwarded-For", "127.0.0.1"),
        ("X-Forwarded-Proto", "http"),
        ("X-Forwarded-Port", "8000"),
    ]


class Api(BaseHTTPRequestHandler):
    """Stands where local AWS stands; answers with what it was asked."""

    def do_GET(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.send_response(201)
        self.send_header("X-Path", self.path)
        self.send_header("X-Host", self.headers["Host"])
        self.end_headers()
        self.wfile.write(self.command.encode() + b" " + body)

    do_POST = do_DELETE = do_GET

    def log_message(self, format: str, *arguments: object) -> None:
        """Keep the test's output clean."""


@contextmanager
def serving(server: HTTPServer) -> Iterator[int]:
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        yield server.server_port
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


@pytest.fixture
def door() -> Iterator[http.client.HTTPConnection]:
    api = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    with serving(api) as port, serving(Doorway(0, f"http://127.0.0.1:{port}/_aws/execute-api/id/api")) as front:
        yield http.client.HTTPConnection("127.0.0.1", front, timeout=10)


def test_method_path_query_and_body_reach_the_stage_of_the_api(door: http.client.HTTPConnection) -> None:
    door.request("POST", "/s/a%2Fb?next=%2F&x=1", body=b"\x00\xff", headers={"Host": "shop.localhost"})
    answer = door.getresponse()

    assert (answer.status, answer.read()) == (201, b"POST \x00\xff")
    assert answer.getheader("X-Path") == "/_aws/execute-api/id/api/s/a%2Fb?next=%2F&x=1"
    assert answer.getheader("X-Host") == "shop.localhost"


def test_one_connection_carries_many_requests(door: http.client.HTTPConnection) -> None:
    for method in ("GET", "DELETE", "GET"):
        door.request(method, "/")
        assert door.getresponse().read() == f"{method} ".encode()


def test_a_path_of_raw_bytes_is_escaped_not_refused(door: http.client.HTTPConnection) -> None:
    door._encode_request = lambda request: request.encode("latin-1")  # type: ignore[attr-defined,method-assign]
    door.putrequest("GET", "/caf\xe9")
    door.endheaders()
    answer = door.getresponse()
    answer.read()

    assert answer.getheader("X-Path") == "/_aws/execute-api/id/api/caf%E9"


def test_a_body_of_unknown_length_is_refused_in_words(door: http.client.HTTPConnection) -> None:
    # The headers alone: the door answers and closes before it has read a body, which would break the sending of one.
    door.putrequest("POST", "/")
    door.putheader("Transfer-Encoding", "chunked")
    door.endheaders()

    assert door.getresponse().status == 411


def test_the_door_answers_for_its_own_health(door: http.client.HTTPConnection) -> None:
    door.request("GET", "/_front/health")

    assert door.getresponse().status == 200


def test_nobody_home_is_a_bad_gateway() -> None:
    gone = ThreadingHTTPServer(("127.0.0.1", 0), Api)
    gone.server_close()
    with serving(Doorway(0, f"http://127.0.0.1:{gone.server_port}/api")) as front:
        door = http.client.HTTPConnection("127.0.0.1", front, timeout=10)
        door.request("GET", "/")
        answer = door.getresponse()

        assert (answer.status, answer.getheader("Content-Type")) == (502, "application/json")
        answer.read()
