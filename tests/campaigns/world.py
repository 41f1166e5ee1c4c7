"""A brand whose campaigns are groups: people order, pay, change their minds; the deadline comes."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from msgspec.structs import replace

from chalicelib.campaigns import actions, chain, closing, group, store
from chalicelib.campaigns.aftermaths import Aftermath, aftermath_of
from chalicelib.campaigns.commands import CreateCampaign, Offer
from chalicelib.campaigns.store import Campaign
from chalicelib.campaigns.terms import GroupCounts
from chalicelib.catalog import actions as catalog_actions
from chalicelib.catalog import store as catalog
from chalicelib.catalog.commands import CreateProduct
from chalicelib.catalog.views import ProductView
from chalicelib.ledger import book
from chalicelib.notices import store as notices
from chalicelib.orders import aftermath, checkout, expiry, payment
from chalicelib.orders import store as orders
from chalicelib.orders.lines import pack_lines
from chalicelib.orders.store import Order
from chalicelib.tenancy import acting_for
from tests.events.world import Brand

DECIDED_AFTER = timedelta(minutes=46)


class GroupBrand(Brand):
    """A brand with one leader and groups of its own."""

    def __init__(self, clock: Any) -> None:
        super().__init__(clock)
        self.wang = self.leader("Wang")

    def group(self, *, price_minor: int = 1_000, stock: int = 100, hours: float = 12, **terms: Any) -> tuple[str, str]:
        """Open a campaign with one product; gives both ids. What belongs to the offer goes to the offer."""
        offer = {name: terms.pop(name) for name in ("steps", "per_person", "case_size") if name in terms}
        with acting_for(self.tenant_id):
            product = catalog_actions.create(
                self.tenant_id,
                CreateProduct(
                    title="Pears", unit="box", list_price_minor=price_minor, sale_price_minor=price_minor,
                    rate_bp=2_000, stock=stock,
                ),
                now=self.clock(),
                randbits=self.bits,
            )  # fmt: skip
            frame = {"title": "Pears for all", "opens_at": self.clock()}
            frame |= {"closes_at": self.clock() + timedelta(hours=hours)}
            offers = [Offer(product_id=product.product_id, quantity=stock, **offer)]
            command = CreateCampaign(**frame, items=offers, **terms)
            campaign = actions.create(self.tenant_id, command, now=self.clock(), randbits=self.bits)
        return campaign.campaign_id, product.product_id

    def joins(self, offered: tuple[str, str], phone: str, qty: int = 1, email: str | None = None) -> Order:
        """Somebody orders and pays."""
        return self.bought(self.wang, offered, phone=phone, qty=qty, email=email)

    def read(self, order: Order) -> Order:
        with acting_for(self.tenant_id):
            return orders.get(self.tenant_id, order.order_id)

    def campaign_now(self, offered: tuple[str, str]) -> Campaign:
        with acting_for(self.tenant_id):
            return store.get(self.tenant_id, offered[0])

    def counts(self, offered: tuple[str, str]) -> GroupCounts:
        with acting_for(self.tenant_id):
            return group.read(self.tenant_id, offered[0]).counts

    def in_chain(self, offered: tuple[str, str]) -> list[chain.ChainEntry]:
        """Those who are in, the first first."""
        with acting_for(self.tenant_id):
            return [one for one in chain.entries(self.tenant_id, offered[0]) if one.left_at is None]

    def left(self, offered: tuple[str, str]) -> int:
        """Units that the campaign still has."""
        with acting_for(self.tenant_id):
            return sum(store.stock_left(self.tenant_id, store.get(self.tenant_id, offered[0])).values())

    def in_stock(self, offered: tuple[str, str]) -> int:
        """Units of the product that no campaign has."""
        with acting_for(self.tenant_id):
            return catalog.stock_left(self.tenant_id, offered[1])

    def sweeps(self, at: datetime | None = None) -> None:
        """The schedule comes by."""
        with acting_for(self.tenant_id):
            expiry.sweep(self.tenant_id, now=at or self.clock(), stripe=self.stripe)
        self.pump()

    def deadline_passes(self, offered: tuple[str, str]) -> None:
        """The deadline comes, and everybody who ordered before it had the time to pay."""
        left = self.campaign_now(offered).closes_at - self.clock()
        self.clock.advance(seconds=left.total_seconds())
        self.clock.advance(seconds=DECIDED_AFTER.total_seconds())
        self.sweeps()

    def closes(self, offered: tuple[str, str]) -> Campaign:
        with acting_for(self.tenant_id):
            return closing.close(self.tenant_id, offered[0], now=self.clock())

    def cancels(self, offered: tuple[str, str], *, refund_paid: bool = False) -> None:
        with acting_for(self.tenant_id):
            closing.cancel(self.tenant_id, offered[0], now=self.clock(), refund_paid=refund_paid)
        self.pump()

    def aftermath(self, offered: tuple[str, str]) -> Aftermath | None:
        with acting_for(self.tenant_id):
            return aftermath_of(self.tenant_id, offered[0])

    def news_of(self, order: Order) -> set[str]:
        """What its buyer was told, each once."""
        with acting_for(self.tenant_id):
            told = notices.told_about(self.tenant_id, order.order_id)
        assert {notice.state for notice in told} == {"sent"}
        names = [notice.template for notice in told]
        assert len(names) == len(set(names))
        return set(names)

    def charged_minor(self, order: Order) -> int:
        """What Stripe took for an order and did not give back."""
        session = self.stripe.sessions[order.session_id]
        if session["payment_status"] != "paid":
            return 0
        given_back = sum(
            one["amount"] for one in self.stripe.refunds.values() if one["payment_intent"] == session["payment_intent"]
        )
        return int(session["amount_total"]) - given_back

    def cash_minor(self) -> int:
        """What buyers have paid by the ledger, refunds taken off."""
        return -self.balances().get(("buyers", "CNY"), 0)

    def audits(self) -> None:
        """The books balance."""
        with acting_for(self.tenant_id):
            assert set(book.trial_balance(book.all_balances(self.tenant_id)).values()) <= {0}

    def a_day_of_sweeps(self) -> None:
        """The schedule comes by every few minutes, for longer than refunds are asked for again."""
        for minutes in (5, 6, 12, 25, 50, 100, 200, 400):
            self.clock.advance(minutes=minutes)
            self.sweeps()

    def aftermath_runs(self, *, keep_going: Callable[[], bool]) -> None:
        """One run of the aftermath, cut when it is told so."""
        with acting_for(self.tenant_id):
            aftermath.drive_all(self.tenant_id, now=self.clock(), stripe=self.stripe, keep_going=keep_going)

    def is_paid_but_not_in_the_group_yet(self, order: Order) -> None:
        """The payment is written down; the stream has not told of it yet."""
        self.stripe.pay(order.session_id)
        with acting_for(self.tenant_id):
            session = checkout.look_up(self.stripe, str(order.session_id))
            payment.apply_session(self.tenant_id, order, session, now=self.clock(), stripe=self.stripe)

    def pays_another_price(self, order: Order, unit_price_minor: int) -> None:
        """Its lines say that a unit cost something else: a leader's own price, under a plan of another day."""
        with acting_for(self.tenant_id):
            found = orders.get(self.tenant_id, order.order_id)
            lines = [replace(line, unit_price_minor=unit_price_minor) for line in found.lines]
            found.update(actions=[Order.lines_packed.set(pack_lines(lines))])

    def product_view(self, product_id: str) -> ProductView:
        with acting_for(self.tenant_id):
            return ProductView.of(catalog.get(self.tenant_id, product_id))
