"""A brand subscribes, pays late, changes, ends, over the wire. What is told comes twice, late, or not at all."""

from datetime import UTC, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
import stripe

from chalicelib.billing.prices import FREE, GRACE, GROWTH, STARTER, TRIAL_DAYS, TierUnknown
from chalicelib.billing.subscription import (
    AlreadySubscribed,
    BillingUnreachable,
    NotSubscribed,
    cancel,
    change,
    mirror,
    open_portal,
    resume,
    subscribe,
)
from chalicelib.tenancy import acting_for
from chalicelib.tenants import actions as tenants
from chalicelib.tenants.commands import UpdateSettings
from infra.billing_setup import set_up
from infra.local.stripe_sandbox import Running, serve
from tests.billing.conftest import PAGE, Billed
from tests.conftest import StoppedClock
from tests.infra.local.stripe_sandbox.inbox import Inbox

TRIAL = timedelta(days=TRIAL_DAYS)


def trial_passes(brand: Billed) -> None:
    """The trial is over, and Stripe tells whether it could take the first month."""
    brand.time_passes(days=TRIAL_DAYS, seconds=1)
    brand.hear()


# ------------------------------------------------------------------------------------------------ beginning


def test_who_subscribes_is_let_open_campaigns_at_once_and_pays_after_the_trial(brand: Billed) -> None:
    brand.sells(51)
    brand.look()
    brand.time_passes(days=GRACE.days)
    assert not brand.can_open()

    brand.subscribes("starter")

    assert (brand.tier, brand.state.status) == (STARTER, "trialing")
    assert brand.notice is None
    assert brand.can_open()
    ends = brand.state.trial_ends_at
    assert ends is not None and abs(ends - brand.clock() - TRIAL) < timedelta(minutes=1)
    assert brand.state.period_ends_at == ends, "the next invoice"

    trial_passes(brand)
    assert brand.state.status == "active"
    assert brand.state.trial_ends_at is None
    [invoice] = brand.bank.v1.invoices.list({"customer": str(brand.state.customer_id)}).data
    assert (invoice.amount_paid, invoice.currency) == (99_00, "cny")


def test_the_way_back_from_stripe_knows_before_any_webhook(brand: Billed) -> None:
    brand.control.pay(brand.chooses("growth"))
    assert brand.tier is FREE

    brand.look()

    assert brand.tier is GROWTH


def test_of_two_pages_opened_one_after_the_other_only_the_last_can_be_paid(brand: Billed) -> None:
    first, second = brand.chooses("starter"), brand.chooses("growth")

    assert brand.bank.v1.checkout.sessions.retrieve(first).status == "expired"
    brand.control.pay(second)
    brand.hear()
    assert brand.tier is GROWTH


def test_who_paid_in_another_tab_is_not_sold_a_second_subscription(brand: Billed) -> None:
    brand.control.pay(brand.chooses("starter"))  # nobody told us yet

    with pytest.raises(AlreadySubscribed):
        brand.chooses("growth")

    assert brand.tier is STARTER


def test_a_subscription_is_tried_for_free_only_once(brand: Billed) -> None:
    brand.subscribes("starter")
    brand.bank.v1.subscriptions.cancel(str(brand.state.subscription_id))
    brand.hear()
    assert brand.tier is FREE

    brand.subscribes("starter")

    assert brand.state.status == "active"


@pytest.mark.parametrize("tier", ["free", "gold"])
def test_only_a_tier_with_a_price_is_sold(brand: Billed, tier: str) -> None:
    with pytest.raises(TierUnknown):
        brand.chooses(tier)


def test_a_lost_answer_of_stripes_opens_the_same_page_again(brand: Billed) -> None:
    brand.control.add_fault("drop_answer", method="POST", path="/v1/checkout/sessions", times=1)
    with pytest.raises(BillingUnreachable, match="Try again"):
        brand.chooses("starter")

    brand.chooses("starter")

    assert len(brand.bank.v1.checkout.sessions.list({"customer": str(brand.state.customer_id)}).data) == 1
    brand.control.clear_faults()


