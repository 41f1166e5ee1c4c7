"""Members: whoever ordered from the brand for the first time, paid or not, and through which leader.

Known by the same hash of the phone number as a customer's first paid order (`acquisition`); the number is not kept.
"""

from datetime import datetime

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.exceptions import PutError

from chalicelib import store
from chalicelib.commissions.acquisition import customer_hash
from chalicelib.store import Record


class MemberRecord(Record, discriminator="member"):
    """Who brought a member, and when: `{tenant}#customer#{hash}` / `member`. Written once."""

    leader_id = UnicodeAttribute()
    since = UTCDateTimeAttribute()


def member_key(tenant_id: str, customer: str) -> tuple[str, str]:
    """Where a member is kept; `customer` is the hash."""
    return f"{tenant_id}#customer#{customer}", "member"


def greet(tenant_id: str, leader_id: str, *, customer: str, at: datetime) -> None:
    """Note who ordered, if it is somebody new; one who is known costs half a read. `customer`: the phone as typed."""
    key = member_key(tenant_id, customer_hash(tenant_id, customer))
    if store.get(MemberRecord, *key, consistent=False) is not None:
        return
    member = MemberRecord(*key, leader_id=leader_id, since=at)
    try:
        store.put(member, condition=MemberRecord.pk.does_not_exist())
    except PutError as error:
        if not store.condition_failed(error):
            raise
