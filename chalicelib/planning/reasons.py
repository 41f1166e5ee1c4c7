"""Why a plan was refused, in Chinese: the rules say it in English, each reason with its place in the document.

A sentence that is not known here is given as it is: better English than nothing. A test finds those that are missing.
"""

import re
from collections.abc import Iterable
from functools import cache

from msgspec import Struct

from chalicelib.chinese import Language, written
from chalicelib.commissions.proposals import PlanBlocked
from chalicelib.commissions.rules.plan import PlanRefused, Problem
from chalicelib.errors import Refusal

# English, with {1}, {2} where a name or a number stands, and the Chinese of it.
IN_CHINESE = {
    # ---- not the right form
    "it is nested too deeply": "嵌套太深",
    "it is not JSON ({1})": "不是有效的 JSON（{1}）",
    "there is no such field here": "此处没有这个字段",
    "this field is missing": "缺少这个字段",
    "Object missing required field `{1}`": "缺少字段 {1}",
    "Object contains unknown field `{1}`": "没有 {1} 这个字段",
    "Invalid enum value {1}": "不能取值 {1}",
    "Invalid value {1}": "不能取值 {1}",
    "Expected `{1}` of length >= {2}": "应为{1}，长度至少 {2}",
    "Expected `{1}` of length <= {2}": "应为{1}，长度至多 {2}",
    "Expected `{1}` >= {2}": "应为{1}，不小于 {2}",
    "Expected `{1}` <= {2}": "应为{1}，不大于 {2}",
    "Expected `{1}`, got `{2}`": "应为{1}，却是{2}",
    # ---- ranks and conditions
    "rank {1} is there twice": "等级 {1} 出现了两次",
    "there is no rank {1}": "没有等级 {1}",
    "rank {1} is missing": "缺少等级 {1}",
    "rank {1} is missing, which leaders hold; keep its id, its names can change": (
        "缺少等级 {1}，已有团长是这个等级；请保留它的 id，名称可以改"
    ),
    "{1} is the rank everybody begins with": "{1} 是人人起步的等级",
    "there are two rules for {1}; write one with `any`": "{1} 有两条规则；请用 any 写成一条",
    "there are two rules for {1}; write one with `all` or `any`": "{1} 有两条规则；请用 all 或 any 写成一条",
    "nobody can fall below {1}": "没有比 {1} 更低的等级可降",
    "no order's return window is over before the probation ends; nobody could pass it": (
        "考核期结束前没有订单能过退货期，谁也通不过考核"
    ),
    "the plan has no probation; write the same price": "方案没有考核期，两个价格应相同",
    "`all` and `any` are nested more than {1} deep": "all 和 any 嵌套超过 {1} 层",
    "only a probation's own condition can count over the probation": "只有考核期自己的条件才能按考核期计算",
    "{1} over `joining` needs `days`": "{1} 按 joining 计算时要写 days",
    "{1} has `days`, which go with over `joining` alone": "{1} 不能写 days：只有按 joining 计算时才用",
    # ---- rewards
    "this kind of reward is there twice": "同一种奖励出现了两次",
    "the lowest rate is above the highest": "最低比例高于最高比例",
    "a higher rank's rebate must not be lower": "等级越高，级差比例不能越低",
    "incubation stands in place of direct_referral, which the plan lacks": (
        "incubation（育成奖）用来代替 direct_referral（直接推荐奖），而方案里没有后者"
    ),
    "it goes to heads of communities; say from which rank on in head_rank": (
        "这项奖励发给社群负责人；请在 head_rank 里写明从哪个等级起"
    ),
    "it is a share of the seller's retail reward, which the plan lacks": (
        "它按卖家的零售奖励（retail）计算，而方案里没有"
    ),
    "the simulator knows this, but the running system does not do it yet; take it out to go live": (
        "这部分目前只能试算，系统还不会执行；上线前请去掉"
    ),
}
_TYPES = {
    "int": "整数",
    "str": "文字",
    "bool": "true 或 false",
    "float": "小数",
    "array": "数组",
    "object": "对象",
    "null": "null",
}


class PlanProblem(Struct, frozen=True):
    """One thing wrong with a plan: `place` is a path into its document, empty for the whole of it."""

    place: str
    reason: str


def told(problems: Iterable[Problem], language: Language) -> list[PlanProblem]:
    """Give problems with their reasons in a language."""
    return [
        PlanProblem(place, reason if language == "en" else in_chinese(reason, language)) for place, reason in problems
    ]


def in_chinese(reason: str, language: Language = "zh") -> str:
    """Give a reason in Chinese, in one way of writing it; as it is where its sentence is not known."""
    for pattern, chinese in _patterns():
        if (found := pattern.fullmatch(reason)) is not None:
            typed = [written(_typed(text), language) if _typed(text) != text else text for text in found.groups()]
            return written(chinese, language).format("", *typed)
    return reason


def tell(refusal: Refusal, language: Language) -> None:
    """Let the sentence of a refused plan be in a language: what is wrong where, or what must be signed for."""
    if language == "en":
        return
    whole = written("整个方案", language)
    if isinstance(refusal, PlanRefused):
        listed = "；".join(f"{one.place or whole}：{one.reason}" for one in told(refusal.problems, language))
        refusal.message = f"{written('方案不能使用。', language)}{listed}"
    elif isinstance(refusal, PlanBlocked):
        listed = "；".join(
            f"{one.rule_id}（{one.title.of(language)}；{'、'.join(place or whole for place in one.places)}）"
            for one in refusal.findings
        )
        refusal.message = f"{written('请修改方案，或由品牌主逐条写明继续的理由：', language)}{listed}。"


@cache
def _patterns() -> tuple[tuple[re.Pattern[str], str], ...]:
    """The longest sentences first: they say more than those that they begin with."""
    longest_first = sorted(IN_CHINESE.items(), key=lambda pair: -len(pair[0]))
    return tuple((_pattern(english), chinese) for english, chinese in longest_first)


def _pattern(english: str) -> re.Pattern[str]:
    return re.compile(re.sub(r"\\\{\d\\\}", "(.+)", re.escape(english)), re.DOTALL)


def _typed(text: str) -> str:
    """Name a JSON type, or several; anything else stays as it is."""
    names = text.split(" | ")
    return "或".join(_TYPES[name] for name in names) if all(name in _TYPES for name in names) else text
