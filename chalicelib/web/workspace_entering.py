"""A leader enters what its customers want, from its chat or by hand, and pays once.

The pasted text travels along in the form and is read anew each time: nothing is kept until it is paid.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import cast

from chalicelib.campaigns import showing
from chalicelib.campaigns.store import Campaign
from chalicelib.catalog import store as catalog
from chalicelib.catalog.store import Product
from chalicelib.commissions import store as plans
from chalicelib.commissions.rules.language import LeaderOrders
from chalicelib.commissions.rules.retail import leader_price
from chalicelib.commissions.rules.sale import Status
from chalicelib.errors import Refusal
from chalicelib.leaders.store import Leader
from chalicelib.orders import entering, pasted, placing
from chalicelib.orders.commands import Enter, EnteredLine
from chalicelib.web import entered_rows, ladders
from chalicelib.web.answers import Answer, redirect
from chalicelib.web.ask import Ask
from chalicelib.web.entered_rows import Row
from chalicelib.web.frame import form


@dataclass(frozen=True, slots=True)
class Offer:
    """A product of the campaign with what one of it costs the leader."""

    product: Product
    price_minor: int


@dataclass(frozen=True, slots=True)
class Sheet:
    """For which campaign a leader enters orders, and at what prices (`terms`: its own; None: the campaign's)."""

    me: Leader
    running: list[Campaign]
    chosen: Campaign | None
    terms: LeaderOrders | None
    offers: list[Offer]

    def total_minor(self, units: Mapping[str, int]) -> int:
        """Give what so many units of each product cost the leader."""
        total = 0
        for offer in self.offers:
            qty = units.get(offer.product.product_id, 0)
            own = _own_price(self.terms, self.me, offer.product, qty) if self.terms and qty else None
            total += offer.price_minor * qty if own is None else own
        return total


@form("/lead/{store}/enter")
def enter(ask: Ask, store: str) -> Answer:
    """Paste a chat, look through what was read, and pay for all of it at once."""
    sheet = _sheet(ask, store)
    rows: list[Row] = []
    asides: list[str] = []
    if sheet.chosen is not None and ask.form["step"]:
        with ask.keeping_problem():
            rows, asides = _rows(ask, sheet.chosen)
    if not rows:
        return ask.show("workspace/enter.html", sheet=sheet)
    if ask.posted and ask.form["step"] == "pay" and (answer := _pay(ask, store, sheet, rows)):
        return answer
    return _review(ask, sheet, rows, asides)


def _rows(ask: Ask, campaign: Campaign) -> tuple[list[Row], list[str]]:
    """Give the rows to review, and the lines that order nothing."""
    text = ask.form["pasted"]
    try:
        lines = pasted.read_for(_tenant_id(ask), campaign, text) if text.strip() else ()
    except pasted.TextTooLong as refusal:
        refusal.param = "pasted"
        raise
    asides = [line.text for line in lines if line.kind == "aside" and line.text.strip()]
    return entered_rows.as_typed(entered_rows.rows_of(lines, ask.language), ask.form), asides


def _review(ask: Ask, sheet: Sheet, rows: list[Row], asides: list[str]) -> Answer:
    total = sheet.total_minor(entered_rows.units_of(rows))
    pays = ask.form["step"] == "pay" and ask.problem is None
    return ask.show(
        "workspace/enter_review.html",
        sheet=sheet,
        doubtful=[row for row in rows if not row.is_sure and row.kind != "blank"],
        sure=[row for row in rows if row.is_sure],
        asides=asides,
        blank=[row for row in rows if row.kind == "blank"],
        titles={offer.product.product_id: offer.product.title for offer in sheet.offers},
        total_minor=total,
        total_changed=pays and ask.form["shown_minor"] not in ("", str(total)),
    )


def _pay(ask: Ask, store: str, sheet: Sheet, rows: list[Row]) -> Answer | None:
    """Order what is typed and go on to its payment; None when the leader has to look again: at a problem, or at a
    total that is not the one it saw."""
    lines: dict[int, EnteredLine] = {}
    with ask.keeping_problem():
        lines = entered_rows.lines_of(rows, ask.form)
        command = Enter(leader_id=sheet.me.leader_id, campaign_id=ask.form["campaign_id"], lines=list(lines.values()))
        basket, entered = entering.basket_of(command, sheet.me)
        if str(sheet.total_minor(entered_rows.units_of(rows))) != ask.form["shown_minor"]:
            return None
        placed = placing.place(
            _tenant_id(ask),
            basket,
            now=ask.now,
            randbits=ask.tools.randbits,
            stripe=ask.tools.stripe,
            public_url=ask.settings.public_url,
            nonce=f"form-{ask.nonce()}",
            buyer_person_id=sheet.me.person_id,
            entered=entered,
        )
        if placed.checkout_url is not None:
            return redirect(placed.checkout_url)
        return ask.go("s", store, sheet.me.leader_id, "o", placed.order.page_token)
    problem = cast("Refusal", ask.problem)
    problem.param = entered_rows.field_of(problem.param or "lines", problem.code, lines)
    return None


# ------------------------------------------------------------------------------------------------ what is on offer


def _sheet(ask: Ask, store: str) -> Sheet:
    desk, me = ask.leading(store)
    terms = plans.in_force(desk.tenant_id, on=ask.now).plan.leader_orders
    running = showing.running_of(desk.tenant_id, me.leader_id, ask.now)
    wanted = ask.form["campaign_id"] or ask.query("campaign")
    chosen = next((one for one in running if one.campaign_id == wanted), running[0] if running else None)
    return Sheet(me, running, chosen, terms, _offers(desk.tenant_id, chosen, terms, me) if chosen else [])


def _offers(tenant_id: str, campaign: Campaign, terms: LeaderOrders | None, me: Leader) -> list[Offer]:
    products = catalog.get_many(tenant_id, [item.product_id for item in campaign.items])
    counts = ladders.counts_of(tenant_id, campaign)
    offers = []
    for item in campaign.items:
        product = products.get(item.product_id)
        if product is None or not product.active:
            continue
        price_minor = item.price_at(counts.reached(campaign.terms, item.product_id))
        offers.append(Offer(product, _own_price(terms, me, product, 1) if terms else price_minor))
    return offers


def _own_price(terms: LeaderOrders, me: Leader, product: Product, qty: int) -> int:
    status: Status = "probation" if me.status == "probation" else "confirmed"
    return leader_price(terms, int(product.list_price_minor), qty, status)


def _tenant_id(ask: Ask) -> str:
    assert ask.brand is not None  # noqa: S101 - `_sheet` entered the brand
    return ask.brand.tenant_id
