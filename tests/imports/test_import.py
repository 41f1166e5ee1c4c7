"""An import from the file to the tree: all or nothing, cut anywhere, and nobody rewarded for having invited."""

import random
from datetime import UTC, datetime
from typing import Any

import pytest

from chalicelib.catalog import store as catalog
from chalicelib.commissions import store as plans
from chalicelib.imports import actions as imports
from chalicelib.imports import store as jobs
from chalicelib.imports import writing
from chalicelib.imports.actions import ImportNotReady
from chalicelib.imports.store import ImportJob
from chalicelib.leaders import joining, standing, tree
from chalicelib.leaders import store as leaders
from chalicelib.leaders.store import Leader
from chalicelib.people import memberships, persons
from chalicelib.people import store as people
from chalicelib.store import put
from chalicelib.tenancy import acting_for
from tests.conftest import StoppedClock
from tests.events.world import Brand

HEADER = "number,name,phone,email,inviter,rank,joined\n"


class Killed(Exception):
    """The function was killed here."""


class ImportingBrand(Brand):
    """A brand that brings a file."""

    def send(self, lines: str, what: str = "leaders") -> ImportJob:
        with acting_for(self.tenant_id):
            return imports.send(
                self.tenant_id, what, lines.encode(), file_name="old.csv", by="owner", now=self.clock(),
                randbits=self.bits,
            )  # fmt: skip

    def drive(self, job: ImportJob, steps: int = 1_000) -> ImportJob:
        """Let a worker make so many steps."""
        left = iter([True] * steps)
        with acting_for(self.tenant_id):
            job = jobs.get(self.tenant_id, job.import_id)
            return imports.drive(self.tenant_id, job, now=self.clock(), keep_going=lambda: next(left, False))

    def commit(self, job: ImportJob) -> ImportJob:
        with acting_for(self.tenant_id):
            return imports.commit(self.tenant_id, job.import_id, now=self.clock())

    def imported(self, lines: str) -> ImportJob:
        job = self.drive(self.send(lines))
        assert job.state == "ready", self.problems(job)
        return self.drive(self.commit(job))

    def problems(self, job: ImportJob) -> list[tuple[int, str]]:
        with acting_for(self.tenant_id):
            found = imports.problems_of(self.tenant_id, job.import_id, limit=1_000)
        return [(one.row, one.code) for one in found]

    def everybody(self) -> dict[str, Leader]:
        with acting_for(self.tenant_id):
            return {one.name: one for one in leaders.newest(self.tenant_id, limit=10_000)}


@pytest.fixture
def brand(table: None, clock: StoppedClock, monkeypatch: pytest.MonkeyPatch) -> ImportingBrand:
    monkeypatch.setattr(jobs, "CHUNK", 3)
    return ImportingBrand(clock)


TEAM = HEADER + (
    "1,Amy,13900001001,amy@example.com,,gold,2024-05-01\n"
    "3,Cid,13900001003,cid@example.com,2,,\n"
    "2,Bo,13900001002,bo@example.com,1,,2025-01-31\n"
    "4,Dan,13900001004,dan@example.com,cid@example.com,,\n"
)


def test_a_team_is_there_as_if_it_had_registered(brand: ImportingBrand) -> None:
    job = brand.imported(TEAM)
    brand.pump(twice=True)
    assert (job.state, job.done_at) == ("done", brand.clock())
    team = brand.everybody()
    assert set(team) == {"Amy", "Bo", "Cid", "Dan"}
    amy, bo, cid, dan = (team[name] for name in ("Amy", "Bo", "Cid", "Dan"))
    assert dan.upline_ids == (cid.leader_id, bo.leader_id, amy.leader_id)
    assert (amy.rank, bo.rank, amy.status) == ("gold", "owner", "confirmed")
    assert amy.joined_at == datetime(2024, 4, 30, 16, 0, tzinfo=UTC)
    with acting_for(brand.tenant_id):
        assert [one.name for one in leaders.directs(brand.tenant_id, cid.leader_id, limit=5)] == ["Dan"]
        assert tree.path_at(brand.tenant_id, dan) == dan.upline_ids
        assert standing.standing_of(brand.tenant_id, amy, brand.clock()).rank == "gold"
        person = persons.by_email("dan@example.com")
        assert person is not None
        assert memberships.require_role(brand.tenant_id, person.person_id, "leader").leader_id == dan.leader_id
        assert joining.invitation(brand.tenant_id, dan.invite_code, now=brand.clock()).inviter is not None


