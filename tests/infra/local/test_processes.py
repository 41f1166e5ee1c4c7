"""Programs that outlive their driver: started once, found again, replaced when told otherwise, stopped in order."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.front import Doorway
from infra.local.process_table import arguments_of, children_of, is_alive
from infra.local.processes import DidNotStart, Program
from infra.local.settings import LocalSettings
from infra.local.waiting import wait_until


def a_door(folder: Path, port: int, target: str = "http://127.0.0.1:1/api") -> Program:
    """The front door serves as an example of a program: small, quick to start, with a health address."""
    command = [sys.executable, "-m", "infra.local.front", "--port", str(port), "--target", target]
    return Program("door", command, f"http://127.0.0.1:{port}/_front/health", folder)


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Program]:
    program = a_door(tmp_path / "local", LocalSettings.on_free_ports(tmp_path, tmp_path).site_port)
    yield program
    program.stop()


def test_a_program_is_started_once_and_found_again(door: Program) -> None:
    door.ensure()
    first = door.pid()
    door.ensure()

    assert door.is_healthy()
    assert door.pid() == first is not None


def test_a_program_runs_in_a_session_of_its_own_so_that_ctrl_c_does_not_reach_it(door: Program) -> None:
    door.ensure()
    pid = door.pid()

    assert pid is not None
    assert os.getsid(pid) == pid != os.getsid(0)


def test_a_program_with_other_arguments_replaces_the_running_one(door: Program) -> None:
    door.ensure()
    first = door.pid()
    moved = a_door(door.directory, int(door.command[4]), "http://127.0.0.1:2/api")

    moved.ensure()

    assert first is not None and not is_alive(first)
    assert moved.pid() is not None


def test_a_stopped_program_is_gone_and_may_be_stopped_again(door: Program) -> None:
    door.ensure()
    pid = door.pid()

    door.stop()
    door.stop()

    assert pid is not None and not is_alive(pid)
    assert not door.is_healthy()


def test_what_a_program_started_ends_with_it_even_if_it_hangs(tmp_path: Path) -> None:
    """A program that forks, ends at once when asked to, and leaves a child behind that hears nothing."""
    port = LocalSettings.on_free_ports(tmp_path, tmp_path).site_port
    code = """
import os, signal, sys
if (child := os.fork()) == 0:
    signal.signal(signal.SIGTERM, signal.SIG_IGN)
    signal.pause()
print("started", child, flush=True)
from infra.local.front import main
main(["--port", sys.argv[1], "--target", "http://127.0.0.1:1/api"])
"""
    program = Program(
        "parent", [sys.executable, "-c", code, str(port)], f"http://127.0.0.1:{port}/_front/health", tmp_path
    )
    program.ensure()
    child = int(program.log.read_text().split()[1])
    assert arguments_of(child)

    program.stop()

    wait_until(lambda: not arguments_of(child), "the child has gone too", 10)


def test_a_pid_that_another_process_got_since_is_neither_believed_nor_killed(door: Program) -> None:
    other = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()"])
    door.directory.mkdir(parents=True)
    (door.directory / "door.pid").write_text(str(other.pid))

    door.stop()

    assert door.pid() is None
    assert is_alive(other.pid)
    other.kill()
    other.wait()


def test_a_port_taken_by_somebody_else_is_said_in_words(tmp_path: Path) -> None:
    with Doorway(0, "http://127.0.0.1:1") as taken:
        program = a_door(tmp_path / "local", taken.server_port)
        import threading

        thread = threading.Thread(target=taken.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        with pytest.raises(DidNotStart, match="TUANYUAN_LOCAL_PORTS"):
            program.ensure()
        taken.shutdown()
        thread.join()


def test_a_program_that_ends_at_once_shows_its_last_words(tmp_path: Path) -> None:
    command = [sys.executable, "-c", "raise SystemExit('no such thing')"]
    program = Program("broken", command, "http://127.0.0.1:1/health", tmp_path)

    with pytest.raises(DidNotStart, match="no such thing"):
        program.ensure()


def test_a_developers_own_keys_do_not_reach_the_programs(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "production")
    monkeypatch.setenv("STRIPE_SECRET_KEY", "sk_live_real")
    program = Program("env", [sys.executable, "-c", "import os; print(os.environ)"], "http://127.0.0.1:1/", tmp_path)

    with pytest.raises(DidNotStart):
        program.ensure()

    printed = program.log.read_text()
    assert "PATH" in printed
    assert "production" not in printed and "sk_live" not in printed


def test_the_table_of_processes_knows_children_and_arguments() -> None:
    child = subprocess.Popen([sys.executable, "-c", "import signal; signal.pause()", "marked"])
    try:
        wait_until(lambda: arguments_of(child.pid).endswith("marked"), "the child runs", 10)
        assert child.pid in children_of(os.getpid())
    finally:
        child.send_signal(signal.SIGKILL)
        child.wait()
    assert child.pid not in children_of(os.getpid())
    assert (is_alive(child.pid), arguments_of(child.pid)) == (False, "")
