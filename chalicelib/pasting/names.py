"""Whose line it is: the name as written, however many digits, pictures or fruits it is made of."""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.pasting.tokens import Token

_GOODS_LETTERS = "梨桃橙柚枣瓜果蛋奶肉鱼虾蟹菜米面油纸菇豆薯蕉莓"
"""Names that end like this may be goods that are not on offer (梨, 哈密瓜)."""
_FOR_OTHERS = re.compile(r".[帮代替].|^[帮代替].")
_PERSON = re.compile(r"[叔哥姐妈爸妹弟婶伯爷奶娘姨人王侠君子家总师生友]$")
_PRONOUN = re.compile(r"^(?:你|您|他|她|它|我|俺|咱|本人|自己|别人|朋友|[你我他她]们)$")
_NO_NAME = re.compile(
    r"^(?:有机|进口|本地|国产|新鲜|优质|特级|精品|散装|冷冻|速冻|冰鲜|现货|[大小][份号]|普通|原味|然后|顺便|补充|预[定订]|"
    r"下单|报名|登记|[订购]购|购买|需要|想要|来点|还要|还有|最后|其他|其它|剩下|一起|都是)$"
)
"""What stands before goods and is no name."""
_MAYBE_CHAIN_NUMBER = re.compile(r"^[0-9]{1,3}[-_—.]|^[0-9]{1,2}[^0-9号#楼栋幢座单室-]")
_ITEM = {"goods", "quantity", "each", "every", "cancel", "change", "same", "add", "price", "verb", "total"}
_BESIDE = {"and", "dash", "note", "open", "close", "filler", "about"}
_CHAIN_WORDS = {"verb", "cancel", "add", "note", "every", "each", "same", "change", "and", "stop", "question"}
_MOST_LETTERS = 24
_NAME_COLON = re.compile(r"^([^:]{1,24}):(?!\d)")


@dataclass(frozen=True, slots=True)
class Named:
    """Where the name stands in the line (`start` to `end`), where the order begins, and whether that is clear."""

    start: int
    end: int
    rest: int
    is_clear: bool = True

    @property
    def is_missing(self) -> bool:
        """Whether no name was found."""
        return self.end <= self.start


@dataclass(frozen=True, slots=True)
class Line:
    """A line in plain text and as written, with its tokens.

    numbered: the chat tool wrote a number before it, and then the name. one_product: nothing else can be ordered.
    """

    text: str
    written: str
    tokens: Sequence[Token]
    numbered: bool
    one_product: bool

    def skip_blanks(self, start: int) -> int:
        """Give where the next word begins."""
        return start + len(self.text[start:]) - len(self.text[start:].lstrip(" "))

    def word_end(self, start: int) -> int:
        """Give where the word ends that begins here."""
        found = re.search(r"[ ,;]", self.text[start:])
        return start + found.start() if found else len(self.text)

    def between(self, start: int, end: int) -> list[Token]:
        """Give the tokens that begin in a stretch of the line."""
        return [token for token in self.tokens if start <= token.start < end]


def find(line: Line, start: int) -> Named:
    """Find the name from `start` on."""
    start = line.skip_blanks(start)
    colon = _NAME_COLON.match(line.text[start:])
    if colon and not _reads_as_items(line.between(start, start + colon.end(1))):
        return Named(start, start + len(colon[1].rstrip()), start + colon.end())
    end = line.word_end(start)
    word = line.between(start, end)
    if not word:
        return Named(start, start, start)
    return _by_place_or_number(line, word, start, end) or _by_word(line, word, start, end)


def _reads_as_items(word: Sequence[Token]) -> bool:
    kinds = {token.kind for token in word}
    return not kinds & {"unknown", "picture"} and bool(kinds & {"goods", "quantity", "cancel", "every"})


def _by_place_or_number(line: Line, word: Sequence[Token], start: int, end: int) -> Named | None:
    """Read `3-502 赵姐` and `302室`; a bare number may be a house, a place in the chain, or somebody's name."""
    later = [token.kind for token in line.tokens if token.start >= end]
    if _is_bare(word) and later[:1] == ["goods"] and "quantity" not in later:
        return Named(start, start, start)  # 2 apples for Tom
    is_place = word[0].kind == "place"
    is_number = line.text[start:end].isdigit()
    if not (is_number or (is_place and word[-1].end == word[0].end)):
        return None
    begin = line.skip_blanks(end)
    second = line.between(begin, line.word_end(begin))
    if second and (all(token.kind in ("unknown", "picture") for token in second) or _is_bare(second)):
        end = second[-1].end
    elif is_number and not second:
        return Named(start, start, start, is_clear=False)
    return Named(start, end, end, is_clear=is_place)


def _is_bare(word: Sequence[Token]) -> bool:
    return len(word) == 1 and word[0].amount is not None and word[0].amount.is_bare


