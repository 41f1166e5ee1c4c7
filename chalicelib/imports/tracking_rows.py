"""Checking the tracking numbers of a file: each row names an order that was paid and not handed out. Pure.

A row with neither a carrier nor a number is an order that is not shipped yet: a packing list is filled in bit by bit.
"""

from collections import Counter
from collections.abc import Callable, Mapping, Sequence

from msgspec import Struct

from chalicelib.errors import Invalid
from chalicelib.imports.columns import Problem, Row
from chalicelib.orders.lines import check_carrier, check_number


class TrackingRow(Struct, frozen=True, array_like=True):
    """A parcel to be noted on its order."""

    number: int
    order_id: str
    carrier: str
    tracking_number: str


class OrderHere(Struct, frozen=True, array_like=True):
    """What the table knows of an order: its state (`undecided`: its group may still fail), and the parcel it is in."""

    state: str
    carrier: str = ""
    tracking_number: str = ""


SAID = {
    "order_unknown": "There is no order with this number.",
    "order_twice": "Another row has the same order.",
    "order_not_paid": "This order is not paid, or its money was given back.",
    "order_undecided": "Its group is not decided yet: it may still fail.",
    "order_handed_out": "This order is handed out already.",
    "carrier_invalid": "Write the carrier's name, at most 40 characters.",
    "tracking_number_invalid": "Write the tracking number: 4 to 40 letters and digits.",
}
"""What is wrong with a row, by the problem's code."""


def is_shipped(row: Row) -> bool:
    """Tell whether a row says anything of a parcel."""
    return "carrier" in row.cells or "tracking_number" in row.cells


def check(rows: Sequence[Row], here: Mapping[str, OrderHere]) -> tuple[list[TrackingRow], list[Problem]]:
    """Give the parcels of a file and every problem; parcels only without one. `here`: orders by id."""
    problems: list[Problem] = []
    shipped = [row for row in rows if is_shipped(row)]
    read = [_read(row, problems) for row in shipped]
    seen = Counter(one.order_id for one in read)
    for one in read:
        code = _trouble_of(one, here.get(one.order_id), is_twice=seen[one.order_id] > 1)
        if code:
            problems.append(Problem(one.number, "order", code, SAID[code]))
    problems.sort(key=lambda problem: problem.row)
    return ([] if problems else read), problems


def _read(row: Row, problems: list[Problem]) -> TrackingRow:
    def read(column: str, check: Callable[[str], str]) -> str:
        try:
            return check(row.cells.get(column, ""))
        except Invalid:
            problems.append(Problem(row.number, column, f"{column}_invalid", SAID[f"{column}_invalid"]))
            return ""

    return TrackingRow(
        row.number,
        row.cells.get("order", "").lower(),
        read("carrier", check_carrier),
        read("tracking_number", check_number),
    )


def _trouble_of(row: TrackingRow, order: OrderHere | None, *, is_twice: bool) -> str:
    if order is None:
        return "order_unknown"
    if is_twice:
        return "order_twice"
    if (order.carrier, order.tracking_number) == (row.carrier, row.tracking_number):
        return ""  # the same file again
    return {"paid": "", "delivered": "order_handed_out", "undecided": "order_undecided"}.get(
        order.state, "order_not_paid"
    )
