"""A plan as a form: its fields by part, what was typed in them, what is wrong and what was found at each.

The form carries the document that it was made of; what is typed is written into it. So form and document are two views
of one thing, and everything behind them (check, trial, putting in force) takes the document.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from chalicelib.chinese import Language
from chalicelib.commissions.lint.words import REWARD_NAMES, THRESHOLD_NAMES
from chalicelib.commissions.rules.plan import decode_plan
from chalicelib.errors import Refusal
from chalicelib.money import decimal_text
from chalicelib.planning import plan_fields
from chalicelib.planning.plan_fields import Document, Field, Path
from chalicelib.web import languages, rendering, words
from chalicelib.web.forms import Form, FormInvalid

if TYPE_CHECKING:
    from chalicelib.commissions.lint.check import Report
    from chalicelib.commissions.lint.findings import Finding
    from chalicelib.commissions.plain_words import Told
    from chalicelib.planning.reasons import PlanProblem
    from chalicelib.web.ask import Ask

_THRESHOLDS = {plan_fields.tag_of(kind): name for kind, name in THRESHOLD_NAMES.items()}
_TAKEN_OUT = ("rewards", "promotions", "upkeep", "probation", "admission")


@dataclass(frozen=True, slots=True)
class Draft:
    """What was sent: the document with what was typed in it, or as it was where something could not be read.

    `wrong` are sentences by the name of the field that could not be read.
    """

    document: str
    wrong: Mapping[str, Refusal]


@dataclass(slots=True)
class Shown:
    """A field on the page. `unit` stands behind it; `options` are pairs of value and text."""

    name: str
    label: str
    kind: str
    value: str
    unit: str
    options: list[tuple[str, str]]
    is_optional: bool
    wrong: str = ""
    findings: "list[Finding]" = field(default_factory=list)


@dataclass(slots=True)
class Part:
    """A part of the plan on the page; `place` is where it stands in the document."""

    place: str
    title: str
    text: str
    fields: list[Shown] = field(default_factory=list)
    findings: "list[Finding]" = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)
    can_go: bool = False


@dataclass(slots=True)
class Sheet:
    """The whole form: sections of parts, what can be added, and what is found or wrong of the plan as a whole."""

    document: str
    sections: list[tuple[str, list[Part]]]
    more: list[tuple[str, str]]
    findings: "list[Finding]"
    wrong: list[str]


def name_of(field_: Field, document: Document) -> str:
    """Name a field of the form: its place, with a rank's number for the rank, which may have any letters."""
    ranks = [rank["id"] for rank in document["ranks"]]
    if not field_.rank:
        return field_.place
    return f"{plan_fields.place_of(field_.path[:-1])}.{ranks.index(field_.rank) if field_.rank in ranks else 99}"


def read(form: Form, currency: str) -> Draft:
    """Write what was typed into the form's document, then take out and add parts.

    Raises `PlanRefused` when the document that the form carries has not the shape of a plan: that is for the other
    view. A plan with a value that cannot be (a rate of 200 %) has its shape, and its problems stand at its fields.
    """
    base, fields = fields_in(form["document"])
    values: dict[Path, Any] = {}
    wrong: dict[str, Refusal] = {}
    for one in fields:
        name = name_of(one, base)
        if name not in form:
            continue
        try:
            value = _typed(form, name, one, currency)
        except Refusal as refusal:
            wrong[name] = refusal
        else:
            if value != one.value:
                values[one.path] = value
    if wrong:
        return Draft(form["document"], wrong)
    gone = {name.removeprefix("drop.") for name in form if name.startswith("drop.")}
    made = plan_fields.without_parts(plan_fields.edited(base, values), gone)
    if form["add"]:
        made = plan_fields.with_part(made, form["add"])
    return Draft(plan_fields.write(made), {})


def fields_in(text: str) -> tuple[Document, list[Field]]:
    """Decode a document and find its fields. Raises `PlanRefused` for what has not the shape of a plan."""
    try:
        document = plan_fields.read(text)
        return document, plan_fields.fields_of(document)
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError):
        decode_plan(text.encode())  # says what is wrong with it
        raise


def _typed(form: Form, name: str, one: Field, currency: str) -> int | str | None:
    if one.is_optional and not form[name].strip():
        return None
    match one.kind:
        case "percent":
            rate_bp = form.percent_bp(name)
            if rate_bp is None:
                raise FormInvalid("Write a percentage here, like 12.5.", param=name)
            return rate_bp
        case "money":
            return form.money(name, currency)
        case "count":
            return form.integer(name)
        case "choice" | "rank":
            if form[name] not in one.options:
                raise FormInvalid("Choose one of these.", param=name)
            return form[name]
        case _:
            return form.text(name, longest=64)


# ------------------------------------------------------------------------------------------------ showing it


