"""The sweep: what webhooks should have told but did not, and what was cut in the middle.

Each part goes on from where the last run stopped and does all that is due, so a tick that never came loses nothing.
What Stripe gives no certain answer for is left for the next run; the others go on.
"""

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from chalicelib import store
from chalicelib.campaigns import closing
from chalicelib.errors import Conflict
from chalicelib.notices.outbox import EMAIL_ONLY
from chalicelib.notices.rules import ChannelName
from chalicelib.orders import aftermath, checkout, refunds
from chalicelib.orders.aftermath import KeepGoing
from chalicelib.orders.checkout import FateUnknown, StripeRefused
from chalicelib.orders.payment import apply_session
from chalicelib.orders.rules import PAYMENT_WINDOW
from chalicelib.orders.steps import OrderBusy, PaymentDiffers, Told, take
from chalicelib.orders.store import (
    Order,
    OrderRefund,
    PendingPayment,
    SweepMark,
    get,
    in_order,
    mark_key,
    open_refunds_listing,
    orders_listing,
    pending_key,
)

if TYPE_CHECKING:
    from stripe import StripeClient

_START = "0"  # sorts before every moment
_UNDERWAY = timedelta(minutes=2)
_ASK_AGAIN = timedelta(hours=6)
_ENOUGH = 5  # so many without an answer in a row: Stripe is away, and each try may take its whole time-out
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Swept:
    """What a run did: unpaid orders settled, slow payments asked about, refunds driven on, campaigns closed, and
    campaigns whose orders were gone through for their end."""

    orders: int
    slow_payments: int
    refunds: int
    campaigns: int
    aftermaths: int


def sweep(
    tenant_id: str,
    *,
    now: datetime,
    stripe: "StripeClient",
    at_a_time: int = 100,
    keep_going: KeepGoing = lambda: True,
    through: Sequence[ChannelName] = EMAIL_ONLY,
) -> Swept:
    """Do for a brand all that is due: let unpaid orders go, drive refunds on, close campaigns, see them through.

    through: how buyers are told how their group ended. Harmless to repeat.
    """
    return Swept(
        orders=let_go_unpaid(tenant_id, now=now, stripe=stripe, at_a_time=at_a_time),
        slow_payments=ask_about_slow_payments(tenant_id, now=now, stripe=stripe),
        refunds=drive_refunds(tenant_id, now=now, stripe=stripe, at_a_time=at_a_time),
        campaigns=closing.close_past(tenant_id, now=now),
        aftermaths=aftermath.drive_all(tenant_id, now=now, stripe=stripe, keep_going=keep_going, through=through),
    )


def let_go_unpaid(tenant_id: str, *, now: datetime, stripe: "StripeClient", at_a_time: int = 100) -> int:
    """Settle every order whose time to pay is over; gives how many were settled.

    They are so old that the index has them by now. The mark stays before the first one that could not be settled.
    """
    mark = store.get(SweepMark, *mark_key(tenant_id))
    start, until = mark.done_up_to if mark else _START, store.position(now - PAYMENT_WINDOW, "~")
    first_stuck, settled, unanswered = None, 0, 0
    while unanswered < _ENOUGH:
        rows = store.listed(orders_listing(tenant_id), between=(start, until), limit=at_a_time)
        for order in in_order(rows, Order, consistent=False):
            if order.state != "awaiting_payment":
                continue
            if _let_go(tenant_id, order, now=now, stripe=stripe):
                settled, unanswered = settled + 1, 0
            else:
                first_stuck, unanswered = first_stuck or order.gsi1sk, unanswered + 1
                if unanswered == _ENOUGH:
                    break
        start = rows[-1].position + "~" if rows else until
        if rows:
            store.put(SweepMark(*mark_key(tenant_id), done_up_to=first_stuck or start))
        if len(rows) < at_a_time:
            break
    return settled


def _let_go(tenant_id: str, order: Order, *, now: datetime, stripe: "StripeClient") -> bool:
    """Settle one order; False when nobody knows yet. Its session is ended first: then it can be paid no more."""
    if order.session_id is None:
        # Its placing was cut before anybody was told where to pay (see `orders.placing`).
        return take(tenant_id, order.order_id, Told("lapsed", now), now=now).order.state != "awaiting_payment"
    try:
        session = checkout.end_session(stripe, order.session_id)
        return apply_session(tenant_id, order, session, now=now, stripe=stripe).state != "awaiting_payment"
    except StripeRefused as refusal:
        _log.error("session of %s: %s", order.order_id, refusal)
        return take(tenant_id, order.order_id, Told("lapsed", now), now=now).order.state != "awaiting_payment"
    except (FateUnknown, OrderBusy) as unknown:
        _log.warning("session of %s: %s", order.order_id, unknown)
        return False
    except PaymentDiffers as difference:
        _log.error("%s", difference)  # for a person to look at; it must not hold up the others
        return True


def ask_about_slow_payments(tenant_id: str, *, now: datetime, stripe: "StripeClient") -> int:
    """Ask Stripe about payments that take days, a few times a day each; gives how many were asked about."""
    due = [one for one in store.query(PendingPayment, pending_key(tenant_id, "")[0]) if one.ask_at <= now]
    for reminder in due:
        order = get(tenant_id, reminder.order_id)
        try:
            session = checkout.look_up(stripe, str(order.session_id))
            order = apply_session(tenant_id, order, session, now=now, stripe=stripe)
        except (StripeRefused, FateUnknown, Conflict) as unknown:
            _log.warning("slow payment of %s: %s", order.order_id, unknown)
        if order.state == "processing":
            _ask_later(reminder, now)
    return len(due)


def _ask_later(reminder: PendingPayment, now: datetime) -> None:
    later = PendingPayment.ask_at.set(now + _ASK_AGAIN)
    # Not written: the webhook came meanwhile, and there is nothing to remember any more.
    store.written(lambda: reminder.update(actions=[later], condition=PendingPayment.pk.exists()))


def drive_refunds(tenant_id: str, *, now: datetime, stripe: "StripeClient", at_a_time: int = 100) -> int:
    """Go on with every refund that is on its way for some minutes; gives how many were."""
    start, until, driven = _START, store.position(now - _UNDERWAY, "~"), 0
    while True:
        rows = store.listed(open_refunds_listing(tenant_id), between=(start, until), limit=at_a_time)
        for refund in in_order(rows, OrderRefund):
            try:
                refunds.drive(tenant_id, get(tenant_id, refund.order_id), refund, now=now, stripe=stripe)
            except OrderBusy as busy:
                _log.warning("refund %s: %s", refund.refund_id, busy)
            driven += 1
        if len(rows) < at_a_time:
            return driven
        start = rows[-1].position + "~"
