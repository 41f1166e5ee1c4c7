"""Languages: English sentences are the keys, a catalogue gives the Chinese, which is written in two ways.

Refusals are translated by their code (and field), since their English sentence may carry a number or a name.
"""

import json
import re
from collections.abc import Mapping
from functools import cache
from importlib.resources import files
from typing import Any

from chalicelib.billing import names
from chalicelib.chinese import Language, written
from chalicelib.errors import Refusal

NAMES: dict[Language, str] = {"zh": "简体中文", "zh-Hant": "繁體中文", "en": "English"}
TAGS: dict[Language, str] = {"zh": "zh-Hans", "zh-Hant": "zh-Hant", "en": "en"}

_ONE = {
    "units": "unit", "people": "person", "orders": "order", "days": "day", "hours": "hour", "rows": "row",
    "reviews": "review", "places": "place", "problems": "problem", "refunds": "refund", "leaders": "leader",
    "products": "product", "campaigns": "campaign", "photos": "photo", "times": "time", "cases": "case",
}  # fmt: skip
_VERBS = {" are": " is", " were": " was", " wait": " waits"}
_COUNTED = re.compile(
    r"(of )?\{(\w+)\}((?: more| full| chosen| confirmed| direct)? )"
    rf"({'|'.join(_ONE)})\b((?: are| were| wait)?)(?!\w)"
)
"""A number and what it counts; of a part (`1 of 3 people`) it is the whole that is counted."""
_TRADITIONAL = re.compile(r"zh-hant\b|zh-(?!hans\b)(?:[a-z]+-)*(?:tw|hk|mo)\b")
_PREFERENCE = re.compile(r"([a-zA-Z]{2,3}(?:-[a-zA-Z0-9-]+)?)(?:\s*;\s*q=([01](?:\.[0-9]{1,3})?))?")


def choose(asked: str, own: str | None, accept_language: str) -> Language:
    """Give the language of a page: what the address asks for, else the person's own, else the browser's."""
    return of_tag(asked) or of_tag(own or "") or preferred(accept_language) or "zh"


def of_tag(tag: str) -> Language | None:
    """Give our language for a tag: `zh-TW`, `zh-HK`, `zh-MO` and `zh-Hant` are Traditional Chinese; None: not ours."""
    tag = tag.lower()
    if _TRADITIONAL.match(tag):
        return "zh-Hant"
    known: dict[str, Language] = {"zh": "zh", "en": "en"}
    return known.get(tag.partition("-")[0])


def preferred(accept_language: str) -> Language | None:
    """Give the language of ours that an `Accept-Language` likes best, None where it names none."""
    wishes = [(float(weight or 1), of_tag(tag)) for tag, weight in _PREFERENCE.findall(accept_language[:300])]
    known = [(-weight, place, ours) for place, (weight, ours) in enumerate(wishes) if ours and weight]
    return min(known)[2] if known else None


@cache
def catalogue(name: str) -> dict[str, str]:
    """Give a catalogue: `zh` for the pages' sentences and the tiers' names, `refusals.zh` for refusals."""
    text = files(__package__).joinpath("catalogues", f"{name}.json").read_text("utf-8")
    found: dict[str, str] = json.loads(text)
    return found | dict(names.CHINESE) if name == "zh" else found


def say(language: Language, sentence: str, /, **values: Any) -> str:
    """Give a sentence in a language, with `{names}` filled in."""
    if language == "en":
        sentence = _of_one(sentence, values)
    elif chinese := catalogue("zh").get(sentence):
        sentence = written(chinese, language)
    return sentence.format_map(values) if values else sentence


def _of_one(sentence: str, values: Mapping[str, Any]) -> str:
    """Write an English sentence for the numbers in it: `{count} units are left` with a 1 is `{count} unit is left`."""

    def counted(found: re.Match[str]) -> str:
        before, name, between, noun, verb = found.groups()
        if before or str(values.get(name)) != "1":
            return found[0]
        return f"{{{name}}}{between}{_ONE[noun]}{_VERBS.get(verb, verb)}"

    return _COUNTED.sub(counted, sentence) if values else sentence


def explain(language: Language, refusal: Refusal) -> str:
    """Give a refusal's sentence in a language: as it is, by code and field, by code, else as it was raised."""
    if language == "en":
        return refusal.message
    known, field = catalogue("refusals.zh"), (refusal.param or "").rpartition(".")[2]
    chinese = catalogue("zh").get(refusal.message) or known.get(f"{refusal.code}.{field}") or known.get(refusal.code)
    return written(chinese, language) if chinese else refusal.message
