"""Programs that outlive the driver: started once in their own session, found again by pid file, stopped in order."""

import contextlib
import os
import shlex
import shutil
import signal
import subprocess
import urllib.error
import urllib.request
from dataclasses import dataclass
from pathlib import Path

from infra.local.process_table import arguments_of, children_of, is_alive
from infra.local.settings import project_root
from infra.local.waiting import WaitedTooLong, wait_until

START_DEADLINE_S = 60.0
STOP_PATIENCE_S = 10.0
STOP_DEADLINE_S = 60.0


class DidNotStart(RuntimeError):
    """A program ended or stayed silent; the message ends with the last lines of its log."""


@dataclass(frozen=True)
class Program:
    """One long-running program of the local stack, known by name, command and health address."""

    name: str
    command: list[str]
    health_url: str
    directory: Path

    @property
    def log(self) -> Path:
        """What the program prints."""
        return self.directory / f"{self.name}.log"

    @property
    def _pid_file(self) -> Path:
        return self.directory / f"{self.name}.pid"

    def pid(self) -> int | None:
        """The process that runs this very command, or None. A number that another process got since is not it."""
        try:
            pid = int(self._pid_file.read_text())
        except (FileNotFoundError, ValueError):
            return None
        return pid if is_alive(pid) and arguments_of(pid) == " ".join(self.command[1:]) else None

    def is_healthy(self) -> bool:
        """Whether the program answers on its health address."""
        try:
            with urllib.request.urlopen(self.health_url, timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False

    def ensure(self) -> None:
        """Leave the program running and healthy: keep one that is, replace one that runs otherwise, start if none."""
        if self.pid() is not None and self.is_healthy():
            return
        self.stop()
        if self.is_healthy():
            raise DidNotStart(
                f"{self.name} cannot start: another program answers on {self.health_url}. "
                "Stop it, or set TUANYUAN_LOCAL_PORTS to three free ports."
            )
        self._start()

    def _start(self) -> None:
        self.directory.mkdir(parents=True, exist_ok=True)
        # The program writes its own pid before it becomes itself: a driver killed in between loses no process.
        script = f'echo $$ > {shlex.quote(str(self._pid_file))}; exec "$@"'
        with self.log.open("ab") as log:
            started = subprocess.Popen(
                ["/bin/sh", "-c", script, "sh", *self.command],
                cwd=project_root(),
                env=_plain_environment(self._fresh_scratch()),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=subprocess.STDOUT,
                start_new_session=True,
            )
        what = f"{self.name} healthy at {self.health_url}"
        try:
            wait_until(lambda: self.is_healthy() or started.poll() is not None, what, START_DEADLINE_S)
        except WaitedTooLong as late:
            raise DidNotStart(f"{late}\n{self._last_lines()}") from late
        if started.poll() is not None:
            raise DidNotStart(f"{self.name} ended with code {started.returncode}:\n{self._last_lines()}")

    def _fresh_scratch(self) -> Path:
        """A folder for temporary files, empty again at each start: killed functions leave their unpacked code there."""
        scratch = self.directory / "tmp" / self.name
        shutil.rmtree(scratch, ignore_errors=True)
        scratch.mkdir(parents=True)
        return scratch

    def stop(self) -> None:
        """Ask the program to end and wait until it has; local AWS writes its state in that time.

        What it started goes with it: a function that hangs does not notice that its parent has gone.
        """
        pid = self._pid_of_any_version()
        if pid is not None:
            os.kill(pid, signal.SIGTERM)
            self._wait_for_end_of(pid)
            with contextlib.suppress(ProcessLookupError):
                os.killpg(pid, signal.SIGKILL)  # it led a group of its own, which is there as long as one of it runs
        self._pid_file.unlink(missing_ok=True)

    def _wait_for_end_of(self, pid: int) -> None:
        what = f"{self.name} (pid {pid}) ends"
        try:
            wait_until(lambda: not is_alive(pid), what, STOP_PATIENCE_S)
        except WaitedTooLong:  # a function hangs, and would keep local AWS until its own time is over
            wait_until(lambda: not is_alive(pid) or _kill_children(pid), what, STOP_DEADLINE_S)

    def _pid_of_any_version(self) -> int | None:
        """The running process even if it was started with other arguments: same program, so ours to replace."""
        try:
            pid = int(self._pid_file.read_text())
        except (FileNotFoundError, ValueError):
            return None
        return pid if is_alive(pid) and arguments_of(pid).startswith(" ".join(self.command[1:3])) else None

    def _last_lines(self) -> str:
        return "\n".join(self.log.read_text(errors="replace").splitlines()[-20:])


def _kill_children(pid: int) -> bool:
    """Kill what `pid` has started so far; False, since that alone does not end `pid`."""
    for child in children_of(pid):
        with contextlib.suppress(ProcessLookupError):
            os.kill(child, signal.SIGKILL)
    return False


def _plain_environment(scratch: Path) -> dict[str, str]:
    """A developer's own AWS profile or Stripe key must not reach local AWS, nor the functions that inherit from it."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "LANG", "LC_ALL", "TZ") if name in os.environ}
    return {**kept, "TMPDIR": str(scratch), "PYTHONUNBUFFERED": "1"}