@pytest.mark.parametrize("lost", ["/v1/customers", "/v1/customers/*", "/v1/checkout/sessions"])
def test_a_name_changed_after_a_lost_answer_is_no_other_customer_and_nothing_is_refused(
    brand: Billed, lost: str
) -> None:
    """Stripe refuses a key that comes again with other parameters, for a day."""
    brand.control.add_fault("drop_answer", method="POST", path=lost, times=1)
    with pytest.raises(BillingUnreachable):
        brand.chooses("starter")
    with acting_for(brand.tenant_id):
        brand.tenant = tenants.update_settings(brand.tenant_id, UpdateSettings(name="Green Hill"), now=brand.clock())

    brand.control.pay(brand.chooses("starter"))
    brand.hear()

    assert brand.tier is STARTER
    known = brand.bank.v1.customers.list({"limit": 100}).data
    [customer] = [one for one in known if one.metadata and one.metadata["tenant_id"] == brand.tenant_id]
    assert customer.id == brand.state.customer_id
    assert customer.email == "owner@example.com"
    assert customer.name == ("Green Village" if "sessions" in lost else "Green Hill")
    brand.control.clear_faults()


def test_a_site_that_moved_after_a_lost_answer_is_not_refused(brand: Billed) -> None:
    brand.control.add_fault("drop_answer", method="POST", path="/v1/checkout/sessions", times=1)
    with pytest.raises(BillingUnreachable):
        brand.chooses("starter")
    brand.control.clear_faults()

    with acting_for(brand.tenant_id):
        way_back = "https://new.example/console/green/billing"
        subscribe(brand.tenant, "starter", stripe=brand.bank, page_url=way_back, now=brand.clock())

    assert brand.bank.v1.checkout.sessions.retrieve(str(brand.state.session_id)).cancel_url == way_back


def test_where_the_setup_was_never_run_it_says_so_and_sells_nothing(table: None, inbox: Inbox) -> None:
    with serve() as bare:
        brand = Billed(StoppedClock(datetime.now(UTC)), bare, inbox)
        with pytest.raises(BillingUnreachable):
            brand.chooses("starter")

        set_up(brand.bank, say=lambda made: None)
        brand.subscribes("starter")
        assert brand.tier is STARTER


# ------------------------------------------------------------------------------------------------ what Stripe tells


def test_an_event_told_twice_and_out_of_order_changes_nothing_more(brand: Billed) -> None:
    brand.control.pay(brand.chooses("starter"))
    brand.bank.v1.subscriptions.cancel(str(brand.bank.v1.subscriptions.list({"limit": 1}).data[0].id))
    letters = brand.mail()
    assert len(letters) == 2, "created, deleted"

    for letter in [*letters[::-1], *letters, letters[0]]:
        assert brand.webhook(*letter) is True

    assert (brand.tier, brand.state.status) == (FREE, "canceled")


def test_an_answer_asked_for_before_somebody_elses_write_is_asked_for_again(brand: Billed) -> None:
    brand.subscribes("starter")

    def held_up(asked: Any) -> Any:
        """The first answer is on its way while the subscription ends, and somebody else hears of it."""
        answer = brand.bank.v1.subscriptions.list(asked)
        if not met:
            met.append(answer)
            brand.bank.v1.subscriptions.cancel(str(brand.state.subscription_id))
            brand.hear()
        return answer

    met: list[Any] = []
    slow: Any = SimpleNamespace(v1=SimpleNamespace(subscriptions=SimpleNamespace(list=held_up)))
    with acting_for(brand.tenant_id):
        mirror(brand.tenant, stripe=slow, now=brand.clock())

    assert met[0].data[0].status == "trialing"
    assert (brand.state.status, brand.tier) == ("canceled", FREE)


