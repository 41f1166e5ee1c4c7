"""A plan's form laid out: sections of parts, conditions in parts, fields in both, each with what is wrong or found."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.planning import plan_conditions, plan_parts, plan_ranks
from chalicelib.planning.plan_fields import Document, Path, at, kind_and_number, place_of
from chalicelib.web.plan_form import Draft, fields_in
from chalicelib.web.plan_labels import Names, Shown

if TYPE_CHECKING:
    from chalicelib.commissions.lint.check import Report
    from chalicelib.commissions.lint.findings import Finding
    from chalicelib.commissions.plain_words import Told
    from chalicelib.planning.reasons import PlanProblem
    from chalicelib.web.ask import Ask

_LISTS = ("rewards", "ranks", "promotions", "upkeep")
_SINGLE = ("probation", "admission", "leader_orders")
_WHOLE = ("return_window_days", "payout_cap_bp", "self_purchase", "head_rank")
_SECTIONS = (
    ("rewards", "Who earns what", ("rewards",)),
    ("ranks", "Ranks", ("ranks", "promotions", "upkeep")),
    ("joining", "Joining", _SINGLE),
    ("all", "For all", ("terms", "names")),
)


@dataclass(slots=True)
class Clause:
    """A condition on the page: a threshold with its fields, or those that are joined, with the field that says how.

    more: the thresholds that can come to it, by kind; none where none can.
    """

    place: str
    title: str
    fields: list[Shown] = field(default_factory=list)
    inside: "list[Clause]" = field(default_factory=list)
    more: list[tuple[str, str]] = field(default_factory=list)
    can_go: bool = False


@dataclass(slots=True)
class Part:
    """A part of the plan on the page; `place` is where it stands in the document.

    buttons: what each sends and says.
    """

    place: str
    title: str
    text: str
    buttons: list[tuple[str, str]]
    condition: Clause | None = None
    fields: list[Shown] = field(default_factory=list)
    findings: "list[Finding]" = field(default_factory=list)
    wrong: list[str] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Section:
    """Parts under a heading."""

    key: str
    title: str
    parts: list[Part]


@dataclass(frozen=True, slots=True)
class Wrong:
    """A line of what is wrong: the id to go to (empty for the plan as a whole), what it is called, and why."""

    place: str
    name: str
    reason: str


@dataclass(slots=True)
class Sheet:
    """The whole form: sections, what can be added, what is found of the plan as a whole, everything that is wrong."""

    document: str
    sections: list[Section]
    more: list[tuple[str, str]]
    findings: "list[Finding]"
    wrong: list[Wrong]


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
    names = Names(ask, document, currency)
    parts = {place: _part(names, place, told) for place in _places(document)}
    clauses = {clause.place: clause for part in parts.values() for clause in _all(part.condition)}
    by_place: dict[str, Shown] = {}
    for one in fields:
        shown = by_place[one.place] = names.shown(one, draft)
        holder = clauses.get(place_of(one.path[:-1])) or parts[part_of(one.path)]
        holder.fields.append(shown)
    whole = _found(report, by_place, parts)
    wrong = [
        Wrong(name, f"{parts[part_of(one.path)].title} · {by_place[one.place].label}", by_place[one.place].wrong)
        for one in fields
        if (name := by_place[one.place].name) in draft.wrong
    ]
    wrong += [_wrong(problem, by_place, parts) for problem in problems]
    return Sheet(draft.document, _sections(ask, parts), names.addable(), whole, wrong)


def _places(document: Document) -> list[str]:
    """List the parts in the order of the form."""
    listed = [f"{name}[{number}]" for name in _LISTS for number in range(len(document.get(name, ())))]
    return [*listed, *(name for name in _SINGLE if name in document), "terms", "names"]


def _sections(ask: "Ask", parts: Mapping[str, Part]) -> list[Section]:
    found = [
        Section(key, ask.say(title), [part for place, part in parts.items() if kind_and_number(place)[0] in kinds])
        for key, title, kinds in _SECTIONS
    ]
    return [section for section in found if section.parts]


def part_of(path: Path) -> str:
    """Give the part that a field is in, by its path."""
    if path[0] in _LISTS:
        return f"{path[0]}[{path[1]}]"
    if path[0] in ("zh", "en"):
        return "names"
    return str(path[0]) if path[0] in _SINGLE else "terms"


def _part_at(place: str) -> str:
    """Give the part that a place of a problem or a finding is in; empty for the plan as a whole."""
    first = place.partition(".")[0]
    if first.partition("[")[0] in _LISTS and "[" in first:
        return first
    if first in _SINGLE:
        return first
    return "terms" if first in _WHOLE else ""


def _part(names: Names, place: str, told: "Told | None") -> Part:
    kind, number = kind_and_number(place)
    text = ""
    if told and kind in ("rewards", "ranks"):
        text = getattr(told, kind)[number].text.of(names.ask.language)
    rule: dict[str, Path] = {place_of(path[:-1]): path for path in plan_conditions.conditions(names.document)}
    condition = _clause(names, rule[place]) if place in rule else None
    return Part(place, names.part(place), text, list(_buttons(names, place)), condition)


def _buttons(names: Names, place: str) -> Iterator[tuple[str, str]]:
    """Give what a part's buttons send and say."""
    ask, document = names.ask, names.document
    if place.startswith("ranks["):
        if plan_ranks.may_have_more(document):
            yield f"add {place}", ask.say("Add a rank above {rank}", rank=names.part(place))
        if place != "ranks[0]":
            yield f"take {place}", ask.say("Take out the rank {rank}", rank=names.part(place))
    elif place in plan_parts.places_of_parts(document):
        yield f"take {place}", ask.say("Take out “{what}”", what=names.part(place))


def _clause(names: Names, path: Path) -> Clause:
    document = names.document
    inner = range(len(at(document, path).get("of", ())))
    return Clause(
        place_of(path),
        names.threshold(path),
        inside=[_clause(names, (*path, "of", number)) for number in inner],
        more=names.thresholds() if plan_conditions.takes_more(document, path) else [],
        can_go=plan_conditions.can_go(document, path),
    )


def _all(clause: Clause | None) -> Iterator[Clause]:
    if clause is not None:
        yield clause
        for one in clause.inside:
            yield from _all(one)


def _found(report: "Report | None", by_place: Mapping[str, Shown], parts: Mapping[str, Part]) -> "list[Finding]":
    """Put what was found at the fields and parts that it is about; give what is about the plan as a whole."""
    whole: list[Finding] = []
    for finding in report.findings if report else ():
        for place in finding.places:
            holder = by_place.get(place) or parts.get(_part_at(place))
            found = holder.findings if holder else whole
            if finding not in found:
                found.append(finding)
    return whole


def _wrong(problem: "PlanProblem", by_place: Mapping[str, Shown], parts: Mapping[str, Part]) -> Wrong:
    """Put a problem at its field or part, and give the line that leads there."""
    part = parts.get(_part_at(problem.place))
    if (one := by_place.get(problem.place)) is not None:
        one.wrong = problem.reason
        return Wrong(one.name, f"{part.title} · {one.label}" if part else one.label, problem.reason)
    if part is not None:
        part.wrong.append(problem.reason)
        return Wrong(part.place, part.title, problem.reason)
    return Wrong("", problem.place, problem.reason)
