"""Looking through a list for what is wanted where no key leads to it: in batches, never further than is said."""

from collections.abc import Callable, Hashable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)
T = TypeVar("T")

LOOK_THROUGH = 500
"""How many of a list a page looks through at most."""
AT_ONCE = 100
"""Items read in one request."""


@dataclass(frozen=True, slots=True)
class Sieved(Generic[T]):
    """What is wanted of the list, in its order. looked: how many were looked at; reached: the place of the last one.

    is_more: what lies behind it was not looked at.
    """

    items: list[T]
    looked: int = 0
    reached: str = ""
    is_more: bool = False

    @property
    def next(self) -> str | None:
        """Where to go on, None at the end of the list."""
        return self.reached if self.is_more else None


def sieve(
    rows: Sequence[tuple[K, str]],
    read: Callable[[Sequence[K]], Mapping[K, T]],
    wanted: Callable[[T], bool],
    *,
    limit: int,
    most: int,
) -> Sieved[T]:
    """Give up to `limit` items that are wanted, of listed keys with their places; what is not there is passed over.

    most: how many rows were asked for: as many mean that the list goes on. A key that is listed twice is found once.
    """
    found: dict[K, T] = {}
    looked = 0
    for key, item in _each(rows, read):
        looked += 1
        if item is not None and wanted(item):
            found[key] = item
            if len(found) == limit:
                break
    is_more = looked < len(rows) or len(rows) == most
    return Sieved(list(found.values()), looked, rows[looked - 1][1] if looked else "", is_more)


def _each(rows: Sequence[tuple[K, str]], read: Callable[[Sequence[K]], Mapping[K, T]]) -> Iterator[tuple[K, T | None]]:
    """Give one item after the other; a batch is read when its first one is asked for."""
    for begin in range(0, len(rows), AT_ONCE):
        keys = [key for key, _ in rows[begin : begin + AT_ONCE]]
        known = read(keys)
        for key in keys:
            yield key, known.get(key)
