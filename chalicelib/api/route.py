"""What is said of a way in: method, path, who handles it, what goes in, what comes out, what can be refused."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from msgspec import Struct

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, CursorUnknown, NoBody, NoQuery, PageQuery
from chalicelib.api.reading import LARGEST_BODY_BYTES
from chalicelib.errors import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class Route:
    """A way into `/v1`.

    act: the handler. gives: the type of its answer, or `module:name` where importing it would burden a cold start.
    body: the type of a POST's body. query: of the address's.
    refuses: what it can refuse beyond what every route can. shown_once: a field of the answer that is not kept for
    repetitions. public: asks for no key. largest_body: in bytes, where a request brings a file.
    """

    method: str
    path: str
    act: Callable[[Call[Any]], Any]
    summary: str
    gives: Any
    body: type[Struct] = NoBody
    query: type[Struct] = NoQuery
    refuses: tuple[type[Refusal], ...] = ()
    shown_once: str | None = None
    public: bool = False
    largest_body: int = LARGEST_BODY_BYTES

    @property
    def answer_type(self) -> Any:
        """The type of the answer, imported now if it was only named."""
        if not isinstance(self.gives, str):
            return self.gives
        module, _, name = self.gives.partition(":")
        return getattr(import_module(module), name)


def get(path: str, summary: str, act: Any, gives: Any, *refuses: type[Refusal], **more: Any) -> Route:
    """Make a way to read something."""
    return Route(method="GET", path=path, act=act, gives=gives, summary=summary, refuses=refuses, **more)


def listing(path: str, summary: str, act: Any, gives: Any, *refuses: type[Refusal], query: Any = PageQuery) -> Route:
    """Make a way to page through something."""
    return get(path, summary, act, ListOf[gives], CursorUnknown, *refuses, query=query)


def post(path: str, summary: str, act: Any, body: Any, gives: Any, *refuses: type[Refusal], **more: Any) -> Route:
    """Make a way to do something."""
    return Route(method="POST", path=path, act=act, body=body, gives=gives, summary=summary, refuses=refuses, **more)
