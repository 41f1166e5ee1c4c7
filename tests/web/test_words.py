"""Languages, money and moments as people read them; and names that would rather be scripts."""

import re
from datetime import UTC, datetime
from importlib.resources import files
from pathlib import Path

import pytest

from chalicelib.errors import Invalid
from chalicelib.imports import tracking_rows
from chalicelib.orders.customers import check_customer
from chalicelib.orders.lines import Customer
from chalicelib.people.codes import CodeRefused
from chalicelib.web import audit_words, forms, languages, rendering, words

WEB = Path(str(files("chalicelib.web")))
SCRIPT = "<script>alert(1)</script>"
ATTRIBUTE = '"><img src=x onerror=alert(1)>'


def sentences():
    """Every sentence that pages show."""
    for template in WEB.glob("templates/**/*.html"):
        yield from re.findall(r'_\(\s*"([^"]+)"', template.read_text("utf-8"))
    for module in WEB.glob("*.py"):
        yield from re.findall(r'\.say\("([^"]+)"', module.read_text("utf-8"))
    for table in (words.ORDER_STATES, words.REFUND_STATES, words.LEADER_STATUSES, words.PAYOUT_STATES, words.ROLES):
        yield from table.values()
    for table in (words.IMPORT_KINDS, words.IMPORT_STATES, words.IMPORT_PROBLEMS, tracking_rows.SAID):
        yield from table.values()
    for table in (words.COUPON_STATES, words.CHANGES, words.ACCOUNTS, words.PLACES, words.VERSION_STATES):
        yield from table.values()
    for table in (words.CASE_STATES, words.CASE_LISTS, words.CASE_REASONS, words.CASE_WISHES, words.CASE_ASKERS):
        yield from table.values()
    for table in (words.CASE_GOODS, words.REFUND_FAILURES, words.ORDER_STANDINGS, words.CAMPAIGN_PHASES):
        yield from table.values()
    for table in (words.NEEDS, words.PERIODS):
        yield from table.values()
    for table in (words.BOARD_KINDS, words.PRIZE_STATES, words.REVIEW_STATES):
        yield from table.values()
    for table in (words.NOTICES, words.NOTICE_STATES, words.NOTICE_REASONS, words.CHANNELS):
        yield from table.values()
    for table in (audit_words.KINDS, audit_words.FIELDS, words.ROLE_MEANS, words.EXPORT_KINDS, words.EXPORT_STATES):
        yield from table.values()
    for table in (words.PLAN_FIELDS, words.PLAN_CHOICES, words.PLAN_PARTS):
        yield from table.values()
    yield from words.TIERS
    for table in (words.INCLUDED_IN_TIER, words.BILL_NOTICES, words.TIER_STATES):
        yield from table.values()
    for pair in words.TIER_INCLUDES.values():
        yield from pair
    yield words.OTHER_NOTICE_REASON
    for pair in words.PRESETS.values():
        yield from pair


def test_every_sentence_is_translated_with_the_same_blanks():
    known = languages.catalogue("zh")
    found = set(sentences())
    assert len(found) > 200
    assert not {sentence for sentence in found if sentence not in known}
    for sentence, translated in known.items():
        assert set(re.findall(r"{(\w+)}", translated)) == set(re.findall(r"{(\w+)}", sentence)), sentence


@pytest.mark.parametrize(
    ("asked", "own", "accepted", "language"),
    [
        ("", None, "", "zh"),
        ("", None, "en-GB,en;q=0.9,zh;q=0.8", "en"),
        ("", None, "fr;q=1, zh-CN;q=0.9, en;q=0.5", "zh"),
        ("", "zh", "en", "zh"),
        ("en", "zh", "zh", "en"),
        ("xx", None, "en;q=0, zh;q=0.1", "zh"),
        ("", None, ";;;=q,,\x00" * 200, "zh"),
    ],
)
def test_the_address_then_the_person_then_the_browser_choose_the_language(asked, own, accepted, language):
    assert languages.choose(asked, own, accepted) == language


@pytest.mark.parametrize(
    ("accepted", "language"), [("", None), ("fr, de;q=0.5", None), ("zh-CN, en;q=0.8", "zh"), ("fr, en;q=0.1", "en")]
)
def test_a_system_that_names_no_language_of_ours_is_known_as_such(accepted, language):
    assert languages.preferred(accepted) == language


def test_a_language_asked_for_is_carried_along(site):
    visitor = site.browser("zh").open("/?lang=en").follow("Open your brand")
    assert "How leaders earn" in visitor.page.text
    assert 'lang="en"' in visitor.page.html


def test_refusals_are_said_in_the_readers_language():
    assert languages.explain("en", CodeRefused()).startswith("This code is wrong")
    assert languages.explain("zh", CodeRefused()).startswith("验证码错误")
    assert "手机号" in languages.explain("zh", Invalid("no phone", param="phone"))


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"pickup": None}, "或选择自提"), ({"pickup": "x" * 201}, "自提备注最多 200"), ({"name": "x" * 61}, "60 个字")],
)
def test_what_a_buyer_has_to_mend_is_said_in_chinese(wrong, said):
    buyer = Customer(**({"name": "Li Na", "phone": "13800138000", "pickup": "gate 2"} | wrong))
    with pytest.raises(Invalid) as refused:
        check_customer(buyer)
    assert said in languages.explain("zh", refused.value)


