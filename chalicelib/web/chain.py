"""The order chain (接龙) of a campaign, for everybody with a leader's link: a page, a small JSON, a text for a chat.

It lists the whole campaign, whoever sold it: it is one group. The JSON is cheap to ask for again and again: while
nothing changed it is answered with 304 after two requests to the table.
"""

from typing import Any

import msgspec

from chalicelib.campaigns import parts, roll, showing
from chalicelib.campaigns import store as campaigns
from chalicelib.campaigns.store import CampaignNotFound, takes_orders
from chalicelib.catalog import store as catalog
from chalicelib.chinese import Language
from chalicelib.leaders import profiles
from chalicelib.leaders.store import Leader
from chalicelib.reading import read_ahead
from chalicelib.store import decode_cursor, encode_cursor
from chalicelib.tenancy import acting_for
from chalicelib.tenants import store as tenants
from chalicelib.tenants.rules import require_active
from chalicelib.web import campaign_words, ladders, languages, looking
from chalicelib.web.answers import FRESH, Answer
from chalicelib.web.ask import Ask, tenant_ids
from chalicelib.web.chain_words import Standing, Words, chat_text, parts_of
from chalicelib.web.frame import page
from chalicelib.web.sharing import Card, Line, card_of

IN_CHAT_TEXT = 30
"""How many of the latest a text for a chat group names: more would not be read there."""


@page("/s/{store}/{leader_id}/c/{campaign_id}")
def chain_page(ask: Ask, store: str, leader_id: str, campaign_id: str) -> Answer:
    """Show who is in a campaign, newest first, with its totals, prices and what is left."""
    after = decode_cursor(ask.query("after")) if ask.query("after") else None
    leader, standing = _standing(ask, store, leader_id, campaign_id, after=after)
    words = _words(ask, ask.language)
    older = standing.roll.older
    link = ask.links.full("s", store, leader_id, "c", campaign_id)
    return ask.show(
        "storefront/chain.html",
        public=True,
        leader=leader,
        campaign=standing.campaign,
        standing=standing,
        card=_card(ask, words, leader_id, standing),
        words=words,
        parts=parts_of(words, standing),
        time_left=campaign_words.time_left(ask, standing.campaign.closes_at - ask.now)
        if takes_orders(standing.campaign, ask.now)
        else "",
        is_open=takes_orders(standing.campaign, ask.now),
        is_first=after is None,
        live_url=ask.links.path("s", store, leader_id, "c", campaign_id, "chain.json", lang=ask.language),
        older=ask.links.path("s", store, leader_id, "c", campaign_id, after=encode_cursor(older)) if older else "",
        chat_text=chat_text(words, standing, link),
        link=link,
    )


@page("/s/{store}/{leader_id}/c/{campaign_id}/chain.json")
def chain_json(ask: Ask, store: str, leader_id: str, campaign_id: str) -> Answer:
    """Give what moves on the chain's page; 304 to who has it already. Nobody's session is looked at."""
    language = _language(ask)
    tag = _fingerprint(ask, store, campaign_id, leader_id, language)
    headers = {"ETag": f'"{tag}"', "Vary": "Accept-Language"}
    if _has_it(ask.headers.get("if-none-match", ""), tag):
        return Answer(status=304, content_type="application/json", cache=FRESH, headers=headers)
    _, standing = _standing(ask, store, leader_id, campaign_id)
    words = _words(ask, language)
    told = {"parts": parts_of(words, standing), "rows": rows_of(words, standing)}
    body = msgspec.json.encode(told).decode()
    return Answer(body, content_type="application/json", cache=FRESH, headers=headers)


@page("/s/{store}/{leader_id}/c/{campaign_id}/chain.txt")
def chain_as_text(ask: Ask, store: str, leader_id: str, campaign_id: str) -> Answer:
    """Give the chain as a text to paste into a chat group, in the language asked for."""
    _, standing = _standing(ask, store, leader_id, campaign_id, page=IN_CHAT_TEXT)
    link = ask.links.full("s", store, leader_id, "c", campaign_id)
    body = chat_text(_words(ask, _language(ask)), standing, link)
    headers = {"Vary": "Accept-Language"}
    return Answer(body, content_type="text/plain; charset=utf-8", cache=FRESH, headers=headers)


