"""Units as people write them: which are the same, and how weights convert (1 斤 = 500 g, on the mainland)."""

from fractions import Fraction

WEIGHTS_GRAMS = {
    "斤": 500, "公斤": 1000, "千克": 1000, "kg": 1000, "克": 1, "g": 1, "两": 50, "钱": 5, "kilo": 1000, "gram": 1,
    "lb": 454,
}  # fmt: skip
_SAME = (
    {"箱", "件", "box"}, {"盒", "box"}, {"袋", "包", "bag"}, {"袋", "bag"}, {"包", "pack", "bag"},
    {"瓶", "支", "bottle"}, {"支", "枝"}, {"卷", "roll"}, {"份", "套", "set"}, {"板", "托", "tray"},
    {"个", "只", "枚", "颗", "粒", "头", "piece", "pc", "个儿"}, {"把", "捆", "串", "bunch"}, {"扎", "束", "bunch"},
    {"公斤", "千克", "kg", "kilo"}, {"克", "g", "gram"}, {"罐", "听", "can", "tin"}, {"桶", "bucket"},
    *({unit} for unit in "提条块张双根朵片筐杯壶株棵盆屉笼碗盘管筒排副坛尾"),
)  # fmt: skip
_SINGLE = {
    "瓶", "条", "卷", "把", "根", "块", "支", "提", "桶", "双", "罐", "张", "bottle", "roll", "can", "bunch", "tray",
}  # fmt: skip
"""Things that people count by 个 too."""
_PORTIONS = {"份", "单", "set", "套", "order"}
SEVERAL = {"打": 12, "dozen": 12, "对": 2, "双": 2, "pair": 2}
UNITS = sorted(
    {unit for group in _SAME for unit in group} | set(WEIGHTS_GRAMS) | _PORTIONS | set(SEVERAL), key=len, reverse=True
)
_PLURALS = {"boxes": "box", "bunches": "bunch", "pcs": "pc", "pieces": "piece", "kgs": "kg", "lbs": "lb", "each": "pc"}


def unit_of(written: str) -> str:
    """Give the unit behind a plural or a capital letter; what is unknown stays as it is."""
    low = written.strip().lower()
    low = _PLURALS.get(low, low)
    return low[:-1] if low.endswith("s") and low[:-1] in UNITS else low


def is_weight(unit: str) -> bool:
    """Whether goods of this unit are weighed."""
    return unit in WEIGHTS_GRAMS


def same(written: str, sold_by: str) -> bool:
    """Whether a quantity in one unit is surely the same number in the other; no unit is the product's own."""
    if written in ("", sold_by):
        return True
    if any(written in group and sold_by in group for group in _SAME):
        return True
    if is_weight(sold_by):
        return False
    return written in _PORTIONS or (written in ("个", "pc", "piece") and sold_by in _SINGLE)


def converted(value: Fraction, written: str, sold_by: str) -> Fraction | None:
    """Convert weights, and dozens and pairs of single things; None where units do not convert."""
    if is_weight(written) and is_weight(sold_by):
        return value * WEIGHTS_GRAMS[written] / WEIGHTS_GRAMS[sold_by]
    return value * SEVERAL[written] if written in SEVERAL else None
