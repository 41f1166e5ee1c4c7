"""Plays a history through the running system: actions for what people do, the stream and the schedules for the rest.

The stream comes as AWS may bring it: cut into batches anywhere, a batch twice, the changes of different items in any
order (those of one item in theirs). Schedules come when they come, days late.
"""

from collections import Counter
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from chalicelib import store as table
from chalicelib.campaigns import actions as campaigns
from chalicelib.campaigns.commands import CreateCampaign, Offer
from chalicelib.catalog import actions as catalog
from chalicelib.catalog.commands import CreateProduct
from chalicelib.commissions import store as plans
from chalicelib.events import schedules
from chalicelib.figures import store as figures
from chalicelib.leaders import groups, joining, profiles, standing
from chalicelib.leaders import store as leader_records
from chalicelib.leaders.commands import Register
from chalicelib.ledger import book
from chalicelib.ledger.entries import Entry
from chalicelib.orders import placing, refunds
from chalicelib.orders import store as orders
from chalicelib.orders.commands import OrderedItem, Place, Refund, RefundLine
from chalicelib.orders.lines import Customer
from chalicelib.orders.store import Order
from chalicelib.people import persons
from chalicelib.tenancy import acting_for
from tests.commissions.second.histories import Event, History
from tests.conftest import StoppedClock
from tests.events.world import Brand
from tests.live.delivery import Delivery

Earned = Counter[tuple[str | None, str, str]]


