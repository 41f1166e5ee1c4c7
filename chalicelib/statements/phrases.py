"""The words of the sentences, in Chinese and English. Blanks in braces are filled by `sentences`."""

from collections.abc import Mapping

from chalicelib.chinese import Words

REWARDS: Mapping[str, Words] = {
    "retail": {
        "en": "You sold {sales}; your margin ({rate}) is {amount}.",
        "zh": "您售出 {sales}，销售佣金（{rate}）为 {amount}。",
    },
    "retail_by_product": {
        "en": "You sold {sales}; each product has its own rate, and your margin is {amount} in all.",
        "zh": "您售出 {sales}，各商品按各自的比例计算，销售佣金共 {amount}。",
    },
    "retail_by_settlement": {
        "en": "You sold {sales}; as {rank} your settlement price is {rate} of the list price, "
        "and what was paid above it is yours: {amount}.",
        "zh": "您售出 {sales}；您作为{rank}，结算价为标价的 {rate}，差价归您：{amount}。",
    },
    "direct_referral": {
        "en": "{source}, whom you invited, sold {sales}; you earn {rate} of it: {amount}.",
        "zh": "您邀请的{source}售出 {sales}，您获得其中的 {rate}：{amount}。",
    },
    "incubation": {
        "en": "{source}, whom you invited and who has become {source_rank}, sold {sales}; "
        "as {rank} you earn {rate} of it: {amount}.",
        "zh": "您邀请的{source}已成长为{source_rank}，售出 {sales}；您作为{rank}获得 {rate} 的育成奖：{amount}。",
    },
    "tier_rebate": {
        "en": "{source}, in your team, sold {sales}; as {rank} your rebate is {rate} of it: {amount}.",
        "zh": "您团队的{source}售出 {sales}；您作为{rank}享有 {rate} 的返利：{amount}。",
    },
    "tier_rebate_above_others": {
        "en": "{source}, in your team, sold {sales}; as {rank} your rebate is {rate} of it, "
        "less the {taken} that ranks nearer to the sale have already: {amount}.",
        "zh": "您团队的{source}售出 {sales}；您作为{rank}享有 {rate} 的返利，"
        "减去较近等级已享的 {taken}，级差为 {amount}。",
    },
    "same_rank_referral": {
        "en": "{source}, whom you invited and who is {rank} like you, sold {sales}; you earn {rate} of it: {amount}.",
        "zh": "您邀请的{source}与您同为{rank}，售出 {sales}；您获得 {rate} 的平级奖：{amount}。",
    },
    "team_override": {
        "en": "{source}, in your community, sold {sales}; {source}'s margin was {base}; "
        "as {rank} you earn {rate} of it: {amount}.",
        "zh": "您社群的{source}售出 {sales}，其销售佣金为 {base}；您作为{rank}获得其中的 {rate}：{amount}。",
    },
    "breakaway_referral": {
        "en": "{source}, whom you invited and who heads a community of their own, sold {sales}; "
        "{source}'s margin was {base}; as {rank} you earn {rate} of it: {amount}.",
        "zh": "您邀请的{source}已独立带领社群，售出 {sales}，其销售佣金为 {base}；"
        "您作为{rank}获得其中的 {rate}：{amount}。",
    },
    "invite_bonus": {
        "en": "{source} joined your community; as {rank} you earn {amount} for it.",
        "zh": "{source}加入了您的社群，您作为{rank}获得 {amount} 的邀请奖。",
    },
    "invite_bonus_first_order": {
        "en": "{source} joined your community, and the return window of {source}'s first order ({sales}) is over; "
        "as {rank} you earn {amount} for it.",
        "zh": "{source}加入了您的社群，其首单（{sales}）已过退货期；您作为{rank}获得 {amount} 的邀请奖。",
    },
    "invite_coupon": {
        "en": "{source} joined by your invitation; you get a coupon of {amount}.",
        "zh": "{source}经您邀请加入，您获得一张 {amount} 的优惠券。",
    },
    "acquisition": {
        "en": "You brought a new customer; at the end of the return window {sales} of the first order ({order}) "
        "were still paid, so you earn {amount}.",
        "zh": "您带来了一位新顾客，其首单（{order}）退货期满后仍有 {sales} 实付，您获得 {amount} 的拉新奖。",
    },
    "dividend": {
        "en": "{rate} of the brand's sales of {base} are this month's dividend; as {rank} you share in it "
        "with your team's sales of {weight}: {amount}.",
        "zh": "本月分红为品牌销售额 {base} 的 {rate}；您作为{rank}，按团队销售额 {weight} 分得 {amount}。",
    },
}

