"""Event files that cannot be read or make no sense: exit code 2, and one line with its number and the reason."""

import json
from pathlib import Path

import pytest

from chalicelib.commissions.__main__ import main
from tests.commissions.rules.history import at, clock, gets_rank, joins, pays, refunds, tries_again

TWO_LINES = [{"sku": "rice", "qty": 1, "unit_price": 100}, {"sku": "oil", "qty": 1, "unit_price": 100}]


def order(**changes) -> str:
    return json.dumps({**pays("o1", "A", 100), **changes})


def order_line(**changes) -> str:
    return json.dumps(pays("o1", "A", 100, line=changes))


def refund(**changes) -> str:
    return json.dumps({"type": "order.refunded", "order": "o1", "at": at(), **changes})


def run_file(tmp_path: Path, capsys, plan: str, *lines, summary: bool = False) -> tuple[int, str, str]:
    """Give exit code, standard output and standard error."""
    file = tmp_path / "events.jsonl"
    texts = [line if isinstance(line, str | bytes) else json.dumps(line) for line in lines]
    file.write_bytes(b"".join((text if isinstance(text, bytes) else text.encode()) + b"\n" for text in texts))
    code = main(["simulate", "--plan", plan, *(["--summary"] if summary else []), str(file)])
    captured = capsys.readouterr()
    return code, captured.out, captured.err


ALONE = [
    ("{", "malformed|truncated"),
    ("no json", "malformed"),
    ("[]", "Expected `object`"),
    ('{"type": "clock", "at": "2026-03-01T00:00:00+08:00"} {}', "trailing"),
    (b'{"type": "clock", "at": "\xff"}', "utf-8"),
    ('{"type": "order.lost", "at": "2026-03-01T00:00:00+08:00"}', "order.lost"),
    ('{"at": "2026-03-01T00:00:00+08:00"}', "`type`"),
    ('{"type": "clock"}', "missing required field `at`"),
    ('{"type": "clock", "at": "2026-03-01T00:00:00+08:00", "zone": "x"}', "unknown field `zone`"),
    ('{"type": "clock", "at": "2026-03-01T00:00:00+08:00", "at": "2026-03-01T00:00:00+08:00"}', "`at` is there twice"),
    ('{"type": "clock", "\\u0061t": "2026-03-01T00:00:00+08:00", "at": "2026-03-01T00:00:00Z"}', "`at` is there twice"),
    ('{"type": "clock", "at": "2026-03-01T00:00:00"}', "no offset"),
    ('{"type": "clock", "at": "yesterday"}', "no ISO 8601 time"),
    ('{"type": "clock", "at": "9999-12-31T00:00:00Z"}', "out of range"),
    ('{"type": "clock", "at": 5}', "Expected `str`"),
    ('{"type": "leader.joined", "leader": "A", "at": "2026-03-01T00:00:00+08:00"}', "missing required field `inviter`"),
    (joins("A", "nobody"), "no leader nobody"),
    (joins("A", "A"), "no leader A"),
    (joins("A", groups=-1), ">= 0"),
    (joins("A", groups=1.5), "Expected `int`"),
    ("null", "Expected `object`"),
    ('{"type": "clock", "type": "clock", "at": "2026-03-01T00:00:00Z"}', "`type` is there twice"),
    ('{"type": "clock", "at": "2026-13-01T00:00:00Z"}', "no ISO 8601 time"),
    (joins(""), "length >= 1"),
    (joins("A", groups=10**9 + 1), "<= 1000000000"),
    (gets_rank("X", "leader"), "no leader X"),
    (tries_again("X", at()), "no leader X"),
    ({"type": "leader.groups", "leader": "X", "groups": 2, "at": at()}, "no leader X"),
    (pays("o1", "X", 100), "no leader X"),
    (refunds("o1", 100), "no order o1"),
]


@pytest.mark.parametrize(("line", "reason"), ALONE)
def test_a_line_that_is_wrong_by_itself_is_refused(tmp_path, capsys, line, reason):
    code, out, err = run_file(tmp_path, capsys, "simple_referral", line)

    assert (code, out) == (2, "")
    assert err.startswith("line 1: ")
    assert_says(err, reason)


