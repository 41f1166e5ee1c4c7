"""What a brand uses of what its tier includes, from counts that are kept anyway: an order writes nothing for it.

Orders are those of the figures (`figures/rules.py`): paid, counted in the brand's own month, those given back whole
left out. Leaders are counted by the look every few hours (`actions`), people and keys when asked.
"""

from collections.abc import Mapping
from datetime import date, datetime, timedelta

from msgspec import Struct

from chalicelib.billing.prices import Amounts
from chalicelib.billing.store import Billing
from chalicelib.figures import store as figures
from chalicelib.figures.rules import over
from chalicelib.leaders import store as leaders
from chalicelib.people import api_keys
from chalicelib.people import store as people
from chalicelib.people.store import TeamMember
from chalicelib.settlement.days import local_day
from chalicelib.store import SHARDS, IndexRow, query
from chalicelib.tenants.store import Tenant


class Usage(Struct, frozen=True, kw_only=True):
    """What a brand uses: paid orders of this month (`2026-11`) and of the one before, leaders, staff, keys in use."""

    month: str
    orders: int
    orders_before: int
    leaders: int
    staff: int
    api_keys: int

    @property
    def amounts(self) -> Amounts:
        """What limits are compared with. Of two months the fuller one counts.

        Else who is above its tier by the end of each month would begin anew on each first, and never choose one.
        """
        orders = max(self.orders, self.orders_before)
        return Amounts(orders_a_month=orders, leaders=self.leaders, staff=self.staff, api_keys=self.api_keys)


def used(tenant: Tenant, billing: Billing, *, now: datetime) -> Usage:
    """Measure what a brand uses now: 8 figures in one request, its team, its keys (10 R or more)."""
    tenant_id, month = tenant.tenant_id, local_day(now, tenant.timezone)[:7]
    counts = figures.brand_figures(tenant_id)
    return Usage(
        month=month,
        orders=_orders_of(counts, month),
        orders_before=_orders_of(counts, _month_before(month)),
        leaders=int(billing.leaders),
        staff=sum(one.role != "owner" for one in _team(tenant_id)),
        api_keys=sum(key.revoked_at is None for key in api_keys.list_api_keys(tenant_id)),
    )


def count_leaders(tenant_id: str) -> int:
    """Count everybody who joined, by the index: ½ R per some 30 leaders."""
    partitions = [leaders.listing_key(tenant_id, shard) for shard in range(SHARDS)]
    return sum(IndexRow.by_gsi1.count(partition) for partition in partitions)


def _team(tenant_id: str) -> list[TeamMember]:
    return list(query(TeamMember, people.team_key(tenant_id)))


def _orders_of(counts: Mapping[str, int], month: str) -> int:
    """Give a month's paid orders; where more were given back than came, none."""
    return max(0, counts.get(over("paid_orders", month), 0))


def _month_before(month: str) -> str:
    return (date.fromisoformat(f"{month}-01") - timedelta(days=1)).isoformat()[:7]
