"""Files in pieces: what a spreadsheet reads is what was put in, and no text of a customer's is ever computed."""

import csv
import io
import zipfile
from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import load_workbook

from chalicelib.exports import csv_file, xlsx_file
from chalicelib.exports.cells import Amount, Rate, inert, printable

NOON = datetime(2026, 3, 2, 4, 0, 30, tzinfo=UTC)
ROWS = [
    ["李娜", 3, Amount(123456, "CNY"), NOON, Rate(1250), None],
    ["=1+1 <b> & \x00", -3, Amount(-5, "JPY"), NOON, Rate(0), ""],
]


def read_csv(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"))))


def book_of(*pages):
    """A workbook made of a piece a page of rows."""
    first, known = xlsx_file.head(["name", "count"], xlsx_file.Sum())
    pieces = [first]
    for rows in pages:
        made, known = xlsx_file.piece(rows, "Asia/Shanghai", known)
        pieces.append(made)
    return b"".join(xlsx_file.workbook(pieces, known))


def cells_of(content):
    return [list(row) for row in load_workbook(io.BytesIO(content)).worksheets[0].iter_rows(values_only=True)]


def test_csv_is_read_back_with_moments_on_the_brands_clock():
    content = csv_file.head(["name", "数量"]) + csv_file.piece(ROWS, "Asia/Shanghai")
    assert content.startswith(b"\xef\xbb\xbf")
    header, first, second = read_csv(content)
    assert header == ["name", "数量"]
    assert first == ["李娜", "3", "1234.56", "2026-03-02 12:00:30", "12.5%", ""]
    assert second[:3] == ["'=1+1 <b> & \x00", "-3", "-5"]


@pytest.mark.parametrize("text", ["=1+1", "+86 138", "-cmd", "@SUM(A1)", "\t=1", "\r=1"])
def test_a_text_that_begins_like_a_formula_is_made_inert(text):
    assert inert(text) == "'" + text


def test_what_is_no_formula_stays_as_it_is():
    assert [inert(text) for text in ("", "a=1", "李", "'x", "1-2")] == ["", "a=1", "李", "'x", "1-2"]


def test_a_workbook_of_several_pieces_is_one_sheet_with_typed_cells():
    content = book_of(ROWS[:1], [], ROWS[1:])
    assert zipfile.ZipFile(io.BytesIO(content)).testzip() is None
    header, first, second = cells_of(content)
    assert header[:2] == ["name", "count"]
    assert first == ["李娜", 3, 1234.56, NOON.replace(hour=12, tzinfo=None), 0.125, None]
    assert second[:3] == ["=1+1 <b> & ", -3, -5]
    sheet = load_workbook(io.BytesIO(content)).worksheets[0]
    assert sheet["A3"].data_type in ("s", "inlineStr"), "a text, not a formula"
    assert sheet["D2"].is_date


@given(st.lists(st.lists(st.text(max_size=20) | st.integers(-(10**12), 10**12), min_size=1, max_size=4), max_size=12))
def test_any_text_and_number_comes_back(rows):
    shown = cells_of(book_of(rows[: len(rows) // 2], rows[len(rows) // 2 :]))[1:]
    wanted = [[printable(one) if isinstance(one, str) else one for one in row] for row in rows]
    cut = [row[: len(want)] for row, want in zip(shown, wanted, strict=True)]
    assert [["" if one is None else one for one in row] for row in cut] == wanted


def test_ten_thousand_rows_in_any_cut_are_the_same_rows():
    rows = [[f"row {number}", number] for number in range(10_000)]
    assert cells_of(book_of(rows)) == cells_of(book_of(rows[:1], rows[1:9_000], rows[9_000:]))
