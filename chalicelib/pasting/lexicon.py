"""The words of an order chain: what asks, what adds, takes off or changes, and what says nothing about the goods.

A comment counts as understood only if all of it is made of these words: whatever else stands there could be goods.
"""

import re
from functools import lru_cache

from chalicelib.pasting.numbers import CHINESE, WORDS
from chalicelib.pasting.units import UNITS

_UNIT = "|".join(re.escape(unit) for unit in UNITS)
_UNIT_WORDS = rf"(?:{_UNIT}|boxes|bunches|pcs|pieces|kgs|lbs|trays|bottles|bags|packs|cans|tins|rolls|sets|pairs)"
_NUMBER = rf"(?:[0-9]+(?:\.[0-9]+)?|[{CHINESE}]+|半|几十|十几|几|(?:{WORDS}|some|a few|few|several|a couple)\b)"


@lru_cache(maxsize=64)
def quantity(more_units: frozenset[str]) -> re.Pattern[str]:
    """Give the pattern of a quantity; `more_units` are those by which only this campaign's goods are sold."""
    units = "|".join([*map(re.escape, sorted(more_units, key=len, reverse=True)), _UNIT_WORDS])
    return re.compile(
        rf"(?:(?P<op>x|\*|❌|\+|-(?=[^ ]))[ ]?)?(?P<number>{_NUMBER})(?P<about>来|多|几)?(?P<more> more\b)?"
        rf"(?:[ ]?(?:(?P<unit>{units})(?![a-z])|(?P<times>x)(?![a-z0-9])))?(?P<half>半)?"
    )


_COUNT = rf"(?:[0-9]{{1,2}}|[{CHINESE}]+)"
RANGE = re.compile(rf"(?:x|\*)?[ ]?{_COUNT}[ ]?[-~到至][ ]?{_COUNT}(?:{_UNIT_WORDS})?(?![0-9])")

_DAY = (
    r"(?:这|本|下|下个)?(?:周|星期|礼拜)[一二三四五六日天末1-7]|[今明后][天日晚早]|(?:早|晚)上|上午|中午|下午|傍晚|"
    rf"晚点|下了?班|[0-9]{{1,2}}月[0-9]{{1,2}}[日号]?|[0-9]{{1,2}}[日号](?!楼)|[0-9]{{1,2}}:[0-9]{{2}}|"
    rf"(?:[0-9]{{1,2}}|[{CHINESE}]{{1,3}})[点时](?:[0-9]{{1,2}}分?|半|多|左右)?|[之以]?[前后](?=[来拿取送]|$|[ ,)])|"
    r"friday|monday|tuesday|wednesday|thursday|saturday|sunday|today|tomorrow|tonight|morning|afternoon|evening"
)
_HANDOVER = (
    r"自提|自取|自己(?=[来去拿取])|[送到](?=$|[ ,)。!~]|[了的吧])|[来去过]{1,2}[拿取提]|"
    r"[拿取提]货?(?=$|[ ,)。!~]|[了的吧])|送到家|送上门|送货|送到|"
    r"放在?(?=家?门|物业|驿站|楼下|快递柜|[0-9a-z])|家?门口|门卫|驿站|快递柜|丰巢|物业|楼下|电梯口|"
    r"pick(?:ed)?[ -]?up|leave at the door|at the door"
)
_MANNERS = (
    r"谢谢|多谢|感谢|辛苦了?|麻烦了?|拜托|团长|群主|老板|亲爱的|大家|收到|好的|好嘞|嗯+|"
    r"ok|okay|thanks|thank you|thx|please|pls|cheers"
)
_PAID = (
    r"(?:[已先]?(?:付款|支付|转账|付|转|微信)了?过?)[ :]?[¥￥]?(?:[0-9]+(?:\.[0-9]+)?)?(?:元|块钱|块)?|"
    r"(?:合计|一?共|总共|总计)?[ :]?(?:[¥￥$][ ]?[0-9]+(?:\.[0-9]+)?|[0-9]+(?:\.[0-9]+)?(?:元|块钱|rmb))"
)
_WISH = "(?:不要|别|要|挑|选|尽量|稍微|稍|偏|太|给我?)"
_QUALITY = "(?:新鲜|好看|熟|生|青|软|硬|脆|甜|酸|大|小|宽|肥|好|厚|薄|嫩|坏|烂)"
_TASTE = (
    rf"{_WISH}{{1,3}}{_QUALITY}(?:透|个|只|条)?(?:一?[点些])?儿?的?|{_QUALITY}(?:一[点些]|点|些|个)儿?的?|{_QUALITY}的|"
    r"(?:not too )?ripe(?: ones)?"
)
_PHONE = r"(?:电话|手机|尾号|tel)?[ :]?(?:\+?86)?1[3-9][0-9]{9}(?![0-9])|尾号[ :]?[0-9]{4}"
PLACE = re.compile(
    r"(?:[a-z]?[0-9]+[#号]?(?:楼|栋|幢|座|单元|室|期|弄)|[0-9]+#)(?:[a-z]?[0-9]+(?:[#号]?(?:楼|栋|幢|座|单元|室)|(?![0-9份斤箱盒袋瓶只个包件])))*"
    r"|(?:[a-z][0-9]+|[0-9]{1,3})-[0-9]{3,4}(?:-[0-9]{1,4})?(?![0-9])|[0-9]{1,3}-[0-9]{1,2}-[0-9]{2,4}(?![0-9])"
)
NOTE = re.compile("|".join((_DAY, _HANDOVER, _MANNERS, _PAID, _TASTE, _PHONE, r"@(?:团长|群主|所有人|all)")))

