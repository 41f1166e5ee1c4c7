"""The manual rail: a file for the bank, and what the brand confirms of it, line by line.

Leaders in mainland China cannot be reached by Stripe transfers. The brand exports what is reserved, pays it from its
own bank, and says for each line whether the money went. A line that does not match what was exported is refused with
its reason; the others go through. Confirming a file twice changes nothing.
"""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Literal

from msgspec import Struct

from chalicelib.errors import Conflict
from chalicelib.money import decimal_text, parse_decimal
from chalicelib.payouts import actions, store
from chalicelib.payouts.store import PayoutRecord


class NothingToExport(Conflict):
    """No manual payout is reserved."""

    code = "batch_empty"


class BatchLine(Struct, frozen=True, kw_only=True):
    """A row of the file for the bank. `amount` is a decimal in the currency."""

    batch: str
    payout: str
    leader: str
    account: str
    amount: str
    currency: str


class ConfirmedLine(Struct, frozen=True, forbid_unknown_fields=True, kw_only=True):
    """What the brand says of a line: `paid` with the bank's reference, or `failed` with a reason."""

    batch: str
    payout: str
    amount: str
    result: Literal["paid", "failed"]
    reference: str = ""


class LineResult(Struct, frozen=True, kw_only=True):
    """What became of a confirmed line: `done`, `already` (confirmed before), or `refused` with the reason."""

    line: int
    payout: str
    outcome: Literal["done", "already", "refused"]
    reason: str = ""


def export(tenant_id: str, *, now: datetime) -> list[BatchLine]:
    """Put every reserved manual payout into a new batch and give its lines. Raises `NothingToExport`.

    The batch is named after its moment. Cut in the middle, or run twice at once, each payout is in one batch only:
    `exported_lines` gives those of an earlier one again.
    """
    batch_id = now.strftime("%Y%m%dT%H%M%S%fZ")
    reserved = [p for p in store.open_payouts(tenant_id) if p.rail == "manual" and p.state == "reserved"]
    if not reserved:
        raise NothingToExport("There is nothing to pay by bank right now. Files exported before can be shown again.")

    taken = [p for p in reserved if store.move(p, "exported", allowed=("reserved",), now=now, batch_id=batch_id)]

    return [_line_of(payout, batch_id) for payout in taken]


def exported_lines(tenant_id: str) -> list[BatchLine]:
    """Give the lines of all batches that wait to be confirmed."""
    waiting = [p for p in store.open_payouts(tenant_id) if p.state == "exported"]
    return [_line_of(payout, str(payout.batch_id)) for payout in waiting]


def _line_of(payout: PayoutRecord, batch_id: str) -> BatchLine:
    return BatchLine(
        batch=batch_id,
        payout=payout.payout_id,
        leader=payout.leader_id,
        account=payout.account,
        amount=decimal_text(int(payout.amount_minor), payout.currency),
        currency=payout.currency,
    )


def confirm(tenant_id: str, confirmed: Sequence[ConfirmedLine], *, now: datetime) -> list[LineResult]:
    """Take in what the bank did with each line; gives what became of it, in the same order."""
    return [_confirm_line(tenant_id, number, line, now) for number, line in enumerate(confirmed, start=1)]


def _confirm_line(tenant_id: str, number: int, line: ConfirmedLine, now: datetime) -> LineResult:
    def result(outcome: Literal["done", "already", "refused"], reason: str = "") -> LineResult:
        return LineResult(line=number, payout=line.payout, outcome=outcome, reason=reason)

    try:
        payout = store.get(tenant_id, line.payout)
        amount_minor = parse_decimal(line.amount, payout.currency, param="amount")
    except store.PayoutNotFound as error:
        return result("refused", error.message)
    if payout.batch_id != line.batch:
        return result("refused", "This payout is not in this batch.")
    if amount_minor != payout.amount_minor:
        exported = decimal_text(int(payout.amount_minor), payout.currency)
        return result("refused", f"The amount was changed: {exported} was exported.")
    if payout.state != "exported":
        wanted = payout.state == line.result
        return result("already" if wanted else "refused", f"This payout is {payout.state} already.")
    if line.result == "paid":
        done = actions.confirm_paid(tenant_id, payout, now=now, transfer_id=line.reference or line.batch)
    else:
        done = actions.confirm_failed(tenant_id, payout, now=now, reason=line.reference or "bank_refused")
    return result("done" if done else "already")


BATCH_COLUMNS = ("batch", "payout", "leader", "account", "amount", "currency")


def rows(lines: Iterable[BatchLine]) -> list[tuple[str, ...]]:
    """Give the lines as rows under `BATCH_COLUMNS`, for CSV."""
    return [tuple(str(getattr(line, column)) for column in BATCH_COLUMNS) for line in lines]
