"""Rising by the rules, live: confirmed and promoted by what the stream brings, step by step and up the tree."""

from datetime import timedelta
from typing import Any

import pytest

from chalicelib import store
from chalicelib.commissions import store as plans
from chalicelib.commissions.store import PlanRecord
from chalicelib.figures import progress
from chalicelib.figures import store as figures
from chalicelib.leaders import moves, standing
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.store import packed
from tests.bench.meter import counting
from tests.figures.builders import (
    JOINED,
    START,
    Raw,
    accrual,
    images,
    leader_id,
    put_brand,
    put_leader,
    records,
    reversal,
    roll_up,
)

A, B, C, D = (leader_id(number) for number in range(1, 5))
RANKS = [{"id": rank, "zh": rank, "en": rank} for rank in ("owner", "gold", "senior_gold")]


def plan_with(tenant_id: str, **parts: Any) -> None:
    """Put a plan of these parts in force from the beginning."""
    document = {
        "format": 1, "zh": "n", "en": "n", "ranks": RANKS, "return_window_days": 7,
        "rewards": [{"kind": "retail", "margin": {"by": "rate", "rate_bp": 1000}}], **parts,
    }  # fmt: skip
    record = plans.plan_record(tenant_id, 2, packed(document), effective_from=JOINED, now=JOINED)
    store.put(record, PlanRecord.pk.does_not_exist())


def gold_at(amount_minor: int, over: str = "all_time") -> Raw:
    return {"to": "gold", "when": {"kind": "team_sales", "at_least_minor": amount_minor, "over": over}}


def joined(tenant_id: str, *people: Leader) -> list[tuple[None, Leader]]:
    return [(None, leader) for leader in people]


class World:
    """A, who invited B, who invited C; all that happens to leaders is shown to the roll-up, as the stream does."""

    def __init__(self, tenant_id: str, **changed: Any) -> None:
        self.tenant_id = tenant_id
        put_brand(tenant_id)
        people = [
            put_leader(tenant_id, 1),
            put_leader(tenant_id, 2, [1], **changed),
            put_leader(tenant_id, 3, [2, 1], **changed),
        ]
        self._shown = {leader.leader_id: leader.to_dynamodb_dict() for leader in people}
        self._next = 1
        self.batches: list[list[Raw]] = []
        self.hand_over(images(tenant_id, joined(tenant_id, *people)))

    def add(self, leader: Leader) -> None:
        """Somebody joins."""
        self._shown[leader.leader_id] = leader.to_dynamodb_dict()
        self.hand_over(images(self.tenant_id, joined(self.tenant_id, leader)))

    def hand_over(self, shown: list[tuple[Raw | None, Raw]], **how: Any) -> None:
        batch = records(shown, first=self._next)
        self._next += len(batch)
        self.batches.append(batch)
        roll_up(batch, **how)
        self.show_changes(**how)

    def show_changes(self, **how: Any) -> None:
        """Let the stream show what the review itself changed, until it changes nothing more."""
        for name, before in self._shown.items():
            now = self.leader(name).to_dynamodb_dict()
            if now != before:
                self._shown[name] = now
                self.hand_over([(before, now)], **how)

    def sells(self, *entries: Any, **how: Any) -> None:
        self.hand_over(images(self.tenant_id, entries), **how)

    def leader(self, name: str) -> Leader:
        found = leaders.get(self.tenant_id, name)
        assert found is not None
        return found

    def ranks(self) -> str:
        return " ".join(self.leader(name).rank for name in (A, B, C))

    def changes(self, name: str) -> list[tuple[str, str]]:
        return [(change.what, change.value) for change in leaders.changes(self.tenant_id, name)]


def test_a_leader_rises_by_the_sales_of_its_team_and_only_then(tenant: str) -> None:
    plan_with(tenant, promotions=[gold_at(10_000)])
    world = World(tenant)

    world.sells(accrual("O1", B, 9_999))
    assert world.ranks() == "owner owner owner"

    world.sells(accrual("O2", C, 1))
    assert world.ranks() == "gold gold owner"


