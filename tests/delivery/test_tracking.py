"""Tracking numbers: from a file, once; the buyer says it came, or some days pass."""

import msgspec
import pytest

from chalicelib.campaigns.store import Campaign
from chalicelib.campaigns.terms import Goal, Terms
from chalicelib.delivery import ready, tracking
from chalicelib.delivery.store import shipped_until
from chalicelib.delivery.tracking import NotShipped
from chalicelib.errors import Invalid
from chalicelib.imports import actions as imports
from chalicelib.orders import delivery, steps
from chalicelib.orders.rules import NotDeliverable
from chalicelib.orders.store import OrderNotFound
from chalicelib.tenants.store import Tenant
from tests.orders.conftest import LEADER_ID

HOME = {"address": "7 Lake Road"}


def brand(depot, days=None):
    if days is not None:
        depot.tenant.update(actions=[Tenant.auto_deliver_days.set(days)])
    return depot.tenant


def due(depot):
    return tracking.deliver_due(depot.tenant, now=depot.clock(), keep_going=lambda: True)


def reminders(depot):
    return len(shipped_until(depot.tenant_id, depot.clock(), limit=100))


def file_of(*rows):
    return "\n".join(["order,carrier,tracking_number", *(",".join(row) for row in rows)]).encode()


def sent(depot, *rows):
    job = imports.send(
        depot.tenant_id, "tracking", file_of(*rows), file_name="t.csv", by="pe_1", now=depot.clock(),
        randbits=lambda count: depot.bits(count) + 10_000,
    )  # fmt: skip
    return imports.drive(depot.tenant_id, job, now=depot.clock(), keep_going=lambda: True)


def written(depot, *rows):
    job = imports.commit(depot.tenant_id, sent(depot, *rows).import_id, now=depot.clock())
    return imports.drive(depot.tenant_id, job, now=depot.clock(), keep_going=lambda: True)


def problems(depot, job):
    return [(one.row, one.code) for one in imports.problems_of(depot.tenant_id, job.import_id, limit=99)]


# ------------------------------------------------------------------------------------------------ one order


def test_the_same_number_twice_changes_nothing_another_one_replaces_it(depot):
    order = depot.bought(**HOME)
    first = depot.clock()
    tracking.ship(depot.tenant_id, order.order_id, " SF  Express ", "SF 123 45", now=first)
    tracking.ship(depot.tenant_id, order.order_id, "SF Express", "SF12345", now=depot.clock.advance(days=1))
    assert depot.order(order.order_id).tracking == tracking.Tracking("SF Express", "SF12345", first)
    tracking.ship(depot.tenant_id, order.order_id, "YTO", "YT99999", now=depot.clock())
    assert depot.order(order.order_id).tracking == tracking.Tracking("YTO", "YT99999", first)
    assert reminders(depot) == 1


@pytest.mark.parametrize(
    ("carrier", "number", "param"),
    [("", "SF12345", "carrier"), ("x" * 41, "SF12345", "carrier"), ("SF", "123", "number"),
     ("SF", "快递12345", "number"), ("SF", "=1+1()", "number"), ("SF", "1" * 41, "number")],
)  # fmt: skip
def test_what_is_no_carrier_or_number_is_named(depot, carrier, number, param):
    order = depot.bought(**HOME)
    with pytest.raises(Invalid) as refused:
        tracking.ship(depot.tenant_id, order.order_id, carrier, number, now=depot.clock())
    assert refused.value.param == param


def test_only_a_paid_order_is_shipped(depot):
    unpaid, handed = depot.place().order, depot.bought(**HOME)
    delivery.confirm(depot.tenant_id, handed.order_id, by="x", now=depot.clock())
    for order in (unpaid, handed):
        with pytest.raises(NotDeliverable):
            tracking.ship(depot.tenant_id, order.order_id, "SF", "SF12345", now=depot.clock())
    with pytest.raises(OrderNotFound):
        tracking.ship(depot.tenant_id, "ord_x", "SF", "SF12345", now=depot.clock())


