"""Plans that leaders game themselves: by what they report of themselves, or by holding their own people back."""

from collections.abc import Iterator
from itertools import pairwise, product
from typing import NamedTuple

from chalicelib.commissions.lint.facts import Facts
from chalicelib.commissions.lint.findings import Attack, Finding, Text
from chalicelib.commissions.lint.payout import probe_sale
from chalicelib.commissions.lint.words import money, rank_name
from chalicelib.commissions.rules.accrual import accrue
from chalicelib.commissions.rules.conditions import Groups

SALE_MINOR = 100_000


def self_reported_groups(facts: Facts) -> Iterator[Finding]:
    """A rank that rests on a number that leaders report of themselves."""
    placed = [one for one in facts.rank_thresholds if isinstance(one.threshold, Groups)]
    if not placed:
        return
    count = max(one.threshold.at_least for one in placed if isinstance(one.threshold, Groups))
    yield Finding(
        rule_id="game-self-reported-groups",
        severity="warn",
        applies="everywhere",
        places=tuple(one.place for one in placed),
        title=Text("群数由团长自己报", "The number of groups is what leaders say it is"),
        explanation=Text(
            f"升级要求 {count} 个群，但群数是团长自报、由你们人工批准的，建空群或借别人的群截图不花钱。",
            f"A rank asks for {count} chat groups, but the number is reported by the leader and approved by hand;"
            " empty groups or borrowed screenshots cost nothing.",
        ),
        change=Text(
            "换成系统自己数得到的指标，例如当月下过单的不同顾客数；或抽查群并留下记录。",
            "Use what the system counts itself, such as different customers who bought this month; or inspect groups"
            " and keep a record.",
        ),
        attack=Attack(
            steps=(Text(f"上报 {count} 个群，等批准。", f"Report {count} groups and wait for approval."),),
            accounts=0,
            fronted_minor=0,
            cost_minor=0,
            gain_minor=0,
        ),
    )


class Fall(NamedTuple):
    """What an upline earns on a sale before and after the leader below it rose (minor units)."""

    upline: str
    before_rank: str
    after_rank: str
    before_minor: int
    after_minor: int

    @property
    def loss_minor(self) -> int:
        """What the upline loses."""
        return self.before_minor - self.after_minor


def head_loses(facts: Facts) -> Iterator[Finding]:
    """An upline that earns less on the sales below it once its own recruit rises."""
    fall = max(_falls(facts), key=lambda one: (one.after_minor == 0, one.loss_minor), default=None)
    if fall is None:
        return
    currency, plan = facts.setting.currency, facts.plan
    sale, before, after = (money(one, currency) for one in (SALE_MINOR, fall.before_minor, fall.after_minor))
    upline, low, high = (rank_name(plan, one) for one in (fall.upline, fall.before_rank, fall.after_rank))
    yield Finding(
        rule_id="game-head-loses",
        severity="warn" if fall.after_minor == 0 else "note",
        applies="everywhere",
        places=facts.team_pay,
        title=Text("下级升级，上级反而亏", "A leader loses when its recruit rises"),
        explanation=Text(
            f"A（{upline.zh}）邀请了 B，B 邀请了 C。C 卖 {sale}：B 是{low.zh}时 A 得 {before}，"
            f"B 升{high.zh}后 A 得 {after}。A 有理由压着 B 不让升级，或让 C 改挂到自己名下。",
            f"A ({upline.en}) invited B, B invited C. When C sells {sale}, A earns {before} while B is {low.en}, and"
            f" {after} once B is {high.en}. A has a reason to hold B back, or to have C join elsewhere in its team.",
        ),
        change=Text(
            "给 A 一段时间的过渡奖励，或让育成奖不低于失去的部分。",
            "Give A a reward for some time after B has risen that makes up for what it loses.",
        ),
        attack=Attack(
            steps=(
                Text(
                    "A 让新人都挂在 B 之外，使 B 达不到升级条件。",
                    "A keeps new leaders away from B so that B never rises.",
                ),
            ),
            accounts=0,
            fronted_minor=0,
            cost_minor=0,
            gain_minor=fall.loss_minor,
        ),
    )


def _falls(facts: Facts) -> Iterator[Fall]:
    ranks = [rank.id for rank in facts.plan.ranks]
    for upline, (before, after) in product(ranks, pairwise(ranks)):
        earned = [_earned_by_second_upline(facts, middle, upline) for middle in (before, after)]
        if earned[1] < earned[0]:
            yield Fall(upline, before, after, *earned)


def _earned_by_second_upline(facts: Facts, middle: str, upline: str) -> int:
    sale = probe_sale(facts.plan, [facts.plan.first_rank, middle, upline], SALE_MINOR)
    return sum(reward.amount_minor for reward in accrue(facts.plan, sale) if reward.leader_id == "L2")


RULES = (self_reported_groups, head_loses)
