"""A campaign's terms and how far its group is, in words and bars: for the brand, its leaders and their customers."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import timedelta

from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.items import CampaignItem
from chalicelib.campaigns.roll import Roll
from chalicelib.campaigns.stock import ORDERS_A_SECOND
from chalicelib.campaigns.store import Campaign
from chalicelib.campaigns.terms import Terms, is_reached, next_step
from chalicelib.catalog import store as catalog
from chalicelib.catalog.store import Product
from chalicelib.delivery.ways import Way
from chalicelib.tenants.store import Tenant
from chalicelib.web import ladders
from chalicelib.web.ask import Ask
from chalicelib.web.chain_words import Standing, Words

_NOBODY = Roll([], 0, 0, True, None)


@dataclass(frozen=True, slots=True)
class Bar:
    """How far something is: `have` of `need`, and what that means; without `need` there is nothing to draw."""

    title: str
    text: str
    have: int = 0
    need: int = 0


def words_of(ask: Ask, brand: Tenant) -> Words:
    """Give the words for whoever asks: in their language, on the brand's clock, in its currency."""
    return Words(ask.language, brand.timezone, brand.currency, ask.now)


def standing_of(tenant_id: str, campaign: Campaign, products: Mapping[str, Product] | None = None) -> Standing:
    """Read how a campaign stands, its chain left out: its group, what is left, what its products are called."""
    if products is None:
        products = catalog.get_many(tenant_id, [item.product_id for item in campaign.items])
    return Standing(
        campaign=campaign,
        counts=ladders.counts_of(tenant_id, campaign),
        left=campaigns.stock_left(tenant_id, campaign),
        titles={product_id: product.title for product_id, product in products.items()},
        roll=_NOBODY,
    )


