"""A report as text for a terminal, in Chinese (both ways of writing it) or English."""

from collections.abc import Iterable, Iterator

from chalicelib.chinese import Language, written
from chalicelib.commissions.lint.check import Report
from chalicelib.commissions.lint.findings import (
    SEVEREST_FIRST,
    Attack,
    Citation,
    Finding,
    Override,
    Severity,
    Text,
    blocking,
)
from chalicelib.commissions.lint.lines import wrapped
from chalicelib.commissions.lint.words import REWARD_NAMES, money, percent

INDENT = "    "

SEVERITIES: dict[Severity, Text] = {
    "block": Text("阻断", "BLOCK"),
    "warn": Text("警告", "WARN"),
    "note": Text("提示", "NOTE"),
}
MEANINGS: dict[Severity, Text] = {
    "block": Text("先改，或由品牌主签字放行", "change it, or an owner signs for it"),
    "warn": Text("权衡后决定", "weigh it"),
    "note": Text("知道就好", "good to know"),
}
LABELS = {
    "where": Text("位置：", "Where: "),
    "why": Text("说明：", "Why: "),
    "attack": Text("怎么钻空子：", "How it is gamed: "),
    "cost": Text("算账：", "In numbers: "),
    "change": Text("怎么改：", "Change: "),
    "law": Text("依据：", "Sources: "),
}
APPLIES = {
    "CN": Text("中国大陆", "mainland China"),
    "US": Text("美国", "United States"),
    "EU": Text("欧盟", "European Union"),
    "wechat": Text("微信", "WeChat"),
}
PRICE_GAP = Text("团长进货差价", "what leaders keep of the price")


def render(report: Report, language: Language, overrides: Iterable[Override] = ()) -> str:
    """Give a report as lines of text: each finding with its place, reason, attack, change and sources."""
    lines = _lines(report, "en" if language == "en" else "zh", tuple(overrides))
    return written("\n".join(lines) + "\n", language)


def _lines(report: Report, language: Language, overrides: tuple[Override, ...]) -> Iterator[str]:
    sources = list(dict.fromkeys(one for finding in report.findings for one in finding.citations))
    yield f"{'方案检查：' if language == 'zh' else 'Plan check: '}{report.plan.of(language)}"
    yield _where_checked(report, language)
    yield from wrapped(report.disclaimer.of(language))
    yield ""
    yield from wrapped(_worst(report, language))
    yield ""
    yield _counts(report, language)
    for number, finding in enumerate(report.findings, start=1):
        yield ""
        yield from _finding(number, finding, report, sources, language)
    yield ""
    yield from _sources(sources, language)
    yield from wrapped(_verdict(report, language, overrides))


def _where_checked(report: Report, language: Language) -> str:
    names = [APPLIES[one].of(language) for one in (*report.setting.jurisdictions, *report.setting.channels)]
    if language == "zh":
        return f"适用：{'、'.join(names) or '不查法规，只查漏洞'}"
    return f"Checked for: {', '.join(names) or 'ways to game it only'}"


def _worst(report: Report, language: Language) -> str:
    sale = report.worst_sale
    parts = [
        f"{REWARD_NAMES.get(part.kind, PRICE_GAP).of(language)}"
        f"{f' ({part.rank.of(language)})' if part.rank else ''} {percent(part.amount_minor, sale.customer_minor)}"
        for part in sale.parts
    ]
    share, chain = percent(sale.total_minor, sale.customer_minor), " ← ".join(rank.of(language) for rank in sale.ranks)
    customer = money(sale.customer_minor, report.setting.currency)
    if language == "zh":
        return f"一单最多付出 {share}（按顾客付 {customer} 计；左边是卖家：{chain}）：{'、'.join(parts) or '没有奖励'}"
    return (
        f"At most one sale pays out {share} (reckoned on {customer} paid; seller first: {chain}):"
        f" {', '.join(parts) or 'nothing'}"
    )


