"""Names that pages show for the product's own terms. English; the catalogues translate them."""

from chalicelib.billing import names
from chalicelib.chinese import Language, named
from chalicelib.commissions.rules.plan import Plan

ORDER_STATES = {
    "awaiting_payment": "Awaiting payment",
    "processing": "Payment on its way",
    "paid": "Paid, to be handed out",
    "delivered": "Handed out",
    "expired": "Not paid in time",
    "payment_failed": "Payment failed",
    "cancelled": "Cancelled",
    "refunded": "Refunded",
}
ORDER_STANDINGS = {
    "to_pay": "To pay",
    "to_hand_out": "To hand out",
    "handed_out": "Handed out",
    "case_open": "With an open complaint",
    "given_back": "With money given back",
    "disputed": "Disputed",
    "paid": "Paid, whatever came of it",
    "not_paid": "Not paid",
    "cancelled": "Cancelled",
}
NOTICES = {
    "order_paid": "Order paid",
    "refund": "Money given back",
    "group_succeeded": "The group is complete",
    "group_failed": "The group did not come together",
    "group_extended": "The group has more time",
    "ready": "Ready to be picked up",
    "case_answered": "Complaint answered",
    "payout": "Paid out",
    "payout_changed": "Payout account changed",
    "tier_began": "Subscribed to a tier",
    "tier_ended": "Subscription ended",
    "tier_unpaid": "Payment for the tier failed",
    "tier_lapsed": "Payment for the tier overdue",
    "tier_near": "Tier nearly used up",
    "tier_above": "Tier outgrown",
    "tier_stopped": "No new campaigns",
}
NOTICE_STATES = {
    "queued": "Waits to be sent",
    "sending": "Is being sent",
    "sent": "Sent",
    "given_up": "Could not be sent",
}
CHANNELS = {"email": "E-mail", "sms": "Text message", "wechat": "WeChat"}
NOTICE_REASONS = {
    "MessageRejected": "This address is not written to: it does not exist, or refused our mails before.",
    "InvalidParameterValue": "This address is not written to: it does not exist, or refused our mails before.",
    "no_address": "There is no address any more.",
    "cut": "Sending was cut off each time. It may have arrived.",
    "channel_off": "This way of sending was turned off.",
}
OTHER_NOTICE_REASON = "The service that sends it answered: {code}."
PAYOUT_WAYS = {"stripe": "Stripe account", "manual": "Bank account"}
DISPUTE_STATES = {
    "inquiry": "The bank asks",
    "open": "Disputed",
    "closed": "The bank is content",
    "won": "Won",
    "lost": "Lost",
}
DISPUTE_REASONS = {
    "bank_cannot_process": "The bank cannot process it",
    "credit_not_processed": "A refund did not arrive",
    "customer_initiated": "The buyer asked its bank",
    "debit_not_authorized": "Not authorized",
    "duplicate": "Paid twice",
    "fraudulent": "Not made by the card's holder",
    "general": "No reason given",
    "insufficient_funds": "Not enough money in the account",
    "product_not_received": "Goods not received",
    "product_unacceptable": "Goods not as described",
    "unrecognized": "Not recognized by the buyer",
}
"""Why, in the words of the bank; any other is "Another reason"."""
REFUND_STATES = {"requested": "On its way", "succeeded": "Refunded", "failed": "Failed"}
CASE_STATES = {
    "refund.requested": "Waits for the brand",
    "refund.approved": "Refund on its way",
    "refund.done": "Refunded",
    "refund.declined": "Declined",
    "refund.withdrawn": "Taken back",
    "replacement.requested": "Waits for the brand",
    "replacement.approved": "A replacement comes",
    "replacement.done": "Replaced",
    "replacement.declined": "Declined",
    "replacement.withdrawn": "Taken back",
}
CAMPAIGN_PHASES = {"running": "Running", "to_come": "Not open yet", "over": "Over"}
CASE_LISTS = {"requested": "To decide", "approved": "Approved, not done yet", "over": "Over"}
CASE_REASONS = {
    "spoilt": "Spoilt or broken",
    "missing": "Something is missing",
    "wrong": "Not what was ordered",
    "late": "Too late",
    "other": "Something else",
}
CASE_WISHES = {"refund": "Money back", "replacement": "A replacement"}
CASE_ASKERS = {"customer": "The customer", "leader": "The leader", "brand": "The brand"}
CASE_GOODS = {"gone": "They do not come back", "back": "They come back into stock"}
REFUND_FAILURES = {
    "insufficient_funds": "The balance at Stripe is too low for it.",
    "balance_insufficient": "The balance at Stripe is too low for it.",
    "charge_already_refunded": "Stripe has given this payment back already.",
    "charge_disputed": "The buyer's bank disputes this payment.",
    "charge_for_pending_refund_disputed": "The buyer's bank disputes this payment.",
    "expired_or_canceled_card": "The buyer's card has expired or was cancelled.",
    "lost_or_stolen_card": "The buyer's card was reported lost or stolen.",
    "declined": "The buyer's bank did not take it.",
    "failed": "The buyer's bank did not take it.",
    "canceled": "It was cancelled at Stripe.",
    "merchant_request": "It was cancelled at Stripe.",
    "unknown": "Stripe does not say why.",
}
"""Stripe's codes of a refund that failed."""
REFUND_CAUSES = {
    "price_step": "The price fell: the difference",
    "called_off": "Called off",
    "late_payment": "Paid too late",
    "case": "Your complaint",
    "brand": "Given back by the brand",
}
LEADER_STATUSES = {"probation": "On probation", "confirmed": "Confirmed", "removed": "Removed"}
PAYOUT_STATES = {
    "reserved": "Waiting to be sent",
    "sending": "Being sent",
    "exported": "In a batch file",
    "paid": "Paid out",
    "failed": "Came back",
}
ROLES = {
    "owner": "Owner",
    "staff": "Staff",
    "accountant": "Accountant",
    "packer": "Packer",
    "leader": "Leader",
}
ROLE_MEANS = {
    "staff": "Does the daily work: products, campaigns, orders, leaders. No settings, people or payouts.",
    "accountant": "Sees payouts, the ledger and statements, and exports them; no customers.",
    "packer": "Sees what to pack and hand out, and sends tracking numbers; no money.",
}
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
IMPORT_KINDS = {"leaders": "Leaders", "products": "Products", "tracking": "Tracking numbers"}
IMPORT_STATES = {
    "checking": "Being checked",
    "refused": "Has problems",
    "ready": "Can be written",
    "committing": "Being written",
    "done": "Written",
    "withdrawn": "Given up",
}
IMPORT_PROBLEMS = {
    "column_unknown": "Not one of our columns.",
    "column_twice": "This column is there twice.",
    "column_missing": "This column is missing.",
    "file_empty": "There are no rows below the header.",
    "formula": "A formula is not read. Paste its value.",
    "name_invalid": "This is not a name.",
    "phone_invalid": "This is not a phone number.",
    "email_invalid": "This is not an e-mail address.",
    "already_leads": "This person leads for the brand already.",
    "rank_unknown": "The plan has no such rank.",
    "date_invalid": "Write the day like 2025-01-31; it cannot be in the future.",
    "phone_twice": "Another row has the same phone number.",
    "email_twice": "Another row has the same e-mail address.",
    "number_twice": "Another row has the same number.",
    "inviter_unknown": "There is no such inviter, or it takes nobody below.",
    "inviter_cycle": "These leaders invited each other in a circle.",
    "tree_too_deep": "A team is not that deep.",
    "title_invalid": "This title is empty or too long.",
    "title_twice": "Another row has the same title.",
    "description_invalid": "This description is too long.",
    "unit_invalid": "This unit is empty or too long.",
    "price_invalid": "Write an amount like 19.90, without a currency.",
    "list_price_invalid": "This price is too high.",
    "sale_price_invalid": "This price is too high.",
    "rate_invalid": "Write a percentage like 12.5.",
    "stock_invalid": "Write a whole number of units.",
}

