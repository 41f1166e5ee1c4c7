"""Asking for a case, and what may become of it before it is decided. Deciding is in `deciding`."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import TYPE_CHECKING, Literal

from pynamodb.expressions.update import Action
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.aftersales import rules
from chalicelib.aftersales.commands import AskCase
from chalicelib.aftersales.store import (
    Case,
    CaseBook,
    LeaderCase,
    added,
    book_of,
    case_id_of,
    case_key,
    find,
    get,
    leader_case_key,
    moved,
    place_in_list,
    save_book,
)
from chalicelib.orders import refunds
from chalicelib.orders import store as orders
from chalicelib.orders.refund_records import new_refund
from chalicelib.orders.reservations import reserved
from chalicelib.orders.rules import refund_id_of
from chalicelib.orders.steps import OrderBusy
from chalicelib.orders.store import Order, OrderRefund
from chalicelib.store import packed
from chalicelib.tenants import actions as tenants

if TYPE_CHECKING:
    from stripe import StripeClient

ATTEMPTS = 20
BUSY = "This order is being changed right now. Try again in a moment."


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks: the customer by its order's link, the order's leader, or the brand. `id`: the leader's or person's."""

    kind: Literal["customer", "leader", "brand"]
    id: str | None = None


def ask(
    tenant_id: str,
    order_id: str,
    command: AskCase,
    *,
    asker: Asker,
    photos: Sequence[str] = (),
    nonce: str,
    now: datetime,
    stripe: "StripeClient",
) -> Case:
    """Open a case; approved at once while the order's automatic refunds stay within the brand's limit.

    photos: names of photos kept before. nonce: the same when the same form is sent again; it is then the same case.
    What the brand asks for itself waits for the brand's own yes. Raises `OrderNotFound`, `NotClaimable`, `CaseTooLate`,
    `CaseInvalid`, `RefundRefused`, `OrderBusy`.
    """
    for _ in range(ATTEMPTS):
        order, book = orders.get(tenant_id, order_id), book_of(tenant_id, order_id)
        if (earlier := find(tenant_id, order_id, case_id_of(order_id, nonce))) is not None:
            return earlier

        rules.check_claimable(order.state, order.delivered_at, by_brand=asker.kind == "brand", now=now)
        case = _case_of(tenant_id, order, book, command, asker, photos, nonce, now)
        taken = _worth(order, book, case)
        case.expected_minor = sum(taken.values())

        limit_minor = 0 if asker.kind == "brand" or order.disputed or not taken else _limit_minor(tenant_id)
        if limit_minor and rules.is_automatic(
            int(case.expected_minor), automatic_so_far_minor=int(book.automatic_minor), limit_minor=limit_minor
        ):
            refund = refund_for(tenant_id, order, case, taken, now)
            approve_by_itself(tenant_id, case, refund, now)
            given = added(book.given, case.units)
            book = moved(book, waiting=book.waiting, given=given, automatic_minor=int(case.expected_minor))
            if reserved(order, refund, taken, also=partial(_enter_given, tenant_id=tenant_id, case=case, book=book)):
                refunds.send(tenant_id, order, refund, now=now, stripe=stripe)
                return settled(tenant_id, case, now)
        elif _written(tenant_id, case, book):
            return case
    raise OrderBusy(BUSY, param="order_id")


def withdraw(tenant_id: str, order_id: str, case_id: str, *, asker: Asker, now: datetime) -> Case:
    """Take a case back that is not decided yet; only who asked can. Harmless to repeat.

    Raises `CaseUnknown`, `CaseDecided`, `OrderBusy`.
    """
    return close(tenant_id, order_id, case_id, "withdrawn", by=asker.id or asker.kind, now=now, asked_by=asker)


def close(
    tenant_id: str,
    order_id: str,
    case_id: str,
    state: Literal["withdrawn", "declined"],
    *,
    by: str,
    now: datetime,
    note: str | None = None,
    asked_by: Asker | None = None,
) -> Case:
    """End a requested case without doing anything about it; its units can be claimed again. Harmless to repeat."""
    for _ in range(ATTEMPTS):
        case, book = get(tenant_id, order_id, case_id), book_of(tenant_id, order_id)
        if asked_by is not None and (case.asked_by, case.by) != (asked_by.kind, asked_by.id):
            raise rules.OwnCase("Only who asked can take it back.")
        if case.state == state:
            return case
        check_requested(case)
        case.state, case.decided_at, case.decided_by, case.note = state, now, by, note
        relist(tenant_id, case)
        book = moved(book, waiting=added(book.waiting, case.units, -1), given=book.given)
        if store.written(partial(_save_both, case, book)):
            return case
    raise OrderBusy(BUSY, param="order_id")


