"""Cases in the table: beside their order, listed by state for the brand and by leader for the leader."""

from collections.abc import Mapping
from datetime import datetime
from hashlib import sha256

import msgspec
from pynamodb.attributes import BooleanAttribute, NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.errors import NotFound
from chalicelib.ids import ALPHABET, encode, is_id
from chalicelib.orders.store import in_order, order_key
from chalicelib.store import SHARDS, Record, shard_of

_TAIL = 13
OPEN_STATES = ("requested", "approved")
LISTS = ("requested", "approved", "over")


class Case(Record, discriminator="case"):
    """A case of an order: `requested`, then `approved` and `done`, or `declined`, or `withdrawn`.

    `asked_by` is customer, leader or brand; `by` the leader's or person's id, none for a customer. `asked_minor`: the
    amount asked for, where no units are named; `expected_minor`: what it came to; `amount_minor`: what was decided.
    """

    case_id = UnicodeAttribute()
    order_id = UnicodeAttribute()
    leader_id = UnicodeAttribute()
    asked_by = UnicodeAttribute()
    by = UnicodeAttribute(null=True)
    wish = UnicodeAttribute()
    reason = UnicodeAttribute()
    text = UnicodeAttribute(null=True)
    units_packed = UnicodeAttribute()
    asked_minor = NumberAttribute(null=True)
    expected_minor = NumberAttribute(default=0)
    photos_packed = UnicodeAttribute(default="[]")
    state = UnicodeAttribute(default="requested")
    asked_at = UTCDateTimeAttribute()
    decided_at = UTCDateTimeAttribute(null=True)
    decided_by = UnicodeAttribute(null=True)
    automatic = BooleanAttribute(null=True)
    amount_minor = NumberAttribute(null=True)
    refund_id = UnicodeAttribute(null=True)
    goods = UnicodeAttribute(null=True)
    note = UnicodeAttribute(null=True)
    done_at = UTCDateTimeAttribute(null=True)
    done_by = UnicodeAttribute(null=True)

    @property
    def units(self) -> dict[str, int]:
        """What it is about: units by product; empty where it is about an amount."""
        return msgspec.json.decode(self.units_packed, type=dict[str, int])

    @property
    def photos(self) -> tuple[str, ...]:
        """The names of its photos."""
        return msgspec.json.decode(self.photos_packed, type=tuple[str, ...])


class CaseBook(Record, discriminator="case-book"):
    """What an order's cases have claimed together; it moves with every case, so that no unit is claimed twice.

    Units by product: `waiting` in cases that are open, `given` for which money was promised. `automatic_minor`: the sum
    that nobody had to say yes to.
    """

    waiting_packed = UnicodeAttribute(default="{}")
    given_packed = UnicodeAttribute(default="{}")
    automatic_minor = NumberAttribute(default=0)
    version = NumberAttribute(default=0)

    @property
    def waiting(self) -> dict[str, int]:
        """Units in open cases."""
        return msgspec.json.decode(self.waiting_packed, type=dict[str, int])

    @property
    def given(self) -> dict[str, int]:
        """Units for which money was promised."""
        return msgspec.json.decode(self.given_packed, type=dict[str, int])

    @property
    def claimed(self) -> dict[str, int]:
        """Both together."""
        return added(self.waiting, self.given)


class LeaderCase(Record, discriminator="leader-case"):
    """A case in the list of the leader whose customer it is about."""

    order_id = UnicodeAttribute()
    case_id = UnicodeAttribute()


class CaseUnknown(NotFound):
    """The order has no such case."""

    code = "case_missing"


def moved(
    book: CaseBook, *, waiting: Mapping[str, int], given: Mapping[str, int], automatic_minor: int = 0
) -> CaseBook:
    """Give the book with these units waiting and given, as it is to be written by `save_book`."""
    return CaseBook(
        book.pk,
        book.sk,
        waiting_packed=store.packed(waiting),
        given_packed=store.packed(given),
        automatic_minor=int(book.automatic_minor) + automatic_minor,
        version=int(book.version) + 1,
    )


def save_book(write: TransactWrite, book: CaseBook) -> None:
    """Write what an order's cases have claimed, unless another case was quicker."""
    before = int(book.version) - 1
    write.save(book, condition=(CaseBook.version == before) if before else CaseBook.pk.does_not_exist())


