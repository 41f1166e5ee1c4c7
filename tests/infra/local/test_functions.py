"""How functions run on a small machine: in turns, and from one unpacked copy."""

import os
import threading
import zipfile
from pathlib import Path
from types import SimpleNamespace
from typing import Any

from infra.local.functions import take_turns, unpack_once
from infra.local.waiting import wait_until


class Functions(SimpleNamespace):
    """Runs until it is told to go on; knows how many ran at once."""

    def __init__(self) -> None:
        super().__init__(running=0, most=0, done=0, lock=threading.Lock(), go_on=threading.Event())

    def _execute_function_warm(self, function: dict[str, Any], event: Any, _request_id: str) -> Any:
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
        self.go_on.wait(10)
        with self.lock:
            self.running -= 1
            self.done += 1
        return event


def test_a_crowd_waits_for_its_turn_and_everybody_is_served() -> None:
    functions = Functions()
    take_turns(functions, at_once=3)
    api = {"config": {"FunctionName": "api"}}
    crowd = [threading.Thread(target=functions._execute_function_warm, args=(api, i, "")) for i in range(20)]

    for one in crowd:
        one.start()
    wait_until(lambda: functions.running == 3, "three are served", 5)
    functions.go_on.set()
    for one in crowd:
        one.join()

    assert (functions.most, functions.done) == (3, 20)


def test_a_crowd_at_one_function_does_not_hold_up_another() -> None:
    functions = Functions()
    take_turns(functions, at_once=1)
    names = ({"FunctionName": "api"}, {"config": {"FunctionName": "stream"}})
    both = [threading.Thread(target=functions._execute_function_warm, args=(name, 0, "")) for name in names]

    for one in both:
        one.start()
    wait_until(lambda: functions.running == 2, "both run at once", 5)
    functions.go_on.set()
    for one in both:
        one.join()


def unpack(runtime: Any, folder: Path, content: str) -> Path:
    """Unpack as ministack does: write the archive, make the folder, extract."""
    code = folder / "code"
    code.mkdir(parents=True)
    with zipfile.ZipFile(folder / "code.zip", "w") as packed:
        packed.writestr(zipfile.ZipInfo("app.py"), content)
    with runtime.zipfile.ZipFile(os.fspath(folder / "code.zip")) as packed:
        packed.extractall(os.fspath(code))
    return code


def test_processes_of_one_archive_share_its_copy_and_another_archive_has_its_own(tmp_path: Path) -> None:
    runtime = SimpleNamespace()
    unpack_once(runtime, tmp_path / "unpacked")

    first = unpack(runtime, tmp_path / "1", "old")
    second = unpack(runtime, tmp_path / "2", "old")
    newer = unpack(runtime, tmp_path / "3", "new")

    assert (first / "app.py").samefile(second / "app.py")
    assert ((first / "app.py").read_text(), (newer / "app.py").read_text()) == ("old", "new")
    assert not (tmp_path / "1" / "code.zip").exists()
