"""What a list is narrowed to, one chip for each: pressed, it is taken off and all others stay."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from chalicelib.web.ask import Ask

LONGEST_TITLE = 60
"""Characters of a title that is looked for."""


class Chip(NamedTuple):
    """What is asked for in words, and the address of the list without it."""

    text: str
    without: str


def asked(ask: Ask, fields: Sequence[str]) -> dict[str, str]:
    """Give what the address says of these fields, as it was typed."""
    return {name: typed for name in fields if (typed := ask.query(name).strip())}


def chips(ask: Ask, way: Sequence[str], asked: Mapping[str, str], says: Mapping[str, str]) -> list[Chip]:
    """Make the chips of the list at `way`, in the order of `says`: fields of the address, and what each means."""
    return [
        Chip(text, ask.links.path(*way, **{name: value for name, value in asked.items() if name != field}))
        for field, text in says.items()
    ]
