"""Finding products by their title."""

from chalicelib import store
from chalicelib.catalog.store import Product, get_many, listing_key
from chalicelib.leaders.store import folded
from chalicelib.sieve import LOOK_THROUGH, Sieved, sieve


def newest(tenant_id: str, title: str, *, limit: int, after: str | None = None) -> Sieved[Product]:
    """Find products with a title like this, newest first; a query, and a request per hundred that are looked at."""
    most, wanted = LOOK_THROUGH if title else limit, folded(title)
    rows = store.listed([listing_key(tenant_id)], newest_first=True, after=after, limit=most)
    return sieve(
        [(row.pk.rpartition("#")[2], row.position) for row in rows],
        lambda ids: get_many(tenant_id, list(ids)),
        lambda product: wanted in folded(product.title),
        limit=limit,
        most=most,
    )
