"""How Lambda hands a DynamoDB stream to a function, as AWS documents it for an event source mapping.

ministack takes a whole batch as done whatever `batchItemFailures` says, and repeats a failing batch for
ever. Both would hide our mistakes, so the local stack delivers by these rules instead: a partial failure
goes on at the first failed record, a failed batch is halved, and what fails to the end is parked.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

Record = dict[str, Any]
Answer = Any  # what the function returned


class FunctionFailed(RuntimeError):
    """The invocation ended in an error, a time-out, or the death of its worker."""


@dataclass(frozen=True)
class RetryRules:
    """The properties of the mapping that decide about failures; `max_retries` of -1 means until it works."""

    reports_item_failures: bool
    bisects: bool
    max_retries: int

    @classmethod
    def of_mapping(cls, mapping: dict[str, Any]) -> "RetryRules":
        """Read them from an event source mapping as the Lambda API describes it."""
        return cls(
            reports_item_failures="ReportBatchItemFailures" in (mapping.get("FunctionResponseTypes") or []),
            bisects=_is_true(mapping.get("BisectBatchOnFunctionError", False)),
            max_retries=int(mapping.get("MaximumRetryAttempts", -1)),
        )


def deliver(
    records: list[Record],
    rules: RetryRules,
    *,
    invoke: Callable[[list[Record]], Answer],
    park: Callable[[list[Record]], None],
    pause: Callable[[int], None],
) -> None:
    """Hand over the records in order until each was taken in or parked.

    `invoke` gives the function's answer or raises `FunctionFailed`; `pause` is told how often this batch failed.
    """
    batches = [records]
    failures = 0
    while batches:
        batch = batches[0]
        rest = _not_taken_in(batch, rules, invoke)
        if len(rest) < len(batch):
            batches[:1] = [rest] if rest else []
            failures = 0
        elif rules.bisects and len(batch) > 1:
            middle = len(batch) // 2  # halving is not a retry: it does not count
            batches[:1] = [batch[:middle], batch[middle:]]
        elif 0 <= rules.max_retries <= failures:
            park(batch)
            del batches[0]
            failures = 0
        else:
            failures += 1
            pause(failures)


def _not_taken_in(batch: list[Record], rules: RetryRules, invoke: Callable[[list[Record]], Answer]) -> list[Record]:
    """Invoke once; give the records that still have to be done: from the first failed one on, in order."""
    try:
        answer = invoke(batch)
    except FunctionFailed:
        return batch
    reported = (answer or {}).get("batchItemFailures") or [] if rules.reports_item_failures else []
    if not reported:
        return []
    failed = {failure.get("itemIdentifier") for failure in reported}
    positions = [at for at, record in enumerate(batch) if record["dynamodb"]["SequenceNumber"] in failed]
    return batch[min(positions) :] if len(positions) == len(failed) else batch


def _is_true(written: object) -> bool:
    return str(written).lower() == "true"
