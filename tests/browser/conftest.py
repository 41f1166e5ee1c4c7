"""Debian's Chromium, started once; a world on loopback for each test; people with browsers of their own."""

import shutil
import threading

import pytest
from playwright.sync_api import sync_playwright

from tests.browser.bridge import Bridge
from tests.browser.visitor import Visitor
from tests.browser.world import World
from tests.people.conftest import randbits

__all__ = ["randbits"]

ARGUMENTS = (
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
)  # fmt: skip


@pytest.fixture(scope="session")
def chromium():
    program = shutil.which("chromium")
    assert program, "These tests need Chromium. On Debian: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=program, args=list(ARGUMENTS))
        yield browser
        browser.close()


@pytest.fixture
def world(table, clock, randbits):
    with Bridge() as bridge:
        bridge.world = World(clock, randbits, bridge)
        serving = threading.Thread(target=bridge.serve_forever, kwargs={"poll_interval": 0.05})
        serving.start()
        yield bridge.world
        bridge.shutdown()
        serving.join()


@pytest.fixture
def visitor(chromium, world):
    """Makes people with browsers."""
    people = []

    def arrive(**how):
        people.append(Visitor(chromium, world, **how))
        return people[-1]

    yield arrive
    for one in people:
        one.leave()
