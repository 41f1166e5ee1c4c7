"""Languages: English sentences are the keys, a catalogue per other language gives the translation.

Refusals are translated by their code (and field), since their English sentence may carry a number or a name.
"""

import json
import re
from functools import cache
from importlib.resources import files
from typing import Any, Literal, get_args

from chalicelib.errors import Refusal

Language = Literal["zh", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
NAMES = {"zh": "简体中文", "en": "English"}
TAGS = {"zh": "zh-Hans", "en": "en"}

_PREFERENCE = re.compile(r"([a-zA-Z]{2,3})(?:-[a-zA-Z0-9-]+)?(?:\s*;\s*q=([01](?:\.[0-9]{1,3})?))?")


def choose(asked: str, own: str | None, accept_language: str) -> Language:
    """Give the language of a page: what the address asks for, else the person's own, else the browser's."""
    for wish in (asked, own):
        if wish in LANGUAGES:
            return "zh" if wish == "zh" else "en"
    return preferred(accept_language) or "zh"


def preferred(accept_language: str) -> Language | None:
    """Give the language of ours that an `Accept-Language` likes best, None where it names none."""
    wishes = [(float(weight or 1), name.lower()) for name, weight in _PREFERENCE.findall(accept_language[:300])]
    known = [(-weight, place, name) for place, (weight, name) in enumerate(wishes) if name in LANGUAGES and weight]
    if not known:
        return None
    return "en" if min(known)[2] == "en" else "zh"


@cache
def catalogue(name: str) -> dict[str, str]:
    """Give a catalogue: `zh` for the pages' sentences, `refusals.zh` for refusals; empty for English."""
    if name.endswith("en"):
        return {}
    text = files(__package__).joinpath("catalogues", f"{name}.json").read_text("utf-8")
    found: dict[str, str] = json.loads(text)
    return found


def say(language: Language, sentence: str, /, **values: Any) -> str:
    """Give a sentence in a language, with `{names}` filled in."""
    translated = catalogue(language).get(sentence, sentence)
    return translated.format_map(values) if values else translated


def explain(language: Language, refusal: Refusal) -> str:
    """Give a refusal's sentence in a language: as it is, by code and field, by code, else as it was raised."""
    known, field = catalogue(f"refusals.{language}"), (refusal.param or "").rpartition(".")[2]
    return (
        catalogue(language).get(refusal.message)
        or known.get(f"{refusal.code}.{field}")
        or known.get(refusal.code)
        or refusal.message
    )
