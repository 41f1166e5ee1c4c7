"""What people read: their own language, the brand's amounts, and nothing that somebody else smuggled in."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.billing import names
from chalicelib.billing.prices import TIERS
from chalicelib.chinese import Language
from chalicelib.notices.rules import TEMPLATES, Template
from chalicelib.notices.texts import Facts, plain, render
from chalicelib.web import words
from chalicelib.web.languages import say

LINK = "https://shop.example/s/green/ld_1/o/ord_1.key"
PEARS = Facts(
    brand="Green Village", link=LINK, currency="CNY", amount_minor=123_456, goods=(("Pears", 2),), place="Gate 3"
)


def facts(**changes: object) -> Facts:
    known = {name: getattr(PEARS, name) for name in Facts.__struct_fields__}
    return Facts(**(known | changes))


def test_an_english_reader_reads_english() -> None:
    subject, text = render("order_paid", "en", PEARS)

    assert subject == "Green Village: your order is paid"
    assert text == (
        "Thank you! Green Village has received your payment of ¥1,234.56.\n\n"
        "2 × Pears\n\n"
        "Pick-up: Gate 3\n\n"
        f"{LINK}\n\n"
        "Green Village\n"
        "You get this message because of your order.\n"
    )


def test_a_chinese_reader_reads_chinese() -> None:
    subject, text = render("order_paid", "zh", facts(brand="绿村", goods=(("苹果", 3),), place="3号门"))

    assert subject == "「绿村」订单已付款"
    assert text == (
        "感谢您的订购！「绿村」已收到您的付款 ¥1,234.56。\n\n"
        "3 × 苹果\n\n"
        "自提：3号门\n\n"
        f"{LINK}\n\n"
        "绿村\n"
        "您收到此消息，是因为您在此下了订单。\n"
    )


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("template", TEMPLATES)
def test_every_notice_is_there_in_both_languages_with_nothing_left_to_fill_in(
    template: Template, language: Language
) -> None:
    for one in (PEARS, facts(part=True), facts(amount_minor=0), facts(goods=(), place="")):
        subject, text = render(template, language, one)
        assert "Green Village" in subject
        assert LINK in text
        assert "{" not in subject + text
        is_chinese = any("\u4e00" <= letter <= "\u9fff" for letter in subject)
        assert is_chinese == (language == "zh")
        assert "\n\n\n" not in text


def test_amounts_have_the_digits_of_their_currency() -> None:
    assert "¥5,000." in render("refund", "en", facts(currency="JPY", amount_minor=5_000))[1]
    assert render("refund", "en", facts(currency="USD", amount_minor=5))[0] == "Green Village: $0.05 refunded"


def test_a_part_refund_says_that_it_is_a_part() -> None:
    assert "A part of the payment" in render("refund", "en", facts(part=True))[1]
    assert "The whole payment" in render("refund", "en", PEARS)[1]
    assert "部分退款" in render("refund", "zh", facts(part=True))[1]


def test_an_order_that_cost_nothing_is_not_called_paid() -> None:
    subject, text = render("order_paid", "en", facts(amount_minor=0))

    assert "paid" not in subject
    assert "nothing to pay" in text


def test_tiers_and_what_they_include_are_called_as_in_the_console() -> None:
    shown = {tier.key: tier.name for tier in TIERS} | dict(words.INCLUDED_IN_TIER)
    told = dict(names.TIERS) | dict(names.INCLUDED)
    assert {key: text["en"] for key, text in told.items()} == shown
    assert {key: text["zh"] for key, text in told.items()} == {key: say("zh", text) for key, text in shown.items()}


@pytest.mark.parametrize(
    "newline", ["\n", "\r\n", "\r", "\u2028", "\u0085", "\x0b", "\x00"], ids=lambda text: repr(text)
)
def test_a_name_with_a_newline_makes_no_header(newline: str) -> None:
    subject, text = render("order_paid", "en", facts(brand=f"Green{newline}Bcc: all@evil.example"))

    assert subject == "Green Bcc: all@evil. example: your order is paid"
    assert "\nBcc" not in text


@pytest.mark.parametrize(
    ("typed", "read"),
    [
        ("https://evil.com/pay", "https: //evil. com/pay"),
        ("www.evil.com", "www. evil. com"),
        ("evil。com", "evil。 com"),
        ("HTTPS：／／evil．com", "HTTPS: ／／evil． com"),
        ("mail a@evil.com now", "mail a@evil. com now"),
        ("Fruit Co. Ltd, 1.5 kg at 12:30", "Fruit Co. Ltd, 1.5 kg at 12:30"),
        ("\u202emoc.live", "moc. live"),
        ("  3号门   东侧 ", "3号门 东侧"),
    ],
)
def test_what_somebody_typed_is_read_as_it_is_but_leads_nowhere(typed: str, read: str) -> None:
    assert plain(typed, 200) == read


@given(st.text(max_size=90), st.text(max_size=90), st.text(max_size=300), st.sampled_from(TEMPLATES))
def test_whatever_is_typed_the_subject_is_one_line_and_the_only_link_is_ours(
    brand: str, title: str, place: str, template: Template
) -> None:
    subject, text = render(template, "en", facts(brand=brand, goods=((title, 1),), place=place))

    assert len(subject) < 120
    assert not any(unicodedata.category(letter)[0] == "C" for letter in subject)
    rest = text.replace(LINK, "", 1)
    assert "://" not in rest
    assert not re.search(r"\w\.[^\W\d_]", rest)
