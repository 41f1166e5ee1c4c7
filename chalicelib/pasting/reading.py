"""Reading a pasted chat: each line for itself, then each in the light of the others (the same name, a later change)."""

import dataclasses
import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from msgspec.structs import replace

from chalicelib.pasting import asides, names
from chalicelib.pasting.doubts import Doubt, doubt
from chalicelib.pasting.goods import Catalogue
from chalicelib.pasting.items import adds_to_earlier, items_of, says_something
from chalicelib.pasting.lines import Goods, PastedLine
from chalicelib.pasting.names import Named
from chalicelib.pasting.plain import plain
from chalicelib.pasting.tokens import cut

_CHAIN_NUMBER = re.compile(
    r"^[ ]*(?:[0-9]{1,3}[ ]*(?:[、)]|[.:](?![0-9])|[.](?=[0-9]+(?:[#号楼栋幢座室]|单元|-[0-9])))|"
    r"[①-⑳❶-❿㈠-㈩⑴-⒇]|[0-9]{1,2}[ ]?\u20e3|🔟)[ .、]*"
)

LONGEST_LINE = 300
"""A longer line is no customer's order; the work of reading one grows faster than its length."""


@dataclass(slots=True)
class _Chat:
    """What the lines so far have told: who speaks (and if that is sure), whose names were read, and in which turn of
    the talk: two lines of one message are no repetition."""

    catalogue: Catalogue
    speaker: str = ""
    speaker_is_sure: bool = False
    turn: int = 0
    names: dict[str, int] = field(default_factory=dict)


def read(text: str, goods: Sequence[Goods]) -> tuple[PastedLine, ...]:
    """Read a pasted chat over the campaign's goods: one `PastedLine` for each line, in order, whatever it is."""
    chat = _Chat(Catalogue(goods))
    written = text.replace("\r\n", "\n").split("\n")
    return _with_later_changes([_line(chat, number, line) for number, line in enumerate(written, start=1)])


def _line(chat: _Chat, number: int, written: str) -> PastedLine:
    if len(written) > LONGEST_LINE:
        return PastedLine(number=number, text=written, kind="unread", doubts=(doubt("not_read"),))
    text = plain(written)
    chain = _CHAIN_NUMBER.match(text)
    start = chain.end() if chain else 0
    blank = " " * start + text[start:]
    tokens = cut(blank, chat.catalogue)
    if not chain and (said := asides.speaker(text, tokens)):
        chat.speaker, chat.speaker_is_sure = written.strip()[: len(said[0])], said[1]
        chat.turn += 1
        return PastedLine(number=number, text=written, kind="aside")
    if asides.is_aside(blank, tokens, chat.catalogue, numbered=chain is not None):
        return PastedLine(number=number, text=written, kind="aside")
    one_product = len(chat.catalogue.known) == 1
    named = _named(chat, names.Line(blank, written, tokens, chain is not None, one_product), start)
    order = [token for token in tokens if token.start >= named.rest]
    customer = written[named.start : named.end].strip()
    if not says_something(order):
        return PastedLine(number=number, text=written, kind="unread", customer=customer, doubts=(doubt("not_read"),))
    items, doubts = items_of(order, written, chat.catalogue)
    line = PastedLine(number=number, text=written, kind="order", customer=customer, items=items, doubts=doubts)
    return _whose(chat, line, named, adds=adds_to_earlier(order))


def _named(chat: _Chat, line: names.Line, start: int) -> Named:
    if chat.speaker and chat.speaker_is_sure and not line.numbered:
        return Named(start, start, start)
    named = names.find(line, start)
    return dataclasses.replace(named, is_clear=False) if asides.is_notice(line.text) else named


# ------------------------------------------------------------------------------------------------ whose


def _whose(chat: _Chat, line: PastedLine, named: Named, *, adds: bool) -> PastedLine:
    """Give a line its name and what is doubtful about that. adds: it says that it adds to what was ordered."""
    doubts: list[Doubt] = []
    if named.is_missing and chat.speaker:
        line = replace(line, customer=chat.speaker)
        doubts += [] if chat.speaker_is_sure else [doubt("name_above")]
    elif named.is_missing:
        has_words = any(one.code == "unread_words" for one in line.doubts)
        doubts.append(doubt("no_name" if named.is_clear and not has_words else "name_unclear"))
    elif not named.is_clear:
        doubts.append(doubt("name_unclear"))
    key = _key(line.customer)
    chat.turn += not named.is_missing
    if line.customer and chat.names.get(key, chat.turn) != chat.turn and not (adds or _takes_back(line)):
        doubts.append(doubt("same_name"))
    chat.names[key] = chat.turn
    return replace(line, doubts=(*line.doubts, *doubts))


def _key(customer: str) -> str:
    return "".join(char for char in plain(customer) if char.isalnum()) or customer


def _takes_back(line: PastedLine) -> bool:
    return any(one.code in ("cancel", "change", "minus") for one in line.all_doubts)


def _with_later_changes(lines: Sequence[PastedLine]) -> tuple[PastedLine, ...]:
    """Mark what a later line of the same name cancels or changes."""
    changed: set[str] = set()
    marked: list[PastedLine] = []
    for line in reversed(lines):
        key = _key(line.customer) if line.customer else ""
        if line.kind == "order" and key in changed:
            line = replace(line, doubts=(*line.doubts, doubt("changed_later")))
        if line.kind == "order" and key and _takes_back(line):
            changed.add(key)
        marked.append(line)
    return tuple(reversed(marked))
