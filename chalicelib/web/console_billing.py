"""The console's page about the brand's own bill: its tier, what it has used, choosing another one, ending it."""

from chalicelib.billing import rules, store, subscription
from chalicelib.billing.prices import GRACE, INCLUDED, TIERS, TRIAL_DAYS, Included, Tier, above, smallest_for, tier_of
from chalicelib.billing.store import Billing
from chalicelib.billing.usage import Usage, used
from chalicelib.web import bill_notices, words
from chalicelib.web.answers import Answer, redirect
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.frame import action, form


@form("/console/{store}/billing")
def billing(ask: Ask, store: str) -> Answer:
    """Show the tier and what is used; choose a tier, change it, end it, take that back. Owners only."""
    desk = ask.desk(store, "owner")
    with ask.keeping_problem():
        if ask.posted:
            return _do(ask, desk)
        if ask.query("back"):  # from Stripe's page: what was done there is known before its webhook comes
            subscription.mirror(desk.brand, stripe=ask.tools.stripe, now=ask.now)
            return ask.go("console", store, "billing")
    return _page(ask, desk)


@action("/console/{store}/billing/portal")
def portal(ask: Ask, store: str) -> Answer:
    """Lead on to Stripe's page with invoices and card. Owners only."""
    desk = ask.desk(store, "owner")
    with ask.keeping_problem():
        if ask.posted:
            page_url = ask.links.full("console", store, "billing")
            return redirect(subscription.open_portal(desk.brand, stripe=ask.tools.stripe, page_url=page_url))
    return _page(ask, desk)


def _do(ask: Ask, desk: Desk) -> Answer:
    slug, bank = desk.brand.slug, ask.tools.stripe
    if ask.form["do"] == "cancel":
        subscription.cancel(desk.brand, stripe=bank, now=ask.now)
        return ask.go("console", slug, "billing", done="1")
    if ask.form["do"] == "resume":
        subscription.resume(desk.brand, stripe=bank, now=ask.now)
        return ask.go("console", slug, "billing", done="1")

    wanted = tier_of(ask.form["tier"])
    state = store.get(desk.tenant_id)
    if not rules.is_live(state):
        page_url = ask.links.full("console", slug, "billing")
        return redirect(subscription.subscribe(desk.brand, wanted.key, stripe=bank, page_url=page_url, now=ask.now))
    if not ask.form["sure"]:
        ask.nothing_done = True
        return _are_you_sure(ask, desk, state, wanted)
    subscription.change(desk.brand, wanted.key, stripe=bank, now=ask.now)
    return ask.go("console", slug, "billing", done="1")


def _are_you_sure(ask: Ask, desk: Desk, state: Billing, wanted: Tier) -> Answer:
    """Ask whether it shall be so: it costs money, or is too small."""
    too_much = above(wanted.includes, used(desk.brand, state, now=ask.now).amounts)
    return ask.show(
        "console/billing_change.html",
        wanted=wanted,
        subscribed=rules.subscribed(state),
        too_small=bill_notices.list_of(ask, too_much),
    )


def _page(ask: Ask, desk: Desk) -> Answer:
    state = store.get(desk.tenant_id)
    usage, tier = used(desk.brand, state, now=ask.now), rules.in_force(state, ask.now)
    return ask.show(
        "console/billing.html",
        bill=bill_notices.told(ask, state),
        state=state,
        is_live=rules.is_live(state),
        is_late=rules.is_late(state.status or ""),
        subscribed=rules.subscribed(state),
        tier_states=words.TIER_STATES,
        used=[(words.INCLUDED_IN_TIER[what], _count(usage, what), tier.includes.of(what)) for what in INCLUDED],
        usage=usage,
        tiers=TIERS,
        included=INCLUDED,
        includes_of=words.TIER_INCLUDES,
        advised=_advised(tier, usage).key,
        trial_days=0 if state.had_one else TRIAL_DAYS,
        grace_days=GRACE.days,
    )


def _count(usage: Usage, what: Included) -> int:
    """Give what the page shows: of orders those of this month, whatever the month before was."""
    return usage.orders if what == "orders_a_month" else int(getattr(usage, what))


def _advised(tier: Tier, usage: Usage) -> Tier:
    """Give the tier whose button stands out: one that fits, and is larger than what the brand has."""
    place = min(TIERS.index(tier) + 1, len(TIERS) - 1)
    return max(TIERS[place], smallest_for(usage.amounts), key=TIERS.index)
