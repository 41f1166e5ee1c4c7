"""The Stripe rail against the sandbox, with the real client: one transfer whatever happens to the answers."""

import pytest

from chalicelib.payouts import actions as payouts
from chalicelib.payouts.rails import Instruction, NotNow, Refused, Sent, TransferMismatch, Unknown
from chalicelib.payouts.stripe_rail import StripeRail
from chalicelib.stripe_client import open_client
from infra.local.stripe_sandbox import serve
from tests.builders import START, Destination, assert_books_balance, balances
from tests.payouts.test_payouts import TERMS, earned

DAY_AND_AN_HOUR_S = 25 * 3600


@pytest.fixture
def sandbox():
    """An empty sandbox with a full platform balance."""
    with serve(port=0) as running:
        running.control.set_balance(currency="cny", available=10_000_000)
        yield running


@pytest.fixture
def rail(sandbox):
    return StripeRail(open_client("sk_test_rail", sandbox.url))


@pytest.fixture
def account(sandbox):
    """A leader's account that can take transfers."""
    client = open_client("sk_test_rail", sandbox.url)
    made = client.v1.accounts.create(params={"type": "express", "capabilities": {"transfers": {"requested": True}}})
    sandbox.control.finish_onboarding(made.id)
    return made.id


def an_instruction(account: str, reference: str, amount_minor: int = 10_000, key: str = "1") -> Instruction:
    return Instruction(reference, f"{reference}-{key}", amount_minor, "CNY", account)


def transfers(sandbox, reference: str):  # type: ignore[no-untyped-def]
    return [made for made in sandbox.control.transfers() if made["transfer_group"] == reference]


def test_a_transfer_is_made_and_found_again(sandbox, rail, account):
    instruction = an_instruction(account, "made")
    assert rail.find(instruction) is None
    sent = rail.send(instruction)
    assert isinstance(sent, Sent)
    assert rail.find(instruction) == sent
    assert rail.send(instruction) == sent
    assert len(transfers(sandbox, "made")) == 1


def test_a_lost_answer_leaves_the_fate_unknown_and_the_transfer_to_be_found(sandbox, rail, account):
    sandbox.control.add_fault("drop_answer", method="POST", path="/v1/transfers", times=1)
    instruction = an_instruction(account, "lost")
    assert isinstance(rail.send(instruction), Unknown)
    assert isinstance(rail.find(instruction), Sent)


def test_a_cached_500_stays_unknown_and_what_is_behind_it_is_found(sandbox, rail, account):
    sandbox.control.add_fault("answer_500_after", method="POST", path="/v1/transfers", times=1)
    instruction = an_instruction(account, "behind-500")
    assert isinstance(rail.send(instruction), Unknown)
    assert isinstance(rail.send(instruction), Unknown)  # replayed
    assert isinstance(rail.find(instruction), Sent)
    assert len(transfers(sandbox, "behind-500")) == 1


def test_a_day_later_the_key_is_forgotten_and_the_transfer_still_found(sandbox, rail, account):
    instruction = an_instruction(account, "yesterday")
    sent = rail.send(instruction)
    sandbox.control.advance_clock(DAY_AND_AN_HOUR_S)
    assert rail.find(instruction) == sent


def test_a_short_balance_is_for_later_and_an_account_that_is_gone_for_never(sandbox, rail, account):
    sandbox.control.set_balance(currency="cny", available=1)
    assert rail.send(an_instruction(account, "short")) == NotNow("balance_insufficient")
    assert isinstance(rail.send(an_instruction("acct_gone", "gone")), Refused)
    sandbox.control.set_balance(currency="cny", available=10_000)
    assert isinstance(rail.send(an_instruction(account, "short", key="2")), Sent)


def test_one_reference_with_another_amount_is_a_hard_error(rail, account):
    rail.send(an_instruction(account, "edited"))
    edited = an_instruction(account, "edited", amount_minor=10_001)
    with pytest.raises(TransferMismatch):
        rail.send(edited)
    with pytest.raises(TransferMismatch):
        rail.find(edited)


def test_a_leader_is_paid_once_though_every_answer_is_lost_for_two_days(tenant, sandbox, rail, account):
    earned(tenant)
    for _ in range(2):
        sandbox.control.add_fault("drop_answer", method="POST", path="/v1/transfers", times=1)
        payouts.run(tenant, TERMS, destination_of=lambda _: Destination("stripe", account), rail=rail, now=START)
        sandbox.control.advance_clock(DAY_AND_AN_HOUR_S)
    payouts.run(tenant, TERMS, destination_of=lambda _: Destination("stripe", account), rail=rail, now=START)
    assert balances(tenant, "C") == (0, 0, 0, 10_000)
    assert sum(made["amount"] for made in sandbox.control.transfers() if made["destination"] == account) == 10_000
    assert_books_balance(tenant)


def test_a_table_restored_to_yesterday_finds_what_was_sent_today(tenant, sandbox, rail, account):
    earned(tenant)
    payout = payouts.reserve(
        tenant, "C", 1, Destination("stripe", account), amount_minor=10_000, currency="CNY", now=START
    )
    rail.send(an_instruction(account, f"{tenant}-{payout.payout_id}"))  # sent, and then the table was restored
    sandbox.control.advance_clock(DAY_AND_AN_HOUR_S)
    assert payouts.send(tenant, payout.payout_id, rail, now=START).state == "paid"
    assert len(transfers(sandbox, f"{tenant}-{payout.payout_id}")) == 1