def test_an_order_is_paid_under_the_rank_before_it_though_the_clock_stands_still(tenant: str) -> None:
    plan_with(tenant, promotions=[gold_at(10_000)])
    world = World(tenant)

    world.sells(accrual("O1", B, 10_000, at=START), now=START)

    assert standing.standing_of(tenant, world.leader(B), START).rank == "owner"
    assert standing.standing_of(tenant, world.leader(B), START + progress.AFTER).rank == "gold"


def test_two_steps_come_from_one_order_each_with_its_record(tenant: str) -> None:
    senior = {"to": "senior_gold", "when": {"kind": "own_sales", "at_least_minor": 300}}
    plan_with(tenant, promotions=[gold_at(200), senior])
    world = World(tenant)

    world.sells(accrual("O1", B, 500))

    assert world.changes(B) == [("rank", "gold"), ("rank", "senior_gold")]
    assert all(change.by == "rules" and change.reason for change in leaders.changes(tenant, B))


def test_promotions_chain_up_the_tree(tenant: str) -> None:
    gold = {"to": "gold", "when": {"kind": "any", "of": [
        {"kind": "own_sales", "at_least_minor": 100}, {"kind": "direct_of_rank", "at_least": 1, "rank": "gold"},
    ]}}  # fmt: skip
    senior = {"to": "senior_gold", "when": {"kind": "direct_of_rank", "at_least": 1, "rank": "senior_gold"}}
    plan_with(tenant, promotions=[gold, senior])
    world = World(tenant)

    world.sells(accrual("O1", C, 100))
    assert world.ranks() == "gold gold gold"

    standing.set_rank(tenant, C, "senior_gold", by="owner", reason="by hand", now=START + timedelta(hours=1))
    world.show_changes(now=START + timedelta(hours=1))
    assert world.ranks() == "senior_gold senior_gold senior_gold"
    moments = [world.leader(name).rank_since for name in (C, B, A)]
    assert moments == sorted(set(moments)), "each after its cause"


def test_what_was_reached_counts_though_a_refund_came_with_it(tenant: str) -> None:
    plan_with(tenant, promotions=[gold_at(10_000)])
    world = World(tenant)
    paid = accrual("O1", B, 10_000)

    world.sells(paid, reversal(paid, 1, 10_000, 0, START + timedelta(hours=1)))

    assert world.ranks() == "gold gold owner"


def test_a_late_order_of_last_month_is_judged_by_last_months_sales(tenant: str) -> None:
    plan_with(tenant, promotions=[gold_at(10_000, over="month")])
    world = World(tenant)
    march, april = START.replace(day=31, hour=12), START.replace(day=31, hour=17)  # 17:00 is April in Shanghai

    world.sells(accrual("O1", C, 9_000, at=march), now=april)
    world.sells(accrual("O2", C, 9_000, at=april), now=april)
    assert world.ranks() == "owner owner owner"

    world.sells(accrual("O3", C, 1_000, at=march), now=april)
    assert world.ranks() == "gold gold gold"
    assert world.leader(C).rank_since >= april, "recorded when it came, not before"


@pytest.mark.parametrize("window", ["before", "at the deadline"])
def test_a_probation_counts_the_orders_of_its_window_alone(tenant: str, window: str) -> None:
    probation = {"days": 7, "confirmed_when": {"kind": "own_orders", "at_least": 2, "over": "probation"}}
    plan_with(tenant, probation=probation)
    until = START + timedelta(days=7)
    world = World(
        tenant, status="probation", confirmed_at=None, trial_no=1, trial_since=START, probation_until=until,
    )  # fmt: skip
    outside = START - timedelta(seconds=1) if window == "before" else until
    inside = until - timedelta(microseconds=1)

    world.sells(accrual("O1", C, 100, at=START), accrual("O2", C, 100, at=outside), now=until)
    assert world.leader(C).status == "probation"

    world.sells(accrual("O3", C, 100, at=inside), now=until)
    assert world.leader(C).status == "confirmed"
    assert figures.get(tenant, B).counts["direct-owner"] == 1, "from now on it counts for its inviter"


