"""Every button of a plan's form: what is put in can be taken out again, and no row of buttons leads astray."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.commissions import presets
from chalicelib.commissions.rules.plan import PlanRefused
from chalicelib.planning import plan_fields, plan_parts
from chalicelib.planning.plan_buttons import Button, buttons_of, pressed
from chalicelib.planning.plan_ranks import LowestRankStays, RankInUse
from tests.planning.drafts import document_of, plan_of, ranks_of

PRESETS = st.sampled_from(presets.NAMES).map(document_of)
PRESSES = st.lists(st.integers(0, 10**6), max_size=8)


def after(document, presses):
    """The document after some of its buttons, each chosen by a number among those that there are."""
    for number in presses:
        buttons = list(buttons_of(document))
        try:
            document = pressed(document, buttons[number % len(buttons)]).after
        except RankInUse:
            continue
    return document


def stands(document, place):
    """Whether the form shows what is at a place: a field, or the part that it is in."""
    first = place.partition(".")[0]
    parts = {*plan_parts.places_of_parts(document), *(f"ranks[{number}]" for number in range(len(document["ranks"])))}
    return place in {one.place for one in plan_fields.fields_of(document)} or first in parts


@given(PRESETS, PRESSES, st.integers(0, 10**6))
def test_what_is_added_can_be_taken_out_again_and_all_is_as_it_was(document, presses, number):
    document = after(document, presses)
    adding = [button for button in buttons_of(document) if button.do == "add"]
    change = pressed(document, adding[number % len(adding)])
    assert change.after != document
    assert pressed(change.after, Button("take", change.added)).after == document


@given(PRESETS, PRESSES)
def test_whatever_is_pressed_makes_a_plan_or_says_at_a_place_of_the_form_what_is_missing(document, presses):
    made = after(document, presses)
    try:
        plan_of(made)
    except PlanRefused as refused:
        assert [problem for problem in refused.problems if not stands(made, problem.place)] == []


@given(PRESETS, PRESSES)
def test_a_rank_that_stays_is_named_where_the_form_has_a_field_for_it(document, presses):
    document = after(document, presses)
    shown = {one.place for one in plan_fields.fields_of(document)}
    for number, rank in enumerate(ranks_of(document)[1:], 1):
        try:
            made = pressed(document, Button("take", f"ranks[{number}]")).after
        except RankInUse as refused:
            assert refused.places
            assert set(refused.places) <= shown
        else:
            assert f'"{rank}"' not in plan_fields.write(made)


@pytest.mark.parametrize("preset", presets.NAMES)
def test_everything_that_can_be_added_to_a_preset_makes_a_plan(preset):
    document = document_of(preset)
    for button in buttons_of(document):
        if button.do == "add":
            assert plan_of(pressed(document, button).after) != presets.load(preset), button


@pytest.mark.parametrize(
    "button",
    [
        Button("take", "rewards[9]"),
        Button("take", "ranks[7]"),
        Button("take", "terms"),
        Button("take", "promotions[0].when.of[5]"),
        Button("add", "promotions[0].when", "own_hair"),
        Button("add", "promotions[0].when"),
        Button("add", "rewards.retail"),
        Button("add", "ranks[x]"),
    ],
    ids=str,
)
def test_a_button_that_the_plan_has_not_does_nothing(button):
    document = document_of("breakaway")
    change = pressed(document, button)
    assert (change.after, change.added, change.taken) == (document, "", "")


def test_the_lowest_rank_says_why_it_stays():
    with pytest.raises(LowestRankStays, match="Everybody begins"):
        pressed(document_of("breakaway"), Button("take", "ranks[0]"))
