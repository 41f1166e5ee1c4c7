"""What several resources need to show themselves."""

from functools import lru_cache
from typing import Any

from msgspec import Struct, structs

from chalicelib.tenants import actions as tenants


@lru_cache(maxsize=1024)
def currency_of(tenant_id: str) -> str:
    """Give a brand's currency. It never changes, so a warm function reads it once for each brand."""
    currency: str = tenants.get(tenant_id).currency
    return currency


def fields(view: Struct, id_field: str, **more: Any) -> dict[str, Any]:
    """Give a feature's view as the fields of an API object, whose own id is always called `id`."""
    named = structs.asdict(view)
    return {"id": named.pop(id_field)} | named | more
