"""The rows in which a leader reviews what was read from its chat: what is shown of each, and what comes back typed."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from chalicelib.chinese import Language, written
from chalicelib.orders.commands import EnteredLine
from chalicelib.orders.entering import MOST_LINES
from chalicelib.web.forms import Form, FormInvalid

if TYPE_CHECKING:
    from chalicelib.pasting.doubts import Doubt
    from chalicelib.pasting.lines import PastedItem, PastedLine

MOST_ROWS = 90
"""With the lines that could not be read: a form has a limit of fields."""
BLANK_ROWS = 3
EMPTY_SHEET = 12


@dataclass(frozen=True, slots=True)
class Row:
    """A row: what was pasted (`text` of line `line`), why it is doubtful, and what is proposed; `number` is its place
    in the form, whatever order it is shown in."""

    number: int
    kind: Literal["order", "unread", "blank"]
    line: int = 0
    text: str = ""
    why: tuple[str, ...] = ()
    customer: str = ""
    product_id: str = ""
    qty: str = ""
    left_out: bool = False

    @property
    def is_sure(self) -> bool:
        """Whether it was read, and nothing about it is doubtful."""
        return self.kind == "order" and not self.why


def rows_of(lines: Sequence["PastedLine"], language: Language) -> list[Row]:
    """Make a row of each item that was read and of each line that was not, and blank ones. Raises `FormInvalid`."""
    rows: list[Row] = []
    for line in lines:
        if line.kind == "unread":
            why = _sentences(line.doubts, language)
            rows.append(Row(len(rows), "unread", line.number, line.text, why, line.customer))
        elif line.kind == "order":
            for item in line.items or (None,):
                rows.append(_row(len(rows), line, item, language))
    if len(rows) > MOST_ROWS or sum(row.kind == "order" for row in rows) > MOST_LINES:
        raise FormInvalid("This is more than one order holds: 60 lines. Paste it in two parts.", param="pasted")
    blank = BLANK_ROWS if rows else EMPTY_SHEET
    return rows + [Row(len(rows) + more, "blank") for more in range(blank)]


def _row(number: int, line: "PastedLine", item: "PastedItem | None", language: Language) -> Row:
    doubts = (*line.doubts, *(item.doubts if item else ()))
    qty = "" if item is None or item.qty is None else str(item.qty)
    return Row(
        number,
        "order",
        line.number,
        line.text,
        _sentences(doubts, language),
        line.customer,
        (item.product_id or "") if item else "",
        qty,
        left_out=item.takes_off if item else False,
    )


def _sentences(doubts: Sequence["Doubt"], language: Language) -> tuple[str, ...]:
    return tuple(dict.fromkeys(_sentence(one, language) for one in doubts))


def _sentence(doubt: "Doubt", language: Language) -> str:
    if language == "en":
        return doubt.en
    before, quoted, after = doubt.around()
    return written(before, language) + quoted + written(after, language)


def as_typed(rows: Sequence[Row], form: Form) -> list[Row]:
    """Give the rows as they came back, where they did."""
    return [
        replace(
            row,
            customer=form[f"customer.{row.number}"],
            product_id=form[f"product.{row.number}"],
            qty=form[f"qty.{row.number}"],
            left_out=bool(form[f"leave.{row.number}"]),
        )
        if f"customer.{row.number}" in form
        else row
        for row in rows
    ]


def is_empty(row: Row) -> bool:
    """Whether a row orders nothing: it is left out, or nobody filled it in."""
    untouched = not row.product_id and not row.qty.strip()
    return row.left_out or (untouched and (row.kind == "unread" or not row.customer.strip()))


def lines_of(rows: Sequence[Row], form: Form) -> dict[int, EnteredLine]:
    """Read the rows that order something, by their number. Raises `FormInvalid` that names the field."""
    found = {}
    for row in rows:
        if is_empty(row):
            continue
        if not row.product_id:
            raise FormInvalid("Choose a product, or leave the line out.", param=f"product.{row.number}")
        qty = form.integer(f"qty.{row.number}")
        if qty < 1:
            raise FormInvalid("Write how many, or leave the line out.", param=f"qty.{row.number}")
        found[row.number] = EnteredLine(customer=row.customer, product_id=row.product_id, qty=qty)
    if not found:
        raise FormInvalid("Write down at least one customer.", param="lines")
    return found


def units_of(rows: Sequence[Row]) -> dict[str, int]:
    """Add up the units of each product, as far as they can be read: for the total that is shown."""
    units: dict[str, int] = {}
    for row in rows:
        if not is_empty(row) and row.product_id and row.qty.strip().isdecimal() and len(row.qty) <= 6:
            units[row.product_id] = units.get(row.product_id, 0) + int(row.qty)
    return units


def field_of(param: str, code: str, lines: Mapping[int, EnteredLine]) -> str:
    """Name the row's field that a refusal of the order is about.

    Customers and limits of a person are counted by line, everything else by product in the basket.
    """
    first, _, rest = param.partition(".")
    place, _, name = rest.partition(".")
    if first != "lines" or not place.isdigit():
        return param
    numbers = list(lines)
    if code != "person_limit" and name != "customer":
        products = list(dict.fromkeys(line.product_id for line in lines.values()))
        wanted = products[int(place)] if int(place) < len(products) else ""
        numbers = [number for number, line in lines.items() if line.product_id == wanted]
        return f"qty.{numbers[0]}" if numbers else "lines"
    return f"{name}.{numbers[int(place)]}" if int(place) < len(numbers) else "lines"
