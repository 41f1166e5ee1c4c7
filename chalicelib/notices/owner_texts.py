"""What an owner reads of the brand's own subscription: subject, text, and whom it is for. Pure."""

from collections.abc import Mapping
from datetime import date
from typing import Literal

from chalicelib.billing import names
from chalicelib.billing.prices import Included, TierKey
from chalicelib.chinese import Language, Words, said
from chalicelib.chinese.months import MONTHS

_AND: Words = {"zh": "；", "en": "; "}


def words(tier: TierKey, what: tuple[Included, ...], until: str, language: Language) -> dict[str, str]:
    """Give what fills the blanks of these texts; `until` is a day (`2026-12-06`), or empty."""
    return {
        "tier": said(names.TIERS[tier], language),
        "what": said(_AND, language).join(said(names.INCLUDED[one], language) for one in what),
        "day": _day(until, language) if until else "",
    }


def _day(until: str, language: Language) -> str:
    day = date.fromisoformat(until)
    if language == "en":
        return f"{day.day} {MONTHS[day.month - 1]} {day.year}"
    return f"{day.year}年{day.month}月{day.day}日"


TEXTS: Mapping[Literal["zh", "en"], dict[str, tuple[str, str, str]]] = {
    "zh": {
        "tier_began": (
            "「{brand}」已订阅{tier}",
            "感谢订阅！您的套餐为“{tier}”，每月 {amount}，可随时取消。账单、更换和取消都在这里：",
            "owner",
        ),
        "tier_tried": (
            "「{brand}」已订阅{tier}",
            "感谢订阅！您的套餐为“{tier}”，{day}之前免费，之后每月 {amount}，可随时取消。账单、更换和取消都在这里：",
            "owner",
        ),
        "tier_ended": (
            "「{brand}」的订阅已结束",
            "“{tier}”订阅已结束，不再扣款，现按免费版额度计算。您的数据都在，下单和打款照常。想再次订阅，请打开：",
            "owner",
        ),
        "tier_unpaid": (
            "「{brand}」套餐扣款失败",
            "“{tier}”的费用未能扣款成功。请在{day}之前打开以下页面，点“发票与付款方式”，更换付款方式或支付账单；"
            "到期后将按免费版额度计算。下单和打款不受影响。",
            "owner",
        ),
        "tier_lapsed": (
            "「{brand}」套餐费用逾期",
            "“{tier}”的费用逾期未付，目前按免费版额度计算。打开以下页面，点“发票与付款方式”付清账单，即可立即恢复原套餐。"
            "下单和打款不受影响。",
            "owner",
        ),
        "tier_near": (
            "「{brand}」的套餐额度即将用完",
            "“{tier}”的额度已使用八成以上：{what}。目前一切照常；如需更多，可在这里升级套餐：",
            "owner",
        ),
        "tier_above": (
            "「{brand}」的用量已超出套餐",
            "用量已超出“{tier}”：{what}。请在{day}之前升级套餐，到期后将不能开新团。下单和打款照常。",
            "owner",
        ),
        "tier_stopped": (
            "「{brand}」暂时不能开新团",
            "用量超出“{tier}”（{what}），暂时不能开新团。升级套餐后立即恢复。下单和打款不受影响。",
            "owner",
        ),
    },
    "en": {
        "tier_began": (
            "{brand} has subscribed to {tier}",
            "Thank you! Your tier is “{tier}”, at {amount} a month; you can end it at any time. Invoices, other tiers "
            "and the end of it are here:",
            "owner",
        ),
        "tier_tried": (
            "{brand} has subscribed to {tier}",
            "Thank you! Your tier is “{tier}”. It is free until {day}, then {amount} a month; you can end it at any "
            "time. Invoices, other tiers and the end of it are here:",
            "owner",
        ),
        "tier_ended": (
            "{brand}: the subscription has ended",
            "Your subscription to “{tier}” has ended. Nothing more is charged, and the limits of the free tier hold. "
            "All your data is there, orders and payouts go on. To subscribe again:",
            "owner",
        ),
        "tier_unpaid": (
            "{brand}: the payment for your tier failed",
            "The payment for “{tier}” did not go through. Open the page below by {day}, choose “Invoices and card”, "
            "and change the card or pay the invoice; after that day the limits of the free tier hold. Orders and "
            "payouts are not touched.",
            "owner",
        ),
        "tier_lapsed": (
            "{brand}: the payment for your tier is overdue",
            "The payment for “{tier}” is overdue, so the limits of the free tier hold. Open the page below, choose "
            "“Invoices and card” and pay the open invoice: your tier is back at once. Orders and payouts are not "
            "touched.",
            "owner",
        ),
        "tier_near": (
            "{brand}: your tier is nearly used up",
            "Four fifths or more of what “{tier}” includes is used: {what}. Nothing has changed yet; if you need more, "
            "choose a larger tier here:",
            "owner",
        ),
        "tier_above": (
            "{brand} has outgrown its tier",
            "You use more than “{tier}” includes: {what}. Choose a larger tier by {day}; after that no new campaigns "
            "can be opened. Orders and payouts go on.",
            "owner",
        ),
        "tier_stopped": (
            "{brand}: no new campaigns can be opened",
            "You use more than “{tier}” includes ({what}), so no new campaigns can be opened. Choose a larger tier, "
            "and it goes on at once. Orders and payouts are not touched.",
            "owner",
        ),
    },
}