def sheet(
    ask: "Ask",
    draft: Draft,
    currency: str,
    *,
    told: "Told | None",
    report: "Report | None",
    problems: "Iterable[PlanProblem]",
) -> Sheet:
    """Lay the form out. `told` says the plan in plain words, None where it is none. Raises `PlanRefused`."""
    document, fields = fields_in(draft.document)
    parts: dict[str, Part] = {}
    by_place: dict[str, Shown] = {}
    for one in fields:
        place = _part_of(one.path)
        part = parts.setdefault(place, _part(ask, document, place, told))
        shown = _shown(ask, one, document, currency, draft, ask.form)
        part.fields.append(shown)
        by_place[one.place] = shown
    for number in range(len(document["rewards"])):  # one without a field of its own can still be taken out
        parts.setdefault(f"rewards[{number}]", _part(ask, document, f"rewards[{number}]", told))
    whole: list[Finding] = []
    for finding in report.findings if report else ():
        for at in finding.places:
            holder = by_place.get(at) or parts.get(_part_at(at))
            found = holder.findings if holder else whole
            if finding not in found:
                found.append(finding)
    wrong = []
    for problem in problems:
        if problem.place in by_place:
            by_place[problem.place].wrong = problem.reason
        elif (part_at := parts.get(_part_at(problem.place))) is not None:
            part_at.wrong.append(problem.reason)
        else:
            wrong.append(f"{problem.place}: {problem.reason}" if problem.place else problem.reason)
    return Sheet(draft.document, _sections(ask, document, parts), _more(ask, document), whole, wrong)


def _sections(ask: "Ask", document: Document, parts: Mapping[str, Part]) -> list[tuple[str, list[Part]]]:
    def of(*kinds: str) -> list[Part]:
        return [part for place, part in parts.items() if place.partition("[")[0] in kinds]

    return [
        (ask.say("Who earns what"), sorted(of("rewards"), key=lambda part: int(part.place[8:-1]))),
        (ask.say("Ranks"), of("ranks", "promotions", "upkeep")),
        (ask.say("Joining"), of("probation", "admission", "leader_orders")),
        (ask.say("For all"), of("terms", "names")),
    ]


def _part_of(path: Path) -> str:
    if path[0] in ("rewards", "ranks", "promotions", "upkeep"):
        return f"{path[0]}[{path[1]}]"
    if path[0] in ("zh", "en"):
        return "names"
    return str(path[0]) if path[0] in ("probation", "admission", "leader_orders") else "terms"


def _part_at(place: str) -> str:
    """Give the part that a place of a problem or a finding is in; empty for the plan as a whole."""
    first = place.partition(".")[0]
    if first.partition("[")[0] in ("rewards", "ranks", "promotions", "upkeep") and "[" in first:
        return first
    if first in ("probation", "admission", "leader_orders"):
        return first
    return "terms" if first in ("return_window_days", "payout_cap_bp", "self_purchase", "head_rank") else ""


def _part(ask: "Ask", document: Document, place: str, told: "Told | None") -> Part:
    kind, number = place.partition("[")[0], int(place.partition("[")[2].rstrip("]") or 0)
    title, text = ask.say(_TITLES.get(kind, "")), ""
    language = ask.language
    names = _ranks(document, language)
    if kind == "rewards":
        title = REWARD_NAMES[document["rewards"][number]["kind"]].of(language)
        text = told.rewards[number].text.of(language) if told else ""
    elif kind == "ranks":
        title, text = list(names.values())[number], told.ranks[number].text.of(language) if told else ""
    elif kind == "promotions":
        title = ask.say("To become {rank}", rank=names.get(document["promotions"][number]["to"], ""))
    elif kind == "upkeep":
        title = ask.say("To stay {rank}", rank=names.get(document["upkeep"][number]["rank"], ""))
    return Part(place, title[:1].upper() + title[1:], text, can_go=kind in _TAKEN_OUT)


_TITLES = {
    "probation": "Probation",
    "admission": "Chat group of a newcomer",
    "leader_orders": "Leaders order for their customers",
    "terms": "Every order and leader",
    "names": "Name of the plan",
}


def _shown(ask: "Ask", one: Field, document: Document, currency: str, draft: Draft, form: Form) -> Shown:
    name, names = name_of(one, document), _ranks(document, ask.language)
    label = _THRESHOLDS[one.owner].of(ask.language) if one.owner in _THRESHOLDS and one.about.startswith("at_") else ""
    label = label or ask.say(words.PLAN_FIELDS[one.about])
    if one.rank:
        label = f"{label} · {names.get(one.rank, one.rank)}"
    options = [
        (key, names.get(key, key) if one.kind == "rank" else ask.say(words.PLAN_CHOICES.get(key, key)))
        for key in one.options
    ]
    refusal = draft.wrong.get(name)
    kept = form[name] if draft.wrong and name in form else _written(one, currency)
    wrong = languages.explain(ask.language, refusal) if refusal else ""
    unit = {"percent": "%", "money": currency}.get(one.kind, "")
    return Shown(name, label[:1].upper() + label[1:], one.kind, kept, unit, options, one.is_optional, wrong)


def _written(one: Field, currency: str) -> str:
    if one.value is None:
        return ""
    if one.kind == "percent" and isinstance(one.value, int):
        return rendering.percent(one.value).removesuffix("%")
    return decimal_text(one.value, currency) if one.kind == "money" and isinstance(one.value, int) else str(one.value)


def _ranks(document: Document, language: Language) -> dict[str, str]:
    return {rank["id"]: rank["en"] if language == "en" else rank["zh"] for rank in document["ranks"]}


def _more(ask: "Ask", document: Document) -> list[tuple[str, str]]:
    """Name what can be added."""
    names = _ranks(document, ask.language)
    found = []
    for part in plan_fields.addable(document):
        kind, _, name = part.partition(".")
        text = (
            REWARD_NAMES[name].of(ask.language)
            if kind == "rewards"
            else ask.say(words.PLAN_PARTS[kind], rank=names.get(name, ""))
        )
        found.append((part, text[:1].upper() + text[1:]))
    return found
