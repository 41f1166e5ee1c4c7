"""What a page that only shows has read ahead in one request; `store.get`, `get_all` and `listed` look here first.

Items in the hand may be eventually consistent, so nothing is written while it is open: a decision about money or stock
reads for itself, before or without it.
"""

from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from typing import Any

Key = tuple[str, str]


@dataclass(slots=True)
class Hand:
    """Items by key, None for what is not there; lists of the index by what was asked."""

    items: dict[Key, Any] = field(default_factory=dict)
    lists: dict[tuple[Any, ...], Any] = field(default_factory=dict)


_open: ContextVar[Hand | None] = ContextVar("hand", default=None)


class WrittenWhileLooking(RuntimeError):
    """Something was to be written by a page that only shows. A defect; nothing was sent."""


@contextmanager
def looking() -> Iterator[None]:
    """Open an empty hand for a page that only shows, to the end of the block."""
    token = _open.set(Hand())
    try:
        yield
    finally:
        _open.reset(token)


def hand() -> Hand | None:
    """Give the open hand; None outside of `looking`."""
    return _open.get()


def check_writable() -> None:
    """Refuse a write while a page is looking. Raises `WrittenWhileLooking`."""
    if _open.get() is not None:
        raise WrittenWhileLooking("a page that only shows writes nothing")
