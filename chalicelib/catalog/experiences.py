"""What a leader says of a product that it has tried: one text for each product, shown on its own pages.

An item beside the product, `{tenant}#product#{id}` / `experience#{leader}`.
"""

from datetime import datetime

from pynamodb.attributes import UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.catalog.store import get, product_key
from chalicelib.errors import Invalid
from chalicelib.store import Record

LONGEST = 1000


class Experience(Record, discriminator="experience"):
    """A leader's words about a product."""

    leader_id = UnicodeAttribute()
    text = UnicodeAttribute()
    written_at = UTCDateTimeAttribute()


class ExperienceInvalid(Invalid):
    """The text is too long."""

    code = "experience_invalid"


def experience_key(tenant_id: str, product_id: str, leader_id: str) -> tuple[str, str]:
    """Where a leader's words about a product are kept."""
    return product_key(tenant_id, product_id)[0], f"experience#{leader_id}"


def of_leader(tenant_id: str, product_id: str, leader_id: str) -> Experience | None:
    """Give what a leader says of a product; None when it says nothing."""
    return store.get(Experience, *experience_key(tenant_id, product_id, leader_id))


def write(tenant_id: str, product_id: str, leader_id: str, text: str, *, now: datetime) -> None:
    """Keep what a leader says of a product, in place of what it said before; an empty text takes it away.

    Raises `ProductNotFound`, `ExperienceInvalid` (param `text`).
    """
    get(tenant_id, product_id)
    said = text.strip()
    if len(said) > LONGEST:
        raise ExperienceInvalid(f"Say it in at most {LONGEST} characters.", param="text")
    key = experience_key(tenant_id, product_id, leader_id)
    if said:
        store.put(Experience(*key, leader_id=leader_id, text=said, written_at=now))
    else:
        Experience(*key).delete()
