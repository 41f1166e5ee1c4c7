"""The plan language: what a brand writes down about who may lead, how ranks are earned, and who earns what.

A plan is data. `OPERATING_MODELS.md` defines what each part means; the five presets are five documents in this
language. `plan.decode_plan` reads one and refuses a wrong one with every reason.
"""

from collections.abc import Mapping
from functools import cached_property
from typing import Annotated, Any, Literal, TypeVar

from msgspec import Meta, Struct

from chalicelib.commissions.rules.conditions import Condition
from chalicelib.money import BASIS_POINTS

Name = Annotated[str, Meta(min_length=1, max_length=64)]
RateBp = Annotated[int, Meta(ge=0, le=BASIS_POINTS, description="basis points: 10 000 are 100 %")]
Minor = Annotated[int, Meta(ge=0, le=10**13, description="the brand's currency in minor units (分, cents)")]
Days = Annotated[int, Meta(ge=1, le=3650, description="exact multiples of 24 hours")]
ByRank = dict[Name, RateBp]


class Part(Struct, frozen=True, forbid_unknown_fields=True):
    """What every piece of a plan has in common: it does not change, and a misspelt field is an error."""


class Rank(Part, frozen=True):
    """One of the plan's ordered ranks, with the names that people see."""

    id: Name
    zh: Name
    en: Name


class Admission(Part, frozen=True):
    """What a newcomer must bring to be let in at all."""

    min_group_size: Annotated[int, Meta(ge=1, description="people in the newcomer's chat group")]


class Probation(Part, frozen=True):
    """Invited leaders start unconfirmed and have `days` to meet the condition; else they are removed."""

    days: Days
    confirmed_when: Condition


class Promotion(Part, frozen=True):
    """A confirmed leader of the rank just below `to` rises to it as soon as the condition holds."""

    to: Name
    when: Condition


class Upkeep(Part, frozen=True):
    """A rank that must be kept up, assessed at the end of each of the brand's calendar months or quarters.

    Who misses the condition `notice_days` before the end is given notice; who was, and misses it at the end, falls to
    the rank just below (infra/decisions/0003).
    """

    rank: Name
    every: Literal["month", "quarter"]
    when: Condition
    notice_days: Annotated[int, Meta(ge=1, le=27, description="exact multiples of 24 hours")]


class LeaderOrders(Part, frozen=True):
    """The storefront shows goods but takes no payment: the leader orders for its customers, at these prices."""

    price_bp_on_probation: Annotated[RateBp, Meta(description="of the list price, while on probation")]
    price_bp: Annotated[RateBp, Meta(description="of the list price, once confirmed")]


class ProductRate(Part, frozen=True, tag_field="by", tag="product_rate"):
    """Each line carries its own rate on what was paid; a line without one, or outside, is an error."""

    min_bp: RateBp
    max_bp: RateBp


class OneRate(Part, frozen=True, tag_field="by", tag="rate"):
    """One rate on the sales of the order."""

    rate_bp: RateBp


class SettlementPrice(Part, frozen=True, tag_field="by", tag="settlement_price"):
    """The seller keeps what was paid above its rank's settlement price, a share of the list price."""

    settlement_bp: ByRank


class Retail(Part, frozen=True, tag_field="kind", tag="retail"):
    """What the seller earns on its own sale, also on probation."""

    margin: ProductRate | OneRate | SettlementPrice


class DirectReferral(Part, frozen=True, tag_field="kind", tag="direct_referral"):
    """The seller's inviter earns a rate on the sales. It gives way to `incubation` where that applies."""

    rate_bp: RateBp
    sellers: Literal["all", "confirmed"] = "all"


class Incubation(Part, frozen=True, tag_field="kind", tag="incubation"):
    """In place of `direct_referral` when inviter and seller both have this rank or a higher one."""

    rate_bp: RateBp
    from_rank: Name


class TierRebate(Part, frozen=True, tag_field="kind", tag="tier_rebate"):
    """Each rank has a rebate on sales; going up, each higher one earns the difference (级差)."""

    rebate_bp: ByRank


class SameRankReferral(Part, frozen=True, tag_field="kind", tag="same_rank_referral"):
    """The seller's inviter, when of the same rank, earns a rate on the sales (平级推荐)."""

    rate_bp: RateBp


class TeamOverride(Part, frozen=True, tag_field="kind", tag="team_override"):
    """On a sale by a leader who is no head, the nearest head above earns a share of its `retail`."""

    rate_bp: Annotated[RateBp, Meta(description="of the seller's posted retail reward")]


