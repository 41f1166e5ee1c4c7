"""The brand's figures: its days, what waits, how a month's sales are spread. What the console's first page shows."""

from datetime import date, datetime, timedelta

from msgspec import Struct

from chalicelib.api.calls import Call, NoBody
from chalicelib.api.resources.shown import copied
from chalicelib.boards import spread as spreads
from chalicelib.catalog import store as catalog
from chalicelib.errors import Invalid
from chalicelib.figures import overview
from chalicelib.settlement.days import local_day
from chalicelib.tenants import actions as tenants

USUAL_DAYS = 30
BEST = 10


class FiguresQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """Which days of the brand (`2026-11-22`), both included, at most 90; the last 30 if not said."""

    first_day: str | None = None
    last_day: str | None = None


class FiguresUnreadable(Invalid):
    """These are no days, or too many."""

    code = "figures_days_invalid"


class FiguresTotal(Struct, frozen=True, kw_only=True):
    """What the days came to. `sales_minor`: paid in less given back. Shares are of sales; null without sales."""

    orders: int
    sales_minor: int
    paid_in_minor: int
    given_back_minor: int
    commission_minor: int
    paid_out_minor: int
    new_leaders: int
    promised_bp: int | None
    paid_bp: int | None


class FiguresDay(Struct, frozen=True, kw_only=True):
    """What a day came to. Orders that were given back later count; what went back counts on its own day."""

    day: str
    orders: int
    sales_minor: int
    paid_in_minor: int
    given_back_minor: int
    commission_minor: int
    paid_out_minor: int
    new_leaders: int


class Waiting(Struct, frozen=True, kw_only=True):
    """What waits for the brand: orders paid and not handed out, cases asked, refunds that failed, payouts exported for
    the bank, disputes that are open, reviews not shown or hidden yet, words of leaders that nobody looked at.
    """

    to_hand_out: int
    to_decide: int
    to_refund: int
    to_confirm: int
    disputed: int
    to_review: int
    to_read: int


class BestLeader(Struct, frozen=True, kw_only=True):
    """A leader with its own sales of the month."""

    leader_id: str
    sales_minor: int


class SharePoint(Struct, frozen=True, kw_only=True):
    """So large a share of the leaders, the best first, brings so large a share of sales."""

    leaders_bp: int
    sales_bp: int


class SalesSpread(Struct, frozen=True, kw_only=True):
    """How a month's sales are spread over the confirmed leaders, as it was looked at last."""

    month: str
    as_of: datetime
    leaders: int
    sellers: int
    sales_minor: int
    best_fifth_bp: int
    curve: list[SharePoint]
    best_leaders: list[BestLeader]


class BestProduct(Struct, frozen=True, kw_only=True):
    """What was sold of a product in the month of the last day; refunds are taken off the sales, not off the units."""

    product_id: str
    sales_minor: int
    units: int


class BrandFigures(Struct, frozen=True, kw_only=True, tag_field="object", tag="figures"):
    """The brand's figures. They follow the ledger by some seconds; the spread by an hour at most."""

    first_day: str
    last_day: str
    currency: str
    total: FiguresTotal
    days: list[FiguresDay]
    waiting: Waiting
    spread: SalesSpread | None
    best_products: list[BestProduct]


def of_days(call: Call[NoBody]) -> BrandFigures:
    """Show the brand's figures of some days."""
    brand = tenants.get(call.tenant_id)
    first, last = _days(call.query, date.fromisoformat(local_day(call.now, brand.timezone)))
    counts = overview.counts(call.tenant_id, first, last)
    month = f"{last:%Y-%m}"
    latest = catalog.newest_ids(call.tenant_id, limit=overview.PRODUCTS)
    products = overview.best_products(call.tenant_id, latest, month, limit=BEST)
    found = spreads.find(call.tenant_id, month)
    days = overview.days(counts, first, last)
    return BrandFigures(
        first_day=first.isoformat(),
        last_day=last.isoformat(),
        currency=brand.currency,
        total=copied(FiguresTotal, overview.total(days)),
        days=[copied(FiguresDay, one) for one in days],
        waiting=Waiting(**overview.waiting(counts)),
        spread=_spread(month, found) if found else None,
        best_products=[copied(BestProduct, one) for one in products],
    )


def _days(query: FiguresQuery, today: date) -> tuple[date, date]:
    last = _day_of(query.last_day, "last_day") if query.last_day else today
    first = _day_of(query.first_day, "first_day") if query.first_day else last - timedelta(days=USUAL_DAYS - 1)
    if not first <= last < first + timedelta(days=overview.LONGEST_DAYS):
        raise FiguresUnreadable("Ask for one to 90 days, the first one first.", param="first_day")
    return first, last


def _day_of(text: str, param: str) -> date:
    try:
        day = date.fromisoformat(text)
        if day.isoformat() == text and 2000 < day.year < 2200:
            return day
    except ValueError:
        pass
    raise FiguresUnreadable("This is no day. Write it like 2026-11-22.", param=param)


def _spread(month: str, found: spreads.Spread) -> SalesSpread:
    return SalesSpread(
        month=month,
        as_of=found.as_of,
        leaders=int(found.leaders),
        sellers=int(found.sellers),
        sales_minor=int(found.sales_minor),
        best_fifth_bp=found.of_best_fifth_bp,
        curve=[SharePoint(leaders_bp=x, sales_bp=y) for x, y in found.curve],
        best_leaders=[BestLeader(leader_id=leader_id, sales_minor=minor) for leader_id, minor in found.best],
    )
