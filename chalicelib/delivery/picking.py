"""What a campaign needs from the warehouse: units by product and cases, and each leader's share."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from chalicelib.campaigns.store import Campaign
from chalicelib.delivery.parcels import Parcel, parcel_of
from chalicelib.delivery.sheets import Shares, orders_of


@dataclass(frozen=True, slots=True)
class PickLine:
    """A product to be picked. `handed_units` of its `units` are with their buyers already."""

    product_id: str
    title: str
    units: int
    handed_units: int
    case_size: int | None

    @property
    def full_cases(self) -> int | None:
        """How many cases are used up whole; None where it comes in no cases."""
        return self.units // self.case_size if self.case_size else None

    @property
    def opened_units(self) -> int | None:
        """Units out of one more case that has to be opened; 0 when none has."""
        return self.units % self.case_size if self.case_size else None


@dataclass(frozen=True, slots=True)
class LeaderShare:
    """A leader's part of a campaign: parcels in all, those nobody has handed out yet, those with a carrier."""

    leader_id: str
    orders: int
    units: int
    waiting: int
    shipped: int


@dataclass(frozen=True, slots=True)
class Picking:
    """All of a campaign, or one leader's part of it."""

    lines: tuple[PickLine, ...]
    leaders: tuple[LeaderShare, ...]


@dataclass(slots=True)
class _Sums:
    title: str = ""
    units: int = 0
    handed: int = 0


@dataclass(slots=True)
class _Counting:
    products: dict[str, _Sums] = field(default_factory=dict)

    def add(self, parcel: Parcel) -> None:
        for goods in parcel.goods:
            sums = self.products.setdefault(goods.product_id, _Sums(goods.title))
            sums.units += goods.units
            sums.handed += 0 if parcel.is_waiting else goods.units


def pick(tenant_id: str, campaign: Campaign, shares: Shares) -> Picking:
    """Add up what is to be picked, in the campaign's order of products; products nobody bought are left out.

    Reads every order once, a hundred at a time, and keeps none.
    """
    counting, leaders = _Counting(), []
    for leader_id, order_ids in shares.items():
        orders = units = waiting = shipped = 0
        for order in orders_of(tenant_id, order_ids):
            parcel = parcel_of(order)
            if parcel is None:
                continue
            counting.add(parcel)
            orders, units = orders + 1, units + parcel.units
            waiting += parcel.is_waiting
            shipped += parcel.is_waiting and parcel.tracking is not None
        if orders:
            leaders.append(LeaderShare(leader_id, orders, units, waiting, shipped))
    return Picking(_lines(campaign, counting.products), tuple(leaders))


def _lines(campaign: Campaign, products: Mapping[str, _Sums]) -> tuple[PickLine, ...]:
    cases = {item.product_id: item.case_size for item in campaign.items}
    in_order = [product_id for product_id in cases if product_id in products]
    return tuple(
        PickLine(product_id, one.title, one.units, one.handed, cases.get(product_id))
        for product_id in [*in_order, *(other for other in products if other not in cases)]
        if (one := products[product_id])
    )
