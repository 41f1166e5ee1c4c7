"""Signing a brand up in a line."""

from collections.abc import Callable
from typing import Any

import pytest

from chalicelib.tenants import actions
from chalicelib.tenants.commands import SignUp
from chalicelib.tenants.store import Tenant
from tests.people.conftest import randbits

__all__ = ["randbits"]

GREEN_VILLAGE = {
    "name": "Green Village",
    "slug": "green-village",
    "email": "owner@example.com",
    "currency": "CNY",
    "timezone": "Asia/Shanghai",
    "plan_preset": "breakaway",
}


@pytest.fixture
def sign_up(table, clock, randbits) -> Callable[..., Tenant]:
    """Sign up Green Village, or what differs from it."""

    def sign_up(**different: Any) -> Tenant:
        return actions.sign_up(SignUp(**(GREEN_VILLAGE | different)), now=clock(), randbits=randbits)

    return sign_up
