"""Keep disputes as Stripe last told them, and have the ledger follow. Both can be told twice and in any order."""

import logging
from dataclasses import dataclass
from datetime import UTC, datetime

from pynamodb.transactions import TransactWrite

from chalicelib import store as table
from chalicelib.commissions.order_books import Contest, Disputed
from chalicelib.disputes import store
from chalicelib.disputes.intake import due_by_of, told_of
from chalicelib.disputes.rules import Told, lateness, standing_of, state_of, state_of_order
from chalicelib.disputes.store import Dispute
from chalicelib.orders import store as orders
from chalicelib.orders.steps import OrderBusy
from chalicelib.orders.store import Order, StripeEvent

_ATTEMPTS = 20
_log = logging.getLogger(__name__)


def take_in(tenant_id: str, event: StripeEvent) -> Dispute:
    """Take in a stored event about a dispute; gives the dispute afterwards. An older telling changes nothing.

    The dispute and what its order says of it change in one write. Raises `OrderNotFound`, `OrderBusy`.
    """
    told = told_of(event)
    for _ in range(_ATTEMPTS):
        order = orders.get(tenant_id, event.order_id)
        kept = store.of_order(tenant_id, event.order_id)
        before = next((one for one in kept if one.dispute_id == event.object_id), None)
        if before is not None and not _is_later(told, before):
            return before
        dispute = _as_told(tenant_id, order, event, told, before)
        others = [one for one in kept if one.dispute_id != event.object_id]
        if _written(order, dispute, before, [*others, dispute]):
            _tell_of_surprise(before, dispute)
            return dispute
    raise OrderBusy("This order is being changed right now. Try again in a moment.", param="order_id")


def _is_later(told: Told, before: Dispute) -> bool:
    return lateness(told.second, told.status, told.moves) > lateness(
        int(before.second), before.status, int(before.moves)
    )


def _as_told(tenant_id: str, order: Order, event: StripeEvent, told: Told, before: Dispute | None) -> Dispute:
    opened_at = datetime.fromtimestamp(told.opened, UTC)
    dispute = Dispute(
        *store.dispute_key(tenant_id, order.order_id, event.object_id),
        dispute_id=event.object_id,
        order_id=order.order_id,
        status=told.status,
        amount_minor=told.amount_minor,
        withdrawn_minor=told.withdrawn_minor,
        currency=order.currency,
        reason=told.reason,
        due_by=due_by_of(told),
        refundable=told.refundable,
        charge_id=told.charge_id,
        payment_intent_id=str(order.payment_intent_id),
        livemode=told.livemode,
        opened_at=min(opened_at, before.opened_at) if before is not None else opened_at,
        told_at=event.created_at,
        second=told.second,
        moves=told.moves,
        version=int(before.version) + 1 if before is not None else 1,
    )
    store.list_dispute(tenant_id, dispute)
    return dispute


def _written(order: Order, dispute: Dispute, before: Dispute | None, disputes: list[Dispute]) -> bool:
    """Write a dispute with what its order says of it; False when one of both changed since it was read.

    The order's version moves, so that a refund which is being reserved in this moment reads again and is refused.
    """
    lost_minor = sum(int(one.amount_minor) for one in disputes if one.state == "lost")

    def together() -> None:
        with table.transaction() as write:
            write.save(dispute, condition=store.unchanged(before) if before else Dispute.pk.does_not_exist())
            write.update(
                Order(order.pk, order.sk),
                actions=[
                    Order.disputed.set(state_of_order(one.state for one in disputes)),
                    Order.lost_minor.set(lost_minor),
                    Order.version.set(int(order.version) + 1),
                ],
                condition=Order.version == order.version,
            )

    return table.written(together)


def _tell_of_surprise(before: Dispute | None, dispute: Dispute) -> None:
    if before is not None and before.state == "lost" and dispute.state != "lost":
        # The cash follows by itself; what leaders lost does not come back by itself (infra/runbook.md).
        _log.error("dispute %s of %s was lost and is %s now", dispute.dispute_id, dispute.order_id, dispute.status)


# ------------------------------------------------------------------------------------------------ for the ledger


@dataclass(frozen=True, slots=True)
class Reading:
    """Reads an order's disputes for the ledger, anew whenever it is asked."""

    tenant_id: str
    order_id: str

    def __call__(self) -> Contest:
        """Give the disputes in the order in which they were opened, and the condition that they are still so."""
        found = sorted(store.of_order(self.tenant_id, self.order_id), key=lambda one: (one.opened_at, one.dispute_id))

        def unchanged(write: TransactWrite) -> None:
            for one in found:
                write.condition_check(Dispute, one.pk, one.sk, condition=store.unchanged(one))

        return Contest(tuple(_for_ledger(one) for one in found), unchanged)


def _for_ledger(dispute: Dispute) -> Disputed:
    return Disputed(
        dispute_id=dispute.dispute_id,
        at=dispute.told_at,
        amount_minor=int(dispute.amount_minor),
        standing=standing_of(state_of(dispute.status)),
        withdrawn_minor=int(dispute.withdrawn_minor),
    )
