"""From the bytes of a CSV or XLSX file to a table of texts. What cannot be one is refused with a sentence.

A workbook is a ZIP of XML: a small file can unpack to gigabytes, so what it says of its size is looked at before
anything is unpacked, and no more rows are read than may be there.
"""

import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime
from typing import Any

from chalicelib.errors import Invalid

LARGEST_FILE_BYTES = 4_000_000  # what a Lambda function can be handed is 6 MB, a third of it the gateway's encoding
LARGEST_UNPACKED_BYTES = 40_000_000
MOST_PARTS = 200
MOST_ROWS = 50_000
MOST_COLUMNS = 40
LONGEST_CELL = 2_000

Table = list[list[str]]


class FileUnreadable(Invalid):
    """What was sent is no CSV in UTF-8 or GBK, no XLSX, or more than can be taken at once."""

    code = "file_unreadable"


def read_table(content: bytes) -> Table:
    """Read the first sheet of a workbook, or a CSV file in UTF-8 (with or without mark) or GBK (GB 18030).

    Raises `FileUnreadable`.
    """
    if len(content) > LARGEST_FILE_BYTES:
        raise FileUnreadable(f"The file is larger than {LARGEST_FILE_BYTES // 1_000_000} MB. Split it.", param="file")
    if content[:4] == b"PK\x03\x04":
        return _bounded(_sheet(content))
    return _bounded(_lines(_decoded(content)))


def _decoded(content: bytes) -> str:
    for encoding in ("utf-8-sig", "gb18030"):
        try:
            text = content.decode(encoding)
        except UnicodeDecodeError:
            continue
        if "\x00" not in text:
            return text
    raise FileUnreadable("This is neither a CSV file in UTF-8 or GBK nor an XLSX workbook.", param="file")


def _lines(text: str) -> Iterator[list[str]]:
    import csv

    first = text.partition("\n")[0]
    delimiter = max(",;\t", key=first.count)
    try:
        yield from csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    except csv.Error as error:
        raise FileUnreadable(
            "A quotation mark is open, or a cell is too long. Save the file anew.", param="file"
        ) from (error)


def _sheet(content: bytes) -> Iterator[list[str]]:
    import zipfile
    from xml.etree.ElementTree import ParseError

    _check_zip(content)
    from openpyxl import load_workbook
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        # Not `data_only`: a formula is to be seen as one, not taken for the value that it had once.
        book = load_workbook(io.BytesIO(content), read_only=True, data_only=False, keep_links=False)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(max_row=MOST_ROWS + 2, max_col=MOST_COLUMNS + 1, values_only=True):
            yield _without_tail([_text(value) for value in row])
    except (InvalidFileException, zipfile.BadZipFile, ParseError, KeyError, IndexError, ValueError) as error:
        if isinstance(error, FileUnreadable):
            raise
        raise FileUnreadable("This workbook cannot be read. Save it anew, as XLSX or CSV.", param="file") from error


def _check_zip(content: bytes) -> None:
    import zipfile

    try:
        parts = zipfile.ZipFile(io.BytesIO(content)).infolist()
    except zipfile.BadZipFile as error:
        raise FileUnreadable("This workbook cannot be read. Save it anew, as XLSX or CSV.", param="file") from error
    # What a part says of its size binds: zipfile stops at it when it unpacks, and refuses the part.
    if len(parts) > MOST_PARTS or sum(part.file_size for part in parts) > LARGEST_UNPACKED_BYTES:
        raise FileUnreadable("This workbook unpacks to far too much. Keep one sheet in it.", param="file")


def _text(value: Any) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        # A phone number typed into a cell of numbers is 13900001111.0; a price of 18.1 is not 18.10000000000001.
        return str(int(value)) if value.is_integer() else f"{value:.10g}"
    return str(value)


def _without_tail(cells: list[str]) -> list[str]:
    while cells and not cells[-1].strip():
        cells.pop()
    return cells


def _bounded(lines: Iterable[list[str]]) -> Table:
    table: Table = []
    for cells in lines:
        if len(cells) > MOST_COLUMNS:
            raise FileUnreadable(f"A row has more than {MOST_COLUMNS} columns.", param="file")
        if any(len(cell) > LONGEST_CELL for cell in cells):
            raise FileUnreadable(f"A cell has more than {LONGEST_CELL} characters.", param="file")
        table.append(cells)
        if len(table) > MOST_ROWS + 1:
            raise FileUnreadable(f"There are more than {MOST_ROWS} rows. Split the file.", param="file")
    return table
