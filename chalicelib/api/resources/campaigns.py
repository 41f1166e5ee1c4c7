"""Campaigns: opened, looked at, cancelled."""

from datetime import datetime
from typing import Any

from msgspec import Struct, structs

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody
from chalicelib.api.resources.shown import currency_of, shown_as
from chalicelib.campaigns import actions, closing, showing, store
from chalicelib.campaigns import group as groups
from chalicelib.campaigns.aftermaths import aftermath_of
from chalicelib.campaigns.commands import CancelCampaign, CloneCampaign, CreateCampaign
from chalicelib.campaigns.terms import Goal
from chalicelib.campaigns.views import CampaignItemView, CampaignView
from chalicelib.delivery.ways import Way
from chalicelib.leaders import profiles


class Campaign(Struct, frozen=True, kw_only=True, tag_field="object", tag="campaign"):
    """A limited offer. `takes_orders` is decided by the time; `left` of an item is null in lists."""

    id: str
    title: str
    opens_at: datetime
    closes_at: datetime
    status: str
    takes_orders: bool
    is_group: bool
    goal: Goal | None
    when_short: str
    extend_hours: int | None
    ladder_by: str
    places: int | None
    extended: bool
    decided_at: datetime | None
    shown: str
    leader_id: str | None
    cloned_from: str | None
    delivery: list[Way]
    currency: str
    items: list[CampaignItemView]


class CampaignGroup(Struct, frozen=True, kw_only=True, tag_field="object", tag="campaign_group"):
    """Who is in a campaign's group, and what its end did for their orders (`ending` null: it did not end yet).

    `settled` of `orders` are done with: refunded, or nothing is owed to them; `stuck` ones need a person.
    """

    campaign_id: str
    people: int
    units: int
    units_by_product: dict[str, int]
    ending: str | None = None
    orders: int = 0
    settled: int = 0
    stuck: int = 0
    refunded_minor: int = 0
    finished_at: datetime | None = None


class TakeOver(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The leader on whose page a campaign goes, or whose page it leaves."""

    leader_id: str


class ReadLines(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Text pasted from a chat: at most 8 000 characters, a line for each customer."""

    text: str


def create(call: Call[CreateCampaign]) -> Campaign:
    """Open a campaign; sent again with its key, it is the same campaign. `leader_id` makes it that leader's own."""
    if call.body.leader_id is not None:
        profiles.get(call.tenant_id, call.body.leader_id)
    made = actions.create(call.tenant_id, call.body, now=call.began_at, randbits=call.randbits)
    return _with_stock(call, made)


def retrieve(call: Call[NoBody]) -> Campaign:
    """Show a campaign with what is left of its products."""
    return _with_stock(call, store.get(call.tenant_id, call.ids["campaign_id"]))


def cancel(call: Call[CancelCampaign]) -> Campaign:
    """End a campaign now."""
    campaign_id, refund_paid = call.ids["campaign_id"], call.body.refund_paid
    return _with_stock(call, closing.cancel(call.tenant_id, campaign_id, now=call.now, refund_paid=refund_paid))


def close(call: Call[NoBody]) -> Campaign:
    """Close a campaign whose time is over, or decide its group, without waiting for the schedule."""
    return _with_stock(call, closing.close(call.tenant_id, call.ids["campaign_id"], now=call.now))


def clone(call: Call[CloneCampaign]) -> Campaign:
    """Run a campaign again; sent again with its key, it is the same campaign."""
    campaign_id = call.ids["campaign_id"]
    made = actions.clone(call.tenant_id, campaign_id, call.body, now=call.began_at, randbits=call.randbits)
    return _with_stock(call, made)


def group(call: Call[NoBody]) -> CampaignGroup:
    """Show a campaign's group, and how far its aftermath is."""
    campaign_id = store.get(call.tenant_id, call.ids["campaign_id"]).campaign_id
    counts = groups.counts(call.tenant_id, campaign_id)
    shown = CampaignGroup(
        campaign_id=campaign_id,
        people=counts.people,
        units=counts.units,
        units_by_product=dict(counts.by_product),
    )
    done = aftermath_of(call.tenant_id, campaign_id)
    if done is None:
        return shown
    return structs.replace(
        shown,
        ending=done.ending,
        orders=int(done.orders),
        settled=int(done.settled),
        stuck=int(done.stuck),
        refunded_minor=int(done.refunded_minor),
        finished_at=done.finished_at,
    )


def take_over(call: Call[TakeOver]) -> Campaign:
    """Put a campaign on a leader's page (帮卖)."""
    leader_id = profiles.get(call.tenant_id, call.body.leader_id).leader_id
    return _with_stock(call, showing.take_over(call.tenant_id, leader_id, call.ids["campaign_id"], now=call.now))


def give_up(call: Call[TakeOver]) -> Campaign:
    """Take a campaign off a leader's page."""
    leader_id = profiles.get(call.tenant_id, call.body.leader_id).leader_id
    showing.give_up(call.tenant_id, leader_id, call.ids["campaign_id"])
    return _with_stock(call, store.get(call.tenant_id, call.ids["campaign_id"]))


def latest(call: Call[NoBody]) -> ListOf[Campaign]:
    """List campaigns, the one that closes last first."""
    last = call.last_seen(lambda campaign_id: store.get(call.tenant_id, campaign_id))
    found = store.closing_latest_first(call.tenant_id, limit=call.one_more, after=last.gsi1sk if last else None)
    return call.page([_shown(call.tenant_id, CampaignView.of(one, call.now)) for one in found])


def _with_stock(call: Call[Any], campaign: store.Campaign) -> Campaign:
    left = store.stock_left(call.tenant_id, campaign)
    return _shown(call.tenant_id, CampaignView.of(campaign, call.now, left))


def _shown(tenant_id: str, view: CampaignView) -> Campaign:
    return shown_as(Campaign, view, "campaign_id", currency=currency_of(tenant_id))


def read_lines(call: Call[ReadLines]) -> Any:
    """Read pasted text over what the campaign offers (`pasted.ReadText`); nothing is ordered."""
    from chalicelib.api.resources import pasted  # the words of a chat are no part of a cold start

    return pasted.read(call)
