"""A plan in plain words, Chinese and English: who may lead, how ranks are earned, who earns what. Pure."""

from collections.abc import Iterator, Mapping

from msgspec import Struct

from chalicelib.commissions.lint.findings import Text
from chalicelib.commissions.lint.words import REWARD_NAMES, money, rank_name
from chalicelib.commissions.plain_conditions import said
from chalicelib.commissions.rules.language import (
    Acquisition,
    BreakawayReferral,
    DirectReferral,
    Dividend,
    Incubation,
    InviteBonus,
    InviteCoupon,
    OneRate,
    Plan,
    ProductRate,
    Retail,
    RewardRule,
    SameRankReferral,
    SettlementPrice,
    TeamOverride,
    TierRebate,
)


class Titled(Struct, frozen=True):
    """A part of a plan by its name, and what it says."""

    title: Text
    text: Text


class Told(Struct, frozen=True):
    """A whole plan: ranks from the lowest up, rewards in the order of the document, then what holds for all."""

    ranks: tuple[Titled, ...]
    rewards: tuple[Titled, ...]
    terms: tuple[Text, ...]


def told(plan: Plan, currency: str) -> Told:
    """Say a plan in plain words; amounts are in the brand's currency."""
    return Told(
        ranks=tuple(_ranks(plan, currency)),
        rewards=tuple(Titled(REWARD_NAMES[_kind(rule)], _reward(plan, rule, currency)) for rule in plan.rewards),
        terms=tuple(_terms(plan, currency)),
    )


def _kind(rule: RewardRule) -> str:
    return str(rule.__struct_config__.tag)


def _ranks(plan: Plan, currency: str) -> Iterator[Titled]:
    rises = {promotion.to: promotion.when for promotion in plan.promotions}
    keeps = {upkeep.rank: upkeep for upkeep in plan.upkeep}
    for number, rank in enumerate(plan.ranks):
        if number == 0:
            text = Text("每个人从这里开始。", "Everybody begins here.")
        elif rank.id in rises:
            how = said(plan, rises[rank.id], currency)
            text = Text(f"达到即升：{how.zh}。", f"Earned by {how.en}.")
        else:
            text = Text("只由品牌手动授予。", "Given by the brand by hand.")
        if rank.id in keeps:
            kept, period = said(plan, keeps[rank.id].when, currency), keeps[rank.id].every
            zh = "每月" if period == "month" else "每季度"
            text = Text(f"{text.zh}{zh}须保持：{kept.zh}。", f"{text.en} Kept up each {period} by {kept.en}.")
        yield Titled(Text(rank.zh, rank.en), text)


def _reward(plan: Plan, rule: RewardRule, currency: str) -> Text:
    match rule:
        case Retail():
            return _retail(plan, rule)
        case InviteBonus() | InviteCoupon() | Acquisition() | Dividend():
            return _beside_orders(plan, rule, currency)
        case DirectReferral(rate_bp=rate, sellers="all"):
            return Text(
                f"卖家的邀请人得销售额的 {_rate(rate)}。", f"The seller's inviter earns {_rate(rate)} of the sales."
            )
        case DirectReferral(rate_bp=rate):
            return Text(
                f"卖家转正后，其邀请人得销售额的 {_rate(rate)}。",
                f"The inviter of a confirmed seller earns {_rate(rate)} of the sales.",
            )
        case Incubation(rate_bp=rate, from_rank=rank):
            name = rank_name(plan, rank)
            return Text(
                f"邀请人和卖家都是{name.zh}或更高等级时，邀请人得销售额的 {_rate(rate)}，代替直接推荐奖。",
                f"When inviter and seller are both {name.en} or above, the inviter earns {_rate(rate)} of the sales"
                " in place of the direct referral.",
            )
        case TierRebate(rebate_bp=by_rank):
            listed = _by_rank(plan, by_rank)
            return Text(
                f"各等级的返点：{listed.zh}。从卖家往上，等级更高的人得到与下面已付返点之间的差额。",
                f"Each rank has a rebate on sales: {listed.en}. Going up from the seller, each higher rank earns the"
                " difference to what was paid below.",
            )
        case SameRankReferral(rate_bp=rate):
            return Text(
                f"邀请人与卖家同级时，得销售额的 {_rate(rate)}。",
                f"The seller's inviter, when of the same rank, earns {_rate(rate)} of the sales.",
            )
        case TeamOverride(rate_bp=rate):
            head = _head(plan)
            return Text(
                f"卖家还不是{head.zh}时，上面最近的{head.zh}得卖家零售奖励的 {_rate(rate)}。",
                f"On a sale by somebody below {head.en}, the nearest {head.en} above earns {_rate(rate)} of the"
                " seller's retail reward.",
            )
        case BreakawayReferral(rate_bp=rate):
            head = _head(plan)
            return Text(
                f"卖家已是{head.zh}时，其邀请人若也是{head.zh}，得卖家零售奖励的 {_rate(rate)}。",
                f"On a sale by a {head.en}, its inviter, if also {head.en}, earns {_rate(rate)} of the seller's retail"
                " reward.",
            )


