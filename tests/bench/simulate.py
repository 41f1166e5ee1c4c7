"""The simulator's CPU time against msgspec's for decoding the same file (goal ≤ 6 ×), and its peak memory (≤ 1 GB).

Each is a process of its own, and the two take turns. The simulator is the whole command, from starting Python to its
last line (sent to /dev/null); decoding is msgspec's `decode_lines` on the typed events, every event kept, file reading
included and Python's start left out. The network is the same for every plan, so every newcomer first sells enough to
pass any probation.

`BENCH_FULL=1` takes 1 000 000 orders of 100 000 leaders; `BENCH_LEADERS`, `BENCH_ORDERS`, `BENCH_DEPTH`,
`BENCH_ROUNDS` and `BENCH_PLANS` (names) say otherwise.
"""

import os
import statistics
import subprocess
import sys
import tempfile
from collections.abc import Sequence
from itertools import islice
from pathlib import Path
from typing import NamedTuple

import msgspec

from chalicelib.commissions import presets
from chalicelib.commissions.compare.synthetic import Shape, history

ROOT = Path(__file__).parent.parent.parent
FULL = os.environ.get("BENCH_FULL") == "1"
LEADERS = int(os.environ.get("BENCH_LEADERS", "100000" if FULL else "10000"))
ORDERS = int(os.environ.get("BENCH_ORDERS", str(10 * LEADERS)))
DEPTH = int(os.environ.get("BENCH_DEPTH", "30"))
ROUNDS = int(os.environ.get("BENCH_ROUNDS", "3"))
PLANS = os.environ.get("BENCH_PLANS", " ".join(presets.NAMES)).split()
PASSES_ANY_PROBATION_MINOR = 3_000_00
DECODE = """
import sys, time
from pathlib import Path
import msgspec
from chalicelib.commissions.rules.events import Event
decoder = msgspec.json.Decoder(Event)
began = time.process_time()
events = decoder.decode_lines(Path(sys.argv[1]).read_bytes())
print(time.process_time() - began)
"""


class Run(NamedTuple):
    """What a process took, and what it printed."""

    cpu_s: float
    peak_mb: float
    out: str


def write_network(file: Path) -> int:
    """Write the events of the synthetic network; gives how many there are."""
    shape = Shape(size=LEADERS, depth=DEPTH, orders=ORDERS, starter_order_minor=PASSES_ANY_PROBATION_MINOR)
    events, encode, count = history(shape), msgspec.json.Encoder().encode_lines, 0
    with file.open("wb") as out:
        while some := list(islice(events, 10_000)):
            out.write(encode(some))
            count += len(some)
    return count


def run(arguments: Sequence[str], *, quiet: bool) -> Run:
    """Run Python with these arguments; gives the CPU time (user and system) and the peak memory of the process."""
    out = subprocess.DEVNULL if quiet else subprocess.PIPE
    process = subprocess.Popen([sys.executable, *arguments], cwd=ROOT, stdout=out, text=True)
    text = process.stdout.read() if process.stdout else ""
    _, status, usage = os.wait4(process.pid, 0)
    if status:
        raise SystemExit(f"{' '.join(arguments[:8])} … failed")
    return Run(usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, text)


def show(plan: str, file: Path) -> None:
    """Print what a plan takes, with its earnings printed and as a summary."""
    decode, earnings, summary = list[float](), list[Run](), list[Run]()
    command = ["-m", "chalicelib.commissions", "simulate", "--plan", plan]
    for _ in range(ROUNDS):
        decode.append(float(run(["-c", DECODE, str(file)], quiet=False).out))
        earnings.append(run([*command, str(file)], quiet=True))
        summary.append(run([*command, "--summary", str(file)], quiet=True))
    base = statistics.median(decode)
    for name, runs in (("earnings", earnings), ("summary", summary)):
        cpu_s = statistics.median(one.cpu_s for one in runs)
        print(
            f"{plan:16} {name:9} {cpu_s:7.2f} s ÷ {base:5.2f} s = {cpu_s / base:5.1f} ×   "
            f"{max(one.peak_mb for one in runs):6.0f} MB",
            flush=True,
        )


def main() -> None:
    """Print, for each plan, CPU time, ratio and peak memory; medians of the rounds."""
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "events.jsonl"
        count = write_network(file)
        size_mb = file.stat().st_size / 1024**2
        print(f"{LEADERS} leaders up to {DEPTH} deep, {ORDERS} orders: {count} lines, {size_mb:.0f} MB", flush=True)
        for plan in PLANS:
            show(plan, file)
