"""The console's first page: what waits, how the brand does, who and what sells; each number is the way to its cause.

Six requests to the table: who asks (two), two lists, two batches; nine in a new process. Days come from the brand's
figures, the spread over leaders from the schedule's last look (infra/decisions/0027-dashboard.md).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from markupsafe import Markup

from chalicelib.at_hand import Key
from chalicelib.billing import store as billing
from chalicelib.billing.store import billing_key
from chalicelib.boards import spread as spreads
from chalicelib.boards.rules import period_before
from chalicelib.boards.spread import Spread, spread_key
from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.parts import parts_of, sold_of
from chalicelib.catalog import store as catalog
from chalicelib.chinese import Language
from chalicelib.disputes import store as disputes
from chalicelib.figures import overview
from chalicelib.figures.overview import Day, Sold
from chalicelib.figures.rules import Counts
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import leader_key
from chalicelib.money import MINOR_DIGITS, signed_text
from chalicelib.reading import read_ahead
from chalicelib.settlement.days import local_day
from chalicelib.store import Listed
from chalicelib.web import bill_notices, charts
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.charts import Point, Series, Words
from chalicelib.web.frame import page
from chalicelib.web.rendering import day_label, money, month_label, percent

PERIODS = (7, 30, 90)
USUAL = 30
BEST = 5
CAMPAIGNS = 12


@dataclass(frozen=True, slots=True)
class Span:
    """The days that are shown, and as many before them to compare with; both ends included."""

    count: int
    first: date
    last: date

    @classmethod
    def until(cls, today: date, count: int) -> "Span":
        """Take so many days up to today."""
        return cls(count, today - timedelta(days=count - 1), today)

    @property
    def before(self) -> "Span":
        """As many days before it."""
        return Span.until(self.first - timedelta(days=1), self.count)


@page("/console/{store}")
def home(ask: Ask, store: str) -> Answer:
    """Show what waits, the days, the month's best, and what comes next."""
    desk = ask.desk(store, "owner", "staff")
    span = _span(ask, desk)
    months = (f"{span.last:%Y-%m}", period_before(f"{span.last:%Y-%m}"))

    ask.look_for(desk.tenant_id)  # from here on nothing is written
    upcoming = campaigns.upcoming(desk.tenant_id, ask.now, limit=CAMPAIGNS)
    product_ids = catalog.newest_ids(desk.tenant_id, limit=overview.PRODUCTS)
    _read_at_once(desk, span, months, upcoming, product_ids)
    counts = overview.counts(desk.tenant_id, span.before.first, span.last)
    now = overview.total(overview.days(counts, span.first, span.last))
    before = overview.total(overview.days(counts, span.before.first, span.before.last))
    running = [one for one in campaigns.in_order(upcoming) if campaigns.takes_orders(one, ask.now)]
    counters = [key for one in running for key in parts_of(desk.tenant_id, one).counts]
    has_orders = bool(counts["sales"] or now.orders or before.orders)
    return ask.show(
        "console/home.html",
        bill=bill_notices.told(ask, billing.get(desk.tenant_id)) if desk.membership.role == "owner" else None,
        now=now,
        before=before,
        change=change_text,
        share=share_text,
        running=running,
        steps=None if has_orders else _steps(desk, has_product=bool(product_ids), has_campaign=bool(upcoming)),
        **_waiting(desk, counts),
        **_days(ask, desk, span, overview.days(counts, span.first, span.last)),
        **_best(ask, desk, product_ids, months, counters),
        sold=sold_of(desk.tenant_id, running),
    )


def _span(ask: Ask, desk: Desk) -> Span:
    """Take the days that the address asks for, up to the brand's today."""
    asked, today = ask.query("days"), date.fromisoformat(local_day(ask.now, desk.brand.timezone))
    return Span.until(today, int(asked) if asked in map(str, PERIODS) else USUAL)


# ------------------------------------------------------------------------------------------------ what is read


def _read_at_once(
    desk: Desk, span: Span, months: Sequence[str], upcoming: Sequence[Listed], product_ids: Sequence[str]
) -> None:
    """Read in one batch whatever the page is made of, but for the names of the best."""
    read_ahead(
        [
            billing_key(desk.tenant_id),
            *overview.keys(desk.tenant_id, span.before.first, span.last),
            *(spread_key(desk.tenant_id, month) for month in months),
            *((row.pk, row.sk) for row in upcoming),
            *overview.product_keys(desk.tenant_id, product_ids),
        ]
    )


def _waiting(desk: Desk, counts: Counts) -> dict[str, Any]:
    """Give what waits, and the latest disputes where there are some."""
    waiting = overview.waiting(counts)
    contested = disputes.newest(desk.tenant_id, limit=BEST) if waiting["disputed"] else []
    return {"waiting": waiting, "contested": [one for one in contested if one.state in ("inquiry", "open")]}


def _days(ask: Ask, desk: Desk, span: Span, days: Sequence[Day]) -> dict[str, Any]:
    """Give the days as numbers, the last one first, and as charts."""
    return {
        "span": span,
        "periods": PERIODS,
        "days": [(one, day_label(one.day, ask.language)) for one in reversed(days)],
        "charts": _charts(ask, desk, days),
    }


