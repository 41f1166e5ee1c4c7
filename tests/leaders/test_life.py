"""A trial's life: the countdown, the deadline that closes the link by itself, the sweep that may be days late."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib import store
from chalicelib.commissions import presets
from chalicelib.commissions import store as plans
from chalicelib.commissions.rules.conditions import Figures
from chalicelib.leaders import actions, life, standing, trials
from chalicelib.leaders import store as leaders
from chalicelib.leaders.rules import LinkClosed
from tests.people.at_once import at_once

MICROSECOND = timedelta(microseconds=1)


def sold(orders: int = 0, sales_minor: int = 0):
    """What everybody has sold in its trial."""
    return lambda leader, plan, at: Figures([0, 0], probation_orders=orders, probation_sales=sales_minor)


@pytest.fixture
def tree(brand):
    """A brand with trials of seven days."""
    return brand("assessed")


@pytest.fixture
def newcomer(tree):
    return tree.join("B", under=tree.root("A"))


def swept(tree, at: datetime, figures_of=None, **how) -> int:
    return life.end_due(tree.tenant_id, figures_of=figures_of or sold(), now=at, **how)


def story_of(tree, leader) -> list[tuple[str, str, datetime]]:
    return [(change.what, change.value, change.at) for change in leaders.changes(tree.tenant_id, leader.leader_id)]


def test_a_newcomer_sees_how_much_of_its_trial_is_left(tree, newcomer, clock):
    clock.advance(days=3, hours=5, minutes=30)
    left = life.time_left(newcomer, clock())
    assert left is not None
    assert (left.days, left.hours) == (3, 18)
    assert life.time_left(newcomer, left.until - MICROSECOND) == life.TimeLeft(left.until, 0, 0)
    assert life.time_left(newcomer, left.until) is None


def test_roots_have_no_trial_and_nobody_has_one_where_the_plan_has_none(tree, brand, clock):
    assert life.time_left(tree.root("Z"), clock()) is None
    other = brand("breakaway")
    assert life.time_left(other.join("B", under=other.root("A")), clock()) is None
    assert list(trials.over_by(other.tenant_id, clock() + timedelta(days=4000))) == []


def test_the_link_is_closed_from_the_deadline_on_though_no_sweep_came_by(tree, newcomer, clock):
    until = newcomer.probation_until
    assert actions.get_selling(tree.tenant_id, newcomer.leader_id, now=until - MICROSECOND)
    for late in (until, until + timedelta(days=2)):
        with pytest.raises(LinkClosed):
            actions.get_selling(tree.tenant_id, newcomer.leader_id, now=late)
    clock.advance(days=7)
    with pytest.raises(LinkClosed):
        tree.join("C", under=newcomer)


def test_an_order_paid_at_the_deadline_finds_its_seller_removed_before_and_after_the_sweep(tree, newcomer, clock):
    until = newcomer.probation_until

    def stood() -> list[str]:
        now = tree.now(newcomer)
        moments = (until - MICROSECOND, until, until + timedelta(hours=3))
        return [actions.standing_of(tree.tenant_id, now, at=at).status for at in moments]

    assert stood() == ["probation", "removed", "removed"]
    swept(tree, until + timedelta(days=3))
    assert stood() == ["probation", "removed", "removed"]


def test_a_sweep_days_late_removes_with_the_deadline_as_its_moment(tree, newcomer):
    until = newcomer.probation_until
    assert swept(tree, until + life.MARGIN - MICROSECOND) == 0
    assert swept(tree, until + timedelta(days=4)) == 1

    assert tree.now(newcomer).status == "removed"
    assert story_of(tree, newcomer) == [("status", "removed", until)]
    [change] = leaders.changes(tree.tenant_id, newcomer.leader_id)
    assert (change.by, change.reason) == ("rules", standing.TRIAL_FAILED)
    assert swept(tree, until + timedelta(days=5)) == 0


def test_who_sold_enough_is_confirmed_by_the_last_look_though_the_stream_was_late(tree, newcomer):
    until = newcomer.probation_until
    swept(tree, until + timedelta(hours=2), sold(orders=3))

    assert tree.now(newcomer).status == "confirmed"
    assert story_of(tree, newcomer) == [("status", "confirmed", until - MICROSECOND)]


def test_who_was_confirmed_before_is_left_alone(tree, newcomer, clock):
    tree.change(actions.confirm, newcomer)
    assert swept(tree, newcomer.probation_until + timedelta(days=1)) == 1
    assert tree.now(newcomer).status == "confirmed"


def test_a_new_trial_has_a_window_and_a_deadline_of_its_own(tree, newcomer, clock):
    first = newcomer.probation_until
    swept(tree, first + timedelta(hours=1))
    again_at = clock.advance(days=20)
    again = tree.change(actions.start_trial, newcomer)

    assert (again.trial_no, again.trial_since) == (2, again_at)
    assert again.probation_until == again_at + timedelta(days=7)
    assert actions.get_selling(tree.tenant_id, again.leader_id, now=clock()).status == "probation"
    swept(tree, again.probation_until + timedelta(hours=1))
    assert [value for _, value, _ in story_of(tree, newcomer)] == ["removed", "probation", "removed"]


def test_a_trial_begun_before_the_late_sweep_keeps_the_failed_one_in_its_history(tree, newcomer, clock):
    until = newcomer.probation_until
    again_at = clock.advance(days=7, minutes=5)
    tree.change(actions.start_trial, newcomer)

    assert story_of(tree, newcomer) == [("status", "removed", until), ("status", "probation", again_at)]
    assert swept(tree, until + timedelta(hours=1)) == 1  # the first trial's deadline no longer concerns it
    assert tree.now(newcomer).status == "probation"


def test_a_frozen_newcomers_clock_runs_on(tree, newcomer):
    tree.change(actions.freeze, newcomer)
    swept(tree, newcomer.probation_until + timedelta(hours=1))
    assert tree.now(newcomer).stand.status == "removed"
    assert tree.now(newcomer).frozen


def test_a_plan_without_probation_confirms_those_still_on_trial_at_their_deadline(tree, newcomer, clock):
    document = presets.read("simple_referral").decode()
    at = clock.advance(days=1)
    store.put(plans.plan_record(tree.tenant_id, 3, document, effective_from=at, now=at))
    swept(tree, newcomer.probation_until + timedelta(hours=1))
    assert tree.now(newcomer).status == "confirmed"


def test_a_new_trial_under_a_plan_without_probation_confirms(tree, newcomer, clock):
    swept(tree, newcomer.probation_until + timedelta(hours=1))
    at = clock.advance(days=9)
    store.put(plans.plan_record(tree.tenant_id, 3, presets.read("simple_referral").decode(), effective_from=at, now=at))
    assert tree.change(actions.start_trial, newcomer).status == "confirmed"
    assert tree.now(newcomer).trial_no == 1


def test_a_sweep_cut_after_each_leader_goes_on_where_it_stood(tree, clock):
    a = tree.root("A")
    newcomers = []
    for name in "BCDE":
        clock.advance(minutes=1)
        newcomers.append(tree.join(name, under=a))
    at = clock.advance(days=9)

    def for_one_only():
        answers = iter((True, False))
        return lambda: next(answers)

    runs = [swept(tree, at, keep_going=for_one_only()) for _ in range(5)]
    assert runs == [1, 1, 1, 1, 0]
    assert {tree.now(newcomer).status for newcomer in newcomers} == {"removed"}


def test_two_sweeps_and_a_late_confirmation_at_once_have_one_outcome(tree, newcomer):
    at = newcomer.probation_until + timedelta(hours=2)
    at_once(
        lambda: swept(tree, at),
        lambda: swept(tree, at, sold(sales_minor=19_900)),
        lambda: swept(tree, at),
    )
    [(_, value, _)] = story_of(tree, newcomer)
    assert tree.now(newcomer).status == value


def test_a_trial_over_the_night_when_clocks_change_lasts_seven_times_24_hours(tree, clock):
    new_york = ZoneInfo("America/New_York")
    evening = datetime(2026, 3, 6, 20, 0, tzinfo=new_york).astimezone(UTC)
    clock.advance(seconds=(evening - clock()).total_seconds())
    newcomer = tree.join("B", under=tree.root("A"))

    assert newcomer.probation_until - newcomer.joined_at == timedelta(days=7)
    assert newcomer.probation_until.astimezone(new_york).hour == 21  # the clocks went forward on the 8th
    swept(tree, newcomer.probation_until + timedelta(hours=1))
    assert story_of(tree, newcomer) == [("status", "removed", newcomer.probation_until)]
