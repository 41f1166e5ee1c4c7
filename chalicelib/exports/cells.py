"""What a cell of an export may be, and what a text may not do in a spreadsheet. Pure."""

from collections.abc import Sequence
from datetime import datetime
from typing import NamedTuple


class Amount(NamedTuple):
    """Money in minor units; written as a decimal of its currency."""

    minor: int
    currency: str


class Rate(NamedTuple):
    """Basis points; written as percent."""

    bp: int


Cell = str | int | Amount | Rate | datetime | None
"""A moment is in UTC, and written on the brand's clock."""
Row = Sequence[Cell]

_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def inert(text: str) -> str:
    """Give a text that no spreadsheet takes for a formula: one that begins like one gets an apostrophe before it."""
    return "'" + text if text.startswith(_FORMULA) else text


def printable(text: str) -> str:
    """Give a text without what XML cannot hold; line ends and tabs stay."""
    return "".join(letter for letter in text if letter in "\t\n" or (letter >= " " and _in_xml(letter)))


def _in_xml(letter: str) -> bool:
    return not ("\ud800" <= letter <= "\udfff" or letter in "\ufffe\uffff")
