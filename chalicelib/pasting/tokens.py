"""A line cut into what each stretch of it is: goods, a quantity, a word of the chain, a comment, or unknown text."""

import re
from dataclasses import dataclass, field, replace
from fractions import Fraction

from chalicelib.pasting import lexicon
from chalicelib.pasting.goods import Catalogue
from chalicelib.pasting.numbers import is_vague, value_of
from chalicelib.pasting.units import WEIGHTS_GRAMS, unit_of

_BARE_CHINESE_AFTER = {"goods", "each", "verb", "add", "cancel", "change", "total", "dash"}
_LETTERS = re.compile(r"[a-z][a-z']*|[0-9]+(?:\.[0-9]+)?")


@dataclass(frozen=True, slots=True)
class Amount:
    """A quantity: `value` is None when it is vague. `sign` is what stood before it; `adds`: one more, +1."""

    value: Fraction | None
    unit: str = ""
    sign: str = ""
    adds: bool = False

    @property
    def is_bare(self) -> bool:
        """Whether it is nothing but a number."""
        return not (self.unit or self.sign)


@dataclass(frozen=True, slots=True)
class Token:
    """A stretch of the line. `means`: which products (by number in the catalogue), and whether surely."""

    kind: str
    start: int
    end: int
    amount: Amount | None = None
    means: dict[int, bool] = field(default_factory=dict)


def cut(text: str, catalogue: Catalogue) -> list[Token]:
    """Cut plain text; spaces belong to no token. Every other character is in exactly one."""
    tokens: list[Token] = []
    at = 0
    while at < len(text):
        if text[at] == " ":
            at += 1
            continue
        token = _next(text, at, tokens[-1].kind if tokens else "", catalogue)
        before = tokens[-1] if tokens else None
        if token.kind == "unknown" and before and before.kind == "unknown" and before.end == at:
            tokens[-1] = Token("unknown", before.start, token.end)
        elif before and (sum_ := _weight_of_both(before, token)):
            tokens[-1] = Token("quantity", before.start, token.end, sum_)
        else:
            tokens.append(token)
        at = token.end
    return _without_accidents(text, tokens)


def _weight_of_both(before: Token, token: Token) -> Amount | None:
    """Add up 1斤5两."""
    one, other = before.amount, token.amount
    if before.end != token.start or not (one and other and one.value and other.value and not other.sign):
        return None
    weights = WEIGHTS_GRAMS.get(one.unit, 0), WEIGHTS_GRAMS.get(other.unit, 0)
    if not weights[0] > weights[1] > 0:
        return None
    return replace(one, value=one.value + other.value * weights[1] / weights[0])


def _next(text: str, at: int, before: str, catalogue: Catalogue) -> Token:
    found = [token for token in _candidates(text, at, before, catalogue) if token is not None]
    if found:
        return max(found, key=lambda token: token.end)  # of the same length, the first
    if lexicon.is_picture(text[at]):
        return Token("picture", at, at + 1)
    word = _LETTERS.match(text, at)
    return Token("unknown", at, word.end() if word else at + 1)


def _candidates(text: str, at: int, before: str, catalogue: Catalogue) -> list[Token | None]:
    named = catalogue.at(text, at) if at == 0 or not _inside_word(text, at) else None
    found: list[Token | None] = [Token("goods", at, named[0], means=named[1]) if named else None]
    if price := lexicon.UNIT_PRICE.match(text, at):
        found.append(Token("price", at, price.end()))
    if place := lexicon.PLACE.match(text, at):
        found.append(Token("place", at, place.end()))
    if between := lexicon.RANGE.match(text, at):
        found.append(Token("quantity", at, between.end(), Amount(None)))
    found.append(_quantity(text, at, before, catalogue))
    if _inside_word(text, at):
        return found
    for kind, words in lexicon.WORDS_OF.items():
        if (word := words.match(text, at)) and word.end() > at:
            found.append(Token(kind, at, word.end()))
    if (note := lexicon.NOTE.match(text, at)) and note.end() > at:
        found.append(Token("note", at, note.end()))
    return found


def _inside_word(text: str, at: int) -> bool:
    return at > 0 and text[at].isascii() and text[at].isalpha() and text[at - 1].isascii() and text[at - 1].isalpha()


def _quantity(text: str, at: int, before: str, catalogue: Catalogue) -> Token | None:
    if _inside_word(text, at):
        return None
    found = lexicon.quantity(catalogue.units).match(text, at)
    if found is None:
        return None
    number, end = found["number"].strip(), found.end()
    spelled = not number[0].isdigit()
    if spelled and not (found["unit"] or found["op"] or found["more"]):
        if number.isascii():  # "a bunch", "two apples": a word alone counts only before goods
            if not _goods_follow(text, end, catalogue):
                return None
        elif before not in _BARE_CHINESE_AFTER or not _ends(text, end, catalogue):
            return None
    if number.isdigit() and len(number) > 6:
        return None
    return Token("quantity", at, end, _amount(found, number))


def _amount(found: re.Match[str], number: str) -> Amount:
    sign = {"*": "x", "❌": "x"}.get(found["op"] or "", found["op"] or "") or ("x" if found["times"] else "")
    unit = unit_of(found["unit"] or "")
    adds = bool(found["more"]) or number == "another" or sign == "+"
    value = None if found["about"] or (not number[0].isdigit() and is_vague(number)) else value_of(number)
    if value is not None and found["half"]:
        value += Fraction(1, 2)
    return Amount(value, unit, sign, adds)


def _ends(text: str, at: int, catalogue: Catalogue) -> bool:
    return at >= len(text) or text[at] in " ,;。!、+/&)(" or catalogue.at(text, at) is not None


def _goods_follow(text: str, at: int, catalogue: Catalogue) -> bool:
    rest = text[at:].lstrip(" ")
    return bool(rest) and (catalogue.at(rest, 0) is not None or rest[0].isalpha())


def _without_accidents(text: str, tokens: list[Token]) -> list[Token]:
    """Take single letters that only happen to be in a title for unknown text, unless they stand among goods."""
    kept: list[Token] = []
    for number, token in enumerate(tokens):
        glued = bool(kept) and kept[-1].kind == "unknown" and kept[-1].end == token.start
        single = token.kind == "goods" and token.end - token.start == 1
        if single and (glued or not _among_goods(text, tokens, number)):
            token = Token("unknown", token.start, token.end)
        last = kept[-1] if kept else None
        if token.kind == "unknown" and last and last.kind == "unknown" and last.end == token.start:
            kept[-1] = Token("unknown", last.start, token.end)
        else:
            kept.append(token)
    return kept


def _among_goods(text: str, tokens: list[Token], number: int) -> bool:
    token = tokens[number]
    if text[token.start - 1 : token.start].strip() == text[token.end : token.end + 1].strip() == "":
        return True
    near = [number - 1, number + 1]
    near += [two for one, two in ((number - 1, number - 2), (number + 1, number + 2)) if _is_of(text, tokens, one)]
    return any(0 <= one < len(tokens) and tokens[one].kind in ("goods", "quantity", "each") for one in near)


def _is_of(text: str, tokens: list[Token], number: int) -> bool:
    return 0 <= number < len(tokens) and text[tokens[number].start : tokens[number].end] == "的"