def test_nobody_is_rewarded_for_whom_it_invited_elsewhere(brand: ImportingBrand) -> None:
    brand.imported(TEAM)
    brand.pump(twice=True)
    assert not brand.balances()
    newcomer = brand.leader("Eve", brand.everybody()["Dan"].leader_id)  # one who joins from now on is another matter
    brand.pump()
    assert newcomer
    assert brand.has(brand.everybody()["Amy"].leader_id)[0] == 10_000


def test_an_imported_team_sells_and_earns(brand: ImportingBrand) -> None:
    brand.imported(TEAM)
    brand.pump()
    team = brand.everybody()
    brand.bought(team["Dan"].leader_id, brand.campaign(20_000, 2_000))
    assert brand.has(team["Dan"].leader_id)[0] == 4_000
    assert brand.has(team["Amy"].leader_id)[0] == 1_000  # the nearest head, three levels up


def test_one_wrong_row_and_nothing_is_written(brand: ImportingBrand) -> None:
    job = brand.drive(brand.send(TEAM + "5,Eve,abc,eve@example.com,99,,\n"))
    assert job.state == "refused"
    assert brand.problems(job) == [(6, "phone_invalid"), (6, "inviter_unknown")]
    with pytest.raises(ImportNotReady):
        brand.commit(job)
    assert brand.everybody() == {}
    assert persons.by_email("amy@example.com") is None


def test_a_wrong_header_is_told_at_once(brand: ImportingBrand) -> None:
    job = brand.send("name,wage\nAmy,1\n")
    assert (job.state, job.problems) == ("refused", 3)
    assert {code for _, code in brand.problems(job)} == {"column_unknown", "column_missing"}


def test_before_the_brand_says_yes_nobody_is_there(brand: ImportingBrand) -> None:
    job = brand.drive(brand.send(TEAM))
    assert job.state == "ready"
    assert brand.everybody() == {}
    with acting_for(brand.tenant_id):
        imports.withdraw(brand.tenant_id, job.import_id)
    with pytest.raises(ImportNotReady):
        brand.commit(job)


