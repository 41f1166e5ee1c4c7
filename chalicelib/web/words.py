"""Names that pages show for the product's own terms. English; the catalogues translate them."""

from chalicelib.commissions.rules.plan import Plan
from chalicelib.web.languages import Language

ORDER_STATES = {
    "awaiting_payment": "Awaiting payment",
    "processing": "Payment on its way",
    "paid": "Paid, to be handed out",
    "delivered": "Handed out",
    "expired": "Not paid in time",
    "payment_failed": "Payment failed",
    "cancelled": "Cancelled",
}
REFUND_STATES = {"requested": "On its way", "succeeded": "Refunded", "failed": "Failed"}
LEADER_STATUSES = {"probation": "On probation", "confirmed": "Confirmed", "removed": "Removed"}
PAYOUT_STATES = {
    "reserved": "Waiting to be sent",
    "sending": "Being sent",
    "exported": "In a batch file",
    "paid": "Paid out",
    "failed": "Came back",
}
ROLES = {"owner": "Owner", "staff": "Staff", "leader": "Leader"}
CHANGES = {
    "rank": "Rank",
    "status": "Status",
    "frozen": "Link",
    "inviter": "Inviter",
    "groups": "Chat groups",
    "notice": "Notice",
}
NEEDS = {
    "own_orders": "{have} of {need} orders",
    "own_sales": "own sales {have} of {need}",
    "team_sales": "team sales {have} of {need}",
    "own_and_direct_sales": "own and direct leaders' sales {have} of {need}",
    "direct_confirmed": "{have} of {need} confirmed leaders invited",
    "direct_of_rank": "{have} of {need} direct leaders of rank {rank} or above",
    "groups": "{have} of {need} chat groups",
}
"""What a condition asks for, with how far a leader is."""
PERIODS = {"month": "this month", "quarter": "this quarter", "joining": "in the first {days} days"}
VERSION_STATES = {
    "planned": "Planned",
    "in_force": "In force",
    "superseded": "Superseded",
    "withdrawn": "Withdrawn",
}
PLACES = {"CN": "Mainland China", "US": "United States", "EU": "European Union", "wechat": "WeChat"}
COUPON_STATES = {"open": "Can be used", "reserved": "On an order", "used": "Used", "expired": "Too old"}

ACCOUNTS = {
    "held": "held",
    "available": "available",
    "reserved": "on its way",
    "paid": "paid out",
    "coupons": "coupons",
    "buyers": "Paid by buyers",
    "brand:cash": "Brand: sales, return window open",
    "brand:funds": "Brand: settled funds",
    "brand:commission": "Brand: commissions",
    "brand:coupons": "Brand: coupons",
    "brand:redeemed": "Brand: goods given for coupons",
    "brand:payouts": "Brand: paid out through Stripe",
}

PRESETS = {
    "simple_referral": ("Simple referral", "Leaders earn on their own sales, and a little on those they invited."),
    "breakaway": ("Breakaway teams", "Leaders earn on their whole community; strong ones break away with their own."),
    "assessed": ("Trial first", "New leaders have a week to prove themselves; seniors earn on shared service."),
    "three_tier": ("Three tiers", "Ranks with their own settlement prices, and bonuses for inviting."),
    "stock_clearance": ("Stock clearance", "Rebates by volume, for brands that clear stock fast."),
}
TIME_ZONES = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Kuala_Lumpur", "Asia/Tokyo",
    "Asia/Seoul", "Asia/Ho_Chi_Minh", "Australia/Sydney", "Pacific/Auckland", "Europe/London", "Europe/Berlin",
    "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Toronto", "UTC",
)  # fmt: skip


def rank_names(plan: Plan, language: Language) -> dict[str, str]:
    """Give the names of a plan's ranks by id, lowest first, as the plan itself has them."""
    return {rank.id: rank.zh if language == "zh" else rank.en for rank in plan.ranks}
