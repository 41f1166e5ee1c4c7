"""An auditor pulls the plug: the driver, or a Lambda worker, is killed at random moments; the statement is the same.

The moments are drawn from a seed that is printed; `PLUG_SEED` repeats them.
"""

import os
import random
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress

import pytest

from infra.local.lifecycle import local_aws, take_down
from infra.local.settings import LocalSettings, project_root
from infra.local.stack import Stack

pytestmark = pytest.mark.stack

SEED = int(os.environ.get("PLUG_SEED", "0")) or random.SystemRandom().randrange(1, 10**6)
BRANDS_KILLED = 3
KILLS_EACH = 4
WORKERS_KILLED = 10
LONGEST_RUN_S = 300
DIFFERS_BY_RUN = re.compile(r"\b(ld|ord|tr)_\w+(-\d+)?|(?<=order )[0-9A-Z]{6}\b|(?<=fell due ).*?(?=:)")
"""Ids, short references and days."""


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LocalSettings]:
    """A local stack of the real project, on ports of its own."""
    found = LocalSettings.on_free_ports(project_root(), tmp_path_factory.mktemp("plug"))
    print(f"\nPLUG_SEED={SEED}")
    try:
        yield found
    finally:
        take_down(found)


def driver(settings: LocalSettings, brand: str) -> subprocess.Popen[str]:
    """Start what `make run ONCE=1` starts, with a brand of its own."""
    return subprocess.Popen(
        [sys.executable, "-m", "infra.local", "run", "--once", "--brand", brand],
        cwd=settings.project,
        env={**os.environ, **settings.environment},
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
    )


def finished(settings: LocalSettings, brand: str) -> str:
    """Run the driver to its end; give the statement without ids and dates."""
    running = driver(settings, brand)
    printed, _ = running.communicate(timeout=LONGEST_RUN_S)
    assert running.returncode == 0, printed
    return statement_in(printed)


def statement_in(printed: str) -> str:
    statement = printed[printed.index("An (A), senior gold") : printed.index("shop of Chen")]
    statement = re.sub(r"   earned so far.*\n", "", statement)
    return DIFFERS_BY_RUN.sub("…", statement)


@pytest.fixture(scope="module")
def undisturbed(settings: LocalSettings) -> str:
    """The statement of a run that nobody disturbed."""
    return finished(settings, "calm")


@pytest.mark.parametrize("number", range(BRANDS_KILLED))
def test_a_driver_killed_at_random_moments_ends_in_the_same_statement(
    settings: LocalSettings, undisturbed: str, number: int
) -> None:
    chance = random.Random(SEED + number)
    brand = f"killed-{number}"
    for _ in range(KILLS_EACH):
        running = driver(settings, brand)
        moment = chance.uniform(0.5, 9.0)
        try:
            running.wait(moment)
        except subprocess.TimeoutExpired:
            running.send_signal(signal.SIGKILL)
        running.communicate()
        print(f"driver killed after {moment:.1f} s")
    assert finished(settings, brand) == undisturbed


def test_lambda_workers_killed_at_random_moments_change_nothing(settings: LocalSettings, undisturbed: str) -> None:
    chance = random.Random(SEED)
    killed = 0
    while killed < WORKERS_KILLED:
        brand = f"workers-{killed}"
        running = driver(settings, brand)
        with saboteur(settings, chance) as victims:
            printed, _ = running.communicate(timeout=LONGEST_RUN_S)
        killed += len(victims)
        print(f"{len(victims)} workers killed")
        assert running.returncode == 0, printed
        assert statement_in(printed) == undisturbed


@contextmanager
def saboteur(settings: LocalSettings, chance: random.Random) -> Iterator[list[int]]:
    """Kill a worker every few seconds (a new one needs about two to begin); gives the list of victims."""
    stack = Stack(settings, local_aws(settings).pid)
    victims: list[int] = []
    over = threading.Event()

    def pull() -> None:
        while not over.wait(chance.uniform(1.0, 4.0)):
            if workers := stack.lambda_worker_pids():
                victims.append(chance.choice(workers))
                with suppress(ProcessLookupError):
                    os.kill(victims[-1], signal.SIGKILL)

    thread = threading.Thread(target=pull)
    thread.start()
    try:
        yield victims
    finally:
        over.set()
        thread.join()
