"""A whole brand in one process: actions, moto's stream pumped by hand, a small Stripe, a clock to move."""

import itertools
import random
from datetime import datetime, timedelta
from typing import Any

import boto3
from moto.core import DEFAULT_ACCOUNT_ID
from moto.dynamodb.models import dynamodb_backends

from chalicelib.campaigns import actions as campaigns
from chalicelib.campaigns.commands import CreateCampaign, Offer
from chalicelib.catalog import actions as catalog
from chalicelib.catalog.commands import CreateProduct
from chalicelib.events import schedules, stream
from chalicelib.figures import rollup
from chalicelib.leaders import joining, profiles, standing
from chalicelib.leaders.commands import PayByBank, Register
from chalicelib.ledger import book
from chalicelib.orders import delivery, intake, placing, refunds
from chalicelib.orders.commands import OrderedItem, Place, Refund
from chalicelib.orders.lines import Customer
from chalicelib.orders.store import Order
from chalicelib.people import persons
from chalicelib.store import Record
from chalicelib.tenancy import acting_for
from chalicelib.tenants import actions as tenants
from chalicelib.tenants.commands import SignUp, UpdateSettings
from chalicelib.wiring import Settings, Tools
from tests.conftest import ENDPOINT, StoppedClock
from tests.orders.fake_stripe import SECRET, FakeStripe, message, signed
from tests.people.mailbox import Mailbox

_brands = itertools.count(1)
SETTINGS = Settings("https://shop.example", "no-reply@shop.example", "s" * 32, "sk_test", SECRET, None)


