"""Short ways to say what a test is about."""

import threading
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from chalicelib import store
from chalicelib.commissions import actions as commissions
from chalicelib.commissions import store as plans
from chalicelib.commissions.actions import PaidOrder
from chalicelib.commissions.rules.sale import Line, Standing
from chalicelib.leaders.store import Leader, leader_key
from chalicelib.ledger import book
from chalicelib.payouts.rails import Destination, Instruction, Outcome, Sent, Unknown
from chalicelib.settlement import days
from chalicelib.settlement import store as due_books
from chalicelib.settlement.actions import Calendar
from chalicelib.tenancy import acting_for

T = TypeVar("T")
START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
SHANGHAI = Calendar("Asia/Shanghai", "2026-03-01", "CNY")
A = Standing("A", "senior_gold", "confirmed")
B = Standing("B", "owner", "confirmed")
C = Standing("C", "owner", "confirmed")


def a_plan(tenant_id: str, preset: str = "breakaway") -> None:
    """Put a preset in force."""
    store.put(plans.first_version(tenant_id, preset, START - timedelta(days=30)))


def at_once(tenant_id: str, *works: Callable[[], T]) -> list[T]:
    """Do works for a brand at the same moment, each in a thread; gives what each gave, or raises what one raised."""
    begin = threading.Barrier(len(works))

    def run(work: Callable[[], T]) -> T:
        with acting_for(tenant_id):
            begin.wait()
            return work()

    with ThreadPoolExecutor(len(works)) as pool:
        return [done.result() for done in [pool.submit(run, work) for work in works]]


def a_profile(tenant_id: str, leader_id: str, at: datetime, **different: Any) -> Leader:
    """The record of a confirmed leader of the lowest rank that came at a moment; it is not written."""
    known = {"person_id": "pe_1", "name": "Wang", "phone": "13800138000", "invite_code": "0123456789"}
    usual = known | {"rank": "owner", "status": "confirmed"}
    moments = dict.fromkeys(("joined_at", "rank_since", "status_since", "standing_since"), at)
    return Leader(*leader_key(tenant_id, leader_id), leader_id=leader_id, **(usual | moments | different))


def an_order(
    order_id: str = "O1",
    seller: Standing = C,
    uplines: Sequence[Standing] = (B, A),
    *,
    paid_minor: int = 20_000,
    rate_bp: int = 2_000,
    at: datetime = START,
    lines: Sequence[Line] = (),
) -> PaidOrder:
    """A paid order; C sells 200.00 at 20 % unless said otherwise, under B under A, who is senior gold."""
    one = Line(sku="apple", qty=1, unit_price=paid_minor, list_price=paid_minor, paid=paid_minor, rate_bp=rate_bp)
    return PaidOrder(order_id, at, "CNY", seller, tuple(uplines), tuple(lines) or (one,))


def delivered(tenant_id: str, order_id: str, at: datetime = START, window_days: int = 7) -> str:
    """The order is delivered: gives the day on which its earnings fall due."""
    day = days.release_day(at, window_days, "Asia/Shanghai")
    return due_books.fall_due(tenant_id, commissions.order_book(order_id), day)


def balances(tenant_id: str, leader_id: str) -> tuple[int, int, int, int]:
    """A leader's (held, available, reserved, paid)."""
    found = book.leader_balance(tenant_id, leader_id, "CNY")
    return found.held_minor, found.available_minor, found.reserved_minor, found.paid_minor


def assert_books_balance(tenant_id: str) -> None:
    """The trial balance is zero."""
    assert set(book.trial_balance(book.all_balances(tenant_id)).values()) <= {0}


def bank(leader_id: str) -> Destination:
    """Every leader has a Stripe account named after it."""
    return Destination("stripe", f"acct_{leader_id}")


class FakeRail:
    """A rail with Stripe's manners: one transfer per key, found by its reference, answers that can get lost."""

    def __init__(self) -> None:
        self.transfers: dict[str, Instruction] = {}
        self.by_key: dict[str, Outcome] = {}
        self.answers: list[Outcome | str] = []
        self.sends = 0

    def answer_next(self, *answers: Outcome | str) -> None:
        """Script the next answers: an outcome in place of the transfer, `"lost"` (made, answer lost), `"500"` (made,
        a server error is cached under the key), `"500, nothing made"`."""
        self.answers += answers

    def forget_keys(self) -> None:
        """24 hours have passed."""
        self.by_key.clear()

    def send(self, instruction: Instruction) -> Outcome:
        self.sends += 1
        if instruction.key in self.by_key:
            return self.by_key[instruction.key]
        answer = self.answers.pop(0) if self.answers else "made"
        if not isinstance(answer, str):
            self.by_key[instruction.key] = answer
            return answer
        made = Sent(f"tr_{len(self.transfers) + 1}")
        if answer != "500, nothing made":
            self.transfers[made.transfer_id] = instruction
        self.by_key[instruction.key] = Unknown("500") if answer.startswith("500") else made
        return Unknown(answer) if answer == "lost" else self.by_key[instruction.key]

    def find(self, instruction: Instruction) -> Sent | Unknown | None:
        for transfer_id, made in self.transfers.items():
            if made.reference == instruction.reference:
                return Sent(transfer_id)
        return None

    def sent_to(self, account: str) -> int:
        """What an account has received in all."""
        return sum(made.amount_minor for made in self.transfers.values() if made.account == account)
