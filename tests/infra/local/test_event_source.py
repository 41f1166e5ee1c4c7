"""How stream records are handed to a function: AWS's rules for failures, told record by record."""

from collections import Counter
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from infra.local.event_source import FunctionFailed, Record, RetryRules, deliver

RULES = RetryRules(reports_item_failures=True, bisects=True, max_retries=2)


def records(*names: str) -> list[Record]:
    return [{"name": name, "dynamodb": {"SequenceNumber": f"seq-{name}"}} for name in names]


def names_of(batch: list[Record]) -> str:
    return "".join(record["name"] for record in batch)


class Function:
    """Takes records in order and fails on the ones it is told to: by reporting them, or by raising."""

    def __init__(self, reports: str = "", raises: str = "", heals_after: int = 10**6) -> None:
        self.reports, self.raises, self.heals_after = reports, raises, heals_after
        self.batches: list[str] = []
        self.taken: list[str] = []
        self.met: Counter[str] = Counter()

    def __call__(self, batch: list[Record]) -> dict[str, Any]:
        self.batches.append(names_of(batch))
        for record in batch:
            name = record["name"]
            self.met[name] += 1
            if name in self.raises and self.met[name] <= self.heals_after:
                raise FunctionFailed(name)
            if name in self.reports and self.met[name] <= self.heals_after:
                return {"batchItemFailures": [{"itemIdentifier": f"seq-{name}"}]}
            self.taken.append(name)
        return {"batchItemFailures": []}


def run(function: Function, given: list[Record], rules: RetryRules = RULES) -> list[str]:
    parked: list[str] = []
    deliver(
        given, rules, invoke=function, park=lambda batch: parked.append(names_of(batch)), pause=lambda _failures: None
    )
    return parked


def test_a_batch_that_works_is_handed_over_once() -> None:
    function = Function()

    assert run(function, records("a", "b", "c")) == []
    assert function.batches == ["abc"]


def test_after_a_partial_failure_it_goes_on_at_the_failed_record() -> None:
    function = Function(reports="b", heals_after=1)

    assert run(function, records("a", "b", "c")) == []
    assert function.batches == ["abc", "bc"]


def test_a_poison_record_is_parked_alone_and_its_neighbours_are_done() -> None:
    function = Function(reports="b")

    assert run(function, records("a", "b", "c")) == ["b"]
    assert function.taken.count("a") == function.taken.count("c") == 1


def test_a_record_that_kills_its_function_is_found_by_halving() -> None:
    function = Function(raises="c")

    assert run(function, records("a", "b", "c", "d")) == ["c"]
    assert function.batches[:3] == ["abcd", "ab", "cd"]
    assert set(function.taken) == {"a", "b", "d"}


def test_a_poison_record_is_tried_once_and_then_as_often_as_the_mapping_says() -> None:
    function = Function(reports="a")

    run(function, records("a"))

    assert function.met["a"] == 1 + RULES.max_retries


def test_without_halving_the_whole_batch_is_parked() -> None:
    function = Function(raises="b")

    assert run(function, records("a", "b", "c"), RetryRules(True, bisects=False, max_retries=1)) == ["abc"]


def test_retries_without_a_limit_go_on_until_it_works() -> None:
    function = Function(raises="a", heals_after=50)

    assert run(function, records("a"), RetryRules(True, bisects=True, max_retries=-1)) == []
    assert function.met["a"] == 51


def test_reported_failures_count_for_nothing_when_the_mapping_does_not_ask_for_them() -> None:
    function = Function(reports="a")

    assert run(function, records("a", "b"), RetryRules(False, bisects=True, max_retries=2)) == []
    assert function.batches == ["ab"]


def test_a_failure_named_by_an_unknown_number_fails_the_whole_batch() -> None:
    parked: list[str] = []

    deliver(
        records("a"),
        RULES,
        invoke=lambda _batch: {"batchItemFailures": [{"itemIdentifier": "of another batch"}]},
        park=lambda batch: parked.append(names_of(batch)),
        pause=lambda _failures: None,
    )

    assert parked == ["a"]


def test_pauses_tell_how_often_the_batch_has_failed() -> None:
    pauses: list[int] = []

    deliver(records("a"), RULES, invoke=Function(raises="a"), park=lambda _batch: None, pause=pauses.append)

    assert pauses == [1, 2]


@given(
    names=st.text(alphabet="abcdefghij", max_size=10).map(lambda text: sorted(set(text))),
    reports=st.text(alphabet="abcdefghij", max_size=4),
    raises=st.text(alphabet="abcdefghij", max_size=4),
    heals_after=st.integers(0, 6),
)
def test_every_record_is_taken_in_or_parked(names: list[str], reports: str, raises: str, heals_after: int) -> None:
    function = Function(reports, raises, heals_after)

    parked = "".join(run(function, records(*names)))

    assert sorted(set(function.taken) | set(parked)) == names


@pytest.mark.parametrize(("written", "bisects"), [("true", True), (True, True), ("false", False), (None, False)])
def test_rules_are_read_from_the_mapping_as_cloudformation_wrote_it(written: object, bisects: bool) -> None:
    mapping = {
        "FunctionResponseTypes": ["ReportBatchItemFailures"],
        "BisectBatchOnFunctionError": written,
        "MaximumRetryAttempts": "10",
    }

    assert RetryRules.of_mapping(mapping) == RetryRules(True, bisects, 10)


def test_a_mapping_that_says_nothing_retries_for_ever() -> None:
    assert RetryRules.of_mapping({}) == RetryRules(False, False, -1)
