"""What we say of ourselves: the start page, prices, the guide, the API's reference, and what search engines ask for.

The same for everybody: no cookie, no read of the table, kept by caches for some minutes.
"""

from dataclasses import replace
from functools import cache
from typing import Any

from chalicelib.commissions import presets
from chalicelib.errors import NotFound
from chalicelib.web import languages, markets, words
from chalicelib.web.answers import FRESH, PUBLISHED, Answer
from chalicelib.web.ask import Ask
from chalicelib.web.entry import SIGN_UP_PRESETS
from chalicelib.web.frame import page

_FOR_A_DAY = "public, max-age=86400"
_SAMPLE = "breakaway"
_CARD = "card.jpg"


class PageUnknown(NotFound):
    """There is no such page of the guide, or no such picture."""

    code = "page_unknown"


@page("/")
def welcome(ask: Ask) -> Answer:
    """Say what this is: for brands, in their words, with figures that the rules worked out."""
    from chalicelib.planning import sample

    plan = presets.load(_SAMPLE)
    return _published(
        ask,
        "site/start.html",
        presets={name: words.PRESETS[name] for name in SIGN_UP_PRESETS},
        examples={name: sample.one_order(presets.load(name)) for name in SIGN_UP_PRESETS},
        month=sample.month(plan),
        order=sample.one_order(plan),
        order_minor=sample.LIST_PRICE_MINOR,
        orders_each=sample.ORDERS,
    )


@page("/prices")
def prices(ask: Ask) -> Answer:
    """Show what the tiers cost in a currency, and what each includes."""
    from chalicelib.billing.prices import GRACE, INCLUDED, TIERS, TRIAL_DAYS
    from chalicelib.money import MINOR_DIGITS

    guessed = markets.guessed(ask.headers.get("accept-language", "")).currency
    chosen = ask.query("currency") if ask.query("currency") in MINOR_DIGITS else guessed
    return _published(
        ask,
        "site/prices.html",
        tiers=TIERS,
        included=INCLUDED,
        chosen=chosen,
        currencies=tuple(MINOR_DIGITS),
        trial_days=TRIAL_DAYS,
        grace_days=GRACE.days,
    )


@page("/docs")
def guide(ask: Ask) -> Answer:
    """Show how it works in ten minutes, for owners and for leaders."""
    return _published(ask, "site/guide.html")


@page("/docs/api")
def api_guide(ask: Ask) -> Answer:
    """Show how the API is used, with requests that a test sends, and list its resources."""
    from chalicelib.api import examples, reference

    return _published(
        ask,
        "site/api.html",
        requests=[(one.text, examples.curl(one)) for one in examples.REQUESTS],
        parts=reference.parts(),
        title_of=reference.title_of,
        refusals=reference.common_refusals(),
    )


@page("/docs/api/{part}")
def api_part(ask: Ask, part: str) -> Answer:
    """Show all requests of one resource."""
    from chalicelib.api import reference

    shown = reference.parts().get(part)
    if shown is None:
        raise PageUnknown("There is no such page in the guide.")
    return _published(
        ask,
        "site/api_part.html",
        part=shown,
        parts=reference.parts(),
        title_of=reference.title_of,
        common=set(reference.common_refusals()),
    )


@page("/pictures/{picture}")
def picture(ask: Ask, picture: str) -> Answer:
    """Give a picture of our own pages, drawn by us."""
    drawn = _drawn(picture)
    return Answer(drawn, content_type="image/jpeg", cache=_FOR_A_DAY, headers={"Vary": "Accept-Encoding"})


@cache
def _drawn(name: str) -> bytes:
    from chalicelib.tenants import example_pictures, examples

    if name == _CARD:
        return example_pictures.card()
    known = {f"{one.name}.jpg": one.name for one in examples.EXAMPLES}
    if name not in known:
        raise PageUnknown("There is no such picture.")
    return example_pictures.small(known[name])


# ------------------------------------------------------------------------------------------------ for search engines


@page("/robots.txt")
def robots(ask: Ask) -> Answer:
    """Say what search engines need not ask for."""
    base = ask.links.path().rstrip("/")
    closed = "".join(f"Disallow: {base}/{face}\n" for face in ("console", "lead", "me", "join"))
    text = f"User-agent: *\n{closed}Sitemap: {ask.links.full('sitemap.xml')}\n"
    return Answer(text, content_type="text/plain; charset=utf-8", cache=_FOR_A_DAY)


@page("/sitemap.xml")
def sitemap(ask: Ask) -> Answer:
    """List our own pages in each language; shops are found by the links that leaders share."""
    from chalicelib.api import reference

    pages = [(), ("prices",), ("docs",), ("docs", "api"), *(("docs", "api", part) for part in reference.parts())]
    entries = []
    for way in pages:
        address = ask.links.full(*way)
        others = "".join(
            f'<xhtml:link rel="alternate" hreflang="{tag}" href="{address}?lang={code}"/>'
            for code, tag in languages.TAGS.items()
        )
        entries.append(f"<url><loc>{address}</loc>{others}</url>\n")
    text = (
        '<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" '
        f'xmlns:xhtml="http://www.w3.org/1999/xhtml">\n{"".join(entries)}</urlset>\n'
    )
    return Answer(text, content_type="application/xml; charset=utf-8", cache=_FOR_A_DAY)


def _published(ask: Ask, template: str, **values: Any) -> Answer:
    """Show a page that every cache may keep, unless somebody is signed in."""
    answer = ask.show(template, public=True, card_image=ask.links.full("pictures", _CARD), **values)
    return replace(answer, cache=PUBLISHED) if answer.cache == FRESH else answer
