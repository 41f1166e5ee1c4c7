"""Text made plain for reading, character by character: positions stay those of the text as written."""

_SIGNS = {
    "　": " ", "\xa0": " ", "\t": " ", "×": "x", "✖": "x", "✕": "x", "╳": "x", "✗": "x", "＊": "*",
    "−": "-", "➕": "+", "➖": "-",
    "：": ":", "，": ",", "；": ";", "（": "(", "）": ")", "？": "?", "！": "!",
    "\ufe0f": " ", "\u200b": " ", "\u200d": " ", "\u2005": " ", "\u2006": " ",
}  # fmt: skip


def plain(text: str) -> str:
    """Give the text with ordinary digits, letters in lower case, and one kind of each sign; as long as it was."""
    return "".join(map(_plain_char, text))


def _plain_char(char: str) -> str:
    if char in _SIGNS:
        return _SIGNS[char]
    code = ord(char)
    if 0xFF01 <= code <= 0xFF5E:  # the wide forms of ASCII
        char = chr(code - 0xFEE0)
    low = char.lower()
    return low if len(low) == 1 else char
