"""What time does to a running brand: trials and months end by the brand's clock, however late and often it is asked."""

import json
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from chalicelib import store
from chalicelib.commissions import presets
from chalicelib.commissions import store as plans
from chalicelib.events import months, schedules
from chalicelib.figures import store as figures
from chalicelib.figures import turnover
from chalicelib.leaders import joining, profiles, standing
from chalicelib.leaders import store as leaders
from chalicelib.leaders.commands import Register
from chalicelib.leaders.rules import LinkClosed
from chalicelib.ledger import book
from chalicelib.people import persons
from chalicelib.tenancy import acting_for
from tests.events.world import Brand
from tests.people.at_once import at_once

NEW_YORK = ZoneInfo("America/New_York")


class Timed(Brand):
    """A brand whose clock is set by its own wall."""

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.tenant.timezone)

    def at(self, *local: int) -> datetime:
        """Let it become this local time, told in UTC as every moment is."""
        self.clock.now = datetime(*local, tzinfo=self.zone).astimezone(UTC)
        return self.clock.now

    def owner(self, name: str, inviter_id: str | None = None, rank: str = "owner") -> str:
        """A group owner with a group that is large enough, or one whom the brand gave a higher rank."""
        self.clock.advance(seconds=1)
        self._people += 1
        with acting_for(self.tenant_id):
            if inviter_id is None:
                code = joining.invite_root(self.tenant_id, now=self.clock(), randbits=self.bits).code
            else:
                code = profiles.get(self.tenant_id, inviter_id).invite_code
            person = persons.ensure(f"{name}{self._people}@example.com", now=self.clock(), randbits=self.bits)
            command = Register(code=code, name=name, phone=f"137{self._people:08d}", group_size=100)
            leader = joining.register(
                self.tenant_id, command, person.person_id, now=self.clock(), randbits=self.bits
            )  # fmt: skip
        if rank != "owner":
            self.rank(leader.leader_id, rank)
        return leader.leader_id

    def sells(self, leader_id: str, price_minor: int):
        """One order, paid a second or two from now, and taken in."""
        return self.bought(leader_id, self.campaign(price_minor, 0))

    def tick(self, keep_going=lambda: True) -> None:
        schedules.sweep(self.clock(), self.tools, keep_going)
        self.pump()

    def status(self, leader_id: str) -> str:
        with acting_for(self.tenant_id):
            return profiles.get(self.tenant_id, leader_id).status

    def rank_of(self, leader_id: str) -> str:
        with acting_for(self.tenant_id):
            return profiles.get(self.tenant_id, leader_id).rank

    def dividends(self) -> dict[str, dict[str, int]]:
        """What each month's dividend gave to whom."""
        found: dict[str, dict[str, int]] = {}
        with acting_for(self.tenant_id):
            for entry in book.entries_page(self.tenant_id, limit=200)[0]:
                if entry.kind == "dividend":
                    shares = found.setdefault(entry.facts["month"], {})
                    shares |= {one["leader_id"]: one["amount_minor"] for one in entry.facts["rewards"]}
        return found


@pytest.fixture
def assessed(table, clock):
    return Timed(clock, "assessed")


@pytest.fixture
def partners(table, clock):
    """A brand in New York; March has the night in which its clocks go forward."""
    clock.now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    return Timed(clock, "three_tier", "America/New_York")


# ------------------------------------------------------------------------------------------------ trials


def test_who_sells_is_confirmed_at_once_and_who_does_not_is_removed_by_a_sweep_a_week_late(assessed):
    root = assessed.leader("A")
    seller, idler = assessed.leader("B", root), assessed.leader("C", root)
    for _ in range(3):
        assessed.sells(seller, 100)
    assert [assessed.status(one) for one in (seller, idler)] == ["confirmed", "probation"]

    assessed.clock.advance(days=14)
    assessed.tick()
    assert [assessed.status(one) for one in (seller, idler)] == ["confirmed", "removed"]
    with acting_for(assessed.tenant_id):
        idle = profiles.get(assessed.tenant_id, idler)
        [removal] = leaders.changes(assessed.tenant_id, idler)
    assert removal.at == idle.probation_until
    with pytest.raises(LinkClosed):
        assessed.sells(idler, 100)