def _retail(plan: Plan, rule: Retail) -> Text:
    match rule.margin:
        case ProductRate(min_bp=low, max_bp=high):
            return Text(
                f"卖家按每个商品自己的比例得佣金，为实付的 {_rate(low)} 至 {_rate(high)}。",
                f"The seller earns each product's own rate, {_rate(low)} to {_rate(high)} of what was paid.",
            )
        case OneRate(rate_bp=rate):
            return Text(f"卖家得实付的 {_rate(rate)}。", f"The seller earns {_rate(rate)} of what was paid.")
        case SettlementPrice(settlement_bp=by_rank):
            listed = _by_rank(plan, by_rank)
            return Text(
                f"卖家得到实付高于结算价的部分。结算价占标价：{listed.zh}。",
                f"The seller keeps what was paid above its settlement price, a share of the list price: {listed.en}.",
            )


def _beside_orders(plan: Plan, rule: InviteBonus | InviteCoupon | Acquisition | Dividend, currency: str) -> Text:
    match rule:
        case InviteBonus(amount_minor=by_rank, due=due, max_per_month=most):
            names = {rank: rank_name(plan, rank) for rank in by_rank}
            zh = "、".join(f"{names[rank].zh} {money(amount, currency)}" for rank, amount in by_rank.items())
            en = ", ".join(f"{money(amount, currency)} as {names[rank].en}" for rank, amount in by_rank.items())
            when = (
                Text("新团长转正时", "When a newcomer is confirmed")
                if due == "confirmed"
                else Text("新团长第一单过了退货期后", "Once the return window of a newcomer's first order is over")
            )
            limit = (
                Text("", "") if most is None else Text(f"每人每月最多 {most} 次。", f" At most {most} a month each.")
            )
            return Text(
                f"{when.zh}，其邀请人所在社群的首领得现金：{zh}。{limit.zh}",
                f"{when.en}, the head of its inviter's community earns cash: {en}.{limit.en}",
            )
        case InviteCoupon(amount_minor=amount, inviter_ranks=ranks):
            named = [rank_name(plan, rank) for rank in ranks]
            return Text(
                f"新团长转正时，邀请人若是{'、'.join(one.zh for one in named)}，得 {money(amount, currency)} 的券。",
                f"When a newcomer is confirmed, its inviter, if {' or '.join(one.en for one in named)}, gets a coupon"
                f" of {money(amount, currency)}.",
            )
        case Acquisition(amount_minor=amount, after_days=days, min_paid_minor=least):
            return Text(
                f"新顾客首单付款 {days} 天后，若仍有 {money(least, currency)} 未退，"
                f"带来他的团长得 {money(amount, currency)}。",
                f"{days} days after a new customer's first order, if {money(least, currency)} of it is still paid, the"
                f" leader who brought the customer earns {money(amount, currency)}.",
            )
        case Dividend(rate_bp=rate, from_rank=rank):
            name = rank_name(plan, rank)
            return Text(
                f"每月底，品牌当月销售额的 {_rate(rate)} 由{name.zh}及以上按团队销售额分。",
                f"At each month's end {_rate(rate)} of the brand's sales is shared by {name.en} and above, by their"
                " team sales.",
            )


def _terms(plan: Plan, currency: str) -> Iterator[Text]:
    if plan.admission is not None:
        people = plan.admission.min_group_size
        yield Text(f"加入要有 {people} 人以上的群。", f"To join, a chat group of {people} people is needed.")
    if plan.probation is not None:
        how, days = said(plan, plan.probation.confirmed_when, currency), plan.probation.days
        yield Text(
            f"受邀的团长有 {days} 天考核期，转正条件：{how.zh}；否则移除。",
            f"Invited leaders are on probation for {days} days; they are confirmed by {how.en}, else removed.",
        )
    if plan.leader_orders is not None:
        trial, then = _rate(plan.leader_orders.price_bp_on_probation), _rate(plan.leader_orders.price_bp)
        yield Text(
            f"由团长替顾客下单，价格为标价的 {then}（考核期 {trial}）。",
            f"Leaders order for their customers, at {then} of the list price ({trial} on probation).",
        )
    if plan.payout_cap_bp is not None:
        cap = _rate(plan.payout_cap_bp)
        yield Text(f"一单最多付出销售额的 {cap}。", f"One order pays out at most {cap} of its sales.")
    days = plan.return_window_days
    yield Text(f"收益在收货后保留 {days} 天。", f"Earnings are held for {days} days after delivery.")
    if plan.self_purchase == "excluded":
        yield Text("团长自购不计。", "Leaders' own purchases do not count.")
    if plan.performance_waits:
        yield Text("业绩过了退货期才算。", "Sales count only once their return window is over.")
    if plan.removed_downline == "moves_up":
        yield Text(
            "团长被移除后，其下级归到上面最近的已转正团长。",
            "When a leader is removed, those below move to the nearest confirmed leader above.",
        )


def _head(plan: Plan) -> Text:
    """The lowest rank that heads a community; the language asks for one wherever it is spoken of."""
    return rank_name(plan, plan.head_rank or plan.first_rank)


def _by_rank(plan: Plan, by_rank: Mapping[str, int]) -> Text:
    named = [(rank_name(plan, rank.id), _rate(by_rank[rank.id])) for rank in plan.ranks]
    return Text(
        "、".join(f"{one.zh} {rate}" for one, rate in named), ", ".join(f"{one.en} {rate}" for one, rate in named)
    )


def _rate(rate_bp: int) -> str:
    """Write basis points as `12.5%`."""
    whole, rest = divmod(rate_bp, 100)
    return f"{whole}.{rest:02d}".rstrip("0").rstrip(".") + "%"
