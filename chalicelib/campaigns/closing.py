"""Ending a campaign: what nobody ordered goes back to the products' stock, once; a group is decided.

What is promised to an order that still awaits its payment stays promised; should that order lapse later, its units go
to the products' stock as well (`orders.steps`), since the campaign's counters are marked `given_back` by then.

A group's decision, its closing to payments and the beginning of its aftermath (`orders.aftermath`: everybody's money)
are one transaction.
"""

from datetime import datetime, timedelta
from typing import Literal

from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.campaigns import group, terms
from chalicelib.campaigns.aftermaths import Aftermath, begun
from chalicelib.campaigns.store import (
    Campaign,
    CampaignMark,
    CampaignStock,
    campaign_key,
    closing_after,
    counters_of,
    get,
    mark_key,
)
from chalicelib.catalog import store as catalog
from chalicelib.catalog.store import Stock
from chalicelib.errors import Conflict

Ending = Literal["closed", "cancelled", "succeeded", "failed"]

_ATTEMPTS = 20
_INDEX_LAG = timedelta(hours=1)  # a campaign made and closed within seconds may be late in the index


class CampaignStillOpen(Conflict):
    """A campaign is closed when its time is over, not before; the brand can cancel it."""

    code = "campaign_still_open"


class CampaignBusy(Conflict):
    """Orders keep changing the campaign's counters while it is being ended."""

    code = "campaign_busy"


# ------------------------------------------------------------------------------------------------ ending


def close(tenant_id: str, campaign_id: str, *, now: datetime) -> Campaign:
    """Close a campaign whose time is over. Closing a closed one changes nothing.

    A group is decided, or extended. Raises `CampaignStillOpen` (for a group: as long as somebody has time to pay).
    """
    campaign = get(tenant_id, campaign_id)
    if campaign.status == "open" and not is_over(campaign, now):
        raise CampaignStillOpen("This campaign still takes orders. Cancel it to end it now.", param="campaign_id")
    return _end(tenant_id, campaign, now)


def cancel(tenant_id: str, campaign_id: str, *, now: datetime, refund_paid: bool = False) -> Campaign:
    """End a campaign now: no more orders, and payments that arrive from now on are refunded.

    Of a group, or with `refund_paid`, all that was paid and not delivered is given back; else paid orders stay.
    """
    campaign = get(tenant_id, campaign_id)
    if campaign.status not in ("open", "cancelled"):
        raise Conflict("This campaign is closed already; there is nothing to cancel.", param="campaign_id")
    return _end(tenant_id, campaign, now, cancels=True, refund_paid=refund_paid)


def close_past(tenant_id: str, *, now: datetime, at_a_time: int = 100) -> int:
    """Close every campaign whose time is over; gives how many were. Goes on where the last run stopped."""
    mark = store.get(CampaignMark, *mark_key(tenant_id))
    after = store.sortable(mark.done_up_to) if mark else "0"  # before every year
    closed, done_up_to = 0, now - _INDEX_LAG
    while True:
        listed = closing_after(tenant_id, after, limit=at_a_time)
        past = [campaign for campaign in listed if campaign.closes_at <= now]
        for campaign in past:
            if campaign.status == "open" and not _closed_by(tenant_id, campaign, now):
                done_up_to = min(done_up_to, campaign.closes_at)  # the next run finds it again; the others go on
            elif campaign.status == "open":
                closed += 1
        if len(past) < at_a_time:
            break
        after = store.position(past[-1].closes_at, past[-1].campaign_id)
    if closed:
        store.put(CampaignMark(*mark_key(tenant_id), done_up_to=done_up_to))
    return closed


def _closed_by(tenant_id: str, campaign: Campaign, now: datetime) -> bool:
    if not is_over(campaign, now):
        return False
    try:
        _end(tenant_id, campaign, now)
    except CampaignBusy:
        return False
    return True