class Player(Brand):
    """A brand that lives through a history."""

    def __init__(self, history: History, chance: Random, document: str, *, late: bool = False) -> None:
        """document: the brand's plan. late: the stream lags, so more happens before what follows from the first."""
        began = datetime.fromisoformat(history.events[0]["at"]) - timedelta(minutes=5)
        super().__init__(StoppedClock(began), history.preset, history.zone)
        record = plans.plan_record(self.tenant_id, 2, document, effective_from=began, now=began)
        with acting_for(self.tenant_id):
            table.put(record)
        self.chance, self.late = chance, late
        self.delivery = Delivery(self.tools, chance, self._stream)
        self.leaders: dict[str, str] = {}
        self.orders: dict[str, Order] = {}
        self.names: dict[str, str] = {}
        self.phones: dict[str, str] = {}

    def play(self, history: History) -> None:
        """Live through all of it, and let everything come to rest."""
        for event in history.events:
            self.clock.now = datetime.fromisoformat(event["at"])
            if self.chance.randrange(3) == 0 or event["type"] == "trial.started":
                self.tick()
            _PLAYED[event["type"]](self, event)
            if self.late:
                self.delivery.bring(batches=self.chance.randrange(4))
            else:
                self.delivery.bring_all()
        for _ in range(3):
            self.clock.advance(hours=2)
            self.tick()

    def tick(self) -> None:
        """The schedules run, days late; the stream never lags so far that they would come before it."""
        self.delivery.bring_all()
        schedules.sweep(self.clock(), self.tools, lambda: True)
        schedules.settle(self.clock(), lambda: True)
        self.delivery.bring_all()

    # ------------------------------------------------------------------------------------------- what happens

    def leader_joined(self, event: Event) -> None:
        self._people += 1
        with acting_for(self.tenant_id):
            inviter = event["inviter"]
            code = (
                joining.invite_root(self.tenant_id, now=self.clock(), randbits=self.bits).pk.rpartition("#")[2]
                if inviter is None
                else profiles.get(self.tenant_id, self.leaders[inviter]).invite_code
            )
            person = persons.ensure(
                f"p{self._people}@example.com", now=self.clock(), randbits=self.bits, name=event["leader"]
            )
            joined = joining.register(
                self.tenant_id,
                Register(
                    code=code, name=event["leader"], phone=self._phone(event["leader"]),
                    group_size=event.get("group_size"),
                ),
                person_id=person.person_id, now=self.clock(), randbits=self.bits,
            )  # fmt: skip
        self.leaders[event["leader"]] = joined.leader_id

    def rank_set(self, event: Event) -> None:
        with acting_for(self.tenant_id):
            standing.set_rank(
                self.tenant_id, self.leaders[event["leader"]], event["rank"],
                by="owner", reason="by hand", now=self.clock(),
            )  # fmt: skip

    def trial_started(self, event: Event) -> None:
        with acting_for(self.tenant_id):
            standing.start_trial(
                self.tenant_id, self.leaders[event["leader"]], by="owner", reason="again", now=self.clock()
            )

    def order_paid(self, event: Event) -> None:
        by_leaders = self.tenant.plan_preset == "stock_clearance"
        lines = [self._for_leaders(event, line) for line in event["lines"]] if by_leaders else event["lines"]
        offered = self._offer(lines)
        command = Place(
            leader_id=self.leaders[event["leader"]],
            campaign_id=offered[0],
            lines=[OrderedItem(product_id=offered[1][line["sku"]], qty=line["qty"]) for line in lines],
            customer=Customer(name="Li Na", phone=self._phone(event["customer"]), pickup="Gate 3"),
        )
        with acting_for(self.tenant_id):
            order = placing.place(
                self.tenant_id, command, now=self.clock(), randbits=self.bits, stripe=self.stripe,
                public_url="https://shop.example", by_brand=by_leaders,
            ).order  # fmt: skip
        self.stripe.pay(order.session_id)
        self.told("checkout.session.completed", order, times=1 + (self.chance.randrange(5) == 0))
        self.orders[event["order"]] = order
        self.names[order.order_id] = event["order"]

    def order_refunded(self, event: Event) -> None:
        order = self.orders[event["order"]]
        products = {line.title: line.product_id for line in order.lines}
        lines = [
            RefundLine(product_id=products[one["sku"]], amount_minor=one["amount"]) for one in event.get("lines", [])
        ]
        while self._state_of(order) == "awaiting_payment":  # nobody asks for money back before the order says paid
            self.delivery.bring(batches=1)
        with acting_for(self.tenant_id):
            refunds.request(
                self.tenant_id, order.order_id,
                Refund(amount_minor=event.get("amount"), lines=lines or None, reason="spoilt"),
                now=self.clock(), randbits=self.bits, stripe=self.stripe,
            )  # fmt: skip

    def _state_of(self, order: Order) -> str:
        with acting_for(self.tenant_id):
            return orders.get(self.tenant_id, order.order_id).state

    def leader_groups(self, event: Event) -> None:
        with acting_for(self.tenant_id):
            groups.approve(
                self.tenant_id, self.leaders[event["leader"]], event["groups"],
                by="owner", reason="seen", now=self.clock(),
            )  # fmt: skip

    def clock_passes(self, event: Event) -> None:
        self.tick()

    # ------------------------------------------------------------------------------------------- its means

    def _phone(self, name: str) -> str:
        return self.phones.setdefault(name, f"138{len(self.phones):08d}")

    def _offer(self, lines: list[Event]) -> tuple[str, dict[str, str]]:
        """Put up a campaign with a product for each line; gives its id, and the products' by sku."""
        with acting_for(self.tenant_id):
            products = {line["sku"]: self._product(line) for line in lines}
            offers = [
                Offer(product_id=products[line["sku"]], price_minor=line["unit_price"], quantity=line["qty"])
                for line in lines
            ]
            campaign = campaigns.create(
                self.tenant_id,
                CreateCampaign(
                    title="This week", opens_at=self.clock(), closes_at=self.clock() + timedelta(days=3), items=offers
                ),
                now=self.clock(), randbits=self.bits,
            )  # fmt: skip
        return campaign.campaign_id, products

    def _for_leaders(self, event: Event, line: Event) -> Event:
        """A line whose list price makes the leader pay, at the settlement price of its status, what the history says.

        As one unit: of several, not every sum is a settlement price."""
        with acting_for(self.tenant_id):
            leader = profiles.get(self.tenant_id, self.leaders[event["leader"]])
        paid, price_bp = line["unit_price"] * line["qty"], 9_000 if leader.status == "probation" else 8_500
        return line | {"qty": 1, "unit_price": paid, "list_price": paid * 10_000 // price_bp}

    def _product(self, line: Event) -> str:
        command = CreateProduct(
            title=line["sku"], unit="box", list_price_minor=line["list_price"], sale_price_minor=line["unit_price"],
            rate_bp=line.get("rate_bp"), stock=line["qty"],
        )  # fmt: skip
        return catalog.create(self.tenant_id, command, now=self.clock(), randbits=self.bits).product_id

    # ------------------------------------------------------------------------------------------- what is there then

    def earned(self) -> Earned:
        """What every order (by the history's name, None for none) brought every leader, by kind; from the ledger."""
        earned: Earned = Counter()
        for entry in self._entries():
            order = self.names.get(entry.facts.get("order", ""))
            for move in [*entry.facts.get("rewards", []), *entry.facts.get("changes", [])]:
                earned[order, move["leader_id"], move["kind"]] += move["amount_minor"]
        return +earned if all(amount >= 0 for amount in earned.values()) else earned

    def _entries(self) -> Iterator[Entry]:
        with acting_for(self.tenant_id):
            after = None
            while True:
                page, after = book.entries_page(self.tenant_id, limit=100, after=after)
                yield from page
                if after is None:
                    return

    def standings(self) -> dict[str, tuple[str, str]]:
        """(rank, status) of every leader."""
        with acting_for(self.tenant_id):
            found = [profiles.get(self.tenant_id, leader_id) for leader_id in self.leaders.values()]
        return {leader.leader_id: (leader.rank, leader.status) for leader in found}

    def raised(self) -> list[Event]:
        """Every rank that the rules gave, with the moment from which it counts, as events of a history."""
        with acting_for(self.tenant_id):
            return [
                {"type": "rank.set", "leader": name, "rank": change.value, "at": change.at.isoformat()}
                for name, leader_id in self.leaders.items()
                for change in leader_records.changes(self.tenant_id, leader_id)
                if change.what == "rank" and change.by == "rules"
            ]

    def figures(self) -> dict[str, tuple[int, int]]:
        """(own sales, team sales) of every leader."""
        with acting_for(self.tenant_id):
            found = figures.get_many(self.tenant_id, self.leaders.values())
        return {leader_id: (tally.counts["own"], tally.counts["team"]) for leader_id, tally in found.items()}


_PLAYED = {
    "leader.joined": Player.leader_joined,
    "leader.groups": Player.leader_groups,
    "rank.set": Player.rank_set,
    "trial.started": Player.trial_started,
    "order.paid": Player.order_paid,
    "order.refunded": Player.order_refunded,
    "clock": Player.clock_passes,
}
