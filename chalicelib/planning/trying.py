"""Try a plan on history before it takes effect: two plans over the brand's own past, or over a network made up."""

from collections.abc import Callable, Iterable
from zoneinfo import ZoneInfo

from msgspec import Struct

from chalicelib.commissions.compare.side_by_side import Comparison, compare
from chalicelib.commissions.compare.synthetic import Shape, history
from chalicelib.commissions.rules.events import Event
from chalicelib.commissions.rules.language import Plan
from chalicelib.errors import Invalid
from chalicelib.planning import past
from chalicelib.tenants.store import Tenant

Named = tuple[str, Plan]


class NoPastYet(Invalid):
    """The brand has no paid order to try a plan on."""

    code = "no_past_yet"


class Tried(Struct, frozen=True):
    """What came of it. `orders` of the history; `cut`: older ones were left out."""

    comparison: Comparison
    orders: int
    cut: bool


def on_own_past(brand: Tenant, plans: tuple[Named, Named], *, keep_going: Callable[[], bool] = lambda: True) -> Tried:
    """Live through the brand's newest orders under two plans. Raises `NoPastYet`."""
    found = past.read(brand.tenant_id, keep_going=keep_going)
    if not found.orders:
        raise NoPastYet("There is no paid order yet to try a plan on. Try it on a made-up network.", param="history")
    return Tried(_compared(brand, plans, found.events), found.orders, found.cut)


def on_made_up(brand: Tenant, plans: tuple[Named, Named], shape: Shape) -> Tried:
    """Live through a made-up network under two plans; the larger it is, the longer somebody waits."""
    comparison = _compared(brand, plans, history(shape))
    return Tried(comparison, shape.orders or 10 * shape.size, cut=False)


def _compared(brand: Tenant, plans: tuple[Named, Named], events: Iterable[Event]) -> Comparison:
    return compare(plans, enumerate(events, start=1), ZoneInfo(brand.timezone))
