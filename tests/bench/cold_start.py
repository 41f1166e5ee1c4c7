"""Cold start: CPU of `import app` against a bare chalice app that creates one DynamoDB client (goal ≤ 1.25 ×).

Each is a process of its own, with the same interpreter; the two take turns, so that a machine whose speed drifts does
not favour one; the ratio is of the medians.
"""

import os
import resource
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
ROUNDS = 15
BARE = """
from chalice import Chalice
import boto3

app = Chalice(app_name="bare")
table = boto3.client("dynamodb", region_name="us-east-1")
"""
HEAVY = ("stripe", "jinja2", "boto3", "segno")
ENVIRONMENT = {
    "PATH": os.environ["PATH"],
    "AWS_DEFAULT_REGION": "us-east-1",
    "SESSION_SECRET": "x" * 32,
    "STRIPE_SECRET_KEY": "sk_test",
    "STRIPE_WEBHOOK_SECRET": "whsec_test",
}


def cpu_ms(folder: Path, code: str) -> float:
    """Give the CPU time (user and system) of a fresh interpreter that runs the code in a folder."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    subprocess.run([sys.executable, "-c", code], cwd=folder, check=True, env=ENVIRONMENT)
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return 1000 * (after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime)


def heavy_imports() -> list[str]:
    """List the heavy libraries that `import app` brings in."""
    code = f"import app, sys; print([name for name in {HEAVY!r} if name in sys.modules])"
    answer = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, check=True, env=ENVIRONMENT, capture_output=True, text=True
    )
    return list(eval(answer.stdout))


def main() -> None:
    """Print both medians and their ratio."""
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder)
        (bare / "bare.py").write_text(BARE)
        ours, theirs = [], []
        for _ in range(ROUNDS + 1):  # the first round fills the caches and is left out
            theirs.append(cpu_ms(bare, "import bare"))
            ours.append(cpu_ms(ROOT, "import app"))
    median, bare_median = statistics.median(ours[1:]), statistics.median(theirs[1:])
    print(f"import app        {median:7.0f} ms CPU (median of {ROUNDS}; {min(ours[1:]):.0f} to {max(ours[1:]):.0f})")
    print(f"bare chalice app  {bare_median:7.0f} ms CPU ({min(theirs[1:]):.0f} to {max(theirs[1:]):.0f})")
    print(f"ratio             {median / bare_median:7.2f} (goal ≤ 1.25)")
    print(f"heavy libraries   {', '.join(heavy_imports()) or 'none of ' + ', '.join(HEAVY)}")
