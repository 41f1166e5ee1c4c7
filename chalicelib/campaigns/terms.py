"""When a group succeeds, what happens when it is short, what the final prices are. Pure.

A campaign with a goal or a price ladder is a *group*: it is open until it is decided, some time after its deadline,
when everybody who ordered in time had the time to pay. What is not paid by then is not in it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from msgspec import Struct

from chalicelib.campaigns.items import CampaignItem

WhenShort = Literal["fail", "extend", "pass"]
LadderBy = Literal["units", "people"]
Decision = Literal["succeeded", "failed", "extend"]

TIME_TO_PAY = timedelta(minutes=45)
"""From the deadline to the decision: the payment window of an order (40 minutes) and what its news take to arrive."""


class Goal(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """The smallest group: at least so many people, units in all, or full cases of every product that comes in cases."""

    by: Literal["people", "units", "cases"]
    least: int


class Terms(Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What a campaign asks of its group. `places`: the most people; None: as many as there are goods for."""

    goal: Goal | None = None
    when_short: WhenShort = "fail"
    extend_hours: int | None = None
    ladder_by: LadderBy = "units"
    places: int | None = None


@dataclass(frozen=True, slots=True)
class GroupCounts:
    """Who is in the group: people (different phones), units in all and by product. Only paid orders count."""

    people: int = 0
    units: int = 0
    by_product: Mapping[str, int] = field(default_factory=dict)

    def reached(self, terms: Terms, product_id: str) -> int:
        """Give what a product's price ladder goes by: its own units, or the people of the group."""
        return self.people if terms.ladder_by == "people" else self.by_product.get(product_id, 0)


def is_group(terms: Terms, items: Sequence[CampaignItem]) -> bool:
    """Tell whether a campaign is decided at its end: it has a smallest group, or prices that fall."""
    return terms.goal is not None or any(item.steps for item in items)


def knows_buyers(terms: Terms, items: Sequence[CampaignItem]) -> bool:
    """Tell whether a campaign counts who buys: for its group, its places or limits per person."""
    return is_group(terms, items) or terms.places is not None or any(item.per_person for item in items)


def is_reached(goal: Goal | None, items: Sequence[CampaignItem], counts: GroupCounts) -> bool:
    """Tell whether the smallest group is together.

    By cases: each product that comes in cases and was ordered at all has so many full ones. What lies over the last
    full case is the brand's to fill up: nobody's order is cut for it.
    """
    if goal is None:
        return True
    if goal.by != "cases":
        return (counts.people if goal.by == "people" else counts.units) >= goal.least
    ordered = [item for item in items if item.case_size and counts.by_product.get(item.product_id)]
    return bool(ordered) and all(
        counts.by_product[item.product_id] // (item.case_size or 1) >= goal.least for item in ordered
    )


def decide(terms: Terms, items: Sequence[CampaignItem], counts: GroupCounts, *, extended: bool) -> Decision:
    """Say what becomes of a group whose time is over, as the brand chose beforehand."""
    if is_reached(terms.goal, items, counts) or terms.when_short == "pass":
        return "succeeded"
    return "extend" if terms.when_short == "extend" and not extended else "failed"


def is_due(closes_at: datetime, now: datetime) -> bool:
    """Tell whether a group can be decided: everybody who ordered in time has paid by now, or will not."""
    return now >= closes_at + TIME_TO_PAY


def next_step(item: CampaignItem, reached: int) -> tuple[int, int] | None:
    """Give how much is missing to a product's next lower price, and that price; None at the end of the ladder."""
    step = next((step for step in item.steps if step.at > reached), None)
    return None if step is None else (step.at - reached, step.price_minor)


def overpaid_minor(*, qty: int, unit_price_minor: int, final_price_minor: int, still_paid_minor: int) -> int:
    """Give what a line goes back by when the price fell after it was bought; never more than is left of it."""
    return max(0, min((unit_price_minor - final_price_minor) * qty, still_paid_minor))
