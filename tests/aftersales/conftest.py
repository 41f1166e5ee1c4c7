"""A shop with paid orders of which something is wrong."""

import pytest

from chalicelib.aftersales import actions, deciding
from chalicelib.aftersales.actions import Asker
from chalicelib.aftersales.commands import ApproveCase, AskCase, DeclineCase
from chalicelib.orders import store as orders
from chalicelib.tenants import actions as tenants
from chalicelib.tenants.commands import UpdateSettings
from tests.orders.conftest import LEADER_ID, Shop, shop

__all__ = ["shop"]
CUSTOMER = Asker("customer")
LEADER = Asker("leader", LEADER_ID)


class Desk:
    """After-sales of a shop: who asks, who decides."""

    def __init__(self, shop: Shop):
        self.shop, self.tenant_id, self.clock = shop, shop.tenant_id, shop.clock
        self._forms = 0

    def units(self, **names):
        return {{"pears": self.shop.pears, "plums": self.shop.plums}[name]: count for name, count in names.items()}

    def ask(self, order, *, asker=CUSTOMER, nonce=None, photos=(), **fields):
        """Somebody says what is wrong, with `pears=…` and `plums=…` for units."""
        self._forms += 1
        units = self.units(**{name: fields.pop(name) for name in ("pears", "plums") if name in fields}) or None
        command = AskCase(**{"wish": "refund", "reason": "spoilt", "units": units} | fields)
        return actions.ask(
            self.tenant_id,
            order.order_id,
            command,
            asker=asker,
            photos=photos,
            nonce=nonce or f"form-{self._forms}",
            now=self.clock(),
            stripe=self.shop.stripe,
        )

    def approve(self, case, **fields):
        return deciding.approve(
            self.tenant_id,
            case.order_id,
            case.case_id,
            ApproveCase(**fields),
            by="owner",
            now=self.clock(),
            stripe=self.shop.stripe,
        )

    def decline(self, case, note="The photo shows other pears."):
        return deciding.decline(
            self.tenant_id, case.order_id, case.case_id, DeclineCase(note=note), by="owner", now=self.clock()
        )

    def hand_over(self, case):
        return deciding.hand_over(self.tenant_id, case.order_id, case.case_id, by=LEADER_ID, now=self.clock())

    def withdraw(self, case, asker=CUSTOMER):
        return actions.withdraw(self.tenant_id, case.order_id, case.case_id, asker=asker, now=self.clock())

    def automatic_up_to(self, amount_minor):
        tenants.update_settings(self.tenant_id, UpdateSettings(auto_refund_minor=amount_minor), now=self.clock())

    def stream(self, refund):
        """What the table's stream makes of a refund that succeeded, as far as cases go."""
        deciding.money_went_back(self.tenant_id, refund, now=self.clock())

    def refunds(self, order):
        return orders.refunds_of(self.tenant_id, order.order_id)

    def refunded(self, order):
        """What was given back: (of pears, of plums)."""
        by_product = {line.product_id: line.refunded_minor for line in self.shop.order(order.order_id).lines}
        return by_product.get(self.shop.pears), by_product.get(self.shop.plums)


@pytest.fixture
def desk(shop):
    return Desk(shop)
