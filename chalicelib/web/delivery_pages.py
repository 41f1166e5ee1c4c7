"""Pages of a campaign's delivery, the same for the brand (all leaders) and for a leader (its own part)."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, Any

from chalicelib.campaigns.store import Campaign
from chalicelib.delivery import files, handing, picking, qr, ready, sheets
from chalicelib.delivery import store as delivery
from chalicelib.delivery.parcels import Parcel, stops_of
from chalicelib.errors import NotFound
from chalicelib.leaders import store as leaders
from chalicelib.statements.views import to_csv
from chalicelib.web import languages
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.console_money import csv_file
from chalicelib.web.forms import FormInvalid

if TYPE_CHECKING:
    from markupsafe import Markup

PARCELS_A_PAGE = 200
TICKS_A_PAGE = 100
LABELS_A_PAGE = 60
AT_ONCE_S = 8.0
"""How long a request tells buyers itself that their goods are there; the rest is the schedule's."""


class FileKindUnknown(NotFound):
    """There is no such list of a campaign."""

    code = "file_kind_unknown"


@dataclass(frozen=True, slots=True)
class Desk:
    """Whose delivery it is: `leader_id` is the leader who looks at its own part, None for the brand.

    `way` is the address of the campaign's pages, `by` who is written down as having handed out.
    """

    tenant_id: str
    campaign: Campaign
    way: tuple[str, ...]
    by: str
    leader_id: str | None = None

    @property
    def base(self) -> str:
        """The frame that the pages stand in."""
        return "workspace/base.html" if self.leader_id else "console/base.html"

    @property
    def tab(self) -> str:
        """The part of the frame that is lit up."""
        return "deliveries" if self.leader_id else "campaigns"


def overview(ask: Ask, desk: Desk) -> Answer:
    """Show what is to be picked, how far handing out is, and the lists to print."""
    shares = sheets.shares_of(desk.tenant_id, desk.campaign.campaign_id, leader_id=desk.leader_id)
    picked = picking.pick(desk.tenant_id, desk.campaign, shares)
    return _show(
        ask,
        desk,
        "overview",
        picking=picked,
        names=_names(desk.tenant_id, shares),
        ready=delivery.ready_marks(desk.tenant_id, desk.campaign.campaign_id),
    )


def packing(ask: Ask, desk: Desk) -> Answer:
    """Show the packing list, leader by leader and place by place, to be printed."""
    page, names = _page(ask, desk, PARCELS_A_PAGE)
    packed = [(sheet.leader_id, stops_of(sheet.parcels)) for sheet in page.sheets]
    return _show(ask, desk, "packing", sheets=packed, names=names, further=_further(ask, desk, "packing", page))


def labels(ask: Ask, desk: Desk) -> Answer:
    """Show labels to print: one an order, or one for each customer of an order that a leader entered."""
    page, names = _page(ask, desk, LABELS_A_PAGE, is_waiting)
    return _show(
        ask, desk, "labels", sheets=page.sheets, names=names, link=links_to(ask, desk), qr=drawn,
        further=_further(ask, desk, "labels", page),
    )  # fmt: skip


def handout(ask: Ask, desk: Desk) -> Answer:
    """Show who gets what, with boxes to tick; hand out what was ticked, each order for itself."""
    outcomes: list[handing.Outcome] = []
    if ask.posted:
        with ask.keeping_problem():
            ticked = list(ask.form.below("order"))
            if not ticked:
                raise FormInvalid("Tick whom you have given the goods.", param="order")
            outcomes = handing.hand_out(desk.tenant_id, ticked, by=desk.by, now=ask.now, leader_id=desk.leader_id)
    shows_all = ask.query("show") == "all"
    page, names = _page(ask, desk, TICKS_A_PAGE, None if shows_all else is_waiting)
    return _show(
        ask,
        desk,
        "handout",
        sheets=page.sheets,
        names=names,
        shows_all=shows_all,
        done=sum(one.refusal is None for one in outcomes),
        refused=[(one.name, languages.explain(ask.language, one.refusal)) for one in outcomes if one.refusal],
        link=links_to(ask, desk),
        qr=drawn,
        asked=_asked(ask),
        further=_further(ask, desk, "handout", page),
    )


