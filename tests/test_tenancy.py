"""The fence: no request leaves the active tenant, whatever its shape."""

import pytest
from pynamodb.attributes import UnicodeAttribute

from chalicelib import store
from chalicelib.store import Record
from chalicelib.tenancy import PLATFORM, TenantBreach, acting_for

OURS, THEIRS = "t0000000000ours0", "t000000000theirs"


class Note(Record, discriminator="test-note"):
    text = UnicodeAttribute(default="")


def note(tenant_id: str) -> Note:
    return Note(f"{tenant_id}#note", "1", text="hello")


@pytest.mark.parametrize(
    "work",
    [
        lambda: store.put(note(THEIRS)),
        lambda: store.get(Note, f"{THEIRS}#note", "1"),
        lambda: list(store.query(Note, f"{THEIRS}#note")),
        lambda: list(store.query(Note, f"{THEIRS}#note", Note.sk.startswith("1"))),
        lambda: store.get_all([(f"{OURS}#note", "1"), (f"{THEIRS}#note", "1")]),
        lambda: store.listed([f"{THEIRS}#notes"], limit=9),
        lambda: note(THEIRS).update(actions=[Note.text.set("mine")]),
        lambda: note(THEIRS).delete(),
        lambda: list(Note.scan()),
    ],
)
def test_a_request_for_another_tenants_item_is_never_sent(table, work):
    with acting_for(OURS), pytest.raises(TenantBreach):
        work()


def test_a_transaction_with_one_foreign_item_is_refused_whole(table):
    with acting_for(OURS), pytest.raises(TenantBreach), store.transaction() as write:
        write.save(note(OURS))
        write.save(note(THEIRS))
    with acting_for(OURS):
        assert store.get(Note, f"{OURS}#note", "1") is None


def test_outside_of_a_tenant_only_the_platforms_items_can_be_touched(table):
    store.put(note(PLATFORM))
    assert store.get(Note, f"{PLATFORM}#note", "1") is not None
    with pytest.raises(TenantBreach):
        store.put(note(OURS))


def test_the_work_of_the_active_tenant_goes_through(table):
    with acting_for(OURS):
        store.put(note(OURS))
        assert [found.text for found in store.query(Note, f"{OURS}#note", Note.sk.startswith("1"))] == ["hello"]
