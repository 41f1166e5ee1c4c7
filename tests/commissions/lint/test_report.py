"""The report as a brand owner reads it, and as the console gets it."""

from datetime import UTC, datetime
from unicodedata import east_asian_width

import msgspec
import pytest

from chalicelib.commissions import presets
from chalicelib.commissions.lint.check import Report
from chalicelib.commissions.lint.findings import SEVEREST_FIRST, Override, blocking
from chalicelib.commissions.lint.lines import WIDTH, wrapped
from chalicelib.commissions.lint.report import render
from chalicelib.commissions.lint.setting import SettingInvalid, setting_of
from chalicelib.commissions.lint.words import money, percent
from tests.commissions.lint.plans import report_on, with_reward, without

NOW = datetime(2026, 11, 21, tzinfo=UTC)


def signed(rule_id: str) -> Override:
    return Override(rule_id=rule_id, by="owner@brand.example", at=NOW, reason="Our lawyer has looked at it.")


def columns(line: str) -> int:
    return sum(2 if east_asian_width(character) in "WF" else 1 for character in line)


def test_a_brand_owner_reads_why_breakaway_is_stopped():
    text = render(report_on("breakaway"), "en")

    assert "[BLOCK] You pay for heads, not for sales  (cn-pay-per-head)" in text
    assert "Where: invite bonus (rewards[3]), invite coupon (rewards[4])" in text
    assert "nothing has to be sold" in " ".join(text.split())
    assert "State Council Order 444" in text
    flowing = " ".join(text.split())
    assert "Each account brings 170.00 CNY (invite bonus 150.00 CNY; invite coupon 20.00 CNY)" in flowing
    assert "10 made-up accounts bring 1,700.00 CNY" in flowing


def test_a_brand_owner_reads_it_in_chinese():
    text = render(report_on("assessed"), "zh")

    assert "[警告] 升级要看招了多少人" in text
    assert "升高级团长要求直接邀请 5 名团长" in text
    assert "国务院令第444号" in text


def test_it_says_plainly_that_it_is_no_legal_advice():
    report = report_on("simple_referral")

    assert "not legal advice" in render(report, "en")
    assert "may have been revised" in " ".join(render(report, "en").split())
    assert "不是法律意见" in render(report, "zh")


@pytest.mark.parametrize("language", ["zh", "en"])
@pytest.mark.parametrize("preset", presets.NAMES)
def test_every_preset_reads_without_holes(preset, language):
    text = render(report_on(preset, people=30, levels=3), language)

    assert not any(hole in text for hole in ("{", "}", "None", "“”", "  。"))
    # Headings stand whole, so that a rule's id is not broken in two; closing marks hang over.
    assert max(columns(line) for line in text.splitlines() if line.startswith("    ")) <= WIDTH + 4


def test_the_severest_come_first():
    ranks = [SEVEREST_FIRST.index(finding.severity) for finding in report_on("breakaway").findings]

    assert ranks == sorted(ranks)
    assert len(set(ranks)) == 3


def test_each_source_is_told_once():
    text = render(report_on("breakaway"), "en")

    assert text.count("753 F.3d 878") == 1


def test_the_console_gets_it_as_json_and_back():
    report = report_on("three_tier")

    assert msgspec.json.decode(msgspec.json.encode(report), type=Report) == report


def test_places_are_named():
    names = report_on("assessed").place_names

    assert names["promotions[0].when.of[1]"].en == "Senior leader: leaders invited in person"
    assert names["probation.confirmed_when.of[0]"].zh == "转正：本人订单数"


def test_what_blocks_waits_for_an_override_of_each_rule():
    findings = report_on("breakaway").findings
    blocked = [finding.rule_id for finding in blocking(findings)]

    assert "cn-pay-per-head" in blocked
    assert [finding.rule_id for finding in blocking(findings, [signed("cn-pay-per-head")])] == [
        rule_id for rule_id in blocked if rule_id != "cn-pay-per-head"
    ]
    assert blocking(findings, map(signed, blocked)) == ()


