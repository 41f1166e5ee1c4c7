"""The order chain in words: each line, the totals, what is missing and what is left; all of it as a text for a chat."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any

from chalicelib.campaigns.items import CampaignItem
from chalicelib.campaigns.roll import Place, Roll
from chalicelib.campaigns.store import Campaign, takes_orders
from chalicelib.campaigns.terms import GroupCounts, next_step
from chalicelib.catalog.store import Product
from chalicelib.chinese import Language
from chalicelib.web import languages, rendering
from chalicelib.web.ladders import ladder_of

MOST_NAMES = 3
MOST_PRODUCTS = 3


@dataclass(frozen=True, slots=True)
class Standing:
    """A campaign as it stands: its group, what is left and what products are called, and a page of who is in.

    `products` are read where a page shows more of them than their names.
    """

    campaign: Campaign
    counts: GroupCounts
    left: dict[str, int]
    titles: dict[str, str]
    roll: Roll
    products: Mapping[str, Product] = field(default_factory=dict)

    @property
    def items(self) -> list[CampaignItem]:
        """What is on offer and not taken out of the catalogue."""
        return [item for item in self.campaign.items if item.product_id in self.titles]

    def price_minor(self, item: CampaignItem) -> int:
        """Give a product's price as it is now."""
        return item.price_at(self.counts.reached(self.campaign.terms, item.product_id))


