"""What a leader and a brand read: one sentence for each kind of entry and reward, in both languages."""

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, get_args

import msgspec
import pytest

import chalicelib
from chalicelib.commissions import presets
from chalicelib.commissions.rules.accrual import accrue
from chalicelib.commissions.rules.reward import Kind, Reward
from chalicelib.ledger.entries import Entry, postings
from chalicelib.money import percent_text
from chalicelib.statements import phrases
from chalicelib.statements.sentences import Reader, sentence_for_brand, sentence_for_leader, short_order
from tests.commissions.rules.builders import leader, line, sale
from tests.commissions.rules.strategies import CAPPED

ORDER = "ord_06q8y4m2zk3f9n1c7d5e"
PLANS = {number: presets.load(name) for number, name in enumerate(presets.NAMES, start=1)} | {99: CAPPED}
VERSION = {name: number for number, name in enumerate(presets.NAMES, start=1)}


def read(language: str, leader_id: str | None = "me") -> Reader:
    return Reader(
        language, lambda leader_id: {"ld_wang": "Wang"}.get(leader_id, leader_id), PLANS.__getitem__, leader_id
    )


def told(preset: str | int, reward: dict[str, Any]) -> tuple[str, str]:
    """A reward's sentence in English and Chinese."""
    version = VERSION[preset] if isinstance(preset, str) else preset
    common = {"leader_id": "me", "base_minor": 0, "rate_bp": None, "rank": PLANS[version].ranks[-1].id}
    facts = {"order": ORDER, "plan_version": version, "rewards": [common | reward]}
    en, zh = (sentence_for_leader("accrual", facts, {"held": 1}, "CNY", read(language)) for language in ("en", "zh"))
    return en, zh


