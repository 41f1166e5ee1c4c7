"""Run the tests about money against DynamoDB Local, the engine by AWS: `python -m tests.conformance [arguments]`.

moto forgives what DynamoDB does not: it has no transaction conflicts and ignores tokens and limits.
"""

import os
import subprocess
import sys
from pathlib import Path

from infra.local.dynamodb_local import dynamodb_local

ROOT = Path(__file__).parent.parent
ABOUT_MONEY = ["tests/ledger", "tests/commissions/test_actions.py", "tests/settlement", "tests/payouts", "tests/orders",
               "tests/disputes", "tests/events", "tests/leaders/test_moves.py", "tests/leaders/test_sweeping.py",
               "tests/figures", "tests/campaigns", "tests/aftersales/test_journey.py",
               "tests/notices/test_sending.py", "tests/infra/local/test_dynamodb_local.py"]  # fmt: skip


def main(arguments: list[str]) -> int:
    """Start the engine, run the tests on it, give pytest's exit code."""
    with dynamodb_local(ROOT / ".local") as endpoint:
        environment = {**os.environ, "TEST_DYNAMODB_ENDPOINT": endpoint}
        # One after the other: hundreds of buyers at once leave the engine no time to answer another worker.
        command = [sys.executable, "-m", "pytest", "-m", "not stack", *(arguments or ABOUT_MONEY)]
        return subprocess.run(command, cwd=ROOT, env=environment).returncode


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
