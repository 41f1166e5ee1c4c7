"""The campaign's titles, cut into the names people use for them.

`红富士苹果 5斤装` is found by 苹果 (how the name ends: what it is) and 红富士 (how it begins, if that is long enough to
be no accident); `5斤` tells it from the one of 10斤. Anything else that is part of a title only hints at it (loose):
牛肉 is not 牛肉干.
"""

import re
from collections.abc import Iterable
from fractions import Fraction
from functools import cached_property

from chalicelib.pasting.lines import Goods
from chalicelib.pasting.numbers import CHINESE, value_of
from chalicelib.pasting.plain import plain
from chalicelib.pasting.units import UNITS, is_weight, unit_of

Spec = tuple[Fraction, str]
"""A number with a unit in a title: 5 斤, 30 枚."""

_UNIT = "|".join(UNITS)
_SPEC = re.compile(rf"([0-9]+(?:\.[0-9]+)?|[{CHINESE}半])\s*({_UNIT})(?![a-z])(?:装)?", re.IGNORECASE)
_RUN = re.compile(r"[㐀-鿿]+|[a-z][a-z']+")
_IN_BRACKETS = re.compile(r"\(([0-9]{1,4})\)")
_PRAISE = "新鲜|鲜活|精选|特级|优质|正宗|农家|有机|进口|国产|现货|包邮|顺丰|产地直发|当季|超甜|脆甜|加厚|纯棉"
_BEFORE = re.compile(rf"^(?:{_PRAISE})+(?=..)")
_FORM = re.compile(r"(?<=..)(?:段|切块|礼盒装?|礼包|大礼包|套装|散装|盒装|袋装|整箱|装)$")
_MADE_OF = "干酥汁醋酱片粉茶糖酒油饼脆派面糕皮仁肉丸须"
"""What begins so names another thing: 苹果醋 is no apple."""
_RARELY_SO_MANY = 6
_SMALL_WORDS = {"the", "of", "and", "with", "for", "in"}


def stem(word: str) -> str:
    """Give an English word without its plural ending."""
    if word.endswith("ies") and len(word) > 4:
        return word[:-3] + "y"
    if word.endswith(("oes", "ches", "shes", "xes")):
        return word[:-2]
    return word[:-1] if word.endswith("s") and not word.endswith("ss") and len(word) > 3 else word


class Known:
    """A product with the runs of letters of its title. `head`: the run that says what it is."""

    def __init__(self, goods: Goods) -> None:
        title = plain(goods.title)
        self.goods = goods
        self.sold_by = unit_of(goods.unit)
        self.specs: set[Spec] = {
            (value, unit_of(unit)) for number, unit in _SPEC.findall(title) if (value := value_of(number)) is not None
        }
        self.specs |= {(Fraction(number), "") for number in _IN_BRACKETS.findall(title)}
        runs = [_FORM.sub("", _BEFORE.sub("", run)) for run in _RUN.findall(_SPEC.sub(" ", title))]
        self.runs = [stem(run) if run.isascii() else run for run in runs if run not in _SMALL_WORDS]
        names = [run for run in self.runs if len(run) > 1]
        english = [run for run in names if run.isascii()]
        self.head = english[-1] if english and len(english) == len(names) else next(iter(names), "")

    def may_be_pieces(self, qty: Fraction) -> bool:
        """Whether a bare number may say how many pieces or pounds, not how many packs of them: 鸡蛋30, 苹果5."""
        pieces = any(number > 1 and not is_weight(unit) for number, unit in self.specs)
        return (pieces and qty >= _RARELY_SO_MANY) or any(
            number == qty > 1 for number, unit in self.specs if unit in ("斤", "公斤", "kg")
        )

    def names(self) -> Iterable[tuple[str, bool]]:
        """Give each part of the title that may stand for it, and whether it surely does."""
        for run in self.runs:
            if run.isascii():
                yield run, run == self.head
                continue
            if run == self.head:
                yield run[-1] + "子", False
            for begin in range(len(run)):
                for end in range(begin + 1, len(run) + 1):
                    part, rest = run[begin:end], run[end:]
                    if len(part) > 1 or part in (run, self.head[-1:]):
                        yield part, len(part) > 1 and self._is_sure(run, begin, part, rest)

    @staticmethod
    def _is_sure(run: str, begin: int, part: str, rest: str) -> bool:
        if not rest:
            return True
        return begin == 0 and len(part) >= 3 and len(rest) >= 2 and rest[0] not in _MADE_OF


class Catalogue:
    """All products of the campaign, by what people may call them."""

    def __init__(self, goods: Iterable[Goods]) -> None:
        self.known = [Known(one) for one in goods]
        self.units = frozenset(one.sold_by for one in self.known if one.sold_by) - set(UNITS)
        self.names: dict[str, dict[int, bool]] = {}
        for number, one in enumerate(self.known):
            for name, sure in one.names():
                found = self.names.setdefault(name, {})
                found[number] = found.get(number, False) or sure

    @cached_property
    def longest(self) -> int:
        """The length of the longest name."""
        return max((len(name) for name in self.names), default=0)

    def at(self, text: str, start: int) -> tuple[int, dict[int, bool]] | None:
        """Give the longest name that begins here, in plain text: where it ends, and which products it may mean."""
        if word := re.match(r"[a-z][a-z']*", text[start:]):
            found = self.names.get(stem(word[0]))
            return (start + word.end(), found) if found else None
        for end in range(min(len(text), start + self.longest), start, -1):
            if found := self.names.get(text[start:end]):
                return end, found
        return None

    def family(self, number: int) -> set[int]:
        """Give the products that are the same thing in another make: their names end alike."""
        head = self.known[number].head
        return {other for other, one in enumerate(self.known) if len(head) > 1 and one.head[-2:] == head[-2:]}

    def with_spec(self, numbers: Iterable[int], spec: Spec) -> set[int]:
        """Give those of some products whose title has this number and unit, and that are not sold by that unit."""
        return {
            number for number in numbers if spec in self.known[number].specs and self.known[number].sold_by != spec[1]
        }
