"""Statements: a leader's, and the brand's."""

from datetime import datetime
from typing import TYPE_CHECKING

from msgspec import Struct

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody
from chalicelib.api.resources import ledger
from chalicelib.api.resources.leaders import Balance
from chalicelib.api.resources.leaders import balance as balance_of_leader
from chalicelib.api.resources.ledger import LedgerEntry, TrialBalance
from chalicelib.leaders import profiles
from chalicelib.orders.store import titles_of
from chalicelib.statements import lines
from chalicelib.statements.names import names_of
from chalicelib.statements.places import EntryUnknown
from chalicelib.statements.sentences import Reader, reader_of, sentence_for_leader

if TYPE_CHECKING:
    from chalicelib.statements.explanations import Explanation


class StatementLine(Struct, frozen=True, kw_only=True, tag_field="object", tag="statement_line"):
    """What an entry moved on a leader's accounts, and why."""

    id: str
    entry: str
    kind: str
    at: datetime
    currency: str
    reason: str
    held_minor: int = 0
    frozen_minor: int = 0
    available_minor: int = 0
    reserved_minor: int = 0
    paid_minor: int = 0
    coupons_minor: int = 0


class LeaderStatement(Struct, frozen=True, kw_only=True, tag_field="object", tag="leader_statement"):
    """A leader's balance now, and a page of what moved, newest first."""

    leader_id: str
    balance: Balance
    lines: ListOf[StatementLine]


class Statement(Struct, frozen=True, kw_only=True, tag_field="object", tag="statement"):
    """The brand's balances now (on the first page; they are read from every leader), and a page of its journal."""

    trial_balance: TrialBalance | None
    entries: ListOf[LedgerEntry]


def of_brand(call: Call[NoBody]) -> Statement:
    """Show the brand's balances and its journal."""
    is_first_page = call.query.starting_after is None
    return Statement(trial_balance=ledger.trial_balance(call) if is_first_page else None, entries=ledger.newest(call))


def of_leader(call: Call[NoBody]) -> LeaderStatement:
    """Show a leader's balance and what moved on its accounts."""
    balance = balance_of_leader(call)
    last = call.last_seen(lambda line_id: _line(call.tenant_id, balance.leader_id, line_id))
    found, _ = lines.page_of(call.tenant_id, balance.leader_id, limit=call.one_more, after=last.sk if last else None)
    reader = reader_of(call.tenant_id, call.query.language, names_of(call.tenant_id), balance.leader_id)
    return LeaderStatement(
        leader_id=balance.leader_id, balance=balance, lines=call.page([_shown_line(line, reader) for line in found])
    )


def explanation(call: Call[NoBody]) -> "Explanation":
    """Show a leader the whole calculation behind a line, its own part only."""
    from chalicelib.statements import explanations  # the arithmetic of it is no burden for other requests

    leader = profiles.get(call.tenant_id, call.ids["leader_id"])
    line = _line(call.tenant_id, leader.leader_id, call.ids["line_id"])
    reader = reader_of(call.tenant_id, call.query.language, names_of(call.tenant_id), leader.leader_id)
    return explanations.explain_line(call.tenant_id, line, reader, titles_of(call.tenant_id))


def _line(tenant_id: str, leader_id: str, line_id: str) -> lines.LineRecord:
    found = lines.line_of(tenant_id, leader_id, line_id)
    if found is None:
        raise EntryUnknown("There is no such line.", param="line_id")
    return found


def _shown_line(line: lines.LineRecord, reader: Reader) -> StatementLine:
    amounts = line.amounts
    return StatementLine(
        id=lines.line_id(line.sk),
        entry=line.entry_id,
        kind=line.entry_kind,
        at=datetime.fromisoformat(line.at),
        currency=line.currency,
        reason=sentence_for_leader(line.entry_kind, line.facts, amounts, line.currency, reader),
        **{f"{name}_minor": amount_minor for name, amount_minor in amounts.items()},
    )
