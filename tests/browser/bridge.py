"""The pages on loopback, for a real browser: the same app, table and clock as in the other tests of pages.

Between requests the table's stream is taken in, as AWS would do by itself. The fake Stripe has a page here, under
another origin than the shop's, with a button that pays.
"""

import threading
from html import escape
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PAY_PAGE = """<!doctype html><html lang="en"><meta name="viewport" content="width=device-width"><title>Pay</title>
<link rel="icon" href="data:,"><main><h1>Stripe, as far as a test needs it</h1>
<form method="post" action="/pay/{session_id}"><button style="font-size:2rem">Pay {amount}</button></form></main>"""


class Bridge(ThreadingHTTPServer):
    """Listens on a free port; `world` (tests/browser/world.py) is what it opens to.

    A thread each, since browsers open connections that they then do not use; but one request at a time.
    """

    daemon_threads = True

    def __init__(self):
        super().__init__(("127.0.0.1", 0), Passage)
        self.world, self.turn = None, threading.Lock()
        self.site_url = f"http://localhost:{self.server_port}"
        self.pay_url = f"http://127.0.0.1:{self.server_port}"


class Passage(BaseHTTPRequestHandler):
    """Hands a browser's request to the app, or plays Stripe's page."""

    def _answer(self):
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        with self.server.turn:
            if self.headers["Host"].startswith("127.0.0.1"):
                self._play_stripe(self.path.removeprefix("/pay/"))
            else:
                self._ask_app(body)

    do_GET = do_POST = _answer

    def _ask_app(self, body):
        world = self.server.world
        answer = world.client.http.request(self.command, self.path, headers=dict(self.headers), body=body)
        if self.command == "POST":
            world.pump()
        self._write(answer.status_code, answer.headers, answer.body)

    def _play_stripe(self, session_id):
        world = self.server.world
        if self.command == "POST":
            self._write(303, {"Location": world.site_url + world.paid(session_id)})
            return
        amount = escape(f"{world.stripe.sessions[session_id]['amount_total'] / 100:.2f}")
        page = PAY_PAGE.format(session_id=escape(session_id), amount=amount)
        self._write(200, {"Content-Type": "text/html; charset=utf-8"}, page.encode())

    def _write(self, status, headers, body=b""):
        self.send_response(status)
        for name, given in headers.items():
            if name.lower() not in ("content-length", "date", "server"):
                for value in given if isinstance(given, list) else [given]:
                    self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        """Say nothing: a test that fails shows its page."""
