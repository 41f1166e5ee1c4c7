"""What a brand uses of its tier: counted, told, and in the end new campaigns stop, never an order or a payout."""

import pytest

from chalicelib.billing import rules, store
from chalicelib.billing.actions import LOOK_EVERY
from chalicelib.billing.prices import FREE, GRACE
from chalicelib.campaigns.actions import clone
from chalicelib.campaigns.commands import CloneCampaign
from chalicelib.events import schedules
from chalicelib.people import api_keys, persons, staff
from chalicelib.tenancy import acting_for
from chalicelib.tenants import actions as tenants
from tests.billing.conftest import Counted


def outgrown(brand: Counted) -> None:
    """One paid order more than the free tier includes, seen by the look."""
    brand.sells(51)
    brand.look()


def days_pass(brand: Counted, days: float) -> None:
    brand.clock.advance(days=days)
    brand.look()


def test_a_new_brand_is_free_and_told_nothing(counted: Counted) -> None:
    counted.sells(50)
    counted.look()

    assert counted.tier is FREE
    assert counted.notice is None
    assert counted.can_open()


def test_a_paid_order_counts_and_one_given_back_whole_does_not(counted: Counted) -> None:
    mei, apples = counted.leader("Mei"), counted.campaign(10_000, 1_000)
    first = counted.bought(mei, apples)
    counted.bought(mei, apples, phone="13700137000")
    assert counted.usage.orders == 2

    counted.refunds(first, 10_000)

    assert counted.usage.orders == 1


def test_one_that_outgrows_its_tier_is_told_at_once_and_stopped_after_the_grace(counted: Counted) -> None:
    counted.sells(51)
    assert counted.notice is None, "nobody has looked yet"
    counted.look()

    told = counted.notice
    assert told is not None
    assert (told.kind, told.tier, told.above) == ("above", FREE, ("orders_a_month",))
    assert told.until == counted.clock() + GRACE

    days_pass(counted, 13.9)
    assert counted.notice == told
    assert counted.can_open()

    days_pass(counted, 0.1)
    assert counted.notice is not None and counted.notice.kind == "stopped"
    assert not counted.can_open()


def test_orders_and_payouts_go_on_while_no_campaign_can_be_opened(counted: Counted) -> None:
    mei = counted.leader("Mei")
    outgrown(counted)
    counted.clock.advance(days=13)
    apples = counted.campaign(100_000, 1_000)
    days_pass(counted, 1)
    assert not counted.can_open()

    counted.delivers(counted.bought(mei, apples))
    counted.clock.advance(days=9)
    counted.settle()
    counted.pay_out()

    held, available, reserved, paid = counted.has(mei)
    assert (held, available) == (0, 0)
    assert reserved + paid > 0


def test_running_a_campaign_again_is_opening_one(counted: Counted) -> None:
    campaign_id, _ = counted.campaign(1_000, 1_000)
    outgrown(counted)
    days_pass(counted, 14)

    again = CloneCampaign(opens_at=counted.clock(), closes_at=counted.clock() + LOOK_EVERY)
    with acting_for(counted.tenant_id), pytest.raises(rules.TierTooSmall, match="Billing"):
        clone(counted.tenant_id, campaign_id, again, now=counted.clock(), randbits=counted.bits)


def test_the_month_before_counts_so_that_no_first_of_a_month_begins_anew(counted: Counted) -> None:
    outgrown(counted)  # in March
    days_pass(counted, 35)
    assert (counted.usage.orders, counted.usage.orders_before) == (0, 51)
    assert not counted.can_open()

    counted.clock.advance(days=30)  # in May; nobody has looked since
    assert counted.can_open(), "what was found in April is measured again before it stops anybody"
    counted.look()
    assert counted.notice is None


def test_above_and_below_and_above_again_gets_its_grace_again(counted: Counted) -> None:
    outgrown(counted)
    days_pass(counted, 10)
    counted.sells(-1)
    days_pass(counted, 1)
    assert counted.notice is None

    counted.sells(1)
    days_pass(counted, 1)

    assert counted.notice is not None and counted.notice.until == counted.clock() + GRACE


def test_leaders_staff_and_keys_count_as_orders_do(counted: Counted) -> None:
    for number in range(21):
        counted.leader(f"Mei{number}")
    with acting_for(counted.tenant_id):
        owner = persons.by_email("owner@example.com")
        assert owner is not None
        for name in ("one", "two"):
            staff.invite_staff(
                counted.tenant_id, f"{name}@example.com", by_person_id=owner.person_id, brand_name="Green Village",
                sign_in_url="https://shop.example/signin", now=counted.clock(), randbits=counted.bits,
                mailer=counted.mailbox, language="en",
            )  # fmt: skip
        keys = [api_keys.create_api_key(counted.tenant_id, n, now=counted.clock(), randbits=counted.bits) for n in "ab"]
    counted.look()

    assert rules.what_is_above(counted.state) == ("leaders", "staff", "api_keys")
    assert (counted.usage.leaders, counted.usage.staff, counted.usage.api_keys) == (21, 2, 2)

    with acting_for(counted.tenant_id):
        api_keys.revoke_api_key(counted.tenant_id, keys[0][0].id, now=counted.clock())
    days_pass(counted, 1)
    assert rules.what_is_above(counted.state) == ("leaders", "staff")


def test_between_two_looks_a_sweep_measures_nothing(counted: Counted) -> None:
    counted.look()
    counted.sells(51)

    counted.clock.advance(hours=5)
    counted.look()
    assert counted.notice is None

    counted.clock.advance(hours=1)
    counted.look()
    assert counted.notice is not None


def test_a_suspended_brand_is_looked_at_as_any_other(counted: Counted) -> None:
    counted.sells(51)
    with acting_for(counted.tenant_id):
        tenants.suspend(counted.tenant_id)
    counted.look()

    assert counted.notice is not None


def test_a_list_of_brands_that_names_one_that_is_gone_stops_no_other(counted: Counted) -> None:
    with acting_for(counted.tenant_id):
        counted.tenant.delete()
    schedules.sweep(counted.clock(), counted.tools, lambda: True)

    with acting_for(counted.tenant_id):
        assert store.get(counted.tenant_id).version == 0


def test_of_two_who_write_at_once_one_does_not_undo_the_other(counted: Counted) -> None:
    with acting_for(counted.tenant_id):
        one, other = store.get(counted.tenant_id), store.get(counted.tenant_id)
        one.leaders, other.leaders = 1, 2

        assert store.save(one)
        assert not store.save(other)
        assert store.get(counted.tenant_id).leaders == 1
