"""What is picked and packed: refunds taken off, cases, places together, pages that lose and repeat nobody."""

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.chain import ChainEntry, chain_key
from chalicelib.campaigns.items import CampaignItem
from chalicelib.campaigns.store import Campaign
from chalicelib.delivery import files, picking, sheets
from chalicelib.delivery.parcels import parcel_of, stops_of
from chalicelib.delivery.picking import PickLine
from chalicelib.imports.columns import rows_of
from chalicelib.orders import delivery
from chalicelib.orders.store import Order, order_key
from chalicelib.store import Record
from tests.delivery.conftest import OTHER_ID
from tests.orders.conftest import LEADER_ID


def picked(depot, leader_id=None):
    campaign = Campaign.get(depot.campaign.pk, depot.campaign.sk)
    shares = sheets.shares_of(depot.tenant_id, campaign.campaign_id, leader_id=leader_id)
    return picking.pick(depot.tenant_id, campaign, shares)


def units_of(picking_):
    return {line.title: (line.units, line.handed_units) for line in picking_.lines}


def pages_of(depot, size):
    """The names on each page, page by page."""
    shares = sheets.shares_of(depot.tenant_id, depot.campaign.campaign_id)
    start, pages = 0, []
    while start is not None:
        page = sheets.page_of(depot.tenant_id, shares, start=start, size=size)
        pages.append([parcel.name for sheet in page.sheets for parcel in sheet.parcels])
        start = page.next
    return pages


# ------------------------------------------------------------------------------------------------ picking


def test_units_are_added_up_by_product_and_by_leader(depot):
    depot.another_leader()
    first = depot.bought(pears=2, plums=1)
    depot.bought(pears=1, leader_id=OTHER_ID)
    delivery.confirm(depot.tenant_id, first.order_id, by="x", now=depot.clock())
    all_of_it = picked(depot)
    assert units_of(all_of_it) == {"Pears": (3, 2), "Plums": (1, 1)}
    assert [(one.leader_id, one.orders, one.units, one.waiting) for one in all_of_it.leaders] == [
        (LEADER_ID, 1, 3, 0),
        (OTHER_ID, 1, 1, 1),
    ]
    assert units_of(picked(depot, OTHER_ID)) == {"Pears": (1, 0)}


def test_a_line_that_was_refunded_is_not_picked_one_refunded_in_part_is_marked(depot):
    order = depot.bought(pears=2, plums=1)
    depot.refund(order, plums=999)
    depot.refund(order, pears=100)
    assert units_of(picked(depot)) == {"Pears": (2, 0)}
    parcel = parcel_of(depot.order(order.order_id))
    assert [(one.title, one.in_part_refunded) for one in parcel.goods] == [("Pears", True)]


def test_an_order_given_back_whole_has_no_parcel_though_the_chain_has_not_heard(depot):
    order = depot.bought()
    depot.refund(order, amount_minor=1800)
    assert picked(depot).leaders == ()
    assert pages_of(depot, 9) == [[]]


def test_what_a_coupon_paid_is_packed_all_the_same(depot):
    order = depot.bought()
    (line,) = order.lines
    order.lines_packed = msgspec.json.encode([msgspec.structs.astuple(msgspec.structs.replace(line, paid_minor=0))])
    order.lines_packed = order.lines_packed.decode()
    assert parcel_of(order).units == 1


def test_an_unpaid_order_is_nowhere(depot):
    depot.place()
    assert picked(depot).lines == ()


@pytest.mark.parametrize(("units", "full", "opened"), [(0, 0, 0), (5, 0, 5), (12, 1, 0), (29, 2, 5)])
def test_cases_are_counted_full_and_opened(units, full, opened):
    line = PickLine("pr_1", "Pears", units, 0, 12)
    assert (line.full_cases, line.opened_units) == (full, opened)
    assert PickLine("pr_1", "Pears", units, 0, None).full_cases is None


def test_the_case_comes_from_the_campaign(depot):
    items = [
        CampaignItem(product_id=item.product_id, price_minor=item.price_minor, quantity=item.quantity, case_size=2)
        for item in depot.campaign.items
    ]
    depot.campaign.update(actions=[Campaign.items_packed.set(msgspec.json.encode(items).decode())])
    depot.bought(pears=5)
    (line,) = picked(depot).lines
    assert (line.full_cases, line.opened_units) == (2, 1)


# ------------------------------------------------------------------------------------------------ packing


def test_parcels_of_one_place_are_together_and_those_for_home_come_last(depot):
    for name, where in (("Li", {"pickup": "Zoo"}), ("Wu", {"address": "1 Road"}), ("Bo", {"pickup": "Gate"}),
                        ("An", {"pickup": "Zoo"}), ("Xu", {"address": "2 Road"})):  # fmt: skip
        depot.bought(name=name, **where)
    order_ids = sheets.shares_of(depot.tenant_id, depot.campaign.campaign_id)[LEADER_ID]
    stops = stops_of(sheets.parcels_of(depot.tenant_id, order_ids))
    assert [(stop.place, [one.name for one in stop.parcels]) for stop in stops] == [
        ("Gate", ["Bo"]),
        ("Zoo", ["An", "Li"]),
        ("", ["Wu", "Xu"]),
    ]
    assert [(one.title, one.units) for one in stops[1].totals] == [("Pears", 2)]


