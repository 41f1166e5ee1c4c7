"""What a campaign's end means for its orders: everybody's money back, or the difference to the last price.

Goes through the campaign's chain, order by order, from where the last run stopped. Each refund is reserved on its order
before Stripe is asked, under a name derived from the order: however often this is cut, done twice, or answered by
time-outs, an order gets its money back once. One that Stripe refuses is asked for again, under a name of its own; after
`MOST_TRIES` it waits for a person, and the others go on.
"""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Literal

from chalicelib import store
from chalicelib.campaigns import chain, group
from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.aftermaths import Aftermath, Round, unfinished
from chalicelib.campaigns.store import Campaign
from chalicelib.campaigns.terms import GroupCounts, overpaid_minor
from chalicelib.notices.outbox import EMAIL_ONLY, queue_group_outcome
from chalicelib.notices.rules import ChannelName, Outcome
from chalicelib.orders import refunds
from chalicelib.orders.failed_refunds import marking_repeated
from chalicelib.orders.refund_records import late_refund_id, new_refund, step_refund_id
from chalicelib.orders.reservations import reserved
from chalicelib.orders.rules import refund_id_of
from chalicelib.orders.steps import OrderBusy, Told, take
from chalicelib.orders.store import (
    Order,
    OrderRefund,
    find_refund,
    get,
    order_key,
)

if TYPE_CHECKING:
    from stripe import StripeClient

KeepGoing = Callable[[], bool]
Standing = Literal["settled", "put_away", "under_way", "stuck"]

MOST_TRIES = 8
PAGE = 100
_LATE_ENTRIES = timedelta(minutes=10)
"""How long after its end an order that was paid before it may still come into the chain of a campaign without group."""
_PAUSE = timedelta(minutes=5)
"""Before a refused refund is asked for again; doubled each time: ten hours for all tries."""
_DISPUTED = "charge_disputed"
"""Stripe gives nothing back while a bank decides, which takes weeks, and the bank may: a person looks at it then."""
_BY = "campaign_end"
_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class _Run:
    """One run through a campaign's orders."""

    tenant_id: str
    campaign: Campaign
    counts: GroupCounts
    now: datetime
    stripe: "StripeClient"
    through: Sequence[ChannelName]


def drive_all(
    tenant_id: str,
    *,
    now: datetime,
    stripe: "StripeClient",
    keep_going: KeepGoing = lambda: True,
    through: Sequence[ChannelName] = EMAIL_ONLY,
) -> int:
    """Go on with every campaign of a brand whose orders are not settled; gives how many there were. Harmless to repeat.

    through: how buyers are told how their group ended.
    """
    found = unfinished(tenant_id, limit=PAGE)
    for progress in found:
        campaign = campaigns.get(tenant_id, progress.campaign_id)
        counts = group.read(tenant_id, progress.campaign_id).counts
        _go_through(_Run(tenant_id, campaign, counts, now, stripe, through), progress, keep_going)
    return len(found)


def _go_through(run: _Run, progress: Aftermath, keep_going: KeepGoing) -> None:
    """Walk the chain page by page, writing down the progress after each; another round as long as anything is open."""
    this_round = progress.round
    while keep_going():
        page = list(chain.entries(run.tenant_id, run.campaign.campaign_id, limit=PAGE, after=this_round.after))
        for entry, order in _orders_of(run, page):
            this_round = _counted(this_round, entry, *_settle(run, order, progress.ending))
        is_last = len(page) < PAGE
        progress.note(this_round, is_last=is_last)
        if is_last and not this_round.open and _is_complete(run, progress):
            progress.finish(run.now)
        store.put(progress)
        _log.info("campaign %s: %d orders settled", run.campaign.campaign_id, progress.settled)
        if is_last:
            return


def _orders_of(run: _Run, page: Sequence[chain.ChainEntry]) -> list[tuple[chain.ChainEntry, Order]]:
    items = store.get_all([order_key(run.tenant_id, entry.order_id) for entry in page])
    orders = {order.order_id: order for order in items if isinstance(order, Order)}
    return [(entry, orders[entry.order_id]) for entry in page]


def _counted(round_: Round, entry: chain.ChainEntry, standing: Standing, refunded_minor: int) -> Round:
    return Round(
        after=entry.sk,
        orders=round_.orders + 1,
        open=round_.open + (standing == "under_way"),
        stuck=round_.stuck + (standing == "stuck"),
        refunded_minor=round_.refunded_minor + refunded_minor,
    )


def _is_complete(run: _Run, progress: Aftermath) -> bool:
    """Tell whether the chain has all orders by now: a group's counts are its chain, others may come in late."""
    return run.campaign.is_group or run.now >= progress.began_at + _LATE_ENTRIES


# ------------------------------------------------------------------------------------------------ one order


