"""The console's messages: what could not be sent, or waits; and sending it again."""

from chalicelib.notices import sending
from chalicelib.notices import store as notices
from chalicelib.notices.rules import BRAND
from chalicelib.store import decode_cursor, encode_cursor
from chalicelib.web import words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.frame import action, page

PAGE = 50


@page("/console/{store}/notices")
def notice_list(ask: Ask, store: str) -> Answer:
    """List what was given up or waits, the latest moment first; what is about the brand's own bill to its owner."""
    return _list_page(ask, ask.desk(store, "owner", "staff"))


@action("/console/{store}/notices/{notice_id}/again")
def again(ask: Ask, store: str, notice_id: str) -> Answer:
    """Send a message again."""
    desk = ask.desk(store, "owner", "staff")
    if ask.posted:
        with ask.keeping_problem():
            sending.send_again(desk.tenant_id, notice_id, now=ask.now)
            return ask.go("console", store, "notices", done="1")
    return _list_page(ask, desk)


def _list_page(ask: Ask, desk: Desk) -> Answer:
    after = decode_cursor(ask.query("after")) if ask.query("after") else None
    found = notices.unsent(desk.tenant_id, limit=PAGE, after=after)
    cursor = encode_cursor(str(found[-1].gsi1sk)) if len(found) == PAGE else ""
    return ask.show(
        "console/notices.html",
        notices=[one for one in found if one.about != BRAND or desk.membership.role == "owner"],
        names=words.NOTICES,
        channels=words.CHANNELS,
        states=words.NOTICE_STATES,
        reasons=words.NOTICE_REASONS,
        other_reason=words.OTHER_NOTICE_REASON,
        older=ask.links.path("console", desk.brand.slug, "notices", after=cursor) if cursor else "",
    )
