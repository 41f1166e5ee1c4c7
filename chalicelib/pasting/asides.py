"""Lines of the chat that order nothing: the chain tool's header and example, notices, thanks; and who speaks."""

import re
from collections.abc import Sequence

from chalicelib.pasting.goods import Catalogue
from chalicelib.pasting.lexicon import UNIT_PRICE
from chalicelib.pasting.tokens import Token

_TOOL = re.compile(
    r"撤回了一条消息|拍了拍|\[(?:图片|表情|语音|视频|文件|链接|动画表情)\]|加入了?群聊|"
    r"以下(?:为|是)新消息|邀请.+加入|recalled a message"
)
_EXAMPLE = re.compile(r"^(?:例如?|示例|格式|e\.?g\.?)(?=[ :.,]|$)|^例[ :]")
_NOTICE = re.compile(
    r"^(?:活动)?(?:自提)?(?:时间|地址|地点|自提点?|价格|规格|截单|截止|到货|通知|公告|团长|群主|说明|备注|注意|"
    r"主题|内容|品种|商品)(?:时间|地址|地点)?[ ]?:"
)
_OF_GOODS = re.compile(r"^(?:价格|规格|主题|内容|品种|商品)[ ]?:")
_CHAIN = re.compile(r"接龙|截单|截止|开团|团购|拼团|成团")
_DATE = r"[0-9]{2,4}[-/年][0-9]{1,2}[-/月][0-9]{1,2}日?"
_CLOCK = r"(?:上午|下午)?[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?"
_SPEAKER = re.compile(rf"^(?P<name>.{{1,24}}?)[ ]+(?:{_DATE}[ ]+)?{_CLOCK}$")
_SPEAKER_COLON = re.compile(r"^(?P<name>[^:]{1,24}?)[ ]*:$")
_SILENT = {"note", "picture", "filler", "stop", "dash", "open", "close"}


def is_aside(text: str, tokens: Sequence[Token], catalogue: Catalogue, *, numbered: bool) -> bool:
    """Whether a line in plain text surely orders nothing. numbered: the chat tool wrote a number before it."""
    body = text.strip()
    if not any(char.isalnum() for char in body) or _EXAMPLE.match(body):
        return True
    if tool := _TOOL.search(text):
        beside = {token.kind for token in tokens if not tool.start() <= token.start < tool.end()}
        return not beside & {"goods", "quantity", "each", "every"}
    kinds = {token.kind for token in tokens}
    orders = bool(kinds & {"goods", "each", "every"}) and bool(kinds & {"quantity", "each"})
    asks_back = "question" in kinds or "cancel" in kinds
    is_price = bool(UNIT_PRICE.search(body))
    if is_price and (_CHAIN.search(body) or (tokens and tokens[0].kind == "goods")):
        return not any(token.kind == "quantity" and not _is_size(token, catalogue) for token in tokens)
    if orders or asks_back:
        return False
    is_header = not numbered and body.startswith(("#", "【", "接龙")) and not _goods_behind_title(text, tokens)
    is_notice = bool(_NOTICE.match(body)) and ("goods" not in kinds or bool(_OF_GOODS.match(body)))
    if is_header or is_notice or (not numbered and _CHAIN.search(body) and "goods" not in kinds):
        return "quantity" not in kinds
    return not numbered and kinds <= _SILENT


def _is_size(token: Token, catalogue: Catalogue) -> bool:
    """Whether a number with a unit is in a title (5斤装), so that a price list says it too."""
    amount = token.amount
    return amount is not None and any((amount.value, amount.unit) in known.specs for known in catalogue.known)


def _goods_behind_title(text: str, tokens: Sequence[Token]) -> bool:
    """Whether goods are named behind 【…】: what stands in the brackets may then be a person."""
    end = text.find("】")
    return end >= 0 and any(token.kind == "goods" and token.start > end for token in tokens)


def is_notice(text: str) -> bool:
    """Whether a line in plain text begins like a notice (地址:, 团长:), even if goods are written behind it."""
    return bool(_NOTICE.match(text.strip()))


def speaker(text: str, tokens: Sequence[Token]) -> tuple[str, bool] | None:
    """Give who speaks from here on, when the line says only that; and whether that is sure, by its time stamp."""
    body = text.strip()
    if any(token.kind == "goods" or (token.amount is not None and token.amount.unit) for token in tokens):
        return None  # 王姐 苹果2份 18:30
    if found := _SPEAKER.match(body):
        return found["name"], True
    if (found := _SPEAKER_COLON.match(body)) and not _NOTICE.match(body) and not _CHAIN.search(body):
        return found["name"], False
    return None
