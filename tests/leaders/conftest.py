"""A brand, and a way to grow its tree in a line each."""

from collections.abc import Callable, Iterator
from typing import Any

import pytest

from chalicelib import store
from chalicelib.commissions import presets
from chalicelib.commissions import store as plans
from chalicelib.leaders import actions
from chalicelib.leaders.commands import Register
from chalicelib.leaders.store import Leader
from chalicelib.tenancy import acting_for
from chalicelib.tenants.actions import sign_up
from chalicelib.tenants.commands import SignUp
from tests.people.conftest import randbits
from tests.tenants.conftest import GREEN_VILLAGE

__all__ = ["randbits"]


class Tree:
    """One brand's leaders, told in short: `tree.root("A")`, `tree.join("B", under=a)`."""

    def __init__(self, tenant_id: str, clock: Callable[[], Any], randbits: Callable[[int], int]) -> None:
        self.tenant_id = tenant_id
        self.clock = clock
        self.randbits = randbits

    def root_code(self) -> str:
        """A fresh invitation of the brand's."""
        made = actions.invite_root(self.tenant_id, now=self.clock(), randbits=self.randbits)
        return made.pk.rpartition("#")[2]

    def register(self, person_id: str | None, code: str, name: str = "Mei", **different: Any) -> Leader:
        command = Register(**({"code": code, "name": name, "phone": "13800138000"} | different))
        return actions.register(self.tenant_id, command, person_id, now=self.clock(), randbits=self.randbits)

    def root(self, name: str, **different: Any) -> Leader:
        return self.register(f"prs_{name}", self.root_code(), name, **different)

    def join(self, name: str, *, under: Leader, **different: Any) -> Leader:
        return self.register(f"prs_{name}", under.invite_code, name, **different)

    def change(self, how: Callable[..., Leader], leader: Leader, *details: str) -> Leader:
        """Freeze, set a rank, …: by the owner, now."""
        return how(self.tenant_id, leader.leader_id, *details, by="prs_owner", reason="", now=self.clock())

    def now(self, leader: Leader) -> Leader:
        return actions.get(self.tenant_id, leader.leader_id)


@pytest.fixture
def brand(table, clock, randbits) -> Iterator[Callable[..., Tree]]:
    """Sign up a brand, put a preset in force (also one that no brand can choose yet), and act for it."""
    from contextlib import ExitStack

    with ExitStack() as stack:

        def brand(preset: str = "breakaway") -> Tree:
            slug = preset.replace("_", "-")
            command = SignUp(**(GREEN_VILLAGE | {"plan_preset": "breakaway", "slug": slug}))
            tenant = sign_up(command, now=clock(), randbits=randbits)
            stack.enter_context(acting_for(tenant.tenant_id))
            document = presets.read(preset).decode()
            store.put(plans.plan_record(tenant.tenant_id, 2, document, effective_from=clock(), now=clock()))
            return Tree(tenant.tenant_id, clock, randbits)

        yield brand


@pytest.fixture
def tree(brand) -> Tree:
    """A brand that runs `breakaway`."""
    return brand()
