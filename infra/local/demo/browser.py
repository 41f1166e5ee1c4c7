"""A person with a browser, as far as the demo needs one: cookies, pages, forms, redirects. And a program with a key.

Both ask again when the stack answers 5xx or not at all: a function's worker may have been killed under the request.
Pages are asked again with the same form (its nonce makes it the same), the API with the same Idempotency-Key.
"""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass, field
from html.parser import HTMLParser
from http.cookiejar import CookieJar, DefaultCookiePolicy
from typing import Any
from urllib.parse import urlencode, urljoin, urlsplit

PATIENCE_S = 60.0
BETWEEN_TRIES_S = 0.3


class Refused(RuntimeError):
    """The stack answered 4xx: the story and the product disagree."""

    def __init__(self, status: int, where: str, body: str) -> None:
        super().__init__(f"{where} answered {status}: {body[:600]}")
        self.status = status
        self.body = body


@dataclass(frozen=True, slots=True)
class Answer:
    """A page or a document, and the address it came from after redirects."""

    url: str
    text: str


def _ask(opener: urllib.request.OpenerDirector, request: urllib.request.Request) -> Answer:
    """Send a request until it is answered; raise `Refused` for 4xx."""
    deadline = time.monotonic() + PATIENCE_S
    while True:
        try:
            with opener.open(request, timeout=35) as answer:
                return Answer(answer.geturl(), answer.read().decode())
        except urllib.error.HTTPError as error:
            body = error.read().decode(errors="replace")
            busy = error.code == 429 or (error.code == 409 and "idempotency" in body)
            if error.code < 500 and not busy:
                raise Refused(error.code, request.full_url, body) from error
            if time.monotonic() > deadline:
                raise Refused(error.code, request.full_url, body) from error
        except OSError:
            if time.monotonic() > deadline:
                raise
        time.sleep(BETWEEN_TRIES_S)


class Program:
    """A developer's program: `/v1` with a bearer key."""

    def __init__(self, site: str, key: str) -> None:
        self._site = site
        self._key = key
        self._opener = urllib.request.build_opener()

    def get(self, path: str) -> Any:
        """Read something of `/v1`."""
        return json.loads(_ask(self._opener, self._request(path)).text)

    def post(self, path: str, idempotency_key: str, /, **body: Any) -> Any:
        """Do something, once for each key."""
        request = self._request(path, json.dumps(body).encode())
        request.add_header("Content-Type", "application/json")
        request.add_header("Idempotency-Key", idempotency_key)
        return json.loads(_ask(self._opener, request).text)

    def all(self, path: str) -> list[Any]:
        """Read a whole list, page by page."""
        found: list[Any] = []
        cursor = ""
        while True:
            page = self.get(f"{path}?limit=100{cursor}")
            found += page["data"]
            if not page["has_more"]:
                return found
            cursor = f"&starting_after={page['data'][-1]['id']}"

    def _request(self, path: str, body: bytes | None = None) -> urllib.request.Request:
        headers = {"Authorization": f"Bearer {self._key}", "Accept": "application/json"}
        return urllib.request.Request(self._site + path, data=body, headers=headers)


class _StayHere(urllib.request.HTTPRedirectHandler):
    """Gives a redirect as the answer, its address as that of the page."""

    def http_error_303(self, req: Any, fp: Any, code: int, msg: str, headers: Any) -> Any:
        fp.url = urljoin(req.full_url, headers["Location"])
        return fp

    http_error_302 = http_error_303


@dataclass
class Form:
    """A form as the page has it: where it goes, and the fields with the values they hold."""

    action: str
    method: str = "get"
    fields: dict[str, str] = field(default_factory=dict)


class Person:
    """Somebody with a browser."""

    def __init__(self, site: str) -> None:
        self._site = site
        # `__Host-` cookies are Secure; browsers send them to http://localhost as well, Python has to be told.
        policy = DefaultCookiePolicy(secure_protocols=("https", "http"))
        cookies = urllib.request.HTTPCookieProcessor(CookieJar(policy))
        self._opener = urllib.request.build_opener(cookies)
        self._sender = urllib.request.build_opener(cookies, _StayHere)

    def open(self, path: str) -> Answer:
        """Open a page of the site."""
        return _ask(self._opener, urllib.request.Request(urljoin(self._site + "/", path.lstrip("/"))))

    def send(self, page: Answer, action_ends_with: str, filled: Mapping[str, str]) -> Answer:
        """Fill in the form of a page whose address ends like this, send it, and follow to the next page."""
        form = next(form for form in forms_of(page) if urlsplit(form.action).path.endswith(action_ends_with))
        origin = "{0.scheme}://{0.netloc}".format(urlsplit(form.action))
        request = urllib.request.Request(
            form.action,
            data=urlencode({**form.fields, **filled}).encode(),
            headers={"Content-Type": "application/x-www-form-urlencoded", "Origin": origin, "Referer": page.url},
        )
        # Sent by itself: when the page it leads to fails, that page is asked for again, not the form sent twice.
        answer = _ask(self._sender, request)
        return self.open(answer.url) if answer.url != form.action else answer


def forms_of(page: Answer) -> list[Form]:
    """Read the forms of a page."""
    reader = _FormReader(page.url)
    reader.feed(page.text)
    return reader.forms


class _FormReader(HTMLParser):
    def __init__(self, url: str) -> None:
        super().__init__()
        self.forms: list[Form] = []
        self._url = url
        self._select: str | None = None

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        if tag == "form":
            self.forms.append(Form(urljoin(self._url, given.get("action", "")), given.get("method", "get").lower()))
        elif not self.forms:
            return
        elif tag == "input" and given.get("name") and self._counts(given):
            self.forms[-1].fields[given["name"]] = given.get("value", "")
        elif tag == "textarea" and given.get("name"):
            self.forms[-1].fields[given["name"]] = ""
        elif tag == "select":
            self._select = given.get("name")
        elif tag == "option" and self._select:
            chosen = "selected" in given or self._select not in self.forms[-1].fields
            if chosen:
                self.forms[-1].fields[self._select] = given.get("value", "")

    def handle_endtag(self, tag: str) -> None:
        if tag == "select":
            self._select = None

    @staticmethod
    def _counts(given: Mapping[str, str]) -> bool:
        return given.get("type") not in ("radio", "checkbox", "submit", "file") or "checked" in given