def test_an_order_given_back_whole_is_no_order_of_the_probation(tenant: str) -> None:
    probation = {"days": 7, "confirmed_when": {"kind": "own_orders", "at_least": 2, "over": "probation"}}
    plan_with(tenant, probation=probation)
    world = World(
        tenant, status="probation", confirmed_at=None, trial_no=1, trial_since=START,
        probation_until=START + timedelta(days=7),
    )  # fmt: skip
    first = accrual("O1", C, 100)

    world.sells(first)
    world.sells(reversal(first, 1, 100, 0, START + timedelta(hours=1)), accrual("O2", C, 100))
    assert world.leader(C).status == "probation"

    world.sells(accrual("O3", C, 100))
    assert world.leader(C).status == "confirmed"


def test_own_and_direct_sales_are_those_of_confirmed_direct_leaders(tenant: str) -> None:
    plan_with(tenant, promotions=[{"to": "gold", "when": {"kind": "own_and_direct_sales", "at_least_minor": 1_000}}])
    world = World(tenant)
    newcomer = put_leader(tenant, 4, [2, 1], status="probation", confirmed_at=None)
    world.hand_over(images(tenant, joined(tenant, newcomer)))

    world.sells(accrual("O1", D, 900), accrual("O2", B, 500), accrual("O3", C, 499))
    assert world.ranks() == "owner owner owner"

    standing.confirm(tenant, D, by="owner", reason="by hand", now=START)
    world.hand_over([(newcomer.to_dynamodb_dict(), world.leader(D).to_dynamodb_dict())])
    assert world.ranks() == "owner gold owner"