def _by_word(line: Line, word: Sequence[Token], start: int, end: int) -> Named:
    leads = word[0].kind in _CHAIN_WORDS
    if _reads_as_items(word) or (leads and not _is_all_name(word, numbered=line.numbered)):
        return Named(start, start, start)
    cut = _glued(word)
    if cut is not None:
        return _before_goods(line, word, start, end, cut)
    if line.one_product and _is_bare(word[-1:]) and not _items_after(line.tokens, end):
        return Named(start, word[-1].start, word[-1].start, is_clear=False)
    end = _more_words(line, start, end)
    after = next((token for token in line.tokens if token.start >= end), None)
    if after is not None and after.kind == "place":
        return Named(start, after.end, after.end, is_clear=False)
    is_clear = (line.numbered or not leads) and _is_clear(line.text[start:end], word, numbered=line.numbered)
    return Named(start, end, end, is_clear=is_clear)


def _before_goods(line: Line, word: Sequence[Token], start: int, end: int, cut: int) -> Named:
    """Give the name in 何姐苹果3份; one that is too short or too long may have goods of its own in it."""
    name = line.text[start:cut].rstrip(" -—:=+,、")
    letters = len([char for char in name if not char.isdigit()])
    if letters < 2 and word[-1].kind == "goods":
        return Named(start, end, end, is_clear=False)
    inside = [token for token in word if token.start < start + len(name)]
    two_orders = _orders_inside(inside) or any(token.kind == "goods" for token in inside[1:])
    is_clear = 2 <= letters <= 6 and not two_orders and _may_be_name(name, numbered=line.numbered)
    return Named(start, start + len(name), cut, is_clear=is_clear)


def _orders_inside(name: Sequence[Token]) -> bool:
    """Whether a name has a quantity in it: 王姐2份李姐3份 is for two."""
    return any(token.amount is not None and not token.amount.is_bare for token in name)


def _may_be_name(name: str, *, numbered: bool) -> bool:
    """Whether nothing about a name makes one think that it is something else, or has something else in it."""
    if name.startswith("@") or _PRONOUN.match(name) or _NO_NAME.match(name) or _FOR_OTHERS.search(name):
        return False
    if name[-1] in _GOODS_LETTERS and name[-2:-1] != name[-1]:  # 豆豆 is a child's name
        return False
    return numbered or not _MAYBE_CHAIN_NUMBER.match(name)


def _is_all_name(word: Sequence[Token], *, numbered: bool) -> bool:
    """Whether a word is a name although it is made of words of the chain: 周末, 老板娘."""
    kinds = {token.kind for token in word}
    if kinds & {"goods", "quantity", "cancel", "every", "each", "same"}:
        return False
    return "unknown" in kinds or (numbered and kinds == {"note"})


def _items_after(tokens: Sequence[Token], end: int) -> bool:
    return any(token.start >= end and token.kind in ("goods", "quantity") for token in tokens)


def _glued(word: Sequence[Token]) -> int | None:
    """Give where the order begins in a word that begins with a name: 何姐苹果3份; None when the word is all name."""
    named = [number for number, token in enumerate(word) if token.kind in ("unknown", "place", "picture")]
    order = list(word[named[-1] + 1 :]) if named else []
    while order and order[0].kind in ("dash", "close", "filler", "and"):
        order.pop(0)
    says = any(token.kind in ("goods", "cancel", "every", "each") for token in order) or any(
        token.amount is not None and not token.amount.is_bare for token in order
    )
    return order[0].start if says and all(token.kind in _ITEM | _BESIDE for token in order) else None


def _more_words(line: Line, start: int, end: int) -> int:
    """Take further words of a Latin name with it: Mary Ann, Sam L."""
    while end < len(line.text) and line.text[end] == " " and line.text[start:end].isascii():
        begin, stop = end + 1, line.word_end(end + 1)
        word = line.between(begin, stop)
        is_initial = bool(re.fullmatch(r"[a-z]\.", line.text[begin:stop]))
        is_word = bool(word) and all(token.kind == "unknown" for token in word) and line.text[begin:stop].isascii()
        if not is_initial and not (is_word and line.written[begin].isupper()):
            break  # in small letters it could be goods: Bob pears 2 apples
        end = stop
    return end


def _is_clear(name: str, word: Sequence[Token], *, numbered: bool) -> bool:
    if len(name) > _MOST_LETTERS or not _may_be_name(name, numbered=numbered):
        return False
    if any(token.kind == "and" for token in word[1:-1]):
        return False  # 王姐和李姐
    first, last = word[0], word[-1]
    if first.kind == "goods" and not numbered and not _PERSON.search(name) and len(name) < 6:
        return False
    return last.kind != "goods" and not _orders_inside(word)