def file(ask: Ask, desk: Desk) -> Answer:
    """Give the picking totals or the packing list as CSV or XLSX."""
    shares = sheets.shares_of(desk.tenant_id, desk.campaign.campaign_id, leader_id=_asked_leader(ask, desk))
    what = ask.query("what")
    if what == "picking":
        columns = files.picking_columns(language=ask.language)
        rows = list(files.picking_rows(picking.pick(desk.tenant_id, desk.campaign, shares)))
    elif what == "packing":
        columns, names = files.packing_columns(language=ask.language), _names(desk.tenant_id, shares)
        parcels = (one for order_ids in shares.values() for one in sheets.parcels_of(desk.tenant_id, order_ids))
        rows = list(files.packing_rows(parcels, names))
    else:
        raise FileKindUnknown("There are a picking list and a packing list.")
    name = f"{what}-{desk.campaign.campaign_id}"
    if ask.query("format") != "xlsx":
        return csv_file(name, to_csv(columns, ([str(cell) for cell in row] for row in rows)))
    return Answer(
        files.to_xlsx(columns, rows),
        content_type="application/octet-stream",
        cache="no-store",
        headers={"Content-Disposition": f'attachment; filename="{name}.xlsx"'},
    )


def arrived(ask: Ask, desk: Desk, leader_id: str) -> Answer:
    """Mark that the goods are at the leader, and begin to tell its buyers."""
    if ask.posted:
        with ask.keeping_problem():
            ready.mark(desk.tenant_id, desk.campaign.campaign_id, leader_id, by=desk.by, now=ask.now)
            ends = time.monotonic() + AT_ONCE_S
            through = tuple(ask.tools.post.channels)
            ready.tell_all(desk.tenant_id, now=ask.now, keep_going=lambda: time.monotonic() < ends, through=through)
            return ask.go(*desk.way, "delivery", done="1")
    return overview(ask, desk)


def is_waiting(parcel: Parcel) -> bool:
    """Tell whether nobody has handed a parcel out yet."""
    return parcel.is_waiting


def drawn(text: str) -> "Markup":
    """Draw a QR code into a page."""
    from markupsafe import Markup  # comes with jinja2: not every cold start shows a page

    return Markup(qr.svg(text))  # noqa: S704 - drawn by us; the text in it is black and white squares


def links_to(ask: Ask, desk: Desk) -> Callable[[str], str]:
    """Give how an order's hand-out link is written; whose leader scans it is seen when it is opened."""
    store = desk.way[1]
    return lambda token: ask.links.full("lead", store, "handout", token)


# ------------------------------------------------------------------------------------------------ pages of parcels


def _show(ask: Ask, desk: Desk, template: str, **values: Any) -> Answer:
    return ask.show(
        f"delivery/{template}.html",
        base=desk.base,
        tab=desk.tab,
        here=partial(ask.links.path, *desk.way),
        campaign=desk.campaign,
        own=desk.leader_id is not None,
        leader_asked=_asked_leader(ask, desk) if desk.leader_id is None else None,
        **values,
    )


def _page(
    ask: Ask, desk: Desk, size: int, wanted: Callable[[Parcel], bool] | None = None
) -> tuple[sheets.Page, dict[str, str]]:
    shares = sheets.shares_of(desk.tenant_id, desk.campaign.campaign_id, leader_id=_asked_leader(ask, desk))
    start = _start(ask)
    page = sheets.page_of(desk.tenant_id, shares, start=start, size=size, wanted=wanted or (lambda parcel: True))
    return page, _names(desk.tenant_id, {sheet.leader_id: () for sheet in page.sheets})


def _asked_leader(ask: Ask, desk: Desk) -> str | None:
    return desk.leader_id or ask.query("leader") or None


def _start(ask: Ask) -> int:
    said = ask.query("from")
    return int(said) if said.isascii() and said.isdigit() and len(said) <= 7 else 0


def _asked(ask: Ask) -> dict[str, str]:
    """Give what the address asks for, to send a form back to the same list."""
    return {name: ask.query(name) for name in ("leader", "from", "show") if ask.query(name)}


def _further(ask: Ask, desk: Desk, page: str, shown: sheets.Page) -> str:
    if shown.next is None:
        return ""
    return ask.links.path(*desk.way, page, **(_asked(ask) | {"from": str(shown.next)}))


def _names(tenant_id: str, shares: Mapping[str, object]) -> dict[str, str]:
    found = leaders.get_many(tenant_id, tuple(shares))
    return {leader_id: found[leader_id].name if leader_id in found else leader_id for leader_id in shares}
