"""Traditional Chinese: every text of ours can be read in it, what people typed stays as they typed it."""

import re
from datetime import UTC, datetime

import pytest

from chalicelib import chinese
from chalicelib.chinese import said, traditional
from chalicelib.errors import Invalid
from chalicelib.notices.texts import Facts, render
from chalicelib.orders import store as orders
from chalicelib.pasting.doubts import doubt
from chalicelib.people.codes import CodeRefused
from chalicelib.planning.reasons import in_chinese
from chalicelib.statements import phrases
from chalicelib.tenancy import acting_for
from chalicelib.web import languages, rendering
from chalicelib.web.entered_rows import _sentence
from infra.traditional import HAN, texts

TEXTS = sorted(set(texts()))
BLANKS = re.compile(r"{(\w+)}")


# ------------------------------------------------------------------------------------------------ the texts


def test_every_text_is_written_without_a_simplified_character():
    """Big5 holds the Traditional characters, and none that are only Simplified."""
    left = {text: traditional(text) for text in TEXTS if not is_big5("".join(HAN.findall(traditional(text))))}
    assert len(TEXTS) > 1_500
    assert left == {}, "run `make catalogues`: the table of characters is out of date"


def test_every_text_keeps_its_blanks():
    assert not [text for text in TEXTS if BLANKS.findall(traditional(text)) != BLANKS.findall(text)]


@pytest.mark.parametrize(
    ("simplified", "written"),
    [
        ("复制", "複製"), ("恢复", "恢復"), ("回复", "回覆"), ("重复", "重複"), ("标签", "標籤"), ("签字", "簽字"),
        ("标准", "標準"), ("核准", "核准"), ("公里", "公里"), ("群里", "群裡"), ("注册", "註冊"), ("关注", "關注"),
        ("分钟后", "分鐘後"), ("后台", "後台"), ("人头发奖励", "人頭發獎勵"), ("汇总", "彙總"), ("汇款", "匯款"),
        ("每周", "每週"), ("占销售额", "佔銷售額"), ("若干", "若干"), ("团长开团", "團長開團"), ("账户", "帳戶"),
    ],
)  # fmt: skip
def test_one_character_for_several_is_written_as_its_word_asks(simplified, written):
    assert traditional(simplified) == written


@pytest.mark.parametrize(
    ("mainland", "taiwan"),
    [
        ("登录", "登入"), ("退出登录", "登出"), ("短信", "簡訊"), ("二维码", "QR 碼"), ("邀请链接", "邀請連結"),
        ("可提现", "可提領"), ("打款", "撥款"), ("“可以”", "「可以」"), ("列", "欄"), ("行", "列"),
        ("排行榜", "排行榜"),
    ],
)  # fmt: skip
def test_things_are_called_as_they_are_called_there(mainland, taiwan):
    assert traditional(mainland) == taiwan


def test_the_tables_wait_until_somebody_reads_traditional_chinese():
    chinese.traditional.cache_clear()
    chinese._words.cache_clear()
    chinese._characters.cache_clear()

    assert languages.say("zh", "Sign in") == "登录"
    assert (chinese._words.cache_info().currsize, chinese._characters.cache_info().currsize) == (0, 0)
    assert languages.say("zh-Hant", "Sign in") == "登入"


# ------------------------------------------------------------------------------------------------ who reads it


@pytest.mark.parametrize(
    ("accepted", "language"),
    [
        ("zh-TW,zh;q=0.9,en;q=0.8", "zh-Hant"),
        ("zh-HK", "zh-Hant"),
        ("zh-Hant-MO", "zh-Hant"),
        ("ZH-MO", "zh-Hant"),
        ("zh-CN,zh-TW;q=0.9", "zh"),
        ("zh-Hans-HK", "zh"),
        ("en;q=0.5,zh-Hant;q=0.9", "zh-Hant"),
        ("zh-TW;q=0, en", "en"),
        ("zh-twi", "zh"),
    ],
)
def test_the_browser_may_ask_for_it_by_script_or_place(accepted, language):
    assert languages.choose("", None, accepted) == language


