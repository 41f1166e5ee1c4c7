"""XLSX in pieces, of one sheet as long as you like: nothing but the sheet's checksum is carried from piece to piece.

A workbook is a zip of a few XML files. The sheet's is deflated piece by piece, each flushed to whole bytes, so that the
pieces are joined as they are; its size and checksum, which stand before it, are known when the last piece is made.
"""

import struct
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape
from zoneinfo import ZoneInfo

from chalicelib.exports.cells import Amount, Cell, Rate, Row, printable
from chalicelib.money import MINOR_DIGITS, decimal_text

MOST_ROWS = 1_048_575
"""Rows of a sheet, its header not counted."""
_LONGEST_CELL = 32_767
_DAY_ZERO = datetime(1899, 12, 30)  # noqa: DTZ001 - a spreadsheet's days have no zone
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DOCUMENT = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_XML = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>'
_HEAD = f'{_XML}<worksheet xmlns="{_MAIN}"><sheetData>'
_TAIL = "</sheetData></worksheet>"
_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_PARTS = {
    "[Content_Types].xml": f'{_XML}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_TYPE}.sheet.main+xml"/>'
    f'<Override PartName="/xl/styles.xml" ContentType="{_TYPE}.styles+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_TYPE}.worksheet+xml"/></Types>',
    "_rels/.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_DOCUMENT}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
    "xl/_rels/workbook.xml.rels": f'{_XML}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="r1" Type="{_DOCUMENT}/worksheet" Target="worksheets/sheet1.xml"/>'
    f'<Relationship Id="r2" Type="{_DOCUMENT}/styles" Target="styles.xml"/></Relationships>',
    "xl/workbook.xml": f'{_XML}<workbook xmlns="{_MAIN}" xmlns:r="{_DOCUMENT}"><sheets>'
    '<sheet name="1" sheetId="1" r:id="r1"/></sheets></workbook>',
    # Styles of cells: 0 as it is, 1 money with two digits, 2 a moment, 3 percent.
    "xl/styles.xml": f'{_XML}<styleSheet xmlns="{_MAIN}">'
    '<numFmts count="1"><numFmt numFmtId="164" formatCode="yyyy-mm-dd hh:mm:ss"/></numFmts>'
    '<fonts count="1"><font/></fonts><fills count="1"><fill><patternFill patternType="none"/></fill></fills>'
    '<borders count="1"><border/></borders>'
    '<cellStyleXfs count="1"><xf/></cellStyleXfs><cellXfs count="4"><xf/><xf numFmtId="4" applyNumberFormat="1"/>'
    '<xf numFmtId="164" applyNumberFormat="1"/><xf numFmtId="10" applyNumberFormat="1"/></cellXfs>'
    '<cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>',
}
_SHEET = "xl/worksheets/sheet1.xml"


@dataclass(frozen=True, slots=True)
class Sum:
    """What is known of the sheet so far: checksum, bytes as XML, bytes deflated."""

    crc: int = 0
    plain: int = 0
    packed: int = 0


def head(columns: Sequence[str], so_far: Sum) -> tuple[bytes, Sum]:
    """Begin the sheet, with the titles of the columns."""
    return _deflated(_HEAD + _row(columns, ZoneInfo("UTC")), so_far)


def piece(rows: Iterable[Row], timezone: str, so_far: Sum) -> tuple[bytes, Sum]:
    """Write rows; moments on the clock of `timezone`."""
    zone = ZoneInfo(timezone)
    return _deflated("".join(_row(row, zone) for row in rows), so_far)


def workbook(pieces: Iterable[bytes], so_far: Sum) -> Iterator[bytes]:
    """Make the file of the sheet's pieces: what stands before them, they themselves, and what stands behind."""
    tail, total = _deflated(_TAIL, so_far, last=True)
    entries = []
    at = 0
    for name, text in _PARTS.items():
        content, its = _deflated(text, Sum(), last=True)
        entries.append((name, its, at))
        yield (whole := _local(name, its) + content)
        at += len(whole)
    entries.append((_SHEET, total, at))
    yield _local(_SHEET, total)
    yield from pieces
    yield tail
    at += len(_local(_SHEET, total)) + total.packed
    directory = b"".join(_listed(name, its, where) for name, its, where in entries)
    yield directory + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, len(entries), len(entries), len(directory), at, 0)


def _deflated(text: str, so_far: Sum, *, last: bool = False) -> tuple[bytes, Sum]:
    plain = text.encode()
    packer = zlib.compressobj(6, zlib.DEFLATED, -zlib.MAX_WBITS)
    packed = packer.compress(plain) + packer.flush(zlib.Z_FINISH if last else zlib.Z_FULL_FLUSH)
    known = Sum(zlib.crc32(plain, so_far.crc), so_far.plain + len(plain), so_far.packed + len(packed))
    return packed, known


_FIELDS = (20, 0x0800, 8, 0, 0x21)
"""Version 2.0, names in UTF-8, deflated, midnight of 1 January 1980: the same rows are the same file."""


def _local(name: str, its: Sum) -> bytes:
    sizes = (its.crc, its.packed, its.plain)
    return struct.pack("<4s5H3L2H", b"PK\x03\x04", *_FIELDS, *sizes, len(name), 0) + name.encode()


def _listed(name: str, its: Sum, at: int) -> bytes:
    known = (its.crc, its.packed, its.plain, len(name))
    return struct.pack("<4sH5H3L5H2L", b"PK\x01\x02", 20, *_FIELDS, *known, 0, 0, 0, 0, 0, at) + name.encode()


def _row(cells: Row, zone: ZoneInfo) -> str:
    return f"<row>{''.join(_cell(cell, zone) for cell in cells)}</row>"


def _cell(cell: Cell, zone: ZoneInfo) -> str:
    if cell is None or cell == "":
        return "<c/>"
    if isinstance(cell, str):  # a text is a text: one that begins with `=` is shown, never computed
        return f'<c t="inlineStr"><is><t xml:space="preserve">{escape(printable(cell[:_LONGEST_CELL]))}</t></is></c>'
    if isinstance(cell, Amount):
        style = 1 if MINOR_DIGITS[cell.currency] else 0
        return f'<c s="{style}"><v>{decimal_text(cell.minor, cell.currency)}</v></c>'
    if isinstance(cell, Rate):
        return f'<c s="3"><v>{cell.bp / 10_000}</v></c>'
    if isinstance(cell, datetime):
        since = cell.astimezone(zone).replace(tzinfo=None) - _DAY_ZERO
        return f'<c s="2"><v>{since.days + since.seconds / 86_400:.8f}</v></c>'
    return f"<c><v>{cell}</v></c>"
