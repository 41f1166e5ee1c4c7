"""Reserving: an order, its goods, its coupon and its buyer's limits in one transaction, all or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass

from pynamodb.exceptions import TransactWriteError

from chalicelib import store
from chalicelib.campaigns import buyers, stock
from chalicelib.campaigns.buyers import Buyer, GroupFull
from chalicelib.campaigns.store import Campaign
from chalicelib.coupons import checkout as coupons
from chalicelib.coupons.checkout import Chosen
from chalicelib.coupons.rules import CouponNotUsable
from chalicelib.errors import Conflict, Refusal
from chalicelib.orders import discounts
from chalicelib.orders.lines import OrderLine
from chalicelib.orders.store import Order, get

_ATTEMPTS = 20


class SoldOut(Conflict):
    """Less of a product is left than was asked for."""

    code = "sold_out"


class Crowded(Refusal):
    """So many buy the same at once that this one got no turn."""

    status = 503
    type = "api_error"
    code = "crowded"


@dataclass(slots=True)
class _Plan:
    """From which counters the units of each line are taken; who buys, where the campaign counts it."""

    shares: dict[str, Sequence[stock.Share]]
    buyer: Buyer | None


def reserve(tenant_id: str, campaign: Campaign, order: Order, chosen: Chosen | None) -> Order | None:
    """Write the order with its coupon; gives the order that was there before, if one was.

    When another order took the coupon at this very moment: without, if nobody asked for it.
    Raises `SoldOut` and `PersonLimit` that name the line, `GroupFull`, `CouponNotUsable`, `Crowded`.
    """
    if chosen is not None:
        discounts.put_on(order, chosen)
    try:
        return _reserve(tenant_id, campaign, order, chosen)
    except CouponNotUsable:
        if chosen is None or not chosen.is_automatic:
            raise
    discounts.take_off(order)
    return _reserve(tenant_id, campaign, order, None)


def _reserve(tenant_id: str, campaign: Campaign, order: Order, chosen: Chosen | None) -> Order | None:
    shares: dict[str, Sequence[stock.Share]] = {
        line.product_id: _first_share(campaign, order, line) for line in order.lines
    }
    for _ in range(_ATTEMPTS):
        plan = _Plan(shares, _buyer_of(tenant_id, campaign, order))
        try:
            store.again_when_crossed(lambda: _write(tenant_id, campaign, order, chosen, plan))  # noqa: B023 - at once
            return None
        except TransactWriteError as error:
            if store.crossed(error):
                break
            if not store.condition_failed(error):
                raise
            exists, *refused = store.failed_conditions(error)
            if exists:
                return get(tenant_id, order.order_id)
            short = _short(order, plan, refused)
        if short is not None:
            shares[short.product_id] = _look_for(tenant_id, campaign, order, short)
        elif (step := refused.index(True) - _updates(plan)) >= 0:
            _refuse(chosen, plan, step)
    raise Crowded("Many are buying this right now. Nothing was ordered or charged. Please try again.")


def _first_share(campaign: Campaign, order: Order, line: OrderLine) -> list[stock.Share]:
    item = campaign.item(line.product_id)
    return stock.first_share(item, order.order_id, line.qty) if item else [(0, line.qty)]


def _buyer_of(tenant_id: str, campaign: Campaign, order: Order) -> Buyer | None:
    """Read who buys, and refuse what is above its limit; a leader's entered order is for people without a phone."""
    if order.entered:
        buyers.check_entered(campaign, order.entered)
        return None
    if not campaign.knows_buyers:
        return None
    buyer = buyers.read(tenant_id, campaign.campaign_id, order.customer.phone)
    buyers.check_may_order(campaign, buyer, {line.product_id: line.qty for line in order.lines})
    return buyer


def _write(tenant_id: str, campaign: Campaign, order: Order, chosen: Chosen | None, plan: _Plan) -> None:
    """Send the transaction. Its updates: the stock by line, then coupon, buyer and places where there are any."""
    with store.transaction() as write:
        write.save(order, condition=Order.pk.does_not_exist())
        for product_id, shares in plan.shares.items():
            stock.take(write, tenant_id, campaign.campaign_id, product_id, shares)
        if chosen is not None:
            coupons.take(write, chosen, order.order_id)
        if plan.buyer is not None:
            units = {line.product_id: line.qty for line in order.lines}
            buyers.keep(write, tenant_id, campaign, plan.buyer, units)
        elif order.entered:
            buyers.keep_entered(write, tenant_id, campaign, order.people)


def _updates(plan: _Plan) -> int:
    return sum(len(shares) for shares in plan.shares.values())


def _short(order: Order, plan: _Plan, refused: Sequence[bool]) -> OrderLine | None:
    """Give the first line whose counters did not have enough; None when it was not the stock."""
    number = 0
    for line in order.lines:
        shares = plan.shares[line.product_id]
        if any(refused[number : number + len(shares)]):
            return line
        number += len(shares)
    return None


def _look_for(tenant_id: str, campaign: Campaign, order: Order, line: OrderLine) -> Sequence[stock.Share]:
    """Find the units of a line in all counters of its product. Raises `SoldOut`."""
    item, shares = campaign.item(line.product_id), None
    if item is not None and item.counters > 1:
        left = stock.left_by_counter(tenant_id, campaign.campaign_id, item)
        shares = stock.share_out(left, stock.own_counter(item, order.order_id), line.qty)
    if shares is None:
        number = order.lines.index(line)
        raise SoldOut(f"There is not enough left of “{line.title}”. Choose less.", param=f"lines.{number}.qty")
    return shares


def _refuse(chosen: Chosen | None, plan: _Plan, step: int) -> None:
    """Say why, where it was not the stock; nothing when the same buyer's other order came in between: look again.

    `step`: which of the updates behind the stock's was refused.
    """
    if chosen is not None and step == 0:
        raise CouponNotUsable("This coupon is on another order. Choose another one, or none.", param="coupon_id")
    if plan.buyer is not None and step == (chosen is not None):
        return
    raise GroupFull("All places of this group are taken. Nothing was ordered or charged.", param="campaign_id")
