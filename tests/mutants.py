"""Mutation testing of the rules and the ledger: `python -m tests.mutants [pattern …]`, or `make mutants`.

The last commit is cloned to `.local/mutants` and altered there, one small change at a time; a change that no test
notices survives. What is altered and which tests are asked stands in pyproject.toml, what survives and why it is
harmless in infra/mutants.md. A pattern such as `*.rules.refund.*` takes a part of it.
"""

import json
import os
import shutil
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator, Sequence
from pathlib import Path

ROOT = Path(__file__).parent.parent
TOOL, VERSION = ROOT / ".local" / "mutmut", "mutmut==3.8.1"
CLONE = ROOT / ".local" / "mutants"
# Every mutant meets the same examples and the same order of sets.
FIXED = {"HYPOTHESIS_PROFILE": "mutants", "HISTORIES": "10", "PYTHONHASHSEED": "0", "PYTHONPATH": str(TOOL)}
SURVIVED, NOT_RUN, KILLED = "survived", "not run", "killed"
OUTCOMES = {0: SURVIVED, 1: KILLED, 3: KILLED, 33: SURVIVED, None: NOT_RUN}  # 33: no test comes by; else: timed out


def mutmut(*arguments: str) -> "subprocess.CompletedProcess[str]":
    command = [sys.executable, "-m", "mutmut", *arguments]
    quiet = arguments[0] != "run"
    return subprocess.run(command, cwd=CLONE, env={**os.environ, **FIXED}, text=True, capture_output=quiet, check=True)


def prepare() -> None:
    """Install the tool beside the environment, and clone the last commit."""
    if not TOOL.exists():
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--target", TOOL, VERSION], check=True)
    shutil.rmtree(CLONE, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", ROOT, CLONE], check=True)


def outcomes() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each altered module with what became of each of its mutants."""
    altered = CLONE / "mutants"
    for found in sorted(altered.glob("chalicelib/**/*.meta")):
        exit_codes: dict[str, int | None] = json.loads(found.read_text())["exit_code_by_key"]
        if exit_codes:
            module = str(found.relative_to(altered).with_suffix(""))
            yield module, {name: OUTCOMES.get(code, "timed out") for name, code in exit_codes.items()}


def table(rows: Sequence[tuple[str, Counter[str]]]) -> Iterator[str]:
    """Give the table of infra/mutants.md; a change that makes the tests run on and on is found as well."""
    yield "| module | mutants | killed | timed out | survived | found |"
    yield "|---|---:|---:|---:|---:|---:|"
    for module, count in rows:
        total = count.total() - count[NOT_RUN]
        if total:
            found = total - count[SURVIVED]
            figures = (total, count[KILLED], count["timed out"], count[SURVIVED], f"{100 * found / total:.1f} %")
            yield f"| {module} | {' | '.join(map(str, figures))} |"


def change(mutant: str) -> str:
    """Give the lines that a mutant takes out and puts in."""
    lines = mutmut("show", mutant).stdout.splitlines()
    return "\n".join(line for line in lines if line[:1] in "+-" and line[:3] not in ("+++", "---"))


def main(patterns: Sequence[str]) -> int:
    """Run it, then print the table and every survivor."""
    prepare()
    mutmut("run", "--max-children", "1", *patterns)
    found = list(outcomes())
    rows = [(module, Counter(by_name.values())) for module, by_name in found]
    rows.append(("all", sum((count for _, count in rows), Counter())))
    print("\n".join(["", *table(rows), ""]))
    for _, by_name in found:
        for name in (name for name, outcome in by_name.items() if outcome == SURVIVED):
            print(f"{name}\n{change(name)}\n")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
