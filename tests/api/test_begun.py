"""What a system asks for is known before it is done: the plug is pulled, and the log still says who asked."""

from datetime import timedelta

import pytest

from chalicelib.audit import begun, store
from chalicelib.audit.begun import AuditOnce
from chalicelib.tenancy import acting_for
from tests.api.world import APPLES, System
from tests.audit.plug import PlugPulled, pulled_before_the_note


def unfinished(brand: System) -> list[AuditOnce]:
    with acting_for(brand.tenant_id):
        return begun.unfinished(brand.tenant_id, now=brand.world.clock() + timedelta(minutes=3), limit=9)


def noted(brand: System) -> list[str]:
    with acting_for(brand.tenant_id):
        return [entry.what for entry in store.newest(brand.tenant_id, limit=9)[0]]


def test_a_request_cut_before_its_note_was_begun_and_is_noted_once_it_is_repeated(brand: System) -> None:
    with pulled_before_the_note(), pytest.raises(PlugPulled):
        brand.post("/v1/products", key="k1", **APPLES)
    [one] = unfinished(brand)
    assert (one.what, one.about, str(one.who)[:4]) == ("product-added", "products", "api:")
    assert noted(brand) == []

    brand.world.clock.advance(minutes=5)
    assert brand.post("/v1/products", key="k1", **APPLES).status == 200
    assert noted(brand) == ["product-added"]
    assert unfinished(brand) == []
    assert len(brand.all_of("/v1/products", 10)) == 1


def test_a_request_that_is_refused_was_not_begun(brand: System) -> None:
    assert brand.post("/v1/products", **APPLES | {"title": ""}).status == 400
    assert unfinished(brand) == []
