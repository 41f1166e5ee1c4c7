"""The console's ledger: the journal, all of it or of some days and an account; the trial balance that leads to it."""

from datetime import date

from chalicelib.errors import Invalid
from chalicelib.ledger.entries import BRAND_ACCOUNTS, LEADER_ACCOUNTS
from chalicelib.settlement.days import in_journal, local_day
from chalicelib.statements import views as statements
from chalicelib.statements.names import names_of
from chalicelib.statements.views import JournalView
from chalicelib.store import decode_cursor, encode_cursor
from chalicelib.tenants.store import Tenant
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.frame import page

PAGE, PAGE_OF_ACCOUNT = 50, 200
"""Entries read for a page; of those that are read for one account only its own are shown."""
ACCOUNTS = (*BRAND_ACCOUNTS, *(f"leaders:{name}" for name in LEADER_ACCOUNTS))


@page("/console/{store}/ledger")
def journal(ask: Ask, store: str) -> Answer:
    """Show the journal with its reasons, newest first; of some days, and of one account, where that is asked for."""
    desk = ask.desk(store, "owner", "staff")
    ask.look_for(desk.tenant_id)  # from here on nothing is written
    account = ask.query("account") if ask.query("account") in ACCOUNTS else ""
    shown, between = JournalView(entries=[]), None
    with ask.keeping_problem():
        between = _days(ask, desk.brand)
        shown = statements.journal_of(
            desk.tenant_id,
            language=ask.language,
            name_of=names_of(desk.tenant_id),
            limit=PAGE_OF_ACCOUNT if account else PAGE,
            after=decode_cursor(ask.query("after")) if ask.query("after") else None,
            between=between,
            account=account,
        )
    legs = [leg for entry in shown.entries for leg in entry.postings if statements.is_of(leg.account, account)]
    asked = {"from_": ask.query("from"), "to": ask.query("to"), "account": account}
    older = ask.links.path("console", store, "ledger", **asked, after=encode_cursor(shown.next)) if shown.next else ""
    return ask.show(
        "console/ledger.html",
        journal=shown,
        older=older,
        account=account,
        choices=ACCOUNTS,
        asked=asked,
        is_of=statements.is_of,
        moved_minor=sum(leg.amount_minor for leg in legs),
    )


def _days(ask: Ask, brand: Tenant) -> tuple[str, str] | None:
    """Give the places of the days asked for; one end may be left open. Raises `Invalid`."""
    first, last = ask.query("from").strip(), ask.query("to").strip()
    for name, day in (("from", first), ("to", last)):
        if day:
            _check_day(day, name)
    if not first and not last:
        return None
    today = local_day(ask.now, brand.timezone)
    return in_journal(first or local_day(brand.created_at, brand.timezone), min(last or today, today), brand.timezone)


def _check_day(day: str, name: str) -> None:
    try:
        if date.fromisoformat(day).isoformat() == day and "2000" < day < "2200":
            return
    except ValueError:
        pass
    raise Invalid("This is no day. Write it like 2026-11-22.", param=name)


@page("/console/{store}/balance")
def trial_balance(ask: Ask, store: str) -> Answer:
    """Show all balances and their sum by currency: zero, or a cent was lost. Each leads to its entries."""
    desk = ask.desk(store, "owner", "staff")
    return ask.show("console/balance.html", balances=statements.trial_balance_of(desk.tenant_id))