CAPPED: Words = {
    "en": "{uncapped}, cut to {amount} by the plan's limit on what one order may pay",
    "zh": "{uncapped}，受单笔订单奖励上限限制，实得 {amount}",
}

KINDS: Mapping[str, Words] = {
    "retail": {"en": "margin", "zh": "销售佣金"},
    "direct_referral": {"en": "referral reward", "zh": "直推奖"},
    "incubation": {"en": "incubation reward", "zh": "育成奖"},
    "tier_rebate": {"en": "rebate", "zh": "级差"},
    "same_rank_referral": {"en": "same-rank reward", "zh": "平级奖"},
    "team_override": {"en": "community reward", "zh": "社群奖"},
    "breakaway_referral": {"en": "breakaway reward", "zh": "脱离推荐奖"},
    "invite_bonus": {"en": "invitation bonus", "zh": "邀请奖"},
    "invite_coupon": {"en": "invitation coupon", "zh": "邀请优惠券"},
    "acquisition": {"en": "new-customer reward", "zh": "拉新奖"},
    "dividend": {"en": "dividend", "zh": "分红"},
}

ENTRIES: Mapping[str, Words] = {
    "settlement": {
        "en": "The return window is over for what fell due {days}: {moved}, held until then, is now available.",
        "zh": "{days}到期的订单已过退货期，待结算的 {moved} 现可提现。",
    },
    "release": {
        "en": "The return window is over for what fell due {days}: {moved} of sales are settled funds now.",
        "zh": "{days}到期的订单已过退货期，销售款 {moved} 已转为已结算资金。",
    },
    "payout_reserved": {
        "en": "Payout {payout}: {moved} is on its way to {holder} {place}.",
        "zh": "第 {payout} 笔打款：{moved} 正在汇往{holder}{place}。",
    },
    "payout_paid": {
        "en": "Payout {payout}: {moved} was paid to {holder} {place} (reference {transfer}).",
        "zh": "第 {payout} 笔打款：{moved} 已打入{holder}{place}（凭证号 {transfer}）。",
    },
    "payout_failed": {
        "en": "Payout {payout} of {moved} did not arrive in {holder} {place} ({reason}); the money is available again.",
        "zh": "第 {payout} 笔打款 {moved} 未能打入{holder}{place}（{reason}），款项已退回可提现余额。",
    },
    "accrual": {
        "en": "Order {order} was paid: {moved}; the leaders earn {earned} on it.",
        "zh": "订单 {order} 已支付 {moved}，团长佣金合计 {earned}。",
    },
    "reversal": {
        "en": "{moved} of order {order} was refunded; {changes}.",
        "zh": "订单 {order} 退款 {moved}；{changes}。",
    },
    "payment_failed": {
        "en": "The payment of order {order}, {moved}, failed in the end; {changes}.",
        "zh": "订单 {order} 的付款 {moved} 最终未成功；{changes}。",
    },
    "dispute": {
        "en": "The buyer's bank disputes {disputed} of order {order}; "
        "{frozen} earned on it is frozen until the bank has decided.",
        "zh": "订单 {order} 的付款被买家的银行提出争议（{disputed}），相关佣金 {frozen} 已暂时冻结，待银行裁定。",
    },
    "dispute_won": {
        "en": "The dispute over {disputed} of order {order} ended in the brand's favour; "
        "{frozen} frozen for it is free again.",
        "zh": "订单 {order} 的付款争议（{disputed}）已裁定商家胜诉，冻结的佣金 {frozen} 已恢复。",
    },
    "dispute_lost": {
        "en": "The buyer's bank decided the dispute over {disputed} of order {order} for the buyer; {changes}.",
        "zh": "订单 {order} 的付款争议（{disputed}）已裁定退还买家；{changes}。",
    },
    "dispute_withdrawn": {
        "en": "The buyer's bank took {moved} of order {order} for its dispute over {disputed}.",
        "zh": "买家的银行因订单 {order} 的付款争议（{disputed}）扣走 {moved}。",
    },
    "dispute_reinstated": {
        "en": "The buyer's bank gave {moved} of order {order} back after its dispute over {disputed}.",
        "zh": "订单 {order} 的付款争议（{disputed}）结束后，买家的银行退回 {moved}。",
    },
    "invitation": {
        "en": "{newcomer} became a leader; the invitation is rewarded with {earned}.",
        "zh": "{newcomer}成为团长，邀请奖励合计 {earned}。",
    },
    "invitation_first_order": {
        "en": "{newcomer}'s first order {order} is past its return window; the invitation is rewarded with {earned}.",
        "zh": "{newcomer}的首单 {order} 已过退货期，邀请奖励合计 {earned}。",
    },
    "acquisition": {
        "en": "A new customer's first order {order} is past its return window; its leader earns {earned}.",
        "zh": "新顾客首单 {order} 已过退货期，其团长获得 {earned}。",
    },
    "dividend": {
        "en": "The dividend of {month}: {earned} for leaders who share in it.",
        "zh": "{month} 分红：参与分红的团长合计获得 {earned}。",
    },
    "coupon_used": {
        "en": "A coupon of {moved} was used for order {order}.",
        "zh": "订单 {order} 使用了一张 {moved} 的优惠券。",
    },
    "coupon_returned": {
        "en": "Order {order} was taken back, and so its coupon of {moved} can be used again.",
        "zh": "订单 {order} 已全部退回，其 {moved} 的优惠券可再次使用。",
    },
    "coupon_expired": {
        "en": "A coupon of {moved} was not used in time and is no longer valid.",
        "zh": "一张 {moved} 的优惠券未在有效期内使用，已失效。",
    },
}

