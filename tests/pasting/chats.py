"""Reads the hand-written files of chat lines, and compares what was read with what was expected."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from chalicelib.pasting.lines import Goods, PastedLine
from chalicelib.pasting.reading import read

HERE = Path(__file__).parent


@dataclass
class Expected:
    """How a line has to be read. `customer` and `items` are None where the guess does not matter."""

    number: int
    kind: str
    customer: str | None = None
    items: list[tuple[str | None, int | None]] | None = None
    doubts: list[str] = field(default_factory=list)


@dataclass
class Chat:
    """A chat with its goods; `lines` and `expected` go together."""

    goods: list[Goods]
    lines: list[str] = field(default_factory=list)
    expected: list[Expected] = field(default_factory=list)


def load(name: str) -> list[Chat]:
    """Read a file of chats (its form is said at the top of `chat_lines.txt`)."""
    catalogues: dict[str, list[Goods]] = {}
    chats: list[Chat] = []
    rows: list[Goods] | None = None
    for number, row in enumerate((HERE / name).read_text(encoding="utf-8").split("\n"), start=1):
        if row.startswith("%") or (not row.strip() and "⇒" not in row):
            continue
        if row.startswith("@goods "):
            rows = catalogues.setdefault(row.removeprefix("@goods "), [])
        elif row.startswith("@chat "):
            rows = None
            chats.append(Chat(catalogues[row.removeprefix("@chat ")]))
        elif rows is not None:
            rows.append(Goods(*(part.strip() for part in row.split("|"))))
        else:
            line, _, expected = row.partition("⇒")
            chats[-1].lines.append(line.rstrip())
            chats[-1].expected.append(_expected(number, expected.strip()))
    return chats


def _expected(number: int, written: str) -> Expected:
    if written == "-":
        return Expected(number, "aside")
    if written == "?":
        return Expected(number, "unread")
    customer, *parts = (part.strip() for part in written.split("|"))
    found = Expected(number, "order", None if customer == "?" else customer)
    for part in parts:
        if part.startswith("?"):
            found.doubts = part[1:].split(",")
        else:
            found.items = [_item(one) for one in part.split(",")]
    return found


def _item(written: str) -> tuple[str | None, int | None]:
    key, qty = re.fullmatch(r"\s*(\S+) (\S+)\s*", written).groups()
    return (None if key == "_" else key), (None if qty == "_" else int(qty))


def verdict(expected: Expected, line: PastedLine) -> str:
    """Say `right`, `wrong` (marked doubtful or unread, so somebody will look), or `silent` (wrong, and sure of it)."""
    items = [(item.product_id, item.qty) for item in line.items]
    same = (
        line.kind == expected.kind
        and expected.customer in (None, line.customer)
        and (expected.items is None or expected.items == items)
    )
    if expected.kind != "order":
        if line.kind == expected.kind:
            return "right"
        return "silent" if line.is_sure else "wrong"
    codes = {one.code for one in line.all_doubts}
    if not expected.doubts:
        if same and line.is_sure:
            return "right"
        return "silent" if line.is_sure else "wrong"
    if line.is_sure:
        return "silent"
    return "right" if same and codes & set(expected.doubts) else "wrong"


def outcomes(name: str) -> list[tuple[str, Expected, PastedLine]]:
    """Read every chat of a file; gives the verdict of each line."""
    found = []
    for chat in load(name):
        lines = read("\n".join(chat.lines), chat.goods)
        found += [(verdict(one, line), one, line) for one, line in zip(chat.expected, lines, strict=True)]
    return found


def report(found: list[tuple[str, Expected, PastedLine]]) -> str:
    """Write the figure, and each line that is not right."""
    right = sum(one == "right" for one, _, _ in found)
    silent = sum(one == "silent" for one, _, _ in found)
    rows = [f"{right} of {len(found)} lines right ({100 * right / len(found):.1f} %), {silent} silently wrong"]
    for one, expected, line in found:
        if one != "right":
            items = ", ".join(f"{item.product_id} {item.qty}" for item in line.items)
            codes = ",".join(doubt.code for doubt in line.all_doubts)
            read_as = f"{line.kind} {line.customer!r} [{items}] {codes}"
            rows.append(f"{one} {expected.number}: {line.text!r} read {read_as}; {expected}")
    return "\n".join(rows)
