"""Taking units out of a campaign, and putting them back: over one counter, or over several in a flash sale.

A transaction on an item refuses every other one at the same moment, so one counter takes only so many orders a second.
With several, an order takes from a counter of its own choice; where that one is short the others are read and the
units are taken from wherever they are. Nobody is told *sold out* while a reading of all counters finds enough.
"""

from collections.abc import Sequence
from zlib import crc32

from pynamodb.transactions import TransactWrite

from chalicelib import store
from chalicelib.campaigns.items import CampaignItem
from chalicelib.campaigns.store import Campaign, CampaignStock, stock_key

MOST_COUNTERS = 16
ORDERS_A_SECOND = 20
"""What one counter is trusted with: orders a second, each a transaction of some 20 to 40 ms."""

Share = tuple[int, int]
"""(number of a counter, units taken from it)"""


def counters_for(orders_per_second: int | None, quantity: int, products: int) -> int:
    """Say over how many counters a product's stock is spread, for a rate that the brand expects.

    Never more than units; together with the products' stocks they fit in the one transaction that ends a campaign.
    """
    wanted = -(-(orders_per_second or 0) // ORDERS_A_SECOND)
    return max(1, min(wanted, MOST_COUNTERS, quantity, 60 // products))


def split(quantity: int, counters: int) -> list[int]:
    """Spread units evenly: the first counters have one more where it does not divide."""
    each, over = divmod(quantity, counters)
    return [each + (number < over) for number in range(counters)]


def first_share(item: CampaignItem, order_id: str, qty: int) -> list[Share]:
    """Take all from the order's own counter: the same one each time it is tried."""
    return [(own_counter(item, order_id), qty)]


def own_counter(item: CampaignItem, order_id: str) -> int:
    """Say which counter is an order's own."""
    return crc32(order_id.encode()) % item.counters


def share_out(left: Sequence[int], own: int, qty: int) -> list[Share] | None:
    """Take units from where they are, the order's own counter first; None when there are not enough in all."""
    if sum(left) < qty:
        return None
    shares: list[Share] = []
    for number in (own, *(one for one in range(len(left)) if one != own)):
        part = min(left[number], qty)
        if part > 0:
            shares.append((number, part))
            qty -= part
    return shares


def left_by_counter(tenant_id: str, campaign_id: str, item: CampaignItem) -> list[int]:
    """Read all counters of one product, in one request."""
    keys = [stock_key(tenant_id, campaign_id, item.product_id, number) for number in range(item.counters)]
    found = {(one.pk, one.sk): int(one.left) for one in store.get_all(keys) if isinstance(one, CampaignStock)}
    return [found.get(key, 0) for key in keys]


def take(write: TransactWrite, tenant_id: str, campaign_id: str, product_id: str, shares: Sequence[Share]) -> None:
    """Take units out of counters, as updates of an order's transaction; each only if its counter has them."""
    for number, units in shares:
        write.update(
            CampaignStock(*stock_key(tenant_id, campaign_id, product_id, number)),
            actions=[CampaignStock.left.add(-units)],
            condition=CampaignStock.left >= units,
        )


def put_back(
    write: TransactWrite, tenant_id: str, campaign: Campaign, product_id: str, order_id: str, units: int
) -> None:
    """Put an order's units back into its own counter, wherever they were taken from: the sum is what counts."""
    item = campaign.item(product_id)
    number = own_counter(item, order_id) if item else 0
    write.update(
        CampaignStock(*stock_key(tenant_id, campaign.campaign_id, product_id, number)),
        actions=[CampaignStock.left.add(units)],
        # Ended between our read and this write: then these units would be lost in a dead counter.
        condition=CampaignStock.pk.exists() & CampaignStock.given_back.does_not_exist(),
    )
