"""What a handler is given of a request: whose it is, what is asked, and the outside world."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any, Generic, TypeVar

from msgspec import Meta, Struct

from chalicelib.api.answers import ListOf
from chalicelib.chinese import Language
from chalicelib.errors import NotFound
from chalicelib.ids import RandomBits
from chalicelib.wiring import Tools

B = TypeVar("B")
R = TypeVar("R")
V = TypeVar("V")


class NoQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing can be asked for in the address."""


class PageQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which page of a list: how many, and the `id` of the last one already seen."""

    limit: Annotated[int, Meta(ge=1, le=100)] = 10
    starting_after: str | None = None


class NoBody(Struct, frozen=True, forbid_unknown_fields=True):
    """Nothing needs to be said: no body, or `{}`."""


class CursorUnknown(NotFound):
    """`starting_after` names nothing in this list."""

    code = "cursor_unknown"


@dataclass(frozen=True, slots=True)
class Call(Generic[B]):
    """One request of a brand's system.

    body: decoded as the route's request type. ids: what the path names.
    now: this moment; began_at: when a request with this `Idempotency-Key` came first (the same in every repetition).
    randbits: gives the same bits again in every repetition, so that what is made has the same id; `tools.randbits` is
    true randomness. nonce: the same in every repetition, never the same for two brands' or two requests' work.
    by: who is written down as having asked. language: which of ours the `Accept-Language` likes best.
    """

    tenant_id: str
    by: str
    path: str
    ids: Mapping[str, str]
    query: Any
    body: B
    now: datetime
    began_at: datetime
    randbits: RandomBits
    nonce: str
    tools: Tools
    language: Language = "en"

    @property
    def one_more(self) -> int:
        """How many to read for a page: one more than is shown tells whether there are more."""
        return int(self.query.limit) + 1

    def last_seen(self, look_up: Callable[[str], R]) -> R | None:
        """Give the record that `starting_after` names in this brand, None at the start. Raises `CursorUnknown`."""
        if self.query.starting_after is None:
            return None
        try:
            return look_up(self.query.starting_after)
        except NotFound as missing:
            raise CursorUnknown(
                "Nothing in this list has the id given in starting_after.", param="starting_after"
            ) from missing

    def page(self, shown: Sequence[V]) -> ListOf[V]:
        """Make a page of what was read with `one_more`."""
        limit = int(self.query.limit)
        return ListOf(data=list(shown[:limit]), has_more=len(shown) > limit, url=self.path)

    def page_of_all(self, shown: Sequence[V], id_of: Callable[[V], str]) -> ListOf[V]:
        """Make a page of a list that is short enough to be read whole."""

        def place(name: str) -> int:
            for number, one in enumerate(shown):
                if id_of(one) == name:
                    return number
            raise CursorUnknown("Nothing in this list has this id.")

        last = self.last_seen(place)
        return self.page(shown[0 if last is None else last + 1 :])
