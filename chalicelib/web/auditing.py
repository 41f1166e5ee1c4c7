"""The log of the console's forms: that one is begun, and what it did as soon as it has done it (`audit`)."""

from collections.abc import Mapping
from functools import cache
from hashlib import sha256
from re import Pattern
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from chalicelib.audit import begun, kinds, looks
from chalicelib.audit.store import note
from chalicelib.errors import Refusal

if TYPE_CHECKING:
    from chalicelib.web.answers import Answer
    from chalicelib.web.ask import Ask, Desk

_CONSOLE = "/console/{store}"


class FormLog:
    """One form of the console, from the moment somebody who may send it is at the desk to its answer."""

    def __init__(self, ask: "Ask", path: str, parts: Mapping[str, str]) -> None:
        self._ask, self._path, self._parts = ask, path, parts
        self._noted = kinds.of_console(path)
        self._desk: Desk | None = None
        self._before: looks.Seen = {}

    def at_desk(self, desk: "Desk") -> None:
        """See what there is, and say who is about to do what, before the form is acted upon."""
        ask, noted = self._ask, self._noted
        if noted is None or not ask.posted or self._desk is not None:
            return
        self._desk, self._before = desk, looks.look(noted.look, desk.tenant_id, self._parts)
        begun.begin(
            desk.tenant_id,
            who=desk.person.person_id,
            what=noted.kind_of(ask.form),
            about=self._path.removeprefix(_CONSOLE).strip("/").format(**self._parts)[:200],
            once=self._once(),
            now=ask.now,
        )

    def refused(self, refusal: Refusal | None) -> None:
        """Take back that it was begun: it was refused, or it did nothing yet."""
        if self._desk is not None:
            begun.refused(self._desk.tenant_id, self._once(), refusal)

    def answered(self, answer: "Answer") -> None:
        """Note what was done, once, if it was: a form that succeeds leads on, or its kind says that it does not."""
        ask, noted, desk = self._ask, self._noted, self._desk
        if noted is None or desk is None:
            return
        is_done = answer.status == 303 or (noted.on_page and answer.status == 200)
        if ask.problem is not None or ask.nothing_done or not is_done:
            self.refused(ask.problem)
            return
        changed = looks.changes(self._before, looks.look(noted.look, desk.tenant_id, self._parts))
        note(
            desk.tenant_id,
            who=desk.person.person_id,
            what=noted.kind_of(ask.form),
            about=self._about(answer.headers.get("Location", ""), desk.brand.slug),
            changes={**changed, **ask.noted},
            once=self._once(),
            now=ask.now,
        )

    def _about(self, location: str, slug: str) -> str:
        """Give the page that a form leads to, below the console's address; else the place it was sent from."""
        _, found, rest = urlsplit(location).path.partition(f"/console/{slug}/")
        way = self._path.removeprefix(_CONSOLE).strip("/").partition("/")[0]
        return rest[:200] if found else way

    def _once(self) -> str:
        """Name this very form: sent again, unchanged, it is the same."""
        fields = sorted((name, value) for name, value in self._ask.form.items() if name != "code")
        said = sha256(repr((self._path, sorted(self._parts.items()), fields)).encode()).hexdigest()
        return f"form#{said}"


def way_to(about: str) -> tuple[str, ...]:
    """Give the parts of the address of what an entry is about, below the console's; none where no page shows it."""
    parts = tuple(about.split("/"))
    for length in range(len(parts), 0, -1):
        if any(pattern.fullmatch("/".join(parts[:length])) for pattern in _pages()):
            return parts[:length]
    return ()


@cache
def _pages() -> tuple[Pattern[str], ...]:
    import re

    from chalicelib.web.frame import ROUTES

    ways = [route.path.removeprefix(_CONSOLE + "/") for route in ROUTES if route.method == "GET"]
    inside = [way for way in ways if not way.startswith("/")]
    return tuple(re.compile(re.sub(r"\\{\w+\\}", "[^/]+", re.escape(way))) for way in inside)
