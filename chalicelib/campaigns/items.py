"""What a campaign offers."""

from msgspec import Struct


class CampaignItem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A product on offer: its price here (minor units) and how many units the campaign began with.

    `rate_bp` is the product's commission rate as it was when the campaign was made and checked against the plan: an
    edit of the product in the middle of a campaign cannot make an order that the plan has no reward for.
    """

    product_id: str
    price_minor: int
    quantity: int
    rate_bp: int | None = None
