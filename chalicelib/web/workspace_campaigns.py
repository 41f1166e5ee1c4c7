"""Campaigns in the workspace: what the leader sells now, its own ones, and others' that it could sell too (帮卖)."""

from dataclasses import dataclass
from datetime import timedelta

from chalicelib.campaigns import own, showing
from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.own import OpenOwn
from chalicelib.campaigns.parts import parts_of
from chalicelib.campaigns.rules import MOST_ITEMS
from chalicelib.campaigns.store import Campaign, takes_orders
from chalicelib.campaigns.views import CampaignView
from chalicelib.catalog import store as catalog
from chalicelib.leaders import profiles
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.reading import read_ahead
from chalicelib.tenants.rules import require_active
from chalicelib.tenants.store import Tenant
from chalicelib.web import campaign_forms, campaign_words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.campaign_words import Bar
from chalicelib.web.frame import action, form, page

MOST_RUNNING = 20
MOST_TO_TAKE = 50
MOST_OVER = 10
PRODUCTS = 50


@dataclass(frozen=True, slots=True)
class Mine:
    """A campaign on the leader's page: what is left of it, how far its group is, and whose it is."""

    view: CampaignView
    left: int
    bars: list[Bar]
    is_own: bool
    is_taken: bool
    link: str


@page("/lead/{store}/campaigns")
def my_campaigns(ask: Ask, store: str) -> Answer:
    """List what the leader's page sells, what was its own, and what it could take over."""
    desk, me = ask.leading(store)
    ask.look_for(desk.tenant_id)  # from here on nothing is written
    return _list_page(ask, desk, me)


@form("/lead/{store}/campaigns/new")
def open_own_campaign(ask: Ask, store: str) -> Answer:
    """Open a campaign of the leader's own, out of the brand's stock."""
    desk, me = ask.leading(store)
    own.check_allowed(desk.brand)
    if ask.posted:
        with ask.keeping_problem():
            require_active(desk.brand.status)
            profiles.get_selling(desk.tenant_id, me.leader_id, now=ask.now)
            command = _typed(ask, desk.brand)
            made = own.open_own(
                desk.brand,
                me.leader_id,
                command,
                now=ask.now,
                randbits=ask.tools.randbits,
                campaign_id=ask.form_id("cp"),
            )
            return ask.go("lead", store, "campaigns", made.campaign_id, done="1")
    found = [one for one in catalog.newest(desk.tenant_id, limit=PRODUCTS) if one.active]
    left = catalog.stocks_left(desk.tenant_id, [one.product_id for one in found])
    most = {product_id: own.most_units(units) for product_id, units in left.items()}
    wrong_field = campaign_forms.field_of(ask.form, ask.problem.param) if ask.problem and ask.problem.param else ""
    return ask.show(
        "workspace/campaign_new.html",
        products=[one for one in found if most.get(one.product_id)],
        most=most,
        most_products=MOST_ITEMS,
        longest=own.LONGEST.days,
        tomorrow=ask.now + timedelta(days=1),
        unfolded=campaign_forms.unfolded(ask.form, wrong_field),
        wrong_field=wrong_field,
    )


@page("/lead/{store}/campaigns/{campaign_id}")
def my_campaign(ask: Ask, store: str, campaign_id: str) -> Answer:
    """Show one's own campaign."""
    desk, me = ask.leading(store)
    return _own_page(ask, desk, own.get_own(desk.tenant_id, me.leader_id, campaign_id))


@action("/lead/{store}/campaigns/{campaign_id}/cancel")
def cancel_own_campaign(ask: Ask, store: str, campaign_id: str) -> Answer:
    """End one's own campaign."""
    desk, me = ask.leading(store)
    shown = own.get_own(desk.tenant_id, me.leader_id, campaign_id)
    if ask.posted:
        with ask.keeping_problem():
            own.cancel_own(desk.tenant_id, me.leader_id, campaign_id, now=ask.now)
            return ask.go("lead", store, "campaigns", campaign_id, done="1")
    return _own_page(ask, desk, shown)


