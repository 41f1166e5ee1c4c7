"""Which orders are wanted: by what was typed, how they stand, whose they are, and when they were placed."""

from datetime import UTC, datetime, timedelta

import pytest

from chalicelib.delivery.codes import pickup_code
from chalicelib.errors import Invalid
from chalicelib.orders.filters import (
    STANDINGS,
    OrderFilter,
    check_standing,
    check_text,
    days_between,
    fits,
    needle_of,
)
from chalicelib.orders.rules import State
from tests.builders import START
from tests.orders.some_orders import CAMPAIGN, LEADER, an_order

ORDER = an_order(0xABCDEF, name="Li Na", phone="+8613800138000")
ID = ORDER.order_id


def wanted(order=ORDER, sold_by=(), **how):
    asked = OrderFilter(**how)
    return fits(order, asked, asked.needle, sold_by=sold_by)


@pytest.mark.parametrize(
    "text",
    [
        ID,
        ID.upper(),
        ID.removeprefix("ord_"),
        f"https://shop.example/s/green-village/ld_0123456789/o/{ID}.secret",
        f"#{ID[-6:].upper()}",
        ID[-8:],
        pickup_code(ORDER),
        " ".join(pickup_code(ORDER)),
        "13800138000",
        "+86 138-0013-8000",
        "138 0013 8000",
        "１３８００１３８０００",
        "8000",
        "li na",
        "LINA",
        "Ｌｉ",
        "na",
    ],
)
def test_a_text_finds_an_order_by_its_number_code_phone_or_name(text):
    assert wanted(text=text)


@pytest.mark.parametrize(
    "text", ["000", "13800138001", "Sun Yi", ID[:-1] + "0", "ord_" + "1" * 20, ID[-5:], "1380013800"]
)
def test_a_text_does_not_find_what_it_only_resembles(text):
    assert not wanted(text=text)


def test_an_order_that_a_leader_entered_is_found_by_each_of_its_customers():
    entered = an_order(name="Wang", entered=[["Sun Yi", "pr_1", 2], ["Qi Fei", "pr_1", 1]])
    assert wanted(entered, text="qi fei")
    assert wanted(entered, text="Wang")
    assert not wanted(entered, text="Li Na")


def test_an_order_is_found_by_its_leaders_name():
    assert wanted(text="Wang", sold_by={LEADER})
    assert not wanted(text="Wang", sold_by={"ld_other"})


@pytest.mark.parametrize(
    ("stands", "order"),
    [
        ("to_pay", an_order(state="processing")),
        ("to_hand_out", an_order(state="paid", paid_at=START)),
        ("handed_out", an_order(state="delivered", paid_at=START)),
        ("given_back", an_order(state="paid", paid_at=START, refunded_minor=100)),
        ("disputed", an_order(state="paid", paid_at=START, disputed="inquiry")),
        ("paid", an_order(state="cancelled", paid_at=START)),
        ("not_paid", an_order(state="expired")),
        ("cancelled", an_order(state="cancelled")),
    ],
)
def test_an_order_stands_as_its_state_and_its_money_say(stands, order):
    assert wanted(order, standing=stands)
    assert not wanted(an_order(state="refunded", disputed="won"), standing=stands)


def test_every_state_is_found_by_some_standing():
    for state in State.__args__:
        refunded = {"refunded_minor": 1} if state == "refunded" else {}
        order = an_order(state=state, **refunded)
        assert any(wanted(order, standing=one) for one in STANDINGS if one != "case_open"), state


def test_filters_hold_all_together():
    order = an_order(state="paid", paid_at=START)
    all_of_it = {
        "text": "li",
        "standing": "to_hand_out",
        "campaign_id": CAMPAIGN,
        "leader_id": LEADER,
        "since": START,
        "until": START + timedelta(seconds=1),
    }
    assert wanted(order, **all_of_it)
    others = {
        "text": "sun",
        "standing": "to_pay",
        "campaign_id": "cp_other",
        "leader_id": "ld_other",
        "since": START + timedelta(seconds=1),
        "until": START,
    }
    for name, other in others.items():
        assert not wanted(order, **(all_of_it | {name: other})), name


def test_nothing_typed_looks_for_everything():
    assert needle_of(" ") == needle_of("") == needle_of("#")
    assert wanted()
    assert not OrderFilter(since=START).passes_over
    assert OrderFilter(text="li").passes_over


def test_days_are_whole_days_of_the_brands_clock():
    since, until = days_between("2026-03-29", "2026-03-29", "Europe/Berlin")
    assert since == datetime(2026, 3, 28, 23, tzinfo=UTC)
    assert until == datetime(2026, 3, 29, 22, tzinfo=UTC)  # the clocks went forward: a day of 23 hours
    assert days_between("", " ", "Asia/Shanghai") == (None, None)


@pytest.mark.parametrize(
    ("first", "last", "param"),
    [
        ("yesterday", "", "since"),
        ("2026-02-30", "", "since"),
        ("20260301", "", "since"),
        ("", "0001-01-01", "until"),
        ("", "9999-12-31", "until"),
        ("2026-03-02", "2026-03-01", "until"),
    ],
)
def test_a_day_that_is_none_is_named(first, last, param):
    with pytest.raises(Invalid) as refusal:
        days_between(first, last, "Asia/Shanghai")
    assert refusal.value.param == param


def test_what_cannot_be_looked_for_is_named():
    assert check_text("  Li   Na ") == "Li Na"
    assert check_standing("") is None
    for check, typed, param in (
        (check_text, "x" * 61, "text"),
        (check_text, "a\x00", "text"),
        (check_standing, "?", "standing"),
    ):
        with pytest.raises(Invalid) as refusal:
            check(typed)
        assert refusal.value.param == param
