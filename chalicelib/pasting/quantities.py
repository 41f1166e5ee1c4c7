"""A pair of goods and quantity made an item: which product, how many of what it is sold by, and what is doubtful."""

from fractions import Fraction

from chalicelib.pasting.doubts import Doubt, doubt
from chalicelib.pasting.goods import Catalogue, Known
from chalicelib.pasting.lines import PastedItem
from chalicelib.pasting.pairs import Pair
from chalicelib.pasting.tokens import Amount
from chalicelib.pasting.units import converted, is_weight, same

LARGEST_USUAL_QTY = 50


def item_of(pair: Pair, text: str, catalogue: Catalogue, *, takes_off: bool) -> PastedItem:
    """Make an item of a pair; `text` is the line as written."""
    known, choices, doubts = _product_of(pair, catalogue)
    qty, more = _qty_of(pair, [known] if known else [catalogue.known[one] for one in choices])
    parts = [part for part in (pair.goods, pair.amount) if part is not None]
    written = text[min(part.start for part in parts) : max(part.end for part in parts)]
    return PastedItem(
        product_id=known.goods.product_id if known else None,
        qty=qty,
        text=written,
        takes_off=takes_off,
        choices=tuple(catalogue.known[one].goods.product_id for one in choices),
        doubts=tuple(dict.fromkeys([*doubts, *more])),
    )


def _product_of(pair: Pair, catalogue: Catalogue) -> tuple[Known | None, list[int], list[Doubt]]:
    if pair.goods is None:
        if len(catalogue.known) == 1:
            return catalogue.known[0], [], []
        return None, [], [doubt("no_product")]
    if not pair.goods.means:
        return None, [], [doubt("unknown_product")]
    loose = [] if pair.goods.is_sure else [doubt("loose_product")]
    if len(pair.goods.means) > 1:
        return None, sorted(pair.goods.means), [doubt("ambiguous_product"), *loose]
    return catalogue.known[min(pair.goods.means)], [], loose


def _qty_of(pair: Pair, known: list[Known]) -> tuple[int | None, list[Doubt]]:
    if pair.amount is None or pair.amount.amount is None:
        return 1, [doubt("no_qty")]
    amount = pair.amount.amount
    doubts = [] if pair.is_clear else [doubt("unclear_qty")]
    if amount.sign == "-":
        doubts.append(doubt("minus"))
    if amount.value is None:
        return None, [*doubts, doubt("vague_qty")]
    value, more = _in_its_unit(amount.value, amount, known)
    if value is None or value.denominator != 1:
        return None, [*doubts, *more, doubt("fraction")]
    if not 1 <= value <= LARGEST_USUAL_QTY:
        more = [*more, doubt("big_qty")] if value else [*more, doubt("fraction")]
    return (int(value) if value >= 1 else None), [*doubts, *more]


def _in_its_unit(value: Fraction, amount: Amount, known: list[Known]) -> tuple[Fraction | None, list[Doubt]]:
    """Give the number of what the product is sold by; a doubt when another unit was written."""
    if amount.unit == "" and amount.sign != "x" and any(one.may_be_pieces(value) for one in known):
        return value, [doubt("pieces")]
    if not known or all(same(amount.unit, one.sold_by) for one in known):
        return value, []
    doubts = [doubt("other_unit")]
    if len(known) > 1:
        return converted(value, amount.unit, known[0].sold_by) or value, doubts
    one = known[0]
    changed = converted(value, amount.unit, one.sold_by)
    if changed is not None:
        return changed, doubts
    for number, unit in one.specs:
        weighed = converted(value, amount.unit, unit) if is_weight(unit) else None
        if weighed is not None or same(amount.unit, unit):
            times = (value if weighed is None else weighed) / number
            return (times if times.denominator == 1 else None), doubts
    return (None if is_weight(amount.unit) else value), doubts
