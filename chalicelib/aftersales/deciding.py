"""What the brand decides about a case, and how it ends."""

from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING

from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.aftersales import rules
from chalicelib.aftersales.actions import (
    ATTEMPTS,
    BUSY,
    check_requested,
    close,
    mark_done,
    refund_for,
    relist,
    settled,
)
from chalicelib.aftersales.commands import ApproveCase, DeclineCase
from chalicelib.aftersales.store import Case, CaseBook, added, book_of, find, get, moved, save_book
from chalicelib.catalog import store as catalog
from chalicelib.catalog.store import Stock
from chalicelib.leaders import store as leaders
from chalicelib.orders import refunds
from chalicelib.orders import store as orders
from chalicelib.orders.reservations import check_left, reserved
from chalicelib.orders.rules import check_refundable
from chalicelib.orders.steps import OrderBusy
from chalicelib.orders.store import Order, OrderRefund

if TYPE_CHECKING:
    from stripe import StripeClient


def approve(
    tenant_id: str, order_id: str, case_id: str, command: ApproveCase, *, by: str, now: datetime, stripe: "StripeClient"
) -> Case:
    """Say yes: reserve the refund, move returned goods to the stock and write the decision, all or nothing.

    Sent again, it goes on with the same refund. Raises `CaseUnknown`, `CaseDecided`, `CaseInvalid`, `NotRefundable`,
    `OrderDisputed`, `RefundRefused`, `OrderBusy`.
    """
    for _ in range(ATTEMPTS):
        # The order first: were it read after the case, somebody else's yes in between would look like nothing left.
        order = orders.get(tenant_id, order_id)
        case, book = get(tenant_id, order_id, case_id), book_of(tenant_id, order_id)
        if case.state in ("approved", "done"):
            return _go_on(tenant_id, case, now=now, stripe=stripe)
        check_requested(case)
        _check_goods(case, command)

        case.state, case.goods, case.decided_at, case.decided_by = "approved", command.goods, now, by
        relist(tenant_id, case)
        if case.wish == "replacement":
            if store.written(partial(_save_replacement, tenant_id, case)):
                return case
            continue
        refund = _refund(tenant_id, order, book, case, command, now)
        book = moved(book, waiting=added(book.waiting, case.units, -1), given=added(book.given, case.units))
        decision = partial(_save_refunded, tenant_id=tenant_id, case=case, book=book)
        if reserved(order, refund, refund.lines, also=decision):
            refunds.send(tenant_id, order, refund, now=now, stripe=stripe)
            return settled(tenant_id, case, now)
    raise OrderBusy(BUSY, param="order_id")


def decline(tenant_id: str, order_id: str, case_id: str, command: DeclineCase, *, by: str, now: datetime) -> Case:
    """Say no, and why. Harmless to repeat. Raises `CaseUnknown`, `CaseDecided`, `CaseInvalid`, `OrderBusy`."""
    note = rules.check_text(command.note, longest=rules.LONGEST_NOTE, param="note")
    if not note:
        raise rules.CaseInvalid("Say why: whoever asked reads it.", param="note")
    return close(tenant_id, order_id, case_id, "declined", by=by, now=now, note=note)


def hand_over(tenant_id: str, order_id: str, case_id: str, *, by: str, now: datetime) -> Case:
    """Note that an approved replacement was handed over, by the brand or the leader. Harmless to repeat.

    Raises `CaseUnknown`, `CaseDecided`, `OrderBusy`.
    """
    for _ in range(ATTEMPTS):
        case, book = get(tenant_id, order_id, case_id), book_of(tenant_id, order_id)
        if case.state == "done" and case.wish == "replacement":
            return case
        if (case.state, case.wish) != ("approved", "replacement"):
            raise rules.CaseDecided("Only an approved replacement can be handed over.", param="case_id")
        case.state, case.done_at, case.done_by = "done", now, by
        relist(tenant_id, case)
        # What was replaced can be spoilt again: its units can be claimed anew.
        book = moved(book, waiting=added(book.waiting, case.units, -1), given=book.given)
        if store.written(partial(_save_handed_over, case, book)):
            return case
    raise OrderBusy(BUSY, param="order_id")


def money_went_back(tenant_id: str, refund: OrderRefund, *, now: datetime) -> None:
    """Take in that a refund succeeded, or that a failed one was put away: the case that it was for is done."""
    case = find(tenant_id, refund.order_id, refund.case_id or "")
    if case is not None and case.state == "approved":
        mark_done(tenant_id, case, now, by=refund.seen_by)


def check_not_own(tenant_id: str, case: Case, person_id: str) -> None:
    """Refuse to let somebody decide who sold the goods, or asked, as a leader. Raises `OwnCase`."""
    seller = leaders.get(tenant_id, case.leader_id)
    if case.by == person_id or (seller is not None and seller.person_id == person_id):
        raise rules.OwnCase("This is a case of your own customers. Somebody else has to decide it.")


# ------------------------------------------------------------------------------------------------ what is written


def _check_goods(case: Case, command: ApproveCase) -> None:
    if command.goods == "back" and not case.units:
        raise rules.CaseInvalid("It is about an amount: say by hand how many units are back in stock.", param="goods")
    if command.amount_minor is not None and case.wish != "refund":
        raise rules.CaseInvalid("No money goes back for a replacement.", param="amount_minor")


def _refund(
    tenant_id: str, order: Order, book: CaseBook, case: Case, command: ApproveCase, now: datetime
) -> OrderRefund:
    check_refundable(order.state, order.payment_intent_id)
    asked = None if case.asked_minor is None else int(case.asked_minor)
    taken = rules.to_give_back(order.lines, book.given, case.units, asked, command.amount_minor)
    check_left(order, taken)
    refund = refund_for(tenant_id, order, case, taken, now)
    case.amount_minor, case.refund_id = refund.amount_minor, refund.refund_id
    return refund


def _save_refunded(write: TransactWrite, tenant_id: str, case: Case, book: CaseBook) -> None:
    write.save(case, condition=Case.state == "requested")
    save_book(write, book)
    _put_back(write, tenant_id, case)


def _save_replacement(tenant_id: str, case: Case) -> None:
    with store.transaction() as write:
        write.save(case, condition=Case.state == "requested")
        _put_back(write, tenant_id, case)


def _save_handed_over(case: Case, book: CaseBook) -> None:
    with store.transaction() as write:
        write.save(case, condition=Case.state == "approved")
        save_book(write, book)


def _put_back(write: TransactWrite, tenant_id: str, case: Case) -> None:
    """Put the case's units in stock, in the decision's own transaction: decided once is put back once."""
    for product_id, count in case.units.items() if case.goods == "back" else ():
        write.update(
            Stock(*catalog.stock_key(tenant_id, product_id)),
            actions=[Stock.left.add(count)],
            condition=Stock.pk.exists(),
        )


def _go_on(tenant_id: str, case: Case, *, now: datetime, stripe: "StripeClient") -> Case:
    """Go on with the refund of a case that was approved before: its sending may have been cut."""
    refund = orders.find_refund(tenant_id, case.order_id, case.refund_id or "")
    if case.state == "approved" and refund is not None and refund.state == "requested":
        refunds.drive(tenant_id, orders.get(tenant_id, case.order_id), refund, now=now, stripe=stripe)
    return settled(tenant_id, case, now)