def test_a_page_says_that_it_is_traditional_and_offers_the_others(site):
    html = site.browser("zh-TW").open("/signup").page.html

    assert '<html lang="zh-Hant">' in html
    assert '<span aria-current="true">繁體中文</span>' in html
    assert 'href="?lang=zh"' in html
    assert 'href="?lang=en"' in html
    assert "團長如何獲得佣金" in html
    assert is_big5("".join(HAN.findall(html.replace("简体中文", ""))))


def test_asked_for_in_the_address_it_is_carried_along(site):
    visitor = site.browser("en").open("/?lang=zh-Hant").follow("建立品牌")
    assert 'lang="zh-Hant"' in visitor.page.html
    assert "您的姓名" in visitor.page.text


def test_a_person_keeps_it_and_signs_in_with_it(site):
    site.a_brand()
    owner = site.signed_in("owner@example.com").open("/me?stay=1")
    owner.send("me", name="王小明", language="zh-Hant")

    assert '<html lang="zh-Hant">' in owner.open("/console/green-village").page.html
    site.browser("zh-HK").open("/signin").send("signin", email="owner@example.com")
    assert "您的登入驗證碼" in site.mailbox.letters[-1].subject


def test_an_order_is_answered_in_it(site):
    brand = site.a_brand()
    leader = site.a_leader(brand, name="后里的里长")
    site.a_campaign(brand, title="周末团购")
    buyer = site.browser("zh-TW").open(f"/s/green-village/{leader.leader_id}")
    field = next(name for name in buyer.page.forms[0]["names"] if name.startswith("qty."))

    assert "后里的里长" in buyer.page.text, "names stay as they were typed"
    assert "周末团购" in buyer.page.text
    buyer.send(name="李", phone="0912345678", pickup="后门", email="", **{field: "1"})
    with acting_for(brand.tenant_id):
        order = orders.get(brand.tenant_id, site.stripe.sessions["cs_test_1"]["metadata"]["order_id"])
    assert order.language == "zh-Hant"


# ------------------------------------------------------------------------------------------------ what it says


def test_refusals_and_moments_and_reasons():
    assert languages.explain("zh-Hant", CodeRefused()).startswith("驗證碼錯誤")
    assert "手機號碼" in languages.explain("zh-Hant", Invalid("no phone", param="phone"))
    at = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)
    assert rendering.moment(at, "Asia/Taipei", "zh-Hant", year=True) == "2026年3月3日 04:30"
    assert in_chinese("there is no rank 团长", "zh-Hant") == "沒有等級 团长"


def test_a_notice_converts_our_words_and_not_the_brands():
    facts = Facts(brand="里山农场", link="https://shop.example/o", currency="CNY", amount_minor=500, place="后门")
    subject, text = render("order_paid", "zh-Hant", facts)

    assert subject == "「里山农场」訂單已付款"
    assert "感謝您的訂購！「里山农场」已收到您的付款 ¥5.00。" in text
    assert "自取：后门" in text


def test_a_statement_converts_our_words_and_not_the_names():
    sentence = said(phrases.REWARDS["retail"], "zh-Hant").format(sales="200.00", rate="10%", amount="20.00")
    assert sentence == "您售出 200.00，銷售佣金（10%）為 20.00。"
    assert said(phrases.THEIRS, "zh-Hant").format(leader="后里") == "后里的"


def test_a_doubt_quotes_what_was_pasted_as_it_was():
    assert _sentence(doubt("unread_words", words="随便 里面"), "zh-Hant") == "有些字沒有讀懂：随便 里面"
    assert _sentence(doubt("no_qty"), "zh-Hant") == "沒有寫數量，先按 1 算。"


def is_big5(text: str) -> bool:
    return text == text.encode("cp950", "ignore").decode("cp950")
