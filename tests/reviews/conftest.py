"""A shop with orders that are paid and handed out; and what happens at the same moment."""

import pytest

from chalicelib.store import connection
from tests.orders.conftest import shop

__all__ = ["shop"]


@pytest.fixture
def in_between():
    """Does something once, between what the next write of a kind has read and its sending."""
    events, registered = connection().client.meta.events, []

    def slip_in(operation, act):
        left = [act]

        def once(**_):
            if left:
                left.pop()()

        name = f"before-call.dynamodb.{operation}"
        events.register(name, once)
        registered.append((name, once))

    yield slip_in
    for name, once in registered:
        events.unregister(name, once)
