"""The leader's wallet: what was earned and until when it waits, payouts, the statement, where the money goes."""

from chalicelib.leaders import destinations, onboarding, profiles
from chalicelib.leaders.commands import PayByBank
from chalicelib.leaders.store import Leader
from chalicelib.ledger import book
from chalicelib.ledger.store import leader_balance_key
from chalicelib.payouts import store as payouts
from chalicelib.statements import waiting
from chalicelib.web import looking, words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.confirming import ask_for_code
from chalicelib.web.console_money import statement_page
from chalicelib.web.frame import action, form, page

MOST_PAYOUTS = 12


@page("/lead/{store}/wallet")
def wallet(ask: Ask, store: str) -> Answer:
    """Show what a leader has earned, what of it waits and until when, and what was paid out."""
    desk, me = looking.lead(ask, store, lambda known: [leader_balance_key(*known)])
    balance = book.leader_balance(desk.tenant_id, me.leader_id, desk.brand.currency)
    return ask.show(
        "workspace/wallet.html",
        me=me,
        balance=balance,
        waits=waiting.waiting_of(desk.tenant_id, me.leader_id, balance.held_minor, desk.brand.timezone),
        window_days=int(desk.brand.return_window_days),
        payouts=payouts.latest_of(desk.tenant_id, me.leader_id, limit=MOST_PAYOUTS),
        states=words.PAYOUT_STATES,
        ways=words.PAYOUT_WAYS,
        held_until=destinations.held_until(me, ask.now),
    )


@page("/lead/{store}/statement")
def statement(ask: Ask, store: str) -> Answer:
    """Show every entry with its reason."""
    desk, me = looking.lead(ask, store, lambda known: [leader_balance_key(*known)])
    return statement_page(ask, desk.tenant_id, me.leader_id, ("lead", store), me.name)


@form("/lead/{store}/payout")
def payout(ask: Ask, store: str) -> Answer:
    """Say where the money goes: a bank account, in the leader's own words. Another one needs a code."""
    desk, me = ask.leading(store)
    if ask.posted:
        with ask.keeping_problem():
            details = profiles.clean_bank_details(ask.form["bank_details"])
            if destinations.given(me) not in (None, ("manual", details)):
                way, about = ["lead", store, "payout"], f"{me.leader_id} bank {details}"
                if asked := ask_for_code(ask, desk.person, about, to=way, keep=("bank_details",)):
                    return asked
            command, by = PayByBank(bank_details=details), desk.person.person_id
            profiles.pay_by_bank(desk.tenant_id, me.leader_id, command, now=ask.now, by=by)
            return ask.go("lead", store, "payout", done="1")
    elif ask.query("back") and me.payout_refused:
        onboarding.look(desk.tenant_id, me, ask.tools.stripe)  # the way back from Stripe's pages
        me = profiles.get(desk.tenant_id, me.leader_id)
    return _payout_page(ask, desk.tenant_id, me)


@action("/lead/{store}/payout/stripe")
def onboard(ask: Ask, store: str) -> Answer:
    """Go to Stripe's own pages, to be paid by Stripe transfer. Who is paid already needs a code: the account at which
    the money ends can be changed there."""
    desk, me = ask.leading(store)
    if ask.posted:
        with ask.keeping_problem():
            if destinations.given(me) is not None:
                way, about = ["lead", store, "payout", "stripe"], f"{me.leader_id} stripe {me.stripe_account_id}"
                if asked := ask_for_code(ask, desk.person, about, to=way):
                    return asked
            back = ask.links.full("lead", store, "payout") + "?back=1"
            link = onboarding.start(
                desk.tenant_id,
                me.leader_id,
                stripe=ask.tools.stripe,
                return_url=back,
                refresh_url=back,
                now=ask.now,
                by=desk.person.person_id,
            )
            return Answer(status=303, headers={"Location": link}, cache="no-store")
    return _payout_page(ask, desk.tenant_id, me)


def _payout_page(ask: Ask, tenant_id: str, me: Leader) -> Answer:
    return ask.show(
        "workspace/payout.html",
        me=me,
        held_until=destinations.held_until(me, ask.now),
        destination_changes=destinations.changes_of(tenant_id, me.leader_id),
        ways=words.PAYOUT_WAYS,
    )
