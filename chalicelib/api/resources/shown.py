"""What several resources need to show themselves."""

from functools import lru_cache
from typing import TypeVar

from msgspec import Struct

from chalicelib.tenants import actions as tenants

S = TypeVar("S", bound=Struct)


@lru_cache(maxsize=1024)
def currency_of(tenant_id: str) -> str:
    """Give a brand's currency. It never changes, so a warm function reads it once for each brand."""
    currency: str = tenants.get(tenant_id).currency
    return currency


def copied(kind: type[S], of: object, /, **more: object) -> S:
    """Make an API object of a feature's record: what is called the same is taken over, the rest is given."""
    return kind(**more, **{name: getattr(of, name) for name in kind.__struct_fields__ if name not in more})


def shown_as(kind: type[S], view: Struct, id_field: str, **more: object) -> S:
    """Show a feature's view as an API object, whose own id is always called `id`."""
    return copied(kind, view, id=getattr(view, id_field), **more)
