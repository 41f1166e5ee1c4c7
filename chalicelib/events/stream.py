"""The table's stream: each change of an item comes by here, at least once and in order for each item.

A record that fails is reported, and with it all that follow: Lambda then delivers again from there, and parks what
fails to the end (infra/template.yaml). Nothing is skipped.
"""

import logging
from collections.abc import Mapping
from typing import Any

from chalicelib.coupons import actions as coupons
from chalicelib.disputes import actions as disputes
from chalicelib.disputes.store import Dispute
from chalicelib.events import facts, groups
from chalicelib.events.telling import tell
from chalicelib.ids import TENANT_ID_LENGTH
from chalicelib.leaders.store import Leader
from chalicelib.ledger.store import EntryRecord, entry_of
from chalicelib.notices.sending import send_new
from chalicelib.orders import payment
from chalicelib.orders.store import Order, OrderRefund, StripeEvent
from chalicelib.statements.lines import write_lines
from chalicelib.store import Record
from chalicelib.tenancy import PLATFORM, acting_for
from chalicelib.wiring import Tools

log = logging.getLogger(__name__)


def handle(event: Mapping[str, Any], tools: Tools) -> dict[str, Any]:
    """Take in a batch; gives the first record that failed, if any, in Lambda's form (`batchItemFailures`).

    Mails come last: whatever becomes of them, what the batch means for the money is done.
    """
    answer = _take_in_all(event, tools)
    send_new([record["dynamodb"] for record in event["Records"]], tools.post, tools.now)
    return answer


def _take_in_all(event: Mapping[str, Any], tools: Tools) -> dict[str, Any]:
    for record in event["Records"]:
        change = record["dynamodb"]
        try:
            take_in(change, tools)
        except Exception:
            # Whatever it is, the records before this one are done and must not be counted as failed with it.
            # The log has the key and the traceback's places, not the item: items hold names and phones.
            log.exception("stream record %s failed: %s", change["SequenceNumber"], change["Keys"])
            return {"batchItemFailures": [{"itemIdentifier": change["SequenceNumber"]}]}
    return {"batchItemFailures": []}


def take_in(change: Mapping[str, Any], tools: Tools) -> None:
    """Hand one change of an item to whoever needs it."""
    tenant_id = change["Keys"]["pk"]["S"][:TENANT_ID_LENGTH]
    if tenant_id == PLATFORM or "NewImage" not in change or change["NewImage"].get("kind", {}).get("S") not in _KINDS:
        return
    new = Record.from_raw_data(change["NewImage"])
    old = Record.from_raw_data(change["OldImage"]) if "OldImage" in change else None

    with acting_for(tenant_id):
        if isinstance(new, StripeEvent) and old is None:
            if new.dispute_packed is not None:
                disputes.take_in(tenant_id, new)
            else:
                payment.apply(tenant_id, new, now=tools.now(), stripe=tools.stripe)
        elif isinstance(new, Dispute):
            facts.dispute_changed(tenant_id, new.order_id)
        elif isinstance(new, Order):
            before = old if isinstance(old, Order) else None
            facts.order_changed(tenant_id, before, new)
            groups.order_moved(tenant_id, before, new, now=tools.now())
        elif isinstance(new, OrderRefund):
            refund_before = old if isinstance(old, OrderRefund) else None
            facts.refund_changed(tenant_id, refund_before, new)
            groups.refund_moved(tenant_id, refund_before, new)
        elif isinstance(new, Leader):
            facts.leader_changed(tenant_id, old if isinstance(old, Leader) else None, new, now=tools.now())
        elif isinstance(new, EntryRecord) and old is None:
            write_lines(tenant_id, entry_of(new))
            coupons.issue(tenant_id, entry_of(new))
        tell(tenant_id, old, new, through=tuple(tools.post.channels), now=tools.now())


# Most changes (balances, counters, sessions) are nobody's news: they are not even decoded.
_KINDS = frozenset({"stripe-event", "order", "refund", "leader", "payout", "entry", "dispute", "case", "billing"})
