"""The console's campaigns: the list, a new one, one with its group, its end and what follows from it."""

from datetime import timedelta

from chalicelib.campaigns import actions, closing, finding
from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.aftermaths import Aftermath, aftermath_key, aftermath_of
from chalicelib.campaigns.finding import PHASES, Phase
from chalicelib.campaigns.parts import parts_of, sold_of
from chalicelib.campaigns.rules import MOST_ITEMS
from chalicelib.campaigns.store import Campaign
from chalicelib.campaigns.terms import TIME_TO_PAY
from chalicelib.campaigns.views import CampaignView
from chalicelib.catalog import store as catalog
from chalicelib.delivery.ways import ways_of
from chalicelib.leaders import store as leaders
from chalicelib.orders import failed_refunds
from chalicelib.orders import store as orders
from chalicelib.orders.store import Order, OrderRefund
from chalicelib.reading import read_ahead
from chalicelib.sieve import Sieved
from chalicelib.store import decode_cursor, encode_cursor, get_all
from chalicelib.web import campaign_forms, campaign_words, chips, words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.chips import LONGEST_TITLE
from chalicelib.web.forms import FormInvalid
from chalicelib.web.frame import action, form, page

PAGE = 50
MOST_COUNTED = 20
"""Of so many running campaigns in a list it is said what they sold."""
MOST_FAILED = 100
"""How many of the brand's latest failed refunds are looked through for one campaign's."""


@page("/console/{store}/campaigns")
def campaign_list(ask: Ask, store: str) -> Answer:
    """List campaigns, the one that closes last first: all, or those of a phase, or with a title like this."""
    desk = ask.desk(store, "owner", "staff")
    here, asked = ("console", store, "campaigns"), chips.asked(ask, ("text", "phase"))
    after = decode_cursor(ask.query("after")) if ask.query("after") else None
    found: Sieved[Campaign] = Sieved([])
    says: dict[str, str] = {}
    ask.show_again(asked)
    with ask.keeping_problem():
        title, phase = ask.form.text("text", longest=LONGEST_TITLE), _phase(ask)
        says = {"text": f"“{title}”", "phase": ask.say(words.CAMPAIGN_PHASES[phase]) if phase else ""}
        found = finding.closing_latest_first(desk.tenant_id, title, phase, now=ask.now, limit=PAGE, after=after)
    ask.look_for(desk.tenant_id)  # from here on nothing is written
    return ask.show(
        "console/campaigns.html",
        campaigns=[CampaignView.of(one, ask.now) for one in found.items],
        sold=sold_of(
            desk.tenant_id, [one for one in found.items if campaigns.takes_orders(one, ask.now)][:MOST_COUNTED]
        ),
        found=found,
        chips=chips.chips(ask, here, asked, {name: says[name] for name in asked if name in says}),
        phases=[("", ask.say("All campaigns")), *((one, ask.say(words.CAMPAIGN_PHASES[one])) for one in PHASES)],
        older=ask.links.path(*here, **asked, after=encode_cursor(found.next)) if found.next else "",
        is_full=len(found.items) == PAGE,
    )


def _phase(ask: Ask) -> Phase | None:
    """Read which campaigns are wanted. Raises `FormInvalid`."""
    typed = ask.form["phase"]
    phase = next((one for one in PHASES if one == typed), None)
    if typed and phase is None:
        raise FormInvalid("Choose one of these.", param="phase")
    return phase


@form("/console/{store}/campaigns/new")
def new_campaign(ask: Ask, store: str) -> Answer:
    """Open a campaign: its quantities leave the products' stock."""
    desk = ask.desk(store, "owner", "staff")
    if ask.posted:
        with ask.keeping_problem():
            command = campaign_forms.read_new(ask.form, desk.brand.currency, desk.brand.timezone)
            made = actions.create(
                desk.tenant_id, command, now=ask.now, randbits=ask.tools.randbits, campaign_id=ask.form_id("cp")
            )
            return ask.go("console", store, "campaigns", made.campaign_id, done="1")
    found = [one for one in catalog.newest(desk.tenant_id, limit=PAGE) if one.active]
    wrong_field = campaign_forms.field_of(ask.form, ask.problem.param) if ask.problem and ask.problem.param else ""
    return ask.show(
        "console/campaign_new.html",
        products=found,
        left=catalog.stocks_left(desk.tenant_id, [one.product_id for one in found]),
        most=MOST_ITEMS,
        steps=campaign_forms.STEPS,
        tomorrow=ask.now + timedelta(days=1),
        unfolded=campaign_forms.unfolded(ask.form, wrong_field),
        wrong_field=wrong_field,
    )