@dataclass(frozen=True, slots=True)
class Words:
    """Says it in a language, on the brand's clock and in its currency."""

    language: Language
    zone: str
    currency: str
    now: datetime

    def say(self, sentence: str, /, **values: Any) -> str:
        """Give a sentence in the language."""
        return languages.say(self.language, sentence, **values)

    def money(self, amount_minor: int) -> str:
        """Write an amount of the brand's currency."""
        return rendering.money(amount_minor, self.currency)

    def moment(self, at: datetime) -> str:
        """Write a moment on the brand's clock."""
        return rendering.moment(at, self.zone, self.language)

    @property
    def clock(self) -> str:
        """Say in brackets by which clock moments are meant, for a text that leaves the page: `（北京时间）`."""
        name = self.say(self.zone)
        return f" ({name})" if self.language == "en" else f"（{name}）"

    # ------------------------------------------------------------------------------------------------ one line

    def names(self, place: Place) -> str:
        """Give who is in: one masked name, or the first few of those for whom a leader ordered."""
        between = ", " if self.language == "en" else "、"
        return between.join(place.names[:MOST_NAMES]) + ("…" if len(place.names) > MOST_NAMES else "")

    def what(self, place: Place, standing: Standing) -> str:
        """Give what is ordered: units, with the products' names where the campaign has several."""
        if len(standing.campaign.items) == 1:
            return self.say("1 unit") if place.units == 1 else self.say("{count} units", count=place.units)
        known = [(standing.titles.get(product_id, "…"), qty) for product_id, qty in place.lines.items()]
        shown = [f"{title} × {qty}" for title, qty in known[:MOST_PRODUCTS]]
        return (", " if self.language == "en" else "、").join(shown) + ("…" if len(known) > MOST_PRODUCTS else "")

    def ago(self, at: datetime) -> str:
        """Say how long ago something was: `3 minutes ago`."""
        minutes = max(0, int((self.now - at) / timedelta(minutes=1)))
        if minutes < 1:
            return self.say("just now")
        if minutes < 60:
            return self.say("1 minute ago") if minutes == 1 else self.say("{count} minutes ago", count=minutes)
        hours = minutes // 60
        if hours < 48:
            return self.say("1 hour ago") if hours == 1 else self.say("{count} hours ago", count=hours)
        return self.say("{count} days ago", count=hours // 24)

    # ------------------------------------------------------------------------------------------------ all in all

    def total(self, roll: Roll) -> str:
        """Say how many are in, and with how many units."""
        more = "" if roll.is_whole else "+"
        return self.say("Orders: {orders} · units: {units}", orders=f"{roll.orders}{more}", units=f"{roll.units}{more}")

    def state(self, campaign: Campaign) -> str:
        """Say until when it takes orders, or how it ended."""
        if takes_orders(campaign, self.now):
            return self.say("Order until {when}", when=self.moment(campaign.closes_at))
        if campaign.status == "open" and self.now < campaign.opens_at:
            return self.say("Opens on {when}", when=self.moment(campaign.opens_at))
        return {
            "succeeded": self.say("The group is together."),
            "failed": self.say("The group did not come together. Everybody gets the money back."),
            "cancelled": self.say("The brand cancelled this campaign."),
        }.get(campaign.status) or self.say("Closed on {when}", when=self.moment(campaign.closes_at))

    def goal(self, standing: Standing) -> str:
        """Say how far the smallest group is; empty where none is asked for."""
        goal, counts = standing.campaign.terms.goal, standing.counts
        if goal is None:
            return ""
        if goal.by == "cases":
            return self.say("It needs full cases: {count} of each product that is ordered.", count=goal.least)
        have = counts.people if goal.by == "people" else counts.units
        if have >= goal.least:
            return self.say("The smallest group is reached.")
        if goal.by == "people":
            return self.say("{have} of {need} people: {missing} to go until it takes place.",
                            have=have, need=goal.least, missing=goal.least - have)  # fmt: skip
        return self.say("{have} of {need} units: {missing} to go until it takes place.",
                        have=have, need=goal.least, missing=goal.least - have)  # fmt: skip

    def next_price(self, standing: Standing, item: CampaignItem) -> str:
        """Say what is missing to a product's next price; empty where its price does not move."""
        terms = standing.campaign.terms
        if not item.steps:
            return ""
        step = next_step(item, standing.counts.reached(terms, item.product_id))
        if step is None:
            return self.say("The lowest price is reached.")
        price, missing = self.money(step[1]), step[0]
        if terms.ladder_by == "people":
            return self.say("{price} for everybody: {missing} more people to go.", missing=missing, price=price)
        return self.say("{price} for everybody: {missing} more units to go.", missing=missing, price=price)

    def left(self, standing: Standing, item: CampaignItem) -> str:
        """Say what is left of a product."""
        left = standing.left.get(item.product_id, 0)
        return self.say("{count} left", count=left) if left else self.say("Sold out")

    def price_now(self, standing: Standing, item: CampaignItem) -> str:
        """Give a product's price as it is now."""
        return self.money(standing.price_minor(item))


def parts_of(words: Words, standing: Standing) -> dict[str, str]:
    """Give every text of the chain's page that moves, by the id of its place there."""
    parts = {
        "chain-total": words.total(standing.roll),
        "chain-state": words.state(standing.campaign),
        "chain-goal": words.goal(standing),
    }
    for item in standing.items:
        parts[f"price-{item.product_id}"] = words.price_now(standing, item)
        parts[f"left-{item.product_id}"] = words.left(standing, item)
        parts[f"next-{item.product_id}"] = words.next_price(standing, item)
    return parts


def chat_text(words: Words, standing: Standing, link: str) -> str:
    """Write the chain as a text for a chat group: prices, who is in (the latest, in their order), deadline, link.

    Every name stands in one line: whatever a title has in it, it cannot pose as a line of the chain.
    """
    lines = [_one_line(standing.campaign.title)]
    for item in standing.items:
        steps = [
            words.say("from {count} {price}", count=rung.at, price=words.money(rung.price_minor))
            for rung in ladder_of(standing.campaign, item, standing.counts)[1:]
        ]
        told = [words.price_now(standing, item), *steps, words.left(standing, item)]
        lines.append(f"· {_one_line(standing.titles[item.product_id])} " + " · ".join(told))
    state = words.state(standing.campaign)
    lines += [f"{state}{words.clock}" if takes_orders(standing.campaign, words.now) else state]
    lines += [text for text in (words.goal(standing), "", words.total(standing.roll)) if text or lines[-1]]
    places = list(reversed(standing.roll.places))
    if places and standing.roll.older:
        lines.append("…")
    for place in places:
        number = f"{place.number}. " if place.number else "· "
        lines.append(f"{number}{words.names(place)} {_one_line(words.what(place, standing))}")
    return "\n".join([*lines, "", words.say("Join here: {link}", link=link)]) + "\n"


def _one_line(text: str) -> str:
    return " ".join(text.split())
