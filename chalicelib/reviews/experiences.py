"""What a leader says of a product that it has tried: one text for each product, shown on its own pages.

It is shown as soon as it is written; the brand reads it afterwards, hides it, shows it again. What is hidden stays so
however its leader changes it: the two write different attributes of one item, neither undoes the other.

An item beside the product, `{tenant}#product#{id}` / `experience#{leader}`. While it has a text it is listed by its
product, the last written first; while the brand has not looked at it, also in `{tenant}#unread-words`.
"""

from datetime import datetime

from pynamodb.attributes import BooleanAttribute, UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.expressions.update import Action

from chalicelib import store
from chalicelib.catalog import store as catalog
from chalicelib.errors import Conflict, NotFound
from chalicelib.orders.store import in_order
from chalicelib.reviews.commands import Moderate
from chalicelib.reviews.rules import check_words
from chalicelib.reviews.verdicts import Moderated, verdict_of
from chalicelib.store import Record

LONGEST = 1000


class Experience(Moderated, discriminator="experience"):
    """A leader's words about a product. Without `text` it has taken them away; whether they are hidden stays known.

    `unread`: written or changed since the brand last looked at them; what waits is counted by it (`figures.waiting`).
    """

    product_id = UnicodeAttribute()
    leader_id = UnicodeAttribute()
    text = UnicodeAttribute(null=True)
    state = UnicodeAttribute(default="shown")
    written_at = UTCDateTimeAttribute()
    unread = BooleanAttribute(null=True)

    @property
    def is_shown(self) -> bool:
        """Tell whether buyers read it."""
        return bool(self.text) and self.state == "shown"

    @property
    def is_changed(self) -> bool:
        """Tell whether its leader has changed it since it was hidden."""
        return self.state == "hidden" and self.moderated_at is not None and self.written_at > self.moderated_at


class UnreadWords(Record, discriminator="unread-words"):
    """That there are words which the brand has not looked at: `{tenant}#unread-words` / `{product}.{leader}`."""

    product_id = UnicodeAttribute()
    leader_id = UnicodeAttribute()


class ExperienceNotFound(NotFound):
    """This leader has never said anything of this product."""

    code = "experience_missing"


class ExperienceChanged(Conflict):
    """The words are not those any more that were read."""

    code = "experience_changed"


def experience_key(tenant_id: str, product_id: str, leader_id: str) -> tuple[str, str]:
    """Where a leader's words about a product are kept."""
    return catalog.product_key(tenant_id, product_id)[0], f"experience#{leader_id}"


def unread_key(tenant_id: str, product_id: str, leader_id: str) -> tuple[str, str]:
    """Where it says that a leader's words about a product are unread."""
    return f"{tenant_id}#unread-words", f"{product_id}.{leader_id}"


def listing_key(tenant_id: str, product_id: str) -> str:
    """The partition of the index that lists what leaders say of a product."""
    return f"{tenant_id}#experiences#{product_id}"


def of_leader(tenant_id: str, product_id: str, leader_id: str) -> Experience | None:
    """Give what a leader says of a product, shown or hidden; None where it never said anything."""
    return store.get(Experience, *experience_key(tenant_id, product_id, leader_id))


def get(tenant_id: str, product_id: str, leader_id: str) -> Experience:
    """Give what a leader says of a product. Raises `ExperienceNotFound`."""
    found = of_leader(tenant_id, product_id, leader_id)
    if found is None:
        raise ExperienceNotFound("This leader has not written about this product.", param="leader_id")
    return found


def newest(tenant_id: str, product_id: str, *, limit: int, after: str | None = None) -> list[Experience]:
    """List what leaders say of a product, last written first; `after` is the `gsi1sk` of the last one seen."""
    rows = store.listed([listing_key(tenant_id, product_id)], newest_first=True, after=after, limit=limit)
    return [one for one in in_order(rows, Experience) if one.text]


def unread(tenant_id: str, *, limit: int, after: str | None = None) -> tuple[list[Experience], str | None]:
    """List what the brand has not looked at, product by product, and the place to go on after, if there is more."""
    rows = list(store.query(UnreadWords, unread_key(tenant_id, "", "")[0], limit=limit, after=after))
    keys = [experience_key(tenant_id, row.product_id, row.leader_id) for row in rows]
    found = {(one.pk, one.sk): one for one in store.get_all(keys) if isinstance(one, Experience)}
    return [found[key] for key in keys if key in found], str(rows[-1].sk) if len(rows) == limit else None


def write(tenant_id: str, product_id: str, leader_id: str, text: str, *, now: datetime) -> None:
    """Keep what a leader says of a product, in place of what it said before; an empty text takes it away.

    Raises `ProductNotFound`, `ReviewInvalid` (param `text`).
    """
    catalog.get(tenant_id, product_id)
    before = of_leader(tenant_id, product_id, leader_id)

    said = check_words(text, LONGEST, param="text")
    if said == ((before.text if before else None) or ""):
        return  # saved as it was: the brand need not read it again

    actions: list[Action] = [
        Experience.kind.set(Experience),
        Experience.product_id.set(product_id),
        Experience.leader_id.set(leader_id),
        Experience.written_at.set(now),
        Experience.version.add(1),
        *_said(tenant_id, product_id, leader_id, said, now),
    ]

    def together() -> None:
        news = _news(tenant_id, product_id, leader_id)
        with store.transaction() as write:
            write.update(Experience(*experience_key(tenant_id, product_id, leader_id)), actions=actions)
            write.save(news) if said else write.delete(news)

    store.again_when_crossed(together)


def moderate(
    tenant_id: str, product_id: str, leader_id: str, command: Moderate, *, by: str, now: datetime
) -> Experience:
    """Show or hide what a leader says; from then on it is read. The same verdict again changes nothing.

    Raises `ExperienceNotFound`, `ExperienceChanged` (its leader changed it after it was read), `ReviewInvalid`.
    """
    verdict = [*verdict_of(command, by=by, now=now), Experience.unread.remove()]
    said = get(tenant_id, product_id, leader_id)
    if said.state == command.verdict and not said.unread:
        return said

    def decide() -> None:
        with store.transaction() as write:
            write.update(said, actions=verdict, condition=Experience.version == command.version)
            write.delete(_news(tenant_id, product_id, leader_id))

    decided = store.written(decide)
    found = get(tenant_id, product_id, leader_id)
    if decided or (found.state == command.verdict and not found.unread):  # the same by somebody else, or a lost answer
        return found
    raise ExperienceChanged("These words were changed after you read them. Read them again.", param="version")


def _said(tenant_id: str, product_id: str, leader_id: str, said: str, now: datetime) -> list[Action]:
    if not said:
        gone = (Experience.text, Experience.unread, Experience.gsi1pk, Experience.gsi1sk)
        return [attribute.remove() for attribute in gone]
    return [
        Experience.text.set(said),
        Experience.unread.set(True),
        Experience.gsi1pk.set(listing_key(tenant_id, product_id)),
        Experience.gsi1sk.set(store.position(now, leader_id)),
    ]


def _news(tenant_id: str, product_id: str, leader_id: str) -> UnreadWords:
    return UnreadWords(*unread_key(tenant_id, product_id, leader_id), product_id=product_id, leader_id=leader_id)