def test_killed_after_each_single_row_it_goes_on_to_the_same_end(
    brand: ImportingBrand, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = brand.commit(brand.drive(brand.send(TEAM)))
    enroll, kills = joining.enroll, 0

    def killed_now_and_then(*given: Any) -> bool:
        nonlocal kills
        done = enroll(*given)
        kills += 1
        if kills <= 4:
            raise Killed
        return done

    monkeypatch.setattr(joining, "enroll", killed_now_and_then)
    for _ in range(10):
        try:
            job = brand.drive(job)
            break
        except Killed:
            assert len(brand.everybody()) == kills
    assert job.state == "done"
    assert len(brand.everybody()) == 4
    assert len(brand.everybody()["Dan"].upline_ids) == 3


def test_workers_at_once_and_one_step_at_a_time_write_everybody_once(brand: ImportingBrand) -> None:
    job = brand.send(TEAM)
    while job.state == "checking":
        brand.drive(job, steps=1)
        job = brand.drive(job, steps=1)
    stale = brand.commit(job)
    while job.state != "done":
        job = brand.drive(job, steps=1)
        with acting_for(brand.tenant_id):  # a worker that still holds the job as it was at first
            imports.drive(brand.tenant_id, stale, now=brand.clock(), keep_going=iter([True, False]).__next__)
    assert len(brand.everybody()) == 4


def test_saying_yes_twice_is_once(brand: ImportingBrand) -> None:
    job = brand.drive(brand.send(TEAM))
    first = brand.commit(job)
    brand.clock.advance(minutes=1)
    assert brand.commit(job).committed_at == first.committed_at
    done = brand.drive(job)
    assert brand.commit(job).state == done.state == "done"
    assert len(brand.everybody()) == 4


def test_below_a_leader_who_is_here_and_beside_one_who_comes_twice(brand: ImportingBrand) -> None:
    old = brand.leader("Old")
    job = brand.drive(
        brand.send(HEADER + f"1,Amy,13900001001,amy@example.com,{old},,\n2,Old,1390000,Old@example.com,,,\n")
    )
    assert brand.problems(job) == [(3, "already_leads")]
    brand.imported(HEADER + "1,Amy,13900001001,amy@example.com,old@example.com,,\n")
    assert brand.everybody()["Amy"].upline_ids == (old,)


def test_who_joined_by_itself_since_the_check_stands_for_its_row(brand: ImportingBrand) -> None:
    job = brand.drive(brand.send(TEAM))
    cid = brand.leader("cid")  # cid@example.com
    brand.drive(brand.commit(job))
    team = brand.everybody()
    assert set(team) == {"Amy", "Bo", "cid", "Dan"}
    assert team["Dan"].upline_ids == (cid,)


def test_a_plan_that_changed_since_the_check_has_the_rows_checked_again(brand: ImportingBrand) -> None:
    job = brand.drive(brand.send(TEAM))
    with acting_for(brand.tenant_id):
        version = plans.first_version(brand.tenant_id, "simple_referral", brand.clock())
        version.sk, version.number = "v000002", 2
        put(version)
    with pytest.raises(ImportNotReady, match="plan has changed"):
        brand.commit(job)
    job = brand.drive(job)
    assert (job.state, brand.problems(job)) == ("refused", [(2, "rank_unknown")])


def test_a_person_who_is_known_already_keeps_its_name_and_gets_a_place(brand: ImportingBrand) -> None:
    known = persons.ensure("amy@example.com", now=brand.clock(), randbits=brand.bits, name="Amy Wang")
    brand.imported(TEAM)
    assert brand.everybody()["Amy"].person_id == known.person_id
    assert people.person(known.person_id).name == "Amy Wang"  # type: ignore[union-attr]


def test_products_are_added_once_each(brand: ImportingBrand) -> None:
    job = brand.drive(
        brand.send(
            "title,unit,list price,sale price,库存\n" + "".join(f"P{n},box,25,18.5,{n}\n" for n in range(7)), "products"
        )
    )
    brand.commit(job)
    brand.drive(job, steps=1)
    with acting_for(brand.tenant_id):  # the first chunk again, as after a cut before it was noted
        kept = jobs.get(brand.tenant_id, job.import_id)
        rows = jobs.read_chunk(brand.tenant_id, job.import_id, "plan", 0, writing.ProductRow)
        writing.write_products(brand.tenant_id, kept, rows)
    assert brand.drive(job).state == "done"
    with acting_for(brand.tenant_id):
        found = catalog.newest(brand.tenant_id, limit=100)
        stocks = catalog.stocks_left(brand.tenant_id, [one.product_id for one in found])
    assert sorted((one.title, stocks[one.product_id]) for one in found) == [(f"P{n}", n) for n in range(7)]
    assert {int(one.sale_price_minor) for one in found} == {1_850}


def test_a_large_tree_in_any_order_is_placed_whole(table: None, clock: StoppedClock) -> None:
    brand, numbers = ImportingBrand(clock), list(range(60))
    chance = random.Random(7)
    inviter = {number: str(chance.randrange(number)) if number else "" for number in numbers}
    chance.shuffle(numbers)
    lines = [
        f"{number},L{number},1390000{number:04d},l{number}@example.com,{inviter[number]},,\n" for number in numbers
    ]
    brand.imported(HEADER + "".join(lines))
    team = brand.everybody()
    assert len(team) == 60
    for number in numbers:
        if inviter[number]:
            above = team[f"L{inviter[number]}"]
            assert team[f"L{number}"].upline_ids == (above.leader_id, *above.upline_ids)


def test_the_sweep_goes_on_with_what_was_cut(brand: ImportingBrand) -> None:
    job = brand.send(TEAM)
    with acting_for(brand.tenant_id):
        assert imports.drive_all(brand.tenant_id, now=brand.clock(), keep_going=lambda: True) == 1
        assert jobs.get(brand.tenant_id, job.import_id).state == "ready"
        assert imports.drive_all(brand.tenant_id, now=brand.clock(), keep_going=lambda: True) == 0


def test_rows_go_by_themselves_after_a_month(brand: ImportingBrand) -> None:
    job = brand.send(TEAM)
    with acting_for(brand.tenant_id):
        chunk: Any = jobs.ImportChunk.get(*jobs.chunk_key(brand.tenant_id, job.import_id, "rows", 0))
    assert chunk.ttl == int(brand.clock().timestamp()) + 30 * 24 * 3600
    assert b"13900001001" not in chunk.packed
