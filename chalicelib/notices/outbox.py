"""Putting a fact into the outbox: who is told it, in which language, by which ways. However often it is told, once.

`through` are the ways that a deployment has turned on (`Post.channels`). Nothing is queued for somebody who has no
address there.
"""

from collections.abc import Sequence
from datetime import UTC, date, datetime

from chalicelib.billing.news import Kind, News
from chalicelib.leaders.store import Leader
from chalicelib.notices import store
from chalicelib.notices.receivers import of_buyer
from chalicelib.notices.rules import BRAND, ChannelName, Outcome, Template
from chalicelib.orders.store import Order, OrderRefund
from chalicelib.payouts.store import PayoutRecord
from chalicelib.people.memberships import owner_of

EMAIL_ONLY: tuple[ChannelName, ...] = ("email",)


def queue_order_paid(
    tenant_id: str, order: Order, *, now: datetime, through: Sequence[ChannelName] = EMAIL_ONLY
) -> None:
    """Tell the buyer that the order is paid."""
    _to_buyer(tenant_id, order, "order-paid", "order_paid", {}, now, through)


def queue_refund(
    tenant_id: str,
    order: Order,
    refund: OrderRefund,
    *,
    now: datetime,
    through: Sequence[ChannelName] = EMAIL_ONLY,
) -> None:
    """Tell the buyer that money went back, all of it or a part."""
    amount_minor = int(refund.amount_minor)
    facts: dict[str, object] = {"amount_minor": amount_minor, "part": amount_minor < order.amount_minor}
    _to_buyer(tenant_id, order, f"refund-{refund.refund_id}", "refund", facts, now, through)


def queue_group_outcome(
    tenant_id: str,
    order: Order,
    outcome: Outcome,
    *,
    now: datetime,
    through: Sequence[ChannelName] = EMAIL_ONLY,
) -> None:
    """Tell the buyer how the group of the order ended, or that it was given more time."""
    templates: dict[Outcome, Template] = {
        "succeeded": "group_succeeded",
        "failed": "group_failed",
        "extended": "group_extended",
    }
    _to_buyer(tenant_id, order, f"group-{outcome}", templates[outcome], {}, now, through)


def queue_ready(
    tenant_id: str,
    order: Order,
    *,
    now: datetime,
    place: str = "",
    through: Sequence[ChannelName] = EMAIL_ONLY,
    again_on: date | None = None,
) -> None:
    """Tell the buyer that the order can be picked up; `place`: where, if that is not what the order says.

    again_on: the day on which it is told once more, as a reminder.
    """
    facts: dict[str, object] = {"place": place} if place else {}
    _to_buyer(tenant_id, order, f"ready-{again_on}" if again_on else "ready", "ready", facts, now, through)


def queue_case_answered(
    tenant_id: str, order: Order, case_id: str, *, now: datetime, through: Sequence[ChannelName] = EMAIL_ONLY
) -> None:
    """Tell the buyer that the brand has answered a complaint; the answer itself is on the order's page."""
    _to_buyer(tenant_id, order, f"answer-{case_id}", "case_answered", {}, now, through)


def queue_payout(
    tenant_id: str,
    leader: Leader,
    payout: PayoutRecord,
    *,
    now: datetime,
    through: Sequence[ChannelName] = EMAIL_ONLY,
) -> None:
    """Tell a leader that money was sent to it."""
    facts: dict[str, object] = {"amount_minor": int(payout.amount_minor)}
    _to_leader(tenant_id, leader, f"payout-{payout.payout_id}", "payout", facts, now, through)


def queue_payout_changed(
    tenant_id: str,
    leader: Leader,
    *,
    changed_at: datetime,
    now: datetime,
    through: Sequence[ChannelName] = EMAIL_ONLY,
) -> None:
    """Tell a leader that the account it is paid to was changed; it may not have been the leader who did it."""
    fact = f"payout-changed-{changed_at.astimezone(UTC):%Y%m%dT%H%M%S%f}"
    _to_leader(tenant_id, leader, fact, "payout_changed", {}, now, through)


def queue_subscription(
    tenant_id: str, one: News, *, now: datetime, through: Sequence[ChannelName] = EMAIL_ONLY
) -> None:
    """Tell the owner what became of the brand's subscription or of its limits; by e-mail, no other address is known."""
    owner = owner_of(tenant_id)
    if owner is None or "email" not in through:
        return
    facts: dict[str, object] = {"tier": one.tier.key, "what": one.what}
    if one.until is not None:
        facts["until_at"] = one.until.isoformat()
    store.queue(
        tenant_id,
        BRAND,
        one.once,
        channel="email",
        template=_OF_SUBSCRIPTION[one.kind],
        language=owner.language,
        facts=facts,
        now=now,
    )


_OF_SUBSCRIPTION: dict[Kind, Template] = {
    "began": "tier_began",
    "ended": "tier_ended",
    "unpaid": "tier_unpaid",
    "lapsed": "tier_lapsed",
    "near": "tier_near",
    "above": "tier_above",
    "stopped": "tier_stopped",
}


def _to_buyer(
    tenant_id: str,
    order: Order,
    fact: str,
    template: Template,
    facts: dict[str, object],
    now: datetime,
    through: Sequence[ChannelName],
) -> None:
    for channel in through:
        if of_buyer(order.customer, channel):
            store.queue(
                tenant_id,
                order.order_id,
                fact,
                channel=channel,
                template=template,
                language=order.language or "zh",
                facts=facts,
                now=now,
            )


def _to_leader(
    tenant_id: str,
    leader: Leader,
    fact: str,
    template: Template,
    facts: dict[str, object],
    now: datetime,
    through: Sequence[ChannelName],
) -> None:
    for channel in through:
        if channel != "wechat":  # a leader's openid is not known
            store.queue(
                tenant_id,
                leader.leader_id,
                fact,
                channel=channel,
                template=template,
                language=leader.language,
                facts=facts,
                now=now,
            )
