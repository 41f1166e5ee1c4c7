"""Try a plan on history before it takes effect: two plans over the brand's own past, or over a network made up."""

from collections.abc import Callable
from zoneinfo import ZoneInfo

from msgspec import Struct

from chalicelib.commissions.compare.attack_cost import compare_made_up
from chalicelib.commissions.compare.side_by_side import Comparison, Named, compare
from chalicelib.commissions.compare.synthetic import Shape
from chalicelib.errors import Invalid
from chalicelib.planning import past
from chalicelib.tenants.store import Tenant


class NoPastYet(Invalid):
    """The brand has no paid order to try a plan on."""

    code = "no_past_yet"


class Tried(Struct, frozen=True):
    """What came of it. `orders` of the history; `cut`: older ones were left out; `nameless`: customer not kept."""

    comparison: Comparison
    orders: int
    cut: bool
    nameless: int = 0


def on_own_past(brand: Tenant, plans: tuple[Named, Named], *, keep_going: Callable[[], bool] = lambda: True) -> Tried:
    """Live through the brand's newest orders under two plans. Raises `NoPastYet`."""
    found = past.read(brand.tenant_id, keep_going=keep_going)
    if not found.orders:
        raise NoPastYet("There is no paid order yet to try a plan on. Try it on a made-up network.", param="history")
    comparison = compare(plans, enumerate(found.events, start=1), ZoneInfo(brand.timezone))
    return Tried(comparison, found.orders, found.cut, found.nameless)


def on_made_up(brand: Tenant, plans: tuple[Named, Named], shape: Shape) -> Tried:
    """Live through a made-up network, with its attackers, under two plans; the larger, the longer somebody waits."""
    comparison = compare_made_up(plans, shape, ZoneInfo(brand.timezone))
    return Tried(comparison, shape.orders or 10 * shape.size, cut=False)
