"""Chinese is written once, in Simplified characters; Traditional Chinese is read off it here, text by text.

`characters.json` is one character for one (made by `make catalogues`). `words.json` goes first, the longest word first,
and is kept by hand: `words` are written or called otherwise, `whole` is for texts that are nothing but this word. Only
our own texts are converted, before their blanks are filled: what somebody typed stays as it is. Both files are read
when the first Traditional text is asked for. See infra/decisions/0023-traditional-chinese.md.
"""

import json
import re
from collections.abc import Mapping
from functools import cache, lru_cache
from importlib.resources import files
from typing import Any, Literal, Protocol, get_args

Language = Literal["zh", "zh-Hant", "en"]
LANGUAGES: tuple[Language, ...] = get_args(Language)
Words = Mapping[Literal["zh", "en"], str]
"""The same said in Simplified Chinese and in English."""


class Named(Protocol):
    """What has its name or text in Simplified Chinese and in English."""

    @property
    def zh(self) -> str:
        """It in Simplified Chinese."""

    @property
    def en(self) -> str:
        """It in English."""


def said(words: Words, language: Language) -> str:
    """Give what is said in a language."""
    return words["en"] if language == "en" else written(words["zh"], language)


def named(one: Named, language: Language) -> str:
    """Give its name in a language."""
    return one.en if language == "en" else written(one.zh, language)


def written(chinese: str, language: Language) -> str:
    """Write a Simplified text of ours with the characters of a language."""
    return traditional(chinese) if language == "zh-Hant" else chinese


@lru_cache(maxsize=2000)
def traditional(text: str) -> str:
    """Write a Simplified text in Traditional Chinese, as it is read in Taiwan."""
    whole, words, _ = _words()
    if text in whole:
        return whole[text]
    parts = apart(text)
    parts[::2] = [part.translate(_characters()) for part in parts[::2]]
    parts[1::2] = [words[word] for word in parts[1::2]]
    return "".join(parts)


def apart(text: str) -> list[str]:
    """Take a text apart at the words that have their own writing: they are every second part."""
    return _words()[2].split(text)


@cache
def _words() -> tuple[dict[str, str], dict[str, str], re.Pattern[str]]:
    """Give the texts and the words that have their own writing, and the pattern that finds the words."""
    table = _table("words")
    longest_first = sorted(table["words"], key=len, reverse=True)
    return table["whole"], table["words"], re.compile(f"({'|'.join(map(re.escape, longest_first))})")


@cache
def _characters() -> dict[int, int]:
    table = _table("characters")
    return str.maketrans(table["simplified"], table["traditional"])


def _table(name: str) -> Any:
    return json.loads(files(__package__).joinpath(f"{name}.json").read_text("utf-8"))