def test_what_was_given_back_is_not_shipped(depot):
    order = depot.bought(**HOME)
    depot.refund(order, amount_minor=1800)
    steps.take(depot.tenant_id, order.order_id, steps.Told("returned", depot.clock()), now=depot.clock())
    with pytest.raises(NotDeliverable):
        tracking.ship(depot.tenant_id, order.order_id, "SF", "SF12345", now=depot.clock())
    assert depot.order(order.order_id).tracking is None


def test_a_buyer_says_that_its_parcel_came_never_that_it_picked_up(depot):
    order = depot.bought(**HOME)
    with pytest.raises(NotShipped):
        tracking.received(depot.tenant_id, order.order_id, now=depot.clock())
    tracking.ship(depot.tenant_id, order.order_id, "SF", "SF12345", now=depot.clock())
    received = tracking.received(depot.tenant_id, order.order_id, now=depot.clock())
    assert (received.state, received.delivered_by) == ("delivered", "buyer")


# ------------------------------------------------------------------------------------------------ days pass


def test_what_was_shipped_counts_as_delivered_after_the_brands_days_and_only_that(depot):
    shipped, picked_up = depot.bought(**HOME), depot.bought()
    tracking.ship(depot.tenant_id, shipped.order_id, "SF", "SF12345", now=depot.clock())
    depot.clock.advance(days=10, seconds=-1)
    assert due(depot) == 0
    depot.clock.advance(seconds=1)
    assert (due(depot), due(depot)) == (1, 0)
    done = depot.order(shipped.order_id)
    assert (done.state, done.delivered_at, done.delivered_by) == ("delivered", depot.clock(), "auto")
    assert depot.order(picked_up.order_id).state == "paid"
    assert reminders(depot) == 0


def test_the_brand_chooses_how_long_or_never(depot):
    order = depot.bought(**HOME)
    tracking.ship(depot.tenant_id, order.order_id, "SF", "SF12345", now=depot.clock())
    brand(depot, 0)
    depot.clock.advance(days=90)
    assert due(depot) == 0
    brand(depot, 3)
    assert due(depot) == 1


def test_what_was_received_or_given_back_meanwhile_is_only_forgotten(depot):
    received, given_back = depot.bought(**HOME), depot.bought(**HOME)
    for order in (received, given_back):
        tracking.ship(depot.tenant_id, order.order_id, "SF", "SF12345", now=depot.clock())
    first = depot.clock()
    tracking.received(depot.tenant_id, received.order_id, now=first)
    depot.refund(given_back, amount_minor=1800)
    steps.take(depot.tenant_id, given_back.order_id, steps.Told("returned", first), now=first)
    depot.clock.advance(days=11)
    assert due(depot) == 0
    assert reminders(depot) == 0
    assert depot.order(received.order_id).delivered_at == first
    assert depot.order(given_back.order_id).state == "refunded"


def test_many_that_are_due_are_gone_through_page_by_page_until_time_is_up(depot):
    for _ in range(5):
        order = depot.bought(**HOME)
        tracking.ship(depot.tenant_id, order.order_id, "SF", "SF12345", now=depot.clock())
    depot.clock.advance(days=11)
    turns = iter([True, False])
    cut = tracking.deliver_due(depot.tenant, now=depot.clock(), keep_going=lambda: next(turns), at_a_time=2)
    rest = tracking.deliver_due(depot.tenant, now=depot.clock(), keep_going=lambda: True, at_a_time=2)
    assert (cut, rest) == (2, 3)


# ------------------------------------------------------------------------------------------------ a file


def test_a_file_is_written_once_however_often_it_is_sent(depot):
    order, other = depot.bought(**HOME), depot.bought(**HOME)
    rows = [(order.order_id.upper().replace("ORD", "ord"), "SF", "SF12345"), (other.order_id, "", "")]
    first = depot.clock()
    assert written(depot, *rows).state == "done"
    depot.clock.advance(days=1)
    assert written(depot, *rows).state == "done"
    assert depot.order(order.order_id).tracking == tracking.Tracking("SF", "SF12345", first)
    assert depot.order(other.order_id).tracking is None
    assert reminders(depot) == 1


