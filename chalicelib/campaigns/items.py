"""What a campaign offers."""

from msgspec import Struct


class PriceStep(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """From `at` units (or people: `Terms.ladder_by`) on, a unit costs `price_minor`, for everybody."""

    at: int
    price_minor: int


class CampaignItem(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """A product on offer: its price here (minor units) and how many units the campaign began with.

    `rate_bp` is the product's commission rate as it was when the campaign was made and checked against the plan: an
    edit of the product in the middle of a campaign cannot make an order that the plan has no reward for.
    `steps` is the price ladder, dearest first; `per_person` the most units for one buyer; `case_size` the units of the
    supplier's case; `counters` over how many items of the table its stock is spread.
    """

    product_id: str
    price_minor: int
    quantity: int
    rate_bp: int | None = None
    steps: tuple[PriceStep, ...] = ()
    per_person: int | None = None
    case_size: int | None = None
    counters: int = 1

    @property
    def prices_minor(self) -> set[int]:
        """All prices that a unit can have here."""
        return {self.price_minor, *(step.price_minor for step in self.steps)}

    def price_at(self, reached: int) -> int:
        """Give the price of a unit when so many units (or people) are reached."""
        return next((step.price_minor for step in reversed(self.steps) if step.at <= reached), self.price_minor)
