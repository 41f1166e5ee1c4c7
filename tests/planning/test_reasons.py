"""Why a plan was refused, in Chinese: every sentence that the rules know, and what it says of names and numbers."""

import ast
import json
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from chalicelib.commissions import live, versions
from chalicelib.commissions.lint.check import lint
from chalicelib.commissions.lint.findings import blocking
from chalicelib.commissions.lint.setting import setting_of
from chalicelib.commissions.proposals import PlanBlocked
from chalicelib.commissions.rules import plan, plan_form
from chalicelib.commissions.rules.plan import PlanRefused, decode_plan
from chalicelib.errors import Invalid
from chalicelib.planning.reasons import IN_CHINESE, in_chinese, tell, told
from tests.commissions.lint.plans import changed, plan_of, with_reward

HAN = re.compile("[\u4e00-\u9fff]")


def sentences() -> Iterator[str]:
    """Every reason that is written in the rules, with an X where it names something."""
    for module in (plan, plan_form, versions, live):
        tree = ast.parse(Path(str(module.__file__)).read_text("utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "Problem":
                yield from _text(node.args[1])
    yield live.NOT_YET


def _text(written: ast.expr) -> Iterator[str]:
    if isinstance(written, ast.Constant):
        yield str(written.value)
    elif isinstance(written, ast.JoinedStr):
        yield "".join(str(part.value) if isinstance(part, ast.Constant) else "X" for part in written.values)


def problems_of(document: object) -> list[str]:
    with pytest.raises(PlanRefused) as refused:
        decode_plan(document if isinstance(document, bytes) else json.dumps(document).encode())
    return [f"{one.place} {one.reason}" for one in told(refused.value.problems, "zh")]


def test_every_reason_of_the_rules_is_known_in_chinese():
    found = set(sentences())

    assert len(found) > 20
    assert not {sentence for sentence in found if not HAN.search(in_chinese(sentence))}


def test_names_in_a_reason_stay_as_they_are_written():
    assert in_chinese("there is no rank 金牌 {0} (.*)") == "没有等级 金牌 {0} (.*)"
    assert in_chinese("rank gold is missing") == "缺少等级 gold"
    assert in_chinese("rank gold is missing, which leaders hold; keep its id, its names can change").startswith(
        "缺少等级 gold，已有"
    )
    assert in_chinese("own_sales over `joining` needs `days`") == "own_sales 按 joining 计算时要写 days"


def test_a_sentence_that_nobody_translated_is_given_in_english():
    assert in_chinese("the moon is full") == "the moon is full"


@pytest.mark.parametrize(
    ("document", "said"),
    [
        (b"{", " 不是有效的 JSON（Input data was truncated）"),
        (b"[]", " 应为对象，却是数组"),
        (changed("breakaway", surprise=1), "surprise 此处没有这个字段"),
        (changed("breakaway", zh=""), "zh 应为文字，长度至少 1"),
        (changed("breakaway", zh=5), "zh 应为文字，却是整数"),
        (changed("breakaway", head_rank=5), "head_rank 应为文字或null，却是整数"),
        (changed("breakaway", format=2), "format 不能取值 2"),
        (changed("breakaway", return_window_days=-1), "return_window_days 应为整数，不小于 0"),
        (changed("breakaway", rewards=[{}]), "rewards[0] 缺少字段 kind"),
        (changed("breakaway", rewards=[{"kind": "gift"}]), "rewards[0].kind 不能取值 'gift'"),
        (with_reward("breakaway", "team_override", rate_bp=25_000), "rewards[1].rate_bp 应为整数，不大于 10000"),
        (changed("breakaway", head_rank="king"), "head_rank 没有等级 king"),
    ],
)
def test_a_wrong_document_is_told_in_chinese_with_its_places(document, said):
    assert said in problems_of(document)


def test_no_reason_of_a_thoroughly_wrong_document_is_left_in_english():
    wrong = {
        "ranks": [{"id": "x" * 99}] * 3,
        "rewards": [{"kind": "retail", "margin": {"by": "rate", "rate_bp": "1"}}, 5, {"kind": "direct_referral"}],
        "promotions": [{"to": "a", "when": {"kind": "all", "of": []}}],
        "self_purchase": "maybe",
        "probation": 7,
    }

    said = problems_of(wrong)

    assert len(said) > 10
    assert all(HAN.search(one) for one in said)


def test_the_blanks_of_both_languages_are_the_same():
    for english, chinese in IN_CHINESE.items():
        assert set(re.findall(r"{\d}", english)) == set(re.findall(r"{\d}", chinese)), english


def test_a_refusals_sentence_changes_its_language_and_nothing_else_of_it():
    with pytest.raises(PlanRefused) as refused:
        decode_plan(json.dumps(changed("breakaway", head_rank="king")).encode())
    english, param = refused.value.message, refused.value.param

    tell(refused.value, "en")
    assert refused.value.message == english
    tell(refused.value, "zh")
    assert refused.value.message == "方案不能使用。head_rank：没有等级 king"
    assert refused.value.param == param == "head_rank"


def test_what_blocks_a_plan_is_named_in_chinese_too():
    findings = blocking(lint(plan_of("breakaway"), setting_of(["CN"], [], "CNY")).findings)
    blocked = PlanBlocked(findings)

    tell(blocked, "zh")

    assert "cn-pay-per-head（" in blocked.message
    assert all(one.title.zh in blocked.message for one in findings)


def test_other_refusals_are_left_alone():
    other = Invalid("no such thing")

    tell(other, "zh")

    assert other.message == "no such thing"
