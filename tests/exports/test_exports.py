"""An export from step to step: every row once, whatever is cut or raced; nobody else's, and gone in a week."""

import csv
import io
from datetime import timedelta

import pytest
from openpyxl import load_workbook

from chalicelib.errors import Invalid
from chalicelib.events import schedules
from chalicelib.exports import actions
from chalicelib.exports import store as jobs
from chalicelib.exports.columns import HEADERS, KINDS
from chalicelib.orders.filters import OrderFilter
from chalicelib.tenancy import TenantBreach, acting_for
from tests.exports.fake import FakeFiles
from tests.people.conftest import randbits
from tests.web.conftest import site

__all__ = ["randbits", "site"]
OTHER = "t000000000000002"


class Shop:
    """A brand with orders, and what it takes along."""

    def __init__(self, site, orders):
        self.site, self.brand, self.files = site, site.a_brand(), FakeFiles()
        self.tenant_id = self.brand.tenant_id
        self.leader, self.campaign = site.a_leader(self.brand), site.a_campaign(self.brand)
        for number in range(orders):
            site.clock.advance(hours=1)
            customer = site.browser().open(f"/s/green-village/{self.leader.leader_id}")
            field = f"qty.{self.campaign.product_id}"
            customer.send(name=f"=Li {number}", phone="+8613800138000", **{field: "1"})
            site.pay(self.brand, f"cs_test_{number + 1}")
        site.stream(self.brand)

    def asked(self, what="orders", form="csv", **more):
        now = self.site.clock.advance(seconds=1)
        export_id = actions.new_export_id(now, self.site.randbits)
        how = {"by": "prs_1", "language": "en", "now": now, "export_id": export_id} | more
        with acting_for(self.tenant_id):
            return actions.ask(self.tenant_id, what, form, **how)

    def driven(self, job, steps=99, **more):
        left = iter(range(steps))
        with acting_for(self.tenant_id):
            how = {
                "files": self.files,
                "now": self.site.clock(),
                "keep_going": lambda: next(left, None) is not None,
                **more,
            }
            return actions.drive(self.tenant_id, jobs.get(self.tenant_id, job.export_id, now=self.site.clock()), **how)

    def content(self, job):
        return self.files.kept[f"exports/{self.tenant_id}/{job.file_name}"]

    def sheet(self, job):
        return [list(row) for row in load_workbook(io.BytesIO(self.content(job))).worksheets[0].values]

    def table(self, job):
        return list(csv.reader(io.StringIO(self.content(job).decode("utf-8-sig"))))


@pytest.fixture
def shop(site):
    return Shop(site, orders=3)


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_every_kind_is_a_table_below_its_titles(shop, form):
    expected = {"orders": 3, "order_lines": 3, "leaders": 1, "commissions": 6, "payouts": 0, "products": 1, "cases": 0}
    for what in KINDS:
        job = shop.driven(shop.asked(what, form))
        assert (job.state, job.size_bytes) == ("done", len(shop.content(job)))
        rows = shop.sheet(job) if form == "xlsx" else shop.table(job)
        assert rows[0] == list(HEADERS[what])
        assert len(rows) == 1 + job.rows
        assert all(len(row) == len(HEADERS[what]) for row in rows)
        assert job.rows >= expected[what]


def test_orders_come_oldest_first_with_decimals_and_inert_texts(shop):
    rows = [dict(zip(HEADERS["orders"], row, strict=True)) for row in shop.table(shop.driven(shop.asked()))[1:]]
    assert [row["customer"] for row in rows] == ["'=Li 0", "'=Li 1", "'=Li 2"]
    assert {row["phone"] for row in rows} == {"'+8613800138000"}
    assert {(row["amount"], row["units"], row["state"], row["leader_name"]) for row in rows} == {
        ("18.00", "1", "paid", "Wang")
    }


def test_the_titles_are_in_the_language_of_whoever_asked(shop):
    assert shop.table(shop.driven(shop.asked(language="zh")))[0][:3] == ["订单号", "下单时间", "状态"]


