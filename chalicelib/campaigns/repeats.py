"""What a product's past campaigns tell: when its buyers came back, and how a campaign's earlier runs went.

Read from the order chains, for the brand and its leaders, never for an order. The work is bounded by numbers of
campaigns and entries, and what was found about a product is kept for a day.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import islice

from pynamodb.attributes import NumberAttribute, UTCDateTimeAttribute

from chalicelib import store
from chalicelib.campaigns import again, chain
from chalicelib.campaigns.again import Purchase
from chalicelib.campaigns.chain import ChainEntry
from chalicelib.campaigns.store import Campaign, CampaignNotFound, closing_latest_first, get
from chalicelib.store import Record

LOOK_BACK_CAMPAIGNS = 100
MOST_CAMPAIGNS = 20
MOST_ENTRIES = 5_000
MOST_RUNS = 5
MOST_ENTRIES_OF_A_RUN = 1_000
GOOD_FOR = timedelta(days=1)


class Repeats(Record, discriminator="repeats"):
    """When buyers of a product came back, as of a moment: `{tenant}#product#{id}` / `repeats`.

    `days` is the median; absent while nobody has bought twice. `times` is how often somebody came back.
    """

    days = NumberAttribute(null=True)
    times = NumberAttribute()
    campaigns = NumberAttribute()
    last_closed_at = UTCDateTimeAttribute(null=True)
    counted_at = UTCDateTimeAttribute()

    @property
    def run_again_at(self) -> datetime | None:
        """When buyers will want it again."""
        days = None if self.days is None else int(self.days)
        return again.run_again_at(self.last_closed_at, days) if self.last_closed_at else None


@dataclass(frozen=True, slots=True)
class Run:
    """One run of a campaign: who and what was in it at its end. `is_whole`: all of its orders were looked at.

    `goods_minor`: its units at the prices that the group ended with, before coupons and refunds.
    """

    campaign: Campaign
    orders: int
    people: int
    units: int
    goods_minor: int
    is_whole: bool


def repeats_key(tenant_id: str, product_id: str) -> tuple[str, str]:
    """Where it is kept when buyers of a product came back."""
    return f"{tenant_id}#product#{product_id}", "repeats"


def repeats_of(tenant_id: str, product_id: str, *, now: datetime) -> Repeats:
    """Give when a product's buyers came back: what was found within the last day, else found anew and kept."""
    kept = store.get(Repeats, *repeats_key(tenant_id, product_id), consistent=False)
    if kept is not None and now - kept.counted_at < GOOD_FOR:
        return kept
    latest = closing_latest_first(tenant_id, limit=LOOK_BACK_CAMPAIGNS)
    past = [one for one in latest if one.item(product_id) and one.closes_at <= now][:MOST_CAMPAIGNS]
    found = again.intervals(islice(_purchases(tenant_id, past, product_id), MOST_ENTRIES))
    record = Repeats(
        *repeats_key(tenant_id, product_id),
        days=again.median_days(found),
        times=len(found),
        campaigns=len(past),
        last_closed_at=past[0].closes_at if past else None,
        counted_at=now,
    )
    store.put(record)
    return record


def _purchases(tenant_id: str, campaigns: list[Campaign], product_id: str) -> Iterator[Purchase]:
    for campaign in campaigns:
        for entry in chain.entries(tenant_id, campaign.campaign_id, consistent=False, newest_first=True):
            if entry.left_at is None and product_id in entry.lines and _is_of_one_person(entry):
                yield Purchase(entry.buyer, campaign.campaign_id, entry.paid_at)


def _is_of_one_person(entry: ChainEntry) -> bool:
    """Tell orders of buyers from those that a leader entered for several: these carry the leader's own phone."""
    return len(entry.names) == 1


def earlier_runs(tenant_id: str, campaign: Campaign) -> list[Run]:
    """Tell how a campaign and the runs that it was cloned from went, the latest first."""
    runs = [_run_of(tenant_id, campaign)]
    while campaign.cloned_from and len(runs) < MOST_RUNS:
        try:
            campaign = get(tenant_id, campaign.cloned_from)
        except CampaignNotFound:
            break
        runs.append(_run_of(tenant_id, campaign))
    return runs


def _run_of(tenant_id: str, campaign: Campaign) -> Run:
    found = list(chain.entries(tenant_id, campaign.campaign_id, consistent=False, limit=MOST_ENTRIES_OF_A_RUN))
    still_in = [entry for entry in found if entry.left_at is None]
    by_product: dict[str, int] = {}
    for entry in still_in:
        for product_id, qty in entry.lines.items():
            by_product[product_id] = by_product.get(product_id, 0) + qty
    people = people_of(still_in)
    by_people = campaign.terms.ladder_by == "people"
    return Run(
        campaign=campaign,
        orders=len(still_in),
        people=people,
        units=sum(by_product.values()),
        goods_minor=sum(
            item.price_at(people if by_people else by_product.get(item.product_id, 0))
            * by_product.get(item.product_id, 0)
            for item in campaign.items
        ),
        is_whole=len(found) < MOST_ENTRIES_OF_A_RUN,
    )


def people_of(entries: list[ChainEntry]) -> int:
    """Count people: different buyers, and each name of an order that a leader entered for several."""
    buyers = {entry.buyer for entry in entries if len(entry.names) == 1}
    return len(buyers) + sum(len(set(entry.names)) for entry in entries if len(entry.names) > 1)
