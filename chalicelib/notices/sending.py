"""Sending what is in the outbox: right after it was written, and by the schedule what failed or was cut.

A sender first takes a lease, so of two at once one sends. A sender that dies holding it may have sent or not: SES knows
no key by which it could be asked. When the lease is over the notice is sent again; better twice than never.
"""

import logging
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.errors import Conflict
from chalicelib.ids import TENANT_ID_LENGTH
from chalicelib.notices import receivers, store
from chalicelib.notices.channels import Channel, SendLater, SendNever
from chalicelib.notices.rules import MOST_TRIES, ChannelName, wait_after
from chalicelib.notices.store import Notice
from chalicelib.store import Record
from chalicelib.tenancy import acting_for

log = logging.getLogger(__name__)

AT_ONCE = timedelta(seconds=10)
"""So long a batch of the stream sends; the schedule goes on. Commissions wait behind it."""
QUIET = timedelta(minutes=1)
MOST_A_TICK = 200
_LEFT_TO_THE_STREAM = timedelta(seconds=30)
_ENOUGH = 5  # so many without an answer in a row: the provider is away, and each try may take its whole time-out


class NoticeNotWaiting(Conflict):
    """The message was sent, or is being sent at this moment."""

    code = "notice_not_waiting"


@dataclass
class Post:
    """The ways that are turned on. `quiet_until`: until when the stream leaves a channel alone that did not answer."""

    channels: Mapping[ChannelName, Channel]
    public_url: str
    quiet_until: dict[str, datetime] = field(default_factory=dict)


def send(tenant_id: str, notice: Notice, post: Post, *, now: datetime) -> bool:
    """Send a due notice, once among all who try; False when its channel did not take it and may take none now."""
    if notice.state == "sending" and notice.attempts >= MOST_TRIES and notice.next_at <= now:
        _give_up(tenant_id, notice, "cut", now)
        return True
    if not store.lease(notice, now=now):
        return True
    try:
        channel = post.channels.get(notice.channel)
        if channel is None:
            raise SendNever("channel_off")
        provider_id = channel.send(receivers.message_of(tenant_id, notice, post.public_url))
    except SendNever as refusal:
        _give_up(tenant_id, notice, refusal.code, now)
    except SendLater as trouble:
        _put_off(tenant_id, notice, trouble.code, now)
        return False
    else:
        store.note_sent(notice, provider_id, now=now)
    return True


def send_new(changes: Sequence[Mapping[str, Any]], post: Post, clock: Callable[[], datetime]) -> None:
    """Send what a batch of the stream brings into the outbox. Never raises: the batch is about money.

    changes: as the stream has them. What there is no time for, or no answer to, is left to the schedule.
    """
    until = clock() + AT_ONCE
    for change in changes:
        if change.get("NewImage", {}).get("kind", {}).get("S") != "notice":
            continue
        notice: Any = Record.from_raw_data(change["NewImage"])
        now = clock()
        is_quiet = post.quiet_until.get(notice.channel, now) > now
        if notice.state != "queued" or notice.next_at > now or is_quiet:
            continue
        if now >= until:
            return
        tenant_id = notice.pk[:TENANT_ID_LENGTH]
        with acting_for(tenant_id):
            if not _tried(tenant_id, notice, post, now):
                post.quiet_until[notice.channel] = now + QUIET


def send_due(tenant_id: str, post: Post, *, now: datetime, keep_going: Callable[[], bool] = lambda: True) -> None:
    """Send what is due and was not sent: it failed, was cut, or there was no time. One's trouble stops no other."""
    unanswered: Counter[str] = Counter()
    for notice in store.due(tenant_id, before=now - _LEFT_TO_THE_STREAM, limit=MOST_A_TICK):
        if not keep_going():
            return
        if notice.next_at > now or notice.state not in ("queued", "sending") or unanswered[notice.channel] >= _ENOUGH:
            continue
        answered = _tried(tenant_id, notice, post, now)
        unanswered[notice.channel] = 0 if answered else unanswered[notice.channel] + 1


def send_again(tenant_id: str, notice_id: str, *, now: datetime) -> Notice:
    """Make due at once what waits or was given up; the stream sends it. Raises `NoticeUnknown`, `NoticeNotWaiting`.

    One that had used up its attempts gets one more.
    """
    notice = store.get(tenant_id, notice_id)
    if not store.queue_again(tenant_id, notice, now=now):
        raise NoticeNotWaiting("This message was sent already, or is being sent right now.", param="notice_id")
    return notice


def _tried(tenant_id: str, notice: Notice, post: Post, now: datetime) -> bool:
    try:
        return send(tenant_id, notice, post, now=now)
    except Exception as error:
        # Whatever it is: the lease ends, the schedule tries again, and the others are sent. Messages may hold names.
        log.error("notice %s broke: %s", notice.notice_id, _where(error))
        return True


def _where(error: BaseException) -> str:
    step = error.__traceback__
    while step is not None and step.tb_next is not None:
        step = step.tb_next
    place = f"{step.tb_frame.f_code.co_filename}:{step.tb_lineno}" if step else "?"
    return f"{type(error).__name__} at {place}"


def _put_off(tenant_id: str, notice: Notice, code: str, now: datetime) -> None:
    wait = wait_after(int(notice.attempts))
    if wait is None:
        _give_up(tenant_id, notice, code, now)
    else:
        log.warning("notice %s was not taken: %s", notice.notice_id, code)
        store.put_off(tenant_id, notice, until=now + wait, reason=code)


def _give_up(tenant_id: str, notice: Notice, code: str, now: datetime) -> None:
    if store.give_up(tenant_id, notice, reason=code, now=now):
        log.error("notice given up: %s, %s", notice.notice_id, code)  # the alarm NoticesGivenUp counts these words