def test_an_event_that_stripe_does_not_explain_is_to_be_sent_again(brand: Billed) -> None:
    brand.control.pay(brand.chooses("starter"))
    [letter] = brand.mail()
    brand.control.add_fault("answer_500_before", method="GET", path="/v1/subscriptions", times=1)

    assert brand.webhook(*letter) == 503
    assert brand.webhook(*letter) is True

    assert brand.tier is STARTER
    brand.control.clear_faults()


def test_an_event_nobody_delivered_is_made_up_for_by_the_look(brand: Billed) -> None:
    brand.subscribes("starter")
    brand.bank.v1.subscriptions.cancel(str(brand.state.subscription_id))
    brand.mail()  # lost

    brand.time_passes(hours=7)

    assert brand.tier is FREE


def test_while_stripe_is_silent_what_is_known_holds(brand: Billed) -> None:
    brand.subscribes("starter")
    brand.control.add_fault("answer_500_before", method="GET", path="/v1/subscriptions")

    brand.time_passes(hours=7)

    assert brand.tier is STARTER
    brand.control.clear_faults()


def test_an_event_that_is_not_signed_by_stripe_is_refused(brand: Billed) -> None:
    brand.control.pay(brand.chooses("starter"))
    [(payload, _)] = brand.mail()

    assert brand.webhook(payload, "t=1,v1=abc") == 400
    assert brand.tier is FREE


def test_another_brands_subscription_changes_nothing_here(brand: Billed, sandbox: Running, inbox: Inbox) -> None:
    other = Billed(brand.clock, sandbox, inbox)
    brand.chooses("starter")
    other.chooses("starter")
    # Somebody wrote our name on a subscription of another customer.
    price = brand.bank.v1.prices.list({"lookup_keys": ["tuanyuan_growth_month_cny"]}).data[0]
    brand.bank.v1.subscriptions.create(
        {
            "customer": str(other.state.customer_id),
            "items": [{"price": price.id}],
            "metadata": {"tenant_id": brand.tenant_id},
        }
    )

    assert set(brand.hear()) == {False, 400}, "two endpoints here, each with its own secret"
    assert brand.tier is FREE
    other.leaves_stripe()


def test_a_subscription_of_nobodys_and_one_of_a_brand_that_is_gone_are_left_alone(brand: Billed) -> None:
    price = brand.bank.v1.prices.list({"lookup_keys": ["tuanyuan_growth_month_cny"]}).data[0]
    for metadata in ({}, {"tenant_id": "t00000000000none"}, {"tenant_id": "p000000000000000"}):
        customer = brand.bank.v1.customers.create({"name": "Somebody"})
        brand.bank.v1.subscriptions.create(
            {"customer": customer.id, "items": [{"price": price.id}], "metadata": metadata}
        )

    assert brand.hear() == [False, False, False]
    assert brand.state.version == 0


def test_a_suspended_brands_subscription_is_still_copied(brand: Billed) -> None:
    brand.subscribes("starter")
    with acting_for(brand.tenant_id):
        tenants.suspend(brand.tenant_id)

    brand.bank.v1.subscriptions.cancel(str(brand.state.subscription_id))
    brand.hear()

    assert brand.tier is FREE


# ------------------------------------------------------------------------------------------------ late


def test_a_payment_that_fails_leaves_the_tier_for_the_grace_then_the_free_one(brand: Billed) -> None:
    brand.subscribes("starter")
    brand.card(works=False)
    trial_passes(brand)

    told = brand.notice
    assert brand.state.status == "past_due"
    assert told is not None and (told.kind, told.tier) == ("unpaid", STARTER)
    assert brand.tier is STARTER

    brand.sells(51)
    brand.time_passes(days=GRACE.days)
    told = brand.notice
    assert brand.tier is FREE
    assert told is not None and told.kind == "lapsed"
    assert brand.can_open(), "above the free tier only from now on: it has its grace"

    brand.time_passes(days=GRACE.days)
    assert not brand.can_open()