WORDS_OF = {
    "each": re.compile(r"各自?(?:来|要|拿|订)?|each(?![a-z])"),
    "every": re.compile(r"[每各](?:样|种|款|个品种)|全部|全要|所有的?|都[要来]|通通|everything|one of each"),
    "cancel": re.compile(
        r"不[要用订买]了?|取消|退[了掉款]?|撤销?|作废|删[掉除]?|减[去掉少]?|去掉|少[要来]?|算了|没有了|"
        r"(?:cancel(?:led)?|remove|delete|without|no longer|no|not|minus|drop|don't|dont)(?![a-z])"
    ),
    "change": re.compile(
        r"改[成为]?|换[成为]?|变[成为]|更正|写错了?|"
        r"(?:instead|change|swap|make it|correction)(?![a-z])"
    ),
    "question": re.compile(
        r"还?有(?:没有|吗|么|货)|有没有|[吗么]|\?|多少|怎么|什么|几时|或者?|还是|如果|要是|的话|可以|能不能|能否|"
        r"(?:or|if|maybe|can|still)(?![a-z])"
    ),
    "same": re.compile(r"同上|[同跟和与][^ ,、0-9]{1,8}一样|一样的?|(?:same)(?![a-z])"),
    "add": re.compile(
        r"再(?:来|加|要|拿|订)?|追加|加[订上]?|另外|外加|多[要来加]|也要|"
        r"(?:add|extra|more|plus)(?![a-z])"
    ),
    "about": re.compile(r"左右|大概|大约|差不多|约"),
    "total": re.compile(r"一共|总共|合计|共计|总计|共|total"),
    "verb": re.compile(
        r"我们?家?(?=[要来订买拿]| |$)|来个(?=[0-9一二两三四五六七八九十])|[要来订拿买拼下带]|接龙|[的给装]|想|"
        r"(?:of|the|i|i'd|want|would|like|take|get|need|for me|me|will have|have)(?![a-z])"
    ),
    "stop": re.compile(r"[,;。!|\n]+|\.(?= |$)"),
    "and": re.compile(r"[、/&+]|[和跟与及]|以及|还有|(?:and)(?![a-z])"),
    "dash": re.compile(r"[-—–~:=·•…_]+"),
    "open": re.compile(r"[(\[【「“\"『]"),
    "close": re.compile(r"[)\]】」”\"』]"),
    "filler": re.compile(r"[啊呀哦哈啦吧呢嘛了哟噢]+"),
}  # fmt: skip
"""Each kind of word. Where two fit, the longer one counts, then the earlier one."""

UNIT_PRICE = re.compile(
    rf"(?:[¥￥]?[0-9]+(?:\.[0-9]+)?[ ]?(?:元|块钱?|rmb)?[ ]?[/每][ ]?(?:{_UNIT})|"
    rf"[0-9]+(?:\.[0-9]+)?(?:元|块钱?)一?(?:{_UNIT})|[0-9]+\.[0-9]+一(?:{_UNIT})|一(?:{_UNIT})[0-9]+(?:\.[0-9]+)?(?:元|块钱?))"
)
"""What a price list says; no order does."""


def is_picture(char: str) -> bool:
    """Whether a character is an emoji that says nothing; pictures of food may well be meant as goods."""
    code = ord(char)
    if 0x1F345 <= code <= 0x1F37F or 0x1F950 <= code <= 0x1F96F or 0x1F980 <= code <= 0x1F99E:
        return False
    return 0x1F000 <= code <= 0x1FAFF or 0x2600 <= code <= 0x27BF or 0x2B00 <= code <= 0x2BFF
