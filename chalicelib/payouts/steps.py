"""One payout: reserve, send, confirm.

Every step can be repeated. The payout's id is the leader's id and a number, so that two workers who reserve at the
same moment reserve the same payout; its entries are `payout-{id}-reserved`, then `-paid` or `-failed`, never both,
since these two share one place in the payout's book.
"""

from datetime import datetime, timedelta

from pynamodb.exceptions import TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import store as table
from chalicelib.errors import Conflict, Invalid
from chalicelib.ledger import book
from chalicelib.ledger.book import EntryMismatch, InsufficientBalance
from chalicelib.ledger.entries import Entry, leader_account, postings, reverse
from chalicelib.payouts import payable, store
from chalicelib.payouts.rails import (
    Destination,
    Instruction,
    NotNow,
    Outcome,
    Rail,
    Refused,
    Sent,
)
from chalicelib.payouts.store import OpenPayoutRecord, PayoutRecord

TRY_AGAIN_AFTER = timedelta(days=1)


class PayoutHeld(Conflict):
    """The payout has to wait; the sentence says for what."""

    code = "payout_held"


class PayoutMismatch(RuntimeError):
    """A payout's id was used for another amount or currency. A defect; nothing is sent."""


# ------------------------------------------------------------------------------------------------------- reserve


def reserve_available(
    tenant_id: str, leader_id: str, destination: Destination, *, currency: str, minimum_minor: int, now: datetime
) -> PayoutRecord | None:
    """Reserve all that a leader has available for a payout; None when that is below the minimum.

    Raises `PayoutHeld` when the brand's own settled funds do not cover it (Stripe only: a brand pays batch files from
    its own bank).
    """
    number = store.payouts_so_far(tenant_id, leader_id) + 1
    amount_minor = book.leader_balance(tenant_id, leader_id, currency).available_minor

    if amount_minor < max(minimum_minor, 1):
        return None
    try:
        return reserve(tenant_id, leader_id, number, destination, amount_minor=amount_minor, currency=currency, now=now)
    except PayoutMismatch:
        # Another worker reserved this number between our two reads, when the balance was another. It is at work.
        return None


def reserve(
    tenant_id: str,
    leader_id: str,
    number: int,
    destination: Destination,
    *,
    amount_minor: int,
    currency: str,
    now: datetime,
) -> PayoutRecord:
    """Reserve an amount for a leader's payout with this number, once.

    Raises `Invalid` for an amount that is no positive integer, `PayoutHeld` when a balance does not cover it,
    `PayoutMismatch` when this payout exists with another amount or currency.
    """
    if type(amount_minor) is not int or amount_minor <= 0:
        raise Invalid(f"A payout of {amount_minor!r} cannot be made. Give a whole amount above 0.", param="amount")
    payout = _new_payout(tenant_id, leader_id, number, destination, amount_minor, currency, now)
    entry = _reserved_entry(payout, now)
    count, next_number = store.payout_count(tenant_id, leader_id, number)

    def keep(write: TransactWrite) -> None:
        write.save(payout, condition=PayoutRecord.pk.does_not_exist())
        write.save(OpenPayoutRecord(f"{tenant_id}#payouts-open", payout.payout_id))
        write.save(count, condition=next_number)

    covers = {posting.account: -posting.amount_minor for posting in entry.postings if posting.amount_minor < 0}
    try:
        book.post(tenant_id, entry, beside=keep, covers=covers)
    except InsufficientBalance as error:
        raise PayoutHeld(
            "This payout has to wait: the leader's available balance or the brand's settled funds do not cover it.",
            param="amount",
        ) from error
    except EntryMismatch as error:
        raise PayoutMismatch(str(error)) from error
    except TransactWriteError as error:
        if not table.condition_failed(error):
            raise
        raise PayoutMismatch(f"{payout.payout_id} is not the leader's next payout") from error
    return store.get(tenant_id, payout.payout_id)


def _new_payout(
    tenant_id: str,
    leader_id: str,
    number: int,
    destination: Destination,
    amount_minor: int,
    currency: str,
    now: datetime,
) -> PayoutRecord:
    payout_id = f"{leader_id}-{number}"
    gsi1pk, gsi1sk = store.index_of(tenant_id, payout_id, now)
    return PayoutRecord(
        f"{tenant_id}#payout#{payout_id}",
        "payout",
        gsi1pk=gsi1pk,
        gsi1sk=gsi1sk,
        payout_id=payout_id,
        leader_id=leader_id,
        amount_minor=amount_minor,
        currency=currency,
        rail=destination.rail,
        account=destination.account,
        state="reserved",
        created_at=now.isoformat(),
        updated_at=now.isoformat(),
    )