def _card(ask: Ask, words: Words, leader_id: str, standing: Standing) -> Card:
    """Make what a chat app shows of the chain. Search engines are asked to leave it: it names people, if masked."""
    assert ask.brand is not None  # noqa: S101 - `_standing` entered it
    campaign, told = standing.campaign, parts_of(words, standing)
    lines = [
        Line(standing.products[item.product_id], standing.price_minor(item), standing.left.get(item.product_id, 0))
        for item in standing.items
    ]
    way = ("s", ask.brand.slug, leader_id, "c", campaign.campaign_id)
    more = (told["chain-total"], told["chain-state"])
    return card_of(ask, ask.brand, way, campaign.title, lines, *more, is_listed=False)


def rows_of(words: Words, standing: Standing) -> list[list[str]]:
    """Give the lines of the chain: number, names, what, and when (ISO 8601)."""
    return [
        [
            "" if place.number is None else f"{place.number}.",
            words.names(place),
            words.what(place, standing),
            place.paid_at.isoformat(),
        ]
        for place in standing.roll.places
    ]


def _standing(ask: Ask, store: str, leader_id: str, campaign_id: str, **which: Any) -> tuple[Leader, Standing]:
    """Read how a campaign stands on a leader's page. Raises what a storefront raises, and `CampaignNotFound`."""
    brand = looking.enter(ask, store, lambda tenant_id: looking.chain_keys(tenant_id, leader_id, campaign_id))
    require_active(brand.status)
    leader = profiles.get_selling(brand.tenant_id, leader_id, now=ask.now)
    campaign = campaigns.get(brand.tenant_id, campaign_id)
    showing.check_shows(brand.tenant_id, leader_id, campaign)
    read = parts.parts_of(brand.tenant_id, campaign)
    read_ahead(read.products + read.counts)
    products = catalog.get_many(brand.tenant_id, [item.product_id for item in campaign.items])
    return leader, Standing(
        campaign=campaign,
        counts=ladders.counts_of(brand.tenant_id, campaign),
        left=campaigns.stock_left(brand.tenant_id, campaign),
        titles={product_id: product.title for product_id, product in products.items()},
        products=products,
        roll=roll.roll_of(brand.tenant_id, campaign_id, **which),
    )


def _words(ask: Ask, language: Language) -> Words:
    assert ask.brand is not None  # noqa: S101 - `_standing` entered it
    return Words(language, ask.brand.timezone, ask.brand.currency, ask.now)


def _language(ask: Ask) -> Language:
    """Choose a language by the request alone, so that a shared cache may keep the answer."""
    return languages.choose(ask.query("lang"), None, ask.headers.get("accept-language", ""))


# ------------------------------------------------------------------------------------------------ unchanged?


def _fingerprint(ask: Ask, store: str, campaign_id: str, *more: str) -> str:
    """Give the fingerprint of what the JSON says. Raises `CampaignNotFound`."""
    found = _fingerprint_of(tenant_ids.get(store), campaign_id, ask, *more)
    if found is None:
        tenant_id = tenants.by_slug(store)
        found = _fingerprint_of(tenant_id, campaign_id, ask, *more)
        if found is None or tenant_id is None:
            raise CampaignNotFound("There is no such campaign.", param="campaign_id")
        tenant_ids.put(store, tenant_id)
    return found


def _fingerprint_of(tenant_id: str | None, campaign_id: str, ask: Ask, *more: str) -> str | None:
    if tenant_id is None:
        return None
    with acting_for(tenant_id):
        return roll.fingerprint(tenant_id, campaign_id, ask.now, *more)


def _has_it(if_none_match: str, tag: str) -> bool:
    """Tell whether a reader has this very answer; a cache on the way may have made the tag a weak one."""
    return any(one.strip().removeprefix("W/") == f'"{tag}"' for one in if_none_match.split(","))