class Brand:
    """A brand that signed up with a preset, and everything that people do there."""

    def __init__(
        self, clock: StoppedClock, preset: str = "breakaway", timezone: str = "Asia/Shanghai", newcomer_minor: int = 0
    ) -> None:
        seed = next(_brands)  # never the same tenant twice: plans are remembered by tenant
        self.clock = clock
        self.random = random.Random(seed)
        self.tools = Tools(SETTINGS, now=clock, randbits=self.random.getrandbits)
        self.stripe: Any = FakeStripe(clock)
        self.tools.stripe = self.stripe
        self.mailbox = Mailbox()
        self.tools.mailer = self.mailbox
        command = SignUp(
            name="Green Village", slug=f"green-{seed}", email="owner@example.com", currency="CNY",
            timezone=timezone, plan_preset=preset,
        )  # fmt: skip
        self.tenant = tenants.sign_up(command, now=clock(), randbits=self.bits)
        self.tenant_id = self.tenant.tenant_id
        with acting_for(self.tenant_id):  # unless a story is about them, orders cost what the goods cost
            coupon = UpdateSettings(newcomer_coupon_minor=newcomer_minor, newcomer_minimum_minor=newcomer_minor * 5)
            self.tenant = tenants.update_settings(self.tenant_id, coupon, now=clock())
        self._stream = Stream()
        self._events = 0
        self._people = 0

    def bits(self, count: int) -> int:
        return self.random.getrandbits(count)

    # ------------------------------------------------------------------------------------------- what people do

    def leader(self, name: str, inviter_id: str | None = None) -> str:
        """Somebody registers by an invitation link: the brand's own, or a leader's."""
        self.clock.advance(seconds=1)
        self._people += 1
        with acting_for(self.tenant_id):
            code = (
                joining.invite_root(self.tenant_id, now=self.clock(), randbits=self.bits).pk.rpartition("#")[2]
                if inviter_id is None
                else profiles.get(self.tenant_id, inviter_id).invite_code
            )
            person = persons.ensure(f"{name}@example.com", now=self.clock(), randbits=self.bits, name=name)
            phone = f"139{self._people:08d}"
            joined = joining.register(
                self.tenant_id,
                Register(code=code, name=name, phone=phone),
                person_id=person.person_id,
                now=self.clock(),
                randbits=self.bits,
            )
            bank = PayByBank(bank_details=f"ICBC {name}")
            profiles.pay_by_bank(self.tenant_id, joined.leader_id, bank, now=self.clock())
        return joined.leader_id

    def rank(self, leader_id: str, rank: str) -> None:
        self.clock.advance(seconds=1)
        with acting_for(self.tenant_id):
            standing.set_rank(self.tenant_id, leader_id, rank, by="owner", reason="by hand", now=self.clock())

    def paid_by_stripe(self, leader_id: str) -> None:
        with acting_for(self.tenant_id):
            profiles.pay_by_stripe(self.tenant_id, leader_id, stripe_account_id=f"acct_{leader_id}", now=self.clock())

    def campaign(self, price_minor: int, rate_bp: int, stock: int = 100) -> tuple[str, str]:
        """A campaign with one product; gives both ids."""
        with acting_for(self.tenant_id):
            product = catalog.create(
                self.tenant_id,
                CreateProduct(
                    title="Apples", unit="box", list_price_minor=price_minor, sale_price_minor=price_minor,
                    rate_bp=rate_bp, stock=stock,
                ),
                now=self.clock(),
                randbits=self.bits,
            )  # fmt: skip
            offer = Offer(product_id=product.product_id, price_minor=price_minor, quantity=stock)
            campaign = campaigns.create(
                self.tenant_id,
                CreateCampaign(
                    title="Apples this week", opens_at=self.clock(), closes_at=self.clock() + timedelta(days=3),
                    items=[offer],
                ),
                now=self.clock(),
                randbits=self.bits,
            )  # fmt: skip
        return campaign.campaign_id, product.product_id

    def order(
        self,
        leader_id: str,
        offered: tuple[str, str],
        *,
        qty: int = 1,
        phone: str = "13800138000",
        coupon_id: str | None = None,
        email: str | None = None,
    ) -> Order:
        """A guest orders on a leader's page; with a coupon of the leader's, the brand does."""
        self.clock.advance(seconds=1)
        campaign_id, product_id = offered
        command = Place(
            leader_id=leader_id,
            campaign_id=campaign_id,
            lines=[OrderedItem(product_id=product_id, qty=qty)],
            customer=Customer(name="Li Na", phone=phone, pickup="Gate 3", email=email),
            coupon_id=coupon_id,
        )
        with acting_for(self.tenant_id):
            return placing.place(
                self.tenant_id,
                command,
                now=self.clock(),
                randbits=self.bits,
                stripe=self.stripe,
                public_url=SETTINGS.public_url,
                by_brand=coupon_id is not None,
            ).order

    def pays(self, order: Order, *, later: bool = False) -> None:
        """The buyer pays, and Stripe tells."""
        self.clock.advance(seconds=1)
        self.stripe.pay(order.session_id, later=later)
        self.told("checkout.session.completed", order)

    def told(self, event_type: str, order: Order, *, times: int = 1) -> None:
        """Stripe tells of an order's session, with one event a time."""
        for _ in range(times):
            self._events += 1
            session = self.stripe.sessions[order.session_id]
            payload = message(event_type, session, created=self.clock(), event_id=f"evt_{self._events}")
            intake.store_event(payload, signed(payload, at=self.clock()), secret=SECRET, now=self.clock())

    def bought(self, leader_id: str, offered: tuple[str, str], **how: Any) -> Order:
        """Ordered, paid, and taken in."""
        order = self.order(leader_id, offered, **how)
        self.pays(order)
        self.pump()
        return order

    def delivers(self, order: Order) -> None:
        self.clock.advance(seconds=1)
        with acting_for(self.tenant_id):
            delivery.confirm(self.tenant_id, order.order_id, by="owner", now=self.clock())
        self.pump()

    def refunds(self, order: Order, amount_minor: int) -> None:
        self.clock.advance(seconds=1)
        with acting_for(self.tenant_id):
            refunds.request(
                self.tenant_id,
                order.order_id,
                Refund(amount_minor=amount_minor, reason="one was spoilt"),
                now=self.clock(),
                randbits=self.bits,
                stripe=self.stripe,
            )
        self.pump()

    # ------------------------------------------------------------------------------------------- what machines do

    def pump(self, *, twice: bool = False) -> None:
        """Let the stream function take in all changes, and those that it makes itself."""
        while records := self._stream.waiting():
            for _ in range(1 + twice):
                answer = stream.handle({"Records": records}, self.tools)
                assert answer == {"batchItemFailures": []}
                self._roll_up(records)

    def _roll_up(self, records: list[dict[str, Any]]) -> None:
        """Let the stream's other consumer take them in, too."""
        answer = rollup.handle({"Records": records, "shardId": "shardId-1"}, self.clock())
        assert answer["batchItemFailures"] == []

    def replay(self) -> None:
        """The stream delivers everything again, from the beginning."""
        records = self._stream.everything()
        stream.handle({"Records": records}, self.tools)
        self._roll_up(records)

    def settle(self, at: datetime | None = None) -> None:
        schedules.settle(at or self.clock(), lambda: True)
        self.pump()

    def pay_out(self, at: datetime | None = None) -> None:
        schedules.pay_out(at or self.clock(), self.tools, lambda: True)
        self.pump()

    # ------------------------------------------------------------------------------------------- what is there then

    def has(self, leader_id: str) -> tuple[int, int, int, int]:
        """(held, available, reserved, paid)."""
        with acting_for(self.tenant_id):
            found = book.leader_balance(self.tenant_id, leader_id, "CNY")
        return found.held_minor, found.available_minor, found.reserved_minor, found.paid_minor

    def balances(self) -> dict[tuple[str, str], int]:
        with acting_for(self.tenant_id):
            return book.all_balances(self.tenant_id)


