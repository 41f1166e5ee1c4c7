"""Which processes run, with which arguments, under which parent: from /proc, or from `ps` where there is none."""

import contextlib
import os
import subprocess
from pathlib import Path

PROC = Path("/proc")


def is_alive(pid: int) -> bool:
    """Whether the process still runs; an ended child of our own is taken off the table first."""
    with contextlib.suppress(ChildProcessError):
        os.waitpid(pid, os.WNOHANG)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def arguments_of(pid: int) -> str:
    """The arguments of a process joined by spaces, without the program's own path; empty when it is gone."""
    if (PROC / "self").exists():
        with contextlib.suppress(OSError):
            return " ".join((PROC / str(pid) / "cmdline").read_text().rstrip("\0").split("\0")[1:])
        return ""
    return _ps("-ww", "-o", "args=", "-p", str(pid)).strip().partition(" ")[2]


def children_of(parent: int) -> list[int]:
    """The processes that `parent` started and that still run."""
    if (PROC / "self").exists():
        table = [_pid_parent_state(entry) for entry in PROC.glob("[0-9]*/stat")]
    else:
        table = [tuple(line.split()[:3]) for line in _ps("-A", "-o", "pid=,ppid=,state=").splitlines()]
    return sorted(int(row[0]) for row in table if row and row[1] == str(parent) and not row[2].startswith("Z"))


def _pid_parent_state(stat: Path) -> tuple[str, ...]:
    try:
        before_name, _, after_name = stat.read_text().rpartition(")")
    except OSError:
        return ()  # it ended while we looked
    state, parent = after_name.split()[:2]
    return before_name.split()[0], parent, state


def _ps(*options: str) -> str:
    return subprocess.run(["ps", *options], capture_output=True, text=True, check=False).stdout
