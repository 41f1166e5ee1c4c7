"""The rules decide and do nothing else: no input or output, no clock, no chance, and nothing of the selling side."""

import ast
from pathlib import Path

from chalicelib.commissions import rules

ALLOWED = {
    "collections", "collections.abc", "dataclasses", "datetime", "fractions", "functools", "json", "msgspec",
    "msgspec.structs", "typing", "chalicelib.errors", "chalicelib.money",
}  # fmt: skip
FILES = sorted(Path(rules.__path__[0]).glob("*.py"))


def imported_by(file: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


def clocks_read_in(files: list[Path]) -> set[str]:
    return {
        f"{file.name}: {node.attr}"
        for file in files
        for node in ast.walk(ast.parse(file.read_text()))
        if isinstance(node, ast.Attribute) and node.attr in {"now", "utcnow", "today"}
    }


def test_the_rules_import_nothing_that_reads_writes_or_sells():
    foreign = {
        f"{file.name}: {name}"
        for file in FILES
        for name in imported_by(file)
        if name not in ALLOWED and not name.startswith("chalicelib.commissions.rules")
    }

    assert len(FILES) > 10
    assert foreign == set()


def test_the_rules_never_ask_what_time_it_is():
    assert clocks_read_in(FILES) == set()


def test_no_preset_is_named_in_the_rules():
    named = [
        (file.name, preset)
        for file in FILES
        for preset in ("assessed", "three_tier", "stock_clearance", "simple_referral")
        if f'"{preset}"' in file.read_text()
    ]

    assert named == []
