"""Finding campaigns by their title and by whether they run, are to come or are over."""

from collections.abc import Sequence
from datetime import UTC, datetime
from typing import Literal, get_args

from chalicelib import store
from chalicelib.campaigns.store import Campaign, campaign_key, listing_key, takes_orders
from chalicelib.leaders.store import folded
from chalicelib.sieve import LOOK_THROUGH, Sieved, sieve

Phase = Literal["running", "to_come", "over"]
PHASES: tuple[Phase, ...] = get_args(Phase)


def phase_of(campaign: Campaign, now: datetime) -> Phase:
    """Say whether a campaign takes orders, will, or never again."""
    if takes_orders(campaign, now):
        return "running"
    return "to_come" if campaign.status == "open" and now < campaign.opens_at else "over"


def closing_latest_first(
    tenant_id: str, title: str, phase: Phase | None, *, now: datetime, limit: int, after: str | None = None
) -> Sieved[Campaign]:
    """Find campaigns with a title like this and of a phase (None: any), the one that closes last first.

    Two queries, and a request per hundred that are looked at.
    """
    low = "0" if phase in (None, "over") else now.astimezone(UTC).isoformat(timespec="microseconds")
    high, most = after or "~", LOOK_THROUGH if title or phase else limit
    if high < low:
        return Sieved([])
    partitions = [listing_key(tenant_id), listing_key(tenant_id, restricted=True)]
    # The end of what is between belongs to it, so that the last one seen comes again.
    rows = store.listed(partitions, newest_first=True, between=(low, high), limit=most + bool(after))
    wanted = folded(title)
    return sieve(
        [(row.pk.rpartition("#")[2], row.position) for row in rows if row.position != after][:most],
        lambda ids: _read(tenant_id, ids),
        lambda one: wanted in folded(one.title) and (phase is None or phase_of(one, now) == phase),
        limit=limit,
        most=most,
    )


def _read(tenant_id: str, campaign_ids: Sequence[str]) -> dict[str, Campaign]:
    found = store.get_all([campaign_key(tenant_id, campaign_id) for campaign_id in campaign_ids])
    return {one.campaign_id: one for one in found if isinstance(one, Campaign)}
