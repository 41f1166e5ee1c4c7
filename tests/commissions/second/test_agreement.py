"""The simulator and its second implementation say the same of thousands of random histories, line for line.

`HISTORIES` is how many of each preset (`.ci/run` takes thousands).
"""

import io
import json
import os
import tempfile
from contextlib import redirect_stderr, redirect_stdout
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chalicelib.commissions import presets
from chalicelib.commissions.__main__ import main
from chalicelib.commissions.rules.simulate import LineRefused, Simulation, simulate
from tests.commissions.rules.builders import plan_of
from tests.commissions.second.brand import Brand
from tests.commissions.second.facts import Refused
from tests.commissions.second.histories import Event, History, histories
from tests.commissions.second.presets import PRESETS
from tests.commissions.second.run import run

HISTORIES = int(os.environ.get("HISTORIES", "40"))

Row = tuple[str, str | None, str, int]


def the_first_says(simulation: Simulation, event: Event) -> list[Row] | str:
    try:
        earned = list(simulate(simulation, [json.dumps(event).encode()]))
    except LineRefused:
        return "refused"
    return sorted(((e.leader_id, e.order_id, e.kind, e.amount_minor) for _, e in earned), key=str)


def the_second_says(brand: Brand, event_no: int, event: Event) -> list[Row] | str:
    try:
        brand.feed(event_no, event)
    except Refused:
        return "refused"
    earned = [e for e in brand.earnings if e["event"] == event_no]
    return sorted(((e["leader"], e["order"], e["kind"], e["amount"]) for e in earned), key=str)


def live_through_both(history: History, simulation: Simulation, brand: Brand) -> None:
    for event_no, event in enumerate(history.events, start=1):
        first, second = the_first_says(simulation, event), the_second_says(brand, event_no, event)
        assert first == second, f"line {event_no}: {event}"


@pytest.mark.parametrize("preset", presets.NAMES)
@settings(max_examples=HISTORIES)
@given(data=st.data())
def test_both_earn_and_refuse_the_same_event_by_event(preset, data):
    history = data.draw(histories(preset))

    live_through_both(history, Simulation(presets.load(preset), ZoneInfo(history.zone)), PRESETS[preset](history.zone))


@pytest.mark.parametrize("preset", presets.NAMES)
@settings(max_examples=max(1, HISTORIES // 4))
@given(data=st.data(), cap_bp=st.sampled_from([None, 100, 333, 1_100, 2_000]))
def test_both_agree_with_a_cap_and_without_self_purchases(preset, data, cap_bp):
    history = data.draw(histories(preset))
    changes = {"payout_cap_bp": cap_bp, "self_purchase": "excluded"}
    plan = plan_of(preset, **changes)
    changed = type("Changed", (PRESETS[preset],), {"payout_cap_bp": cap_bp, "counts_self_purchases": False})

    live_through_both(history, Simulation(plan, ZoneInfo(history.zone)), changed(history.zone))


def printed(history: History, lines: list[Event | None], *options: str) -> tuple[int, list[dict[str, Any]]]:
    """Run the command over the lines (None is a blank one); gives its exit code and what it printed."""
    with tempfile.NamedTemporaryFile("w", suffix=".jsonl") as file, redirect_stdout(io.StringIO()) as out:
        file.writelines("\n" if line is None else json.dumps(line) + "\n" for line in lines)
        file.flush()
        with redirect_stderr(io.StringIO()):
            code = main(["simulate", "--plan", history.preset, "--tz", history.zone, *options, file.name])
    return code, [json.loads(line) for line in out.getvalue().splitlines()]


def in_any_order(rows: list[dict[str, Any]]) -> list[str]:
    return sorted(json.dumps(row, sort_keys=True) for row in rows)


@pytest.mark.parametrize("preset", presets.NAMES)
@settings(max_examples=max(1, HISTORIES // 2))
@given(data=st.data())
def test_the_command_prints_what_the_second_counts(preset, data):
    history = data.draw(histories(preset))
    lines: list[Event | None] = list(history.events)
    while (wanted := run(preset, history.zone, lines)).refused_at is not None:
        code, rows = printed(history, lines)
        assert code == 2
        assert in_any_order([row for row in rows if row["event"] < wanted.refused_at]) == in_any_order(wanted.earnings)
        lines[wanted.refused_at - 1] = None

    code, rows = printed(history, lines)
    assert (code, in_any_order(rows)) == (0, in_any_order(wanted.earnings))
    assert [row["event"] for row in rows] == sorted(row["event"] for row in rows)
    assert printed(history, lines, "--summary") == (0, wanted.summary)