def test_the_verdict_names_what_is_left_to_sign():
    report = report_on("breakaway")
    overrides = [signed(finding.rule_id) for finding in blocking(report.findings)]

    assert "owner signs for each with a reason: cn-team-pay" in " ".join(render(report, "en", overrides[:1]).split())
    assert "owner has signed for all that blocked the plan." in " ".join(render(report, "en", overrides).split())
    assert "品牌主都已签字" in render(report, "zh", overrides)


def test_that_nothing_blocks_a_plan_is_no_all_clear():
    assert render(report_on("assessed"), "en").endswith(
        "Nothing blocks the plan. Weigh what is warned of all the same: 11 in all.\n"
    )
    assert render(report_on("assessed"), "zh").endswith("没有阻断方案的问题。还有 11 条警告，请逐条权衡。\n")


def test_an_override_has_a_name_a_reason_and_a_moment():
    for field, value in (("by", ""), ("reason", ""), ("at", "2026-11-21T00:00:00")):
        with pytest.raises(msgspec.ValidationError):
            msgspec.convert({**msgspec.to_builtins(signed("cn-team-pay")), field: value}, Override)


def test_the_dearest_sale_is_shown_share_by_share():
    worst = report_on("three_tier").worst_sale

    assert worst.share_bp == 3_700
    assert [(part.kind, part.amount_minor) for part in worst.parts] == [
        ("retail", 300_000_00), ("tier_rebate", 50_000_00), ("same_rank_referral", 10_000_00), ("dividend", 10_000_00),
    ]  # fmt: skip


def test_a_plan_that_pays_nothing_is_told_so():
    report = report_on(without("simple_referral", "retail", "direct_referral", "acquisition"))

    assert report.findings == ()
    assert "At most one sale pays out 0%" in render(report, "en")
    assert render(report, "en").endswith("Nothing blocks the plan.\n")


def test_amounts_and_shares_are_written_as_people_write_them():
    assert money(3980000, "CNY") == "39,800.00 CNY"
    assert money(5000, "JPY") == "5,000 JPY"
    assert (percent(1, 3), percent(1, 2), percent(1, 1), percent(0, 5)) == ("33.34%", "50%", "100%", "0%")


def test_a_share_is_rounded_up_so_that_it_never_looks_smaller():
    document = with_reward("simple_referral", "acquisition", min_paid_minor=3_33)

    assert report_on(document).worst_sale.share_bp == 16_277  # (33 + 9 + 500) ÷ 333 = 1.6276…


def test_lines_fit_the_terminal_and_never_begin_with_a_closing_mark():
    lines = wrapped("一二三四五六七八九十，" * 30, "    ")

    assert all(columns(line) <= WIDTH + 2 for line in lines)
    assert not any(line.strip().startswith("，") for line in lines)
    assert "".join(line.strip() for line in lines) == "一二三四五六七八九十，" * 30


def test_english_is_broken_between_words():
    text = " ".join(["commission"] * 40)

    assert " ".join(line.strip() for line in wrapped(text, "  ")) == text
    assert all(columns(line) <= WIDTH for line in wrapped(text, "  "))


@pytest.mark.parametrize(
    ("where", "channels", "currency", "figures", "param"),
    [
        (["MARS"], [], "CNY", {}, "jurisdictions"),
        ([], ["fax"], "CNY", {}, "channels"),
        ([], [], "DOGE", {}, "currency"),
        ([], [], "CNY", {"margin_bp": 10_001}, "margin_bp"),
        ([], [], "CNY", {"people": -1}, "people"),
    ],
)
def test_a_setting_that_makes_no_sense_is_refused_by_its_field(where, channels, currency, figures, param):
    with pytest.raises(SettingInvalid) as refused:
        setting_of(where, channels, currency, **figures)

    assert refused.value.param == param
