"""A sandbox in this process, a client of stripe-python's own for it, and an inbox for its webhooks."""

from collections.abc import Iterator

import pytest
import stripe

from infra.local.stripe_sandbox import Control, Running, serve
from tests.infra.local.stripe_sandbox.builders import client_of
from tests.infra.local.stripe_sandbox.inbox import Inbox


@pytest.fixture
def running() -> Iterator[Running]:
    with serve() as running:
        yield running


@pytest.fixture
def client(running: Running) -> stripe.StripeClient:
    return client_of(running.url)


@pytest.fixture
def control(running: Running) -> Control:
    return running.control


@pytest.fixture
def inbox() -> Iterator[Inbox]:
    with Inbox().open() as inbox:
        yield inbox
