"""The reward for a new customer: noted when its first order is paid, counted once the order's return window is over.

Only a customer's first paid order with the brand counts, ever; the customer is known by a hash of its phone number
(OPERATING_MODELS.md, `simple_referral`).
"""

from collections.abc import Callable, Iterable
from datetime import datetime
from hashlib import sha256

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute, UTCDateTimeAttribute
from pynamodb.exceptions import PutError, TransactWriteError
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.commissions import store as plans
from chalicelib.commissions.actions import PaidOrder, order_book, still_paid_of
from chalicelib.commissions.order_books import reward_book
from chalicelib.commissions.rules.language import Acquisition
from chalicelib.commissions.rules.periodic import acquisition_reward, wins_customer
from chalicelib.commissions.rules.sale import Sale, Standing
from chalicelib.commissions.rules.time import acquisition_release
from chalicelib.commissions.store import PlanVersion
from chalicelib.ledger import book
from chalicelib.ledger.entries import Entry, leader_account, postings
from chalicelib.payouts import payable
from chalicelib.store import Record


class FirstOrderRecord(Record, discriminator="first-order"):
    """Which order was a customer's first, and whose customer it is: `{tenant}#customer#{hash}` / `first`.

    gone_at: when all of it had been given back.
    """

    order_id = UnicodeAttribute()
    leader_id = UnicodeAttribute(null=True)  # not kept of those before November 2026
    paid_at = UTCDateTimeAttribute(null=True)
    gone_at = UTCDateTimeAttribute(null=True)


class ExpectedRecord(Record, discriminator="expected-acquisition"):
    """An acquisition to be counted: `{tenant}#acquisitions` / `{due at}#{order}`."""

    order_id = UnicodeAttribute()
    leader_id = UnicodeAttribute()
    currency = UnicodeAttribute()
    plan_version = NumberAttribute()


def expect(tenant_id: str, paid: PaidOrder, version: PlanVersion, *, customer: str) -> None:
    """Note a customer's first paid order, and the moment at which its leader's reward is counted; once each.

    version: the plan in force when it was paid.
    customer: the phone number as typed; only its hash is kept.
    """
    rule = version.plan.rule(Acquisition)
    sale = Sale(paid.order_id, paid.seller, (), paid.lines, paid.self_purchase)
    if not wins_customer(sale, known_customer=False):
        return  # a leader's own purchase is no customer's order, nor is one of nothing
    key = first_key(tenant_id, customer_hash(tenant_id, customer))
    if store.get(FirstOrderRecord, *key, consistent=False) is not None:
        return  # it never goes away: half a read, where a write that is refused costs a whole one
    first = FirstOrderRecord(
        *key,
        order_id=paid.order_id,
        leader_id=paid.seller.leader_id,
        paid_at=paid.paid_at,
    )

    is_first = FirstOrderRecord.pk.does_not_exist()

    def write_both(rule: Acquisition) -> None:
        with store.transaction() as write:
            write.save(first, condition=is_first)
            write.save(_expected(tenant_id, paid, rule, version.number))

    try:
        if rule is None:  # kept all the same: the brand may have a plan with this reward one day
            store.put(first, condition=is_first)
        else:
            store.again_when_crossed(lambda: write_both(rule))
    except (PutError, TransactWriteError) as error:
        if not store.condition_failed(error):
            raise


def _expected(tenant_id: str, paid: PaidOrder, rule: Acquisition, plan_version: int) -> ExpectedRecord:
    due_at = acquisition_release(rule, paid.paid_at)
    return ExpectedRecord(
        f"{tenant_id}#acquisitions",
        f"{due_at.isoformat()}#{paid.order_id}",
        order_id=paid.order_id,
        leader_id=paid.seller.leader_id,
        currency=paid.currency,
        plan_version=plan_version,
    )


def lose(tenant_id: str, order_id: str, *, customer: str, at: datetime) -> None:
    """Note that an order was given back whole. If it was a customer's first one, its leader has one customer less.

    No later order takes its place. Noting it again changes nothing, nor does an order that was no first one.
    """
    first = FirstOrderRecord(*first_key(tenant_id, customer_hash(tenant_id, customer)))
    is_it = (FirstOrderRecord.order_id == order_id) & FirstOrderRecord.gone_at.does_not_exist()
    store.written(lambda: first.update(actions=[FirstOrderRecord.gone_at.set(at)], condition=is_it))


def first_orders(tenant_id: str, customers: Iterable[str]) -> dict[str, str]:
    """Give the first paid order of each customer, by hash; who has none yet is left out."""
    found = store.get_all([first_key(tenant_id, customer) for customer in customers])
    return {first.pk.rpartition("#")[2]: first.order_id for first in found if isinstance(first, FirstOrderRecord)}


def first_key(tenant_id: str, customer: str) -> tuple[str, str]:
    """Where a customer's first order is kept; `customer` is the hash."""
    return f"{tenant_id}#customer#{customer}", "first"


def customer_hash(tenant_id: str, phone: str) -> str:
    """Give what stands for a customer: the same for the same phone number within a brand, another in another brand."""
    digits = "".join(character for character in phone if character.isdigit())[-11:]
    return sha256(f"{tenant_id}#{digits}".encode()).hexdigest()[:32]


StandingAt = Callable[[str, datetime], Standing]
"""Takes a leader's id and a moment, says how the leader stood then."""


def count_due(
    tenant_id: str, *, standing_at: StandingAt, now: datetime, keep_going: Callable[[], bool] = lambda: True
) -> int:
    """Count every acquisition whose moment has come; gives how many were looked at. Can be cut anywhere."""
    waiting = store.query(ExpectedRecord, f"{tenant_id}#acquisitions", ExpectedRecord.sk < f"{now.isoformat()}#~")
    counted = 0
    for expected in waiting:
        if not keep_going():
            break
        _count(tenant_id, expected, standing_at, now)
        counted += 1
    return counted


def _count(tenant_id: str, expected: ExpectedRecord, standing_at: StandingAt, now: datetime) -> None:
    entries = book.entries_in(tenant_id, order_book(expected.order_id))
    plan = plans.version(tenant_id, int(expected.plan_version)).plan
    sale = msgspec.convert(entries[0].facts["sale"], Sale)
    counted_at = datetime.fromisoformat(expected.sk.partition("#")[0])
    seller = standing_at(expected.leader_id, counted_at)
    # As of its moment, however late the schedule comes: what is refunded from then on changes nothing any more.
    by_then = [entry for entry in entries if entry.number == 0 or entry.at < counted_at]
    reward = acquisition_reward(plan, sale.seller, seller, sum(still_paid_of(by_then).values()))
    if reward is None:
        expected.delete()  # too much of it was refunded, or its leader is gone; no later order takes its place
        return
    amounts = {
        leader_account(reward.leader_id, "available"): reward.amount_minor,
        "brand:commission": -reward.amount_minor,
    }
    entry = Entry(
        book=reward_book(expected.order_id),
        number=0,
        entry_id=f"order-{expected.order_id}-acquisition",
        kind="acquisition",
        at=now,
        currency=expected.currency,
        postings=postings(amounts),
        facts={
            "order": expected.order_id,
            "plan_version": int(expected.plan_version),
            "rewards": [msgspec.to_builtins(reward)],
        },
    )

    def done(write: TransactWrite) -> None:
        write.delete(expected)
        write.save(payable.marker(tenant_id, expected.leader_id, cause=entry.entry_id))

    book.post(tenant_id, entry, beside=done)
