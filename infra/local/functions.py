"""How the local AWS runs functions on a machine of a few cores: in turns, from one unpacked archive, without waits."""

import hashlib
import os
import threading
import zipfile
from collections import defaultdict
from pathlib import Path
from types import SimpleNamespace
from typing import Any

Module = Any  # ministack carries no types


def take_turns(lambda_svc: Module, at_once: int) -> None:
    """Let each function run `at_once` times at most; the next invocation waits, as if the machine were slower.

    ministack starts a process per concurrent request: a hundred buyers are a hundred cold starts, and all time out.
    """
    execute = lambda_svc._execute_function_warm
    turns: dict[str, threading.Semaphore] = defaultdict(lambda: threading.Semaphore(at_once))

    def execute_in_turn(function: dict[str, Any], event: Any, request_id: str) -> Any:
        name = (function.get("config") or function)["FunctionName"]
        with turns[name]:
            return execute(function, event, request_id)

    lambda_svc._execute_function_warm = execute_in_turn


def unpack_once(lambda_runtime: Module, folder: Path) -> None:
    """Give all processes of an archive one unpacked, compiled copy: a cold start then costs an import, no more.

    ministack unpacks the archive for each process; ours has thousands of files.
    """
    unpacking = threading.Lock()

    class Archive(zipfile.ZipFile):
        """Unpacks into the common copy and leaves a link to it where it was told to unpack."""

        def extractall(self, path: Any = None, *_others: Any, **_more: Any) -> None:
            packed = Path(str(self.filename))
            copy = folder / hashlib.sha256(packed.read_bytes()).hexdigest()[:16]
            with unpacking:
                if not copy.is_dir():
                    unfinished = copy.with_suffix(".unfinished")
                    super().extractall(unfinished)
                    unfinished.rename(copy)
            Path(path).rmdir()
            Path(path).symlink_to(copy, target_is_directory=True)
            packed.unlink()

    lambda_runtime.zipfile = SimpleNamespace(ZipFile=Archive, BadZipFile=zipfile.BadZipFile)


def answer_without_waiting_for_logs(lambda_runtime: Module) -> None:
    """A warm function that prints nothing costs 50 ms of waiting for what it prints; 2 ms do as well."""
    first_line_wait_s, idle_s, longest_s = 0.002, 0.002, 0.25
    lambda_runtime.Worker._drain_stderr_bounded.__defaults__ = (first_line_wait_s, idle_s, longest_s)


def processes_at_once() -> int:
    """Enough for real races between processes, few enough to start in seconds."""
    return max(4, 2 * (os.cpu_count() or 1))
