"""A browser of a hundred lines: follows links and redirects, fills in forms as they stand, keeps the cookie."""

from html.parser import HTMLParser
from urllib.parse import urlencode, urlsplit

SITE = "https://tuanyuan.example/api"
ORIGIN, PREFIX = "https://tuanyuan.example", "/api"
FIELDS = ("input", "select", "textarea", "button")
VOID = {"input", "meta", "link", "img", "br", "hr"}
BOUNDARY = "----tuanyuan"
WITH_FILES = f"multipart/form-data; boundary={BOUNDARY}"


def multipart(fields, field, files):
    """Write a form with files (name and bytes) in one of its fields, as browsers do."""
    parts = [f'name="{name}"\r\n\r\n{value}'.encode() for name, value in fields.items()]
    for name, content in files:
        head = f'name="{field}"; filename="{name}"\r\nContent-Type: application/octet-stream\r\n\r\n'
        parts.append(head.encode() + content)
    start = f"--{BOUNDARY}\r\nContent-Disposition: form-data; ".encode()
    return b"\r\n".join(start + part for part in parts) + f"\r\n--{BOUNDARY}--\r\n".encode()


def an_empty_form():
    """A form without fields so far."""
    return {"action": "", "fields": {}, "names": set(), "buttons": [], "file": ""}


class Page(HTMLParser):
    """A page's text, links and forms."""

    def __init__(self, html):
        super().__init__()
        self.html, self.text, self.links, self.forms, self.title = html, "", {}, [], ""
        self._inside, self._named = [], {}
        self._select = self._option = self._link = self._area = None
        self.feed(html)

    @property
    def flat(self):
        """Its text in one line."""
        return " ".join(self.text.split())

    def handle_starttag(self, tag, attributes):
        values = dict(attributes)
        if tag not in VOID:
            self._inside.append(tag)
        if tag == "form":
            form = self._named.setdefault(values.get("id") or object(), an_empty_form())
            form["action"] = values["action"]
            self.forms.append(form)
        elif tag == "a":
            self._link = values.get("href")
        elif tag in FIELDS and values.get("name") and (self.forms or "form" in values):
            self._take(tag, values)
        elif tag == "option" and self._select:
            fields = self.forms[-1]["fields"]
            if "selected" in values or self._select not in fields:
                fields[self._select] = values["value"]

    def _take(self, tag, values):
        form, name = self._form_of(values), values["name"]
        form["names"].add(name)
        if tag == "select":
            self._select = name
        elif tag == "textarea":
            self._area, form["fields"][name] = (form["fields"], name), ""
        elif tag == "button":
            form["buttons"].append((name, values.get("value", "")))
        elif values.get("type") in ("checkbox", "radio"):
            if "checked" in values:
                form["fields"][name] = values.get("value", "on")
        elif values.get("type") == "file":
            form["file"] = name
        else:
            form["fields"][name] = values.get("value") or ""

    def _form_of(self, values):
        """The form that a field is in; or the one that it names, which may stand below it."""
        return self._named.setdefault(values["form"], an_empty_form()) if "form" in values else self.forms[-1]

    def handle_endtag(self, tag):
        if tag in self._inside:
            while self._inside.pop() != tag:
                pass
        if tag == "select":
            self._select = None
        elif tag == "textarea":
            self._area = None
        elif tag == "a":
            self._link = None

    def handle_data(self, data):
        if self._area:
            fields, name = self._area
            fields[name] += data
        if "title" in self._inside:
            self.title += data
        elif "style" not in self._inside and "script" not in self._inside:
            self.text += data
        if self._link and data.strip():
            self.links[data.strip()] = self._link


class Browser:
    """One person's browser. `headers` go with every request."""

    def __init__(self, client, language="en"):
        self.client, self.cookie = client, ""
        self.headers = {"Accept-Language": language}
        self.status, self.page, self.answer, self.address = 0, None, None, ""

    def open(self, address):
        """Go to a path (with or without the deployment's prefix), following our own redirects."""
        return self._go("GET", address)

    def follow(self, text):
        return self.open(self.page.links[text])

    def send(self, to=None, *, button=None, origin=ORIGIN, **values):
        """Fill in the form whose address ends in `to` (the only one without) and send it."""
        form = next(f for f in self.page.forms if to is None or f["action"].partition("?")[0].endswith(to))
        fields = _filled_in(form, values)
        if button:
            fields |= dict([next(pair for pair in form["buttons"] if pair[1] == button)])
        return self.post(form["action"], fields, origin=origin)

    def send_files(self, *contents, to="", called="IMG_1.HEIC", **values):
        """Fill in the form that takes files and whose address ends in `to`, choose some, and send it."""
        form = next(f for f in self.page.forms if f["file"] and f["action"].partition("?")[0].endswith(to))
        files = [(called, content) for content in contents] or [("", b"")]
        body = multipart(_filled_in(form, values), form["file"], files)
        return self._go("POST", form["action"], body, {"Origin": ORIGIN, "Content-Type": WITH_FILES})

    def post(self, address, fields, origin=ORIGIN):
        """Send a form that need not be on a page."""
        headers = {"Content-Type": "application/x-www-form-urlencoded"} | ({"Origin": origin} if origin else {})
        return self._go("POST", address, urlencode(fields).encode(), headers)

    def _go(self, method, address, body=b"", more=None):
        headers = self.headers | (more or {}) | ({"Cookie": f"a=b; {self.cookie}"} if self.cookie else {})
        address = address.removeprefix(ORIGIN)
        path = address.removeprefix(PREFIX) if address.startswith(PREFIX) else address
        self.answer = self.client.http.request(method, path or "/", headers=headers, body=body)
        self.status, self.address = self.answer.status_code, address
        for cookie in self.answer.headers.get("Set-Cookie", []):
            self.cookie = cookie.partition(";")[0]
        location = self.answer.headers.get("Location")
        self.page = Page(self.answer.body.decode()) if not location else None
        if self.status == 303 and (location.startswith("/") or urlsplit(location).netloc == urlsplit(SITE).netloc):
            return self._go("GET", location)
        self.address = location or self.address
        return self


def _filled_in(form, values):
    values = {name.replace("__", "."): value for name, value in values.items()}
    unknown = set(values) - form["names"]
    assert not unknown, f"no such field on the page: {unknown} of {form['names']}"
    return form["fields"] | values