def check_requested(case: Case) -> None:
    """Raises `CaseDecided` unless the case waits for its decision."""
    if case.state != "requested":
        raise rules.CaseDecided("This was decided, or withdrawn, before.", param="case_id")


# ------------------------------------------------------------------------------------------------ what is written


def _case_of(
    tenant_id: str,
    order: Order,
    book: CaseBook,
    command: AskCase,
    asker: Asker,
    photos: Sequence[str],
    nonce: str,
    now: datetime,
) -> Case:
    case_id = case_id_of(order.order_id, nonce)
    case = Case(
        *case_key(tenant_id, order.order_id, case_id),
        case_id=case_id,
        order_id=order.order_id,
        leader_id=order.leader_id,
        asked_by=asker.kind,
        by=asker.id,
        wish=command.wish,
        reason=command.reason,
        text=rules.check_text(command.text, longest=rules.LONGEST_TEXT, param="text") or None,
        units_packed=packed(rules.units_asked(command, order.lines, book.claimed)),
        asked_minor=command.amount_minor,
        photos_packed=packed(rules.check_photos(photos)),
        asked_at=now,
        gsi1sk=store.position(now, case_id),
    )
    relist(tenant_id, case)
    return case


def relist(tenant_id: str, case: Case) -> None:
    """Move a case to the list of its state; it keeps its place by the moment it was asked for."""
    case.gsi1pk = place_in_list(tenant_id, case.order_id, case.state)


def _worth(order: Order, book: CaseBook, case: Case) -> dict[str, int]:
    """Give what a refund comes to by product; nothing for a replacement. Raises `RefundRefused`."""
    if case.wish != "refund":
        return {}
    asked = None if case.asked_minor is None else int(case.asked_minor)
    return rules.to_give_back(order.lines, book.given, case.units, asked, None)


def _limit_minor(tenant_id: str) -> int:
    return int(tenants.get(tenant_id).auto_refund_minor or 0)


def refund_for(tenant_id: str, order: Order, case: Case, taken: dict[str, int], now: datetime) -> OrderRefund:
    """Make the record of a case's refund; its name comes from the case's, so that there is one."""
    name, goods = refund_id_of(order.order_id, case.case_id), case.goods or "gone"
    return new_refund(tenant_id, order, name, taken, "", now, cause="case", case_id=case.case_id, goods=goods)


def approve_by_itself(tenant_id: str, case: Case, refund: OrderRefund, now: datetime) -> None:
    """Write an automatic yes into a case that is not written yet."""
    case.state, case.automatic, case.goods = "approved", True, "gone"
    case.decided_at, case.amount_minor, case.refund_id = now, refund.amount_minor, refund.refund_id
    relist(tenant_id, case)


def _written(tenant_id: str, case: Case, book: CaseBook) -> bool:
    book = moved(book, waiting=added(book.waiting, case.units), given=book.given)

    def together() -> None:
        with store.transaction() as write:
            _enter(write, tenant_id, case)
            save_book(write, book)

    return store.written(together)


def _enter_given(write: TransactWrite, tenant_id: str, case: Case, book: CaseBook) -> None:
    _enter(write, tenant_id, case)
    save_book(write, book)


def _enter(write: TransactWrite, tenant_id: str, case: Case) -> None:
    write.save(case, condition=Case.pk.does_not_exist())
    key = leader_case_key(tenant_id, case.leader_id, case.asked_at, case.case_id)
    write.save(LeaderCase(*key, order_id=case.order_id, case_id=case.case_id))


def _save_both(case: Case, book: CaseBook) -> None:
    with store.transaction() as write:
        write.save(case, condition=Case.state == "requested")
        save_book(write, book)


def settled(tenant_id: str, case: Case, now: datetime) -> Case:
    """Mark an approved case as done once its money went back; gives it as it stands."""
    refund = orders.find_refund(tenant_id, case.order_id, case.refund_id or "")
    if refund is not None and refund.state == "succeeded":
        mark_done(tenant_id, case, now)
    return case


def mark_done(tenant_id: str, case: Case, now: datetime, *, by: str | None = None) -> None:
    """Write that what was approved has happened, once."""
    actions: list[Action] = [
        Case.state.set("done"),
        Case.done_at.set(now),
        *([Case.done_by.set(by)] if by else []),
        Case.gsi1pk.set(place_in_list(tenant_id, case.order_id, "done")),
    ]
    if not store.written(lambda: case.update(actions=actions, condition=Case.state == "approved")):
        case.refresh(consistent_read=True)
