"""The texts of all notices, in the receiver's language. Pure.

What brands and buyers typed (names, titles, pick-up notes) is made plain first: one line, and nothing in it that a mail
program would turn into a link. The only link in a message is ours.
"""

import re
import unicodedata
from typing import Literal

from msgspec import Struct

from chalicelib.billing.prices import Included, TierKey
from chalicelib.chinese import Language, Words, said, written
from chalicelib.money import signed_text
from chalicelib.notices import owner_texts
from chalicelib.notices.rules import Template

NAME_LENGTH = 60
NOTE_LENGTH = 200

_LINKING_DOT = re.compile(r"(?<=\w)([.．。｡])(?=[^\W\d_])")
_SCHEME = re.compile(r"[:：](?=\s*[/／]{2})")


class Facts(Struct, frozen=True, kw_only=True):
    """What a text is filled with. `amount_minor` in `currency`; `goods` are titles with their number of units.

    `part`: only a part was given back. `place`: where the goods are picked up. `tier`: of the brand's own subscription,
    `what` it includes too little of, `until` a day of the brand's (`2026-12-06`).
    """

    brand: str
    link: str
    currency: str
    amount_minor: int = 0
    goods: tuple[tuple[str, int], ...] = ()
    place: str = ""
    part: bool = False
    tier: TierKey = "free"
    what: tuple[Included, ...] = ()
    until: str = ""


def render(template: Template, language: Language, facts: Facts) -> tuple[str, str]:
    """Give a notice's subject and plain text."""
    written_in: Literal["zh", "en"] = "en" if language == "en" else "zh"
    texts = _TEXTS[written_in] | owner_texts.TEXTS[written_in]
    given = texts[_variant(template, facts)]
    subject, opening, why = (written(text, language) for text in given)
    words = {
        "brand": plain(facts.brand, NAME_LENGTH),
        "amount": signed_text(facts.amount_minor, facts.currency),
        **owner_texts.words(facts.tier, facts.what, facts.until, language),
    }
    place = plain(facts.place, NOTE_LENGTH)
    parts = [
        opening.format_map(words),
        "\n".join(f"{qty} × {plain(title, NAME_LENGTH)}" for title, qty in facts.goods),
        said(_PLACE, language).format(place=place) if place else "",
        facts.link,
        f"{words['brand']}\n{said(_WHY[why], language)}",
    ]
    return subject.format_map(words), "\n\n".join(part for part in parts if part) + "\n"


def plain(text: str, longest: int) -> str:
    """Make one line of what somebody typed, with nothing in it that becomes a link (`evil.com`: `evil. com`)."""
    printable = "".join(
        " " if unicodedata.category(letter)[0] in "CZ" else letter for letter in unicodedata.normalize("NFC", text)
    )
    apart = _SCHEME.sub(": ", _LINKING_DOT.sub(r"\1 ", printable))
    return " ".join(apart.split())[:longest]


def _variant(template: Template, facts: Facts) -> str:
    if template == "order_paid" and not facts.amount_minor:
        return "order_free"
    if template == "tier_began" and facts.until:
        return "tier_tried"
    return "refund_part" if template == "refund" and facts.part else template


_PLACE: Words = {"zh": "自提：{place}", "en": "Pick-up: {place}"}
_WHY: dict[str, Words] = {
    "buyer": {
        "zh": "您收到此消息，是因为您在此下了订单。",
        "en": "You get this message because of your order.",
    },
    "leader": {
        "zh": "您收到此消息，是因为您是该品牌的团长。",
        "en": "You get this message because you lead for this brand.",
    },
    "owner": {
        "zh": "您收到此消息，是因为您是该品牌的店主。",
        "en": "You get this message because this brand is yours.",
    },
}