def test_the_same_file_after_delivery_is_no_problem_another_number_is(depot):
    order = depot.bought(**HOME)
    written(depot, (order.order_id, "SF", "SF12345"))
    delivery.confirm(depot.tenant_id, order.order_id, by="x", now=depot.clock.advance(days=1))
    assert sent(depot, (order.order_id, "SF", "SF12345")).state == "ready"
    depot.clock.advance(seconds=1)
    job = sent(depot, (order.order_id, "YTO", "YT99999"))
    assert problems(depot, job) == [(2, "order_handed_out")]


def test_every_problem_is_named_by_its_row_and_nothing_is_written(depot):
    good, twice, unpaid = depot.bought(**HOME), depot.bought(**HOME), depot.place().order
    job = sent(
        depot,
        (good.order_id, "SF", "SF12345"),
        (twice.order_id, "SF", "SF12346"),
        (twice.order_id, "SF", "SF12347"),
        (unpaid.order_id, "SF", "SF12348"),
        ("ord_00000000000000000000", "SF", "SF12349"),
        (good.order_id + "x", "", "SF12351"),
        ("", "SF", "1"),
    )
    assert job.state == "refused"
    assert problems(depot, job) == [
        (3, "order_twice"),
        (4, "order_twice"),
        (5, "order_not_paid"),
        (6, "order_unknown"),
        (7, "carrier_invalid"),
        (7, "order_unknown"),
        (8, "tracking_number_invalid"),
        (8, "order_unknown"),
    ]
    assert depot.order(good.order_id).tracking is None


def test_a_formula_is_not_read(depot):
    assert problems(depot, sent(depot, ('=HYPERLINK("x")', "SF", "SF12345")))[0] == (2, "formula")


def test_another_brands_order_is_unknown_here(depot):
    job = sent(depot, ("ord_11111111111111111111", "SF", "SF12345"))
    assert problems(depot, job) == [(2, "order_unknown")]


def test_an_order_given_back_between_check_and_commit_is_left_as_it_is(depot):
    order, other = depot.bought(**HOME), depot.bought(**HOME)
    job = sent(depot, (order.order_id, "SF", "SF12345"), (other.order_id, "SF", "SF12346"))
    depot.refund(order, amount_minor=1800)
    steps.take(depot.tenant_id, order.order_id, steps.Told("returned", depot.clock()), now=depot.clock())
    imports.commit(depot.tenant_id, job.import_id, now=depot.clock())
    job = imports.drive(depot.tenant_id, job_of(depot, job), now=depot.clock(), keep_going=lambda: True)
    assert job.state == "done"
    assert depot.order(order.order_id).tracking is None
    assert depot.order(other.order_id).tracking.number == "SF12346"


def job_of(depot, job):
    from chalicelib.imports import store

    return store.get(depot.tenant_id, job.import_id)


# ------------------------------------------------------------------------------------------------ groups


def test_goods_of_a_group_that_may_still_fail_do_not_leave(depot):
    terms = msgspec.json.encode(Terms(goal=Goal(by="people", least=1))).decode()
    depot.campaign.update(actions=[Campaign.terms_packed.set(terms)])
    order = depot.bought(**HOME)
    with pytest.raises(NotDeliverable):
        tracking.ship(depot.tenant_id, order.order_id, "SF", "SF12345", now=depot.clock())
    with pytest.raises(NotDeliverable):
        ready.mark(depot.tenant_id, depot.campaign.campaign_id, LEADER_ID, by=LEADER_ID, now=depot.clock())
    assert problems(depot, sent(depot, (order.order_id, "SF", "SF12345"))) == [(2, "order_undecided")]
    depot.campaign.update(actions=[Campaign.status.set("succeeded")])
    assert written(depot, (order.order_id, "SF", "SF12345")).state == "done"
    ready.mark(depot.tenant_id, depot.campaign.campaign_id, LEADER_ID, by=LEADER_ID, now=depot.clock())
    assert depot.order(order.order_id).tracking.number == "SF12345"
