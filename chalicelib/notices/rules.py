"""What there is to tell, and how often it is tried. Pure."""

from datetime import timedelta
from typing import Literal, get_args

Template = Literal[
    "order_paid",
    "refund",
    "group_succeeded",
    "group_failed",
    "group_extended",
    "ready",
    "case_answered",
    "payout",
    "payout_changed",
    "tier_began",
    "tier_ended",
    "tier_unpaid",
    "tier_lapsed",
    "tier_near",
    "tier_above",
    "tier_stopped",
]
TEMPLATES: tuple[Template, ...] = get_args(Template)
Outcome = Literal["succeeded", "failed", "extended"]
"""How a group ended, or that it was given more time."""
ChannelName = str
"""`email`, `sms` or `wechat`."""
State = Literal["queued", "sending", "sent", "given_up"]

WAITS = (timedelta(minutes=5), timedelta(minutes=30), timedelta(hours=2), timedelta(hours=12))
MOST_TRIES = len(WAITS) + 1
LEASE = timedelta(minutes=2)
"""So long a sender has a notice for itself: longer than any call of a provider takes."""
KEPT = timedelta(days=90)
BRAND = "brand"
"""What a notice is about that is neither an order's nor a leader's: the brand itself; its owner is told."""


def wait_after(attempts: int) -> timedelta | None:
    """Say how long to wait after the so-manieth attempt failed; None: it is given up."""
    return WAITS[attempts - 1] if attempts < MOST_TRIES else None