def _counts(report: Report, language: Language) -> str:
    counts = [(severity, sum(one.severity == severity for one in report.findings)) for severity in SEVEREST_FIRST]
    if language == "zh":
        return "发现：" + "、".join(f"{SEVERITIES[one].zh} {count} 条（{MEANINGS[one].zh}）" for one, count in counts)
    return "Found: " + ", ".join(f"{count} {SEVERITIES[one].en} ({MEANINGS[one].en})" for one, count in counts)


def _finding(
    number: int, finding: Finding, report: Report, sources: list[Citation], language: Language
) -> Iterator[str]:
    yield f"{number}. [{SEVERITIES[finding.severity].of(language)}] {finding.title.of(language)}  ({finding.rule_id})"
    places = (_place(place, report, language) for place in finding.places)
    yield from _labelled("where", ("、" if language == "zh" else ", ").join(places), language)
    yield from _labelled("why", finding.explanation.of(language), language)
    if finding.attack is not None:
        steps = " ".join(f"({step}) {text.of(language)}" for step, text in enumerate(finding.attack.steps, start=1))
        yield from _labelled("attack", steps, language)
        yield from _labelled("cost", _account(finding.attack, report.setting.currency, language), language)
    yield from _labelled("change", finding.change.of(language), language)
    if finding.citations:
        yield from _labelled("law", " ".join(f"[{sources.index(one) + 1}]" for one in finding.citations), language)


def _place(place: str, report: Report, language: Language) -> str:
    name = report.place_names[place].of(language)
    if not place:
        return name
    return f"{name}（{place}）" if language == "zh" else f"{name} ({place})"


def _account(attack: Attack, currency: str, language: Language) -> str:
    fronted, cost, gain = (money(one, currency) for one in (attack.fronted_minor, attack.cost_minor, attack.gain_minor))
    said = [Text(f"最后花掉 {cost}", f"{cost} spent in the end")]
    if attack.fronted_minor:
        said.insert(0, Text(f"垫付 {fronted}", f"{fronted} laid out"))
    if attack.accounts:
        said.insert(0, Text(f"账号 {attack.accounts} 个", f"accounts to make up: {attack.accounts}"))
    if attack.gain_minor:
        said.append(Text(f"得到 {gain}", f"{gain} gained"))
    return ("，" if language == "zh" else "; ").join(one.of(language) for one in said)


def _sources(sources: list[Citation], language: Language) -> Iterator[str]:
    for number, one in enumerate(sources, start=1):
        law, article, source, date = (text.of(language) for text in (one.law, one.article, one.source, one.date))
        join = "，" if language == "zh" else ", "
        yield from wrapped(f"[{number}] {join.join((law, article, source, date))}")
    if sources:
        yield ""


def _verdict(report: Report, language: Language, overrides: tuple[Override, ...]) -> str:
    left = ", ".join(finding.rule_id for finding in blocking(report.findings, overrides))
    if left and language == "zh":
        return f"改掉以下各条、或由品牌主逐条写明理由签字之前，方案不应生效：{left}"
    if left:
        return (
            "The plan should not take effect before these are changed, or an owner signs for each with a reason: "
            f"{left}"
        )
    return _nothing_left(report, language)


def _nothing_left(report: Report, language: Language) -> str:
    """Say why nothing blocks the plan, and that this is no all-clear."""
    signed = bool(blocking(report.findings))
    why = (
        Text("阻断的各条，品牌主都已签字。", "An owner has signed for all that blocked the plan.")
        if signed
        else Text("没有阻断方案的问题。", "Nothing blocks the plan.")
    )
    warnings = sum(finding.severity == "warn" for finding in report.findings)
    if not warnings:
        return why.of(language)
    weigh = Text(f"还有 {warnings} 条警告，请逐条权衡。", f" Weigh what is warned of all the same: {warnings} in all.")
    return why.of(language) + weigh.of(language)


def _labelled(label: str, text: str, language: Language) -> list[str]:
    return wrapped(f"{LABELS[label].of(language)}{text}", INDENT)
