"""Names in public lists: never more than an initial or two."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.campaigns.masking import masked


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        ("王小明", "王**"),
        ("王", "王**"),
        ("王 丽", "王**"),
        ("Wang Li", "W** L."),
        ("Maria del Carmen López", "M** L."),
        ("Иван Петров", "И** П."),
        ("Anna", "A**"),
        ("anna anders", "a** a."),
        ("王 Li", "王**"),
        ("Li 王", "L**"),
        ("🌸小王", "小**"),
        ("8号楼王姐", "号**"),
    ],
)
def test_a_name_shows_its_first_letter_and_in_scripts_with_capitals_the_last_initial(name: str, shown: str) -> None:
    assert masked(name) == shown


@pytest.mark.parametrize(
    "name",
    [
        "13800138000",
        "+86 138-0013-8000",
        "１３８００１３８０００",
        "li@example.com",
        "Li ＠example.com",
        "",
        "  ",
        "***",
        "🌸",
    ],
)
def test_phone_numbers_and_mail_addresses_are_masked_wholly(name: str) -> None:
    assert masked(name) == "**"


@pytest.mark.parametrize(
    ("name", "shown"), [("王姐13800138000", "王**"), ("Wang 13800138000", "W**"), ("1380013800O", "O**")]
)
def test_a_number_in_a_name_does_not_show(name: str, shown: str) -> None:
    assert masked(name) == shown


def test_a_script_or_a_mark_that_turns_text_round_is_not_passed_on() -> None:
    assert masked("<script>alert(1)</script>") == "s**"
    assert masked("\u202e王小明") == "王**"
    assert masked("\ud800") == "**"


@given(st.text(max_size=80))
def test_never_more_than_two_letters_of_any_name_and_never_a_digit(name: str) -> None:
    shown = masked(name)

    assert len(shown) <= 6
    assert "**" in shown
    assert not any(character.isdigit() for character in shown)
    assert sum(character.isalpha() for character in shown) <= 2
