"""What people type: kept in one form, refused in words that do not repeat it."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import Invalid
from chalicelib.people import rules

NOON = datetime(2026, 3, 2, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("typed", "kept"), [(" 王 小梅 ", "王 小梅"), ("Mei   Wang", "Mei Wang"), ("<b>=1+1", "<b>=1+1")]
)
def test_a_name_is_kept_as_typed_but_for_blanks(typed, kept):
    assert rules.clean_name(typed) == kept


@pytest.mark.parametrize("typed", ["", "   ", "a" * 81, "a\x00b", "a\nb", "gpj.\u202eexe", "\u200b", "\ud800"])
def test_a_name_that_cannot_be_read_is_refused(typed):
    with pytest.raises(Invalid) as refused:
        rules.clean_name(typed, param="owner_name")

    assert refused.value.param == "owner_name"


@given(st.text(max_size=120))
def test_a_kept_name_can_be_shown_and_stays_the_same(typed):
    try:
        kept = rules.clean_name(typed)
    except Invalid:
        return
    assert kept.encode()
    assert rules.clean_name(kept) == kept


@pytest.mark.parametrize(
    ("typed", "kept"),
    [("138 0013-8000", "13800138000"), ("+86 (138) 0013 8000", "+8613800138000"), ("１３８００", "13800")],
)
def test_a_phone_number_is_kept_as_digits(typed, kept):
    assert rules.clean_phone(typed) == kept


@pytest.mark.parametrize("typed", ["", "1234", "my phone", "1" * 21, "13+800", "=1380013"])
def test_what_is_no_phone_number_is_refused_without_repeating_it(typed):
    with pytest.raises(Invalid) as refused:
        rules.clean_phone(typed)

    assert refused.value.param == "phone"
    assert not typed or typed not in refused.value.message


@pytest.mark.parametrize(
    ("sent_seconds_ago", "sent_that_day", "wait"),
    [(29, 1, timedelta(seconds=1)), (30, 1, timedelta()), (3600, 9, timedelta(seconds=-3570))],
)
def test_the_wait_for_the_next_code(sent_seconds_ago, sent_that_day, wait):
    sent_at = NOON - timedelta(seconds=sent_seconds_ago)

    assert rules.wait_for_next_code(sent_at, NOON - timedelta(hours=2), sent_that_day, NOON) == wait


def test_after_the_days_codes_the_wait_lasts_till_the_day_is_over():
    began = NOON - timedelta(hours=2)

    assert rules.wait_for_next_code(NOON, began, 10, NOON) == timedelta(hours=22)
    assert rules.wait_for_next_code(began, began, 10, began + timedelta(days=1)) < timedelta()
