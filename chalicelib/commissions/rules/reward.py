"""What a leader earns: the amount, and what is needed to explain it in a sentence when the plan has long changed."""

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

Kind = Literal[
    "retail", "direct_referral", "incubation", "tier_rebate", "same_rank_referral", "team_override",
    "breakaway_referral", "invite_bonus", "invite_coupon", "acquisition", "dividend",
]  # fmt: skip

# These follow the order when it is refunded; the other kinds stay (OPERATING_MODELS.md, Refund).
KINDS_OF_AN_ORDER = frozenset(
    ("retail", "direct_referral", "incubation", "tier_rebate", "same_rank_referral", "team_override",
     "breakaway_referral")
)  # fmt: skip


class Reward(Struct, frozen=True, forbid_unknown_fields=True, omit_defaults=True, gc=False):
    """One earning. All money in minor units of the brand's currency.

    `base_minor` is what `rate_bp` was applied to: the order's sales; for `team_override` and `breakaway_referral`
    the seller's retail reward; for `dividend` the brand's sales of the month; for fixed amounts the amount itself.
    `rate_bp` is None where the lines have rates of their own or the amount is fixed; for a retail margin by
    settlement price it is that price's share of the list price. `rank` is the earner's, `source_id` the seller or
    the newcomer, as they stood just before the event.
    """

    leader_id: str
    kind: Kind
    amount_minor: int
    base_minor: int
    rate_bp: int | None
    rank: str
    source_id: str | None = None
    source_rank: str | None = None
    sales_minor: int = 0
    taken_bp: int = 0  # tier_rebate: the rebate that nearer leaders (or the seller's rank) had already
    uncapped_minor: int | None = None  # what it was before the plan's cap scaled it down
    cap_minor: int | None = None  # what the cap left for all but retail together
    weight_minor: int = 0  # dividend: this leader's team sales of the month …
    weights_minor: int = 0  # … and those of all who share


class Change(Struct, frozen=True, forbid_unknown_fields=True, gc=False):
    """What a refund does to one earning: `amount_minor` = `now_minor` − `posted_minor` (rarely above zero)."""

    leader_id: str
    kind: Kind
    amount_minor: int
    posted_minor: int
    now_minor: int


Posted = Mapping[tuple[str, Kind], int]
