"""What a campaign may look like, and when it takes orders."""

from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta

from chalicelib.campaigns.commands import CreateCampaign, Offer
from chalicelib.campaigns.terms import Terms
from chalicelib.catalog.rules import LARGEST_PRICE_MINOR, LARGEST_STOCK
from chalicelib.catalog.views import ProductView
from chalicelib.commissions.rules.language import Plan
from chalicelib.commissions.rules.sale import Line, LineRateInvalid, check_line_rates
from chalicelib.errors import Conflict, Invalid

MOST_ITEMS = 30
MOST_STEPS = 10
LONGEST = timedelta(days=366)
LONGEST_EXTENSION_HOURS = 24 * 14


class CampaignInvalid(Invalid):
    """A field of a campaign that cannot be used."""

    code = "campaign_invalid"


class CampaignNotOpen(Conflict):
    """The campaign takes no orders now."""

    code = "campaign_not_open"


def check_frame(command: CreateCampaign, now: datetime) -> None:
    """Refuse a title, times or a number of items that make no campaign. Raises `CampaignInvalid`."""
    if not 1 <= len(command.title.strip()) <= 120:
        raise CampaignInvalid("The title needs 1 to 120 characters.", param="title")
    for name in ("opens_at", "closes_at"):
        if getattr(command, name).tzinfo is None:
            raise CampaignInvalid("The time needs its offset, like 2026-03-02T08:00:00+08:00.", param=name)
    if command.opens_at < now - LONGEST:
        raise CampaignInvalid("A campaign opens now or later.", param="opens_at")
    if command.closes_at <= max(command.opens_at, now):
        raise CampaignInvalid("A campaign closes after it opens, and in the future.", param="closes_at")
    if command.closes_at > now + LONGEST:
        raise CampaignInvalid("A campaign closes within a year.", param="closes_at")
    if not 1 <= len(command.items) <= MOST_ITEMS:
        raise CampaignInvalid(f"A campaign offers 1 to {MOST_ITEMS} products.", param="items")


def check_terms(command: CreateCampaign) -> Terms:
    """Give what the campaign asks of its group. Raises `CampaignInvalid`."""
    goal, places = command.goal, command.places
    if goal is not None and not 1 <= goal.least <= LARGEST_STOCK:
        raise CampaignInvalid("The smallest group is at least 1.", param="goal.least")
    if goal is not None and goal.by == "cases" and not any(offer.case_size for offer in command.items):
        raise CampaignInvalid("Say how many units a case has, for at least one product.", param="goal.by")
    if places is not None and not 1 <= places <= LARGEST_STOCK:
        raise CampaignInvalid("A group has at least 1 place.", param="places")
    if goal is not None and goal.by == "people" and places is not None and places < goal.least:
        raise CampaignInvalid("There are fewer places than people needed. Raise the places.", param="places")
    if command.orders_per_second is not None and not 1 <= command.orders_per_second <= 1000:
        raise CampaignInvalid("Expect 1 to 1000 orders a second.", param="orders_per_second")
    return Terms(
        goal=goal,
        when_short=command.when_short,
        extend_hours=_extension(command),
        ladder_by=command.ladder_by,
        places=places,
    )


def _extension(command: CreateCampaign) -> int | None:
    hours = command.extend_hours
    if command.when_short != "extend":
        return None
    if hours is None or not 1 <= hours <= LONGEST_EXTENSION_HOURS:
        raise CampaignInvalid(f"Extend by 1 to {LONGEST_EXTENSION_HOURS} hours.", param="extend_hours")
    return hours


def check_offers(offers: Sequence[Offer], products: Mapping[str, ProductView]) -> None:
    """Refuse offers of unknown, inactive or repeated products, prices or quantities out of range."""
    seen: set[str] = set()
    for number, offer in enumerate(offers):
        product = products.get(offer.product_id)
        if product is None or not product.active:
            raise CampaignInvalid("This product does not exist or is not for sale.", param=_at(number, "product_id"))
        if offer.product_id in seen:
            raise CampaignInvalid("A product is offered once in a campaign.", param=_at(number, "product_id"))
        seen.add(offer.product_id)
        if offer.price_minor is not None and not 0 <= offer.price_minor <= LARGEST_PRICE_MINOR:
            raise CampaignInvalid(
                f"The price must be between 0 and {LARGEST_PRICE_MINOR} minor units.", param=_at(number, "price_minor")
            )
        if not 1 <= offer.quantity <= LARGEST_STOCK:
            raise CampaignInvalid("A quantity of at least 1 is needed.", param=_at(number, "quantity"))
        if offer.per_person is not None and not 1 <= offer.per_person <= LARGEST_STOCK:
            raise CampaignInvalid("One person can have at least 1 unit.", param=_at(number, "per_person"))
        if offer.case_size is not None and not 2 <= offer.case_size <= LARGEST_STOCK:
            raise CampaignInvalid("A case has at least 2 units.", param=_at(number, "case_size"))
        _check_steps(number, offer, product.sale_price_minor if offer.price_minor is None else offer.price_minor)


def _check_steps(number: int, offer: Offer, price_minor: int) -> None:
    """Refuse a price ladder that does not fall from step to step."""
    if len(offer.steps) > MOST_STEPS:
        raise CampaignInvalid(f"A price falls in at most {MOST_STEPS} steps.", param=_at(number, "steps"))
    reached = 1
    for place, step in enumerate(offer.steps):
        at = f"steps.{place}"
        if step.at <= reached:
            raise CampaignInvalid("Each step needs more than the one before it.", param=_at(number, f"{at}.at"))
        if not 0 <= step.price_minor < price_minor:
            raise CampaignInvalid(
                "Each step is cheaper than the one before it.", param=_at(number, f"{at}.price_minor")
            )
        reached, price_minor = step.at, step.price_minor


def check_ladders(plan: Plan, offers: Sequence[Offer]) -> None:
    """Refuse a price ladder where leaders pay their own prices: it would be nobody's. Raises `CampaignInvalid`."""
    for number, offer in enumerate(offers):
        if plan.leader_orders is not None and offer.steps:
            raise CampaignInvalid(
                "At this brand leaders pay the settlement price. Leave out the price ladder.",
                param=_at(number, "steps"),
            )


def check_rates(plan: Plan, offers: Sequence[Offer], products: Mapping[str, ProductView]) -> None:
    """Refuse a product that the plan has no reward for: an order of it could be paid, but never accrued."""
    for number, offer in enumerate(offers):
        product = products[offer.product_id]
        line = Line(offer.product_id, 1, 0, 0, 0, product.rate_bp)
        try:
            check_line_rates(plan, [line])
        except LineRateInvalid as refusal:
            raise CampaignInvalid(f"“{product.title}”: {refusal.message}", param=_at(number, "product_id")) from None


def check_takes_orders(status: str, opens_at: datetime, closes_at: datetime, now: datetime) -> None:
    """Refuse an order outside of the campaign's time, or after it was cancelled. Raises `CampaignNotOpen`."""
    if status == "cancelled":
        raise CampaignNotOpen("The brand cancelled this campaign.", param="campaign_id")
    if now < opens_at:
        raise CampaignNotOpen(f"This campaign opens at {_when(opens_at)}.", param="campaign_id")
    if now >= closes_at or status != "open":
        raise CampaignNotOpen(f"This campaign closed at {_when(closes_at)}.", param="campaign_id")


def _when(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def _at(number: int, field: str) -> str:
    return f"items.{number}.{field}"
