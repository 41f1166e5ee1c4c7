"""What tiers, and what they include, are called wherever it is said: console, public site, mails. Pure."""

from collections.abc import Mapping
from typing import TYPE_CHECKING

from chalicelib.chinese import Words

if TYPE_CHECKING:
    from chalicelib.billing.prices import Included, TierKey

TIERS: "Mapping[TierKey, Words]" = {
    "free": {"zh": "免费版", "en": "Free"},
    "starter": {"zh": "起步版", "en": "Starter"},
    "growth": {"zh": "成长版", "en": "Growth"},
}
INCLUDED: "Mapping[Included, Words]" = {
    "orders_a_month": {"zh": "本月付款订单", "en": "Paid orders this month"},
    "leaders": {"zh": "团长", "en": "Leaders"},
    "staff": {"zh": "员工（不含店主）", "en": "Staff beside the owner"},
    "api_keys": {"zh": "API 密钥", "en": "API keys"},
}
CHINESE: Mapping[str, str] = {text["en"]: text["zh"] for text in (*TIERS.values(), *INCLUDED.values())}
"""These names as a part of the pages' catalogue, whose keys are the English ones."""
