"""What can be asked of campaigns; also the bodies of their `/v1` requests."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from chalicelib.campaigns.items import PriceStep
from chalicelib.campaigns.terms import Goal, LadderBy, WhenShort
from chalicelib.delivery.ways import Way


class Offer(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """One product of a campaign: its price (minor units; the product's sale price when left out) and its quantity.

    `steps`: lower prices from a number of units (or people) on; `per_person`: the most units for one buyer;
    `case_size`: units in the supplier's case.
    """

    product_id: str
    price_minor: int | None = None
    quantity: int
    steps: list[PriceStep] = []
    per_person: int | None = None
    case_size: int | None = None


class CreateCampaign(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """A new campaign. Times carry an offset (ISO 8601).

    `goal`: the smallest group; `when_short`: what happens when it is not reached, `extend` once by `extend_hours`.
    `places`: the most people. `shown`: on every leader's page, or only on those of leaders who `take` it.
    `leader_id`: the leader whose own campaign it is. `orders_per_second`: what is expected of a flash sale.
    `delivery`: how its goods get to the customer, `pickup`, `home` or both; both when left out.
    """

    title: str
    opens_at: datetime
    closes_at: datetime
    items: list[Offer]
    goal: Goal | None = None
    when_short: WhenShort = "fail"
    extend_hours: int | None = None
    ladder_by: LadderBy = "units"
    places: int | None = None
    shown: Literal["everywhere", "chosen"] = "everywhere"
    leader_id: str | None = None
    orders_per_second: int | None = None
    delivery: list[Way] | None = None


class CloneCampaign(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """Run a campaign again (复团): the same products and terms, at other times."""

    opens_at: datetime
    closes_at: datetime


class CancelCampaign(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """End a campaign now. `refund_paid`: give back what was paid and not yet delivered; groups always do."""

    refund_paid: bool = False
