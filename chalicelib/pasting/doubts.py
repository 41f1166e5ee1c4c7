"""Why a reading is doubtful: a code for programs and a sentence for people."""

from msgspec import Struct


class Doubt(Struct, frozen=True):
    """A reason to look at a line again, in Chinese and English."""

    code: str
    zh: str
    en: str

    def around(self) -> tuple[str, str, str]:
        """Give the Chinese sentence in three: our words, the pasted words that it quotes (or none), our words."""
        before, _, after = _REASONS[self.code][0].partition("{words}")
        return before, self.zh[len(before) : len(self.zh) - len(after)], after


_REASONS = {
    "no_name": ("没有写是谁的。", "It does not say for whom this is."),
    "name_unclear": ("看不准名字到哪里为止。", "It is not clear where the name ends."),
    "name_above": ("名字取自上面一行。", "The name is taken from a line above."),
    "same_name": ("同一个名字前面已经有一行，可能是重复。", "This name has an earlier line; it may be the same order."),
    "unknown_product": ("这次团购里没有找到这个商品。", "No product of this campaign is called that."),
    "ambiguous_product": ("可能是几个商品中的一个，请选择。", "It could be one of several products. Choose one."),
    "loose_product": ("写的和商品名不完全一样，请核对。", "It is not quite the product's name. Check it."),
    "no_product": ("没有写是哪个商品。", "It does not say which product."),
    "no_qty": ("没有写数量，先按 1 算。", "No quantity is written; 1 is taken for now."),
    "fraction": ("数量不是整数，这个商品不能拆开卖。", "The quantity is no whole number of what is sold."),
    "vague_qty": ("数量不确定，请问清楚。", "The quantity is vague. Ask for a number."),
    "other_unit": ("单位和商品的单位不同，请核对数量。", "The unit is not the product's. Check the quantity."),
    "pieces": ("可能写的是个数或斤数，不是份数，请核对。", "This may count pieces or weight, not packs. Check it."),
    "big_qty": ("数量特别大，请核对。", "The quantity is unusually large. Check it."),
    "unclear_qty": ("看不准哪个数量属于哪个商品。", "It is not clear which number belongs to what."),
    "goods_twice": ("同一个商品在这行里写了两次。", "The same product is written twice in this line."),
    "cancel": ("这行是取消或减少，请改前面的那一行。", "This cancels or takes off something. Change the earlier line."),
    "change": ("这行改动了数量或商品，请核对。", "This changes a quantity or a product. Check it."),
    "changed_later": ("后面有一行取消或改动了它。", "A later line cancels or changes this."),
    "minus": ("“-”可能是减号，也可能是横线。", "The “-” may be a minus or only a dash."),
    "all_goods": ("写的是每样都要，请核对。", "It asks for one of everything. Check it."),
    "same_as": ("写的是和别人一样，请核对。", "It asks for the same as somebody else. Check it."),
    "question": ("这行像是提问或二选一。", "This is a question, or a choice that is still open."),
    "unread_words": ("有些字没有读懂：{words}", "Some words were not understood: {words}"),
    "total_differs": ("写的总数和各项加起来不一样。", "The total that is written is not the sum of the items."),
    "not_read": ("没有读懂这一行。", "This line could not be read."),
}  # fmt: skip


def doubt(code: str, **words: str) -> Doubt:
    """Give the reason with this code; `words` fill in its sentence."""
    zh, en = _REASONS[code]
    return Doubt(code, zh.format(**words), en.format(**words))