def time_left(ask: Ask, left: timedelta) -> str:
    """Say how long something still takes, as `2 days and 3 hours left`; empty when it is over."""
    hours = int(left / timedelta(hours=1))
    if left <= timedelta(0):
        return ""
    if hours >= 24:
        return ask.say("{days} days and {hours} hours left", days=hours // 24, hours=hours % 24)
    return ask.say("{hours} hours left", hours=hours) if hours else ask.say("less than an hour left")


# ------------------------------------------------------------------------------------------------ the terms


def told_to_buyers(say: Words, standing: Standing, places_left: int | None) -> list[str]:
    """Give what a buyer has to know of a campaign's group before it pays; empty of a campaign without terms."""
    campaign, goal = standing.campaign, say.goal(standing)
    told = [goal] if goal else []
    if campaign.terms.goal and not is_reached(campaign.terms.goal, campaign.items, standing.counts):
        told += _else(say, campaign)
    if places_left is not None:
        told.append(
            say.say("{count} places left", count=places_left) if places_left else say.say("All places are taken")
        )
    if any(item.steps for item in standing.items):
        told.append(say.say("Who paid more gets the difference back at the end."))
    return told


def to_goal(standing: Standing) -> tuple[int, int] | None:
    """Give how far a group is to its smallest size, as (have, need); None where that is no bar."""
    goal, counts = standing.campaign.terms.goal, standing.counts
    if goal is None or goal.by == "cases":
        return None
    return (counts.people if goal.by == "people" else counts.units), goal.least


def _else(say: Words, campaign: Campaign) -> list[str]:
    if campaign.terms.when_short == "pass":
        return []
    if campaign.terms.when_short == "extend" and not campaign.extended:
        return [say.say("Else it runs on once, by {hours} hours.", hours=campaign.terms.extend_hours)]
    return [say.say("Else everybody gets the money back.")]


def terms_told(say: Words, campaign: Campaign, ways: Sequence[Way]) -> list[tuple[str, str]]:
    """Give a campaign's terms as (what, how); of a plain one only where it is shown and how it is brought."""
    terms, told = campaign.terms, []
    if terms.goal is not None:
        told += [(say.say("Smallest group"), _goal(say, terms)), (say.say("If it is short"), _when_short(say, terms))]
    if any(item.steps for item in campaign.items):
        by_people = terms.ladder_by == "people"
        ladder = say.say("they fall with the people") if by_people else say.say("they fall with the units")
        told.append((say.say("Prices"), ladder))
    if terms.places is not None:
        told.append((say.say("Places for people"), say.say("at most {count} people", count=terms.places)))
    told.append((say.say("Where it is shown"), _shown(say, campaign)))
    names = {"pickup": say.say("picked up from the leader"), "home": say.say("brought to an address")}
    told.append((say.say("Goods are"), say.say(" or ").join(names[way] for way in ways)))
    counters = max(item.counters for item in campaign.items)
    if counters > 1:
        rush = say.say("ready for some {count} orders a second", count=counters * ORDERS_A_SECOND)
        told.append((say.say("Flash sale"), rush))
    return told


def _goal(say: Words, terms: Terms) -> str:
    assert terms.goal is not None  # noqa: S101 - asked for before
    count = terms.goal.least
    if terms.goal.by == "people":
        return say.say("{count} people", count=count)
    if terms.goal.by == "units":
        return say.say("{count} units", count=count)
    return say.say("{count} full cases of each product that is ordered", count=count)


def _when_short(say: Words, terms: Terms) -> str:
    if terms.when_short == "pass":
        return say.say("it takes place all the same")
    if terms.when_short == "extend":
        return say.say("it runs on once, by {hours} hours; then everybody gets the money back",
                       hours=terms.extend_hours)  # fmt: skip
    return say.say("everybody gets the money back")


def _shown(say: Words, campaign: Campaign) -> str:
    if campaign.chosen:
        return say.say("on the pages of leaders who take it")
    return say.say("on its leader's page, and of those who take it") if campaign.owner_id else say.say("on every page")


# ------------------------------------------------------------------------------------------------ how far it is


def progress_of(say: Words, standing: Standing) -> list[Bar]:
    """Give how far a group is: to its smallest size, to full cases, to each product's next price. Empty for none."""
    terms = standing.campaign.terms
    bars = [_to_goal(say, standing)] if terms.goal is not None else []
    if terms.goal is not None and terms.goal.by == "cases":
        bars += [_to_cases(say, standing, item) for item in standing.items if item.case_size]
    return bars + [_to_price(say, standing, item) for item in standing.items if item.steps]


def _to_goal(say: Words, standing: Standing) -> Bar:
    goal, counts = standing.campaign.terms.goal, standing.counts
    title, text = say.say("Smallest group"), say.goal(standing)
    if standing.campaign.status != "open" and not is_reached(goal, standing.campaign.items, counts):
        text = say.say("It stayed smaller.")
    if goal is None or goal.by == "cases":
        return Bar(title, text)
    return Bar(title, text, counts.people if goal.by == "people" else counts.units, goal.least)


def _to_cases(say: Words, standing: Standing, item: CampaignItem) -> Bar:
    goal, size = standing.campaign.terms.goal, item.case_size or 1
    full, over = divmod(standing.counts.by_product.get(item.product_id, 0), size)
    text = say.say("{full} full cases of {size}, {over} units in the next one", full=full, size=size, over=over)
    return Bar(standing.titles[item.product_id], text, full * size + over, (goal.least if goal else 0) * size)


def _to_price(say: Words, standing: Standing, item: CampaignItem) -> Bar:
    reached = standing.counts.reached(standing.campaign.terms, item.product_id)
    step = next_step(item, reached)
    if standing.campaign.status != "open":
        text = say.say("{price} at the end.", price=say.price_now(standing, item))
        return Bar(standing.titles[item.product_id], text)
    text = say.say("{price} now.", price=say.price_now(standing, item)) + " " + say.next_price(standing, item)
    return Bar(standing.titles[item.product_id], text, reached, reached + step[0] if step else reached)