@page("/console/{store}/campaigns/{campaign_id}")
def campaign(ask: Ask, store: str, campaign_id: str) -> Answer:
    """Show a campaign: its terms, its group, what is left of it, and what its end did for its orders."""
    desk = ask.desk(store, "owner", "staff")
    shown = campaigns.get(desk.tenant_id, campaign_id)
    ask.look_for(desk.tenant_id)  # from here on nothing is written
    ended = aftermath_key(desk.tenant_id, campaign_id)
    read_ahead([ended, *parts_of(desk.tenant_id, shown).keys], consistent=True)
    return _campaign_page(ask, desk, shown)


@action("/console/{store}/campaigns/{campaign_id}/close")
def close_campaign(ask: Ask, store: str, campaign_id: str) -> Answer:
    """Close a campaign whose time is over, or decide its group, without waiting for the schedule."""
    desk = ask.desk(store, "owner", "staff")
    shown = campaigns.get(desk.tenant_id, campaign_id)
    if ask.posted:
        with ask.keeping_problem():
            closing.close(desk.tenant_id, campaign_id, now=ask.now)
            return ask.go("console", store, "campaigns", campaign_id, done="1")
    return _campaign_page(ask, desk, shown)


@form("/console/{store}/campaigns/{campaign_id}/cancel")
def cancel_campaign(ask: Ask, store: str, campaign_id: str) -> Answer:
    """Ask once more, then end a campaign now; of one that is no group the brand says what becomes of paid orders."""
    desk = ask.desk(store, "owner", "staff")
    shown = campaigns.get(desk.tenant_id, campaign_id)
    if ask.posted:
        with ask.keeping_problem():
            closing.cancel(desk.tenant_id, campaign_id, now=ask.now, refund_paid=ask.form["refund_paid"] == "1")
            return ask.go("console", store, "campaigns", campaign_id, done="1")
    counts = campaign_words.standing_of(desk.tenant_id, shown).counts
    back = ask.links.path("console", store, "campaigns", campaign_id)
    return ask.show("console/campaign_cancel.html", campaign=shown, counts=counts, back=back)


def _campaign_page(ask: Ask, desk: Desk, shown: Campaign) -> Answer:
    standing, say = campaign_words.standing_of(desk.tenant_id, shown), campaign_words.words_of(ask, desk.brand)
    aftermath = aftermath_of(desk.tenant_id, shown.campaign_id)
    owner = leaders.get(desk.tenant_id, shown.owner_id) if shown.owner_id else None
    return ask.show(
        "console/campaign.html",
        campaign=CampaignView.of(shown, ask.now, standing.left),
        terms=campaign_words.terms_told(say, shown, ways_of(shown.delivery)),
        owner=owner,
        # Everybody's chain is the same; it is shown on a leader's page, so anybody's will do.
        seller=owner or (None if shown.chosen else next(iter(leaders.newest(desk.tenant_id, limit=1)), None)),
        titles=standing.titles,
        progress=campaign_words.progress_of(say, standing),
        counts=standing.counts,
        decided_from=shown.closes_at + TIME_TO_PAY,
        time_left=campaign_words.time_left(ask, shown.closes_at - ask.now),
        is_due=shown.status == "open" and closing.is_over(shown, ask.now),
        aftermath=aftermath,
        failed=_failed(desk.tenant_id, shown, aftermath),
        refund_states=words.REFUND_STATES,
    )


def _failed(tenant_id: str, shown: Campaign, aftermath: Aftermath | None) -> list[tuple[Order, OrderRefund]]:
    """List the refunds of a campaign's end that a person has to see to, of the brand's latest failed ones."""
    if aftermath is None or not aftermath.stuck:
        return []
    found = failed_refunds.newest(tenant_id, limit=MOST_FAILED)
    items = get_all([orders.order_key(tenant_id, one.order_id) for one in found])
    known = {one.order_id: one for one in items if isinstance(one, Order) and one.campaign_id == shown.campaign_id}
    return [(known[one.order_id], one) for one in found if one.order_id in known]
