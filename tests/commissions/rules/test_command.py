"""The command `simulate`: what it prints, and what it says when it cannot start."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from chalicelib.commissions import presets
from chalicelib.commissions.__main__ import main
from tests.commissions.rules.history import Event, at, clock, gets_rank, joins, pays

# The worked example of preset `breakaway` in OPERATING_MODELS.md; B is made gold by hand.
WORKED: list[Event] = [
    joins("A"),
    gets_rank("A", "senior_gold"),
    joins("B", "A"),
    joins("C", "B"),
    pays("o1", "C", 200_00, line={"rate_bp": 2000}),
    gets_rank("B", "gold"),
    pays("o2", "C", 200_00, line={"rate_bp": 2000}),
    pays("o3", "B", 100_00, line={"rate_bp": 1000}),
    joins("D", "C"),
]


def write(folder: Path, events: list[Event], *, blank_after: int = 0) -> str:
    lines = [json.dumps(event) for event in events]
    lines[blank_after:blank_after] = ["", "  "] if blank_after else []
    file = folder / "events.jsonl"
    file.write_text("\n".join(lines))
    return str(file)


def printed(capsys) -> list[dict]:
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_the_worked_example_to_the_cent(tmp_path, capsys):
    assert main(["simulate", "--plan", "breakaway", write(tmp_path, WORKED)]) == 0

    rows = [(row["event"], row["order"], row["leader"], row["kind"], row["amount"]) for row in printed(capsys)]
    assert sorted(rows, key=str) == sorted(
        [
            (3, None, "A", "invite_bonus", 150_00),
            (4, None, "A", "invite_bonus", 150_00),
            (4, None, "B", "invite_coupon", 20_00),
            (5, "o1", "C", "retail", 40_00),
            (5, "o1", "A", "team_override", 10_00),
            (7, "o2", "C", "retail", 40_00),
            (7, "o2", "B", "team_override", 10_00),
            (8, "o3", "B", "retail", 10_00),
            (8, "o3", "A", "breakaway_referral", 2_50),
            (9, None, "B", "invite_bonus", 100_00),
            (9, None, "C", "invite_coupon", 20_00),
        ],
        key=str,
    )


def test_a_summary_has_a_line_for_each_leader_and_counts_no_coupons(tmp_path, capsys):
    assert main(["simulate", "--plan", "breakaway", "--summary", write(tmp_path, WORKED)]) == 0

    assert printed(capsys) == [
        {"leader": "A", "rank": "senior_gold", "status": "confirmed", "earned": 312_50, "own_sales": 0,
         "team_sales": 500_00},
        {"leader": "B", "rank": "gold", "status": "confirmed", "earned": 120_00, "own_sales": 100_00,
         "team_sales": 500_00},
        {"leader": "C", "rank": "owner", "status": "confirmed", "earned": 80_00, "own_sales": 400_00,
         "team_sales": 400_00},
        {"leader": "D", "rank": "owner", "status": "confirmed", "earned": 0, "own_sales": 0, "team_sales": 0},
    ]  # fmt: skip


def test_blank_lines_are_skipped_but_counted(tmp_path, capsys):
    file = write(tmp_path, WORKED[:3], blank_after=1)

    assert main(["simulate", "--plan", "breakaway", file]) == 0
    assert [row["event"] for row in printed(capsys)] == [5]


def test_an_empty_file_earns_nothing(tmp_path, capsys):
    assert main(["simulate", "--plan", "breakaway", write(tmp_path, [])]) == 0
    assert printed(capsys) == []


def test_a_plan_can_be_a_file_and_names_may_be_of_any_script(tmp_path, capsys):
    plan = tmp_path / "我的方案.json"
    plan.write_bytes(presets.read("simple_referral"))
    file = write(tmp_path, [joins("团长“一”"), pays('o"1', "团长“一”", 10_00)])

    assert main(["simulate", "--plan", str(plan), file]) == 0
    assert printed(capsys) == [{"event": 2, "order": 'o"1', "leader": "团长“一”", "kind": "retail", "amount": 1_00}]


def test_the_zone_decides_the_months(tmp_path, capsys):
    events = [
        joins("P", group_size=100),
        gets_rank("P", "partner"),
        pays("o1", "P", 300_00, line={"list_price": 900_00}),
        clock(at(31)),
    ]

    main(["simulate", "--plan", "three_tier", write(tmp_path, events)])
    assert [row["kind"] for row in printed(capsys)] == ["dividend"]
    # 1 March in Shanghai is still February in New York: two months of which only the first had sales.
    main(["simulate", "--plan", "three_tier", "--tz", "America/New_York", write(tmp_path, [*events[:3], clock(at(1))])])
    assert [row["kind"] for row in printed(capsys)] == ["dividend"]


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--plan", "breakaway", "--tz", "Mars/Base"], "no time zone Mars/Base"),
        (["--plan", "breakaway", "--tz", "Asia"], "no time zone Asia"),
        (["--plan", "no/such/plan.json"], "no/such/plan.json"),
    ],
)
def test_what_it_cannot_start_with_is_said_in_one_line(tmp_path, capsys, arguments, reason):
    assert main(["simulate", *arguments, write(tmp_path, WORKED)]) == 2
    err = capsys.readouterr().err
    assert reason in err
    assert err.count("\n") == 1


def test_a_wrong_plan_is_refused_with_its_reasons(tmp_path, capsys):
    plan = tmp_path / "plan.json"
    plan.write_bytes(presets.read("breakaway").replace(b'"rate_bp": 2500', b'"rate_bp": 25000', 1))

    assert main(["simulate", "--plan", str(plan), write(tmp_path, WORKED)]) == 2
    assert "rewards[1].rate_bp: Expected `int` <= 10000" in capsys.readouterr().err


def test_a_missing_file_of_events_is_named(capsys):
    assert main(["simulate", "--plan", "breakaway", "nowhere.jsonl"]) == 2
    assert "nowhere.jsonl" in capsys.readouterr().err


def test_it_runs_as_a_module(tmp_path):
    command = [sys.executable, "-m", "chalicelib.commissions", "simulate", "--plan", "breakaway"]

    done = subprocess.run(
        [*command, write(tmp_path, [*WORKED, WORKED[0]])], capture_output=True, text=True, check=False
    )

    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 11
    assert done.stderr == "line 10: leader A has joined already\n"


def test_a_long_history_is_printed_to_its_end_though_the_process_leaves_at_once(tmp_path):
    sales = [pays(f"o{number}", "A", 100, line={"rate_bp": 1000}) for number in range(3_000)]
    command = [sys.executable, "-m", "chalicelib.commissions", "simulate", "--plan", "breakaway"]

    done = subprocess.run(
        [*command, write(tmp_path, [joins("A"), *sales])], capture_output=True, text=True, check=False
    )

    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout.splitlines()[-1])["order"] == "o2999"
    assert len(done.stdout.splitlines()) == 3_000
