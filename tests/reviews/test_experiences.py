"""What leaders say of a product, and the brand's verdict on it: whoever is first, neither undoes the other."""

import pytest

from chalicelib.reviews import experiences
from chalicelib.reviews.commands import Moderate
from chalicelib.reviews.experiences import ExperienceChanged, ExperienceNotFound
from chalicelib.reviews.rules import ReviewInvalid

LEADER = "ld_0123456789"


@pytest.fixture
def says(shop, clock):
    def write(text, leader_id=LEADER):
        experiences.write(shop.tenant_id, shop.pears, leader_id, text, now=clock.advance(minutes=1))
        return experiences.get(shop.tenant_id, shop.pears, leader_id)

    return write


@pytest.fixture
def verdict(shop, clock):
    def decide(said, what, reason=""):
        command = Moderate(verdict=what, version=int(said.version), reason=reason)
        return experiences.moderate(shop.tenant_id, shop.pears, said.leader_id, command, by="pe_1", now=clock())

    return decide


def listed(shop, **how):
    return [one.leader_id for one in experiences.newest(shop.tenant_id, shop.pears, **({"limit": 9} | how))]


def test_the_last_written_comes_first_and_what_was_taken_away_is_not_listed(shop, says):
    says("Sweet.", "ld_1")
    says("Sour.", "ld_2")
    says("Sweeter.", "ld_1")
    says("", "ld_2")
    says("Large.", "ld_3")
    assert listed(shop) == ["ld_3", "ld_1"]
    [first] = experiences.newest(shop.tenant_id, shop.pears, limit=1)
    assert listed(shop, after=str(first.gsi1sk)) == ["ld_1"]


def test_saved_as_it_was_nothing_is_new_to_the_brand(says, verdict):
    hidden = verdict(says("It cures the flu."), "hidden")
    again = says(" It cures the flu. ")
    assert (again.version, again.is_changed, again.is_shown) == (hidden.version, False, False)


def test_taken_away_and_written_anew_it_is_hidden_still(says, verdict):
    verdict(says("It cures the flu."), "hidden", "Food cures nothing.")
    says("")
    anew = says("Sweet.")
    assert (anew.is_shown, anew.is_changed, anew.reason) == (False, True, "Food cures nothing.")
    shown = verdict(anew, "shown")
    assert (shown.is_shown, shown.reason) == (True, None)


def test_the_same_verdict_twice_is_one(says, verdict):
    said = says("It cures the flu.")
    assert verdict(said, "hidden").version == verdict(said, "hidden").version


def test_what_slips_in_while_the_brand_decides_is_not_decided_on_unread(says, verdict, in_between):
    hidden = verdict(says("It cures the flu."), "hidden")
    in_between("TransactWriteItems", lambda: says("It cures everything."))
    with pytest.raises(ExperienceChanged):
        verdict(hidden, "shown")


def test_a_verdict_that_slips_in_while_the_leader_writes_holds(says, verdict, in_between):
    said = says("It cures the flu.")
    in_between("TransactWriteItems", lambda: verdict(said, "hidden"))
    assert not says("It cures everything.").is_shown


def unread(shop, **how):
    found, more = experiences.unread(shop.tenant_id, **({"limit": 9} | how))
    return [one.text for one in found], more


def test_what_the_brand_has_not_looked_at_is_listed_until_it_has_and_again_once_it_is_changed(shop, says, verdict):
    first, second = says("Sweet.", "ld_1"), says("Sour.", "ld_2")
    assert unread(shop) == (["Sweet.", "Sour."], None)
    says("Sweet.", "ld_1")  # saved as it was

    assert verdict(first, "shown").is_shown
    assert verdict(second, "hidden").version == second.version + 1
    assert unread(shop) == ([], None)

    says("Not so sour.", "ld_2")
    assert unread(shop) == (["Not so sour."], None)
    says("", "ld_2")
    assert unread(shop) == ([], None)


def test_words_waiting_are_read_on_from_where_one_stopped(shop, says):
    for number in range(3):
        says(f"{number}", f"ld_{number}")
    found, more = unread(shop, limit=2)
    assert found == ["0", "1"]
    assert unread(shop, limit=2, after=more) == (["2"], None)


def test_words_changed_while_the_brand_looks_at_them_stay_unread(shop, says, verdict, in_between):
    said = says("Sweet.")
    in_between("TransactWriteItems", lambda: says("It cures everything."))
    with pytest.raises(ExperienceChanged):
        verdict(said, "shown")
    assert unread(shop) == (["It cures everything."], None)


def test_who_said_nothing_and_what_cannot_be_shown_are_refused(shop, says, verdict, clock):
    with pytest.raises(ExperienceNotFound):
        experiences.moderate(
            shop.tenant_id, shop.pears, "ld_x", Moderate(verdict="hidden", version=1), by="pe_1", now=clock()
        )
    with pytest.raises(ReviewInvalid, match="at most 200"):
        verdict(says("Sweet."), "hidden", "x" * 201)
    with pytest.raises(ReviewInvalid, match="cannot be shown"):
        says("good\u202ebad")
