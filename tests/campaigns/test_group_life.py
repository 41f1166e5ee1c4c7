"""A group lives at random: people join, pay late, change their minds; the brand cancels, delivers; Stripe fails.

Whatever happens, no unit is lost or sold twice, the chain lists what the group counts, and in the end buyers have paid
what the ledger says, and nothing for a group that failed. `GROUP_LIVES` asks for more lives than `make test` has time
for; the seed is hypothesis's own (`SEED`).
"""

import contextlib
import os
from datetime import timedelta
from typing import Any

import stripe
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import Bundle, RuleBasedStateMachine, initialize, invariant, multiple, rule

from chalicelib.campaigns.buyers import GroupFull, PersonLimit
from chalicelib.campaigns.items import PriceStep
from chalicelib.campaigns.rules import CampaignNotOpen
from chalicelib.campaigns.terms import Goal
from chalicelib.errors import Refusal
from chalicelib.orders.reserving import SoldOut
from tests.campaigns.world import GroupBrand
from tests.conftest import StoppedClock, an_empty_table

STOCK = 12
HELD = {"awaiting_payment", "processing", "paid", "delivered"}
PHONES = [f"1380000000{number}" for number in range(5)]
TROUBLE = [
    stripe.InvalidRequestError("no", None, code="balance_insufficient"),
    stripe.APIError("oops", http_status=500),
    stripe.APIConnectionError("timed out", should_retry=True),
]
TERMS: list[dict[str, Any]] = [
    {"goal": Goal(by="people", least=3)},
    {"goal": Goal(by="units", least=6), "when_short": "extend", "extend_hours": 3},
    {"goal": Goal(by="units", least=9), "when_short": "pass", "steps": [PriceStep(at=4, price_minor=800)]},
    {"steps": [PriceStep(at=3, price_minor=900), PriceStep(at=6, price_minor=500)], "places": 3},
    {"goal": Goal(by="people", least=2), "per_person": 4, "places": 4, "orders_per_second": 60},
    {"per_person": 2},
]