def test_only_the_days_asked_for(shop):
    whole = shop.table(shop.driven(shop.asked()))[1:]
    now = shop.site.clock()
    two = shop.driven(shop.asked(since=now - timedelta(hours=1, minutes=30), until=now))
    assert shop.table(two)[1:] == whole[1:]
    assert shop.driven(shop.asked(until=now - timedelta(days=1))).rows == 0


def test_only_the_orders_chosen(shop):
    whole = shop.table(shop.driven(shop.asked()))[1:]
    chosen = shop.driven(shop.asked(order_ids=[whole[2][0], whole[0][0]]))
    assert shop.table(chosen)[1:] == [whole[0], whole[2]]


def test_only_the_orders_that_are_like_what_is_looked_for(shop):
    whole = shop.table(shop.driven(shop.asked()))[1:]
    only = OrderFilter(text="li 1", standing="to_hand_out", campaign_id=shop.campaign.campaign_id)
    assert shop.table(shop.driven(shop.asked(only=only)))[1:] == [whole[1]]
    assert shop.table(shop.driven(shop.asked(only=OrderFilter(text="wang"))))[1:] == whole
    assert shop.driven(shop.asked("order_lines", only=OrderFilter(standing="handed_out"))).rows == 0


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_cut_after_each_step_the_file_is_the_same(shop, form):
    at_once, job = shop.driven(shop.asked(form=form)), shop.asked(form=form)
    for _ in range(9):
        shop.driven(job, steps=1, sizes=actions.Sizes(piece_rows=1))
    job = shop.driven(job)
    assert job.pieces >= 3
    read = shop.sheet if form == "xlsx" else shop.table
    assert read(job) == read(at_once)


def test_the_sweep_goes_on_with_what_a_request_left(shop):
    job = shop.asked()
    schedules.sweep(shop.site.clock(), shop.site.tools, lambda: True)
    with acting_for(shop.tenant_id):
        assert jobs.get(shop.tenant_id, job.export_id, now=shop.site.clock()).state == "done"


def test_two_workers_at_one_job_make_one_file(shop):
    job = shop.asked()
    with acting_for(shop.tenant_id):
        slow = jobs.get(shop.tenant_id, job.export_id, now=shop.site.clock())
        shop.driven(job)
        how = {"files": shop.files, "now": shop.site.clock(), "keep_going": lambda: True}
        assert actions.drive(shop.tenant_id, slow, **how).state == "done"
    assert len(shop.table(job)) == 4


def test_what_a_workbook_cannot_hold_is_refused(shop):
    small = actions.Sizes(workbook_rows=2)
    assert shop.driven(shop.asked(form="xlsx"), sizes=small).state == "refused"
    assert shop.driven(shop.asked(form="csv"), sizes=small).state == "done"


def test_asked_twice_under_one_id_it_is_one(shop):
    job = shop.asked()
    assert shop.asked(export_id=job.export_id).made_at == job.made_at
    for _ in range(actions.MOST_UNDER_WAY - 1):
        shop.asked()
    with pytest.raises(actions.TooManyExports):
        shop.asked()


@pytest.mark.parametrize(
    ("what", "form", "more", "param"),
    [
        ("keys", "csv", {}, "what"),
        ("orders", "pdf", {}, "format"),
        ("orders", "csv", {"order_ids": ["x"]}, "order_ids"),
        ("orders", "csv", {"only": OrderFilter(standing="case_open")}, "standing"),
        ("cases", "csv", {"case_state": "lost"}, "case_state"),
        ("orders", "csv", {"case_state": "requested"}, "case_state"),
    ],
)
def test_what_cannot_be_exported_is_refused_by_name(shop, what, form, more, param):
    with pytest.raises(Invalid) as refused:
        shop.asked(what, form, **more)
    assert refused.value.param == param


def test_an_export_is_gone_after_a_week(shop):
    job = shop.driven(shop.asked())
    shop.site.clock.advance(days=7)
    with acting_for(shop.tenant_id), pytest.raises(jobs.ExportUnknown):
        jobs.get(shop.tenant_id, job.export_id, now=shop.site.clock())


def test_another_brands_files_cannot_even_be_named(shop):
    job = shop.driven(shop.asked())
    with acting_for(OTHER), pytest.raises(TenantBreach):
        actions.link(shop.tenant_id, job, files=shop.files)
