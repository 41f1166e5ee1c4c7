"""What several resources need to show themselves."""

from functools import lru_cache
from typing import TypeVar

from msgspec import Struct, structs

from chalicelib.tenants import actions as tenants

S = TypeVar("S", bound=Struct)


@lru_cache(maxsize=1024)
def currency_of(tenant_id: str) -> str:
    """Give a brand's currency. It never changes, so a warm function reads it once for each brand."""
    currency: str = tenants.get(tenant_id).currency
    return currency


def shown_as(kind: type[S], view: Struct, id_field: str, **more: object) -> S:
    """Show a feature's view as an API object, whose own id is always called `id`."""
    known = structs.asdict(view)
    known |= {"id": known[id_field]} | more
    return kind(**{name: known[name] for name in kind.__struct_fields__})
