"""The control API under `/_sandbox`: what Stripe, banks and buyers would do by themselves, done on demand.

Requests and answers are JSON. README.md beside this file lists the calls.
"""

from collections.abc import Callable

import msgspec

from infra.local.stripe_sandbox import (
    accounts,
    balance,
    checkout_outcomes,
    clock,
    customers,
    disputes,
    faults,
    refunds,
    transfers,
    webhooks,
    wishes,
)
from infra.local.stripe_sandbox.books import Books
from infra.local.stripe_sandbox.refusals import Json, UnknownAddress
from infra.local.stripe_sandbox.sandbox import Sandbox
from infra.local.stripe_sandbox.store import set_setting, setting
from infra.local.stripe_sandbox.wishes import read_wish

Command = Callable[[Books, Json, tuple[str, ...]], Json]


def _advance(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    clock.advance(books.tables, read_wish(wanted, wishes.Passing).advance_seconds)
    return {"now": clock.now(books.tables, books.real_time)}


def _now(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    return {"now": books.now}


def _add_fault(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    return faults.add(books.tables, wanted)


def _show_faults(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    return {"faults": faults.rules(books.tables)}


def _clear_faults(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    faults.clear(books.tables)
    return {"faults": []}


def _show_transfers(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    return {"transfers": transfers.every_transfer(books)}


def _buyer(wanted: Json) -> Json:
    buyer: Json = msgspec.to_builtins(read_wish(wanted, wishes.Buyer))
    return buyer


def _pay(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    return checkout_outcomes.pay(books, ids[0], _buyer(wanted))


def _fail(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    return checkout_outcomes.fail(books, ids[0], _buyer(wanted))


def _pay_later(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    return checkout_outcomes.pay_later(books, ids[0], _buyer(wanted))


def _settle(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    return checkout_outcomes.settle(books, ids[0], is_paid=True)


def _fail_settlement(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    return checkout_outcomes.settle(books, ids[0], is_paid=False)


def _dispute(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    complaint = read_wish(wanted, wishes.Complaint)
    charge = complaint.charge
    if charge is None:
        intent = books.get("payment_intent", complaint.payment_intent or "", "payment_intent")
        charge = str(intent["latest_charge"])
    return disputes.open_dispute(books, charge, complaint.amount, complaint.reason, inquiry=complaint.inquiry)


def _decide_dispute(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    return disputes.decide(books, ids[0], read_wish(wanted, wishes.Verdict).status)


def _escalate_dispute(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    return disputes.escalate(books, ids[0])


def _succeed_refund(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    return refunds.succeed(books, ids[0])


def _fail_refund(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    return refunds.fail(books, ids[0])


def _finish_onboarding(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    return accounts.finish_onboarding(books, ids[0])


def _revoke_capability(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    return accounts.revoke_capability(books, ids[0], read_wish(wanted, wishes.Capability).capability)


def _set_card(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    return customers.set_card(books, ids[0], works=read_wish(wanted, wishes.Card).works)


def _set_balance(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    funds = read_wish(wanted, wishes.Funds)
    there, currency = books.on(funds.account), funds.currency.lower()
    balance.set_available(there, currency, funds.available)
    return {"available": balance.available(there, currency), "currency": currency}


def _resend(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    return webhooks.resend(books, ids[0])


def _set(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    return _keep(books, "behaviour", wanted, wishes.Settings)


def _set_deliveries(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    return _keep(books, "deliveries", wanted, wishes.Manner)


def _keep(books: Books, name: str, wanted: Json, kind: type[msgspec.Struct]) -> Json:
    """Change only the fields that are named."""
    kept = read_wish({**setting(books.tables, name, {}), **wanted}, kind)
    manner: Json = msgspec.to_builtins(kept)
    set_setting(books.tables, name, manner)
    return manner


def _retry_deliveries(books: Books, wanted: Json, ids: tuple[str, ...]) -> Json:
    hurried = books.tables.execute(
        "UPDATE deliveries SET next_at = ? WHERE state = 'pending'", (books.real_time(),)
    ).rowcount
    return {"hurried": hurried}


COMMANDS: dict[tuple[str, str], Command] = {
    ("POST", "clock"): _advance,
    ("GET", "clock"): _now,
    ("POST", "faults"): _add_fault,
    ("GET", "faults"): _show_faults,
    ("DELETE", "faults"): _clear_faults,
    ("GET", "transfers"): _show_transfers,
    ("POST", "checkout_sessions/*/pay"): _pay,
    ("POST", "checkout_sessions/*/fail"): _fail,
    ("POST", "checkout_sessions/*/pay_async"): _pay_later,
    ("POST", "checkout_sessions/*/settle_async"): _settle,
    ("POST", "checkout_sessions/*/fail_async"): _fail_settlement,
    ("POST", "disputes"): _dispute,
    ("POST", "disputes/*/close"): _decide_dispute,
    ("POST", "disputes/*/escalate"): _escalate_dispute,
    ("POST", "refunds/*/succeed"): _succeed_refund,
    ("POST", "refunds/*/fail"): _fail_refund,
    ("POST", "accounts/*/finish_onboarding"): _finish_onboarding,
    ("POST", "accounts/*/revoke_capability"): _revoke_capability,
    ("POST", "customers/*/card"): _set_card,
    ("POST", "balance"): _set_balance,
    ("POST", "events/*/resend"): _resend,
    ("POST", "settings"): _set,
    ("POST", "deliveries"): _set_deliveries,
    ("POST", "deliveries/retry"): _retry_deliveries,
}


def run(sandbox: Sandbox, method: str, path: str, wanted: Json, base_url: str) -> Json:
    """Do one control call (`path` after `/_sandbox/`); refuse with `StripeRefusal` as the API does."""
    steps = path.split("/")
    pattern = "/".join("*" if place == 1 and step != "retry" else step for place, step in enumerate(steps))
    command = COMMANDS.get((method, pattern))
    if command is None:
        raise UnknownAddress(f"The control API has no {method} /_sandbox/{path}.")
    sandbox.tick()
    try:
        with sandbox.store.transaction() as tables:
            books = sandbox.books(tables)
            books.base_url = base_url
            answer = command(books, wanted, tuple(steps[1:2]))
        sandbox.tick()
    finally:
        sandbox.courier.wake()
    return answer