def _reserved_entry(payout: PayoutRecord, now: datetime) -> Entry:
    amount_minor = int(payout.amount_minor)
    amounts = {
        leader_account(payout.leader_id, "available"): -amount_minor,
        leader_account(payout.leader_id, "reserved"): amount_minor,
    }
    if payout.rail == "stripe":
        amounts |= {"brand:funds": -amount_minor, "brand:payouts": amount_minor}
    return Entry(
        book=f"payout#{payout.payout_id}",
        number=0,
        entry_id=f"payout-{payout.payout_id}-reserved",
        kind="payout_reserved",
        at=now,
        currency=payout.currency,
        postings=postings(amounts),
        facts={"payout": payout.payout_id, "rail": payout.rail},
    )


# ------------------------------------------------------------------------------------------------------- send


def send(tenant_id: str, payout_id: str, rail: Rail, *, now: datetime) -> PayoutRecord:
    """Send a reserved payout, or find out what became of it. Gives the payout as it is then.

    Before a transfer is made it is looked up, the first time as well: the last answer may have been lost, after 24
    hours Stripe has forgotten the key, and a table restored to yesterday does not know what was sent today. The key
    changes only after a definite refusal, never because nobody knows.
    """
    payout = store.get(tenant_id, payout_id)
    if payout.state not in ("reserved", "sending") or payout.rail != "stripe":
        return payout

    if not store.move(payout, "sending", allowed=("reserved", "sending"), now=now):
        return store.get(tenant_id, payout_id)
    instruction = _instruction(tenant_id, payout)
    outcome: Outcome = rail.find(instruction) or rail.send(instruction)

    _record(tenant_id, payout, outcome, now)
    return store.get(tenant_id, payout_id)


def _instruction(tenant_id: str, payout: PayoutRecord) -> Instruction:
    reference = f"{tenant_id}-{payout.payout_id}"
    return Instruction(
        reference=reference,
        key=f"{reference}-{int(payout.attempt)}",
        amount_minor=int(payout.amount_minor),
        currency=payout.currency,
        account=payout.account,
    )


def _record(tenant_id: str, payout: PayoutRecord, outcome: Outcome, now: datetime) -> None:
    if isinstance(outcome, Sent):
        confirm_paid(tenant_id, payout, now=now, transfer_id=outcome.transfer_id)
    elif isinstance(outcome, Refused):
        confirm_failed(tenant_id, payout, now=now, reason=outcome.reason)
    elif isinstance(outcome, NotNow):
        # Stripe would answer the same key with the same refusal for a day; nothing was sent, so the key may change.
        store.move(
            payout, "reserved", allowed=("sending",), now=now, attempt=int(payout.attempt) + 1, reason=outcome.reason
        )
    else:
        store.move(payout, "sending", allowed=("sending",), now=now, reason=outcome.reason)


# ------------------------------------------------------------------------------------------------------- confirm


def confirm_paid(tenant_id: str, payout: PayoutRecord, *, now: datetime, transfer_id: str) -> bool:
    """Note that the money has gone; True if this call did it."""
    amount_minor = int(payout.amount_minor)
    entry = Entry(
        book=f"payout#{payout.payout_id}",
        number=1,
        entry_id=f"payout-{payout.payout_id}-paid",
        kind="payout_paid",
        at=now,
        currency=payout.currency,
        postings=postings(
            {
                leader_account(payout.leader_id, "reserved"): -amount_minor,
                leader_account(payout.leader_id, "paid"): amount_minor,
            }
        ),
        facts={"payout": payout.payout_id, "rail": payout.rail, "transfer": transfer_id},
    )

    def close(write: TransactWrite) -> None:
        _close(write, tenant_id, payout, "paid", now, PayoutRecord.transfer_id.set(transfer_id))

    return book.post(tenant_id, entry, beside=close)


def confirm_failed(tenant_id: str, payout: PayoutRecord, *, now: datetime, reason: str) -> bool:
    """Note that the money has not gone, and give it back to `available`; a new payout is tried a day later."""
    reserved = book.entries_in(tenant_id, f"payout#{payout.payout_id}")[0]
    entry = reverse(
        reserved,
        number=1,
        entry_id=f"payout-{payout.payout_id}-failed",
        kind="payout_failed",
        at=now,
        facts={"payout": payout.payout_id, "rail": payout.rail, "reason": reason},
    )

    def close(write: TransactWrite) -> None:
        _close(write, tenant_id, payout, "failed", now, PayoutRecord.reason.set(reason))
        write.save(
            payable.marker(
                tenant_id, payout.leader_id, cause=entry.entry_id, not_before=now + TRY_AGAIN_AFTER, reason=reason
            )
        )

    return book.post(tenant_id, entry, beside=close)


def _close(
    write: TransactWrite, tenant_id: str, payout: PayoutRecord, state: str, now: datetime, change: object
) -> None:
    write.update(
        payout,
        actions=[PayoutRecord.state.set(state), PayoutRecord.updated_at.set(now.isoformat()), change],  # type: ignore[list-item]
        condition=PayoutRecord.state.is_in(*store.OPEN_STATES),
    )
    write.delete(OpenPayoutRecord(f"{tenant_id}#payouts-open", payout.payout_id))