@action("/lead/{store}/campaigns/{campaign_id}/take")
def take_campaign(ask: Ask, store: str, campaign_id: str) -> Answer:
    """Put another's campaign on one's own page."""
    desk, me = ask.leading(store)
    campaigns.get(desk.tenant_id, campaign_id)
    if ask.posted:
        with ask.keeping_problem():
            profiles.get_selling(desk.tenant_id, me.leader_id, now=ask.now)
            showing.take_over(desk.tenant_id, me.leader_id, campaign_id, now=ask.now)
            return ask.go("lead", store, "campaigns", done="1")
    return _list_page(ask, desk, me)


@action("/lead/{store}/campaigns/{campaign_id}/leave")
def leave_campaign(ask: Ask, store: str, campaign_id: str) -> Answer:
    """Take another's campaign off one's page again; orders that came by then stay."""
    desk, me = ask.leading(store)
    campaigns.get(desk.tenant_id, campaign_id)
    if ask.posted:
        with ask.keeping_problem():
            showing.give_up(desk.tenant_id, me.leader_id, campaign_id)
            return ask.go("lead", store, "campaigns", done="1")
    return _list_page(ask, desk, me)


def _typed(ask: Ask, brand: Tenant) -> OpenOwn:
    typed = ask.form
    items = [(one, typed.integer(f"quantity.{one}")) for one in campaign_forms.chosen(typed)]
    return OpenOwn(
        title=typed["title"],
        closes_at=typed.moment("closes_at", brand.timezone),
        items=items,
        goal=campaign_forms.read_goal(typed),
        places=campaign_forms.whole(typed, "places"),
    )


def _list_page(ask: Ask, desk: Desk, me: Leader) -> Answer:
    kept = showing.of_leader(desk.tenant_id, me.leader_id)
    running = [one for one in kept if takes_orders(one, ask.now)] + campaigns.taking_orders(desk.tenant_id, ask.now)
    over = [one for one in kept if one.owner_id == me.leader_id and not takes_orders(one, ask.now)]
    to_take = showing.to_take(desk.tenant_id, me.leader_id, ask.now, limit=MOST_TO_TAKE)
    on_sale = running[:MOST_RUNNING]
    read_ahead((key for one in on_sale for key in parts_of(desk.tenant_id, one).keys), consistent=True)
    owners = leaders.get_many(desk.tenant_id, tuple({one.owner_id for one in to_take if one.owner_id}))
    return ask.show(
        "workspace/campaigns.html",
        me=me,
        running=[_mine(ask, desk, me, one) for one in on_sale],
        over=[CampaignView.of(one, ask.now) for one in over[::-1][:MOST_OVER]],
        to_take=[CampaignView.of(one, ask.now) for one in to_take],
        owners=owners,
        may_open=bool(desk.brand.leader_campaigns),
        time_left=lambda at: campaign_words.time_left(ask, at - ask.now),
    )


def _mine(ask: Ask, desk: Desk, me: Leader, campaign: Campaign) -> Mine:
    standing = campaign_words.standing_of(desk.tenant_id, campaign)
    is_own = campaign.owner_id == me.leader_id
    return Mine(
        view=CampaignView.of(campaign, ask.now, standing.left),
        left=sum(standing.left.values()),
        bars=campaign_words.progress_of(campaign_words.words_of(ask, desk.brand), standing),
        is_own=is_own,
        is_taken=campaign.is_restricted and not is_own,
        link=ask.links.full("s", desk.brand.slug, me.leader_id) + f"?campaign={campaign.campaign_id}",
    )


def _own_page(ask: Ask, desk: Desk, campaign: Campaign) -> Answer:
    standing = campaign_words.standing_of(desk.tenant_id, campaign)
    return ask.show(
        "workspace/campaign.html",
        campaign=CampaignView.of(campaign, ask.now, standing.left),
        titles=standing.titles,
        counts=standing.counts,
        progress=campaign_words.progress_of(campaign_words.words_of(ask, desk.brand), standing),
        time_left=campaign_words.time_left(ask, campaign.closes_at - ask.now),
    )
