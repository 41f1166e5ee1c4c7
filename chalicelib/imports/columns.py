"""The columns of a file, by their English or Chinese header; and what is said of a row that cannot be taken. Pure."""

from collections.abc import Sequence
from typing import Literal

from msgspec import Struct

from chalicelib.chinese import LANGUAGES, Language, written

What = Literal["leaders", "products", "tracking"]
KINDS: tuple[What, ...] = ("leaders", "products", "tracking")

HEADERS: dict[What, dict[str, str]] = {
    "leaders": {
        "number": "编号",
        "name": "姓名",
        "phone": "手机号",
        "email": "邮箱",
        "inviter": "邀请人",
        "rank": "等级",
        "joined": "加入日期",
    },
    "products": {
        "title": "商品名称",
        "description": "描述",
        "unit": "单位",
        "list_price": "原价",
        "sale_price": "售价",
        "rate": "佣金比例",
        "stock": "库存",
    },
    # All but the needed ones are only carried along: the brand fills in its own packing list and sends it back.
    "tracking": {
        "leader": "团长",
        "place": "自提点或地址",
        "name": "收货人",
        "phone": "手机号",
        "number": "订单短号",
        "order": "订单号",
        "goods": "商品",
        "units": "件数",
        "state": "状态",
        "carrier": "快递公司",
        "tracking_number": "快递单号",
    },
}
NEEDED: dict[What, frozenset[str]] = {
    "leaders": frozenset({"name", "phone", "email"}),
    "products": frozenset({"title", "unit", "list_price", "sale_price"}),
    "tracking": frozenset({"order", "carrier", "tracking_number"}),
}
EXAMPLES: dict[What, Sequence[Sequence[str]]] = {
    "leaders": [
        ("1", "王芳", "13900001111", "wang@example.com", "", "", "2024-05-01"),
        ("2", "Li Na", "13900002222", "li@example.com", "1", "", "2025-01-31"),
    ],
    "products": [("Pears", "From our own trees", "box", "25.00", "18.00", "12.5", "200")],
    "tracking": [("", "", "", "", "", "ord_0123456789abcdefghjk", "", "", "", "SF Express", "SF1234567890")],
}


class Problem(Struct, frozen=True, array_like=True):
    """Why a row cannot be taken: its number in the file (1 is the header), the column, a code, and a sentence."""

    row: int
    column: str
    code: str
    message: str


class Row(Struct, frozen=True, array_like=True):
    """A row as it was read: its number in the file, and what it says by column; empty cells are left out."""

    number: int
    cells: dict[str, str]


def fields_of(what: What, header: Sequence[str]) -> tuple[list[str | None], list[Problem]]:
    """Say which column each header names (None: nothing we know), and what is wrong with the header itself."""
    known: dict[str, str] = {}
    for language in LANGUAGES:
        known |= zip(titles(what, language), HEADERS[what], strict=True)
    fields: list[str | None] = []
    problems: list[Problem] = []
    for title in header:
        field = known.get(title.strip().lower().replace(" ", "_"))
        if field is None and title.strip():
            names = ", ".join(HEADERS[what])
            problems.append(Problem(1, title.strip()[:40], "column_unknown", f"Not one of our columns: {names}."))
        if field is not None and field in fields:
            problems.append(Problem(1, field, "column_twice", "This column is there twice."))
        fields.append(field)
    for field in sorted(NEEDED[what].difference(field for field in fields if field)):
        problems.append(Problem(1, field, "column_missing", f"The column {field} ({HEADERS[what][field]}) is missing."))
    return fields, problems


def rows_of(what: What, table: Sequence[Sequence[str]]) -> tuple[list[Row], list[Problem]]:
    """Turn a table (header first) into rows; formulas and what is wrong with the header are problems."""
    fields, problems = fields_of(what, table[0] if table else ())
    rows: list[Row] = []
    for number, cells in enumerate(table[1:], start=2):
        said = {field: cell.strip() for field, cell in zip(fields, cells, strict=False) if field and cell.strip()}
        if not said:
            continue  # spreadsheets end in empty rows
        for field, cell in said.items():
            if cell.startswith(("=", "@")):
                problems.append(Problem(number, field, "formula", "A formula is not read. Paste its value."))
        rows.append(Row(number, said))
    if not rows and not problems:
        problems.append(Problem(1, "", "file_empty", "There are no rows below the header."))
    return rows, problems


def titles(what: What, language: Language) -> list[str]:
    """Give the titles of a file's columns in a language; each is understood when it comes back."""
    return list(HEADERS[what]) if language == "en" else [written(title, language) for title in HEADERS[what].values()]


def template(what: What, *, language: Language) -> bytes:
    """Give a CSV file to fill in: header and examples, in UTF-8 with the mark by which Excel knows it."""
    import csv
    import io

    text = io.StringIO()
    lines = csv.writer(text)
    lines.writerow(titles(what, language))
    lines.writerows(EXAMPLES[what])
    return text.getvalue().encode("utf-8-sig")
