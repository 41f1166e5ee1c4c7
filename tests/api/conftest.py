import secrets
from typing import Any

import pytest

from tests.api.story import Story
from tests.api.world import System, World


@pytest.fixture
def world(table: None, clock: Any) -> World:
    """A deployment without brands."""
    return World(clock, secrets.randbits)


@pytest.fixture
def brand(world: World) -> System:
    """The system of a brand that signed up."""
    return world.brand()


@pytest.fixture
def story(world: World) -> Story:
    """Two brands, one with a past."""
    return Story(world)
