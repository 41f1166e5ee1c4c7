"""Notices in the table, below what they are about, and the lists of those that have not been sent.

A notice's key is the fact it tells and its channel: told twice, it is written once. It is listed only while it has not
been sent, at the moment from which it is due; a lease does not move it, so that a notice costs two index writes.
"""

from collections.abc import Sequence
from datetime import datetime

from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.expressions.update import Action

from chalicelib import store
from chalicelib.errors import NotFound
from chalicelib.notices.rules import KEPT, LEASE
from chalicelib.orders.store import in_order
from chalicelib.store import SHARDS, Record, shard_of

START = "0"  # sorts before every moment


class NoticeUnknown(NotFound):
    """The brand has no such notice (any more)."""

    code = "notice_unknown"


class Notice(Record, discriminator="notice"):
    """Something to be told. `about` is an order, a leader or the brand: who gets it is looked up when it is sent.

    `facts_packed`: what only the fact itself knows (an amount), never a name or an address. `next_at`: not to be sent
    before; while it is `sending`, the end of the lease. `attempts` moves with each lease.
    """

    about = UnicodeAttribute()
    fact = UnicodeAttribute()
    channel = UnicodeAttribute()
    template = UnicodeAttribute()
    language = UnicodeAttribute()
    facts_packed = UnicodeAttribute(null=True)
    state = UnicodeAttribute(default="queued")
    attempts = NumberAttribute(default=0)
    next_at = UTCDateTimeAttribute()
    queued_at = UTCDateTimeAttribute()
    sent_at = UTCDateTimeAttribute(null=True)
    provider_id = UnicodeAttribute(null=True)
    reason = UnicodeAttribute(null=True)

    @property
    def notice_id(self) -> str:
        """Its name outside: what it is about, the fact, the channel."""
        return f"{self.about}.{self.fact}.{self.channel}"


def notices_key(tenant_id: str, about: str) -> str:
    """The partition of what is told about an order or a leader."""
    return f"{tenant_id}#notices#{about}"


def open_listing(tenant_id: str) -> list[str]:
    """The partitions of the index that list what is to be sent."""
    return [f"{tenant_id}#open-notices#{shard}" for shard in range(SHARDS)]


def given_up_listing(tenant_id: str) -> str:
    """The partition of the index that lists what was given up."""
    return f"{tenant_id}#given-up-notices"


# ------------------------------------------------------------------------------------------------ writes


def queue(
    tenant_id: str,
    about: str,
    fact: str,
    *,
    channel: str,
    template: str,
    language: str,
    facts: dict[str, object],
    now: datetime,
) -> bool:
    """Write a notice, once for its fact and channel; False when it was written before."""
    notice = Notice(
        notices_key(tenant_id, about),
        f"{fact}#{channel}",
        about=about,
        fact=fact,
        channel=channel,
        template=template,
        language=language,
        facts_packed=store.packed(facts) if facts else None,
        next_at=now,
        queued_at=now,
        ttl=int((now + KEPT).timestamp()),
    )
    notice.gsi1pk, notice.gsi1sk = _place(tenant_id, notice, now)
    return store.written(lambda: store.put(notice, Notice.pk.does_not_exist()))


def lease(notice: Notice, *, now: datetime) -> bool:
    """Take a due notice for oneself, as the next attempt; False when somebody else has it, or it is sent."""
    as_read = Notice.state.is_in("queued", "sending") & (Notice.attempts == notice.attempts)
    actions: list[Action] = [
        Notice.state.set("sending"),
        Notice.attempts.set(int(notice.attempts) + 1),
        Notice.next_at.set(now + LEASE),
    ]
    return store.written(lambda: notice.update(actions=actions, condition=as_read & (Notice.next_at <= now)))


def note_sent(notice: Notice, provider_id: str | None, *, now: datetime) -> bool:
    """Note that the provider has taken it; False when the lease was over and somebody else is at it."""
    actions: list[Action] = [
        Notice.state.set("sent"),
        Notice.sent_at.set(now),
        Notice.reason.remove(),
        Notice.gsi1pk.remove(),
        Notice.gsi1sk.remove(),
    ]
    if provider_id:
        actions.append(Notice.provider_id.set(provider_id))
    return _leave(notice, actions)


