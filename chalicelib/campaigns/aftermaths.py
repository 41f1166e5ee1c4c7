"""What is left to do for a campaign's orders after it ended, or was extended, and how far it is.

`orders.aftermath` does it. An extension only has to be told; it stands beside the aftermath of the later end.
"""

from datetime import datetime
from typing import Any

import msgspec
from msgspec import Struct
from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.store import Record


class Round(Struct, frozen=True, kw_only=True):
    """One walk through a campaign's orders: up to which place it is, and what it met on its way."""

    after: str | None = None
    orders: int = 0
    open: int = 0
    stuck: int = 0
    refunded_minor: int = 0


class Aftermath(Record, discriminator="campaign-aftermath"):
    """The aftermath of a campaign: `settled` of its `orders` are done with, `stuck` ones need a person.

    Listed in the index until it is finished. What is settled stays so: the figures never go back from round to round.
    """

    campaign_id = UnicodeAttribute()
    ending = UnicodeAttribute()
    began_at = UTCDateTimeAttribute()
    finished_at = UTCDateTimeAttribute(null=True)
    orders = NumberAttribute(default=0)
    settled = NumberAttribute(default=0)
    stuck = NumberAttribute(default=0)
    refunded_minor = NumberAttribute(default=0)
    round_packed = UnicodeAttribute(default="{}")

    @property
    def round(self) -> Round:
        """Where the round that is under way stands."""
        return msgspec.json.decode(self.round_packed, type=Round)

    def note(self, round_: Round, *, is_last: bool) -> None:
        """Take in how far a round is; behind its last page the next one begins at the start."""
        self.orders = max(int(self.orders), round_.orders)
        self.settled = max(int(self.settled), round_.orders - round_.open - round_.stuck)
        self.refunded_minor = max(int(self.refunded_minor), round_.refunded_minor)
        self.stuck = round_.stuck if is_last else max(int(self.stuck), round_.stuck)
        self.round_packed = msgspec.json.encode(Round() if is_last else round_).decode()

    def finish(self, now: datetime) -> None:
        """Note that nothing is left to do by itself."""
        self.finished_at, self.gsi1pk, self.gsi1sk = now, None, None


def aftermath_key(tenant_id: str, campaign_id: str, ending: str = "") -> tuple[str, str]:
    """Where a campaign's aftermath is kept; `extended` has one of its own."""
    return f"{tenant_id}#campaign#{campaign_id}", "extension" if ending == "extended" else "aftermath"


def aftermaths_listing(tenant_id: str) -> str:
    """The partition of the index that lists what is not finished."""
    return f"{tenant_id}#aftermaths"


def begun(tenant_id: str, campaign_id: str, ending: str, now: datetime) -> Aftermath:
    """Make the record of an aftermath at its beginning."""
    key = aftermath_key(tenant_id, campaign_id, ending)
    aftermath = Aftermath(*key, campaign_id=campaign_id, ending=ending, began_at=now)
    aftermath.gsi1pk, aftermath.gsi1sk = aftermaths_listing(tenant_id), f"{campaign_id}#{aftermath.sk}"
    return aftermath


def aftermath_of(tenant_id: str, campaign_id: str) -> Aftermath | None:
    """Give how far the aftermath of a campaign's end is; None where there was none."""
    return store.get(Aftermath, *aftermath_key(tenant_id, campaign_id))


def unfinished(tenant_id: str, *, limit: int) -> list[Aftermath]:
    """List what is not finished in a brand."""
    rows = store.listed([aftermaths_listing(tenant_id)], limit=limit)
    found: list[Any] = store.get_all([(row.pk, row.sk) for row in rows])
    return [one for one in found if isinstance(one, Aftermath) and one.finished_at is None]
