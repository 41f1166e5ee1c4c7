"""Payouts, the run that makes them, and the files for the bank."""

from datetime import datetime, timedelta

from msgspec import Struct

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody
from chalicelib.api.resources.shown import copied
from chalicelib.payouts import batches, store
from chalicelib.payouts.batches import BatchLine, ConfirmedLine, LineResult
from chalicelib.tenants import actions as tenants

RUNS_FOR = timedelta(seconds=15)
"""A run stops after this, so that the function has time to answer; the schedule or another run goes on."""


class Payout(Struct, frozen=True, kw_only=True, tag_field="object", tag="payout"):
    """Money to a leader: `reserved`, `sending` or `exported`, then `paid` or `failed` (`reason` says why)."""

    id: str
    leader_id: str
    amount_minor: int
    currency: str
    rail: str
    state: str
    reason: str | None
    batch_id: str | None
    transfer_id: str | None
    created_at: datetime
    updated_at: datetime


class PayoutRun(Struct, frozen=True, kw_only=True, tag_field="object", tag="payout_run"):
    """What a run did: payouts reserved and sent, and for each leader whose payout waits, why.

    `finished` is false when it stopped for lack of time: the schedule goes on, or another run.
    """

    reserved: int
    sent: int
    held: dict[str, str]
    finished: bool


class PayoutBatch(Struct, frozen=True, kw_only=True, tag_field="object", tag="payout_batch"):
    """A file for the bank; `amount` of a line is a decimal in its currency."""

    id: str
    lines: list[BatchLine]


class ConfirmBatch(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What the bank did with each line."""

    lines: list[ConfirmedLine]


class PayoutConfirmation(Struct, frozen=True, kw_only=True, tag_field="object", tag="payout_confirmation"):
    """What became of each confirmed line, in the order sent; a refused line does not stop the others."""

    lines: list[LineResult]

    @property
    def nothing_done(self) -> bool:
        """Tell whether every line was refused; then there is nothing to log."""
        return all(line.outcome == "refused" for line in self.lines)


def retrieve(call: Call[NoBody]) -> Payout:
    """Show a payout."""
    return _shown(store.get(call.tenant_id, call.ids["payout_id"]))


def newest(call: Call[NoBody]) -> ListOf[Payout]:
    """List payouts, newest first."""
    last = call.last_seen(lambda payout_id: store.get(call.tenant_id, payout_id))
    found, _ = store.payouts_page(call.tenant_id, limit=call.one_more, after=last.gsi1sk if last else None)
    return call.page([_shown(payout) for payout in found])


def run(call: Call[NoBody]) -> PayoutRun:
    """Reserve and send now what leaders have available, as the schedule does."""
    from chalicelib.events.schedules import pay_brand  # with all that the schedules need: not at a cold start

    tools, until = call.tools, call.now + RUNS_FOR
    tenant = tenants.get(call.tenant_id)
    result = pay_brand(tenant, tools, now=call.now, keep_going=lambda: tools.now() < until)
    return PayoutRun(reserved=result.reserved, sent=result.sent, held=dict(result.held), finished=result.finished)


def export(call: Call[NoBody]) -> PayoutBatch:
    """Put what is to be paid by bank into a new file; sent again with its key, it goes on with the same file."""
    batch_id = batches.export(call.tenant_id, now=call.began_at)[0].batch
    return PayoutBatch(
        id=batch_id, lines=[line for line in batches.exported_lines(call.tenant_id) if line.batch == batch_id]
    )


def open_batches(call: Call[NoBody]) -> ListOf[PayoutBatch]:
    """List the files that wait to be confirmed, oldest first, with the lines that do."""
    by_batch: dict[str, list[BatchLine]] = {}
    for line in batches.exported_lines(call.tenant_id):
        by_batch.setdefault(line.batch, []).append(line)
    shown = [PayoutBatch(id=batch_id, lines=lines) for batch_id, lines in sorted(by_batch.items())]
    return call.page_of_all(shown, lambda batch: batch.id)


def confirm(call: Call[ConfirmBatch]) -> PayoutConfirmation:
    """Take in what the bank did, line by line."""
    return PayoutConfirmation(lines=batches.confirm(call.tenant_id, call.body.lines, now=call.now))


def _shown(payout: store.PayoutRecord) -> Payout:
    return copied(
        Payout,
        payout,
        id=payout.payout_id,
        amount_minor=int(payout.amount_minor),
        created_at=datetime.fromisoformat(payout.created_at),
        updated_at=datetime.fromisoformat(payout.updated_at),
    )
