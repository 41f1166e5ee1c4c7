"""What a line orders: its goods with their quantities, and what is doubtful about all of it."""

from collections.abc import Sequence

from chalicelib.pasting.doubts import Doubt, doubt
from chalicelib.pasting.goods import Catalogue
from chalicelib.pasting.lines import PastedItem
from chalicelib.pasting.mentions import Mention, mentions
from chalicelib.pasting.pairs import Pair, pairs_of
from chalicelib.pasting.plain import plain
from chalicelib.pasting.quantities import item_of
from chalicelib.pasting.tokens import Token

_OPEN = {"cancel": "cancel", "change": "change", "question": "question", "every": "all_goods", "same": "same_as"}
"""Words that leave open what is meant, with the doubt that they raise."""


def says_something(order: Sequence[Token]) -> bool:
    """Whether a line says anything about goods at all."""
    return any(one.kind in ("goods", "quantity", "each") or one.kind in _OPEN for one in order)


def adds_to_earlier(order: Sequence[Token]) -> bool:
    """Whether a line says that it comes on top of what the same person ordered before: 再来一份, +1."""
    return any(one.kind == "add" or (one.amount is not None and one.amount.adds) for one in order)


def items_of(
    order: Sequence[Token], written: str, catalogue: Catalogue
) -> tuple[tuple[PastedItem, ...], tuple[Doubt, ...]]:
    """Read the tokens behind the name; `written` is the whole line. The doubts are those of no single item."""
    kinds = {token.kind for token in order}
    goods, total = _total_of(order)
    pairs, unread = pairs_of(mentions(goods, plain(written), catalogue), one_product=len(catalogue.known) == 1)
    if not pairs and "each" in kinds:
        kinds.add("every")
    if "every" in kinds and not any(pair.goods for pair in pairs):
        pairs = _everything(order, catalogue)
    if "change" in kinds:
        pairs = _changed(pairs)
    items = tuple(item_of(pair, written, catalogue, takes_off="cancel" in kinds) for pair in pairs)
    doubts = [doubt(code) for kind, code in _OPEN.items() if kind in kinds]
    unread += _dangling(order)
    if unread:
        words = " ".join(written[token.start : token.end] for token in unread)
        doubts.append(doubt("unread_words", words=words[:40]))
    return items, (*doubts, *_about_all(items, kinds, total))


def _about_all(items: Sequence[PastedItem], kinds: set[str], total: int | None) -> list[Doubt]:
    doubts = [doubt("vague_qty")] if "about" in kinds else []
    products = [item.product_id for item in items if item.product_id]
    if len(products) > len(set(products)):
        doubts.append(doubt("goods_twice"))
    if total is not None and total != sum(item.qty or 0 for item in items):
        doubts.append(doubt("total_differs"))
    return doubts


def _dangling(order: Sequence[Token]) -> list[Token]:
    """Give an “and more” behind which nothing is said: 苹果两份多要一点."""
    last = max((n for n, one in enumerate(order) if one.kind in ("goods", "quantity")), default=None)
    if last is None or order[last].kind == "goods":
        return []  # 虾仁也要
    return [one for one in order[last + 1 :] if one.kind == "add"]


def _total_of(order: Sequence[Token]) -> tuple[list[Token], int | None]:
    """Take 共3份 out of a line, and give the 3."""
    for number, token in enumerate(order[:-1]):
        after = order[number + 1]
        if token.kind == "total" and after.kind == "quantity" and after.amount and after.amount.value is not None:
            return [*order[:number], *order[number + 2 :]], int(after.amount.value)
    return list(order), None


def _everything(order: Sequence[Token], catalogue: Catalogue) -> list[Pair]:
    word = next(token for token in order if token.kind in ("every", "each"))
    amount = next((token for token in order if token.kind == "quantity"), None)
    goods = [Mention(frozenset((one,)), True, word.start, word.end) for one in range(len(catalogue.known))]
    return [Pair(one, amount) for one in goods]


def _changed(pairs: list[Pair]) -> list[Pair]:
    """Let a second quantity stand in the first one's place: 2份改3份."""
    if len(pairs) > 1 and pairs[-1].goods is None and pairs[-2].goods is not None:
        return [*pairs[:-2], Pair(pairs[-2].goods, pairs[-1].amount)]
    return pairs
