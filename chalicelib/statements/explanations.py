"""The whole calculation behind an entry, as data: generated from what the entry keeps, and checked against what it
posted. A leader is shown its own part only; the brand sees all.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace as with_
from typing import Any

import msgspec
from msgspec import Struct

from chalicelib.commissions.actions import posted_of, still_paid_of
from chalicelib.commissions.order_books import bonus_of
from chalicelib.commissions.rules.language import Plan
from chalicelib.commissions.rules.reward import Reward
from chalicelib.commissions.rules.sale import Sale
from chalicelib.ledger import book
from chalicelib.ledger.entries import Entry
from chalicelib.ledger.store import entry_of
from chalicelib.statements import causes, lines, of_fixed
from chalicelib.statements.calculations import (
    Calculation,
    calculation_of,
    check_calculations,
    own_part,
    told,
    with_texts,
)
from chalicelib.statements.causes import Cause
from chalicelib.statements.lines import LineRecord
from chalicelib.statements.of_order import Earned, Reckoned, Steps, reckon
from chalicelib.statements.places import entry_id_of, record_at
from chalicelib.statements.sentences import Reader, sentence_for_brand, sentence_for_leader
from chalicelib.statements.steps import CalculationStep, number, result_of, step

TitlesOf = Callable[[str], Mapping[str, str]]
"""Takes an order's id, gives its products' titles by sku, as they were sold."""


class ExplainedLine(Struct, frozen=True, kw_only=True):
    """A line of the order. `paid_minor`: when it was paid; `still_paid_minor`: after the refunds up to this entry.

    `steps` reckon its part of the seller's margin; none where the margin is not part of what the reader earned.
    """

    sku: str
    title: str
    qty: int
    unit_price_minor: int
    list_price_minor: int
    paid_minor: int
    still_paid_minor: int
    steps: list[CalculationStep]


class Explanation(Struct, frozen=True, kw_only=True, tag_field="object", tag="explanation"):
    """Why an entry is there: in a sentence, and down to the order's lines or to the entries that it consists of.

    `unlisted_minor` is what `causes` do not list: they end at a bound, and may lag a moment behind the ledger.
    """

    entry: str
    kind: str
    at: str
    currency: str
    reason: str
    order: str | None = None
    plan_version: int | None = None
    lines: list[ExplainedLine] = []
    calculations: list[Calculation] = []
    causes: list[Cause] = []
    unlisted_minor: int = 0


def explain(tenant_id: str, entry_id: str, reader: Reader, titles_of: TitlesOf) -> Explanation:
    """Explain an entry to the brand. Raises `EntryUnknown`, `CalculationMismatch`."""
    return _explained(tenant_id, entry_of(record_at(tenant_id, entry_id)), reader, titles_of)


def explain_line(tenant_id: str, line: LineRecord, reader: Reader, titles_of: TitlesOf) -> Explanation:
    """Explain a line of its statement to the leader `reader.leader_id`. Raises as `explain` does."""
    return explain(tenant_id, entry_id_of(line.book, int(line.number)), reader, titles_of)


def _explained(tenant_id: str, entry: Entry, reader: Reader, titles_of: TitlesOf) -> Explanation:
    if entry.kind in ("accrual", "reversal"):
        parts = _of_order(tenant_id, entry, reader, titles_of)
    elif "rewards" in entry.facts:
        parts = _of_fixed(entry, reader)
    elif "coupon" in entry.facts or entry.kind == "dispute":
        parts = {}  # the sentence says it all: nothing is earned, what is there moves
    else:
        parts = _of_causes(tenant_id, entry, reader)
    return Explanation(
        entry=entry.entry_id,
        kind=entry.kind,
        at=entry.at.isoformat(),
        currency=entry.currency,
        reason=_reason(entry, reader),
        order=entry.facts.get("order"),
        **parts,
    )


def _reason(entry: Entry, reader: Reader) -> str:
    if reader.leader_id is None:
        return sentence_for_brand(entry, reader)
    own = lines.own_facts(entry, reader.leader_id)
    amounts = lines.amounts_by_leader(entry)[reader.leader_id]
    return sentence_for_leader(entry.kind, own, amounts, entry.currency, reader)


# ------------------------------------------------------------------------------------------------ an order's rewards


def _of_order(tenant_id: str, entry: Entry, reader: Reader, titles_of: TitlesOf) -> dict[str, Any]:
    entries = book.entries_in(tenant_id, entry.book)[: entry.number + 1]
    version = int(entries[0].facts["plan_version"])
    sale, still_paid = msgspec.convert(entries[0].facts["sale"], Sale), still_paid_of(entries)
    reckoned = reckon(reader.plan_of(version), sale, still_paid)

    now = _with_posted(reckoned, entries) | _bonus(entries, sum(still_paid.values()), reader)
    steps = {key: _as_change(key, found, entries) for key, found in now.items()}
    calculations = [calculation_of(key, found, reader) for key, found in steps.items()]
    check_calculations(entry, calculations, [one for found in reckoned.by_line.values() for one in found])

    shown = [one for one in calculations if one.amount_minor and reader.leader_id in (None, one.leader_id)]
    with_margin = any((one.leader_id, one.kind) in reckoned.uses_margin for one in shown)
    if reader.leader_id is not None:
        shown = [own_part(one, reckoned.uses_margin) for one in shown]
    return {
        "plan_version": version,
        "lines": _lines(sale, still_paid, reckoned.by_line if with_margin else {}, titles_of, entry, reader),
        "calculations": [told(one, entry.currency, reader) for one in shown],
    }


def _with_posted(reckoned: Reckoned, entries: Sequence[Entry]) -> dict[Earned, Steps]:
    nothing: dict[Earned, Steps] = {key: [] for key in posted_of(entries)}
    return nothing | dict(reckoned.by_earning)


def _bonus(entries: Sequence[Entry], still_paid_minor: int, reader: Reader) -> dict[Earned, Steps]:
    """Reckon the invite bonus that the order brought before, if it did."""
    bonus = bonus_of(entries)
    if bonus is None:
        return {}
    version = next(int(entry.facts["plan_version"]) for entry in entries[1:] if "rewards" in entry.facts)
    return {(bonus.leader_id, bonus.kind): of_fixed.bonus_of_order(reader.plan_of(version), bonus, still_paid_minor)}


def _as_change(key: Earned, now: Steps, entries: Sequence[Entry]) -> Steps:
    """Add what was posted before and the difference to it; an accrual has nothing before it."""
    before = entries[:-1]
    if not before:
        return now
    posted = step("posted", "total", [number(one.entry_id, posted_of([one]).get(key, 0)) for one in before])
    still_earned = result_of(now[-1], "now") if now else number("now", 0)
    return [*now, posted, step("change", "difference", [still_earned, result_of(posted, "posted")])]


def _lines(
    sale: Sale,
    still_paid: Mapping[str, int],
    by_line: Mapping[str, Steps],
    titles_of: TitlesOf,
    entry: Entry,
    reader: Reader,
) -> list[ExplainedLine]:
    titles = titles_of(sale.order_id)
    return [
        ExplainedLine(
            sku=line.sku,
            title=titles.get(line.sku, line.sku),
            qty=line.qty,
            unit_price_minor=line.unit_price,
            list_price_minor=line.list_price,
            paid_minor=line.paid,
            still_paid_minor=still_paid[line.sku],
            steps=with_texts(by_line.get(line.sku, []), entry.currency, reader),
        )
        for line in sale.lines
    ]


# ------------------------------------------------------------------------------------------------ other rewards


def _of_fixed(entry: Entry, reader: Reader) -> dict[str, Any]:
    version = int(entry.facts["plan_version"])
    plan = reader.plan_of(version)
    rewards = msgspec.convert(entry.facts["rewards"], list[Reward])
    calculations = [calculation_of((one.leader_id, one.kind), _fixed(plan, one, entry), reader) for one in rewards]
    check_calculations(entry, calculations, [])
    return {
        "plan_version": version,
        "calculations": [
            told(one, entry.currency, reader)
            for one in calculations
            if reader.leader_id in (None, one.leader_id)
        ],
    }  # fmt: skip


def _fixed(plan: Plan, reward: Reward, entry: Entry) -> Steps:
    if "still_paid_minor" in entry.facts:
        return of_fixed.bonus_of_order(plan, reward, int(entry.facts["still_paid_minor"]))
    return of_fixed.BY_KIND[reward.kind](plan, reward)


# ------------------------------------------------------------------------------------------------ settled and paid out


def _of_causes(tenant_id: str, entry: Entry, reader: Reader) -> dict[str, Any]:
    amounts = lines.amounts_by_leader(entry)
    leader_id = next(iter(amounts), "")
    as_leader = with_(reader, leader_id=leader_id)
    match entry.kind:
        case "settlement":
            found = causes.of_settlement(tenant_id, leader_id, entry, as_leader)
            moved_minor = amounts[leader_id]["available"]
        case "release":
            found = causes.of_release(tenant_id, entry, reader)
            moved_minor = next(leg.amount_minor for leg in entry.postings if leg.account == "brand:funds")
        case "payout_reserved":
            found = causes.of_payout(tenant_id, leader_id, entry, as_leader)
            moved_minor = amounts[leader_id]["reserved"]
        case _:
            found = causes.of_outcome(tenant_id, entry, as_leader)
            moved_minor = abs(amounts[leader_id]["reserved"])
    return {"causes": found, "unlisted_minor": moved_minor - sum(cause.amount_minor for cause in found)}
