"""The manual rail: exported once, confirmed line by line; edited or repeated lines are refused."""

import msgspec
import pytest

from chalicelib.payouts import actions as payouts
from chalicelib.payouts import batches
from chalicelib.payouts.batches import ConfirmedLine, NothingToExport
from chalicelib.payouts.rails import Destination
from tests.builders import START, FakeRail, assert_books_balance, balances
from tests.payouts.test_payouts import TERMS, earned


def by_bank(leader_id: str) -> Destination:
    return Destination("manual", f"ICBC 6222 {leader_id}")


def reserved(tenant: str, *leader_ids: str) -> None:
    for leader_id in leader_ids:
        earned(tenant, leader_id)
    payouts.run(tenant, TERMS, destination_of=by_bank, rail=FakeRail(), now=START)


def confirmed(line: batches.BatchLine, result: str = "paid", **edited: str) -> ConfirmedLine:
    said = ConfirmedLine(batch=line.batch, payout=line.payout, amount=line.amount, result=result, reference="TX1")
    return msgspec.structs.replace(said, **edited)


def test_a_batch_is_exported_and_confirmed_line_by_line(tenant):
    reserved(tenant, "C", "D")
    lines = batches.export(tenant, now=START)
    assert [(line.payout, line.account, line.amount) for line in lines] == [
        ("C-1", "ICBC 6222 C", "100.00"),
        ("D-1", "ICBC 6222 D", "100.00"),
    ]
    said = [confirmed(lines[0]), confirmed(lines[1], "failed")]
    assert [result.outcome for result in batches.confirm(tenant, said, now=START)] == ["done", "done"]
    assert balances(tenant, "C") == (0, 0, 0, 10_000)
    assert balances(tenant, "D") == (0, 10_000, 0, 0)
    assert_books_balance(tenant)


def test_a_batch_imported_twice_changes_nothing(tenant):
    reserved(tenant, "C")
    (line,) = batches.export(tenant, now=START)
    batches.confirm(tenant, [confirmed(line)], now=START)
    assert batches.confirm(tenant, [confirmed(line)], now=START)[0].outcome == "already"
    assert batches.confirm(tenant, [confirmed(line, "failed")], now=START)[0].outcome == "refused"
    assert balances(tenant, "C") == (0, 0, 0, 10_000)


@pytest.mark.parametrize(
    ("edited", "reason"),
    [
        ({"amount": "100.01"}, "amount was changed"),
        ({"batch": "another"}, "not in this batch"),
        ({"payout": "C-2"}, "no payout"),
    ],
)
def test_an_edited_line_is_refused_and_the_others_go_through(tenant, edited, reason):
    reserved(tenant, "C", "D")
    first, second = batches.export(tenant, now=START)
    results = batches.confirm(tenant, [confirmed(first, **edited), confirmed(second)], now=START)
    assert [result.outcome for result in results] == ["refused", "done"]
    assert reason in results[0].reason
    assert balances(tenant, "C") == (0, 0, 10_000, 0)


def test_what_was_exported_is_not_exported_again_but_can_be_shown_again(tenant):
    reserved(tenant, "C")
    lines = batches.export(tenant, now=START)
    with pytest.raises(NothingToExport):
        batches.export(tenant, now=START)
    assert batches.exported_lines(tenant) == lines


def test_the_brands_settled_funds_are_not_touched_by_its_own_bank(tenant):
    from chalicelib.ledger import book

    reserved(tenant, "C")
    assert book.all_balances(tenant)["brand:funds", "CNY"] == 10_000
