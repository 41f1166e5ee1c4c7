"""Coupons in the table: a leader's below the leader, a customer's one newcomer coupon below the customer.

Those with an end are listed by it until they are used, so that the sweep finds what is over.
"""

from collections.abc import Iterator
from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.commissions.acquisition import customer_hash
from chalicelib.ids import is_id
from chalicelib.store import Record

_AT_A_TIME = 100


class Coupon(Record, discriminator="coupon"):
    """A coupon. `state` is one of `coupons.rules.State`; `order_id` and `discount_minor` are of the order it is on.

    `moves` counts its entries in the ledger: the next one's number.
    """

    coupon_id = UnicodeAttribute()
    coupon_kind = UnicodeAttribute()
    holder_id = UnicodeAttribute(null=True)
    source_id = UnicodeAttribute(null=True)
    amount_minor = NumberAttribute()
    minimum_minor = NumberAttribute(default=0)
    currency = UnicodeAttribute()
    state = UnicodeAttribute(default="open")
    order_id = UnicodeAttribute(null=True)
    discount_minor = NumberAttribute(null=True)
    issued_at = UTCDateTimeAttribute()
    expires_at = UTCDateTimeAttribute(null=True)
    moves = NumberAttribute(default=0)

    @property
    def book(self) -> str:
        """The book of the ledger that its moves are written in."""
        return f"coupon#{self.coupon_id}"


def leader_coupon_key(tenant_id: str, leader_id: str, coupon_id: str) -> tuple[str, str]:
    """Where a leader's coupon is kept."""
    return f"{tenant_id}#leader#{leader_id}", f"coupon#{coupon_id}"


def newcomer_key(tenant_id: str, phone: str) -> tuple[str, str]:
    """Where a customer's newcomer coupon is kept: one item a customer, so there are never two."""
    return f"{tenant_id}#customer#{customer_hash(tenant_id, phone)}", "coupon"


def key_of(tenant_id: str, coupon_id: str, *, leader_id: str, phone: str) -> tuple[str, str]:
    """Where the coupon of an order is kept: the order's leader's, or its customer's."""
    if coupon_id.startswith("ncp_"):
        return newcomer_key(tenant_id, phone)
    return leader_coupon_key(tenant_id, leader_id, coupon_id)


def find_of_leader(tenant_id: str, leader_id: str, coupon_id: str) -> Coupon | None:
    """Read a leader's coupon, or None."""
    if not is_id("cpn", coupon_id):
        return None
    return store.get(Coupon, *leader_coupon_key(tenant_id, leader_id, coupon_id))


def of_leader(tenant_id: str, leader_id: str, *, limit: int, after: str | None = None) -> list[Coupon]:
    """List a leader's coupons in the order of their ids; `after` is the id of the last one seen."""
    pk, prefix = leader_coupon_key(tenant_id, leader_id, "")
    found = store.query(
        Coupon, pk, Coupon.sk.startswith(prefix), limit=limit, after=f"{prefix}{after}" if after else None
    )
    return list(found)


def ends_listing(tenant_id: str) -> str:
    """The partition of the index that lists coupons by their end."""
    return f"{tenant_id}#coupon-ends"


def ended_by(tenant_id: str, now: datetime) -> Iterator[Coupon]:
    """Read the coupons whose end has come and that are not used; some may be on an order."""
    start, until = "0", store.position(now, "~")
    while True:
        rows = store.listed([ends_listing(tenant_id)], between=(start, until), limit=_AT_A_TIME)
        found = store.get_all([(row.pk, row.sk) for row in rows])
        yield from (item for item in found if isinstance(item, Coupon))
        if len(rows) < _AT_A_TIME:
            return
        start = rows[-1].position + "~"
