"""Checking leaders: every problem by row, and inviters always before those they invited."""

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.commissions import presets
from chalicelib.imports.columns import Row
from chalicelib.imports.leader_rows import Here, Setting, check
from chalicelib.leaders.rules import DEEPEST

NOW = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
PLAN = presets.load("breakaway")
HERE = Here("ld_0000000001", 3, True)
CLOSED = Here("ld_0000000002", 0, False)
SETTING = Setting(PLAN, "Asia/Shanghai", NOW, {"ld_0000000001": HERE, "old@example.com": HERE, "ld_0000000002": CLOSED})


def row(number: int, inviter: str = "", /, **more: str) -> Row:
    cells = {"name": f"L{number}", "phone": f"139{number:08d}", "email": f"l{number}@example.com", "inviter": inviter}
    return Row(number, {name: cell for name, cell in (cells | more).items() if cell})


def codes(*rows: Row) -> list[tuple[int, str, str]]:
    placed, problems = check(rows, SETTING)
    assert not (placed and problems)
    return [(one.row, one.column, one.code) for one in problems]


def test_an_inviter_is_named_by_number_phone_email_or_id() -> None:
    placed, problems = check(
        [
            row(2, "a-7"), row(3, number="a-7"), row(4, "139 0000-0003"), row(5, "L3@example.com"),
            row(6, "ld_0000000001"), row(7, "Old@example.com"),
        ],
        SETTING,
    )  # fmt: skip
    assert problems == []
    assert {one.number: one.inviter for one in placed} == {
        2: 3, 3: None, 4: 3, 5: 3, 6: "ld_0000000001", 7: "ld_0000000001",
    }  # fmt: skip
    assert placed[0].number == 3


@pytest.mark.parametrize(
    ("changes", "column", "code"),
    [
        ({"name": ""}, "name", "name_invalid"),
        ({"phone": "abc"}, "phone", "phone_invalid"),
        ({"email": "nobody"}, "email", "email_invalid"),
        ({"email": "old@example.com"}, "email", "already_leads"),
        ({"rank": "emperor"}, "rank", "rank_unknown"),
        ({"joined": "2027-01-01"}, "joined", "date_invalid"),
        ({"joined": "2025-02-30"}, "joined", "date_invalid"),
        ({"joined": "yesterday"}, "joined", "date_invalid"),
        ({"inviter": "nobody@example.com"}, "inviter", "inviter_unknown"),
        ({"inviter": "ld_0000000002"}, "inviter", "inviter_unknown"),
    ],
)
def test_each_wrong_field_is_named(changes: dict[str, str], column: str, code: str) -> None:
    assert codes(row(2), row(3, **changes)) == [(3, column, code)]


def test_all_problems_of_a_file_are_told_at_once() -> None:
    assert codes(row(2, phone="1", rank="x"), row(3, phone="13900000004"), row(4)) == [
        (2, "phone", "phone_invalid"), (2, "rank", "rank_unknown"), (3, "phone", "phone_twice"),
        (4, "phone", "phone_twice"),
    ]  # fmt: skip
    assert codes(row(2, number="7", email="a@b.cd"), row(3, number="7", email="A@b.cd")) == [
        (2, "email", "email_twice"), (3, "email", "email_twice"), (3, "number", "number_twice"),
    ]  # fmt: skip


def test_ranks_go_by_id_or_by_either_name() -> None:
    placed, _ = check([row(2, rank="gold"), row(3, rank="金牌店主"), row(4, rank="GOLD"), row(5)], SETTING)
    assert [one.rank for one in placed] == ["gold", "gold", "gold", "owner"]


def test_a_day_is_the_brands_day() -> None:
    [one], _ = check([row(2, joined="2025/1/31")], SETTING)
    assert one.joined_at == datetime(2025, 1, 30, 16, 0, tzinfo=UTC)


def test_a_circle_is_told_to_all_in_it_and_below() -> None:
    circle = [row(2, "l3@example.com"), row(3, "l4@example.com"), row(4, "l2@example.com"), row(5, "l4@example.com")]
    assert codes(*circle, row(6)) == [(number, "inviter", "inviter_cycle") for number in (2, 3, 4, 5)]
    assert codes(row(2, "l2@example.com")) == [(2, "inviter", "inviter_cycle")]


def test_a_chain_deeper_than_a_team_may_be_is_told() -> None:
    def chain(length: int) -> list[Row]:
        below = [row(number, f"l{number - 1}@example.com") for number in range(3, length + 2)]
        return [row(2, "ld_0000000001"), *reversed(below)]

    room = DEEPEST - HERE.depth
    assert codes(*chain(room)) == []
    assert codes(*chain(room + 1)) == [(room + 2, "inviter", "tree_too_deep")]


@given(st.lists(st.integers(0, 40), min_size=1, max_size=40))
def test_whoever_invites_whom_everybody_is_placed_after_its_inviter_or_a_circle_is_told(inviters: list[int]) -> None:
    rows = [
        row(number, f"l{inviter % (len(inviters) + 2)}@example.com" if inviter > 1 and inviter % 3 else "")
        for number, inviter in enumerate(inviters, start=2)
    ]
    placed, problems = check(rows, SETTING)
    if problems:
        assert {one.code for one in problems} <= {"inviter_cycle", "inviter_unknown"}
        return
    assert sorted(one.number for one in placed) == [one.number for one in rows]
    seen: set[int] = set()
    for one in placed:
        assert one.inviter is None or one.inviter in seen
        seen.add(one.number)
