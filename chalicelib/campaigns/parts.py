"""Where everything is that a page shows of a campaign: its products, what is left of them, its group, its places.

What a campaign offers never changes once it is open, so a warm process remembers the keys and reads the parts in the
same request as the campaign itself. A hint only: a page asks the campaign that it read, and reads what is missing.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from chalicelib.at_hand import Key
from chalicelib.campaigns import group
from chalicelib.campaigns.store import Campaign, places_key, stock_key, stock_left
from chalicelib.catalog.store import product_key
from chalicelib.reading import read_ahead
from chalicelib.remembering import Remembered


@dataclass(frozen=True, slots=True)
class Parts:
    """The keys of a campaign's parts, and when it was open as far as this process knows."""

    products: tuple[Key, ...]
    counts: tuple[Key, ...]
    places: tuple[Key, ...]
    opens_at: datetime
    closes_at: datetime

    @property
    def keys(self) -> tuple[Key, ...]:
        """All of them."""
        return self.products + self.counts + self.places


class Sold(NamedTuple):
    """How many units of a campaign are gone, those that wait for their payment with them, of how many."""

    units: int
    offered: int


_seen: Remembered[tuple[str, str], Parts] = Remembered(1_000)


def parts_of(tenant_id: str, campaign: Campaign) -> Parts:
    """Give where a campaign's parts are; remembered for `last_seen`."""
    items, campaign_id = campaign.items, campaign.campaign_id
    counters = [stock_key(tenant_id, campaign_id, one.product_id, n) for one in items for n in range(one.counters)]
    in_group = [group.group_key(tenant_id, campaign_id)] if campaign.is_group else []
    parts = Parts(
        products=tuple(product_key(tenant_id, one.product_id) for one in items),
        counts=(*counters, *in_group),
        places=(places_key(tenant_id, campaign_id),) if campaign.terms.places is not None else (),
        opens_at=campaign.opens_at,
        closes_at=campaign.closes_at,
    )
    _seen.put((tenant_id, campaign_id), parts)
    return parts


def last_seen(tenant_id: str, campaign_id: str) -> Parts | None:
    """Give a campaign's parts if this process has read it before."""
    return _seen.get((tenant_id, campaign_id))


def likely(tenant_id: str, campaign_ids: Iterable[str], wanted: str, now: datetime) -> Parts | None:
    """Guess which of the campaigns a shop will show, and give its parts: the one wanted, or the first that is open."""
    known = [(one, last_seen(tenant_id, one)) for one in campaign_ids]
    if wanted in dict(known):
        return dict(known)[wanted]
    return next((parts for _, parts in known if parts and parts.opens_at <= now < parts.closes_at), None)


def sold_of(tenant_id: str, running: Sequence[Campaign]) -> dict[str, Sold]:
    """Say what running campaigns have sold, by id; a page that only shows reads their counters in one request."""
    read_ahead((key for one in running for key in parts_of(tenant_id, one).counts), consistent=True)
    sold = {}
    for one in running:
        offered = sum(item.quantity for item in one.items)
        sold[one.campaign_id] = Sold(offered - sum(stock_left(tenant_id, one).values()), offered)
    return sold
