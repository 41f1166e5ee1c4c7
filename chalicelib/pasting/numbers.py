"""Numbers as people write them: 2, 两, 仨, 二十, 半, 1.5, two."""

import re
from fractions import Fraction

_DIGITS = {
    "零": 0, "一": 1, "壹": 1, "二": 2, "贰": 2, "两": 2, "兩": 2, "俩": 2, "三": 3, "叁": 3, "仨": 3,
    "四": 4, "肆": 4, "五": 5, "伍": 5, "六": 6, "陆": 6, "七": 7, "柒": 7, "八": 8, "捌": 8, "九": 9, "玖": 9,
}  # fmt: skip
_TENS = {"十": 10, "拾": 10, "百": 100, "佰": 100}
_ENGLISH = {
    "a": 1, "an": 1, "another": 1, "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7,
    "eight": 8, "nine": 9, "ten": 10, "eleven": 11, "twelve": 12,
}  # fmt: skip
CHINESE = "".join(_DIGITS) + "".join(_TENS)
WORDS = "half an|half a|half|" + "|".join(sorted(_ENGLISH, key=len, reverse=True))
_VAGUE = re.compile(r"[一二两三四五六七八九][一二两三四五六七八九]|几|多|来|some|few|several|couple")


def is_vague(written: str) -> bool:
    """Whether a number is no number: 两三, 几, 十来, some."""
    return bool(_VAGUE.search(written))


def value_of(written: str) -> Fraction | None:
    """Give the value of a number in digits or words; None when it is none."""
    text = written.strip()
    if re.fullmatch(r"[0-9]{1,9}(\.[0-9]{1,3})?", text):
        return Fraction(text)
    if text == "半" or text.startswith("half"):
        return Fraction(1, 2)
    if text in _ENGLISH:
        return Fraction(_ENGLISH[text])
    return _chinese(text)


def _chinese(text: str) -> Fraction | None:
    total, digit = 0, 0
    for char in text:
        if char in _TENS:
            total, digit = total + max(digit, 1) * _TENS[char], 0
        elif char in _DIGITS and (digit == 0 or char == "零"):
            digit = _DIGITS[char]
        else:
            return None
    return Fraction(total + digit) if text else None