def added(one: Mapping[str, int], other: Mapping[str, int], sign: int = 1) -> dict[str, int]:
    """Add units by product; products of which nothing remains are left out."""
    sums = {key: one.get(key, 0) + sign * other.get(key, 0) for key in dict.fromkeys([*one, *other])}
    return {key: count for key, count in sums.items() if count > 0}


def case_id_of(order_id: str, nonce: str) -> str:
    """Give the id of the case that a nonce stands for: the same form sent twice is the same case.

    It begins with its order's, so that a case is found by its id alone.
    """
    digest = sha256(f"{order_id}#case#{nonce}".encode()).digest()
    return f"case_{order_id.removeprefix('ord_')}{encode(int.from_bytes(digest[:8]), _TAIL)}"


def order_id_of(case_id: str) -> str | None:
    """Give the order that a case's id names, None when it is no case's id."""
    order_id, tail = f"ord_{case_id.removeprefix('case_')[:-_TAIL]}", case_id[-_TAIL:]
    is_whole = case_id.startswith("case_") and is_id("ord", order_id) and all(one in ALPHABET for one in tail)
    return order_id if is_whole else None


def case_key(tenant_id: str, order_id: str, case_id: str) -> tuple[str, str]:
    """Where a case is kept."""
    return order_key(tenant_id, order_id)[0], f"case#{case_id}"


def book_key(tenant_id: str, order_id: str) -> tuple[str, str]:
    """Where it is kept what an order's cases have claimed."""
    return order_key(tenant_id, order_id)[0], "case-book"


def leader_case_key(tenant_id: str, leader_id: str, asked_at: datetime, case_id: str) -> tuple[str, str]:
    """Where a case stands in its leader's list."""
    return f"{tenant_id}#leader#{leader_id}#cases", store.position(asked_at, case_id)


def listing(tenant_id: str, state: str) -> list[str]:
    """The partitions of the index that list the cases of a state; those that are over are one list."""
    return [f"{tenant_id}#cases-{list_of(state)}#{shard}" for shard in range(SHARDS)]


def place_in_list(tenant_id: str, order_id: str, state: str) -> str:
    """The partition of the index in which a case of this state is listed."""
    return listing(tenant_id, state)[shard_of(order_id)]


def list_of(state: str) -> str:
    """Say in which list (`LISTS`) a case of this state is."""
    return state if state in OPEN_STATES else "over"


def get(tenant_id: str, order_id: str, case_id: str) -> Case:
    """Read a case. Raises `CaseUnknown`."""
    case = find(tenant_id, order_id, case_id)
    if case is None:
        raise CaseUnknown("There is no such case.", param="case_id")
    return case


def find(tenant_id: str, order_id: str, case_id: str) -> Case | None:
    """Read a case, or None."""
    if order_id_of(case_id) != order_id:
        return None
    return store.get(Case, *case_key(tenant_id, order_id, case_id))


def book_of(tenant_id: str, order_id: str) -> CaseBook:
    """Read what an order's cases have claimed; an empty book when there was none yet."""
    return store.get(CaseBook, *book_key(tenant_id, order_id)) or CaseBook(*book_key(tenant_id, order_id))


def of_order(tenant_id: str, order_id: str) -> list[Case]:
    """List an order's cases, the oldest first."""
    pk, _ = order_key(tenant_id, order_id)
    return sorted(store.query(Case, pk, Case.sk.startswith("case#")), key=lambda case: case.asked_at)


def of_leader(tenant_id: str, leader_id: str, *, limit: int) -> list[Case]:
    """List the cases of a leader's orders, newest first."""
    rows = list(store.query(LeaderCase, f"{tenant_id}#leader#{leader_id}#cases", limit=limit, newest_first=True))
    keys = [case_key(tenant_id, row.order_id, row.case_id) for row in rows]
    found = {item.sk: item for item in store.get_all(keys) if isinstance(item, Case)}
    return [found[sk] for _, sk in keys if sk in found]


def newest(tenant_id: str, state: str, *, limit: int, after: str | None = None) -> list[Case]:
    """List the cases of a state, newest first; `after` is the `gsi1sk` of the last one seen."""
    rows = store.listed(listing(tenant_id, state), newest_first=True, after=after, limit=limit)
    return in_order(rows, Case)
