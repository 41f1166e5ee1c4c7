"""Ask the tests about every mutant, one fork of one collected test session for each (started by tests/mutants.py).

mutmut asks with a pytest of its own for each mutant, which collects hundreds of tests anew and asks them in any order:
two seconds. Here the tests are collected once, run once to see which of them come by which function and what they cost,
and each mutant is put to those alone, the cheapest first: most die within a few hundredths of a second.
"""

import fnmatch
import json
import os
import random
import resource
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

SELECTION = ["tests/test_money.py", "tests/ledger", "tests/commissions/rules", "tests/commissions/second"]
# The purity of the rules is read from their imports, to which the tool adds its own; a process for each mutant is slow,
# and so are the tests of many long histories: what they alone would notice is counted as survived.
LEFT_OUT = [
    "--ignore=tests/commissions/rules/test_pure.py",
    "--ignore=tests/commissions/rules/test_history_properties.py",
    "--deselect=tests/ledger/test_ledger.py::test_whatever_is_posted_and_reversed_the_books_balance",
    "--deselect=tests/commissions/second/test_beyond.py::test_the_random_histories_reach_what_is_to_be_tested",
    "--deselect=tests/commissions/rules/test_command.py::test_it_runs_as_a_module",
]
RESULTS = Path("results.jsonl")
SEED = 20261122  # of the order of the mutants: what was run when it is stopped early is then a random sample
CPU_SPARE_S, CPU_TIMES, WALL_TIMES = 15, 3, 12
BYTES_AT_MOST = 6 << 30


def alter() -> None:
    """Let mutmut write the altered modules to `mutants/`."""
    import mutmut.__main__ as mutmut

    mutmut.set_mutant_under_test("mutant_generation")
    Path("mutants").mkdir(exist_ok=True)
    mutmut.copy_src_dir()
    mutmut.copy_also_copy_files()
    mutmut.setup_source_paths()
    mutmut.store_lines_covered_by_tests()
    mutmut.create_mutants(1)


def mutants(patterns: Sequence[str]) -> list[str]:
    """Give the names of the mutants that fit a pattern, in an order drawn once."""
    names = [
        name
        for meta in sorted(Path().glob("chalicelib/**/*.meta"))
        for name in json.loads(meta.read_text())["exit_code_by_key"]
        if not patterns or any(fnmatch.fnmatch(name, pattern) for pattern in patterns)
    ]
    random.Random(SEED).shuffle(names)
    return names


class Asking:
    """The pytest plugin that runs mutants in place of tests."""

    def __init__(self, names: Sequence[str]) -> None:
        self._names = names
        self._cpu_s: dict[str, float] = {}
        self._tests_of: dict[str, list[str]] = {}

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self, session: pytest.Session) -> bool:
        self._run_unaltered(session)
        if session.testsfailed:
            raise pytest.UsageError("a test fails without any change")
        items = {item.nodeid: item for item in session.items}
        if self._ask("no.such__mutmut_0", session.items)["outcome"] != "survived":
            raise pytest.UsageError("a test fails in a fork without any change")
        for name in self._names:
            tests = sorted(self._tests_of.get(name.rpartition("__mutmut_")[0], ()), key=self._cpu_s.__getitem__)
            found = self._ask(name, [items[test] for test in tests]) if tests else {"outcome": "survived"}
            with RESULTS.open("a") as results:
                results.write(json.dumps({"mutant": name, "tests": len(tests), **found}) + "\n")
        return True

    def _run_unaltered(self, session: pytest.Session) -> None:
        from mutmut.mutation.trampoline import set_mutant_under_test
        from mutmut.state import state

        set_mutant_under_test("stats")
        for item in session.items:
            began = time.process_time()
            item.config.hook.pytest_runtest_protocol(item=item, nextitem=None)
            self._cpu_s[item.nodeid] = time.process_time() - began
            for function in state()._stats:
                self._tests_of.setdefault(function, []).append(item.nodeid)
            state()._stats.clear()

    def _ask(self, name: str, items: Sequence[pytest.Item]) -> dict[str, Any]:
        """Run the tests until one fails; "hung" when they take many times the processor time they took unaltered."""
        limit_s = int(CPU_SPARE_S + CPU_TIMES * sum(self._cpu_s[item.nodeid] for item in items))
        killer, told = os.pipe()
        child = os.fork()
        if child == 0:
            _be_a_mutant(name, items, limit_s, told)
        os.close(told)
        status = _wait(child, WALL_TIMES * limit_s)
        with os.fdopen(killer) as pipe:
            by = pipe.read()
        if os.WIFSIGNALED(status):
            return {"outcome": "hung"}
        return {"outcome": "killed", "by": by} if os.WEXITSTATUS(status) else {"outcome": "survived"}


def _be_a_mutant(name: str, items: Sequence[pytest.Item], limit_s: int, told: int) -> None:
    exit_code = 3
    try:
        silence = os.open(os.devnull, os.O_WRONLY)
        os.dup2(silence, 1)
        os.dup2(silence, 2)
        resource.setrlimit(resource.RLIMIT_CPU, (limit_s, limit_s + 2))
        resource.setrlimit(resource.RLIMIT_AS, (BYTES_AT_MOST, BYTES_AT_MOST))
        from mutmut.mutation import trampoline

        os.environ["MUTANT_UNDER_TEST"] = name
        trampoline.get_mutant_under_test = lambda: name  # read at every call of an altered function
        by = _first_to_fail(items)
        os.write(told, by.encode())
        exit_code = 1 if by else 0
    finally:
        os._exit(exit_code)


def _first_to_fail(items: Sequence[pytest.Item]) -> str:
    for item, following in zip(items, [*items[1:], None], strict=True):
        item.config.hook.pytest_runtest_protocol(item=item, nextitem=following)
        if item.session.testsfailed:
            return item.nodeid
    return ""


def _wait(child: int, at_most_s: float) -> int:
    began = time.monotonic()
    while True:
        ended, status = os.waitpid(child, os.WNOHANG)
        if ended:
            return status
        if time.monotonic() - began > at_most_s:
            os.kill(child, 9)
            return os.waitpid(child, 0)[1]
        time.sleep(0.005)


def main(task: str, *patterns: str) -> int:
    """`alter` in the clone, then `ask [pattern …]` in its `mutants/`."""
    if task == "alter":
        alter()
        return 0
    arguments = ["--rootdir=.", "--tb=no", "-q", "-p", "no:cacheprovider", "-p", "no:xdist", *LEFT_OUT, *SELECTION]
    return int(pytest.main(arguments, plugins=[Asking(mutants(patterns))]))


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