def test_who_died_between_writing_and_reviewing_comes_again_and_reviews(
    tenant: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    plan_with(tenant, promotions=[gold_at(10_000)])
    world = World(tenant)
    batch = records(images(tenant, [accrual("O1", B, 10_000)]), first=100)

    with monkeypatch.context() as dying:
        dying.setattr(progress, "review_batch", lambda *_, **__: (_ for _ in ()).throw(SystemExit))
        with pytest.raises(SystemExit):
            roll_up(batch)
    assert (figures.get(tenant, B).counts["own"], world.ranks()) == (10_000, "owner owner owner")

    roll_up(batch)
    assert (figures.get(tenant, B).counts["own"], world.ranks()) == (10_000, "gold gold owner")


def test_a_late_review_never_lowers_what_was_raised_meanwhile(tenant: str) -> None:
    plan_with(tenant, promotions=[gold_at(100)])
    world = World(tenant)
    read_before = world.leader(B)
    standing.set_rank(tenant, B, "senior_gold", by="owner", reason="by hand", now=START)

    rose = standing.raise_by_rules(tenant, read_before, "rank", "gold", reason="late", now=START)

    assert not rose
    assert world.leader(B).rank == "senior_gold"


def test_a_frozen_leader_does_not_rise_until_it_goes_on(tenant: str) -> None:
    plan_with(tenant, promotions=[gold_at(100)])
    world = World(tenant)
    standing.freeze(tenant, B, by="owner", reason="a complaint", now=START)

    world.sells(accrual("O1", C, 100))
    assert world.ranks() == "gold owner gold"

    standing.unfreeze(tenant, B, by="owner", reason="settled", now=START + timedelta(days=1))
    world.show_changes(now=START + timedelta(days=1))
    assert world.ranks() == "gold gold gold"


def test_who_cannot_rise_costs_no_read_whatever_the_depth(tenant: str) -> None:
    put_brand(tenant)
    people = [put_leader(tenant, number, range(number - 1, 0, -1)) for number in range(1, 31)]
    roll_up(records(images(tenant, joined(tenant, *people))))

    reads = []
    for number in (2, 30):
        with counting() as meter:
            roll_up(records(images(tenant, [accrual(f"O{number}", leader_id(number), 100)]), first=100 * number))
        reads.append(meter.read_units)

    assert reads[0] == reads[1]


def test_a_plan_that_changed_within_a_batch_holds_from_its_moment_on(tenant: str) -> None:
    put_brand(tenant)
    plan_with(tenant, promotions=[gold_at(100)])
    before, later = plans.version(tenant, 2), START + timedelta(hours=1)
    document = str(plans.read(tenant, 2).document).replace(":100,", ":900,")  # type: ignore[union-attr]
    store.put(plans.plan_record(tenant, 3, document, effective_from=later, now=START))

    then = progress.PlansThen(tenant, [START, later + timedelta(hours=1)])
    with counting() as alone:
        of_one_plan = progress.PlansThen(tenant, [START - timedelta(hours=1), START])

    assert [then.at(START), then.at(later)] == [before.plan, plans.version(tenant, 3).plan]
    assert before.plan != plans.version(tenant, 3).plan
    assert (of_one_plan.at(START), alone.read_units) == (before.plan, 2)  # the newest is not in force yet
    with counting() as usual:
        progress.PlansThen(tenant, [later, later + timedelta(hours=1)])
    assert usual.read_units == 1


def test_days_since_joining_are_each_leaders_own(tenant: str) -> None:
    when = {"kind": "all", "of": [
        {"kind": "team_sales", "at_least_minor": 100, "over": "joining", "days": 2},
        {"kind": "direct_confirmed", "at_least": 1, "over": "joining", "days": 2},
    ]}  # fmt: skip
    plan_with(tenant, promotions=[{"to": "gold", "when": when}])
    world = World(tenant)
    late = put_leader(tenant, 4, [3, 2, 1], joined_at=JOINED + timedelta(days=2))
    world.hand_over(images(tenant, [(None, replaced(late, standing_since=JOINED + timedelta(days=2)))]))

    world.sells(accrual("O1", D, 60, at=JOINED + timedelta(days=2, hours=-1)))
    world.sells(accrual("O2", D, 60, at=JOINED + timedelta(days=2)))  # the third day of A, B and C
    assert world.ranks() == "owner owner owner"
    assert figures.get(tenant, D).counts["team_sales~2"] == 120

    world.sells(accrual("O3", D, 40, at=JOINED + timedelta(days=2, hours=-1)))
    assert world.ranks() == "gold gold owner", "nobody below C was confirmed in its first two days"


def replaced(leader: Leader, **changed: Any) -> Leader:
    for name, value in changed.items():
        setattr(leader, name, value)
    return leader


def test_after_a_move_sales_go_the_way_that_was_there_when_they_were_paid(tenant: str) -> None:
    plan_with(tenant, promotions=[{"to": "gold", "when": {"kind": "own_and_direct_sales", "at_least_minor": 400}}])
    world = World(tenant)
    world.add(put_leader(tenant, 4))
    world.sells(accrual("O1", C, 100))
    moved_at = START + timedelta(days=1)

    moves.move(tenant, C, D, by="owner", reason="asked for it", now=moved_at)
    world.show_changes(now=moved_at)
    world.sells(accrual("O2", C, 20, at=moved_at - progress.AFTER), accrual("O3", C, 7, at=moved_at), now=moved_at)

    teams = [figures.get(tenant, name).counts["team"] for name in (A, B, C, D)]
    assert teams == [120, 120, 127, 7]
    assert figures.get(tenant, B).counts["direct-owner"] == 0
    assert figures.get(tenant, D).counts["direct-owner"] == 1

    world.sells(accrual("O4", D, 273, at=moved_at), now=moved_at)
    assert world.leader(D).rank == "gold", "what C sold before counts for whom it is under now: 127 and 273"