class BreakawayReferral(Part, frozen=True, tag_field="kind", tag="breakaway_referral"):
    """On a sale by a head, its inviter, if a head, earns a share of the seller's `retail`."""

    rate_bp: Annotated[RateBp, Meta(description="of the seller's posted retail reward")]


class InviteBonus(Part, frozen=True, tag_field="kind", tag="invite_bonus"):
    """When a leader is confirmed, the head of its inviter's community earns cash, by the head's rank.

    `due: first_order` waits for the newcomer's first order whose return window is over, and follows that order when it
    is refunded later (infra/decisions/0003).
    """

    amount_minor: dict[Name, Minor]
    due: Literal["confirmed", "first_order"] = "confirmed"
    max_per_month: Annotated[int, Meta(ge=1, le=10**6, description="for each earner, in a calendar month")] | None = (
        None
    )


class InviteCoupon(Part, frozen=True, tag_field="kind", tag="invite_coupon"):
    """When a leader is confirmed, an inviter of one of these ranks gets a coupon without a minimum spend."""

    amount_minor: Minor
    inviter_ranks: Annotated[tuple[Name, ...], Meta(min_length=1)]


class Acquisition(Part, frozen=True, tag_field="kind", tag="acquisition"):
    """Once for a new customer's first paid order, `after_days` later, if enough of it is still paid."""

    amount_minor: Minor
    after_days: Days
    min_paid_minor: Minor


class Dividend(Part, frozen=True, tag_field="kind", tag="dividend"):
    """At a month's end a share of the brand's sales goes to leaders of this rank or above, by team sales (分红).

    Their weights are their team sales with those of sharers below them, or without: then every sale weighs once.
    """

    rate_bp: RateBp
    from_rank: Name
    sharers_below: Literal["counted", "left_out"] = "counted"


OrderReward = Retail | DirectReferral | Incubation | TierRebate | SameRankReferral | TeamOverride | BreakawayReferral
RewardRule = OrderReward | InviteBonus | InviteCoupon | Acquisition | Dividend

Rule = TypeVar("Rule", bound=Part)


class Plan(Part, frozen=True, dict=True):
    """A whole plan. Amounts are in the brand's currency; ranks go from the lowest to the highest."""

    format: Literal[1]
    zh: Name
    en: Name
    ranks: Annotated[tuple[Rank, ...], Meta(min_length=1, max_length=20)]
    rewards: Annotated[tuple[RewardRule, ...], Meta(max_length=20)]
    return_window_days: Annotated[int, Meta(ge=0, le=365, description="earnings are held this long after delivery")]
    head_rank: Annotated[Name, Meta(description="from this rank on, a leader heads a community")] | None = None
    admission: Admission | None = None
    probation: Probation | None = None
    promotions: tuple[Promotion, ...] = ()
    leader_orders: LeaderOrders | None = None
    payout_cap_bp: Annotated[RateBp, Meta(description="of its sales: the most that one order may pay out")] | None = (
        None
    )
    self_purchase: Literal["counted", "excluded"] = "counted"
    upkeep: tuple[Upkeep, ...] = ()
    performance: Literal["paid", "window_over"] = "paid"
    removed_downline: Literal["stays", "moves_up"] = "stays"

    @cached_property
    def rank_no(self) -> Mapping[str, int]:
        """The place of each rank by its id, 0 for the lowest."""
        return {rank.id: number for number, rank in enumerate(self.ranks)}

    @cached_property
    def head_from(self) -> int:
        """The place of the lowest rank that heads a community; above every rank where the plan has no heads."""
        return len(self.ranks) if self.head_rank is None else self.rank_no[self.head_rank]

    @cached_property
    def first_rank(self) -> str:
        """The rank in which every leader begins."""
        return self.ranks[0].id

    @property
    def conditions(self) -> tuple[Condition, ...]:
        """Every condition: of the probation, of each promotion, of each upkeep."""
        probation = (self.probation.confirmed_when,) if self.probation else ()
        return (*probation, *(rule.when for rule in self.promotions), *(rule.when for rule in self.upkeep))

    @property
    def performance_waits(self) -> bool:
        """Whether sales count only once the order's return window is over."""
        return self.performance == "window_over" and self.return_window_days > 0

    def rule(self, kind: type[Rule]) -> Rule | None:
        """The plan's reward of this type (there is at most one of each), or None."""
        return self._rules.get(kind)

    @cached_property
    def _rules(self) -> Mapping[type, Any]:
        return {type(rule): rule for rule in self.rewards}
