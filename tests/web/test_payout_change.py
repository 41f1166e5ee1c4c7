"""Where money goes cannot be changed by a stolen session (infra/failures.md, 11)."""

from datetime import timedelta
from types import SimpleNamespace

import pytest

from chalicelib.events import schedules
from chalicelib.events.telling import tell
from chalicelib.leaders import destinations, profiles
from chalicelib.leaders.commands import PayByBank
from chalicelib.leaders.store import Leader
from chalicelib.notices.store import told_about
from chalicelib.payouts.rails import Destination, Held
from chalicelib.tenancy import acting_for

PAGE = "/lead/green-village/payout"


@pytest.fixture
def paid(site):
    """A brand with a leader who is paid at ICBC, and the leader's browser on the payout page."""
    brand = site.a_brand()
    leader = site.a_leader(brand)
    lead = site.signed_in("leader@example.com").open(PAGE)
    lead.send("payout", bank_details="ICBC 6222 0000")
    assert "By bank transfer" in lead.page.text
    return brand, leader, lead.open(PAGE)


def now_paid_to(brand, leader):
    with acting_for(brand.tenant_id):
        return profiles.get(brand.tenant_id, leader.leader_id)


def test_the_first_destination_is_taken_at_once_and_holds_nothing(site, paid):
    brand, leader, _lead = paid
    now = now_paid_to(brand, leader)
    assert (now.bank_details, now.payout_hold_until) == ("ICBC 6222 0000", None)
    with acting_for(brand.tenant_id):
        assert schedules.destination_of(brand.tenant_id, leader.leader_id, now=site.clock()) == Destination(
            "manual", "ICBC 6222 0000"
        )


def test_a_session_without_the_mailbox_changes_nothing(site, paid):
    brand, leader, lead = paid
    lead.send("payout", bank_details="Thief 6666")
    assert "Is it you?" in lead.page.text and "leader@example.com" in lead.page.text
    for guess in ("000000", "123456", ""):
        lead.send("payout", code=guess)
        assert now_paid_to(brand, leader).bank_details == "ICBC 6222 0000"
    assert lead.status in (400, 429)


def test_the_code_from_the_mailbox_changes_it_and_payouts_wait_for_three_days(site, paid, clock):
    brand, leader, lead = paid
    clock.advance(seconds=1)
    lead.send("payout", bank_details="CCB 7777 1234")
    lead.send("payout", code=site.mailbox.last_code("leader@example.com"))
    changed_at = clock()
    assert now_paid_to(brand, leader).bank_details == "CCB 7777 1234"
    assert "payouts wait until 5 Mar 2026" in lead.page.text
    with acting_for(brand.tenant_id):
        for hours, held in ((0, True), (71, True), (72, False)):
            where = schedules.destination_of(brand.tenant_id, leader.leader_id, now=changed_at + timedelta(hours=hours))
            assert isinstance(where, Held) == held
        [latest, first] = destinations.changes_of(brand.tenant_id, leader.leader_id)
    assert (latest.account_before, latest.account, latest.by) == ("…0000", "…1234", leader.person_id)
    assert first.rail_before is None
    clock.advance(days=3)
    assert "payouts wait" not in site.signed_in("leader@example.com").open(PAGE).page.text


def test_the_code_is_good_for_the_account_that_it_was_asked_for_alone(site, paid):
    brand, leader, lead = paid
    lead.send("payout", bank_details="CCB 7777 1234")
    code = site.mailbox.last_code("leader@example.com")
    lead.send("payout", bank_details="Thief 6666", code=code)
    assert lead.status == 400
    assert now_paid_to(brand, leader).bank_details == "ICBC 6222 0000"


def test_a_sign_in_code_does_not_change_it_and_its_code_signs_nobody_in(site, paid, clock):
    brand, leader, lead = paid
    stranger = site.browser().open("/signin")
    stranger.send("signin", email="leader@example.com")
    lead.send("payout", bank_details="Thief 6666")  # asked for again so soon, no second code is sent
    assert lead.status == 429
    lead.send("payout", code=site.mailbox.last_code("leader@example.com"))
    assert now_paid_to(brand, leader).bank_details == "ICBC 6222 0000"

    clock.advance(minutes=11)
    lead.open(PAGE).send("payout", bank_details="CCB 7777 1234")
    stranger.send("code", code=site.mailbox.last_code("leader@example.com"))
    assert not stranger.cookie