AFTER_A_JOINED = [
    (joins("A"), "A has joined already"),
    (gets_rank("A", "gold"), "no rank gold"),
    (tries_again("A", at()), "A is not removed"),
    (order(lines=[]), "length >= 1"),
    (order(lines=None), "Expected `array`"),
    (order(lines=[TWO_LINES[0], TWO_LINES[0]]), "sku twice"),
    (order(discount=101), "discount of 101 is above the goods' 100"),
    (order(discount=-1), ">= 0"),
    (order(discount=None), "Expected `int`"),
    (order(customer=7), "Expected `str`"),
    (order(self_purchase="yes"), "Expected `bool`"),
    (order_line(qty=0), ">= 1"),
    (order_line(qty=-1), ">= 1"),
    (order_line(qty=1.0), "Expected `int`"),
    (order_line(qty=True), "Expected `int`"),
    (order_line(unit_price=-1), ">= 0"),
    (order_line(unit_price="1"), "Expected `int`"),
    (order_line(unit_price=10**30), "<= "),
    (order_line(list_price=-1), ">= 0"),
    (order_line(rate_bp=1.5), "Expected `int`"),
    (order_line(colour="red"), "unknown field `colour`"),
    (order_line().replace('"qty": 1', '"qty": 1, "qty": 1'), "`qty` is there twice"),
    (order(discount=0.5), "Expected `int`"),
    (order(discount=10**30), "<= "),
    (order(order=""), "length >= 1"),
    (order_line(qty=10**9 + 1), "<= 1000000000"),
    (order_line(qty=10**9, unit_price=10**15), "amounts of the order are out of range"),
    (order_line(unit_price=1e2), "Expected `int`"),
    (order_line().replace("100", "1e400"), "out of range"),
    (order_line().replace("100", "NaN"), "malformed"),
    (clock(at(-1)), "time runs backwards"),
    (pays("o1", "A", 100, at(-1)), "time runs backwards"),
]


@pytest.mark.parametrize(("line", "reason"), AFTER_A_JOINED)
def test_a_line_that_does_not_fit_what_came_before_is_refused(tmp_path, capsys, line, reason):
    code, out, err = run_file(tmp_path, capsys, "simple_referral", joins("A"), line)

    assert (code, out) == (2, "")
    assert err.startswith("line 2: ")
    assert_says(err, reason)


# Each type with all its fields; none of them may be missing.
COMPLETE: list[dict] = [
    joins("B", "A"),
    {"type": "leader.groups", "leader": "A", "groups": 2, "at": at()},
    gets_rank("A", "leader"),
    tries_again("A", at()),
    pays("o1", "A", 100),
    refunds("o1", 100),
    clock(at()),
]


@pytest.mark.parametrize(
    ("event", "field"),
    [(event, field) for event in COMPLETE for field in event if (event["type"], field) != ("order.refunded", "amount")],
)
def test_a_missing_field_is_named_whatever_the_type(tmp_path, capsys, event, field):
    line = {name: value for name, value in event.items() if name != field}

    code, out, err = run_file(tmp_path, capsys, "simple_referral", joins("A"), line)

    assert (code, out) == (2, "")
    assert err.startswith("line 2: ")
    assert_says(err, f"missing required field `{field}`")


@pytest.mark.parametrize("event", COMPLETE)
def test_an_unknown_field_is_named_whatever_the_type(tmp_path, capsys, event):
    code, _, err = run_file(tmp_path, capsys, "simple_referral", joins("A"), {**event, "colour": "red"})

    assert code == 2
    assert_says(err, "unknown field `colour`")


AFTER_AN_ORDER_OF_TWO = [
    (order(), "o1 is paid already"),
    (refund(amount=0), "a refund of 0"),
    (refund(amount=-1), "no refund"),
    (refund(amount=201), "above the 200 left"),
    (refund(amount=1.5), "Expected `int`"),
    (refund(), "needs an amount or lines"),
    (refund(lines=[]), "length >= 1"),
    (refund(amount=1, lines=[{"sku": "oil", "amount": 1}]), "not both"),
    (refund(lines=[{"sku": "oil", "amount": 101}]), "above the 100 left of oil"),
    (refund(lines=[{"sku": "oil", "amount": 0}]), "a refund of 0"),
    (refund(lines=[{"sku": "oil", "amount": -1}]), "a refund of -1 is no refund"),
    (refund(lines=[{"sku": "oil", "amount": 1.0}]), "Expected `int`"),
    (refund(lines=[{"sku": "salt", "amount": 1}]), "no salt"),
    (refund(lines=[{"sku": "oil", "amount": 1}, {"sku": "oil", "amount": 1}]), "oil is there twice"),
]


