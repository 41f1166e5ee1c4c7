"""Goods and quantities of a line, paired: 苹果2份 and 两份苹果, several in a line, 各一份."""

from collections.abc import Sequence
from dataclasses import dataclass

from chalicelib.pasting.mentions import Mention
from chalicelib.pasting.tokens import Token


@dataclass(frozen=True, slots=True)
class Pair:
    """Goods with their quantity; either may be missing."""

    goods: Mention | None
    amount: Token | None
    is_clear: bool = True


def pairs_of(found: Sequence[Token | Mention], *, one_product: bool) -> tuple[list[Pair], list[Token]]:
    """Pair goods with quantities; gives also the unknown words that belong to neither."""
    pairs: list[Pair] = []
    unread: list[Token] = []
    for clause in _clauses(found):
        each = next((n for n, one in enumerate(clause) if isinstance(one, Token) and one.kind == "each"), None)
        if each is not None:
            made, left = _each(clause, each, pairs, one_product=one_product)
        elif pairs and _is_house(clause):
            made, left = [], [one for one in clause if isinstance(one, Token) and one.kind == "quantity"]
        else:
            made, left = _clause_pairs(clause, one_product=one_product)
        pairs += made
        unread += left
    return pairs, unread


def _is_house(clause: Sequence[Token | Mention]) -> bool:
    """Whether a large bare number stands alone behind the goods: rather where somebody lives than a quantity."""
    alone = [one for one in clause if isinstance(one, Mention) or one.kind in ("quantity", "unknown")]
    amount = alone[0].amount if len(alone) == 1 and isinstance(alone[0], Token) else None
    return amount is not None and amount.is_bare and (amount.value or 0) >= 100


def _clauses(found: Sequence[Token | Mention]) -> list[list[Token | Mention]]:
    clauses: list[list[Token | Mention]] = [[]]
    for one in found:
        if isinstance(one, Token) and one.kind in ("stop", "and"):
            clauses.append([])
        else:
            clauses[-1].append(one)
    joined: list[list[Token | Mention]] = []
    for clause in clauses:
        if joined and _is_only_quantity(clause) and _has_goods(joined[-1]) and not _has_quantity(joined[-1]):
            joined[-1] = joined[-1] + clause  # 苹果,2份
        else:
            joined.append(clause)
    return joined


def _has_goods(clause: Sequence[Token | Mention]) -> bool:
    return any(isinstance(one, Mention) for one in clause)


def _has_quantity(clause: Sequence[Token | Mention]) -> bool:
    return any(isinstance(one, Token) and one.kind in ("quantity", "each") for one in clause)


def _is_only_quantity(clause: Sequence[Token | Mention]) -> bool:
    kinds = {one.kind if isinstance(one, Token) else "goods" for one in clause}
    return "quantity" in kinds and not kinds & {"goods", "unknown", "each", "total"}


def _each(
    clause: Sequence[Token | Mention], each: int, earlier: list[Pair], *, one_product: bool
) -> tuple[list[Pair], list[Token]]:
    """各两份 is for all goods before it that have no quantity yet, or else for those behind it."""
    before, after = list(clause[:each]), list(clause[each + 1 :])
    goods: list[Mention] = []
    while before and (isinstance(last := before[-1], Mention) or last.kind not in ("quantity", "unknown")):
        before.pop()
        goods = [last, *goods] if isinstance(last, Mention) else goods
    if not before:
        goods = [*_waiting(earlier), *goods]
    at = next((n for n, one in enumerate(after) if isinstance(one, Token) and one.kind == "quantity"), len(after))
    amount = after[at] if at < len(after) else None
    rest = [*after[:at], *after[at + 1 :]]
    if not goods:
        goods, rest = [one for one in rest if isinstance(one, Mention)], [one for one in rest if isinstance(one, Token)]
    paired, unread = _clause_pairs(before, one_product=one_product)
    more, left = _clause_pairs(rest, one_product=False)
    is_clear = len(goods) > 1  # of one kind of goods, “each” is for persons: 张三李四各2份
    shared = [Pair(one, amount if isinstance(amount, Token) else None, is_clear) for one in goods]
    return [*paired, *shared, *more], [*unread, *left]


def _waiting(earlier: list[Pair]) -> list[Mention]:
    """Take back the goods of earlier clauses that have no quantity yet."""
    found: list[Mention] = []
    while earlier and earlier[-1].amount is None and (goods := earlier[-1].goods) is not None:
        found.insert(0, goods)
        earlier.pop()
    return found


def _clause_pairs(clause: Sequence[Token | Mention], *, one_product: bool) -> tuple[list[Pair], list[Token]]:
    relevant = [one for one in clause if isinstance(one, Mention) or one.kind in ("quantity", "unknown")]
    unknown = [one for one in relevant if isinstance(one, Token) and one.kind == "unknown"]
    known = [one for one in relevant if one not in unknown]
    if (paired := _perfect(known)) is not None:
        return paired, unknown
    if one_product and not unknown and len(known) == 1 and isinstance(known[0], Token):
        return [Pair(None, known[0])], []
    wider: list[Token | Mention] = [
        Mention(frozenset(), False, one.start, one.end, known=False)
        if isinstance(one, Token) and one.kind == "unknown" else one
        for one in relevant
    ]  # fmt: skip
    if unknown and (paired := _perfect(wider)) is not None:
        return paired, []
    return _greedy(wider)


def _perfect(line: Sequence[Token | Mention]) -> list[Pair] | None:
    """Pair neighbours; None unless everything has its one partner. There is at most one such way."""
    if len(line) % 2:
        return None
    pairs = []
    for one, other in zip(line[::2], line[1::2], strict=True):
        if isinstance(one, Mention) and isinstance(other, Token):
            pairs.append(Pair(one, other))
        elif isinstance(one, Token) and isinstance(other, Mention):
            pairs.append(Pair(other, one))
        else:
            return None
    return pairs


def _greedy(line: Sequence[Token | Mention]) -> tuple[list[Pair], list[Token]]:
    """Pair what stands together, as far as that goes; what is left over says so."""
    pairs: list[Pair] = []
    unread: list[Token] = []
    at = 0
    while at < len(line):
        one, other = line[at], line[at + 1] if at + 1 < len(line) else None
        if isinstance(one, Mention) and isinstance(other, Token):
            pairs.append(Pair(one, other))
            at += 2
        elif isinstance(one, Token) and isinstance(other, Mention) and other.known:
            pairs.append(Pair(other, one))
            at += 2
        else:
            if isinstance(one, Mention) and not one.known:
                unread.append(Token("unknown", one.start, one.end))
            else:
                pairs.append(Pair(one, None) if isinstance(one, Mention) else Pair(None, one, is_clear=not pairs))
            at += 1
    return pairs, unread
