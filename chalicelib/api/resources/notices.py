"""Messages to buyers and leaders: what waits, what was given up, what was told about an order."""

from datetime import datetime

from msgspec import Struct

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody
from chalicelib.api.resources.shown import copied
from chalicelib.notices import sending, store
from chalicelib.notices.store import Notice as NoticeRecord
from chalicelib.orders import store as orders


class Notice(Struct, frozen=True, kw_only=True, tag_field="object", tag="notice"):
    """A message to a buyer, a leader or the owner; `given_up` has the provider's code as its `reason`.

    `state` is `queued`, `sending`, `sent` or `given_up`. `about` is the order, the leader, or `brand` (its own bill).
    `next_at`: when it is tried (again). Forgotten after 90 days.
    """

    id: str
    about: str
    template: str
    channel: str
    language: str
    state: str
    attempts: int
    reason: str | None
    queued_at: datetime
    next_at: datetime | None
    sent_at: datetime | None


def unsent(call: Call[NoBody]) -> ListOf[Notice]:
    """List what waits or was given up."""
    last = call.last_seen(lambda notice_id: store.get(call.tenant_id, notice_id))
    found = store.unsent(call.tenant_id, limit=call.one_more, after=store.place_of(last) if last else None)
    return call.page([_shown(notice) for notice in found])


def about_order(call: Call[NoBody]) -> ListOf[Notice]:
    """List what the buyer of an order was told, oldest first."""
    order_id = orders.get(call.tenant_id, call.ids["order_id"]).order_id
    found = store.told_about(call.tenant_id, order_id)
    return call.page_of_all([_shown(notice) for notice in found], lambda one: one.id)


def send_again(call: Call[NoBody]) -> Notice:
    """Send a message again that waits or was given up."""
    return _shown(sending.send_again(call.tenant_id, call.ids["notice_id"], now=call.now))


def _shown(notice: NoticeRecord) -> Notice:
    return copied(
        Notice,
        notice,
        id=notice.notice_id,
        attempts=int(notice.attempts),
        next_at=notice.next_at if notice.state in ("queued", "sending") else None,
    )