def test_an_order_of_the_last_second_confirms_though_the_stream_comes_after_the_deadline(assessed):
    seller = assessed.leader("B", assessed.leader("A"))
    with acting_for(assessed.tenant_id):
        until = profiles.get(assessed.tenant_id, seller).probation_until
    assessed.clock.now = until - timedelta(seconds=3)
    offered = assessed.campaign(19_900, 0)
    assessed.pays(assessed.order(seller, offered))
    assessed.clock.now = until + timedelta(minutes=30)
    schedules.sweep(assessed.clock(), assessed.tools, lambda: True)
    assert assessed.status(seller) == "probation"
    assessed.pump()
    assert assessed.status(seller) == "confirmed"
    assessed.clock.advance(days=1)
    assessed.tick()
    assert assessed.status(seller) == "confirmed"


def test_what_comes_after_the_deadline_confirms_nobody_though_the_sweep_comes_days_later(assessed):
    document = json.loads(presets.read("assessed"))
    document["probation"]["confirmed_when"] = {"kind": "direct_confirmed", "at_least": 1}
    with acting_for(assessed.tenant_id):
        now = assessed.clock()
        store.put(plans.plan_record(assessed.tenant_id, 2, json.dumps(document), effective_from=now, now=now))
    root = assessed.leader("A")
    early, late = assessed.leader("B", root), assessed.leader("C", root)
    below_early, below_late = assessed.leader("D", early), assessed.leader("E", late)
    with acting_for(assessed.tenant_id):
        until = profiles.get(assessed.tenant_id, late).probation_until
        for below, at in ((below_early, until - timedelta(days=1)), (below_late, until)):
            assessed.clock.now = at
            standing.confirm(assessed.tenant_id, below, by="owner", reason="by hand", now=at)
            assessed.pump()
    assessed.clock.advance(days=3)
    assessed.tick()
    assert [assessed.status(one) for one in (early, late)] == ["confirmed", "removed"]


def test_a_new_trial_counts_only_what_is_sold_in_it(assessed):
    seller = assessed.leader("B", assessed.leader("A"))
    for _ in range(2):
        assessed.sells(seller, 100)
    assessed.clock.advance(days=8)
    assessed.tick()
    assert assessed.status(seller) == "removed"

    with acting_for(assessed.tenant_id):
        standing.start_trial(assessed.tenant_id, seller, by="owner", reason="was ill", now=assessed.clock())
    assessed.pump()
    for _ in range(2):
        assessed.sells(seller, 100)
    assert assessed.status(seller) == "probation"
    assessed.sells(seller, 100)
    assert assessed.status(seller) == "confirmed"


def test_who_fails_its_trial_keeps_what_it_earned_and_earns_nothing_on_an_order_paid_after_it(assessed):
    seller = assessed.leader("B", assessed.leader("A"))
    assessed.sells(seller, 10_000)
    assert assessed.has(seller)[0] == 1_500
    with acting_for(assessed.tenant_id):
        until = profiles.get(assessed.tenant_id, seller).probation_until
    assessed.clock.now = until - timedelta(minutes=5)
    opened_in_time = assessed.order(seller, assessed.campaign(10_000, 0))
    assessed.clock.now = until + timedelta(minutes=5)
    assessed.pays(opened_in_time)
    assessed.pump()
    assessed.tick()
    assert assessed.has(seller)[0] == 1_500
    assessed.clock.advance(days=1)
    assessed.tick()
    assert (assessed.status(seller), assessed.has(seller)[0]) == ("removed", 1_500)


# ------------------------------------------------------------------------------------------------ months


def test_a_month_ends_at_the_brands_midnight_also_when_its_clocks_went_forward_in_it(partners):
    partner = partners.owner("A", rank="partner")
    partners.at(2026, 3, 31, 23, 59, 50)
    partners.sells(partner, 1_000_000)
    assert partners.clock() < datetime(2026, 4, 1, 4, tzinfo=UTC)  # UTC-4 by then; it was UTC-5 on the 1st
    partners.at(2026, 4, 1, 0, 0, 0)
    partners.sells(partner, 500_000)

    partners.at(2026, 4, 1, 0, 59, 59)
    partners.tick()
    assert partners.dividends() == {}  # an hour, for what was paid before to be rolled up
    partners.at(2026, 4, 1, 1, 0, 0)
    partners.tick()
    assert partners.dividends() == {"2026-03": {partner: 10_000}}