def test_an_entered_order_has_a_portion_for_each_customer(depot):
    order = depot.bought(pears=3, plums=1)
    entered = [("Mrs Li", depot.pears, 1), ("Mr Zhao", depot.pears, 1), ("Mrs Li", depot.plums, 1),
               ("Mrs Li", depot.pears, 1)]  # fmt: skip
    order.entered_packed = msgspec.json.encode(entered).decode()
    parcel = parcel_of(order)
    assert [(one.name, [(what.title, what.units) for what in one.goods]) for one in parcel.portions] == [
        ("Mrs Li", [("Pears", 2), ("Plums", 1)]),
        ("Mr Zhao", [("Pears", 1)]),
    ]
    assert parcel.place == ""
    depot.refund(depot.order(order.order_id), plums=999)
    order.lines_packed = depot.order(order.order_id).lines_packed
    assert [what.title for what in parcel_of(order).portions[0].goods] == ["Pears"]


def test_every_parcel_is_on_one_page_whatever_its_size(depot):
    depot.another_leader()
    names = [f"Buyer {number}" for number in range(9)]
    for number, name in enumerate(names):
        depot.bought(name=name, leader_id=OTHER_ID if number % 3 else LEADER_ID, pears=number % 2, plums=1 - number % 2)
    for size in (1, 2, 4, 9, 100):
        pages = pages_of(depot, size)
        assert sorted(name for page in pages for name in page) == names
        assert all(len(page) <= size for page in pages)


def test_handing_out_meanwhile_moves_nobody_to_another_page(depot):
    orders = [depot.bought(name=f"Buyer {number}") for number in range(4)]
    shares = sheets.shares_of(depot.tenant_id, depot.campaign.campaign_id)

    def second_page():
        page = sheets.page_of(depot.tenant_id, shares, start=2, size=2, wanted=lambda parcel: parcel.is_waiting)
        return [parcel.name for sheet in page.sheets for parcel in sheet.parcels]

    before = second_page()
    delivery.confirm(depot.tenant_id, orders[0].order_id, by="x", now=depot.clock())
    assert before == second_page() == ["Buyer 2", "Buyer 3"]


def many_copies(depot, model, count):
    """Write an order many times over, with its entries in the chain."""
    kept = ("leader_id", "campaign_id", "customer_packed", "page_key", "lines_packed", "amount_minor", "currency",
            "state", "placed_at", "paid_at")  # fmt: skip
    with Record.batch_write() as batch:
        for number in range(count):
            order_id = f"ord_{number:020d}"
            batch.save(Order(*order_key(depot.tenant_id, order_id), **{name: getattr(model, name) for name in kept}))
            place = chain_key(depot.tenant_id, model.campaign_id, model.paid_at, order_id)
            batch.save(
                ChainEntry(*place, order_id=order_id, leader_id=LEADER_ID, names_packed="[]", buyer="x", units=1,
                           lines_packed="{}", paid_at=model.paid_at)
            )  # fmt: skip


def test_a_campaign_of_hundreds_is_read_a_hundred_at_a_time(depot):
    many_copies(depot, depot.bought(), 130)
    assert units_of(picked(depot)) == {"Pears": (131, 0)}
    assert [len(page) for page in pages_of(depot, 100)] == [100, 31]


# ------------------------------------------------------------------------------------------------ files


def test_a_packing_list_can_be_sent_back_as_a_file_of_tracking_numbers(depot):
    depot.bought(pears=2, plums=1)
    order_ids = sheets.shares_of(depot.tenant_id, depot.campaign.campaign_id)[LEADER_ID]
    rows = list(files.packing_rows(sheets.parcels_of(depot.tenant_id, order_ids), {LEADER_ID: "Wang"}))
    for language in ("zh", "zh-Hant", "en"):
        table = [files.packing_columns(language=language), *[[str(cell) for cell in row] for row in rows]]
        (row,), problems = rows_of("tracking", table)
        assert problems == []
        assert (row.cells["order"], row.cells["leader"], row.cells["goods"]) == (
            order_ids[0],
            "Wang",
            "Pears × 2, Plums × 1",
        )


def test_a_picking_list_has_empty_cells_where_nothing_comes_in_cases(depot):
    depot.bought()
    assert list(files.picking_rows(picked(depot))) == [["Pears", 1, 0, "", "", ""]]
    assert len(files.picking_columns(language="zh")) == len(files.picking_columns(language="en")) == 6


@given(st.lists(st.lists(st.one_of(st.integers(-99, 99), st.text(max_size=9)), min_size=1, max_size=3), max_size=4))
def test_no_cell_of_a_workbook_is_ever_computed(rows):
    import io

    from openpyxl import load_workbook

    book = load_workbook(io.BytesIO(files.to_xlsx(["a", "=b()"], rows)))
    assert all(cell.data_type != "f" for row in book.worksheets[0].iter_rows() for cell in row)
