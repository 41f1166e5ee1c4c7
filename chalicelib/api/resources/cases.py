"""After-sales: cases of orders, and refunds that failed."""

from datetime import datetime
from typing import Literal

from msgspec import Struct

from chalicelib.aftersales import actions, deciding, store
from chalicelib.aftersales.actions import Asker
from chalicelib.aftersales.commands import ApproveCase, AskCase, DeclineCase
from chalicelib.aftersales.store import CaseUnknown
from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody, PageQuery
from chalicelib.api.resources.orders import OrderRefund, shown_refund
from chalicelib.api.resources.shown import copied, currency_of
from chalicelib.orders import failed_refunds
from chalicelib.orders import store as orders


class Case(Struct, frozen=True, kw_only=True, tag_field="object", tag="case"):
    """A case. `state`: `requested`, `approved`, `done`, `declined` or `withdrawn`; `asked_by`: customer, leader, brand.

    `units` by product, empty where it is about an amount (`asked_minor`). `expected_minor`: what it came to when it was
    asked; `amount_minor`: what was decided. `automatic`: it needed nobody's yes. `photos`: how many.
    """

    id: str
    order_id: str
    leader_id: str
    asked_by: str
    wish: str
    reason: str
    text: str
    units: dict[str, int]
    asked_minor: int | None
    expected_minor: int
    currency: str
    photos: int
    state: str
    automatic: bool
    amount_minor: int | None
    refund_id: str | None
    goods: str | None
    note: str
    asked_at: datetime
    decided_at: datetime | None
    done_at: datetime | None


class CaseQuery(PageQuery, frozen=True, forbid_unknown_fields=True):
    """Which page of which list: what is to decide, what is approved and not done yet, or what is over."""

    state: Literal["requested", "approved", "over"] = "requested"


def ask(call: Call[AskCase]) -> Case:
    """Open a case in the brand's name; sent again with its key, it is the same case."""
    case = actions.ask(
        call.tenant_id,
        call.ids["order_id"],
        call.body,
        asker=Asker("brand", call.by),
        nonce=call.nonce,
        now=call.now,
        stripe=call.tools.stripe,
    )
    return _shown(call.tenant_id, case)


def of_order(call: Call[NoBody]) -> ListOf[Case]:
    """List an order's cases, the oldest first."""
    order_id = orders.get(call.tenant_id, call.ids["order_id"]).order_id
    found = store.of_order(call.tenant_id, order_id)
    return call.page_of_all([_shown(call.tenant_id, one) for one in found], lambda one: one.id)


def by_state(call: Call[NoBody]) -> ListOf[Case]:
    """List cases by state, newest first."""
    last = call.last_seen(lambda case_id: _by_id(call.tenant_id, case_id))
    found = store.newest(call.tenant_id, call.query.state, limit=call.one_more, after=last.gsi1sk if last else None)
    return call.page([_shown(call.tenant_id, one) for one in found])


def retrieve(call: Call[NoBody]) -> Case:
    """Show a case."""
    return _shown(call.tenant_id, store.get(call.tenant_id, call.ids["order_id"], call.ids["case_id"]))


def approve(call: Call[ApproveCase]) -> Case:
    """Say yes, perhaps to another amount; sent again, it goes on with the same refund."""
    order_id, case_id = call.ids["order_id"], call.ids["case_id"]
    case = deciding.approve(
        call.tenant_id, order_id, case_id, call.body, by=call.by, now=call.now, stripe=call.tools.stripe
    )
    return _shown(call.tenant_id, case)


def decline(call: Call[DeclineCase]) -> Case:
    """Say no, and why."""
    order_id, case_id = call.ids["order_id"], call.ids["case_id"]
    return _shown(
        call.tenant_id, deciding.decline(call.tenant_id, order_id, case_id, call.body, by=call.by, now=call.now)
    )


def hand_over(call: Call[NoBody]) -> Case:
    """Note that an approved replacement was handed over."""
    order_id, case_id = call.ids["order_id"], call.ids["case_id"]
    return _shown(call.tenant_id, deciding.hand_over(call.tenant_id, order_id, case_id, by=call.by, now=call.now))


def failed(call: Call[NoBody]) -> ListOf[OrderRefund]:
    """List refunds that failed, or that a bank sent back, and that nobody has seen to."""
    found = failed_refunds.newest(call.tenant_id, limit=100)
    return call.page_of_all([shown_refund(call.tenant_id, one) for one in found], lambda one: one.id)


def repeat(call: Call[NoBody]) -> OrderRefund:
    """Ask again for a refund that failed; sent again, it is the same new refund."""
    order_id, refund_id = call.ids["order_id"], call.ids["refund_id"]
    again = failed_refunds.repeat(
        call.tenant_id, order_id, refund_id, by=call.by, now=call.now, stripe=call.tools.stripe
    )
    return shown_refund(call.tenant_id, again)


def dismiss(call: Call[NoBody]) -> OrderRefund:
    """Put away a refund that failed: it was settled otherwise."""
    order_id, refund_id = call.ids["order_id"], call.ids["refund_id"]
    seen = failed_refunds.dismiss(call.tenant_id, order_id, refund_id, by=call.by, now=call.now)
    deciding.money_went_back(call.tenant_id, seen, now=call.now)
    return shown_refund(call.tenant_id, seen)


def _by_id(tenant_id: str, case_id: str) -> store.Case:
    case = store.find(tenant_id, store.order_id_of(case_id) or "", case_id)
    if case is None:
        raise CaseUnknown("There is no such case.")
    return case


def _shown(tenant_id: str, case: store.Case) -> Case:
    return copied(
        Case,
        case,
        id=case.case_id,
        text=case.text or "",
        asked_minor=None if case.asked_minor is None else int(case.asked_minor),
        expected_minor=int(case.expected_minor),
        currency=currency_of(tenant_id),
        photos=len(case.photos),
        automatic=bool(case.automatic),
        amount_minor=None if case.amount_minor is None else int(case.amount_minor),
        note=case.note or "",
    )
