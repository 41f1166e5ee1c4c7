"""A block of lines is read at once or line by line: the events, and the numbers of their lines, are the same."""

import json

import msgspec
import pytest

from chalicelib.commissions.rules.events import LineRefused, read_lines
from tests.commissions.rules.history import at, joins, pays, refunds

EVENTS = [
    joins("A", groups=1),
    joins("é🌸", "A"),
    pays("o1", "A", 100, at(1), line={"list_price": 120}),
    pays("o2", "A", 100, at(1), discount=5, customer="c1", self_purchase=False),
    refunds("o1", 40, at(2)),
]
ESCAPED = "\n".join(json.dumps(event) for event in EVENTS).encode()
AS_WE_WRITE = msgspec.json.Encoder().encode_lines([event for _, event in read_lines(ESCAPED)])
SPACED = "\n".join(json.dumps(event, ensure_ascii=False) for event in EVENTS).encode()
REORDERED = "\n".join(json.dumps(dict(reversed(event.items())), ensure_ascii=False) for event in EVENTS).encode()


@pytest.mark.parametrize("block", [AS_WE_WRITE, AS_WE_WRITE.removesuffix(b"\n"), SPACED, ESCAPED, REORDERED])
def test_however_a_block_is_written_its_events_are_the_same(block):
    assert list(read_lines(block)) == list(read_lines(AS_WE_WRITE))
    assert [number for number, _ in read_lines(block, 11)] == [11, 12, 13, 14, 15]


def test_blank_lines_among_lines_as_we_write_them_count():
    first, rest = AS_WE_WRITE.split(b"\n", 1)

    assert [number for number, _ in read_lines(first + b"\n\n" + rest)] == [1, 3, 4, 5, 6]


@pytest.mark.parametrize("separator", [b" ", b"", b"\r"])
def test_two_events_in_one_line_are_refused_with_its_number(separator):
    first, second, rest = AS_WE_WRITE.split(b"\n", 2)

    with pytest.raises(LineRefused, match=r"^line 2: "):
        list(read_lines(first + b"\n" + second + separator + rest))


def test_a_blank_line_does_not_make_up_for_two_events_in_one_line():
    first, second, rest = SPACED.split(b"\n", 2)

    with pytest.raises(LineRefused, match=r"^line 1: "):
        list(read_lines(first + b" " + second + b"\n\n" + rest))


def test_blank_lines_before_the_first_event_count():
    first, second, _ = SPACED.split(b"\n", 2)

    assert [number for number, _ in read_lines(b"\n \n" + first + b"\n")] == [3]
    assert [number for number, _ in read_lines(b"\n" + first + b"\n" + second + b"\n")] == [2, 3]


def test_an_event_over_two_lines_is_refused():
    first = SPACED.split(b"\n", 1)[0]

    with pytest.raises(LineRefused, match=r"^line 1: "):
        list(read_lines(first.removesuffix(b"}") + b"\n}"))


def test_a_field_there_twice_is_refused_with_its_line():
    block = AS_WE_WRITE.replace(b'"order":"o2"', b'"order":"o2","order":"o2"')

    with pytest.raises(LineRefused, match=r"^line 4: field `order` is there twice"):
        list(read_lines(block))


def test_an_escaped_quotation_mark_does_not_hide_a_field_that_is_there_twice():
    four_marks = b'"o' + rb"\u0022" * 4 + b'"'  # written again, they make up for the four marks of the lost field
    block = AS_WE_WRITE.replace(b'"order":"o2"', b'"order":"o2","order":' + four_marks)

    with pytest.raises(LineRefused, match=r"^line 4: field `order` is there twice"):
        list(read_lines(block))
