"""Notices as pages and the API show them."""

from datetime import datetime

from msgspec import Struct

from chalicelib.notices.store import Notice


class NoticeView(Struct, frozen=True, kw_only=True):
    """A message to a buyer, a leader or the owner; `given_up` has the provider's code as its `reason`.

    `state` is `queued`, `sending`, `sent` or `given_up`. `about` is the order, the leader, or `brand` (its own bill);
    addresses are not kept with it. `next_at`: when it is tried (again).
    """

    notice_id: str
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

    @classmethod
    def of(cls, notice: Notice) -> "NoticeView":
        """Show a notice's record."""
        return cls(
            notice_id=notice.notice_id,
            about=notice.about,
            template=notice.template,
            channel=notice.channel,
            language=notice.language,
            state=notice.state,
            attempts=int(notice.attempts),
            reason=notice.reason,
            queued_at=notice.queued_at,
            next_at=notice.next_at if notice.state in ("queued", "sending") else None,
            sent_at=notice.sent_at,
        )
