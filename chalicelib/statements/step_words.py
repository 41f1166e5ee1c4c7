"""A step of a calculation as a person reads it: `25% × 40.00 = 10.00`."""

from collections.abc import Mapping

from chalicelib import chinese
from chalicelib.chinese import Language, Words
from chalicelib.money import decimal_text, percent_text
from chalicelib.statements.steps import CalculationStep, FormulaName, StepInput, was_rounded

LABELS: Mapping[str, Words] = {
    "sales": {"en": "Sales of the order", "zh": "订单销售额"},
    "retail": {"en": "Margin of the sale", "zh": "销售佣金"},
    "line": {"en": "Margin of this product", "zh": "该商品佣金"},
    "settlement": {"en": "Settlement price", "zh": "结算价"},
    "share": {"en": "Share", "zh": "所得份额"},
    "left": {"en": "What the margin leaves of the plan's limit", "zh": "扣除销售佣金后的奖励上限"},
    "capped": {"en": "After the plan's limit for one order", "zh": "单笔订单上限后"},
    "fixed": {"en": "Set by the plan", "zh": "方案规定"},
    "kept": {"en": "For what is still paid", "zh": "按仍实付部分"},
    "pool": {"en": "To be shared", "zh": "分红总额"},
    "posted": {"en": "Posted so far", "zh": "此前已记"},
    "change": {"en": "Change", "zh": "变动"},
    "moved": {"en": "Moved", "zh": "合计"},
}

TEXTS: Mapping[FormulaName, Words] = {
    "rate": {"en": "{rate_bp} × {base}", "zh": "{base} × {rate_bp}"},
    "exact_rate": {"en": "{rate_bp} × {still_paid}", "zh": "{still_paid} × {rate_bp}"},
    "settlement_price": {
        "en": "{settlement_bp} × {list_price} × {qty}",
        "zh": "{list_price} × {qty} × {settlement_bp}",
    },
    "margin": {
        "en": "({paid} paid − {settlement_price}, at least 0) × {still_paid} still paid ÷ {paid}",
        "zh": "（实付 {paid} − {settlement_price}，不低于 0）× 仍实付 {still_paid} ÷ {paid}",
    },
    "rate_difference": {
        "en": "{rate_bp} × {base} − {taken_bp} × {base}, each rounded down",
        "zh": "{base} × {rate_bp} − {base} × {taken_bp}，各自向下取整",
    },
    "left_by_cap": {
        "en": "{cap_bp} × {sales} rounded down − {retail}, at least 0",
        "zh": "{sales} × {cap_bp} 向下取整 − {retail}，不低于 0",
    },
    "cap_split": {
        "en": "{left} shared in the ratio {weights}, number {place}",
        "zh": "{left} 按 {weights} 分配，第 {place} 份",
    },
    "fixed": {"en": "{amount}", "zh": "{amount}"},
    "fixed_if": {
        "en": "{amount}, if at least {min_paid} is still paid; it is {still_paid}",
        "zh": "仍实付不少于 {min_paid} 时为 {amount}；现仍实付 {still_paid}",
    },
    "in_proportion": {"en": "{amount} × {still_paid} ÷ {paid}", "zh": "{amount} × {still_paid} ÷ {paid}"},
    "pool_share": {
        "en": "{pool} × {weight} ÷ {weights}, rounded down, and {rounding_unit} of the smallest unit from rounding",
        "zh": "{pool} × {weight} ÷ {weights}，向下取整，另加尾差 {rounding_unit} 个最小单位",
    },
    "difference": {"en": "{now} − {posted}", "zh": "{now} − {posted}"},
}
WITHHELD: Words = {
    "en": "{own}, scaled down together with what others earn on this order",
    "zh": "{own}，与该订单的其他奖励一并按比例缩减",
}
ROUNDED: Mapping[str, Words] = {
    "floor": {"en": ", rounded down", "zh": "，向下取整"},
    "ceil": {"en": ", rounded up", "zh": "，向上取整"},
}


def said(step: CalculationStep, language: Language, currency: str) -> str:
    """Say a step with its numbers, e.g. `Share: 25% × 40.01, rounded down = 10.00`."""
    label = chinese.said(LABELS[step.step.partition(":")[0]], language)
    result = _minor(step.result_minor, step.result_fraction, currency)
    colon = ": " if language == "en" else "："
    worked = _worked(step, language, currency)
    return f"{label}{colon}{result}" if worked == result else f"{label}{colon}{worked} = {result}"


def _worked(step: CalculationStep, language: Language, currency: str) -> str:
    values = {given.name: _value(given, language, currency) for given in step.inputs}
    if step.withheld:
        return chinese.said(WITHHELD, language).format(own=next(iter(values.values())))
    rounding = ""
    if was_rounded(step):
        rounding = chinese.said(ROUNDED[step.expression.partition("(")[0]], language)
    if step.formula in ("total", "total_floored"):
        return (" + ".join(values.values()) or "0") + rounding
    if step.formula == "cap_split":
        shares = [value for name, value in values.items() if name not in ("left", "place")]
        values = {"left": values["left"], "place": values["place"], "weights": " : ".join(shares)}
    return chinese.said(TEXTS[step.formula], language).format(**values) + rounding


def _value(given: StepInput, language: Language, currency: str) -> str:
    if given.unit == "bp":
        return percent_text(given.value)
    if given.unit == "count":
        return str(given.value)
    return _minor(given.value, given.fraction, currency)


def _minor(value: int, fraction: str, currency: str) -> str:
    """Write money; a fraction of the smallest unit is added in brackets: `33.33 (+1/3)`."""
    return decimal_text(value, currency) + (f" (+{fraction})" if fraction else "")