def test_a_schedule_that_did_not_fire_for_months_does_all_of_them_each_with_its_own_sums(partners):
    first, second = partners.owner("A", rank="partner"), partners.owner("B", rank="partner")
    partners.at(2026, 3, 20, 12)
    partners.sells(first, 600_000)
    partners.sells(second, 300_000)
    partners.at(2026, 4, 20, 12)
    partners.sells(second, 500_000)
    partners.at(2026, 6, 5, 9)
    for _ in range(3):
        partners.tick()
    assert partners.dividends() == {"2026-03": {first: 6_000, second: 3_000}, "2026-04": {second: 5_000}}


def test_a_dividend_half_a_year_late_is_shared_by_the_archive(partners, monkeypatch):
    monkeypatch.setattr(turnover, "TOO_MANY", 0)
    partner = partners.owner("A", rank="partner")
    partners.at(2026, 3, 20, 12)
    partners.sells(partner, 700_000)
    partners.at(2026, 9, 5, 9)
    partners.sells(partner, 100)  # with which March goes to the archive
    with acting_for(partners.tenant_id):
        assert "team-2026-03" not in figures.get(partners.tenant_id, partner).counts
    partners.tick()
    assert partners.dividends() == {"2026-03": {partner: 7_000}}


def test_a_months_end_cut_after_every_step_ends_like_one_that_was_not(partners):
    sellers = [partners.owner(name, rank="partner") for name in "ABC"]
    partners.at(2026, 3, 20, 12)
    for seller in sellers:
        partners.sells(seller, 100_000)
    partners.at(2026, 5, 3, 9)
    for steps in range(1, 14):
        answers = iter([True] * steps)
        with acting_for(partners.tenant_id):
            months.let_time_pass(partners.tenant, now=partners.clock(), keep_going=lambda a=answers: next(a, False))
    partners.tick()
    assert partners.dividends() == {"2026-03": dict.fromkeys(sellers, 1_000)}
    assert set(book.trial_balance(partners.balances()).values()) <= {0}


def test_two_schedules_at_once_pay_one_dividend(partners):
    sellers = [partners.owner(name, rank="partner") for name in "ABC"]
    partners.at(2026, 3, 20, 12)
    for seller in sellers:
        partners.sells(seller, 100_000)
    partners.at(2026, 4, 2, 9)
    at_once(*[lambda: schedules.sweep(partners.clock(), partners.tools, lambda: True)] * 3)
    assert partners.dividends() == {"2026-03": dict.fromkeys(sellers, 1_000)}


def test_a_refund_after_the_months_end_takes_nothing_of_the_dividend_and_counts_in_its_own_month(partners):
    partner = partners.owner("A", rank="partner")
    partners.at(2026, 3, 30, 12)
    order = partners.sells(partner, 1_000_000)
    partners.at(2026, 4, 2, 12)
    partners.refunds(order, 400_000)
    partners.sells(partner, 900_000)
    partners.at(2026, 5, 2, 12)
    partners.tick()
    assert partners.dividends() == {"2026-03": {partner: 10_000}, "2026-04": {partner: 5_000}}


def test_partners_are_those_of_the_moment_whatever_they_are_when_the_schedule_comes(partners):
    stays, falls, rises = (partners.owner(name, rank="partner") for name in "ABC")
    frozen = partners.owner("D", rank="partner")
    partners.rank(rises, "team")
    partners.at(2026, 3, 20, 12)
    for seller in (stays, falls, rises, frozen):
        partners.sells(seller, 100_000)
    with acting_for(partners.tenant_id):
        standing.freeze(partners.tenant_id, frozen, by="owner", reason="asked", now=partners.clock())
    partners.at(2026, 4, 3, 12)
    partners.rank(falls, "owner")
    partners.rank(rises, "partner")
    partners.tick()
    assert partners.dividends() == {"2026-03": {stays: 2_000, falls: 2_000}}


