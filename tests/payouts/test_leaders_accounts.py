"""A leader's account at Stripe that cannot be paid any more: held, others go on, and again (infra/failures.md, 12)."""

from datetime import UTC, datetime

import pytest

from chalicelib.events import schedules
from chalicelib.leaders import destinations, onboarding, profiles
from chalicelib.leaders.commands import PayByBank
from chalicelib.ledger import book
from chalicelib.ledger.entries import Entry, postings
from chalicelib.payouts import payable, store
from chalicelib.statements.sentences import reader_of, sentence_for_brand
from chalicelib.tenancy import acting_for
from infra.local.stripe_sandbox import serve
from tests.conftest import StoppedClock
from tests.disputes.conftest import DisputedBrand
from tests.infra.local.stripe_sandbox.inbox import Inbox

LETTERS = "ABC"


class Village(DisputedBrand):
    """A brand with three leaders, each with a Stripe account and 100.00 available."""

    def __init__(self, clock, sandbox, inbox):
        super().__init__(clock, sandbox, inbox)
        self.control.set_balance(currency="cny", available=10_000_000)
        self.who = {letter: self.with_account(letter) for letter in LETTERS}
        self.time_passes(days=4)
        self.facts = 0
        for letter in LETTERS:
            self.earns(letter)

    def with_account(self, letter):
        """A leader who sets up an account at Stripe."""
        leader_id = self.leader(letter)
        self.sets_up(leader_id)
        self.control.finish_onboarding(self.account(leader_id))
        return leader_id

    def sets_up(self, leader_id):
        with acting_for(self.tenant_id):
            here = "https://shop.example/back"
            return onboarding.start(self.tenant_id, leader_id, stripe=self.stripe, return_url=here, refresh_url=here,
                                    now=self.clock())  # fmt: skip

    def record(self, leader_id):
        with acting_for(self.tenant_id):
            return profiles.get(self.tenant_id, leader_id)

    def account(self, leader_id):
        return self.record(leader_id).stripe_account_id

    def earns(self, letter, amount_minor=100_00):
        self.facts += 1
        available = f"leader:{self.who[letter]}:available"
        amounts = {"buyers": -amount_minor, "brand:funds": amount_minor, "brand:commission": -amount_minor,
                   available: amount_minor}  # fmt: skip
        entry = Entry(f"fact#{self.facts}", 0, f"fact-{self.facts}", "settlement", self.clock(), "CNY",
                      postings(amounts))  # fmt: skip
        with acting_for(self.tenant_id):
            marker = payable.marker(self.tenant_id, self.who[letter], cause=entry.entry_id)
            book.post(self.tenant_id, entry, beside=lambda write: write.save(marker))

    def run(self):
        """The schedule's payouts; gives what is held, by letter."""
        with acting_for(self.tenant_id):
            result = schedules.pay_brand(self.tenant, self.tools, now=self.clock())
        names = {leader_id: letter for letter, leader_id in self.who.items()}
        return {names[leader_id]: reason for leader_id, reason in result.held.items()}

    def paid(self):
        """What arrived at Stripe, by letter."""
        made = self.control.transfers()
        return {
            letter: sum(one["amount"] for one in made if one["destination"] == self.account(leader_id))
            for letter, leader_id in self.who.items()
        }

    def looks_again(self, letter):
        with acting_for(self.tenant_id):
            return onboarding.look(self.tenant_id, self.record(self.who[letter]), self.stripe)


@pytest.fixture
def village(table):
    with Inbox().open() as inbox, serve() as sandbox:
        yield Village(StoppedClock(datetime.now(UTC)), sandbox, inbox)


def calls_of_transfers(village):
    """How often Stripe was asked for a transfer, told by a rule that never strikes."""
    return village.control.call("GET", "faults")["faults"][0]["seen"]


