"""Finding orders through the lists that there are: whole, in pages, and never more than is said."""

from datetime import timedelta

import pytest

from chalicelib import store
from chalicelib.aftersales import store as cases
from chalicelib.aftersales.store import Case
from chalicelib.commissions.acquisition import FirstOrderRecord, customer_hash, first_key
from chalicelib.leaders.store import child_of
from chalicelib.orders import finding, of_leader
from chalicelib.orders import store as orders
from chalicelib.orders.filters import OrderFilter
from tests.bench.meter import counting
from tests.builders import START, a_profile
from tests.orders.some_orders import an_order

OTHER = "ld_zzzzzzzzzz"


class Pile:
    """Orders that were placed one minute after the other; asked for by their numbers."""

    def __init__(self, tenant_id):
        self.tenant_id = tenant_id

    def put(self, number, *, paid=False, **changes):
        placed_at = START + timedelta(minutes=number)
        order = an_order(number, self.tenant_id, **({"placed_at": placed_at} | changes))
        orders.list_order(self.tenant_id, order)
        if paid:
            order.state, order.paid_at = "paid", placed_at
            of_leader.note_paid(self.tenant_id, order)
        store.put(order)
        return order

    def found(self, *, limit=50, after=None, look=100, **wanted):
        return finding.newest(self.tenant_id, OrderFilter(**wanted), limit=limit, after=after, look=look)

    def numbers(self, **asked):
        return [minutes_of(order) for order in self.found(**asked).orders]

    def all_pages(self, **asked):
        """What is found from page to page, as one who goes on reading sees it."""
        pages, after = [], None
        while True:
            found = self.found(after=after, **asked)
            pages.append([minutes_of(order) for order in found.orders])
            if found.next is None:
                return pages
            assert found.next != after
            after = found.next


def minutes_of(order):
    return int((order.placed_at - START).total_seconds()) // 60


@pytest.fixture
def pile(tenant):
    return Pile(tenant)


def test_a_page_ends_where_enough_is_found_or_looked_through_and_the_next_goes_on_there(pile):
    for number in range(1, 8):
        pile.put(number, name="Li Na" if number in (1, 2, 6) else "Sun Yi")
    assert pile.all_pages(limit=3) == [[7, 6, 5], [4, 3, 2], [1]]
    assert pile.all_pages(text="li", limit=1, look=3) == [[6], [], [2], [1]]
    first = pile.found(text="li", look=3)
    assert (first.looked, first.back_to) == (3, START + timedelta(minutes=5))
    whole = pile.found(text="li")
    assert (whole.looked, whole.next) == (7, None)


def test_days_are_read_off_the_list_and_not_looked_through(pile):
    for number in range(1, 6):
        pile.put(number)
    days = {"since": START + timedelta(minutes=2), "until": START + timedelta(minutes=4)}
    assert pile.all_pages(limit=1, **days) == [[3], [2], []]
    assert pile.found(text="nobody", **days).looked == 2


def test_a_leaders_paid_orders_are_found_in_its_own_list(pile):
    for number in range(1, 6):
        pile.put(number, paid=number != 4, leader_id=OTHER if number == 2 else an_order().leader_id)
    leader_id = an_order().leader_id
    assert pile.all_pages(leader_id=leader_id, standing="paid", limit=2) == [[5, 3], [1]]
    assert pile.found(leader_id=OTHER, standing="to_hand_out").looked == 1
    assert pile.numbers(leader_id=leader_id) == [5, 4, 3, 1]
    since = START + timedelta(minutes=3)
    assert pile.numbers(leader_id=leader_id, standing="paid", since=since) == [5, 3]
    before = pile.found(leader_id=leader_id, standing="paid", limit=1, since=since, after="2026-01-01")
    assert (before.orders, before.next) == ([], None)


def test_orders_with_open_cases_are_found_by_their_cases_once_each(pile):
    def a_case(order, number, state):
        key = cases.case_key(pile.tenant_id, order.order_id, f"case_{number}")
        case = Case(*key, case_id=f"case_{number}", order_id=order.order_id, leader_id=order.leader_id,
                    asked_by="customer", wish="refund", reason="spoilt", units_packed="{}", asked_at=START)  # fmt: skip
        case.gsi1pk = cases.place_in_list(pile.tenant_id, order.order_id, state)
        case.gsi1sk = store.position(START + timedelta(hours=number), case.case_id)
        store.put(case)

    complained, settled = pile.put(1, paid=True), pile.put(2, paid=True)
    pile.put(3)
    a_case(complained, 1, "requested")
    a_case(complained, 3, "approved")
    a_case(settled, 2, "over")
    assert pile.numbers(standing="case_open") == [1]
    assert pile.numbers(standing="case_open", text="sun") == []


def test_an_order_is_found_by_its_id_however_old_and_another_brands_is_not(pile):
    order = pile.put(1)
    for number in range(2, 5):
        pile.put(number)
    assert pile.numbers(text=order.order_id, look=1) == [1]
    assert pile.numbers(text=order.order_id, standing="cancelled") == []
    assert pile.numbers(text="ord_" + "9" * 20) == []


def test_a_whole_phone_number_finds_its_first_order_however_old(pile):
    first = pile.put(1, phone="13911112222")
    for number in range(2, 5):
        pile.put(number)
    place = first_key(pile.tenant_id, customer_hash(pile.tenant_id, "13911112222"))
    store.put(FirstOrderRecord(*place, order_id=first.order_id))
    assert pile.numbers(text="+86 139 1111 2222", look=1) == [1]
    assert pile.numbers(text="1112222", look=1) == []  # the end of a number says nothing of whose it is
    assert pile.numbers(text="1112222") == [1]


def test_orders_are_found_by_how_their_leaders_name_begins(pile):
    leader = a_profile(pile.tenant_id, OTHER, START, person_id="pe_2", name="Zhao Lin", phone="13922223333")
    store.put(leader)
    store.put(child_of(pile.tenant_id, leader))
    pile.put(1, leader_id=OTHER)
    pile.put(2)
    found = pile.found(text="zhao")
    assert [minutes_of(order) for order in found.orders] == [1]
    assert [leader.name for leader in found.sellers] == ["Zhao Lin"]


def test_looking_through_takes_a_request_a_shard_and_one_a_hundred_orders(pile):
    for number in range(1, 4):
        pile.put(number)
    with counting() as meter:
        pile.numbers(text="13800138000")
    assert meter.by_operation == {"Query": 8, "BatchGetItem": 1}
    assert not meter.write_units