@pytest.mark.parametrize(("line", "reason"), AFTER_AN_ORDER_OF_TWO)
def test_what_was_printed_before_a_wrong_line_stands(tmp_path, capsys, line, reason):
    code, out, err = run_file(tmp_path, capsys, "simple_referral", joins("A"), "", order(lines=TWO_LINES), line)

    assert code == 2
    assert [json.loads(text) for text in out.splitlines()] == [
        {"event": 3, "order": "o1", "leader": "A", "kind": "retail", "amount": 20}
    ]
    assert err.startswith("line 4: ")
    assert_says(err, reason)


BY_PLAN = [
    ("breakaway", [joins("A"), pays("o1", "A", 100)], "rice has no commission rate"),
    ("breakaway", [joins("A"), pays("o1", "A", 100, line={"rate_bp": 499})], "499 bp"),
    ("breakaway", [joins("A"), pays("o1", "A", 100, line={"rate_bp": 4001})], "4001 bp"),
    ("three_tier", [joins("P", group_size=100), joins("A", group_size=99)], "does not admit A"),
    ("three_tier", [joins("P", group_size=100), joins("A")], "does not admit A"),
    ("assessed", [joins("P"), joins("A", "P"), gets_rank("A", "senior")], "A is not confirmed"),
    ("assessed", [joins("P"), joins("A", "P"), tries_again("A", at(6))], "A is not removed"),
    ("assessed", [joins("P"), joins("A", "P"), gets_rank("A", "senior", at(7))], "A is not confirmed"),
    ("assessed", [joins("P"), joins("A", "P"), pays("o1", "A", 100, at(7))], "A is removed and takes no orders"),
    ("assessed", [joins("P"), joins("A", "P"), joins("B", "A", at(7))], "inviter A is removed"),
]


@pytest.mark.parametrize(("plan", "events", "reason"), BY_PLAN)
def test_what_the_plan_does_not_allow_is_refused(tmp_path, capsys, plan, events, reason):
    code, _, err = run_file(tmp_path, capsys, plan, *events)

    assert code == 2
    assert err.startswith(f"line {len(events)}: ")
    assert_says(err, reason)


@pytest.mark.parametrize(("first", "second", "left"), [(60, 41, 40), (100, 1, 0)])
def test_a_refund_above_what_earlier_refunds_left_is_refused(tmp_path, capsys, first, second, left):
    paid = [joins("A"), pays("o1", "A", 100), refunds("o1", first)]

    code, out, err = run_file(tmp_path, capsys, "simple_referral", *paid, refunds("o1", second))

    assert code == 2
    assert len(out.splitlines()) == 2
    assert err == f"line 4: a refund of {second} is above the {left} left of the order\n"


def test_a_trial_that_is_running_cannot_be_started_again(tmp_path, capsys):
    again = [joins("P"), joins("A", "P"), tries_again("A", at(8)), tries_again("A", at(8))]

    code, _, err = run_file(tmp_path, capsys, "assessed", *again)

    assert (code, err) == (2, "line 4: leader A is not removed; there is no trial to start\n")


def test_blank_lines_count_in_the_number_that_is_named(tmp_path, capsys):
    code, _, err = run_file(tmp_path, capsys, "simple_referral", "", "  ", joins("A"), "", joins("A"))

    assert (code, err) == (2, "line 5: leader A has joined already\n")


def test_a_summary_of_a_wrong_file_prints_nothing(tmp_path, capsys):
    code, out, err = run_file(tmp_path, capsys, "simple_referral", joins("A"), "{", summary=True)

    assert (code, out) == (2, "")
    assert err.startswith("line 2: ")


def assert_says(err: str, reason: str) -> None:
    assert err.count("\n") == 1, "one line on standard error"
    assert any(part in err for part in reason.split("|")), err
