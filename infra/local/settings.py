"""Where the local stack lives: its folder and the ports of its three programs."""

import os
import socket
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

DEFAULT_PORTS = "4566,12111,8000"
STACK_NAME = "tuanyuan"
WEBHOOK_PATH = "/stripe/webhook"


class PortsRefused(ValueError):
    """`TUANYUAN_LOCAL_PORTS` is not three port numbers."""


@dataclass(frozen=True)
class LocalSettings:
    """One local stack. Two with different folders and ports run beside each other."""

    project: Path
    directory: Path
    aws_port: int
    stripe_port: int
    site_port: int

    @classmethod
    def from_environment(cls, environment: Mapping[str, str], project: Path) -> "LocalSettings":
        """Read `TUANYUAN_LOCAL_DIR` (default `.local`) and `TUANYUAN_LOCAL_PORTS` (AWS, Stripe, site)."""
        directory = project / environment.get("TUANYUAN_LOCAL_DIR", ".local")
        return cls(project, directory, *_three_ports(environment.get("TUANYUAN_LOCAL_PORTS", DEFAULT_PORTS)))

    @classmethod
    def on_free_ports(cls, project: Path, directory: Path) -> "LocalSettings":
        """Take three ports that nobody listens on, for a stack of a test's own."""
        return cls(project, directory, *_free_ports(3))

    @property
    def environment(self) -> dict[str, str]:
        """The variables by which another process finds the same stack."""
        ports = f"{self.aws_port},{self.stripe_port},{self.site_port}"
        return {"TUANYUAN_LOCAL_DIR": str(self.directory), "TUANYUAN_LOCAL_PORTS": ports}

    @property
    def aws_url(self) -> str:
        """Address of local AWS."""
        return f"http://127.0.0.1:{self.aws_port}"

    @property
    def stripe_url(self) -> str:
        """Address of the Stripe sandbox, for the API and for its pages."""
        return f"http://localhost:{self.stripe_port}"

    @property
    def site_url(self) -> str:
        """Address of the site. A name, since browsers take `__Host-` cookies from http://localhost."""
        return f"http://localhost:{self.site_port}"

    @property
    def webhook_url(self) -> str:
        """Where the sandbox sends its events."""
        return self.site_url + WEBHOOK_PATH


def _three_ports(written: str) -> tuple[int, int, int]:
    try:
        aws, stripe, site = (int(port) for port in written.split(","))
    except ValueError as wrong:
        message = f"TUANYUAN_LOCAL_PORTS takes three numbers like {DEFAULT_PORTS}, not {written!r}."
        raise PortsRefused(message) from wrong
    return aws, stripe, site


def _free_ports(count: int) -> list[int]:
    """Let the system choose; all are held open together so that no number comes twice."""
    sockets = [socket.socket() for _ in range(count)]
    try:
        for one in sockets:
            one.bind(("127.0.0.1", 0))
        return [int(one.getsockname()[1]) for one in sockets]
    finally:
        for one in sockets:
            one.close()


def project_root() -> Path:
    """The folder that holds app.py."""
    return Path(__file__).resolve().parents[2]


def from_here() -> LocalSettings:
    """The stack that this process's environment names."""
    return LocalSettings.from_environment(os.environ, project_root())
