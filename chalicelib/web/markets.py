"""Which currency and clock somebody who signs up has, guessed from the languages of its browser. Pure."""

import re
from typing import NamedTuple

_REGION = re.compile(r"\b[a-zA-Z]{2,3}-(?:[a-zA-Z]{4}-)?([a-zA-Z]{2})\b")


class Market(NamedTuple):
    """Where a brand sells: an ISO 4217 currency, an IANA time zone."""

    currency: str
    timezone: str


HOME = Market("CNY", "Asia/Shanghai")
BY_REGION = {
    "CN": HOME,
    "HK": Market("HKD", "Asia/Hong_Kong"),
    "MO": Market("HKD", "Asia/Hong_Kong"),
    "TW": Market("TWD", "Asia/Taipei"),
    "SG": Market("SGD", "Asia/Singapore"),
    "MY": Market("MYR", "Asia/Kuala_Lumpur"),
    "JP": Market("JPY", "Asia/Tokyo"),
    "KR": Market("KRW", "Asia/Seoul"),
    "VN": Market("VND", "Asia/Ho_Chi_Minh"),
    "AU": Market("AUD", "Australia/Sydney"),
    "NZ": Market("NZD", "Pacific/Auckland"),
    "GB": Market("GBP", "Europe/London"),
    "US": Market("USD", "America/New_York"),
    "CA": Market("CAD", "America/Toronto"),
    **dict.fromkeys(("AT", "BE", "DE", "ES", "FR", "IE", "IT", "NL", "PT"), Market("EUR", "Europe/Berlin")),
}


def guessed(accept_language: str) -> Market:
    """Give the market of the first region that an `Accept-Language` names and that we know; else mainland China.

    `zh-Hant` without a region is Taiwan's.
    """
    for found in _REGION.finditer(accept_language[:300]):
        if market := BY_REGION.get(found.group(1).upper()):
            return market
    return BY_REGION["TW"] if accept_language.lower().startswith("zh-hant") else HOME
