"""What a warm process remembers between requests: only what never changes, or a hint that is checked against the table.

Bounded, the oldest forgotten first. Keys hold the tenant's id, or the value is checked with the brand's profile: it
carries nothing from one brand to another.
"""

from collections import OrderedDict
from typing import Any, Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")

_all: list["Remembered[Any, Any]"] = []


class Remembered(Generic[K, V]):
    """A bounded memory of one kind of fact; make one at a module's top level."""

    def __init__(self, most: int) -> None:
        self._kept: OrderedDict[K, V] = OrderedDict()
        self._most = most
        _all.append(self)

    def get(self, key: K) -> V | None:
        """Give what is remembered, or None."""
        return self._kept.get(key)

    def put(self, key: K, value: V) -> None:
        """Remember a fact in place of what was remembered under its key."""
        self._kept[key] = value
        if len(self._kept) > self._most:
            self._kept.popitem(last=False)

    def clear(self) -> None:
        """Forget everything."""
        self._kept.clear()


def forget_all() -> None:
    """Forget everything everywhere, as a process that has just started."""
    for memory in _all:
        memory.clear()
