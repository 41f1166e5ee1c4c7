"""The ledger: its entries with their reasons, and the trial balance."""

from collections.abc import Mapping
from datetime import datetime
from typing import TYPE_CHECKING, Any

from msgspec import Struct

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody, PageQuery
from chalicelib.api.resources.shown import copied
from chalicelib.chinese import Language
from chalicelib.commissions.order_books import all_entries_of
from chalicelib.ledger import book
from chalicelib.ledger.entries import Entry, leader_of
from chalicelib.ledger.store import entry_of
from chalicelib.orders import store as orders
from chalicelib.orders.store import titles_of
from chalicelib.statements.names import names_of
from chalicelib.statements.places import id_of, record_at
from chalicelib.statements.sentences import Reader, reader_of, sentence_for_brand

if TYPE_CHECKING:
    from chalicelib.statements.explanations import Explanation


class LedgerQuery(PageQuery, frozen=True, forbid_unknown_fields=True):
    """Which page, and in which language the reasons are."""

    language: Language = "en"


class ReasonQuery(Struct, frozen=True, forbid_unknown_fields=True):
    """In which language the reason is."""

    language: Language = "en"


class Posting(Struct, frozen=True, kw_only=True):
    """One leg of an entry: minor units that flow into (+) or out of (-) an account."""

    account: str
    amount_minor: int


class LedgerEntry(Struct, frozen=True, kw_only=True, tag_field="object", tag="ledger_entry"):
    """A fact in the ledger, never changed. `entry` names the fact, `reverses` the fact that this one corrects; `facts`
    explain the amounts: rule, base, rate, uplines and plan version as they were.
    """

    id: str
    entry: str
    kind: str
    at: datetime
    currency: str
    reason: str
    postings: list[Posting]
    facts: Mapping[str, Any]
    reverses: str | None


class AccountTotal(Struct, frozen=True, kw_only=True):
    """The sum of an account; `leaders:held` and its like are summed over all leaders."""

    account: str
    amount_minor: int


class CurrencyTotal(Struct, frozen=True, kw_only=True):
    """All accounts in one currency, and their sum: zero, or a cent was lost or invented."""

    currency: str
    total_minor: int
    accounts: list[AccountTotal]


class TrialBalance(Struct, frozen=True, kw_only=True, tag_field="object", tag="trial_balance"):
    """All accounts of the brand by currency, as they are now."""

    at: datetime
    currencies: list[CurrencyTotal]


def newest(call: Call[NoBody]) -> ListOf[LedgerEntry]:
    """List entries, newest first."""
    last = call.last_seen(lambda entry_id: record_at(call.tenant_id, entry_id))
    found, _ = book.entries_page(call.tenant_id, limit=call.one_more, after=last.gsi1sk if last else None)
    reader = reader_of(call.tenant_id, call.query.language, names_of(call.tenant_id))
    return call.page([_shown(entry, reader) for entry in found])


def of_order(call: Call[NoBody]) -> ListOf[LedgerEntry]:
    """List what was written for an order, the oldest first."""
    order_id = orders.get(call.tenant_id, call.ids["order_id"]).order_id
    reader = reader_of(call.tenant_id, call.query.language, names_of(call.tenant_id))
    found = [_shown(entry, reader) for entry in all_entries_of(call.tenant_id, order_id)]
    return call.page_of_all(found, lambda entry: entry.id)


def retrieve(call: Call[NoBody]) -> LedgerEntry:
    """Show an entry."""
    found = record_at(call.tenant_id, call.ids["entry_id"])
    return _shown(entry_of(found), reader_of(call.tenant_id, call.query.language, names_of(call.tenant_id)))


def explanation(call: Call[NoBody]) -> "Explanation":
    """Show the whole calculation behind an entry."""
    from chalicelib.statements import explanations  # the arithmetic of it is no burden for other requests

    reader = reader_of(call.tenant_id, call.query.language, names_of(call.tenant_id))
    return explanations.explain(call.tenant_id, call.ids["entry_id"], reader, titles_of(call.tenant_id))


def trial_balance(call: Call[NoBody]) -> TrialBalance:
    """Add up all balances by currency."""
    balances = book.all_balances(call.tenant_id)
    by_currency: dict[str, dict[str, int]] = {}
    for (account, currency), amount_minor in sorted(balances.items()):
        totals = by_currency.setdefault(currency, {})
        name = account if leader_of(account) is None else f"leaders:{account.rpartition(':')[2]}"
        totals[name] = totals.get(name, 0) + amount_minor
    sums = book.trial_balance(balances)
    return TrialBalance(
        at=call.now,
        currencies=[
            CurrencyTotal(
                currency=currency,
                total_minor=sums[currency],
                accounts=[AccountTotal(account=name, amount_minor=total) for name, total in totals.items()],
            )
            for currency, totals in by_currency.items()
        ],
    )


def _shown(entry: Entry, reader: Reader) -> LedgerEntry:
    return copied(
        LedgerEntry,
        entry,
        id=id_of(entry),
        entry=entry.entry_id,
        reason=sentence_for_brand(entry, reader),
        postings=[copied(Posting, leg) for leg in entry.postings],
    )
