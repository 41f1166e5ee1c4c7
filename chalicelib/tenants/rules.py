"""What a brand may call itself and choose. Pure."""

import re
import unicodedata

from chalicelib.catalog.rules import LARGEST_PRICE_MINOR
from chalicelib.commissions.lint.setting import CHANNELS, JURISDICTIONS, Channel, Jurisdiction, Setting
from chalicelib.errors import Conflict, Invalid
from chalicelib.ids import encode
from chalicelib.money import MINOR_DIGITS

_SLUG = re.compile(r"[a-z0-9](?:[a-z0-9]|-(?!-)){1,38}[a-z0-9]")
_COLOUR = re.compile(r"[0-9a-f]{6}")
LONGEST_RETURN_WINDOW_DAYS = 90

_OURS = """
about account admin api app assets auth billing blog brand cdn checkout console contact dashboard dev docs download
email favicon help home images index info internal invite legal live localhost login logout mail new null official
order orders pay payment payments platform policy pricing privacy public register robots root sandbox security
settings shop signin signup site sitemap staff stage static status store stripe support system team terms tuanyuan
undefined user users webhook webhooks workspace www
"""
RESERVED_SLUGS = frozenset(_OURS.split())
"""Words that are, or could become, parts of our own addresses, or that would let a brand pose as us."""


class SlugInvalid(Invalid):
    """The address part has letters or a length that an address cannot have, or is a word we keep."""

    code = "slug_invalid"


class TenantSuspended(Conflict):
    """The brand is suspended: nothing can be bought, and nobody can join."""

    code = "brand_suspended"


def check_slug(slug: str) -> str:
    """Give an address part in lower case: 3 to 40 of a-z, 0-9 and single hyphens inside. Raises `SlugInvalid`."""
    slug = slug.strip().lower()
    if not _SLUG.fullmatch(slug):
        raise SlugInvalid(
            "An address has 3 to 40 letters a–z, digits or single hyphens, such as “green-village”.", param="slug"
        )
    if slug in RESERVED_SLUGS:
        raise SlugInvalid(f"“{slug}” is kept for ourselves. Choose another address.", param="slug")
    return slug


def check_accent(colour: str) -> str:
    """Give a colour as `#rrggbb`, as it is or without its `#`, in either case. Raises `Invalid`."""
    colour = colour.strip().lower().removeprefix("#")
    if not _COLOUR.fullmatch(colour):
        raise Invalid("Write a colour as # and six digits or letters a–f, like #b93a0e.", param="accent")
    return f"#{colour}"


def check_currency(currency: str) -> str:
    """Give an ISO 4217 code that we can take money in. Raises `Invalid`."""
    if currency not in MINOR_DIGITS:
        raise Invalid(f"Choose a currency of {', '.join(MINOR_DIGITS)}.", param="currency")
    return currency


def check_timezone(name: str) -> str:
    """Give an IANA time zone's name, such as Asia/Shanghai. Raises `Invalid`."""
    import zoneinfo  # read where needed: it is no part of most requests

    try:
        zoneinfo.ZoneInfo(name)
    except (zoneinfo.ZoneInfoNotFoundError, ValueError, OSError) as error:  # OSError: `Asia` alone is a directory
        raise Invalid("This time zone is unknown. Write it like Asia/Shanghai.", param="timezone") from error
    return name


def suggest_slug(name: str, number: int) -> str:
    """Suggest an address part from a brand's name: its Latin letters and digits, without accents.

    number: up to 2**20, tells apart names that give none (most Chinese ones), or that come second; 0: not needed.
    """
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    words = re.findall(r"[a-z0-9]+", plain)
    slug = "-".join(words)[:30].strip("-")
    if number or not _SLUG.fullmatch(slug) or slug in RESERVED_SLUGS:
        slug = f"{slug if len(slug) > 1 else 'tuan'}-{encode(number, 4)}"
    return slug


def check_return_window(days: int) -> int:
    """Give the days after delivery during which goods can be returned. Raises `Invalid`."""
    if not 0 <= days <= LONGEST_RETURN_WINDOW_DAYS:
        raise Invalid(f"The return window is 0 to {LONGEST_RETURN_WINDOW_DAYS} days.", param="return_window_days")
    return days


AUTO_DELIVER_DAYS = 10
"""So many days after it was given to a carrier an order counts as delivered, unless the brand says otherwise."""
LONGEST_AUTO_DELIVER_DAYS = 60


def auto_deliver_days_of(kept: float | None) -> int:
    """Give after how many days a shipped order counts as delivered; 0: never by itself."""
    return AUTO_DELIVER_DAYS if kept is None else int(kept)


def check_auto_deliver(days: int) -> int:
    """Give after how many days a shipped order counts as delivered; 0: never by itself. Raises `Invalid`."""
    if not 0 <= days <= LONGEST_AUTO_DELIVER_DAYS:
        raise Invalid(f"Choose 0 to {LONGEST_AUTO_DELIVER_DAYS} days.", param="auto_deliver_days")
    return days


def check_auto_refund(amount_minor: int) -> int:
    """Give up to which sum an order is refunded without anybody's yes; 0 for never (minor units). Raises `Invalid`."""
    if not 0 <= amount_minor <= LARGEST_PRICE_MINOR:
        raise Invalid("Automatic refunds go from 0 up to the largest price.", param="auto_refund_minor")
    return amount_minor


_LIKELY: dict[str, tuple[tuple[Jurisdiction, ...], tuple[Channel, ...]]] = {
    "USD": (("US",), ()),
    "EUR": (("EU",), ()),
}
_STRICTEST: tuple[tuple[Jurisdiction, ...], tuple[Channel, ...]] = (("CN",), ("wechat",))


def works_in(currency: str, jurisdictions: str | None, channels: str | None) -> Setting:
    """Give where a brand works: what it said (`CN,EU`; empty for none), else what its currency suggests.

    Unless the currency is another country's, that is mainland China and WeChat, the strictest of what is checked.
    """
    where, through = _LIKELY.get(currency, _STRICTEST)
    if jurisdictions is not None:
        where = tuple(one for one in JURISDICTIONS if one in jurisdictions.split(","))
    if channels is not None:
        through = tuple(one for one in CHANNELS if one in channels.split(","))
    return Setting(jurisdictions=where, channels=through, currency=currency)


def require_active(status: str) -> None:
    """Raise `TenantSuspended` unless the brand is active."""
    if status != "active":
        raise TenantSuspended("This brand is closed for the moment. Please ask it when it opens again.")
