"""A shop whose paid orders are in their campaign's chain, as the table's stream puts them there."""

import pytest

from chalicelib import store as table_store
from chalicelib.delivery import points
from chalicelib.delivery.points import AddPoint
from chalicelib.events import groups
from chalicelib.orders import refunds
from chalicelib.orders.commands import Refund, RefundLine
from chalicelib.orders.lines import Customer
from tests.builders import a_profile
from tests.orders.conftest import LEADER_ID, Shop

OTHER_ID = "ld_9876543210"


class Depot(Shop):
    """The shop, with a second leader and what happens after the payment."""

    def another_leader(self, name="Zhao"):
        now = self.clock()
        leader = a_profile(
            self.tenant_id, OTHER_ID, now, person_id="pe_2", name=name, phone="13922223333", invite_code="other"
        )
        table_store.put(leader)
        return leader

    def point(self, name="Old gate", leader_id=LEADER_ID):
        command = AddPoint(name=name, address="7 Lake Road")
        return points.add(self.tenant_id, leader_id, command, now=self.clock(), nonce=name)

    def bought(self, pears=1, plums=0, name="Li Na", leader_id=LEADER_ID, **customer):
        """An order that was paid and has joined its campaign's chain."""
        self.clock.advance(seconds=1)
        where = customer or {"pickup": "Gate 3"}
        basket = self.basket(
            pears, plums, leader_id=leader_id, customer=Customer(name=name, phone="13800138000", **where)
        )
        return self.pay(self.place(basket).order)

    def pay(self, order):
        self.stripe.pay(order.session_id)
        paid = self.tell("checkout.session.completed", order.session_id)
        groups.order_moved(self.tenant_id, None, paid, now=self.clock())
        return paid

    def refund(self, order, **taken):
        """Give back an amount of the whole order, or amounts by product."""
        if "amount_minor" in taken:
            command = Refund(**taken)
        else:
            named = {"pears": self.pears, "plums": self.plums}
            lines = [RefundLine(product_id=named[name], amount_minor=amount) for name, amount in taken.items()]
            command = Refund(lines=lines)
        return refunds.request(
            self.tenant_id, order.order_id, command, now=self.clock(), randbits=self.bits, stripe=self.stripe
        )


@pytest.fixture
def depot(tenant, clock):
    return Depot(tenant, clock)
