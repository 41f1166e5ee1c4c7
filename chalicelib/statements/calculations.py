"""One amount of one leader, step by step: checked against what was posted, cut down to what a leader may see."""

from collections.abc import Sequence

from msgspec import Struct
from msgspec.structs import replace

from chalicelib import chinese
from chalicelib.commissions.actions import posted_of
from chalicelib.commissions.rules.reward import Kind
from chalicelib.ledger.entries import Entry
from chalicelib.statements import lines, phrases
from chalicelib.statements.of_order import Earned, Steps
from chalicelib.statements.sentences import Reader
from chalicelib.statements.step_words import said
from chalicelib.statements.steps import CalculationMismatch, CalculationStep, check, result_of


class Calculation(Struct, frozen=True, kw_only=True):
    """How one amount of one leader came about. The last step's result is `amount_minor`, what the entry posted."""

    leader_id: str
    kind: Kind
    title: str
    amount_minor: int
    steps: list[CalculationStep]


def check_calculations(
    entry: Entry, calculations: Sequence[Calculation], line_steps: Sequence[CalculationStep]
) -> None:
    """Do every step again and compare with the entry: rewards and changes one by one, postings by leader.

    Raises `CalculationMismatch`.
    """
    for calculation in calculations:
        check([*line_steps, *calculation.steps])
    found = {(one.leader_id, one.kind): one.amount_minor for one in calculations if one.amount_minor}
    kept = posted_of([entry])
    if found != {key: amount for key, amount in kept.items() if amount}:
        raise CalculationMismatch(f"{entry.entry_id}: the calculation gives {found}, not {kept}")
    by_leader: dict[str, int] = {}
    for (leader_id, _), amount_minor in found.items():
        by_leader[leader_id] = by_leader.get(leader_id, 0) + amount_minor
    posted = {leader_id: sum(amounts.values()) for leader_id, amounts in lines.amounts_by_leader(entry).items()}
    # What was frozen for a dispute and is set free in the same entry moves between accounts, and earns nothing.
    posted = {leader_id: amount for leader_id, amount in posted.items() if amount}
    if {leader_id: amount for leader_id, amount in by_leader.items() if amount} != posted:
        raise CalculationMismatch(f"{entry.entry_id}: the calculation gives {by_leader}, but {posted} was posted")


def calculation_of(key: Earned, steps: Steps, reader: Reader) -> Calculation:
    """Give the calculation of one leader's earning of one kind, by its steps."""
    leader_id, kind = key
    name = chinese.said(phrases.KINDS[kind], reader.language)
    title = name if reader.leader_id else chinese.said(phrases.OF_LEADER, reader.language).format(
        leader=reader.name_of(leader_id), kind=name
    )  # fmt: skip
    amount_minor = steps[-1].result_minor if steps else 0
    return Calculation(leader_id=leader_id, kind=kind, title=title, amount_minor=amount_minor, steps=steps)


def told(calculation: Calculation, currency: str, reader: Reader) -> Calculation:
    """Give the calculation with each step in the reader's words."""
    return replace(calculation, steps=with_texts(calculation.steps, currency, reader))


def with_texts(steps: Sequence[CalculationStep], currency: str, reader: Reader) -> list[CalculationStep]:
    """Give steps with their texts in the reader's language."""
    return [replace(one, text=said(one, reader.language, currency)) for one in steps]


def own_part(calculation: Calculation, uses_margin: frozenset[Earned]) -> Calculation:
    """Take out of a leader's calculation what would show what others earned on the order.

    Who earns on sales does not see the seller's margin; and what the cap leaves, less one's own share, would be the
    share of a sibling.
    """
    hidden = {"left"} if (calculation.leader_id, calculation.kind) in uses_margin else {"left", "retail"}
    kept = [one for one in calculation.steps if one.step not in hidden]
    share = next((one for one in kept if one.step == "share"), None)
    steps = [
        replace(one, inputs=[result_of(share, "uncapped")], withheld=True) if share and one.step == "capped" else one
        for one in kept
    ]
    return replace(calculation, steps=steps)
