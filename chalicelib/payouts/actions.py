"""The run of all payouts of a brand, and the steps of one (`steps`).

Every step can be repeated; one leader's trouble stops no other.
"""

import logging
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime

from chalicelib.payouts import payable, store
from chalicelib.payouts.rails import ACCOUNT_REFUSED, Destination, Held, Rail, TransferMismatch
from chalicelib.payouts.steps import TRY_AGAIN_AFTER as TRY_AGAIN_AFTER
from chalicelib.payouts.steps import PayoutHeld as PayoutHeld
from chalicelib.payouts.steps import PayoutMismatch as PayoutMismatch
from chalicelib.payouts.steps import confirm_failed as confirm_failed
from chalicelib.payouts.steps import confirm_paid as confirm_paid
from chalicelib.payouts.steps import reserve as reserve
from chalicelib.payouts.steps import reserve_available as reserve_available
from chalicelib.payouts.steps import send as send
from chalicelib.payouts.store import PayoutRecord

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class PayoutTerms:
    """What a run needs to know of a brand: its currency and the least amount that is paid out."""

    currency: str
    minimum_minor: int


@dataclass(frozen=True, slots=True)
class RunResult:
    """What one run did, in numbers of leaders and payouts; `finished` is False when it was told to stop."""

    reserved: int
    sent: int
    held: Mapping[str, str]
    finished: bool


def run(
    tenant_id: str,
    terms: PayoutTerms,
    *,
    destination_of: Callable[[str], Destination | Held | None],
    rail: Rail,
    now: datetime,
    keep_going: Callable[[], bool] = lambda: True,
    account_refused: Callable[[PayoutRecord], object] = lambda payout: None,
) -> RunResult:
    """Reserve for every leader with something available, then send what is open. One leader's trouble stops no other.

    destination_of: leader id → where its money goes, None when it has not said so yet, `Held` when it has to wait.
    account_refused: told of each payout that was given back because of its account, so that `destination_of` says
    `Held` until the leader has seen to it. Cut before that, the payout is tried once more a day later.
    """
    reserved, held = 0, dict[str, str]()
    for record in payable.waiting(tenant_id, now=now):
        if not keep_going():
            return RunResult(reserved, 0, held, False)
        destination = destination_of(record.sk)
        if not isinstance(destination, Destination):
            held[record.sk] = destination.reason if destination else "no_destination"
            continue
        try:
            payout = reserve_available(
                tenant_id,
                record.sk,
                destination,
                currency=terms.currency,
                minimum_minor=terms.minimum_minor,
                now=now,
            )
        except PayoutHeld as error:
            held[record.sk] = error.code
            continue
        payable.served(record)
        reserved += payout is not None
    sent, finished = _send_open(tenant_id, rail, held, account_refused, now=now, keep_going=keep_going)
    return RunResult(reserved, sent, held, finished)


def _send_open(
    tenant_id: str,
    rail: Rail,
    held: dict[str, str],
    account_refused: Callable[[PayoutRecord], object],
    *,
    now: datetime,
    keep_going: Callable[[], bool],
) -> tuple[int, bool]:
    sent = 0
    for payout in store.open_payouts(tenant_id):
        if not keep_going():
            return sent, False
        try:
            done = send(tenant_id, payout.payout_id, rail, now=now)
            sent += done.state == "paid"
            if done.state == "failed" and done.reason in ACCOUNT_REFUSED:
                account_refused(done)
                held[done.leader_id] = "account_refused"
        except TransferMismatch as error:
            log.error("payout %s needs a look: %s", payout.payout_id, error)
            held[payout.leader_id] = "transfer_mismatch"
    return sent, True