def put_off(tenant_id: str, notice: Notice, *, until: datetime, reason: str) -> bool:
    """Note that an attempt failed, and when the next one is due."""
    return _leave(notice, _queued(tenant_id, notice, until, reason))


def give_up(tenant_id: str, notice: Notice, *, reason: str, now: datetime) -> bool:
    """Note that it is tried no more, and why; the brand is shown it."""
    actions: list[Action] = [
        Notice.state.set("given_up"),
        Notice.reason.set(reason),
        Notice.gsi1pk.set(given_up_listing(tenant_id)),
        Notice.gsi1sk.set(store.position(now, notice.notice_id)),
    ]
    return _leave(notice, actions)


def queue_again(tenant_id: str, notice: Notice, *, now: datetime) -> bool:
    """Make a notice that waits or was given up due at once; False when it is neither (any more)."""
    waits = Notice.state.is_in("queued", "given_up") & (Notice.attempts == notice.attempts)
    actions = _queued(tenant_id, notice, now, notice.reason)
    return store.written(lambda: notice.update(actions=actions, condition=waits))


def _leave(notice: Notice, actions: list[Action]) -> bool:
    """End one's own attempt; refused when the lease ran out and another sender has begun the next one."""
    own = (Notice.state == "sending") & (Notice.attempts == notice.attempts)
    return store.written(lambda: notice.update(actions=actions, condition=own))


def _queued(tenant_id: str, notice: Notice, due: datetime, reason: str | None) -> list[Action]:
    partition, place = _place(tenant_id, notice, due)
    actions: list[Action] = [
        Notice.state.set("queued"),
        Notice.next_at.set(due),
        Notice.gsi1pk.set(partition),
        Notice.gsi1sk.set(place),
    ]
    return [*actions, Notice.reason.set(reason)] if reason else actions


def _place(tenant_id: str, notice: Notice, due: datetime) -> tuple[str, str]:
    return open_listing(tenant_id)[shard_of(notice.notice_id)], store.position(due, notice.notice_id)


# ------------------------------------------------------------------------------------------------ reads


def get(tenant_id: str, notice_id: str) -> Notice:
    """Read a notice. Raises `NoticeUnknown`."""
    about, _, rest = notice_id.partition(".")
    fact, _, channel = rest.rpartition(".")
    found = store.get(Notice, notices_key(tenant_id, about), f"{fact}#{channel}") if about and fact else None
    if found is None:
        raise NoticeUnknown("There is no such message. Sent ones are forgotten after 90 days.", param="notice_id")
    return found


def told_about(tenant_id: str, about: str) -> list[Notice]:
    """List what was told, or is to be, about an order or to a leader; oldest first."""
    return sorted(store.query(Notice, notices_key(tenant_id, about)), key=lambda notice: notice.queued_at)


def due(tenant_id: str, *, before: datetime, limit: int) -> list[Notice]:
    """List what was due before a moment, the longest due first; some of it may be with a sender."""
    return in_order(
        store.listed(open_listing(tenant_id), between=(START, store.position(before, "")), limit=limit), Notice
    )


def unsent(tenant_id: str, *, limit: int, after: str | None = None) -> list[Notice]:
    """List what waits or was given up, the latest moment first; `after` is the `gsi1sk` of the last one seen."""
    partitions = [*open_listing(tenant_id), given_up_listing(tenant_id)]
    return _listed(partitions, limit, after)


def place_of(notice: Notice) -> str:
    """Give a notice's place in the list of what is not sent; of one sent meanwhile, about where it was."""
    return notice.gsi1sk or store.position(notice.next_at, notice.notice_id)


def given_up(tenant_id: str, *, limit: int) -> list[Notice]:
    """List what was given up, latest first."""
    return _listed([given_up_listing(tenant_id)], limit)


def _listed(partitions: Sequence[str], limit: int, after: str | None = None) -> list[Notice]:
    rows = store.listed(partitions, newest_first=True, after=after, limit=limit)
    return [notice for notice in in_order(rows, Notice) if notice.gsi1sk]
