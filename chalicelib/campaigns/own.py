"""A leader opens a campaign of its own (团长开团), out of the brand's stock, at the brand's prices, if that lets it.

What a leader may take is bounded, for nobody of the brand looks at it before: a share of each product's free stock, few
campaigns at a time, a short time. Two opened at the same instant may go above the second bound by one.
"""

from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.campaigns import actions, closing, showing
from chalicelib.campaigns.commands import CreateCampaign, Offer
from chalicelib.campaigns.store import Campaign, CampaignNotFound, find, get
from chalicelib.campaigns.terms import Goal
from chalicelib.catalog import store as catalog
from chalicelib.errors import Conflict, Forbidden, Invalid
from chalicelib.ids import RandomBits
from chalicelib.tenants.store import Tenant

SHARE_BP = 2_000
"""Of a product's free stock, for one campaign."""
MOST_OPEN = 3
LONGEST = timedelta(days=7)


class LeaderCampaignsOff(Forbidden):
    """The brand opens all campaigns itself."""

    code = "leader_campaigns_off"


class TooManyOpen(Conflict):
    """A leader has only so many campaigns of its own at a time."""

    code = "too_many_own_campaigns"


class OwnOutOfBounds(Invalid):
    """A leader's own campaign asks for more units, or a longer time, than the brand lets leaders have."""

    code = "own_campaign_bounds"


class OpenOwn(Struct, frozen=True, kw_only=True):
    """A leader's own campaign, from now on: (product, units) each at its sale price; a smallest group and places."""

    title: str
    closes_at: datetime
    items: list[tuple[str, int]]
    goal: Goal | None = None
    places: int | None = None


def most_units(free_stock: int) -> int:
    """Say how many units of a product one campaign of a leader's can take out of its free stock."""
    return free_stock * SHARE_BP // 10_000


def check_allowed(brand: Tenant) -> None:
    """Refuse where the brand opens all campaigns itself. Raises `LeaderCampaignsOff`."""
    if not brand.leader_campaigns:
        raise LeaderCampaignsOff("At this brand leaders open no campaigns of their own. Take one of the brand's.")


def open_own(
    brand: Tenant,
    leader_id: str,
    command: OpenOwn,
    *,
    now: datetime,
    randbits: RandomBits,
    campaign_id: str | None = None,
) -> Campaign:
    """Open a leader's own campaign; where it falls short everybody gets the money back. The leader exists.

    Raises `LeaderCampaignsOff`, `TooManyOpen`, `OwnOutOfBounds` naming the field, and as `actions.create`.
    """
    tenant_id = brand.tenant_id
    check_allowed(brand)
    if campaign_id is not None and (earlier := find(tenant_id, campaign_id)) is not None:
        return earlier  # the form was sent twice: what it took by the first time is not counted against it
    if sum(one.status == "open" for one in _own(tenant_id, leader_id)) >= MOST_OPEN:
        raise TooManyOpen(f"You have {MOST_OPEN} campaigns open. Open another one when one of them is over.")
    if command.closes_at > now + LONGEST:
        raise OwnOutOfBounds(f"Your campaign closes within {LONGEST.days} days.", param="closes_at")
    _check_units(tenant_id, command)

    offers = [Offer(product_id=product_id, quantity=units) for product_id, units in command.items]
    asked = CreateCampaign(
        title=command.title,
        opens_at=now,
        closes_at=command.closes_at,
        items=offers,
        goal=command.goal,
        places=command.places,
        leader_id=leader_id,
    )
    return actions.create(tenant_id, asked, now=now, randbits=randbits, campaign_id=campaign_id)


def cancel_own(tenant_id: str, leader_id: str, campaign_id: str, *, now: datetime) -> Campaign:
    """End one's own campaign now. Of a group everybody gets the money back; else paid orders stay.

    Raises `CampaignNotFound` (also for anybody else's), and as `closing.cancel`.
    """
    return closing.cancel(tenant_id, get_own(tenant_id, leader_id, campaign_id).campaign_id, now=now)


def get_own(tenant_id: str, leader_id: str, campaign_id: str) -> Campaign:
    """Read a leader's own campaign. Raises `CampaignNotFound`, for anybody else's too."""
    campaign = get(tenant_id, campaign_id)
    if campaign.owner_id != leader_id:
        raise CampaignNotFound("There is no such campaign.", param="campaign_id")
    return campaign


def _own(tenant_id: str, leader_id: str) -> list[Campaign]:
    return [one for one in showing.of_leader(tenant_id, leader_id) if one.owner_id == leader_id]


def _check_units(tenant_id: str, command: OpenOwn) -> None:
    left = catalog.stocks_left(tenant_id, [product_id for product_id, _ in command.items])
    for number, (product_id, units) in enumerate(command.items):
        most = most_units(left.get(product_id, 0))
        if units > most:
            raise OwnOutOfBounds(f"You can take {most} units of this now.", param=f"items.{number}.quantity")
