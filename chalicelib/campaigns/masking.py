"""A buyer's name as strangers may see it: enough to find oneself in a list, too little to find anybody else. Pure."""

import unicodedata

_MASK = "**"


def masked(name: str) -> str:
    """Give the first letter and `**`: 王小明 is `王**`, Wang Li is `W** L.`, a phone number or an address of mail `**`.

    Never more than one letter of a name, two where its words have capitals. What comes before the first letter (a
    digit, an emoji, a mark that turns text round) is not shown: it may be the beginning of a number.
    """
    text = unicodedata.normalize("NFKC", name)
    words = [word for word in text.split() if any(map(str.isalpha, word))]
    if not words or "@" in text:
        return _MASK
    first, last = next(letter for letter in words[0] if letter.isalpha()), words[-1][0]
    return f"{first}{_MASK} {last}." if len(words) > 1 and _cased(first) and _cased(last) else first + _MASK


def _cased(letter: str) -> bool:
    """Tell letters of scripts with capitals, where a name's words are set apart and initials are usual."""
    return letter.upper() != letter.lower()
