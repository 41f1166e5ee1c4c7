"""What a leader sends on: each campaign that runs on its page with a text ready for the chat, a picture, and links."""

from dataclasses import dataclass

from chalicelib.campaigns import showing
from chalicelib.campaigns.store import Campaign
from chalicelib.catalog import store as catalog
from chalicelib.catalog.store import Product
from chalicelib.web import campaign_words, looking
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.chain_words import Standing, Words
from chalicelib.web.frame import page
from chalicelib.web.ladders import ladder_of

MOST = 10
MOST_LINES = 8
"""So many products are named in a text: it shall be read to its end."""


@dataclass(frozen=True, slots=True)
class ToShare:
    """A campaign with its text. `product` is the first that has a photo, None where none has."""

    campaign: Campaign
    text: str
    link: str
    product: Product | None
    time_left: str


@page("/lead/{store}/share")
def share(ask: Ask, store: str) -> Answer:
    """Show what runs on the leader's page, ready to be sent on; and the links that always hold."""
    desk, me = looking.lead(ask, store, lambda known: looking.today_keys(known, ask.now))
    running = showing.running_of(desk.tenant_id, me.leader_id, ask.now)[:MOST]
    looking.read_parts(desk.tenant_id, running)
    shop, invitation = ask.links.full("s", store, me.leader_id), ask.links.full("join", store, me.invite_code)
    return ask.show(
        "workspace/share.html",
        me=me,
        campaigns=[_to_share(ask, campaign_words.words_of(ask, desk.brand), one, shop) for one in running],
        shop=shop,
        invitation=invitation,
        invitation_text="\n".join(
            [
                ask.say("Lead for {brand} with me: share its offers and earn on what you sell.", brand=desk.brand.name),
                ask.say("Register here: {link}", link=invitation),
            ]
        ),
    )


def _to_share(ask: Ask, words: Words, campaign: Campaign, shop: str) -> ToShare:
    assert ask.brand is not None  # noqa: S101 - `looking.lead` entered it
    products = catalog.get_many(ask.brand.tenant_id, [item.product_id for item in campaign.items])
    standing = campaign_words.standing_of(ask.brand.tenant_id, campaign, products)
    link = f"{shop}?campaign={campaign.campaign_id}"
    with_photo = (products[item.product_id] for item in standing.items if products[item.product_id].photos)
    left = campaign_words.time_left(ask, campaign.closes_at - ask.now)
    return ToShare(campaign, text_of(words, standing, link), link, next(with_photo, None), left)


def text_of(words: Words, standing: Standing, link: str) -> str:
    """Write a campaign as a text for a chat: what there is, at which prices, until when, where. A line for each."""
    lines = [_one_line(standing.campaign.title)]
    for item in standing.items[:MOST_LINES]:
        steps = [
            words.say("from {count} {price}", count=rung.at, price=words.money(rung.price_minor))
            for rung in ladder_of(standing.campaign, item, standing.counts)[1:]
        ]
        told = [words.price_now(standing, item), *steps, words.left(standing, item)]
        lines.append(f"· {_one_line(standing.titles[item.product_id])} " + " · ".join(told))
    if len(standing.items) > MOST_LINES:
        lines.append("…")
    told = [words.goal(standing), f"{words.state(standing.campaign)}{words.clock}"]
    return "\n".join([*lines, *(one for one in told if one), words.say("Order here: {link}", link=link)])


def _one_line(text: str) -> str:
    return " ".join(text.split())
