"""What differs between two documents, place by place. Pure."""

from collections.abc import Iterator
from typing import Any

from msgspec import Struct

_NAMED_BY = ("id", "to", "rank", "kind")


class Difference(Struct, frozen=True):
    """One place where two documents differ, such as `rewards[3].rate_bp`; null where one has nothing there.

    The place is the newer document's, or the older one's where the newer has nothing.
    """

    place: str
    before: Any
    after: Any


def differences(before: Any, after: Any, place: str = "") -> Iterator[Difference]:
    """Yield the places where `after` differs from `before`, both decoded JSON.

    Items of a list that carry a name of their own (a rank's id, a reward's kind) are compared with their namesakes.
    """
    if isinstance(before, dict) and isinstance(after, dict):
        for name in dict.fromkeys((*before, *after)):
            inside = f"{place}.{name}" if place else str(name)
            yield from differences(before.get(name), after.get(name), inside)
    elif isinstance(before, list | tuple) and isinstance(after, list | tuple):
        yield from _of_lists(list(before), list(after), place)
    elif before != after or type(before) is not type(after):
        yield Difference(place, before, after)


def _of_lists(before: list[Any], after: list[Any], place: str) -> Iterator[Difference]:
    old, new = _by_name(before), _by_name(after)
    if old is None or new is None:
        old, new = dict(enumerate(before)), dict(enumerate(after))
    elif [name for name in old if name in new] != [name for name in new if name in old]:
        yield Difference(place, list(old), list(new))  # their order says something: ranks go from the lowest up
    for name in dict.fromkeys((*new, *old)):
        number = list(new if name in new else old).index(name)
        yield from differences(old.get(name), new.get(name), f"{place}[{number}]")


def _by_name(items: list[Any]) -> dict[Any, Any] | None:
    """Give items by their own names; None where not all have one of one sort, or two share one."""
    for key in _NAMED_BY:
        if all(isinstance(item, dict) and isinstance(item.get(key), str) for item in items):
            named = {item[key]: item for item in items}
            return named if len(named) == len(items) else None
    return None