EXPORT_KINDS = {
    "orders": "Orders, with customers",
    "order_lines": "Ordered products, line by line",
    "leaders": "Leaders",
    "commissions": "Commissions (the ledger)",
    "payouts": "Payouts",
    "products": "Products",
    "cases": "After-sales, with customers",
}
EXPORT_STATES = {
    "reading": "Being made",
    "joining": "Nearly done",
    "done": "Ready",
    "refused": "Too many rows",
}

BOARD_KINDS = {
    "sales-week": "Sales, by week",
    "sales-month": "Sales, by month",
    "customers-week": "New customers, by week",
    "customers-month": "New customers, by month",
    "new_leaders-week": "New leaders, by week",
    "new_leaders-month": "New leaders, by month",
}
PRIZE_STATES = {"offered": "Offered", "awarding": "Being given", "awarded": "Given"}
REVIEW_STATES = {"waiting": "Not read yet", "shown": "Shown", "hidden": "Hidden"}
COUPON_STATES = {"open": "Can be used", "reserved": "On an order", "used": "Used", "expired": "Too old"}

ACCOUNTS = {
    "held": "held",
    "frozen": "frozen by a dispute",
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
PLAN_FIELDS = {
    "zh": "Name in Chinese",
    "en": "Name in English",
    "rate_bp": "Rate",
    "min_bp": "Lowest rate of a product",
    "max_bp": "Highest rate of a product",
    "settlement_bp": "Settlement price, of the list price",
    "rebate_bp": "Rebate",
    "sellers": "On whose sales",
    "from_rank": "From this rank on",
    "inviter_ranks": "For inviters of this rank",
    "amount_minor": "Amount",
    "after_days": "Days until it is earned",
    "min_paid_minor": "Smallest first order",
    "sharers_below": "Sales of sharers below",
    "over": "Counted",
    "rank": "Rank",
    "every": "Looked at",
    "notice_days": "Days of notice",
    "days": "Length in days",
    "min_group_size": "People in the chat group",
    "price_bp": "Leaders pay, of the list price",
    "price_bp_on_probation": "On probation they pay, of the list price",
    "return_window_days": "Days that earnings are held after delivery",
    "payout_cap_bp": "One order pays out at most",
    "self_purchase": "Leaders' own purchases",
    "head_rank": "Heads a community from this rank on",
    "due": "When it is earned",
    "max_per_month": "Most in a month, each",
    "join": "Needed",
    "joining_days": "Days after joining",
}
"""What a field of a plan is called, by its name in the plan language."""
PLAN_CHOICES = {
    "all": "All sellers'",
    "confirmed": "Confirmed sellers' only",
    "all_time": "in all",
    "month": "in a month",
    "quarter": "in a quarter",
    "probation": "during the probation",
    "joining": "since joining",
    "counted": "Counted",
    "excluded": "Not counted",
    "left_out": "Counted once only",
    "due.confirmed": "When confirmed",
    "due.first_order": "After the first order",
    "join.all": "Every one of these",
    "join.any": "One of these is enough",
}
PLAN_PARTS = {
    "promotions": "A rule to rise to {rank}",
    "upkeep": "A rule to stay {rank}",
    "probation": "A probation for newcomers",
    "admission": "A smallest chat group for newcomers",
}
"""What can be added to a plan besides rewards."""
INCLUDED_IN_TIER = {what: name["en"] for what, name in names.INCLUDED.items()}
"""What tiers of the brand's own subscription limit, as its owner reads it."""
TIER_INCLUDES = {
    "orders_a_month": ("{count} paid orders a month", "Paid orders without limit"),
    "leaders": ("{count} leaders", "Leaders without limit"),
    "staff": ("{count} people of staff", "Staff without limit"),
    "api_keys": ("API keys: {count}", "API keys without limit"),
}
"""What a tier includes: so many of them, or as many as one likes."""
TIER_STATES = {
    "trialing": "Trial",
    "active": "Active",
    "past_due": "Payment failed",
    "unpaid": "Payment failed",
    "paused": "Paused",
    "canceled": "Ended",
}
"""How the brand's own subscription stands, by Stripe's word for it."""
TIERS = tuple(name["en"] for name in names.TIERS.values())
BILL_NOTICES = {
    "above": "You use more than “{tier}” includes: {what}. Choose a larger tier by {when}; after that no new campaigns "
    "can be opened. Orders and payouts go on.",
    "stopped": "No new campaigns can be opened: you use more than “{tier}” includes ({what}). Choose a larger tier, "
    "and it goes on at once. Orders and payouts are not touched.",
    "unpaid": "The payment for “{tier}” failed. Change the card or pay the invoice by {when}; after that the limits of "
    "the free tier hold.",
    "lapsed": "The payment for your tier is overdue, so the limits of the free tier hold. Pay the open invoice, and "
    "your tier is back at once.",
}
TIME_ZONES = (
    "Asia/Shanghai", "Asia/Hong_Kong", "Asia/Taipei", "Asia/Singapore", "Asia/Kuala_Lumpur", "Asia/Tokyo",
    "Asia/Seoul", "Asia/Ho_Chi_Minh", "Australia/Sydney", "Pacific/Auckland", "Europe/London", "Europe/Berlin",
    "America/New_York", "America/Chicago", "America/Los_Angeles", "America/Toronto", "UTC",
)  # fmt: skip


def rank_names(plan: Plan, language: Language) -> dict[str, str]:
    """Give the names of a plan's ranks by id, lowest first, as the plan itself has them."""
    return {rank.id: named(rank, language) for rank in plan.ranks}
