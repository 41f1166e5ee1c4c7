"""Names for entries that fit an address: an entry is named by its place in its book."""

from chalicelib import store
from chalicelib.errors import Invalid, NotFound
from chalicelib.ledger.entries import Entry
from chalicelib.ledger.store import EntryRecord, entry_key


class EntryUnknown(NotFound):
    """The brand's ledger has no such entry, or the statement no such line."""

    code = "ledger_entry_missing"


def entry_id_of(book: str, number: int) -> str:
    """Name the entry with this number in a book."""
    return store.encode_cursor(f"{number}@{book}")


def id_of(entry: Entry) -> str:
    """Name an entry."""
    return entry_id_of(entry.book, entry.number)


def record_at(tenant_id: str, entry_id: str) -> EntryRecord:
    """Read an entry by its name. Only the brand's own books can be named by one. Raises `EntryUnknown`."""
    number, _, name = _place_of(entry_id).partition("@")
    if name and number.isascii() and number.isdigit() and len(number) <= 4:
        found = store.get(EntryRecord, *entry_key(tenant_id, name, int(number)))
        if found is not None:
            return found
    raise EntryUnknown("There is no such entry.", param="entry_id")


def _place_of(item_id: str) -> str:
    try:
        return store.decode_cursor(item_id)
    except Invalid:
        return ""
