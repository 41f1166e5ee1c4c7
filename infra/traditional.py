"""`make catalogues`: the table of characters for Traditional Chinese, and where a converter would write it otherwise.

What it prints is to be read: where the converter is right, `chalicelib/chinese/words.json` gets the word.
"""

import ast
import json
import re
import sys
from collections.abc import Iterator
from pathlib import Path

from chalicelib.chinese import apart, traditional

SOURCES = Path(__file__).parent.parent / "chalicelib"
CHARACTERS = SOURCES / "chinese" / "characters.json"
CATALOGUES = ("zh.json", "refusals.zh.json")
NOT_SAID = [
    *set((SOURCES / "pasting").glob("*.py")).difference([SOURCES / "pasting" / "doubts.py"]),  # words that are read
    SOURCES / "web" / "languages.py",  # names of languages, each in its own
]
HAN = re.compile(r"[\u3400-\u9fff]")


def texts() -> Iterator[str]:
    """Give every Chinese text of the product: the catalogues' and those in modules and templates."""
    for name in CATALOGUES:
        yield from json.loads((SOURCES / "web" / "catalogues" / name).read_text("utf-8")).values()
    for module in sorted(set(SOURCES.rglob("*.py")) - set(NOT_SAID)):
        yield from _texts_in(module)
    for preset in sorted((SOURCES / "commissions" / "presets").glob("*.json")):
        yield from re.findall(r'"zh": "([^"]+)"', preset.read_text("utf-8"))


def _texts_in(module: Path) -> Iterator[str]:
    """Give a module's Chinese texts, an f-string's piece by piece, without what its docstrings quote."""
    tree = ast.parse(module.read_text("utf-8"))
    remarks = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and id(node) not in remarks and HAN.search(str(node.value)):
            yield str(node.value)


def characters() -> dict[str, str]:
    """Give the Traditional form of each Simplified character of GB 2312 that has one of its own."""
    from opencc import OpenCC  # a developer's package

    convert = OpenCC("s2tw").convert
    rows = ((high, low) for high in range(0xB0, 0xF8) for low in range(0xA1, 0xFF))
    every = (bytes(pair).decode("gb2312", "ignore") for pair in rows)
    return {one: convert(one) for one in every if one and convert(one) != one}


def otherwise() -> Iterator[str]:
    """Give what the converter writes otherwise than we do, and the text it is from; our words are passed over."""
    from opencc import OpenCC

    convert = OpenCC("s2tw").convert
    for text in dict.fromkeys(texts()):
        theirs, place = convert(text), 0
        for number, part in enumerate(apart(text)):
            ours, end = traditional(part), place + len(part)
            if number % 2 == 0 and ours != theirs[place:end]:
                yield f"{ours} | {theirs[place:end]} | {text}"
            place = end


def main() -> None:
    """Write the table anew, and print what to look at."""
    found = characters()
    table = {"simplified": "".join(found), "traditional": "".join(found.values())}
    CHARACTERS.write_text(json.dumps(table, ensure_ascii=False, indent=0) + "\n", "utf-8")
    sys.stdout.write("\n".join(["ours | the converter's | the whole", *otherwise()]) + "\n")


if __name__ == "__main__":
    main()
