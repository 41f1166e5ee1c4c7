"""The reader against lines that people write, by hand: how often it is right, and that it never is wrong without saying
so. It was made with the first file; the others were held back, and what they showed at first is in the decision (0015).
"""

import pytest

from tests.pasting import chats

FILES = [
    ("chat_lines.txt", 170, 95),
    ("held_back.txt", 40, 90),
    ("held_back_2.txt", 40, 90),
    ("held_back_3.txt", 40, 90),
]


@pytest.mark.parametrize(("file", "at_least", "percent"), FILES)
def test_the_reader_is_right_on_most_lines_and_never_silently_wrong(file, at_least, percent):
    found = chats.outcomes(file)
    print(f"\n{file}: {chats.report(found)}")

    verdicts = [verdict for verdict, _, _ in found]
    assert len(found) >= at_least
    assert "silent" not in verdicts, chats.report(found)
    assert verdicts.count("right") * 100 >= percent * len(found), chats.report(found)


def test_most_lines_that_order_something_are_read_for_sure():
    """A reader that marks everything doubtful would never be wrong, and no help."""
    clear = [line for _, expected, line in chats.outcomes("chat_lines.txt") if expected.items and not expected.doubts]
    assert sum(line.is_sure for line in clear) >= 0.95 * len(clear) > 90


def test_a_reading_that_only_differs_in_the_quantity_is_called_silent():
    (chat, *_) = chats.load("chat_lines.txt")
    expected = chats.Expected(1, "order", "王姐", [("apple", 3)])
    (line,) = chats.read("王姐 苹果2份", chat.goods)
    assert chats.verdict(expected, line) == "silent"