@pytest.mark.parametrize(
    ("sentence", "values", "said"),
    [
        ("{count} units", {"count": 1}, "1 unit"),
        ("{count} units", {"count": 11}, "11 units"),
        ("{people} people, {units} units", {"people": 1, "units": 2}, "1 person, 2 units"),
        ("{price}: {missing} more units to go.", {"missing": 1, "price": "¥9"}, "¥9: 1 more unit to go."),
        ("{have} of {need} people: {missing} to go", {"have": 1, "need": 1, "missing": 0}, "1 of 1 people: 0 to go"),
        ("{count} orders are handed out.", {"count": "1"}, "1 order is handed out."),
        ("{days} days and {hours} hours left", {"days": 1, "hours": 1}, "1 day and 1 hour left"),
    ],
)  # fmt: skip
def test_one_of_something_is_said_as_one(sentence, values, said):
    assert languages.say("en", sentence, **values) == said


def test_money_and_moments():
    assert rendering.money(123456, "CNY") == "¥1,234.56"
    assert rendering.money(-5, "USD") == "−$0.05"
    assert rendering.money(1234567, "JPY") == "¥1,234,567"
    assert [rendering.percent(bp) for bp in (2000, 1250, 5, 0)] == ["20%", "12.5%", "0.05%", "0%"]
    at = datetime(2026, 3, 2, 20, 30, tzinfo=UTC)
    assert rendering.moment(at, "Asia/Shanghai", "zh", year=True) == "2026年3月3日 04:30"
    assert rendering.moment(at, "Asia/Shanghai", "en") == "3 Mar 04:30"


def test_forms_read_numbers_as_people_write_them():
    form = forms.read(b"price=1%2C999.9&rate=12.5%25&count=-3&at=2026-03-02T08%3A00&name=%E6%9D%8E")
    assert form.money("price", "CNY") == 199990
    assert form.percent_bp("rate") == 1250
    assert form.integer("count") == -3
    assert form.moment("at", "Asia/Shanghai") == datetime(2026, 3, 2, 0, 0, tzinfo=UTC)
    assert form["name"] == "李"
    assert form.percent_bp("nothing") is None


@pytest.mark.parametrize("typed", ["", "abc", "1.2.3", "-5", "１２", "9" * 30, "1e3", "0x10"])
def test_what_is_no_amount_is_refused_by_name(typed):
    with pytest.raises(forms.FormInvalid) as refused:
        forms.Form({"price": typed}).money("price", "CNY")
    assert refused.value.param == "price"


@pytest.mark.parametrize("typed", ["x", "1.234", "１", "-1", "1000", "1.x"])
def test_what_is_no_percentage_is_refused(typed):
    with pytest.raises(forms.FormInvalid):
        forms.Form({"rate": typed}).percent_bp("rate")


@pytest.mark.parametrize("typed", ["", "tomorrow", "0001-01-01T00:00", "9999-12-31T23:59", "2026-13-01T00:00"])
def test_what_is_no_moment_is_refused(typed):
    with pytest.raises(forms.FormInvalid):
        forms.Form({"at": typed}).moment("at", "Asia/Shanghai")


@pytest.mark.parametrize("evil", [SCRIPT, ATTRIBUTE])
def test_a_script_in_any_name_is_shown_as_text(site, evil):
    brand = site.a_brand(name=f"B {evil}")
    leader = site.a_leader(brand, name=f"L {evil}")
    owner = site.signed_in("owner@example.com").open("/console/green-village/products/new")
    owner.send(
        "new", title=f"P {evil}", description=evil, unit="box", sale_price_minor="18", list_price_minor="25",
        stock="9", rate_bp="20",
    )  # fmt: skip
    owner.open("/console/green-village/campaigns/new")
    quantity = next(name for name in owner.page.forms[0]["names"] if name.startswith("quantity."))
    owner.send("new", title=f"C {evil}", **{quantity: "5"})
    customer = site.browser().open(f"/s/green-village/{leader.leader_id}")
    field = next(name for name in customer.page.forms[0]["names"] if name.startswith("qty."))
    shown = [customer.page.html]
    customer.send(name=evil, phone="bad", pickup=evil, email=evil, **{field: "1"})
    shown.append(customer.page.html)
    customer.send(name=evil, phone="13800138000", pickup=evil, email="", **{field: "1"})
    site.pay(brand, "cs_test_1")
    link = site.order_link(brand, site.stripe.sessions["cs_test_1"])
    order_id = site.stripe.sessions["cs_test_1"]["metadata"]["order_id"]
    shown.append(customer.open(link).page.html)
    for path in ("", "/products", "/campaigns", "/leaders", f"/leaders/{leader.leader_id}", "/orders",
                 f"/orders/{order_id}", "/settings", "/team"):  # fmt: skip
        shown.append(owner.open(f"/console/green-village{path}").page.html)
    leader_browser = site.signed_in("leader@example.com")
    shown += [leader_browser.open(f"/lead/green-village{path}").page.html for path in ("", "/team", "/payout")]
    shown += [site.browser().open(f"/join/green-village/{leader.invite_code}").page.html]
    for html in shown:
        assert "<main" in html
        assert "<script>" not in html
        assert "<img src=x" not in html
    assert sum("&lt;" in html for html in shown) == len(shown)
