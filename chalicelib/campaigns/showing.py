"""Which leaders show a campaign that is not on every page: its own leader's, and those who took it over (帮卖).

A leader's list is `{tenant}#leader#{id}#shows` / `{campaign_id}`. Whoever sells earns by the brand's plan: the leader
of the page is the order's seller, and its uplines earn on it as on any other order.
"""

from datetime import datetime

from chalicelib import store
from chalicelib.campaigns.store import (
    Campaign,
    CampaignNotFound,
    campaign_key,
    get,
    in_order,
    listing_key,
    takes_orders,
    taking_orders,
)
from chalicelib.errors import Conflict
from chalicelib.ids import is_id
from chalicelib.leaders import stall
from chalicelib.leaders.stall import Stall
from chalicelib.store import Record

MOST_SHOWN = 50
"""How many of its latest own and taken campaigns a leader's page looks at."""
MANY = 20
"""From how many campaigns on a leader's stall is tidied."""


class NotForTaking(Conflict):
    """This campaign is on every leader's page, or over."""

    code = "campaign_not_for_taking"


class Shown(Record, discriminator="shown-campaign"):
    """A campaign on a leader's page."""


def shown_key(tenant_id: str, leader_id: str, campaign_id: str) -> tuple[str, str]:
    """Where it says that a leader shows a campaign."""
    return f"{tenant_id}#leader#{leader_id}#shows", campaign_id


def shown(tenant_id: str, leader_id: str, campaign_id: str) -> Shown:
    """Make the record of a campaign on a leader's page."""
    return Shown(*shown_key(tenant_id, leader_id, campaign_id))


def take_over(tenant_id: str, leader_id: str, campaign_id: str, *, now: datetime) -> Campaign:
    """Put a brand's or another leader's campaign on a leader's own page. Doing it again changes nothing.

    Raises `CampaignNotFound`, `NotForTaking`.
    """
    campaign = get(tenant_id, campaign_id)
    if not campaign.is_restricted:
        raise NotForTaking("This campaign is on your page already: it is on every leader's.", param="campaign_id")
    if campaign.status != "open" or now >= campaign.closes_at:
        raise NotForTaking("This campaign is over.", param="campaign_id")
    tidy(tenant_id, leader_id, now)
    store.again_when_crossed(lambda: _take(tenant_id, leader_id, campaign_id))
    return campaign


def _take(tenant_id: str, leader_id: str, campaign_id: str) -> None:
    with store.transaction() as write:
        write.save(shown(tenant_id, leader_id, campaign_id))
        stall.add_campaign(write, tenant_id, leader_id, campaign_id)


def give_up(tenant_id: str, leader_id: str, campaign_id: str) -> None:
    """Take a campaign off a leader's page; its own leader's keeps it. Raises `CampaignNotFound`, `NotForTaking`."""
    if get(tenant_id, campaign_id).owner_id == leader_id:
        raise NotForTaking("This is your own campaign: it stays on your page until it closes.", param="campaign_id")
    store.again_when_crossed(lambda: _take_off(tenant_id, leader_id, campaign_id))


def _take_off(tenant_id: str, leader_id: str, campaign_id: str) -> None:
    with store.transaction() as write:
        write.delete(shown(tenant_id, leader_id, campaign_id))
        stall.take_off(write, tenant_id, leader_id, {campaign_id})


def tidy(tenant_id: str, leader_id: str, now: datetime) -> None:
    """Take what is over off a stall that has many: it must not grow without bound. A closed one never opens again."""
    kept = stall.read(tenant_id, leader_id).campaign_ids
    if len(kept) <= MANY:
        return
    found = store.get_all([campaign_key(tenant_id, one) for one in kept])
    is_open = {
        one.campaign_id for one in found if isinstance(one, Campaign) and one.status == "open" and now < one.closes_at
    }
    if is_over := set(kept) - is_open:
        stall.tidy(tenant_id, leader_id, is_over)


def shows(tenant_id: str, leader_id: str, campaign: Campaign) -> bool:
    """Tell whether orders of a campaign can be placed through a leader."""
    if not campaign.is_restricted or campaign.owner_id == leader_id:
        return True
    return store.get(Shown, *shown_key(tenant_id, leader_id, campaign.campaign_id)) is not None


def check_shows(tenant_id: str, leader_id: str, campaign: Campaign) -> None:
    """Refuse an order through a leader who does not show the campaign. Raises `CampaignNotFound`."""
    if not shows(tenant_id, leader_id, campaign):
        raise CampaignNotFound("There is no such campaign.", param="campaign_id")


def of_leader(tenant_id: str, leader_id: str) -> list[Campaign]:
    """List the latest campaigns that only some leaders show and this one does, its own and taken ones."""
    pk, _ = shown_key(tenant_id, leader_id, "")
    listed = list(store.query(Shown, pk, newest_first=True, limit=MOST_SHOWN))
    found = store.get_all([campaign_key(tenant_id, one.sk) for one in listed if is_id("cp", one.sk)])
    return sorted((one for one in found if isinstance(one, Campaign)), key=lambda one: one.closes_at)


def running_of(tenant_id: str, leader_id: str, now: datetime) -> list[Campaign]:
    """List what a leader's page sells now: its own and taken campaigns, then the brand's; the first to close first."""
    found = store.get_all(own_keys(tenant_id, stall.read(tenant_id, leader_id)))
    own = [one for one in found if isinstance(one, Campaign) and takes_orders(one, now)]
    return sorted(own, key=lambda one: (one.closes_at, one.campaign_id)) + taking_orders(tenant_id, now)


def own_keys(tenant_id: str, kept: Stall) -> list[tuple[str, str]]:
    """Give where the campaigns of a leader's stall are."""
    return [campaign_key(tenant_id, one) for one in kept.campaign_ids[:MOST_SHOWN] if is_id("cp", one)]


def to_take(tenant_id: str, leader_id: str, now: datetime, *, limit: int = 100) -> list[Campaign]:
    """List campaigns that a leader could put on its page: those of others that run and are not there yet."""
    after = store.sortable(now)
    rows = store.listed([listing_key(tenant_id, restricted=True)], after=after, limit=limit)
    mine = {one.campaign_id for one in of_leader(tenant_id, leader_id)}
    return [one for one in in_order(rows) if takes_orders(one, now) and one.campaign_id not in mine]
