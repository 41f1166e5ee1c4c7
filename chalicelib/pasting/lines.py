"""What a pasted text becomes: one line for each line of it."""

from typing import Literal

from msgspec import Struct

from chalicelib.pasting.doubts import Doubt

Kind = Literal["order", "aside", "unread"]
"""An order; a line that orders nothing (a header, a thank-you); a line that could not be read."""


class Goods(Struct, frozen=True):
    """A product of the campaign, as the reader knows it."""

    product_id: str
    title: str
    unit: str


class PastedItem(Struct, frozen=True, kw_only=True):
    """A product with its quantity, as written in `text`. What is doubtful is only a proposal.

    product_id, qty: None where nothing can be proposed. choices: the products it could be, when it could be several.
    takes_off: it is taken off an earlier order, not ordered.
    """

    product_id: str | None
    qty: int | None
    text: str
    takes_off: bool = False
    choices: tuple[str, ...] = ()
    doubts: tuple[Doubt, ...] = ()


class PastedLine(Struct, frozen=True, kw_only=True):
    """A line of the pasted text; `number` counts from 1. `customer` is the name as written, empty if none was found."""

    number: int
    text: str
    kind: Kind
    customer: str = ""
    items: tuple[PastedItem, ...] = ()
    doubts: tuple[Doubt, ...] = ()

    @property
    def is_sure(self) -> bool:
        """Whether nothing about the line is doubtful."""
        return self.kind != "unread" and not self.all_doubts

    @property
    def all_doubts(self) -> tuple[Doubt, ...]:
        """The doubts of the line and of its items, each once."""
        found = [*self.doubts, *(one for item in self.items for one in item.doubts)]
        return tuple(dict.fromkeys(found))
