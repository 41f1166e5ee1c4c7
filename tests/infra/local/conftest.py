"""One local stack with the sample app for all tests of this folder, on ports of its own."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from infra.local.lifecycle import bring_up, take_down
from infra.local.settings import LocalSettings, project_root
from infra.local.stack import Stack

SAMPLE = Path(__file__).parent / "sample"


def make_project(folder: Path) -> Path:
    """The sample app under the project's own template and chalice settings."""
    shutil.copytree(SAMPLE, folder)
    shutil.copytree(project_root() / ".chalice", folder / ".chalice", ignore=shutil.ignore_patterns("deploy*"))
    (folder / "infra").mkdir()
    shutil.copy(project_root() / "infra" / "template.yaml", folder / "infra")
    return folder


@pytest.fixture(scope="session")
def sample_settings(tmp_path_factory: pytest.TempPathFactory) -> LocalSettings:
    """Where the sample's stack lives."""
    folder = tmp_path_factory.mktemp("stack")
    return LocalSettings.on_free_ports(make_project(folder / "project"), folder / "local")


@pytest.fixture(scope="session")
def sample_stack(sample_settings: LocalSettings) -> Iterator[Stack]:
    """The running stack, stopped at the end."""
    try:
        yield bring_up(sample_settings)
    finally:
        take_down(sample_settings)