def test_the_same_account_again_needs_no_code_and_holds_nothing(site, paid):
    brand, leader, lead = paid
    lead.send("payout", bank_details=" ICBC 6222 0000 ")
    assert "Is it you?" not in lead.page.text
    assert now_paid_to(brand, leader).payout_hold_until is None


def test_the_way_to_stripe_needs_the_code_as_well(site, paid):
    brand, leader, lead = paid
    lead.send("stripe")
    assert "Is it you?" in lead.page.text
    assert now_paid_to(brand, leader).payout_rail == "manual"


def test_the_brands_owner_needs_a_code_too_and_the_leader_is_told(site, paid):
    brand, leader, _ = paid
    owner = site.signed_in("owner@example.com").open(f"/console/green-village/leaders/{leader.leader_id}")
    owner.send("payout", bank_details="Thief 6666")
    assert "owner@example.com" in owner.page.text
    assert now_paid_to(brand, leader).bank_details == "ICBC 6222 0000"
    owner.send("payout", code=site.mailbox.last_code("owner@example.com"))
    assert now_paid_to(brand, leader).bank_details == "Thief 6666"
    assert "payouts wait until" in owner.page.text and "…0000" in owner.page.text


def test_the_known_address_is_told_once_of_each_change_and_of_the_first_one_not(site, paid, clock):
    brand, leader, _ = paid
    with acting_for(brand.tenant_id):
        before = profiles.get(brand.tenant_id, leader.leader_id)
        assert told_about(brand.tenant_id, leader.leader_id) == []
        clock.advance(hours=1)
        command = PayByBank(bank_details="CCB 7777 1234")
        after = profiles.pay_by_bank(brand.tenant_id, leader.leader_id, command, now=clock())
        assert isinstance(after, Leader)
        for old, new in ((None, before), (before, after), (before, after), (after, after)):
            tell(brand.tenant_id, old, new, through=("email",), now=clock())
        [notice] = told_about(brand.tenant_id, leader.leader_id)
    assert notice.template == "payout_changed"


def test_a_leader_whom_stripe_refuses_reads_it_and_the_way_back_from_stripe_ends_it(site):
    brand = site.a_brand()
    leader = site.a_leader(brand)
    with acting_for(brand.tenant_id):
        profiles.pay_by_stripe(brand.tenant_id, leader.leader_id, stripe_account_id="acct_1", now=site.clock())
        reason = "insufficient_capabilities_for_transfer"
        assert destinations.note_refused(brand.tenant_id, leader.leader_id, "acct_1", reason)
    owner = site.signed_in("owner@example.com").open(f"/console/green-village/leaders/{leader.leader_id}")
    assert "Stripe refuses to pay this account" in owner.page.text
    lead = site.signed_in("leader@example.com").open("/lead/green-village")
    assert "Stripe cannot pay you at the moment." in lead.page.text
    lead.follow("See what to do")
    accounts = {"transfers": "inactive"}
    retrieve = lambda account_id: SimpleNamespace(id=account_id, capabilities=SimpleNamespace(**accounts))  # noqa: E731
    site.stripe.v1.accounts = SimpleNamespace(retrieve=retrieve)
    lead.follow("I have done it: look again")
    assert "your account there needs you" in lead.page.text
    accounts["transfers"] = "active"
    lead.follow("I have done it: look again")
    assert "your account there needs you" not in lead.page.text
    with acting_for(brand.tenant_id):
        where = schedules.destination_of(brand.tenant_id, leader.leader_id, now=site.clock())
    assert where == Destination("stripe", "acct_1")


def test_two_changes_at_the_same_moment_are_one_and_the_other_is_refused_or_comes_after(site, paid, clock):
    brand, leader, _ = paid
    with acting_for(brand.tenant_id):
        stale = profiles.get(brand.tenant_id, leader.leader_id)
        clock.advance(hours=1)
        profiles.pay_by_bank(brand.tenant_id, leader.leader_id, PayByBank(bank_details="CCB 1111"), now=clock())
        clock.advance(seconds=1)
        actions = [Leader.bank_details.set("BOC 2222")]
        destinations.change(brand.tenant_id, stale, "manual", "BOC 2222", actions, by="x", now=clock())
        changes = destinations.changes_of(brand.tenant_id, leader.leader_id)
    assert [one.account for one in changes] == ["…2222", "…1111", "…0000"]
    assert changes[0].account_before == "…1111"
