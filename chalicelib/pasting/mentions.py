"""Goods as a line names them: pieces that belong together are joined (大闸蟹 公, 10斤的脐橙)."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from chalicelib.pasting.goods import Catalogue
from chalicelib.pasting.tokens import Token
from chalicelib.pasting.units import same


@dataclass(frozen=True, slots=True)
class Mention:
    """Goods named in the line. `means`: which products it may be, empty for none. `is_sure`: it is their name."""

    means: frozenset[int]
    is_sure: bool
    start: int
    end: int
    known: bool = True


def mentions(tokens: Sequence[Token], text: str, catalogue: Catalogue) -> list[Token | Mention]:
    """Join what names one product (大闸蟹 公, 10斤的脐橙) in a plain text, and decide which product it is."""
    joined: list[Token | Mention] = []
    for number, token in enumerate(tokens):
        if token.kind == "goods":
            joined.append(_joined_on(joined, _mention(token), text, catalogue))
        elif token.kind == "quantity" and _is_spec(tokens, number, catalogue):
            joined.append(_narrowing(token))
        elif token.kind in ("open", "close", "verb") and joined and isinstance(joined[-1], Mention):
            if any(later.kind == "goods" for later in tokens[number + 1 : number + 2]) or token.kind != "verb":
                continue  # 瓜子(焦糖), 10斤的脐橙: they go together
            joined.append(token)
        else:
            joined.append(token)
    return _with_families(_specs_applied(joined, catalogue), catalogue)


def _mention(token: Token) -> Mention:
    sure = {number for number, is_sure in token.means.items() if is_sure}
    return Mention(frozenset(sure or token.means), bool(sure), token.start, token.end)


def _narrowing(token: Token) -> Token:
    return replace(token, kind="spec")


def _is_spec(tokens: Sequence[Token], number: int, catalogue: Catalogue) -> bool:
    """Whether a number with a unit tells which product is meant (5斤装), and is no quantity of the goods beside it."""
    amount = tokens[number].amount
    if amount is None or amount.value is None or amount.sign or not amount.unit:
        return False
    spec = (amount.value, amount.unit)
    left, right = _goods_beside(tokens, number, -1), _goods_beside(tokens, number, +1)
    if left is not None and any(same(amount.unit, catalogue.known[one].sold_by) for one in left.means):
        return False
    return any(catalogue.with_spec(beside.means, spec) for beside in (left, right) if beside is not None)


def _goods_beside(tokens: Sequence[Token], number: int, step: int) -> Token | None:
    near = number + step
    while 0 <= near < len(tokens) and tokens[near].kind in ("open", "close", "verb", "dash"):
        near += step
    return tokens[near] if 0 <= near < len(tokens) and tokens[near].kind == "goods" else None


def _joined_on(joined: list[Token | Mention], this: Mention, text: str, catalogue: Catalogue) -> Mention:
    last = joined[-1] if joined else None
    if not isinstance(last, Mention) or not (both := last.means & this.means):
        return this
    if len(last.means) == 1 and len(this.means) == 1 and last.is_sure and this.is_sure and last.end - last.start > 3:
        return this
    joined.pop()
    letter = text[this.end - 1]  # 公蟹: which one, and the letter of what it is
    says_what = not letter.isascii() and all(catalogue.known[one].head.endswith(letter) for one in both)
    is_sure = last.is_sure or this.is_sure or says_what
    return Mention(both, is_sure, last.start, this.end)


def _specs_applied(joined: Sequence[Token | Mention], catalogue: Catalogue) -> list[Token | Mention]:
    found = list(joined)
    for number, token in enumerate(joined):
        if not (isinstance(token, Token) and token.kind == "spec" and token.amount and token.amount.value is not None):
            continue
        for near in (_nearest(found, number, +1), _nearest(found, number, -1)):
            if near is None:
                continue
            mention = found[near]
            fitting = isinstance(mention, Mention) and catalogue.with_spec(
                mention.means, (token.amount.value, token.amount.unit)
            )
            if isinstance(mention, Mention) and fitting:
                found[near] = replace(mention, means=frozenset(fitting))
                break
    return [one for one in found if not (isinstance(one, Token) and one.kind == "spec")]


def _nearest(found: Sequence[Token | Mention], number: int, step: int) -> int | None:
    near = number + step
    while 0 <= near < len(found):
        one = found[near]
        if isinstance(one, Mention):
            return near
        if one.kind not in ("open", "close", "verb", "dash"):
            return None
        near += step
    return None


def _with_families(found: Sequence[Token | Mention], catalogue: Catalogue) -> list[Token | Mention]:
    """Let 公 be the crab where crabs are named beside it, and drop the general name above those that say which."""
    named = [one for one in found if isinstance(one, Mention)]
    family = {other for one in named if one.is_sure for number in one.means for other in catalogue.family(number)}
    kept: list[Token | Mention] = []
    for number, one in enumerate(found):
        if isinstance(one, Mention) and not one.is_sure and len(one.means) == 1 and one.means <= family:
            one = replace(one, is_sure=True)
        later = [other for other in found[number + 1 :] if isinstance(other, Mention)]
        heads = isinstance(one, Mention) and len(one.means) > 1 and len(later) > 1
        if heads and isinstance(one, Mention) and all(other.means < one.means for other in later):
            continue
        kept.append(one)
    return kept
