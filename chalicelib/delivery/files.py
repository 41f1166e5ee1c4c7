"""Picking and packing as tables for a spreadsheet. The packing list, filled in, is a file of tracking numbers."""

from collections.abc import Iterable, Iterator, Mapping, Sequence

from chalicelib.chinese import Language, written
from chalicelib.delivery.parcels import Parcel
from chalicelib.delivery.picking import Picking
from chalicelib.imports.columns import HEADERS, titles

Cell = str | int

_PICKING = {
    "product": "商品",
    "units": "件数",
    "handed_out": "已交付",
    "case_size": "每箱件数",
    "full_cases": "整箱数",
    "opened_units": "拆箱件数",
}


def picking_columns(*, language: Language) -> list[str]:
    """Name the columns of `picking_rows`."""
    return list(_PICKING) if language == "en" else [written(title, language) for title in _PICKING.values()]


def picking_rows(picking: Picking) -> Iterator[list[Cell]]:
    """Give a row a product."""
    for line in picking.lines:
        cases: list[Cell] = ["", "", ""]
        if line.case_size:
            cases = [line.case_size, line.full_cases or 0, line.opened_units or 0]
        yield [line.title, line.units, line.handed_units, *cases]


def packing_columns(*, language: Language) -> list[str]:
    """Name the columns of `packing_rows`: those that a file of tracking numbers has."""
    return titles("tracking", language)


def packing_rows(parcels: Iterable[Parcel], names: Mapping[str, str]) -> Iterator[list[Cell]]:
    """Give a row a parcel; `names`: of leaders by id."""
    for parcel in parcels:
        said: dict[str, Cell] = {
            "leader": names.get(parcel.leader_id, parcel.leader_id),
            "place": parcel.place,
            "name": ", ".join(portion.name for portion in parcel.portions),
            "phone": parcel.phone,
            "number": parcel.number,
            "order": parcel.order_id,
            "goods": parcel.text,
            "units": parcel.units,
            "state": "paid" if parcel.is_waiting else "delivered",
            "carrier": parcel.tracking.carrier if parcel.tracking else "",
            "tracking_number": parcel.tracking.number if parcel.tracking else "",
        }
        yield [said[column] for column in HEADERS["tracking"]]


def to_xlsx(columns: Sequence[str], rows: Iterable[Sequence[Cell]]) -> bytes:
    """Write a workbook of one sheet. Texts are texts: one that begins with `=` is shown, never computed."""
    import io

    from openpyxl import Workbook  # here: heavy, and few requests write one
    from openpyxl.cell import WriteOnlyCell
    from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE

    book = Workbook(write_only=True)
    sheet = book.create_sheet()
    for row in (columns, *rows):
        cells = []
        for value in row:
            cell = WriteOnlyCell(sheet, ILLEGAL_CHARACTERS_RE.sub("", value) if isinstance(value, str) else value)
            if isinstance(value, str):
                cell.data_type = "s"
            cells.append(cell)
        sheet.append(cells)
    out = io.BytesIO()
    book.save(out)
    return out.getvalue()
