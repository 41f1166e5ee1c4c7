"""What the reader says of single lines, why it doubts, and what holds for any text at all."""

import ast
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import chalicelib.pasting
from chalicelib.pasting.lines import Goods
from chalicelib.pasting.reading import read

FRUIT = (
    Goods("apple", "红富士苹果 5斤装", "份"),
    Goods("banana", "海南香蕉", "斤"),
    Goods("orange10", "赣南脐橙 10斤装", "箱"),
    Goods("orange5", "赣南脐橙 5斤装", "箱"),
)
EGGS = (Goods("egg", "农家土鸡蛋 30枚", "盒"),)


def one(text, goods=FRUIT):
    """Read a text and give its last line."""
    return read(text, goods)[-1]


def ordered(text, goods=FRUIT):
    """What is read for sure."""
    line = one(text, goods)
    assert line.is_sure, line.all_doubts
    return line.customer, [(item.product_id, item.qty) for item in line.items]


def codes(text, goods=FRUIT):
    """Why the last line of a text is doubtful."""
    return [doubt.code for doubt in one(text, goods).all_doubts]


TWO_APPLES = """苹果2份 苹果两份 苹果x2 苹果×2 苹果*2 苹果２份 2份苹果 俩份苹果 苹果贰份 5斤苹果2份 红富士2
苹果（5斤装）两份 苹果2 苹果俩"""


@pytest.mark.parametrize("written", TWO_APPLES.split())
def test_two_apples_in_many_words(written):
    assert ordered(f"1. 王姐 {written}") == ("王姐", [("apple", 2)])


def test_names_are_kept_as_written_whatever_they_are_made_of():
    assert ordered("苹果大叔 香蕉2斤") == ("苹果大叔", [("banana", 2)])
    assert ordered("88号楼小王 苹果2份") == ("88号楼小王", [("apple", 2)])
    assert ordered("7. 小鱼儿520：苹果2份") == ("小鱼儿520", [("apple", 2)])
    assert ordered("何姐苹果3份") == ("何姐", [("apple", 3)])
    assert ordered("③🌸小美🌸 苹果1份") == ("🌸小美🌸", [("apple", 1)])


def test_where_two_products_could_be_meant_both_are_offered():
    line = one("王姐 脐橙2箱")
    assert codes("王姐 脐橙2箱") == ["ambiguous_product"]
    assert (line.items[0].product_id, line.items[0].choices, line.items[0].qty) == (None, ("orange10", "orange5"), 2)
    assert ordered("王姐 10斤的脐橙2箱") == ("王姐", [("orange10", 2)])


def test_what_is_not_on_offer_is_never_left_out_in_silence():
    assert "unknown_product" in codes("王姐 榴莲1个 苹果2份")
    assert codes("王姐 苹果2份 榴莲") == ["unread_words"]
    assert "榴莲" in one("王姐 苹果2份 榴莲").doubts[0].en
    assert codes("王姐 苹果醋2份") == ["unread_words"]


def test_a_quantity_that_is_not_said_or_not_whole_is_marked():
    assert (one("王姐 苹果").items[0].qty, codes("王姐 苹果")) == (1, ["no_qty"])
    assert (one("王姐 香蕉二斤半").items[0].qty, codes("王姐 香蕉二斤半")) == (None, ["fraction"])
    assert (one("王姐 苹果两三份").items[0].qty, codes("王姐 苹果两三份")) == (None, ["vague_qty"])
    assert (one("王姐 苹果10斤").items[0].qty, codes("王姐 苹果10斤")) == (2, ["other_unit"])
    assert codes("王姐 苹果99份") == ["big_qty"]
    assert codes("小红 30", EGGS) == ["pieces"]


def test_a_cancellation_marks_the_line_and_the_earlier_one():
    first, second = read("1. 王姐 苹果2份\n2. 王姐 苹果不要了", FRUIT)
    assert [doubt.code for doubt in first.all_doubts] == ["changed_later"]
    assert "cancel" in [doubt.code for doubt in second.all_doubts]
    assert second.items[0].takes_off
    assert not first.items[0].takes_off


def test_an_addition_is_no_repetition_but_the_same_name_again_may_be():
    assert codes("王姐 苹果2份\n王姐 再来一份苹果") == []
    assert codes("王姐 苹果2份\n王姐 苹果1份") == ["same_name"]


def test_each_and_every_and_the_total():
    assert ordered("王姐 苹果、脐橙10斤装各2") == ("王姐", [("apple", 2), ("orange10", 2)])
    assert codes("王姐 每样一份")[0] == "all_goods"
    assert len(one("王姐 每样一份").items) == 4
    assert ordered("王姐 苹果1份香蕉1斤，共2份") == ("王姐", [("apple", 1), ("banana", 1)])
    assert codes("王姐 苹果1份 一共3份") == ["total_differs"]


def test_of_one_product_a_number_is_enough():
    assert ordered("3. 王姐 2", EGGS) == ("王姐", [("egg", 2)])
    assert ordered("王姐+1", EGGS) == ("王姐", [("egg", 1)])
    assert codes("3. 王姐 2") == ["no_product"]


def test_a_line_without_a_name_takes_that_of_the_speaker_above():
    assert codes("苹果2份") == ["no_name"]
    assert ordered("王姐 2024-05-08 10:23:45\n苹果2份") == ("王姐", [("apple", 2)])
    line = one("王姐：\n苹果2份")
    assert (line.customer, [doubt.code for doubt in line.all_doubts]) == ("王姐", ["name_above"])