def test_paying_late_brings_everything_back(brand: Billed) -> None:
    brand.subscribes("starter")
    brand.card(works=False)
    trial_passes(brand)
    brand.sells(51)
    brand.time_passes(days=GRACE.days)
    assert brand.tier is FREE

    brand.card(works=True)
    [open_one] = brand.bank.v1.invoices.list({"customer": str(brand.state.customer_id), "status": "open"}).data
    brand.bank.v1.invoices.pay(open_one.id)
    brand.hear()

    assert brand.tier is STARTER
    assert brand.notice is None


def test_hearing_of_the_same_late_payment_again_does_not_begin_the_grace_anew(brand: Billed) -> None:
    brand.subscribes("starter")
    brand.card(works=False)
    trial_passes(brand)
    since = brand.state.past_due_since

    brand.time_passes(days=5)

    assert brand.state.past_due_since == since


# ------------------------------------------------------------------------------------------------ changing, ending


def test_another_tier_holds_at_once_and_the_subscription_stays_the_same(brand: Billed) -> None:
    brand.subscribes("starter")
    was = brand.state.subscription_id

    brand.acts(change, "growth")

    assert (brand.tier, brand.state.subscription_id) == (GROWTH, was)


def test_one_that_is_ended_goes_on_to_the_end_of_what_is_paid(brand: Billed) -> None:
    brand.subscribes("starter")
    trial_passes(brand)
    paid_until = brand.state.period_ends_at

    brand.acts(cancel)
    assert (brand.state.ends_at, brand.tier) == (paid_until, STARTER)

    brand.time_passes(days=32)
    brand.hear()
    assert (brand.state.status, brand.tier) == ("canceled", FREE)
    assert brand.state.ends_at is None


def test_an_end_can_be_taken_back_and_so_it_is_by_choosing_another_tier(brand: Billed) -> None:
    brand.subscribes("starter")
    brand.acts(cancel)
    brand.acts(resume)
    assert brand.state.ends_at is None

    brand.acts(cancel)
    brand.acts(change, "growth")

    assert brand.tier is GROWTH
    assert brand.state.ends_at is None


def test_without_a_subscription_there_is_nothing_to_change_or_end(brand: Billed) -> None:
    for what, how in ((change, ("growth",)), (cancel, ()), (resume, ())):
        with pytest.raises(NotSubscribed):
            brand.acts(what, *how)


def test_the_portal_is_for_who_has_invoices(brand: Billed) -> None:
    with acting_for(brand.tenant_id), pytest.raises(NotSubscribed):
        open_portal(brand.tenant, stripe=brand.bank, page_url=PAGE)

    brand.subscribes("starter")

    with acting_for(brand.tenant_id):
        address = open_portal(brand.tenant, stripe=brand.bank, page_url=PAGE)
    assert "/p/session/bps_" in address


# ------------------------------------------------------------------------------------------------ the setup


def test_setting_up_twice_makes_nothing_twice() -> None:
    with serve() as bare:
        client = stripe.StripeClient("sk_test_local", base_addresses={"api": bare.url})
        made: list[str] = []
        set_up(client, made.append)
        assert len(made) == 29, "14 currencies, two tiers, and the portal"

        made.clear()
        set_up(client, made.append)

        assert made == []
        assert len(client.v1.products.list().data) == 2


def test_a_price_that_has_changed_is_made_anew_under_its_name() -> None:
    with serve() as bare:
        client = stripe.StripeClient("sk_test_local", base_addresses={"api": bare.url})
        product = client.v1.products.create({"id": "tuanyuan_starter", "name": "Starter"})
        old = client.v1.prices.create(
            {
                "product": product.id, "currency": "cny", "unit_amount": 79_00, "recurring": {"interval": "month"},
                "lookup_key": "tuanyuan_starter_month_cny",
            }
        )  # fmt: skip

        set_up(client, say=lambda made: None)

        [new] = client.v1.prices.list({"lookup_keys": ["tuanyuan_starter_month_cny"]}).data
        assert (new.unit_amount, new.active) == (99_00, True)
        assert client.v1.prices.retrieve(old.id).active is False