CHANGED: Mapping[str, Words] = {
    "dispute_lost": {
        "en": "The buyer's bank decided the dispute over order {order} for the buyer; "
        "your {kind} on it goes from {before} to {now}: {amount}.",
        "zh": "订单 {order} 的付款争议已裁定退还买家，您的{kind}由 {before} 变为 {now}：{amount}。",
    },
    "reversal": {
        "en": "After a refund on order {order}, your {kind} on it goes from {before} to {now}: {amount}.",
        "zh": "订单 {order} 退款后，您的{kind}由 {before} 变为 {now}：{amount}。",
    },
    "payment_failed": {
        "en": "The payment of order {order} failed in the end; "
        "your {kind} on it goes from {before} to {now}: {amount}.",
        "zh": "订单 {order} 的付款最终未成功，您的{kind}由 {before} 变为 {now}：{amount}。",
    },
}
OTHERS_CHANGE: Words = {
    "en": "{leader}'s {kind} goes from {before} to {now}",
    "zh": "{leader}的{kind}由 {before} 变为 {now}",
}
OF_LEADER: Words = {"en": "{leader}'s {kind}", "zh": "{leader}的{kind}"}
NO_CHANGE: Words = {"en": "what the leaders earn on it stays the same", "zh": "团长佣金不变"}

YOURS: Words = {"en": "your", "zh": "您的"}
THEIRS: Words = {"en": "{leader}'s", "zh": "{leader}的"}
PLACES: Mapping[str, Words] = {
    "stripe": {"en": "Stripe account", "zh": "Stripe 账户"},
    "manual": {"en": "bank account", "zh": "银行账户"},
}
_NEEDS_DETAILS: Words = {"en": "Stripe needs more details from its holder", "zh": "Stripe 需要账户持有人补充资料"}
_GONE: Words = {"en": "there is no such account any more", "zh": "该账户已不存在"}
REASONS: Mapping[str, Words] = {
    "bank_refused": {"en": "the bank refused it", "zh": "银行拒绝"},
    "insufficient_capabilities_for_transfer": _NEEDS_DETAILS,
    "transfers_not_allowed": _NEEDS_DETAILS,
    "account_gone": _GONE,
    "account_invalid": _GONE,
    "account_closed": _GONE,
}

ON_DAY: Words = {"en": "on {first}", "zh": "{first}"}
FROM_TO: Words = {"en": "from {first} to {last}", "zh": "{first}至{last}"}
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