def is_over(campaign: Campaign, now: datetime) -> bool:
    """Tell whether a campaign can be ended: a group waits for those who ordered in time to pay."""
    return now >= campaign.closes_at and (not campaign.is_group or terms.is_due(campaign.closes_at, now))


def _end(
    tenant_id: str, campaign: Campaign, now: datetime, *, cancels: bool = False, refund_paid: bool = False
) -> Campaign:
    """Try until nobody took or returned units, or joined, between the reading and the write."""
    for _ in range(_ATTEMPTS):
        if campaign.status != "open":
            return campaign
        if not cancels and not is_over(campaign, now):
            return campaign  # extended meanwhile
        members = group.read(tenant_id, campaign.campaign_id) if campaign.is_group else None
        ending = "cancelled" if cancels else _ending_of(campaign, members)
        if ending == "extend":
            _extend(tenant_id, campaign, now)
        else:
            _try_to_end(tenant_id, campaign, members, ending, now, refund_paid=refund_paid)
        campaign = get(tenant_id, campaign.campaign_id)
    raise CampaignBusy("Orders are changing this campaign right now. Try again in a moment.", param="campaign_id")


def _ending_of(campaign: Campaign, members: group.Group | None) -> Ending | Literal["extend"]:
    if members is None:
        return "closed"
    return terms.decide(campaign.terms, campaign.items, members.counts, extended=bool(campaign.extended))


def _extend(tenant_id: str, campaign: Campaign, now: datetime) -> None:
    """Let a short group run on, once. The hours begin now: nobody could order between the deadline and this."""
    closes_at = now + timedelta(hours=campaign.terms.extend_hours or 0)
    actions: list[Action] = [
        Campaign.closes_at.set(closes_at),
        Campaign.gsi1sk.set(store.position(closes_at, campaign.campaign_id)),
        Campaign.extended.set(True),
    ]
    still_short = (Campaign.status == "open") & Campaign.extended.does_not_exist()
    told = begun(tenant_id, campaign.campaign_id, "extended", now)

    def together() -> None:
        with store.transaction() as write:
            write.save(told, condition=Aftermath.pk.does_not_exist())
            write.update(Campaign(campaign.pk, campaign.sk), actions=actions, condition=still_short)

    store.written(together)


def _try_to_end(
    tenant_id: str,
    campaign: Campaign,
    members: group.Group | None,
    ending: Ending,
    now: datetime,
    *,
    refund_paid: bool,
) -> None:
    # Not written: an order took or returned units, or joined, between the read and the write, or somebody else ended
    # it. The caller looks again.
    counters = counters_of(tenant_id, campaign)
    has_aftermath = members is not None or refund_paid
    actions = [Campaign.refunds_paid.set(True)] if refund_paid else []

    def together() -> None:
        with store.transaction() as write:
            if has_aftermath:
                write.save(begun(tenant_id, campaign.campaign_id, ending, now), condition=Aftermath.pk.does_not_exist())
            write.update(
                Campaign(*campaign_key(tenant_id, campaign.campaign_id)),
                actions=[*actions, Campaign.status.set(ending), Campaign.decided_at.set(now)],
                condition=(Campaign.status == "open") & (Campaign.closes_at == campaign.closes_at),
            )
            if members is not None:
                group.close(write, members, now)
            _give_back(write, tenant_id, counters)

    store.written(together)


def _give_back(write: TransactWrite, tenant_id: str, counters: list[CampaignStock]) -> None:
    left: dict[str, int] = {}
    for counter in counters:
        left[counter.product_id] = left.get(counter.product_id, 0) + int(counter.left)
        emptied: list[Action] = [CampaignStock.left.set(0), CampaignStock.given_back.set(True)]
        as_read = (CampaignStock.left == counter.left) & CampaignStock.given_back.does_not_exist()
        write.update(CampaignStock(counter.pk, counter.sk), actions=emptied, condition=as_read)
    for product_id, units in left.items():
        if units:
            write.update(Stock(*catalog.stock_key(tenant_id, product_id)), actions=[Stock.left.add(units)])
