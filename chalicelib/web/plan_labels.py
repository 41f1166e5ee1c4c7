"""What the parts, thresholds and fields of a plan's form are called, in the reader's language."""

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from chalicelib.commissions.lint.words import REWARD_NAMES, THRESHOLD_NAMES
from chalicelib.money import decimal_text
from chalicelib.planning import plan_fields, plan_parts
from chalicelib.planning.plan_fields import Document, Field, Path, at
from chalicelib.web import languages, rendering, words
from chalicelib.web.plan_form import Draft, name_of

if TYPE_CHECKING:
    from chalicelib.commissions.lint.findings import Finding
    from chalicelib.web.ask import Ask

_THRESHOLDS = {plan_fields.tag_of(kind): name for kind, name in THRESHOLD_NAMES.items()}
_TITLES = {
    "probation": "Probation",
    "admission": "Chat group of a newcomer",
    "leader_orders": "Leaders order for their customers",
    "terms": "Every order and leader",
    "names": "Name of the plan",
}


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


class Names:
    """Names what is in one document for one reader. Amounts are in the brand's currency."""

    def __init__(self, ask: "Ask", document: Document, currency: str) -> None:
        self.ask, self.document, self.currency = ask, document, currency
        names = "en" if ask.language == "en" else "zh"
        self.ranks = {rank["id"]: str(rank[names]) for rank in document["ranks"]}

    def part(self, place: str) -> str:
        """Name a part by its place."""
        kind, number = plan_fields.kind_and_number(place)
        if kind == "rewards":
            return _capital(REWARD_NAMES[self.document["rewards"][number]["kind"]].of(self.ask.language))
        if kind == "ranks":
            return _capital(self.rank(self.document["ranks"][number]["id"]))
        if kind == "promotions":
            return self.ask.say("To become {rank}", rank=self.rank(self.document["promotions"][number]["to"]))
        if kind == "upkeep":
            return self.ask.say("To stay {rank}", rank=self.rank(self.document["upkeep"][number]["rank"]))
        return self.ask.say(_TITLES[kind])

    def rank(self, rank: str) -> str:
        """Name a rank; one that the plan has not, by its id."""
        return self.ranks.get(rank, rank)

    def threshold(self, path: Path) -> str:
        """Name the condition at a path: a threshold by what it counts, several by how they are joined."""
        kind = at(self.document, path)["kind"]
        name = _THRESHOLDS.get(kind)
        return _capital(name.of(self.ask.language)) if name else self.ask.say(words.PLAN_CHOICES[f"join.{kind}"])

    def thresholds(self) -> list[tuple[str, str]]:
        """Name every kind of threshold."""
        return [(kind, _capital(name.of(self.ask.language))) for kind, name in _THRESHOLDS.items()]

    def addable(self) -> list[tuple[str, str]]:
        """Name the parts that can be added."""
        found = []
        for part in plan_parts.addable(self.document):
            kind, _, name = part.partition(".")
            if kind == "rewards":
                found.append((part, _capital(REWARD_NAMES[name].of(self.ask.language))))
            else:
                found.append((part, _capital(self.ask.say(words.PLAN_PARTS[kind], rank=self.rank(name)))))
        return found

    def label(self, one: Field) -> str:
        """Name a field: a threshold's number by what is counted, a rank's value with the rank."""
        in_threshold = one.owner in _THRESHOLDS
        if in_threshold and one.about.startswith("at_"):
            text = _THRESHOLDS[one.owner].of(self.ask.language)
        else:
            text = self.ask.say(
                words.PLAN_FIELDS["joining_days" if in_threshold and one.about == "days" else one.about]
            )
        return _capital(f"{text} · {self.rank(one.rank)}" if one.rank else text)

    def shown(self, one: Field, draft: Draft) -> Shown:
        """Lay a field out: with what was typed where something could not be read, else with the document's value."""
        name, form = name_of(one, self.document), self.ask.form
        refusal = draft.wrong.get(name)
        kept = form[name] if draft.wrong and name in form else _written(one, self.currency)
        wrong = languages.explain(self.ask.language, refusal) if refusal else ""
        unit = {"percent": "%", "money": self.currency}.get(one.kind, "")
        options = [(key, self.rank(key) if one.kind == "rank" else self._choice(one, key)) for key in one.options]
        return Shown(name, self.label(one), one.kind, kept, unit, options, one.is_optional, wrong)

    def _choice(self, one: Field, key: str) -> str:
        return self.ask.say(words.PLAN_CHOICES.get(f"{one.about}.{key}") or words.PLAN_CHOICES.get(key, key))


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]


def _written(one: Field, currency: str) -> str:
    if one.value is None:
        return ""
    if one.kind == "percent" and isinstance(one.value, int):
        return rendering.percent(one.value).removesuffix("%")
    return decimal_text(one.value, currency) if one.kind == "money" and isinstance(one.value, int) else str(one.value)
