"""The arithmetic of an explanation: steps that can be done again by whoever reads them. Pure.

Every step names its formula, its inputs and its result. An input that is another step's result says which (`source`),
so a calculation is a chain from what was paid to what was posted.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor
from typing import Literal

from msgspec import Struct

from chalicelib.money import BASIS_POINTS, split_by_weight

Unit = Literal["minor", "bp", "count"]
FormulaName = Literal[
    "total", "total_floored", "rate", "exact_rate", "settlement_price", "margin", "rate_difference", "left_by_cap",
    "cap_split", "fixed", "fixed_if", "in_proportion", "pool_share", "difference",
]  # fmt: skip


class CalculationMismatch(RuntimeError):
    """A calculation does not come to what was posted. A defect: nothing is shown rather than something wrong."""


class StepInput(Struct, frozen=True, kw_only=True):
    """A number that goes into a step: money in minor units, a rate in basis points, or a count.

    It is exactly `value` plus `fraction` (such as `1/3`; empty: nothing). `source`: the step whose result it is.
    """

    name: str
    value: int
    unit: Unit = "minor"
    fraction: str = ""
    source: str = ""


class CalculationStep(Struct, frozen=True, kw_only=True):
    """One step: `expression` says how the result comes of the inputs, `text` says it in the reader's language.

    The result is exactly `result_minor` plus `result_fraction`, in minor units. `withheld`: inputs that would show
    what others earned are left out, so the step cannot be done again from these alone.
    """

    step: str
    formula: FormulaName
    expression: str
    inputs: list[StepInput]
    result_minor: int
    result_fraction: str = ""
    withheld: bool = False
    text: str = ""


Values = Mapping[str, Fraction]


@dataclass(frozen=True, slots=True)
class _Formula:
    expression: str
    exact: Callable[[Values], Fraction]
    rounded: Callable[[Fraction], int] | None = None


def _share(values: Values, base: str, rate: str) -> Fraction:
    return values[base] * values[rate] / BASIS_POINTS


def _total(values: Values) -> Fraction:
    return sum(values.values(), start=Fraction(0))


def _margin(values: Values) -> Fraction:
    if not values["paid"]:
        return Fraction(0)
    return max(Fraction(0), values["paid"] - values["settlement_price"]) * values["still_paid"] / values["paid"]


def _rate_difference(values: Values) -> Fraction:
    return Fraction(floor(_share(values, "base", "rate_bp")) - floor(_share(values, "base", "taken_bp")))


def _left_by_cap(values: Values) -> Fraction:
    return max(Fraction(0), floor(_share(values, "sales", "cap_bp")) - values["retail"])


def _cap_split(values: Values) -> Fraction:
    weights = [int(weight) for name, weight in values.items() if name not in ("left", "place")]
    return Fraction(split_by_weight(int(values["left"]), weights)[int(values["place"]) - 1])


def _pool_share(values: Values) -> Fraction:
    return floor(values["pool"] * values["weight"] / values["weights"]) + values["rounding_unit"]


def _fixed_if(values: Values) -> Fraction:
    return values["amount"] if values["still_paid"] >= values["min_paid"] else Fraction(0)


def _in_proportion(values: Values) -> Fraction:
    return values["amount"] * values["still_paid"] / values["paid"]


FORMULAS: Mapping[FormulaName, _Formula] = {
    "total": _Formula("sum(inputs)", _total),
    "total_floored": _Formula("floor(sum(inputs))", _total, floor),
    "rate": _Formula("floor(base * rate_bp / 10000)", lambda values: _share(values, "base", "rate_bp"), floor),
    "exact_rate": _Formula("still_paid * rate_bp / 10000", lambda values: _share(values, "still_paid", "rate_bp")),
    "settlement_price": _Formula(
        "ceil(list_price * qty * settlement_bp / 10000)",
        lambda values: _share(values, "list_price", "settlement_bp") * values["qty"],
        ceil,
    ),
    "margin": _Formula("max(0, paid - settlement_price) * still_paid / paid", _margin),
    "rate_difference": _Formula("floor(base * rate_bp / 10000) - floor(base * taken_bp / 10000)", _rate_difference),
    "left_by_cap": _Formula("max(0, floor(sales * cap_bp / 10000) - retail)", _left_by_cap),
    "cap_split": _Formula("split_by_weight(left, the other inputs)[place]", _cap_split),
    "fixed": _Formula("amount", lambda values: values["amount"]),
    "fixed_if": _Formula("amount if still_paid >= min_paid else 0", _fixed_if),
    "in_proportion": _Formula("floor(amount * still_paid / paid)", _in_proportion, floor),
    "pool_share": _Formula("floor(pool * weight / weights) + rounding_unit", _pool_share),
    "difference": _Formula("now - posted", lambda values: values["now"] - values["posted"]),
}


def step(name: str, formula: FormulaName, inputs: Sequence[StepInput]) -> CalculationStep:
    """Make a step: the result is reckoned from the inputs."""
    whole, fraction = _parts(_reckoned(formula, inputs))
    return CalculationStep(
        step=name,
        formula=formula,
        expression=FORMULAS[formula].expression,
        inputs=list(inputs),
        result_minor=whole,
        result_fraction=fraction,
    )


def number(name: str, value: int, unit: Unit = "minor") -> StepInput:
    """Give an input that comes from what the entry keeps."""
    return StepInput(name=name, value=value, unit=unit)


def result_of(earlier: CalculationStep, name: str) -> StepInput:
    """Give an input that is an earlier step's result."""
    return StepInput(name=name, value=earlier.result_minor, fraction=earlier.result_fraction, source=earlier.step)


def exact(whole: int, fraction: str) -> Fraction:
    """Give the number that is exactly `whole` plus `fraction`."""
    return whole + Fraction(fraction or 0)


def was_rounded(one: CalculationStep) -> bool:
    """Say whether rounding changed the step's result."""
    return FORMULAS[one.formula].exact(_values(one.inputs)) != exact(one.result_minor, one.result_fraction)


def check(steps: Iterable[CalculationStep]) -> None:
    """Do every step again, in order. Raises `CalculationMismatch` where one gives another result or input."""
    known: dict[str, Fraction] = {}
    for one in steps:
        result = exact(one.result_minor, one.result_fraction)
        if not one.withheld and _reckoned(one.formula, one.inputs) != result:
            raise CalculationMismatch(f"step {one.step} does not give {result}")
        for given in one.inputs:
            if given.source and known.get(given.source) != exact(given.value, given.fraction):
                raise CalculationMismatch(f"step {one.step} does not take {given.name} from {given.source}")
        known[one.step] = result


def _reckoned(formula: FormulaName, inputs: Sequence[StepInput]) -> Fraction:
    found = FORMULAS[formula]
    result = found.exact(_values(inputs))
    return result if found.rounded is None else Fraction(found.rounded(result))


def _values(inputs: Sequence[StepInput]) -> Values:
    return {given.name: exact(given.value, given.fraction) for given in inputs}


def _parts(value: Fraction) -> tuple[int, str]:
    whole = floor(value)
    return whole, str(value - whole) if value != whole else ""
