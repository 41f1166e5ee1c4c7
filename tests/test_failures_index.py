"""The index of failures tells the truth: every line is there, and every test it names exists."""

import ast
import re
from functools import cache
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
INDEX = (ROOT / "infra" / "failures.md").read_text()
NAMED = re.findall(r"`(tests/[\w/]+\.py)::(\w+)`", INDEX)


@cache
def names_in(path: str) -> frozenset[str]:
    tree = ast.parse((ROOT / path).read_text())
    return frozenset(node.name for node in ast.walk(tree) if isinstance(node, ast.FunctionDef))


def test_every_failure_of_the_list_has_its_line() -> None:
    assert [int(number) for number in re.findall(r"^(\d+)\. ", INDEX, re.MULTILINE)] == list(range(1, 46))


@pytest.mark.parametrize(("path", "name"), sorted(set(NAMED)))
def test_a_test_that_is_named_exists(path: str, name: str) -> None:
    assert name.startswith("test_")
    assert name in names_in(path)


def test_a_line_names_its_tests_or_says_that_there_are_none() -> None:
    for line in re.split(r"^(?=\d+\. )", INDEX, flags=re.MULTILINE)[1:]:
        assert "::test_" in line or "not yet" in line.lower(), line
