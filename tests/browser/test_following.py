"""A page of something that runs follows it by itself, and stops when it is done."""

import pytest

from chalicelib import store
from chalicelib.settlement.store import ThroughRecord, through_key
from chalicelib.tenancy import acting_for

pytestmark = pytest.mark.browser


def is_at(brand, *, settled, done):
    """The settlement of days up to the 10th is so far."""
    with acting_for(brand.tenant_id):
        key = through_key(brand.tenant_id)
        store.put(
            ThroughRecord(
                *key,
                closed="2026-03-10",
                settled=settled,
                cursor="ld_1",
                done=done,
                leaders=40,
                updated_at="2026-03-11",
            )
        )


def test_a_settlement_is_followed_until_it_is_done(visitor, world):
    brand = world.a_brand()
    is_at(brand, settled="2026-03-09", done=25)
    owner = visitor(language="en")
    owner.page.clock.install()
    owner.open("/signin").send("signin", "Send me a code", email="owner@example.com")
    owner.types_code("code", "owner@example.com").open("/console/green-village/settlement")
    owner.reads("Look again")
    assert "25 of 40" in owner.text()

    is_at(brand, settled="2026-03-10", done=40)
    owner.page.clock.fast_forward(10_000)

    owner.page.wait_for_function("() => document.body.innerText.includes('All days up to 10 Mar 2026 are settled')")
    owner.look()