_TEXTS: dict[str, dict[str, tuple[str, str, str]]] = {
    "zh": {
        "order_paid": ("「{brand}」订单已付款", "感谢您的订购！「{brand}」已收到您的付款 {amount}。", "buyer"),
        "order_free": ("「{brand}」已收到您的订单", "感谢您的订购！订单已确认，无需付款。", "buyer"),
        "refund": (
            "「{brand}」已退款 {amount}",
            "您的订单已全额退款 {amount}，将原路退回，到账时间以银行为准，一般不超过十天。",
            "buyer",
        ),
        "refund_part": (
            "「{brand}」已退款 {amount}",
            "您的订单已部分退款 {amount}，将原路退回，到账时间以银行为准，一般不超过十天。",
            "buyer",
        ),
        "case_answered": (
            "「{brand}」已处理您的售后申请",
            "您的售后申请已处理，请打开订单页，点“申请售后”查看结果。",
            "buyer",
        ),
        "group_succeeded": ("「{brand}」已成团", "已成团！您的订单将按计划发货或备货。", "buyer"),
        "group_failed": (
            "「{brand}」未能成团",
            "很抱歉，截止时人数或数量不足，未能成团，您的订单已取消。款项将全额退回，退款完成后会再通知您。",
            "buyer",
        ),
        "group_extended": (
            "「{brand}」拼团已延期",
            "截止时尚未成团，拼团已延期一次。您的订单保留，无需操作。",
            "buyer",
        ),
        "ready": ("「{brand}」可以提货了", "您的订单已到，可以提货了。提货时请出示以下页面。", "buyer"),
        "payout": ("「{brand}」已向您付款 {amount}", "您的佣金 {amount} 已汇出。明细见对账单：", "leader"),
        "payout_changed": (
            "「{brand}」您的收款账户已变更",
            "您的佣金收款账户刚刚被更改，三天内暂停打款。如果是您本人操作，无需处理；如果不是，请立即登录改回，并联系品牌：",
            "leader",
        ),
    },
    "en": {
        "order_paid": (
            "{brand}: your order is paid",
            "Thank you! {brand} has received your payment of {amount}.",
            "buyer",
        ),
        "order_free": (
            "{brand}: we have your order",
            "Thank you! Your order is confirmed, and there is nothing to pay.",
            "buyer",
        ),
        "refund": (
            "{brand}: {amount} refunded",
            "The whole payment for your order was refunded: {amount}. It returns the way you paid; your bank may "
            "take up to ten days to show it.",
            "buyer",
        ),
        "refund_part": (
            "{brand}: {amount} refunded",
            "A part of the payment for your order was refunded: {amount}. It returns the way you paid; your bank may "
            "take up to ten days to show it.",
            "buyer",
        ),
        "case_answered": (
            "{brand} has answered your complaint",
            "There is an answer to what you said was wrong. It is on your order's page, below “Something is wrong”.",
            "buyer",
        ),
        "group_succeeded": (
            "{brand}: the group is complete",
            "The group is complete, and your order goes ahead.",
            "buyer",
        ),
        "group_failed": (
            "{brand}: the group did not come together",
            "Sorry: too little was ordered by the deadline, so your order is cancelled. Your whole payment is being "
            "given back; you are told when it is done.",
            "buyer",
        ),
        "group_extended": (
            "{brand}: the group has more time",
            "The group was not complete at the deadline and has been given more time, once. Your order stays as it is; "
            "there is nothing to do.",
            "buyer",
        ),
        "ready": (
            "{brand}: your order is ready",
            "Your order is here and can be picked up. Please show this page there.",
            "buyer",
        ),
        "payout": (
            "{brand}: {amount} paid out to you",
            "Your commissions of {amount} are on their way to your account. The statement shows what they are made of:",
            "leader",
        ),
        "payout_changed": (
            "{brand}: your payout account was changed",
            "The account that your commissions are paid to has just been changed; payouts wait for three days. If it "
            "was you, there is nothing to do. If not, sign in at once, change it back, and tell the brand:",
            "leader",
        ),
    },
}
