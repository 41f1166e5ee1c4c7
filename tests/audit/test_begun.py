"""What was begun is known until it is noted or refused: by whom, and since when."""

from datetime import timedelta

import pytest

from chalicelib.audit import begun, store
from chalicelib.tenancy import acting_for

BRAND = "t000000000000001"
LATER = timedelta(minutes=3)


@pytest.fixture
def desk(table, clock):
    return Desk(clock)


class Desk:
    """Somebody who does one thing at a time."""

    def __init__(self, clock):
        self.clock = clock

    def begins(self, once="form#1", who="prs_1"):
        with acting_for(BRAND):
            asked = {"who": who, "what": "refund-asked", "about": "orders/ord_1", "once": once}
            begun.begin(BRAND, **asked, now=self.clock.advance(seconds=1))

    def notes(self, once="form#1", who="prs_1"):
        with acting_for(BRAND):
            return store.note(BRAND, who=who, what="refund-asked", once=once, now=self.clock())

    def is_refused(self, once="form#1"):
        with acting_for(BRAND):
            begun.refused(BRAND, once)

    def unfinished(self, after=LATER):
        with acting_for(BRAND):
            return begun.unfinished(BRAND, now=self.clock() + after, limit=9)

    def log(self):
        with acting_for(BRAND):
            return [entry.what for entry in store.newest(BRAND, limit=9)[0]]


def test_what_was_begun_and_not_noted_stands_there_with_who_what_and_when(desk):
    desk.begins()
    began_at = desk.clock()
    assert desk.unfinished(timedelta(seconds=60)) == [], "it may still be at work"
    [one] = desk.unfinished()
    assert (one.who, one.what, one.about, one.begun_at) == ("prs_1", "refund-asked", "orders/ord_1", began_at)
    assert desk.log() == []


def test_what_is_noted_is_not_begun_any_more_and_cannot_be_begun_again(desk):
    desk.begins()
    assert desk.notes()
    desk.begins()
    assert desk.unfinished() == []
    assert not desk.notes()
    assert desk.log() == ["refund-asked"]


def test_what_is_refused_was_not_begun(desk):
    desk.begins()
    desk.is_refused()
    assert desk.unfinished() == []
    desk.begins()
    assert desk.notes(), "what was refused may be done later"


def test_refused_after_a_try_that_broke_off_it_stays_as_it_began_first(desk):
    """The first try may have done it; that the second one was refused does not say that it did not."""
    desk.begins()
    first = desk.clock()
    desk.begins()
    desk.is_refused()
    [one] = desk.unfinished()
    assert one.begun_at == first


def test_a_refusal_that_comes_late_takes_nothing_back_that_is_noted(desk):
    desk.begins()
    desk.notes()
    desk.is_refused()
    assert not desk.notes()


def test_the_last_ones_come_first(desk):
    desk.begins("form#1", "prs_1")
    desk.begins("form#2", "prs_2")
    assert [one.who for one in desk.unfinished()] == ["prs_2", "prs_1"]
