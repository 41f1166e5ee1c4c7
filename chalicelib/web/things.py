"""What things of a brand are called, read for a page that names many of them."""

from collections.abc import Iterable

from chalicelib import store
from chalicelib.campaigns.store import Campaign, campaign_key
from chalicelib.catalog.store import Product, product_key
from chalicelib.delivery.codes import short_number
from chalicelib.leaders.store import Leader, leader_key

Way = tuple[str, ...]
_KEYS = {"campaigns": campaign_key, "products": product_key, "leaders": leader_key}


def names_of(tenant_id: str, ways: Iterable[Way]) -> dict[Way, str]:
    """Name what the console shows at some addresses (`("campaigns", "cp_…")`), in one request; an order by its number.

    What has no name, or is gone, is left out.
    """
    wanted = {way for way in ways if len(way) > 1}
    keys = {way: _KEYS[way[0]](tenant_id, way[1]) for way in wanted if way[0] in _KEYS}
    found = store.get_all([key for key in keys.values() if store.can_be_key(*key)], consistent=False)
    called = {(one.pk, one.sk): name for one in found if (name := _name(one))}
    names = {way: called[key] for way, key in keys.items() if key in called}
    return names | {way: short_number(way[1]) for way in wanted if way[0] == "orders"}


def _name(one: store.Record) -> str:
    if isinstance(one, Leader):
        return one.name
    return one.title if isinstance(one, Campaign | Product) else ""
