"""Mutation testing of the rules and the ledger: `python -m tests.mutants [pattern …]`, or `make mutants`.

The last commit is cloned to `.local/mutants` and altered there, one small change at a time; a change that no test
notices survives. What is altered stands in pyproject.toml, which tests are asked and how in mutant_runs.py, what
survives and why it is harmless in infra/mutants.md. A pattern such as `*.rules.refund.*` takes a part of it. Stopped
early, it has run a random sample: `--so-far` prints what was found.
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
ALTERED = CLONE / "mutants"
# Every mutant meets the same examples and the same order of sets.
FIXED = {"HYPOTHESIS_PROFILE": "mutants", "HISTORIES": "10", "PYTHONHASHSEED": "0", "PYTHONPATH": str(TOOL)}
SURVIVED, NOT_RUN, KILLED, HUNG = "survived", "not run", "killed", "hung"


def run(*arguments: str, cwd: Path = CLONE) -> None:
    command = [sys.executable, "-m", "tests.mutant_runs", *arguments]
    subprocess.run(command, cwd=cwd, env={**os.environ, **FIXED}, check=True)


def prepare() -> None:
    """Install the tool beside the environment, and clone the last commit."""
    if not TOOL.exists():
        subprocess.run([sys.executable, "-m", "pip", "install", "-q", "--target", TOOL, VERSION], check=True)
    shutil.rmtree(CLONE, ignore_errors=True)
    subprocess.run(["git", "clone", "--quiet", ROOT, CLONE], check=True)


def outcomes() -> Iterator[tuple[str, dict[str, str]]]:
    """Yield each altered module with what became of each of its mutants."""
    results = (ALTERED / "results.jsonl").read_text().splitlines()
    outcome_of = {found["mutant"]: found["outcome"] for found in map(json.loads, results)}
    for meta in sorted(ALTERED.glob("chalicelib/**/*.meta")):
        names = json.loads(meta.read_text())["exit_code_by_key"]
        if names:
            yield str(meta.relative_to(ALTERED).with_suffix("")), {one: outcome_of.get(one, NOT_RUN) for one in names}


def table(rows: Sequence[tuple[str, Counter[str]]]) -> Iterator[str]:
    """Give the table of infra/mutants.md; a change that makes the tests run on and on is found as well."""
    yield "| module | mutants | run | killed | hung | survived | found of those run |"
    yield "|---|---:|---:|---:|---:|---:|---:|"
    for module, count in rows:
        total = count.total() - count[NOT_RUN]
        share = f"{100 * (total - count[SURVIVED]) / total:.1f} %" if total else "—"
        figures = (count.total(), total, count[KILLED], count[HUNG], count[SURVIVED], share)
        yield f"| {module.removeprefix('chalicelib/')} | {' | '.join(map(str, figures))} |"


def change(mutant: str) -> str:
    """Give the lines that a mutant takes out and puts in."""
    command = [sys.executable, "-m", "mutmut", "show", mutant]
    shown = subprocess.run(command, cwd=CLONE, env={**os.environ, **FIXED}, text=True, capture_output=True, check=True)
    lines = shown.stdout.splitlines()
    return "\n".join(line for line in lines if line[:1] in ("+", "-") and line[:3] not in ("+++", "---"))


def report() -> None:
    """Print the table and every survivor."""
    found = list(outcomes())
    rows = [(module, Counter(by_name.values())) for module, by_name in found]
    rows.append(("**all**", sum((count for _, count in rows), Counter())))
    print("\n".join(["", *table(rows), ""]))
    for _, by_name in found:
        for name in (name for name, outcome in by_name.items() if outcome == SURVIVED):
            print(f"{name}\n{change(name)}\n")


def main(patterns: Sequence[str]) -> int:
    """Run it, then print what was found."""
    if patterns != ["--so-far"]:
        prepare()
        run("alter")
        run("ask", *patterns, cwd=ALTERED)
    report()
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
