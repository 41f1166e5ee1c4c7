"""Weight and reads of every page: compressed HTML + CSS + JS, hosts asked, DynamoDB requests by kind and units.

One brand with six products in a group campaign, a chain of thirty, a leader with a team, points, orders and reviews.
Storefront pages should stay within 14 kB and 3 requests. Each is asked for twice: by a process that has just started,
and by one that has served the page before. `turns` are the requests that are waited for one after the other: of those
sent side by side eight count once. In process, with moto; pictures are left out of the weight.
"""

import gzip
import random
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from urllib.parse import urlsplit

from moto import mock_aws

from chalicelib.remembering import forget_all
from chalicelib.web.frame import ROUTES, Route
from tests.bench.meter import Meter, counting
from tests.conftest import StoppedClock, create_table
from tests.web.browser import SITE, Browser
from tests.web.conftest import Site
from tests.web.village import STOREFRONT, Village

MOST_BYTES, MOST_REQUESTS = 14_000, 3
HEADINGS = (
    f"{'page':58}     {'HTML':>6} {'+files':>6} {'hosts':>5}  {'first':>5} {'again':>5} {'turns':>5} {'units':>6}  "
    "requests"
)
_FILES = re.compile(r'(?:<link rel="stylesheet" href|<script src)="([^"]+)"')
_ASKED_BY_THE_PAGE = re.compile(r'<(?:img|script|link|iframe|source)[^>]+(?:src|href)="(https?://[^"]+)"')


@dataclass(frozen=True, slots=True)
class Weighed:
    """A page as a browser gets it: bytes after gzip of each part, other hosts asked, and what it cost to make."""

    status: int
    html: int
    files: int
    hosts: set[str]
    meter: Meter

    @property
    def bytes(self) -> int:
        """All that is loaded before the page can be used."""
        return self.html + self.files


def weigh(browser: Browser, address: str) -> Weighed:
    """Open a page and weigh it, with the files that it names."""
    with counting() as meter:
        browser.open(address)
    html = browser.answer.body
    text = html.decode("utf-8", "replace")
    files = sum(_zipped(_file(browser, one)) for one in _FILES.findall(text))
    hosts = {urlsplit(one).netloc for one in _ASKED_BY_THE_PAGE.findall(text)} - {urlsplit(SITE).netloc}
    return Weighed(browser.status, _zipped(html), files, hosts, meter)


def _zipped(body: bytes) -> int:
    return len(gzip.compress(body, 6, mtime=0))


def _file(browser: Browser, address: str) -> bytes:
    path = urlsplit(address).path.removeprefix(urlsplit(SITE).path)
    body: bytes = browser.client.http.get(path).body
    return body


def main() -> None:
    """Weigh every page that is answered with GET."""
    with mock_aws():
        create_table()
        drawn = random.Random("pages")
        site = Site(StoppedClock(datetime(2026, 3, 2, 8, tzinfo=UTC)), drawn.getrandbits)
        village = Village(site)
        print(HEADINGS)
        for route in sorted(_pages(), key=lambda one: (one.path not in STOREFRONT, one.path)):
            _print(route, village)


def _pages() -> list[Route]:
    return [one for one in ROUTES if one.method == "GET" and not one.path.startswith(("/static/", "/media/", "/look/"))]


def _print(route: Route, village: Village) -> None:
    address, browser = village.address(route.path), village.browser_for(route.path)
    forget_all()
    first = weigh(browser, address)
    again = weigh(browser, address)
    kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(again.meter.by_operation.items()))
    is_above = route.path in STOREFRONT and (again.bytes > MOST_BYTES or again.meter.requests > MOST_REQUESTS)
    print(
        f"{route.path:58} {again.status:>3} {again.html:>6} {again.bytes:>6} {len(again.hosts):>5}  "
        f"{first.meter.requests:>5} {again.meter.requests:>5} {again.meter.turns:>5} {again.meter.read_units:>6.1f}  "
        f"{kinds}{'  ABOVE' if is_above else ''}"
    )
