"""Who buys in a campaign that counts it: units by person, places, people of the group.

A person is a phone number, kept as its hash: `{tenant}#campaign#{id}#buyer#{hash}` / `buyer`. Each change is
conditional on the version that was read, in the transaction of what it belongs to; only the same person's own orders
ever meet on it.
"""

from collections.abc import Mapping, Sequence

import msgspec
from pynamodb.attributes import NumberAttribute, UnicodeAttribute
from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.campaigns.store import Campaign, Places, places_key
from chalicelib.commissions.acquisition import customer_hash
from chalicelib.errors import Conflict
from chalicelib.store import Record, packed

Units = Mapping[str, int]
"""Units by product."""


class PersonLimit(Conflict):
    """One person may have so many units of this product, all its orders in the campaign together."""

    code = "person_limit"


class GroupFull(Conflict):
    """All places of the group are taken."""

    code = "group_full"


class Buyer(Record, discriminator="campaign-buyer"):
    """A person in a campaign: units and orders that are kept for it, and how many of its orders are in the group."""

    units_packed = UnicodeAttribute(default="{}")
    orders = NumberAttribute(default=0)
    joined = NumberAttribute(default=0)
    version = NumberAttribute(default=0)

    @property
    def units(self) -> dict[str, int]:
        """Units by product that its orders keep, paid or not."""
        return msgspec.json.decode(self.units_packed, type=dict[str, int])


def buyer_key(tenant_id: str, campaign_id: str, phone: str) -> tuple[str, str]:
    """Where a person is kept."""
    return f"{tenant_id}#campaign#{campaign_id}#buyer#{customer_hash(tenant_id, phone)}", "buyer"


def read(tenant_id: str, campaign_id: str, phone: str) -> Buyer:
    """Read a person; somebody who never ordered has nothing."""
    key = buyer_key(tenant_id, campaign_id, phone)
    return store.get(Buyer, *key) or Buyer(*key)


def check_may_order(campaign: Campaign, buyer: Buyer, wanted: Units) -> None:
    """Refuse what lies above the limit of one person. Raises `PersonLimit` that names the line."""
    kept = buyer.units
    for number, (product_id, qty) in enumerate(wanted.items()):
        item = campaign.item(product_id)
        most = item.per_person if item else None
        if most is not None and kept.get(product_id, 0) + qty > most:
            left = max(0, most - kept.get(product_id, 0))
            raise PersonLimit(
                f"One person can have {most} of this here; {left} more for you.", param=f"lines.{number}.qty"
            )


def check_entered(campaign: Campaign, entered: Sequence[tuple[str, str, int]]) -> None:
    """Refuse what lies above the limit of one person in an order that a leader enters: by name, in this order.

    Their phone numbers are not known; so nobody can tell the Wang of this order from that of another one.
    Raises `PersonLimit` that names the line.
    """
    wanted: dict[tuple[str, str], int] = {}
    for number, (name, product_id, qty) in enumerate(entered):
        item = campaign.item(product_id)
        wanted[name, product_id] = wanted.get((name, product_id), 0) + qty
        if item and item.per_person is not None and wanted[name, product_id] > item.per_person:
            raise PersonLimit(f"One person can have {item.per_person} of this here.", param=f"lines.{number}.qty")


def keep(write: TransactWrite, tenant_id: str, campaign: Campaign, buyer: Buyer, wanted: Units) -> list[str]:
    """Put an order on a person, as updates of the order's transaction, and take a place for a new one.

    Gives what each update stands for, in their order: `buyer`, `places`.
    """
    _change(write, buyer, _plus(buyer.units, wanted, 1), orders=1)
    if campaign.terms.places is None or buyer.orders > 0:
        return ["buyer"]
    write.update(
        Places(*places_key(tenant_id, campaign.campaign_id)), actions=[Places.left.add(-1)], condition=Places.left >= 1
    )
    return ["buyer", "places"]


def let_go(write: TransactWrite, tenant_id: str, campaign: Campaign, buyer: Buyer, units: Units) -> None:
    """Take an order off a person again; its last one gives the place free."""
    _change(write, buyer, _plus(buyer.units, units, -1), orders=-1)
    if campaign.terms.places is not None and buyer.orders == 1:
        write.update(Places(*places_key(tenant_id, campaign.campaign_id)), actions=[Places.left.add(1)])


def keep_entered(write: TransactWrite, tenant_id: str, campaign: Campaign, people: int) -> list[str]:
    """Take places for the customers of an order that a leader enters, as an update of its transaction."""
    if campaign.terms.places is None:
        return []
    counter = Places(*places_key(tenant_id, campaign.campaign_id))
    write.update(counter, actions=[Places.left.add(-people)], condition=Places.left >= people)
    return ["places"]


def let_entered_go(write: TransactWrite, tenant_id: str, campaign: Campaign, people: int) -> None:
    """Give the places of an entered order's customers free again."""
    if campaign.terms.places is not None:
        write.update(Places(*places_key(tenant_id, campaign.campaign_id)), actions=[Places.left.add(people)])


def count_joined(write: TransactWrite, buyer: Buyer, change: int) -> None:
    """Count an order of a person into the group (1), or out of it (-1)."""
    _change(write, buyer, buyer.units, joined=change)


def _plus(units: Units, more: Units, sign: int) -> dict[str, int]:
    changed = {name: units.get(name, 0) + sign * more.get(name, 0) for name in {**units, **more}}
    return {name: count for name, count in changed.items() if count > 0}


def _change(write: TransactWrite, buyer: Buyer, units: Units, *, orders: int = 0, joined: int = 0) -> None:
    is_new = buyer.version == 0
    write.update(
        Buyer(buyer.pk, buyer.sk),
        actions=[
            Buyer.kind.set(Buyer),
            Buyer.units_packed.set(packed(dict(units))),
            Buyer.orders.set(buyer.orders + orders),
            Buyer.joined.set(buyer.joined + joined),
            Buyer.version.set(buyer.version + 1),
        ],
        condition=Buyer.pk.does_not_exist() if is_new else Buyer.version == buyer.version,
    )