def test_each_is_for_the_goods_that_have_no_quantity_yet():
    bought = [("apple", 2), ("banana", 1), ("orange10", 1)]
    assert ordered("王姐 苹果2份 香蕉 脐橙10斤装各1") == ("王姐", bought)
    assert codes("张三李四 各苹果2份") == ["unclear_qty"]


def test_the_number_of_the_chain_is_no_part_of_the_name():
    assert ordered("11.6号楼齐桓 苹果1份") == ("6号楼齐桓", [("apple", 1)])
    assert ordered("12、王姐 苹果1份") == ("王姐", [("apple", 1)])
    assert codes("1王姐 苹果1份") == ["name_unclear"]
    assert codes("12 王姐 苹果1份") == ["name_unclear"]


def test_an_order_is_not_taken_for_a_line_that_says_who_speaks_or_for_a_header():
    assert ordered("王姐 苹果2份 18:30") == ("王姐", [("apple", 2)])
    assert one("王姐 苹果2份:").kind == "unread"
    assert codes("王姐 接龙苹果") == ["no_qty"]
    assert codes("王姐 苹果2份 [图片]") == ["unread_words"]


def test_two_customers_in_one_line_are_never_one():
    assert codes("王姐2盒李姐3盒", EGGS) == ["name_unclear"]
    assert codes("王姐2份李姐 香蕉1斤") == ["name_unclear"]
    assert codes("王姐苹果2份，李姐香蕉1斤") == ["unread_words"]
    assert codes("王姐苹果李姐香蕉2斤") == ["name_unclear"]
    assert "name_unclear" in codes("王姐和李姐 苹果2份")


def test_a_name_in_brackets_or_behind_a_word_of_notices_is_not_passed_over():
    assert one("【王姐】苹果").kind == "order"
    assert "name_unclear" in codes("备注：李姐 香蕉")
    assert [line.kind for line in read("【周三水果】\n品种：苹果、香蕉\n地址：东门", FRUIT)] == ["aside"] * 3


def test_what_stands_before_goods_may_be_no_name():
    for word in ("有机", "然后", "帮我", "青"):
        assert codes(f"{word}苹果2份") == ["name_unclear"], word
    assert codes("我要苹果2份") == ["no_name"]


def test_lines_of_one_message_are_no_repetition_a_later_message_may_be_one():
    chat = "王姐 10:23\n苹果2份\n香蕉1斤\n王姐 10:25\n苹果3份"
    assert [line.is_sure for line in read(chat, FRUIT)] == [True, True, True, True, False]


def test_a_unit_that_only_this_campaign_has_is_understood():
    assert ordered("王姐 苹果2兜", (Goods("apple", "苹果", "兜"), Goods("pear", "梨", "斤"))) == (
        "王姐",
        [("apple", 2)],
    )


def test_headers_and_thanks_order_nothing_and_what_cannot_be_read_is_kept():
    asides = ["#接龙", "例 张三 苹果2份", "1️⃣红富士苹果 5斤装 29.9元/份", "谢谢团长🙏", "", "[图片]", "截止了"]
    assert [line.kind for line in read("\n".join(asides), FRUIT)] == ["aside"] * len(asides)
    line = one("什么时候到呀")
    assert (line.kind, line.text, line.is_sure) == ("unread", "什么时候到呀", False)


def test_every_doubt_says_why_in_two_languages():
    for doubt in one("王姐 苹果 榴莲1个 取消").all_doubts:
        assert doubt.zh != doubt.en
        assert doubt.en.endswith((".", "!")) or ":" in doubt.en


PIECES = """王姐 苹果 香蕉 脐橙 5斤 2份 两 半 -1 +1 x2 各 每样 取消 改 共 ， 、 ： ( ) 周三 1. ① @团长 🍎 10:23 一样
几 3-502 apple a 2kg 再来 İ ﬁ"""
WORDS = st.sampled_from([*PIECES.split(), " ", "\n", "\r", "\u2028"])
TEXTS = st.one_of(st.text(max_size=60), st.lists(WORDS, max_size=14).map("".join))


@given(TEXTS, st.sampled_from([FRUIT, EGGS, ()]))
@example("，、2份", FRUIT)
def test_any_text_is_read_into_its_own_lines_and_nothing_is_lost(text, goods):
    lines = read(text, goods)
    assert [line.number for line in lines] == list(range(1, len(lines) + 1))
    assert "\n".join(line.text for line in lines) == text.replace("\r\n", "\n")
    offered = {one.product_id for one in goods}
    for line in lines:
        assert line.customer in line.text or line.customer in text
        for item in line.items:
            assert item.text in line.text
            assert item.product_id is None or item.product_id in offered
            assert item.qty is None or item.qty >= 1
            assert item.doubts or (item.product_id and item.qty)


@given(st.text(max_size=40))
def test_any_title_can_be_a_product(title):
    assert len(read("王姐 苹果2份\n" + title, [Goods("x", title, title[:3])])) >= 2


def test_a_line_longer_than_any_order_is_kept_and_not_read():
    """A pasted book is no way to stop the shop."""
    lines = read("王姐 苹果2份\n" + "苹果" * 151 + "\n" + "1" * 8_000, FRUIT)
    assert [line.kind for line in lines] == ["order", "unread", "unread"]
    assert one("王姐 苹果2份" + " " * 200).is_sure


def test_the_reader_is_pure():
    allowed = {"collections.abc", "dataclasses", "fractions", "functools", "msgspec", "msgspec.structs", "re", "typing"}
    for file in Path(chalicelib.pasting.__path__[0]).glob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            names = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
            names += [node.module or ""] if isinstance(node, ast.ImportFrom) else []
            assert all(name in allowed or name.startswith("chalicelib.pasting") for name in names), file.name
