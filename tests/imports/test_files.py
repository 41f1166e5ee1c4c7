"""Files as they come: encodings, separators, workbooks, and those that are none."""

import io
import zipfile
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from chalicelib.errors import Refusal
from chalicelib.imports import files
from chalicelib.imports.columns import KINDS, rows_of, template
from chalicelib.imports.files import FileUnreadable, read_table

CHINESE = "姓名,手机号,邮箱\r\n王芳,13900001111,wang@example.com\r\n"


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, written = Workbook(), io.BytesIO()
    for row in rows:
        book.active.append(row)
    book.save(written)
    return written.getvalue()


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "gbk", "gb18030"])
def test_chinese_headers_in_every_encoding_that_excel_writes(encoding: str) -> None:
    rows, problems = rows_of("leaders", read_table(CHINESE.encode(encoding)))
    assert problems == []
    assert rows[0].cells == {"name": "王芳", "phone": "13900001111", "email": "wang@example.com"}


@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_separators_of_other_countries(separator: str) -> None:
    table = read_table(f"name{separator}phone\nLi Na{separator}123".encode())
    assert table == [["name", "phone"], ["Li Na", "123"]]


def test_a_workbook_gives_the_same_rows_and_numbers_stay_whole() -> None:
    content = workbook(
        ("Name", "Phone", "Email", "Joined"), ("Li Na", 13900001111, "li@example.com", date(2025, 1, 31)), (None, None)
    )
    rows, problems = rows_of("leaders", read_table(content))
    assert problems == []
    assert [row.cells for row in rows] == [
        {"name": "Li Na", "phone": "13900001111", "email": "li@example.com", "joined": "2025-01-31"}
    ]


def test_a_formula_is_never_taken_for_its_value() -> None:
    sheet = workbook(("name", "phone", "email"), ("=1+1", "13900001111", '=HYPERLINK("http://evil")'))
    for content in (sheet, b"name,phone,email\n=1+1,13900001111,@SUM(A1)\n"):
        _, problems = rows_of("leaders", read_table(content))
        assert [(one.row, one.column, one.code) for one in problems] == [
            (2, "name", "formula"),
            (2, "email", "formula"),
        ]


def test_unknown_missing_and_double_columns_are_named_together() -> None:
    _, problems = rows_of("leaders", [["name", "wage", "name", "手机号"], ["a", "b", "c", "d"]])
    assert [(one.column, one.code) for one in problems] == [
        ("wage", "column_unknown"), ("name", "column_twice"), ("email", "column_missing"),
    ]  # fmt: skip


def test_a_file_of_nothing_but_a_header_is_empty() -> None:
    assert [one.code for one in rows_of("leaders", [["name", "phone", "email"], ["", " "]])[1]] == ["file_empty"]


@pytest.mark.parametrize("what", KINDS)
@pytest.mark.parametrize("language", ["zh", "zh-Hant", "en"])
def test_the_template_is_a_file_that_can_be_read(what, language) -> None:  # type: ignore[no-untyped-def]
    rows, problems = rows_of(what, read_table(template(what, language=language)))
    assert problems == []
    assert rows


def bomb() -> bytes:
    """A small file that says of itself that it unpacks to far too much."""
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * (files.LARGEST_UNPACKED_BYTES + 1))
    return written.getvalue()


def test_a_bomb_is_not_unpacked() -> None:
    content = bomb()
    assert len(content) < 100_000
    with pytest.raises(FileUnreadable, match="unpacks to far too much"):
        read_table(content)


@pytest.mark.parametrize(
    "content",
    [
        b"x" * (files.LARGEST_FILE_BYTES + 1),
        b"name\n" * (files.MOST_ROWS + 2),
        b",".join([b"a"] * (files.MOST_COLUMNS + 1)),
        b"n" * (files.LONGEST_CELL + 1),
        b"\xff\xfe\x00\x01",
        b'name\n"open',
        b"PK\x03\x04 no archive",
    ],
)
def test_what_is_no_file_of_ours_is_refused(content: bytes) -> None:
    with pytest.raises(FileUnreadable) as refused:
        read_table(content)
    assert refused.value.param == "file"


def test_a_workbook_that_was_cut_is_refused() -> None:
    with pytest.raises(FileUnreadable):
        read_table(workbook(("name",), ("Li",))[:-40])
    written = io.BytesIO()
    with zipfile.ZipFile(written, "w") as archive:
        archive.writestr("hello.txt", "no workbook")
    with pytest.raises(FileUnreadable):
        read_table(written.getvalue())


@given(st.binary(max_size=300))
def test_whatever_is_sent_is_a_table_or_refused(content: bytes) -> None:
    for sent in (content, b"PK\x03\x04" + content):
        try:
            table = read_table(sent)
        except Refusal:
            continue
        assert all(isinstance(cell, str) for row in table for cell in row)