def _settle(run: _Run, order: Order, ending: str) -> tuple[Standing, int]:
    """Do for one order what the campaign's end asks; gives how it stands, and what was given back for it."""
    if ending == "extended":
        _tell(run, order, "extended")
        return "settled", 0
    try:
        if run.campaign.status == "succeeded":
            refund = _difference(run, order)
        else:
            order, refund = _all_of_it(run, order)
        standing = "settled" if refund is None else _pursue(run, order, refund)
    except OrderBusy as busy:
        _log.warning("campaign %s: %s", run.campaign.campaign_id, busy)
        return "under_way", 0
    if run.campaign.is_group:
        _tell(run, order, "succeeded" if ending == "succeeded" else "failed")
    if standing == "settled" and refund is not None:
        return standing, int(refund.amount_minor)
    return ("settled" if standing == "put_away" else standing), 0


def _tell(run: _Run, order: Order, outcome: Outcome) -> None:
    """Queue the news for those whom they concern, once; who left before hears nothing more."""
    if order.state in (("cancelled",) if outcome == "failed" else ("paid", "delivered")):
        queue_group_outcome(run.tenant_id, order, outcome, now=run.now, through=run.through)


def _all_of_it(run: _Run, order: Order) -> tuple[Order, OrderRefund | None]:
    """Call an order off; gives it as it is then, and the refund of what was paid for it, be it of an earlier run."""
    if order.state == "paid":
        taken = take(run.tenant_id, order.order_id, Told("called_off", run.now), now=run.now)
        return taken.order, taken.late_refund
    if order.state == "cancelled":
        return order, find_refund(run.tenant_id, order.order_id, late_refund_id(order.order_id))
    return order, None


def _difference(run: _Run, order: Order) -> OrderRefund | None:
    """Reserve what an order paid above the last price; None when it paid no more than that, or is no longer in."""
    name = step_refund_id(order.order_id)
    for _ in range(20):
        earlier = find_refund(run.tenant_id, order.order_id, name)
        if earlier is not None or order.state not in ("paid", "delivered"):
            return earlier
        taken = _overpaid(run, order)
        if not taken:
            return None
        refund = new_refund(run.tenant_id, order, name, taken, "", run.now, cause="price_step")
        if reserved(order, refund, taken):
            return refund
        order = get(run.tenant_id, order.order_id)
    raise OrderBusy("This order is being changed right now. Try again in a moment.", param="order_id")


def _overpaid(run: _Run, order: Order) -> dict[str, int]:
    taken = {}
    for line in order.lines:
        item = run.campaign.item(line.product_id)
        if item is None or line.unit_price_minor not in item.prices_minor:
            continue  # a leader paid its own price for it (`stock_clearance`): the ladder was never its
        taken[line.product_id] = overpaid_minor(
            qty=line.qty,
            unit_price_minor=line.unit_price_minor,
            final_price_minor=item.price_at(run.counts.reached(run.campaign.terms, line.product_id)),
            still_paid_minor=line.still_paid_minor,
        )
    return {product_id: amount_minor for product_id, amount_minor in taken.items() if amount_minor}


# ------------------------------------------------------------------------------------------------ one refund


def _pursue(run: _Run, order: Order, refund: OrderRefund) -> Standing:
    """Have a refund made, or find out what became of it; where Stripe refused it, ask again under another name."""
    newest, tries = _newest(run, order, refund)
    if newest.state == "failed":
        if newest.seen_at is not None:
            return "put_away"  # the brand paid it some other way, or owes it no more: never a second time
        if tries >= MOST_TRIES or newest.failure_code == _DISPUTED:
            return "stuck"
        if run.now < (newest.resolved_at or newest.requested_at) + _PAUSE * 2 ** (tries - 1):
            return "under_way"
        again = _ask_again(run, order.order_id, newest)
        if again is None:
            return "settled"
        newest = again
    if newest.state == "requested":
        # Made in this very run: nobody can have asked Stripe before. Else it is looked up first.
        go_on = refunds.send if newest.requested_at == run.now else refunds.drive
        newest = go_on(run.tenant_id, order, newest, now=run.now, stripe=run.stripe)
    return "settled" if newest.state == "succeeded" else "under_way"


def _newest(run: _Run, order: Order, refund: OrderRefund) -> tuple[OrderRefund, int]:
    """Give the last refund that was tried, and the how many-th it is."""
    tries = 1
    while refund.state == "failed":
        after_it = find_refund(run.tenant_id, order.order_id, refund_id_of(order.order_id, refund.refund_id))
        if after_it is None:
            break
        refund, tries = after_it, tries + 1
    return refund, tries


def _ask_again(run: _Run, order_id: str, failed: OrderRefund) -> OrderRefund | None:
    """Reserve again what a failed refund should have given back; None when nothing of it is left."""
    name, order = refund_id_of(order_id, failed.refund_id), get(run.tenant_id, order_id)
    left = {line.product_id: line.still_paid_minor for line in order.lines}
    taken = {product_id: min(amount, left.get(product_id, 0)) for product_id, amount in failed.lines.items()}
    taken = {product_id: amount_minor for product_id, amount_minor in taken.items() if amount_minor}
    if not taken:
        return None
    refund = new_refund(run.tenant_id, order, name, taken, "", run.now, cause=failed.cause)
    refund.repeats = failed.refund_id
    if not reserved(order, refund, taken, also=marking_repeated(failed, refund, by=_BY, now=run.now)):
        raise OrderBusy("This order is being changed right now. Try again in a moment.", param="order_id")
    return refund