def test_an_index_behind_the_table_hides_no_partner_and_no_deadline(partners, clock, monkeypatch):
    trial = Timed(clock, "assessed")
    newcomer = trial.leader("B", trial.leader("A"))
    partner = partners.owner("A", rank="partner")
    partners.at(2026, 3, 20, 12)
    partners.sells(partner, 100_000)
    partners.at(2026, 4, 3, 12)
    read = store.listed
    monkeypatch.setattr(store, "listed", lambda *partitions, **how: [])
    schedules.sweep(clock(), partners.tools, lambda: True)
    monkeypatch.setattr(store, "listed", read)
    assert trial.status(newcomer) == "removed"
    assert partners.dividends() == {"2026-03": {partner: 1_000}}


def test_two_brands_months_at_once_stay_their_own(table, clock):
    clock.now = datetime(2026, 3, 2, 12, tzinfo=UTC)
    brands = [Timed(clock, "three_tier", "America/New_York") for _ in range(2)]
    partners = [brand.owner("A", rank="partner") for brand in brands]
    clock.now = datetime(2026, 3, 20, 12, tzinfo=UTC)
    for times, (brand, partner) in enumerate(zip(brands, partners, strict=True), start=1):
        brand.sells(partner, 100_000 * times)
    clock.now = datetime(2026, 4, 2, 12, tzinfo=UTC)

    def pass_time(brand: Timed) -> None:
        with acting_for(brand.tenant_id):
            months.let_time_pass(brand.tenant, now=clock(), keep_going=lambda: True)

    at_once(*[lambda brand=brand: pass_time(brand) for brand in brands * 2])
    assert [brand.dividends() for brand in brands] == [
        {"2026-03": {partner: 1_000 * times}} for times, partner in enumerate(partners, start=1)
    ]


def test_the_shares_of_a_dividend_are_released_like_any_earning_and_told_in_the_statement(partners):
    partner = partners.owner("A", rank="partner")
    partners.at(2026, 3, 20, 12)
    partners.sells(partner, 1_000_000)
    partners.at(2026, 4, 2, 12)
    partners.tick()
    held = partners.has(partner)
    partners.settle(partners.at(2026, 4, 10, 12))
    assert partners.has(partner)[1] - held[1] == 10_000


def test_every_brand_has_its_months_though_another_ones_sweep_is_stuck(table, clock):
    stuck, sound = Timed(clock, "assessed"), Timed(clock, "assessed")
    newcomer = sound.leader("B", sound.leader("A"))
    with acting_for(stuck.tenant_id):
        stuck.tenant.timezone = "Nowhere/Land"
        store.put(stuck.tenant)
    clock.advance(days=9)
    with pytest.raises(schedules.SomeBrandsFailed, match=stuck.tenant_id):
        schedules.sweep(clock(), sound.tools, lambda: True)
    assert sound.status(newcomer) == "removed"


# ------------------------------------------------------------------------------------------------ upkeep


def test_a_rank_that_is_not_kept_up_is_noticed_lost_and_regained_by_what_it_asks(partners):
    document = json.loads(presets.read("three_tier"))
    keeps = {"kind": "team_sales", "at_least_minor": 100_000, "over": "month"}
    document["promotions"][0]["when"] = keeps
    document["upkeep"] = [{"rank": "team", "every": "month", "when": keeps, "notice_days": 7}]
    with acting_for(partners.tenant_id):
        now = partners.clock()
        store.put(plans.plan_record(partners.tenant_id, 2, json.dumps(document), effective_from=now, now=now))
    idle, busy = partners.owner("A", rank="team"), partners.owner("B", rank="team")

    partners.at(2026, 4, 25, 12)
    partners.tick()
    partners.sells(busy, 100_000)  # told, and makes it all the same
    partners.at(2026, 5, 2, 12)
    partners.tick()
    assert [partners.rank_of(one) for one in (idle, busy)] == ["owner", "team"]

    partners.sells(idle, 99_999)
    assert partners.rank_of(idle) == "owner"
    partners.sells(idle, 1)
    assert partners.rank_of(idle) == "team"
    with acting_for(partners.tenant_id):
        story = [(one.what, one.value, one.by) for one in leaders.changes(partners.tenant_id, idle)]
    assert story == [
        ("rank", "team", "owner"), ("notice", "team#2026-04", "rules"), ("rank", "owner", "rules"),
        ("rank", "team", "rules"),
    ]  # fmt: skip
