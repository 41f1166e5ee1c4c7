"""What an event that makes no sense is told: one sentence, and the field that it is about."""

import json

import pytest

from chalicelib.commissions import presets
from chalicelib.commissions.rules.events import EventRefused, LineRefused, read_event
from chalicelib.commissions.rules.simulation import Simulation
from chalicelib.errors import Refusal
from tests.commissions.rules.history import (
    SHANGHAI,
    Event,
    at,
    clock,
    gets_rank,
    has_groups,
    joins,
    pays,
    refunds,
    tries_again,
)

A, B = joins("A"), joins("B", "A")
RICE, OIL = ({"sku": sku, "qty": 1, "unit_price": 100} for sku in ("rice", "oil"))
ORDER = pays("o1", "A", 100)


def of_lines(*lines: Event) -> Event:
    return {"type": "order.refunded", "order": "o1", "at": at(), "lines": lines}


def refusal(plan: str, *events: Event) -> Refusal:
    """Live through all events but the last one, which must be refused."""
    simulation = Simulation(presets.load(plan), SHANGHAI)
    *before, last = (read_event(json.dumps(event).encode()) for event in events)
    for number, event in enumerate(before, 1):
        simulation.take(number, event)
    with pytest.raises(Refusal) as refused:
        simulation.take(len(events), last)
    return refused.value


REFUSED = [
    ("assessed", [A, joins("A")], "leader A has joined already", "leader"),
    ("assessed", [A, B, joins("C", "B", at(7))], "inviter B is removed and can invite nobody", "inviter"),
    ("assessed", [has_groups("X", 2)], "there is no leader X", "leader"),
    ("assessed", [A, gets_rank("A", "gold")], "the plan has no rank gold", "rank"),
    ("assessed", [A, B, gets_rank("B", "senior")], "leader B is not confirmed; it has no rank to set", "leader"),
    ("assessed", [A, tries_again("A", at())], "leader A is not removed; there is no trial to start", "leader"),
    (
        "three_tier",
        [joins("A", group_size=99)],
        "the plan does not admit A: it asks for a group of 100 people",
        "group_size",
    ),
    ("simple_referral", [A, ORDER, ORDER], "order o1 is paid already", "order"),
    ("assessed", [A, B, pays("o1", "B", 1, at(7))], "leader B is removed and takes no orders", "leader"),
    ("simple_referral", [A, {**ORDER, "lines": [RICE, RICE]}], "order o1 has a sku twice", "lines"),
    (
        "simple_referral",
        [A, {**ORDER, "discount": 101}],
        "the discount of 101 is above the goods' 100",
        "discount",
    ),
    (
        "simple_referral",
        [A, pays("o1", "A", 10**15, line={"qty": 10**9})],
        "the amounts of the order are out of range",
        "lines",
    ),
    ("breakaway", [A, ORDER], "product rice has no commission rate", "rate_bp"),
    (
        "breakaway",
        [A, pays("o1", "A", 100, line={"rate_bp": 499})],
        "product rice has a commission rate of 499 bp; the plan allows 500 to 4000",
        "rate_bp",
    ),
    ("simple_referral", [A, refunds("o1", 1)], "there is no order o1", "order"),
    ("simple_referral", [A, ORDER, refunds("o1", 0)], "a refund of 0 is no refund", "amount"),
    (
        "simple_referral",
        [A, ORDER, refunds("o1", 101)],
        "a refund of 101 is above the 100 left of the order",
        "amount",
    ),
    (
        "simple_referral",
        [A, ORDER, of_lines({"sku": "rice", "amount": 101})],
        "a refund of 101 is above the 100 left of rice",
        "amount",
    ),
    ("simple_referral", [A, ORDER, of_lines({"sku": "salt", "amount": 1})], "the order has no salt", "lines"),
    (
        "simple_referral",
        [A, ORDER, of_lines({"sku": "rice", "amount": 1}, {"sku": "rice", "amount": 1})],
        "rice is there twice in one refund",
        "lines",
    ),
    (
        "simple_referral",
        [A, ORDER, {**refunds("o1", 1), "lines": [{"sku": "rice", "amount": 1}]}],
        "a refund has either an amount or lines, not both",
        "amount",
    ),
    (
        "simple_referral",
        [A, ORDER, {"type": "order.refunded", "order": "o1", "at": at()}],
        "a refund needs an amount or lines",
        "lines",
    ),
    (
        "assessed",
        [A, clock(at(-1))],
        "time runs backwards, from 2026-03-01T00:00:00+08:00 to 2026-02-28T00:00:00+08:00",
        "at",
    ),
    ("assessed", [clock("9001-01-01T00:00:00Z")], "the time 9001-01-01T00:00:00+00:00 is out of range", "at"),
    ("assessed", [clock("1899-12-31T23:59:59Z")], "time runs backwards, from 1900-01-01T00:00:00+00:00"
     " to 1899-12-31T23:59:59+00:00", "at"),
]  # fmt: skip


@pytest.mark.parametrize(("plan", "events", "sentence", "param"), REFUSED)
def test_an_event_that_makes_no_sense_is_told_why_and_in_which_field(plan, events, sentence, param):
    refused = refusal(plan, *events)

    assert (refused.message, refused.param) == (sentence, param)


@pytest.mark.parametrize(
    ("line", "sentence", "param"),
    [
        ('{"type": "clock", "at": 5}', "Expected `str`, an ISO 8601 time with its offset, in `at`", "at"),
        ('{"type": "clock", "at": "yesterday"}', "'yesterday' is no ISO 8601 time", "at"),
        ('{"type": "clock", "at": "2026-03-01T00:00:00"}', "the time '2026-03-01T00:00:00' has no offset", "at"),
        ('{"type": "clock", "at": "2026-03-01T00:00:00Z", "at": "2026-03-02T00:00:00Z"}',
         "field `at` is there twice", "at"),
        ('{"type": "clock", "at": "2026-03-01T00:00:00Z", "zone": ""}',
         "Object contains unknown field `zone`", None),
    ],
)  # fmt: skip
def test_a_line_that_cannot_be_read_is_told_why_and_in_which_field(line, sentence, param):
    with pytest.raises(EventRefused) as refused:
        read_event(line.encode())

    assert (refused.value.message, refused.value.param) == (sentence, param)


def test_a_refused_line_names_its_number():
    refused = LineRefused(7, "there is no leader X")

    assert (refused.line_no, refused.message) == (7, "line 7: there is no leader X")


def test_the_first_and_the_last_instant_of_all_are_in_range():
    simulation = Simulation(presets.load("assessed"), SHANGHAI)

    for number, moment in enumerate(["1900-01-01T00:00:00Z", "9000-12-31T23:59:59Z"], 1):
        simulation.take(number, read_event(json.dumps(clock(moment)).encode()))