class GroupLife(RuleBasedStateMachine):
    """One campaign of one brand, from its opening to long after its end."""

    orders = Bundle("orders")

    @initialize(terms=some.sampled_from(TERMS))
    def open(self, terms: dict[str, Any]) -> None:
        self.table = an_empty_table()
        self.table.__enter__()
        self.brand = GroupBrand(StoppedClock())
        self.offered = self.brand.group(stock=STOCK, **terms)
        self.placed: list[Any] = []

    @rule(target=orders, phone=some.sampled_from(PHONES), qty=some.integers(1, 4))
    def order(self, phone: str, qty: int) -> Any:
        try:
            order = self.brand.order(self.brand.wang, self.offered, phone=phone, qty=qty)
        except (SoldOut, GroupFull, PersonLimit, CampaignNotOpen):
            return multiple()
        self.placed.append(order)
        return order

    @rule(order=orders, twice=some.booleans(), hold_up=some.booleans())
    def pay(self, order: Any, twice: bool, hold_up: bool) -> None:
        """Stripe tells at once, or only after other things happened."""
        if self.brand.stripe.sessions[order.session_id]["status"] != "open":
            return
        self.brand.stripe.pay(order.session_id)
        if not hold_up:
            self.brand.told("checkout.session.completed", order, times=1 + twice)
            self.brand.pump(twice=twice)

    @rule(order=orders)
    def tell_of_the_payment(self, order: Any) -> None:
        """The news of a payment come, perhaps long after it, perhaps once more."""
        if self.brand.stripe.sessions[order.session_id]["status"] == "complete":
            self.brand.told("checkout.session.completed", order)
            self.brand.pump()

    @rule(order=orders, share=some.integers(1, 4))
    def refund(self, order: Any, share: int) -> None:
        left = int(self.brand.read(order).amount_minor) - int(self.brand.read(order).refunded_minor)
        if self.brand.read(order).paid_at is not None and left > 0:
            self._try(lambda: self.brand.refunds(order, max(1, left * share // 4)))

    @rule(order=orders)
    def deliver(self, order: Any) -> None:
        self._try(lambda: self.brand.delivers(order))

    @rule(minutes=some.sampled_from([1, 30, 41, 200, 500]))
    def time_passes(self, minutes: int) -> None:
        self.brand.clock.advance(minutes=minutes)

    @rule()
    def the_deadline_comes(self) -> None:
        left = self.brand.campaign_now(self.offered).closes_at - self.brand.clock()
        if left > timedelta(0):
            self.brand.clock.advance(seconds=left.total_seconds())

    @rule()
    def the_schedule_comes_by(self) -> None:
        self.brand.sweeps()

    @rule(refund_paid=some.booleans())
    def cancel(self, refund_paid: bool) -> None:
        if len(self.placed) > 2:  # or else few lives would ever come to their deadline
            self._try(lambda: self.brand.cancels(self.offered, refund_paid=refund_paid))

    @rule(error=some.sampled_from(TROUBLE), times=some.integers(1, 3))
    def stripe_is_in_trouble(self, error: Exception, times: int) -> None:
        self.brand.stripe.fail("refunds.create", error, times=times)

    @rule()
    def an_answer_of_stripe_is_lost(self) -> None:
        self.brand.stripe.lose_answer("refunds.create")

    @rule()
    def the_stream_tells_everything_again(self) -> None:
        self.brand.replay()
        self.brand.pump()

    @invariant()
    def no_unit_is_lost_or_sold_twice(self) -> None:
        if not self.placed:
            return
        now = [self.brand.read(order) for order in self.placed]
        held = sum(line.qty for order in now if order.state in HELD for line in order.lines)
        assert held + self.brand.left(self.offered) + self.brand.in_stock(self.offered) == STOCK

    @invariant()
    def the_chain_lists_what_the_group_counts(self) -> None:
        if not self.placed or not (campaign := self.brand.campaign_now(self.offered)).is_group:
            return
        if campaign.status != "open":
            return  # from its decision on the counts stand still
        chain, counts = self.brand.in_chain(self.offered), self.brand.counts(self.offered)
        assert counts.units == sum(int(entry.units) for entry in chain)
        assert counts.people == len({entry.buyer for entry in chain})
        paid = {order.order_id for order in map(self.brand.read, self.placed) if order.state == "paid"}
        assert paid <= {entry.order_id for entry in chain}

    def teardown(self) -> None:
        """Let time do the rest: the campaign ends, refunds go through, and the books are looked at."""
        if not hasattr(self, "brand"):
            return
        try:
            self._ends_well()
        finally:
            self.table.__exit__(None, None, None)

    def _ends_well(self) -> None:
        brand = self.brand
        brand.stripe.fail("refunds.create", None, times=0)
        for _ in range(2):  # a group may be extended
            self.the_deadline_comes()
            brand.clock.advance(minutes=46)
            brand.sweeps()
        for order in self.placed:
            self.tell_of_the_payment(order)
        brand.a_day_of_sweeps()
        brand.a_day_of_sweeps()

        self.no_unit_is_lost_or_sold_twice()
        campaign = brand.campaign_now(self.offered)
        now = [brand.read(order) for order in self.placed]
        charged = {order.order_id: brand.charged_minor(order) for order in now}
        assert campaign.status != "open"
        assert brand.cash_minor() == sum(charged.values())
        assert {
            order.order_id for order in now if order.state in ("cancelled", "expired") and charged[order.order_id]
        } == set()
        if campaign.status in ("failed", "cancelled") and campaign.is_group:
            assert sum(charged.values()) == 0
        brand.audits()

    @staticmethod
    def _try(act: Any) -> None:
        with contextlib.suppress(Refusal):
            act()


GroupLife.TestCase.settings = settings(
    max_examples=int(os.environ.get("GROUP_LIVES", "5")),
    stateful_step_count=int(os.environ.get("GROUP_STEPS", "20")),
    deadline=None,
    suppress_health_check=list(HealthCheck),
)
TestGroupLife = GroupLife.TestCase
