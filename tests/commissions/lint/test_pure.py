"""The linter decides and does nothing else; and it looks at plans, not at the names of presets."""

from pathlib import Path

from chalicelib.commissions import lint
from tests.commissions.rules.test_pure import ALLOWED, clocks_read_in, imported_by

FILES = sorted(Path(lint.__path__[0]).glob("*.py"))
MORE = {"itertools", "unicodedata", "chalicelib.chinese"}  # the last reads nothing but its own table of characters


def test_the_linter_imports_nothing_that_reads_writes_or_sells():
    foreign = {
        f"{file.name}: {name}"
        for file in FILES
        for name in imported_by(file)
        if name not in ALLOWED | MORE
        and not name.startswith(("chalicelib.commissions.rules", "chalicelib.commissions.lint"))
    }

    assert len(FILES) > 10
    assert foreign - {"check.py: chalicelib.commissions.lint"} == set()


def test_the_linter_has_no_clock():
    assert clocks_read_in(FILES) == set()


def test_no_preset_is_named_in_the_linter():
    named = [
        (file.name, preset)
        for file in FILES
        for preset in ("assessed", "three_tier", "stock_clearance", "simple_referral", "breakaway")
        if f'"{preset}"' in file.read_text()
    ]

    assert named == []
