"""CSV in pieces: joined as they are, they are the file."""

import csv
import io
from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

from chalicelib.exports.cells import Amount, Cell, Rate, Row, inert
from chalicelib.money import decimal_text

_MARK = "\ufeff"  # by it Excel knows that it is UTF-8


def head(columns: Iterable[str]) -> bytes:
    """Write the first line."""
    return (_MARK + _lines([list(columns)])).encode()


def piece(rows: Iterable[Row], timezone: str) -> bytes:
    """Write lines; moments on the clock of `timezone`."""
    zone = ZoneInfo(timezone)
    return _lines([[_text(cell, zone) for cell in row] for row in rows]).encode()


def _lines(rows: Iterable[list[str]]) -> str:
    out = io.StringIO()
    csv.writer(out).writerows(rows)
    return out.getvalue()


def _text(cell: Cell, zone: ZoneInfo) -> str:
    if cell is None:
        return ""
    if isinstance(cell, str):
        return inert(cell)
    if isinstance(cell, Amount):
        return decimal_text(cell.minor, cell.currency)
    if isinstance(cell, Rate):
        return f"{cell.bp / 100:g}%"
    return f"{cell.astimezone(zone):%Y-%m-%d %H:%M:%S}" if isinstance(cell, datetime) else str(cell)