class Stream:
    """The table's stream, read from its beginning. Places in it are kept by sequence number."""

    def __init__(self) -> None:
        self._last: dict[str, str] = {}
        if not ENDPOINT:
            self._shards = [{"ShardId": "moto's only one"}]
            return
        self._client = boto3.client("dynamodbstreams", endpoint_url=ENDPOINT)
        table = boto3.client("dynamodb", endpoint_url=ENDPOINT).describe_table(TableName=Record.Meta.table_name)
        self._arn = table["Table"]["LatestStreamArn"]
        self._shards = self._client.describe_stream(StreamArn=self._arn)["StreamDescription"]["Shards"]

    def waiting(self) -> list[dict[str, Any]]:
        """Take what has come since the last time."""
        return [record for shard in self._shards for record in self._after_last(shard["ShardId"])]

    def _after_last(self, shard: str) -> list[dict[str, Any]]:
        records = self._asked(shard) if ENDPOINT else self._out_of_moto(shard)
        if records:
            self._last[shard] = records[-1]["dynamodb"]["SequenceNumber"]
        return records

    def _out_of_moto(self, shard: str) -> list[dict[str, Any]]:
        """Look into moto: sending records through its HTTP answers takes a quarter of all tests' time."""
        records = dynamodb_backends[DEFAULT_ACCOUNT_ID]["us-east-1"].get_table(Record.Meta.table_name).stream_shard
        after = int(self._last.get(shard, records.starting_sequence_number - 1))
        return [one.to_json() for one in records.items[after + 1 - records.starting_sequence_number :]]

    def _asked(self, shard: str) -> list[dict[str, Any]]:
        place = (
            {"ShardIteratorType": "AFTER_SEQUENCE_NUMBER", "SequenceNumber": self._last[shard]}
            if shard in self._last
            else {"ShardIteratorType": "TRIM_HORIZON"}
        )
        iterator = self._client.get_shard_iterator(StreamArn=self._arn, ShardId=shard, **place)["ShardIterator"]
        records: list[dict[str, Any]] = self._client.get_records(ShardIterator=iterator)["Records"]
        return records

    def everything(self) -> list[dict[str, Any]]:
        """Read it again from its beginning, leaving the place where it is."""
        here, self._last = self._last, {}
        found: list[dict[str, Any]] = []
        while records := self.waiting():
            found += records
        self._last = here
        return found
