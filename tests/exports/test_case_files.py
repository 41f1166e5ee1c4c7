"""Complaints as a file: those of a list or all of them, each once whatever becomes of it meanwhile."""

import pytest

from chalicelib.aftersales import actions as aftersales
from chalicelib.aftersales import deciding
from chalicelib.aftersales.actions import Asker
from chalicelib.aftersales.commands import AskCase, DeclineCase
from chalicelib.exports import actions
from chalicelib.exports.columns import HEADERS
from chalicelib.orders import store as orders
from chalicelib.store import listed
from chalicelib.tenancy import acting_for
from tests.exports.test_exports import Shop
from tests.people.conftest import randbits
from tests.web.conftest import site

__all__ = ["randbits", "site"]


class Desk(Shop):
    """A brand whose buyers complain."""

    def complains(self, number, **how):
        now = self.site.clock.advance(minutes=1)
        with acting_for(self.tenant_id):
            rows = listed(orders.orders_listing(self.tenant_id), limit=9)
            complaint = AskCase(**{"wish": "refund", "reason": "spoilt", "text": "=1+1", **how})
            asked = {"asker": Asker("customer"), "nonce": f"form {number}", "now": now, "stripe": self.site.stripe}
            order_id = rows[number].pk.rpartition("#")[2]
            return aftersales.ask(self.tenant_id, order_id, complaint, **asked)

    def declines(self, case):
        with acting_for(self.tenant_id):
            now, why = self.site.clock(), DeclineCase(note="@home it was fine")
            deciding.decline(self.tenant_id, case.order_id, case.case_id, why, by="prs_1", now=now)

    def cases(self, job):
        return [dict(zip(HEADERS["cases"], row, strict=True)) for row in self.table(job)[1:]]


@pytest.fixture
def desk(site):
    return Desk(site, orders=3)


def test_a_list_of_complaints_is_a_file_of_those_in_it_with_inert_texts(desk):
    waiting, declined = desk.complains(0), desk.complains(1, wish="replacement")
    desk.declines(declined)

    [row] = desk.cases(desk.driven(desk.asked("cases", case_state="requested")))
    assert (row["case"], row["order"], row["state"]) == (waiting.case_id, waiting.order_id, "requested")
    assert (row["customer"], row["phone"], row["text"]) == ("'=Li 0", "'+8613800138000", "'=1+1")
    assert (row["leader_name"], row["wish"], row["amount"], row["currency"]) == ("Wang", "refund", "18.00", "CNY")

    [row] = desk.cases(desk.driven(desk.asked("cases", case_state="over")))
    assert (row["state"], row["note"], row["amount"]) == ("declined", "'@home it was fine", "")


@pytest.mark.parametrize("form", ["csv", "xlsx"])
def test_all_complaints_come_by_the_moment_they_were_asked(desk, form):
    found = [desk.complains(number) for number in range(3)]
    desk.declines(found[1])
    job = desk.driven(desk.asked("cases", form))
    rows = desk.sheet(job) if form == "xlsx" else desk.table(job)
    assert [row[0] for row in rows[1:]] == [case.case_id for case in found]


def test_one_decided_while_the_file_is_made_is_in_it_once(desk):
    found = [desk.complains(number) for number in range(3)]
    job = desk.asked("cases")
    desk.driven(job, steps=1, sizes=actions.Sizes(piece_rows=1))
    desk.declines(found[0])  # read already
    desk.declines(found[2])  # not read yet
    rows = desk.cases(desk.driven(job, sizes=actions.Sizes(piece_rows=1)))
    assert [(row["case"], row["state"]) for row in rows] == [
        (found[0].case_id, "requested"), (found[1].case_id, "requested"), (found[2].case_id, "declined"),
    ]  # fmt: skip


def test_a_case_names_the_goods_it_is_about(desk):
    case = desk.complains(0, units={desk.campaign.product_id: 1})
    [row] = desk.cases(desk.driven(desk.asked("cases")))
    assert (row["case"], row["goods"], row["photos"]) == (case.case_id, "Pears × 1", "0")
