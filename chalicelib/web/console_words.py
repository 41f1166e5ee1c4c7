"""The console's list of leaders' words, of whatever product, that are new or changed since the brand looked."""

from chalicelib.catalog import store as catalog
from chalicelib.leaders import store as leaders
from chalicelib.reviews import experiences
from chalicelib.reviews.commands import Moderate
from chalicelib.reviews.rules import REASON_LENGTH
from chalicelib.store import decode_cursor, encode_cursor
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.frame import form
from chalicelib.web.moderating import moderate_chosen

PAGE = 20


@form("/console/{store}/words")
def unread_words(ask: Ask, store: str) -> Answer:
    """Read what leaders have written anew of products, and show or hide what is ticked: then it is read."""
    desk = ask.desk(store, "owner", "staff")
    if ask.posted:
        with ask.keeping_problem():
            moderate_chosen(ask, lambda words_id, command: _moderate(ask, desk, words_id, command))
            return ask.go("console", store, "words", done="1")
    after = decode_cursor(ask.query("after")) if ask.query("after") else None
    said, more = experiences.unread(desk.tenant_id, limit=PAGE, after=after)
    return ask.show(
        "console/words.html",
        said=said,
        names=leaders.get_many(desk.tenant_id, tuple(one.leader_id for one in said)),
        titles=catalog.get_many(desk.tenant_id, [one.product_id for one in said]),
        longest_reason=REASON_LENGTH,
        older=ask.links.path("console", store, "words", after=encode_cursor(more)) if more else "",
    )


def _moderate(ask: Ask, desk: Desk, words_id: str, command: Moderate) -> None:
    product_id, _, leader_id = words_id.partition(".")
    experiences.moderate(desk.tenant_id, product_id, leader_id, command, by=desk.person.person_id, now=ask.now)
