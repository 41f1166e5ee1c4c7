"""What leaders say of a product on their own pages; the brand hides it, and shows it again."""

from datetime import datetime

from msgspec import Struct

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody
from chalicelib.api.resources.shown import copied
from chalicelib.catalog import store as catalog
from chalicelib.reviews import experiences
from chalicelib.reviews.commands import Moderate


class Experience(Struct, frozen=True, kw_only=True, tag_field="object", tag="experience"):
    """A leader's words about a product; `id` is the leader's. `shown` as soon as written, until the brand hides them.

    What is `hidden` stays so when its leader changes it, until the brand shows it. `version` is what a verdict has to
    name, so that nothing is decided that was changed after it was read. `text` is empty once its leader took it away.
    `unread`: written or changed since the brand's last verdict on it; showing what is shown says that it was looked at.
    """

    id: str
    product_id: str
    text: str
    state: str
    reason: str
    unread: bool
    version: int
    written_at: datetime
    moderated_at: datetime | None


def of_product(call: Call[NoBody]) -> ListOf[Experience]:
    """List what leaders say of a product."""
    product_id = catalog.get(call.tenant_id, call.ids["product_id"]).product_id
    last = call.last_seen(lambda leader_id: experiences.get(call.tenant_id, product_id, leader_id))
    after = str(last.gsi1sk) if last else None
    found = experiences.newest(call.tenant_id, product_id, limit=call.one_more, after=after)
    return call.page([_shown(one) for one in found])


def moderate(call: Call[Moderate]) -> Experience:
    """Show or hide what a leader says of a product."""
    product_id, leader_id = catalog.get(call.tenant_id, call.ids["product_id"]).product_id, call.ids["leader_id"]
    return _shown(experiences.moderate(call.tenant_id, product_id, leader_id, call.body, by=call.by, now=call.now))


def _shown(one: experiences.Experience) -> Experience:
    known = {"id": one.leader_id, "text": one.text or "", "reason": one.reason or "", "version": int(one.version)}
    known |= {"unread": bool(one.unread)}
    return copied(Experience, one, **known)