REWARDS: list[tuple[str, dict[str, Any], str, str]] = [
    (
        "simple_referral",
        {"kind": "retail", "amount_minor": 2_000, "rate_bp": 1_000, "sales_minor": 20_000},
        "You sold 200.00; your margin (10%) is 20.00.",
        "您售出 200.00，销售佣金（10%）为 20.00。",
    ),
    (
        "breakaway",
        {"kind": "retail", "amount_minor": 4_000, "sales_minor": 20_000},
        "You sold 200.00; each product has its own rate, and your margin is 40.00 in all.",
        "您售出 200.00，各商品按各自的比例计算，销售佣金共 40.00。",
    ),
    (
        "assessed",
        {"kind": "retail", "amount_minor": 3_000, "rate_bp": 8_000, "sales_minor": 20_000},
        "You sold 200.00; as Senior leader your settlement price is 80% of the list price, and what was paid above it "
        "is yours: 30.00.",
        "您售出 200.00；您作为高级团长，结算价为标价的 80%，差价归您：30.00。",
    ),
    (
        "simple_referral",
        {"kind": "direct_referral", "amount_minor": 600, "rate_bp": 300, "source_id": "C", "sales_minor": 20_000},
        "C, whom you invited, sold 200.00; you earn 3% of it: 6.00.",
        "您邀请的C售出 200.00，您获得其中的 3%：6.00。",
    ),
    (
        "assessed",
        {"kind": "incubation", "amount_minor": 1_000, "rate_bp": 500, "source_id": "C", "source_rank": "senior",
         "sales_minor": 20_000},
        "C, whom you invited and who has become Senior leader, sold 200.00; "
        "as Senior leader you earn 5% of it: 10.00.",
        "您邀请的C已成长为高级团长，售出 200.00；您作为高级团长获得 5% 的育成奖：10.00。",
    ),
    (
        "three_tier",
        {"kind": "tier_rebate", "amount_minor": 1_000, "rate_bp": 500, "source_id": "C", "sales_minor": 20_000},
        "C, in your team, sold 200.00; as Partner your rebate is 5% of it: 10.00.",
        "您团队的C售出 200.00；您作为合伙人享有 5% 的返利：10.00。",
    ),
    (
        "three_tier",
        {"kind": "tier_rebate", "amount_minor": 400, "rate_bp": 500, "taken_bp": 300, "source_id": "C",
         "sales_minor": 20_000},
        "C, in your team, sold 200.00; as Partner your rebate is 5% of it, less the 3% that ranks nearer to the sale "
        "have already: 4.00.",
        "您团队的C售出 200.00；您作为合伙人享有 5% 的返利，减去较近等级已享的 3%，级差为 4.00。",
    ),
    (
        "three_tier",
        {"kind": "same_rank_referral", "amount_minor": 200, "rate_bp": 100, "source_id": "C", "sales_minor": 20_000},
        "C, whom you invited and who is Partner like you, sold 200.00; you earn 1% of it: 2.00.",
        "您邀请的C与您同为合伙人，售出 200.00；您获得 1% 的平级奖：2.00。",
    ),
    (
        "breakaway",
        {"kind": "team_override", "amount_minor": 1_000, "base_minor": 4_000, "rate_bp": 2_500, "source_id": "C",
         "sales_minor": 20_000},
        "C, in your community, sold 200.00; C's margin was 40.00; as Senior gold you earn 25% of it: 10.00.",
        "您社群的C售出 200.00，其销售佣金为 40.00；您作为高级金牌店主获得其中的 25%：10.00。",
    ),
    (
        "breakaway",
        {"kind": "breakaway_referral", "amount_minor": 250, "base_minor": 1_000, "rate_bp": 2_500, "source_id": "B",
         "sales_minor": 10_000},
        "B, whom you invited and who heads a community of their own, sold 100.00; B's margin was 10.00; "
        "as Senior gold you earn 25% of it: 2.50.",
        "您邀请的B已独立带领社群，售出 100.00，其销售佣金为 10.00；您作为高级金牌店主获得其中的 25%：2.50。",
    ),
    (
        "breakaway",
        {"kind": "invite_bonus", "amount_minor": 15_000, "source_id": "B"},
        "B joined your community; as Senior gold you earn 150.00 for it.",
        "B加入了您的社群，您作为高级金牌店主获得 150.00 的邀请奖。",
    ),
    (
        "breakaway",
        {"kind": "invite_bonus", "amount_minor": 15_000, "source_id": "B", "sales_minor": 5_000},
        "B joined your community, and the return window of B's first order (50.00) is over; "
        "as Senior gold you earn 150.00 for it.",
        "B加入了您的社群，其首单（50.00）已过退货期；您作为高级金牌店主获得 150.00 的邀请奖。",
    ),
    (
        "breakaway",
        {"kind": "invite_coupon", "amount_minor": 2_000, "source_id": "C", "rank": "owner"},
        "C joined by your invitation; you get a coupon of 20.00.",
        "C经您邀请加入，您获得一张 20.00 的优惠券。",
    ),
    (
        "simple_referral",
        {"kind": "acquisition", "amount_minor": 500, "sales_minor": 2_500},
        "You brought a new customer; at the end of the return window 25.00 of the first order (1C7D5E) were still "
        "paid, so you earn 5.00.",
        "您带来了一位新顾客，其首单（1C7D5E）退货期满后仍有 25.00 实付，您获得 5.00 的拉新奖。",
    ),
    (
        "three_tier",
        {"kind": "dividend", "amount_minor": 700, "base_minor": 100_000, "rate_bp": 100, "weight_minor": 70_000,
         "weights_minor": 100_000},
        "1% of the brand's sales of 1000.00 are this month's dividend; as Partner you share in it with your team's "
        "sales of 700.00: 7.00.",
        "本月分红为品牌销售额 1000.00 的 1%；您作为合伙人，按团队销售额 700.00 分得 7.00。",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("preset", "reward", "en", "zh"), REWARDS)
def test_a_leader_reads_what_a_reward_is_for(preset, reward, en, zh):
    assert told(preset, reward) == (en, zh)


def test_every_kind_of_reward_has_its_sentences_and_its_name():
    kinds = set(get_args(Kind))
    assert {reward["kind"] for _, reward, _, _ in REWARDS} == kinds
    assert set(phrases.KINDS) == kinds


def test_a_reward_that_the_cap_cut_says_so():
    made = sale(leader("S", "owner"), leader("T", "team"), leader("P", "partner"), lines=[line(100_00)])
    (cut,) = [reward for reward in accrue(CAPPED, made) if reward.kind == "direct_referral"]
    assert cut.uncapped_minor is not None
    assert cut.amount_minor < cut.uncapped_minor

    en, zh = told(99, msgspec.to_builtins(cut))

    assert en == (
        "S, whom you invited, sold 100.00; you earn 3% of it: 3.00, cut to 0.97 "
        "by the plan's limit on what one order may pay."
    )
    assert zh == "您邀请的S售出 100.00，您获得其中的 3%：3.00，受单笔订单奖励上限限制，实得 0.97。"


def test_ranks_are_named_by_the_version_that_the_entry_was_posted_under():
    reward = {"kind": "team_override", "amount_minor": 1, "base_minor": 4, "rate_bp": 2_500, "source_id": "C"}
    facts = {"plan_version": 1, "rewards": [{"leader_id": "me", "rank": "gold", **reward}]}
    before = presets.load("breakaway")
    renamed = msgspec.structs.replace(before.ranks[1], en="Star", zh="明星店主")
    after = msgspec.structs.replace(before, ranks=(before.ranks[0], renamed, before.ranks[2]))

    def sentence(version: int) -> str:
        reader = Reader("en", str, {1: before, 2: after}.__getitem__, "me")
        return sentence_for_leader("accrual", facts | {"plan_version": version}, {"held": 1}, "CNY", reader)

    assert "as Gold you earn" in sentence(1)
    assert "as Star you earn" in sentence(2)


@pytest.mark.parametrize(
    ("refund", "en", "zh"),
    [
        ("R1", "After a refund on order 1C7D5E, your margin on it goes from 40.00 to 30.00: -10.00.",
         "订单 1C7D5E 退款后，您的销售佣金由 40.00 变为 30.00：-10.00。"),
        ("payment-failed",
         "The payment of order 1C7D5E failed in the end; your margin on it goes from 40.00 to 30.00: -10.00.",
         "订单 1C7D5E 的付款最终未成功，您的销售佣金由 40.00 变为 30.00：-10.00。"),
        ("dispute-du_1",
         "The buyer's bank decided the dispute over order 1C7D5E for the buyer; your margin on it goes from 40.00 to "
         "30.00: -10.00.",
         "订单 1C7D5E 的付款争议已裁定退还买家，您的销售佣金由 40.00 变为 30.00：-10.00。"),
    ],
)  # fmt: skip
def test_a_refund_says_what_was_before_and_what_is_left(refund, en, zh):
    change = {"leader_id": "me", "kind": "retail", "amount_minor": -1_000, "posted_minor": 4_000, "now_minor": 3_000}
    facts = {"order": ORDER, "refund": refund, "changes": [change]}
    if refund.startswith("dispute-"):
        facts["dispute"] = refund.removeprefix("dispute-")
    for language, sentence in (("en", en), ("zh", zh)):
        assert sentence_for_leader("reversal", facts, {"held": -1_000}, "CNY", read(language)) == sentence


SETTLED = {"from": "2026-03-03", "through": "2026-03-09"}
DISPUTED = {"order": ORDER, "dispute": "du_1", "disputed_minor": 10_000}
SENT = {"payout": "ld_wang-3", "rail": "manual"}
LINES: list[tuple[str, dict[str, Any], dict[str, int], str, str]] = [
    ("settlement", SETTLED, {"held": -720, "available": 720},
     "The return window is over for what fell due from 3 Mar 2026 to 9 Mar 2026: 7.20, held until then, is now "
     "available.",
     "2026年3月3日至2026年3月9日到期的订单已过退货期，待结算的 7.20 现可提现。"),
    ("settlement", {"from": "2026-03-09", "through": "2026-03-09"}, {"held": -720, "available": 720},
     "The return window is over for what fell due on 9 Mar 2026: 7.20, held until then, is now available.",
     "2026年3月9日到期的订单已过退货期，待结算的 7.20 现可提现。"),
    ("payout_reserved", SENT, {"available": -720, "reserved": 720},
     "Payout 3: 7.20 is on its way to your bank account.", "第 3 笔打款：7.20 正在汇往您的银行账户。"),
    ("payout_paid", SENT | {"rail": "stripe", "transfer": "tr_1"}, {"reserved": -720, "paid": 720},
     "Payout 3: 7.20 was paid to your Stripe account (reference tr_1).",
     "第 3 笔打款：7.20 已打入您的Stripe 账户（凭证号 tr_1）。"),
    ("payout_failed", SENT | {"reason": "bank_refused"}, {"reserved": -720, "available": 720},
     "Payout 3 of 7.20 did not arrive in your bank account (the bank refused it); the money is available again.",
     "第 3 笔打款 7.20 未能打入您的银行账户（银行拒绝），款项已退回可提现余额。"),
    ("dispute", DISPUTED | {"step": "opened"}, {"held": -720, "frozen": 720},
     "The buyer's bank disputes 100.00 of order 1C7D5E; 7.20 earned on it is frozen until the bank has decided.",
     "订单 1C7D5E 的付款被买家的银行提出争议（100.00），相关佣金 7.20 已暂时冻结，待银行裁定。"),
    ("dispute", DISPUTED | {"step": "won"}, {"available": 720, "frozen": -720},
     "The dispute over 100.00 of order 1C7D5E ended in the brand's favour; 7.20 frozen for it is free again.",
     "订单 1C7D5E 的付款争议（100.00）已裁定商家胜诉，冻结的佣金 7.20 已恢复。"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "facts", "amounts", "en", "zh"), LINES)
def test_a_leader_reads_which_days_were_settled_and_where_a_payout_goes(kind, facts, amounts, en, zh):
    assert sentence_for_leader(kind, facts, amounts, "CNY", read("en")) == en
    assert sentence_for_leader(kind, facts, amounts, "CNY", read("zh")) == zh


CHANGES = [
    {"leader_id": "ld_wang", "kind": "retail", "amount_minor": -1_000, "posted_minor": 4_000, "now_minor": 3_000}
]
JOURNAL: list[tuple[str, dict[str, Any], dict[str, int], str, str]] = [
    ("accrual", {"order": ORDER}, {"buyers": -20_000, "brand:cash": 20_000, "brand:commission": -5_000,
     "leader:me:held": 5_000},
     "Order 1C7D5E was paid: 200.00; the leaders earn 50.00 on it.", "订单 1C7D5E 已支付 200.00，团长佣金合计 50.00。"),
    ("reversal", {"order": ORDER, "changes": CHANGES}, {"buyers": 5_000, "brand:cash": -5_000},
     "50.00 of order 1C7D5E was refunded; Wang's margin goes from 40.00 to 30.00.",
     "订单 1C7D5E 退款 50.00；Wang的销售佣金由 40.00 变为 30.00。"),
    ("reversal", {"order": ORDER, "refund": "payment-failed", "changes": []}, {"buyers": 5, "brand:cash": -5},
     "The payment of order 1C7D5E, 0.05, failed in the end; what the leaders earn on it stays the same.",
     "订单 1C7D5E 的付款 0.05 最终未成功；团长佣金不变。"),
    ("reversal", DISPUTED | {"refund": "dispute-du_1", "changes": CHANGES}, {"leader:ld_wang:frozen": -1_000,
     "brand:commission": 1_000},
     "The buyer's bank decided the dispute over 100.00 of order 1C7D5E for the buyer; Wang's margin goes from 40.00 to "
     "30.00.",
     "订单 1C7D5E 的付款争议（100.00）已裁定退还买家；Wang的销售佣金由 40.00 变为 30.00。"),
    ("dispute", DISPUTED | {"step": "opened"},
     {"buyers": 10_000, "brand:cash": -10_000, "leader:me:held": -720, "leader:me:frozen": 720, "leader:b:held": -80,
      "leader:b:frozen": 80},
     "The buyer's bank disputes 100.00 of order 1C7D5E; 8.00 earned on it is frozen until the bank has decided.",
     "订单 1C7D5E 的付款被买家的银行提出争议（100.00），相关佣金 8.00 已暂时冻结，待银行裁定。"),
    ("dispute", DISPUTED | {"step": "withdrawn"}, {"buyers": 10_000, "brand:cash": -10_000},
     "The buyer's bank took 100.00 of order 1C7D5E for its dispute over 100.00.",
     "买家的银行因订单 1C7D5E 的付款争议（100.00）扣走 100.00。"),
    ("dispute", DISPUTED | {"step": "reinstated"}, {"buyers": -9_500, "brand:funds": 9_500},
     "The buyer's bank gave 95.00 of order 1C7D5E back after its dispute over 100.00.",
     "订单 1C7D5E 的付款争议（100.00）结束后，买家的银行退回 95.00。"),
    ("invitation", {"newcomer": "ld_wang"}, {"brand:commission": -15_000, "brand:coupons": -2_000,
     "leader:me:held": 15_000, "leader:me:coupons": 2_000},
     "Wang became a leader; the invitation is rewarded with 170.00.", "Wang成为团长，邀请奖励合计 170.00。"),
    ("invitation", {"newcomer": "ld_wang", "order": ORDER}, {"brand:commission": -15_000, "leader:me:held": 15_000},
     "Wang's first order 1C7D5E is past its return window; the invitation is rewarded with 150.00.",
     "Wang的首单 1C7D5E 已过退货期，邀请奖励合计 150.00。"),
    ("acquisition", {"order": ORDER}, {"brand:commission": -500, "leader:me:available": 500},
     "A new customer's first order 1C7D5E is past its return window; its leader earns 5.00.",
     "新顾客首单 1C7D5E 已过退货期，其团长获得 5.00。"),
    ("dividend", {"month": "2026-11"}, {"brand:commission": -10_000, "leader:me:held": 10_000},
     "The dividend of 2026-11: 100.00 for leaders who share in it.", "2026-11 分红：参与分红的团长合计获得 100.00。"),
    ("coupon_used", {"coupon": "cpn_1", "order": ORDER},
     {"leader:me:coupons": -2_000, "brand:coupons": 500, "brand:redeemed": 1_500},
     "A coupon of 20.00 was used for order 1C7D5E.", "订单 1C7D5E 使用了一张 20.00 的优惠券。"),
    ("coupon_returned", {"coupon": "cpn_1", "order": ORDER},
     {"leader:me:coupons": 2_000, "brand:coupons": -500, "brand:redeemed": -1_500},
     "Order 1C7D5E was taken back, and so its coupon of 20.00 can be used again.",
     "订单 1C7D5E 已全部退回，其 20.00 的优惠券可再次使用。"),
    ("coupon_expired", {"coupon": "cpn_1"}, {"leader:me:coupons": -2_000, "brand:coupons": 2_000},
     "A coupon of 20.00 was not used in time and is no longer valid.", "一张 20.00 的优惠券未在有效期内使用，已失效。"),
    ("settlement", SETTLED, {"leader:me:held": -720, "leader:me:available": 720},
     "The return window is over for what fell due from 3 Mar 2026 to 9 Mar 2026: 7.20, held until then, is now "
     "available.",
     "2026年3月3日至2026年3月9日到期的订单已过退货期，待结算的 7.20 现可提现。"),
    ("release", SETTLED, {"brand:cash": -3_600, "brand:funds": 3_600},
     "The return window is over for what fell due from 3 Mar 2026 to 9 Mar 2026: 36.00 of sales are settled funds now.",
     "2026年3月3日至2026年3月9日到期的订单已过退货期，销售款 36.00 已转为已结算资金。"),
    ("payout_reserved", SENT, {"leader:ld_wang:available": -720, "leader:ld_wang:reserved": 720},
     "Payout 3: 7.20 is on its way to Wang's bank account.", "第 3 笔打款：7.20 正在汇往Wang的银行账户。"),
    ("payout_paid", SENT | {"transfer": "ICBC-1"}, {"leader:ld_wang:reserved": -720, "leader:ld_wang:paid": 720},
     "Payout 3: 7.20 was paid to Wang's bank account (reference ICBC-1).",
     "第 3 笔打款：7.20 已打入Wang的银行账户（凭证号 ICBC-1）。"),
    ("payout_failed", SENT | {"reason": "no such account"},
     {"leader:ld_wang:reserved": -1, "leader:ld_wang:available": 1},
     "Payout 3 of 0.01 did not arrive in Wang's bank account (no such account); the money is available again.",
     "第 3 笔打款 0.01 未能打入Wang的银行账户（no such account），款项已退回可提现余额。"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "facts", "amounts", "en", "zh"), JOURNAL)
def test_the_brand_reads_what_an_entry_records(kind, facts, amounts, en, zh):
    entry = Entry("b", 0, "e", kind, datetime(2026, 3, 2, tzinfo=UTC), "CNY", postings(amounts), facts)
    assert sentence_for_brand(entry, read("en", None)) == en
    assert sentence_for_brand(entry, read("zh", None)) == zh


def test_every_kind_of_entry_that_the_product_posts_has_its_sentence():
    """A new kind of entry must not leave its reader with an error in place of a statement."""
    sources = [file.read_text("utf-8") for file in Path(chalicelib.__path__[0]).rglob("*.py")]
    posting = [text for text in sources if "ledger.entries import" in text]
    kinds = {kind for text in posting for kind in re.findall(r'\bkind="(\w+)",\n\s+at=', text)}
    assert {"accrual", "reversal", "settlement", "payout_failed"} <= kinds
    assert kinds == {kind for kind, *_ in JOURNAL}
    assert kinds <= set(phrases.ENTRIES)


def test_blanks_are_the_same_in_both_languages_or_left_out_on_purpose():
    for table in (phrases.REWARDS, phrases.ENTRIES, phrases.CHANGED):
        for name, words in table.items():
            blanks = {language: set(re.findall(r"{(\w+)}", text)) for language, text in words.items()}
            assert blanks["en"] == blanks["zh"], name


def test_orders_and_percentages_are_short():
    assert short_order(ORDER) == "1C7D5E"
    assert [percent_text(bp) for bp in (2_500, 333, 1_250, 5, 0)] == ["25%", "3.33%", "12.5%", "0.05%", "0%"]


def test_a_name_with_braces_is_only_a_name():
    reader = Reader("en", lambda _: "{amount.__class__}", PLANS.__getitem__, "me")
    reward = msgspec.to_builtins(Reward("me", "invite_coupon", 1, 1, None, "owner", "C"))
    facts = {"plan_version": VERSION["breakaway"], "rewards": [reward]}
    assert "{amount.__class__} joined" in sentence_for_leader("invitation", facts, {"coupons": 1}, "CNY", reader)