def test_a_capability_revoked_in_mid_run_holds_that_leader_and_pays_the_others(village):
    village.control.revoke_capability(village.account(village.who["B"]))
    assert village.run() == {"B": "account_refused"}
    assert village.paid() == {"A": 100_00, "B": 0, "C": 100_00}
    with acting_for(village.tenant_id):
        payout = store.get(village.tenant_id, f"{village.who['B']}-1")
        assert (payout.state, payout.reason) == ("failed", "insufficient_capabilities_for_transfer")
        assert book.leader_balance(village.tenant_id, village.who["B"], "CNY").available_minor == 100_00
        failed = book.entries_in(village.tenant_id, f"payout#{payout.payout_id}")[1]
        said = sentence_for_brand(failed, reader_of(village.tenant_id, "en", lambda _: "Wang"))
    assert "Stripe needs more details from its holder" in said
    assert village.record(village.who["B"]).payout_refused == "insufficient_capabilities_for_transfer"


def test_the_next_runs_do_not_hammer_it_even_when_more_is_earned(village):
    village.control.revoke_capability(village.account(village.who["B"]))
    village.run()
    village.control.add_fault("slow", path="/v1/transfers", times=0)
    for _ in range(3):
        village.time_passes(days=2)
        village.earns("B")
        assert village.run() == {"B": "account_refused"}
    assert calls_of_transfers(village) == 0


def test_when_the_leader_has_given_what_stripe_asks_for_it_goes_on(village):
    village.control.revoke_capability(village.account(village.who["B"]))
    village.run()
    village.time_passes(days=1)
    assert village.looks_again("B") is False
    assert village.run() == {"B": "account_refused"}
    assert village.sets_up(village.who["B"]).startswith("http")
    village.control.finish_onboarding(village.account(village.who["B"]))
    assert village.looks_again("B") is True
    assert village.run() == {}
    assert village.paid() == {"A": 100_00, "B": 100_00, "C": 100_00}


def test_an_account_that_is_gone_is_replaced_by_another_one_that_waits_for_three_days(village):
    gone = village.account(village.who["B"])
    village.stripe.v1.accounts.delete(gone)
    assert village.run() == {"B": "account_refused"}
    assert village.paid()["A"] == village.paid()["C"] == 100_00
    assert village.record(village.who["B"]).payout_refused in ("account_gone", "account_invalid")
    assert village.looks_again("B") is False
    village.sets_up(village.who["B"])
    village.sets_up(village.who["B"])  # again, after a lost answer
    now = village.account(village.who["B"])
    assert now != gone
    village.control.finish_onboarding(now)
    village.time_passes(days=1)
    assert village.run() == {"B": "destination_changed"}
    village.time_passes(days=2)
    assert village.run() == {}
    assert village.paid()["B"] == 100_00


def test_a_bank_account_given_instead_ends_the_hold_after_three_days(village):
    leader_id = village.who["B"]
    village.control.revoke_capability(village.account(leader_id))
    village.run()
    with acting_for(village.tenant_id):
        profiles.pay_by_bank(village.tenant_id, leader_id, PayByBank(bank_details="CCB 1"), now=village.clock())
        assert destinations.note_refused(village.tenant_id, leader_id, "acct_before", "account_gone") is False
    village.time_passes(days=2)
    assert village.run() == {"B": "destination_changed"}
    village.time_passes(days=1)
    assert village.run() == {}
    with acting_for(village.tenant_id):
        assert [one.rail for one in store.open_payouts(village.tenant_id)] == ["manual"]


def test_cut_before_it_was_noted_the_payout_is_tried_once_more_a_day_later(village, monkeypatch):
    village.control.revoke_capability(village.account(village.who["B"]))
    with monkeypatch.context() as cut:
        cut.setattr(destinations, "note_refused", lambda *_: False)
        village.run()
    village.time_passes(hours=1)
    assert village.run() == {}
    village.time_passes(days=1)
    assert village.run() == {"B": "account_refused"}
    assert village.record(village.who["B"]).payout_refused is not None
