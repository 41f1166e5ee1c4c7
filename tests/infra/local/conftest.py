"""One local stack with the sample app for all tests of this folder, on ports of its own."""

from collections.abc import Iterator

import pytest

from infra.local.lifecycle import bring_up, take_down
from infra.local.settings import LocalSettings
from infra.local.stack import Stack
from tests.infra.local.sample_project import make_project


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
