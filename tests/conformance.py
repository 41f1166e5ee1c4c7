"""Run the tests about money against DynamoDB Local, the engine by AWS: `python -m tests.conformance [arguments]`.

moto forgives what DynamoDB does not: it has no transaction conflicts and ignores tokens and limits.

Without arguments, the folders below run two at a time, each on an engine of its own: the engine serves one request
after the other, and gets slower and larger with each table that it ever had. Crowds come last and alone: hundreds of
buyers at once leave nobody else time.
"""

import os
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from infra.local.dynamodb_local import dynamodb_local, installed

ROOT = Path(__file__).parent.parent
LOCAL = ROOT / ".local"
ABOUT_MONEY = [  # what takes longest begins first
    ["tests/disputes"],
    ["tests/campaigns", "--ignore=tests/campaigns/test_crowds.py"],
    ["tests/orders"],
    ["tests/events", "tests/leaders/test_moves.py", "tests/leaders/test_sweeping.py"],
    ["tests/figures", "tests/aftersales/test_journey.py", "tests/notices/test_sending.py"],
    ["tests/payouts", "tests/settlement"],
    ["tests/ledger", "tests/commissions/test_actions.py", "tests/infra/local/test_dynamodb_local.py"],
]
CROWDS = ["tests/campaigns/test_crowds.py"]
LONGEST_S = 30 * 60
"""Nothing here takes a third of it: what does has hung, and would otherwise take the whole run with it."""


def on_an_engine(arguments: list[str], *, quietly: bool) -> int:
    """Run tests on a fresh engine; gives pytest's exit code. quietly: print all at the end, with the seconds taken."""
    began = time.monotonic()
    with dynamodb_local(LOCAL) as endpoint:
        command = [sys.executable, "-m", "pytest", "-m", "not stack", *arguments]
        environment = {**os.environ, "TEST_DYNAMODB_ENDPOINT": endpoint}
        if not quietly:
            return subprocess.run(command, cwd=ROOT, env=environment).returncode
        run = subprocess.Popen(
            command, cwd=ROOT, env=environment, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT
        )
        try:
            said, _ = run.communicate(timeout=LONGEST_S)
        except subprocess.TimeoutExpired:
            run.kill()
            said = f"{run.communicate()[0]}\nstopped after {LONGEST_S} s: it has hung\n"
    print(f"{' '.join(arguments)} ({time.monotonic() - began:.0f} s)\n{said}", flush=True)
    return run.returncode


def main(arguments: list[str]) -> int:
    """Run the given tests on one engine, or else all that are about money; gives an exit code."""
    if arguments:
        return on_an_engine(arguments, quietly=False)
    installed(LOCAL)  # once, before two look for it
    with ThreadPoolExecutor(2) as two:
        codes = list(two.map(lambda part: on_an_engine(part, quietly=True), ABOUT_MONEY))
    codes.append(on_an_engine(CROWDS, quietly=True))
    return int(any(codes))


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