def _best(
    ask: Ask, desk: Desk, product_ids: Sequence[str], months: Sequence[str], beside: Sequence[Key]
) -> dict[str, Any]:
    """Give the month's best leaders and products with their names, which are read in one batch with others' keys."""
    spread_month, spread = _spread(desk.tenant_id, months)
    products_month, products = _best_products(desk.tenant_id, product_ids, months)
    best_leaders = spread.best[:BEST] if spread else []
    leader_ids, sold_ids = tuple(leader_id for leader_id, _ in best_leaders), [one.product_id for one in products]
    read_ahead(
        [
            *(leader_key(desk.tenant_id, leader_id) for leader_id in leader_ids),
            *(catalog.product_key(desk.tenant_id, product_id) for product_id in sold_ids),
            *beside,
        ]
    )
    names, titles = leaders.get_many(desk.tenant_id, leader_ids), catalog.get_many(desk.tenant_id, sold_ids)
    return {
        "spread": spread,
        "spread_month": month_label(spread_month, ask.language),
        "curve": _curve(ask, spread),
        "best_leaders": best_leaders,
        "leader_names": {leader_id: one.name for leader_id, one in names.items()},
        "best_products": products,
        "products_month": month_label(products_month, ask.language),
        "titles": {product_id: one.title for product_id, one in titles.items()},
    }


def _spread(tenant_id: str, months: Sequence[str]) -> tuple[str, Spread | None]:
    """Give the running month's spread; the one before while nothing was sold in it."""
    for month in months:
        found = spreads.find(tenant_id, month)
        if found is not None and found.sales_minor:
            return month, found
    return months[0], None


def _best_products(tenant_id: str, product_ids: Sequence[str], months: Sequence[str]) -> tuple[str, list[Sold]]:
    for month in months:
        if found := overview.best_products(tenant_id, product_ids, month, limit=BEST):
            return month, found
    return months[0], []


@dataclass(frozen=True, slots=True)
class Steps:
    """What a brand without orders has already."""

    has_product: bool
    has_campaign: bool
    a_leader: leaders.Leader | None


def _steps(desk: Desk, *, has_product: bool, has_campaign: bool) -> Steps:
    had_campaign = has_campaign or bool(campaigns.closing_latest_first(desk.tenant_id, limit=1))
    return Steps(has_product, had_campaign, next(iter(leaders.directs(desk.tenant_id, None, limit=1)), None))


# ------------------------------------------------------------------------------------------------ what is drawn


def _charts(ask: Ask, desk: Desk, days: Sequence[Day]) -> dict[str, Markup]:
    currency = desk.brand.currency
    labels = [day_label(one.day, ask.language) for one in days]

    def amounts(values: Sequence[int]) -> list[Point]:
        return [Point(label, value, money(value, currency)) for label, value in zip(labels, values, strict=True)]

    def counted(values: Sequence[int]) -> list[Point]:
        return [Point(label, value, f"{value:,}") for label, value in zip(labels, values, strict=True)]

    def axis(value: int) -> str:
        return short_money(value, currency, ask.language)

    def bars(key: str, title: str, points: list[Point], *, is_money: bool = False) -> Markup:
        return charts.bars(points, _words(ask, key, title, points), axis=axis if is_money else charts.plain)

    promised = amounts([one.commission_minor for one in days])
    paid = amounts([one.paid_out_minor for one in days])
    return {
        "sales": bars("sales", ask.say("Sales by day"), amounts([one.sales_minor for one in days]), is_money=True),
        "orders": bars("orders", ask.say("Orders by day"), counted([one.orders for one in days])),
        "commission": charts.lines(
            [Series(ask.say("promised"), promised), Series(ask.say("paid"), paid)],
            _words(ask, "commission", ask.say("Commission by day"), promised),
            axis=axis,
        ),
        "leaders": bars("leaders", ask.say("New leaders by day"), counted([one.new_leaders for one in days])),
    }


def _words(ask: Ask, key: str, title: str, points: Sequence[Point]) -> Words:
    best = max(points, key=lambda point: point.value)
    if not best.value:
        return Words(key, title, ask.say("Nothing in these days."))
    return Words(key, title, ask.say("Most on {day}: {amount}.", day=best.label, amount=best.text))


def _curve(ask: Ask, spread: Spread | None) -> Markup | None:
    if spread is None:
        return None
    share = share_text(spread.of_best_fifth_bp)
    said = ask.say("The best 20% of leaders bring {share} of sales.", share=share)
    words = Words("curve", ask.say("Share of sales by share of leaders"), said)
    return charts.curve(spread.curve, words, marked=(*spread.at_best_fifth, share))


# ------------------------------------------------------------------------------------------------ how it reads


def short_money(amount_minor: int, currency: str, language: Language) -> str:
    """Write a round amount for an axis: `¥1.5万`, `¥15k`, `¥80`."""
    unit = 10 ** MINOR_DIGITS[currency]
    steps = ((10**6, "M"), (10**3, "k")) if language == "en" else ((10**8, "亿"), (10**4, "万"))
    for size, name in steps:
        if abs(amount_minor) >= size * unit and amount_minor % (size * unit // 100) == 0:
            scaled = f"{amount_minor / (size * unit):.2f}".rstrip("0").rstrip(".").replace("-", "−")
            sign = signed_text(0, currency).rstrip("0.")
            return f"−{sign}{scaled[1:]}{name}" if scaled.startswith("−") else f"{sign}{scaled}{name}"
    text = signed_text(amount_minor, currency)
    return text.removesuffix(".00")


def share_text(share_bp: int | None) -> str:
    """Write a share to a tenth of a percent; a dash where there is none."""
    return "–" if share_bp is None else percent((share_bp + 5) // 10 * 10)


def change_text(now: int, before: int) -> str:
    """Write how much more or less it is than before: `+12%`, `−3%`; nothing where there was none before."""
    if before <= 0:
        return ""
    change = round((now - before) * 100 / before)
    return f"+{change}%" if change > 0 else f"−{-change}%" if change < 0 else "±0%"
