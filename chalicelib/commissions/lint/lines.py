"""Breaking text into lines of a terminal: English between words, Chinese between characters."""

from collections.abc import Iterator
from unicodedata import east_asian_width

WIDTH = 96
NEVER_LAST = "（“《〔"
NEVER_FIRST = "，。；：、？！）”》〕"


def wrapped(text: str, indent: str = "") -> list[str]:
    """Give a text as lines that fit the width, wide characters counted as two; no line begins with a closing mark
    or ends with an opening one.
    """
    lines, line, width = [], "", len(indent)
    for piece in _pieces(text):
        if line and width + _width(piece) > WIDTH and piece not in NEVER_FIRST:
            lines.append(indent + line.rstrip())
            line, width, piece = "", len(indent), piece.lstrip()
        line, width = line + piece, width + _width(piece)
    return [*lines, indent + line.rstrip()]


def _width(piece: str) -> int:
    return sum(1 + _is_wide(character) for character in piece)


def _is_wide(character: str) -> bool:
    return east_asian_width(character) in "WF"


def _pieces(text: str) -> Iterator[str]:
    """Cut a text where a line may end: around every wide character, and before spaces."""
    word = ""
    for character in text:
        if word and (_is_wide(character) or character == " ") and word not in NEVER_LAST:
            yield word
            word = ""
        if _is_wide(character) and character not in NEVER_LAST:
            yield word + character
            word = ""
        else:
            word += character
    if word:
        yield word
