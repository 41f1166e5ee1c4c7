"""A comparison as text, as pictures, and from the command line."""

import json
from html import unescape
from pathlib import Path
from xml.etree import ElementTree

import pytest

from chalicelib.commissions.__main__ import main
from chalicelib.commissions.compare.pictures import bars, page
from chalicelib.commissions.compare.table import percent, render
from tests.commissions.compare.test_side_by_side import FAMILY, side_by_side
from tests.commissions.rules.history import at, joins, pays

SVG = "{http://www.w3.org/2000/svg}"


def file_of(folder: Path, *events) -> str:
    file = folder / "events.jsonl"
    file.write_text("\n".join(map(json.dumps, events)))
    return str(file)


def row(text: str, name: str) -> str:
    """What follows a name in the table, with single spaces."""
    return next(" ".join(line.removeprefix(name).split()) for line in text.splitlines() if line.startswith(name))


def test_the_table_has_figures_with_their_difference():
    text = render(side_by_side("simple_referral", "assessed", *FAMILY), "CNY")

    assert row(text, "sales") == "350.00 350.00 0.00"
    assert row(text, "commission  ") == "39.50 57.00 +17.50"
    assert row(text, "commission ÷ sales") == "11.28 % 16.28 % +5.00 %"
    assert row(text, "the brand keeps") == "310.50 293.00 -17.50"
    assert row(text, "A ") == "24.50 34.50 +10.00"
    assert "2 leaders gain by assessed, 0 lose." in text
    assert "Lose most" not in text


def test_money_of_a_currency_without_a_minor_unit_has_no_point():
    text = render(side_by_side("simple_referral", "assessed", *FAMILY), "JPY")

    assert row(text, "sales") == "35000 35000 0"


def test_what_was_left_out_is_said_in_a_sentence():
    text = render(side_by_side("assessed", "breakaway", joins("A"), pays("o1", "A", 10_00)), "CNY")

    assert "Under breakaway some events were impossible and are left out: 0 newcomers and 1 orders of 10.00." in text
    assert "The first was event 2: product rice has no commission rate." in text
    assert "Under assessed" not in text


@pytest.mark.parametrize(
    ("basis_points", "text"), [(0, "0.00 %"), (5, "0.05 %"), (10_000, "100.00 %"), (-7, "-0.07 %")]
)
def test_percentages(basis_points, text):
    assert percent(basis_points) == text


def test_the_page_is_one_picture_with_its_words():
    document = ElementTree.fromstring(page(side_by_side("simple_referral", "assessed", *FAMILY), "CNY"))
    upper, lower = document.findall(f"{SVG}svg")

    assert upper.get("role") == lower.get("role") == "img"
    assert "commission: 39.50 and 57.00" in upper.findtext(f"{SVG}desc")
    assert "simple_referral: the fifth who earn most get 62.02 %" in lower.findtext(f"{SVG}desc")
    assert len(lower.findall(f"{SVG}polyline")) == 3
    assert int(lower.get("y")) >= int(upper.get("height"))


def test_bars_are_as_long_as_their_figures_and_none_is_negative():
    document = ElementTree.fromstring(bars("Kept", [("kept", 100, 50), ("lost", -20, 10)], [("1", "½"), ("-2", "1")]))

    widths = [int(rect.get("width")) for rect in document.findall(f"{SVG}rect")]

    assert widths == [440, 220, 0, 220]


def test_names_of_plans_cannot_break_out_of_the_picture():
    evil = '<script>alert(1)</script>" onload="x'
    picture = bars(evil, [(evil, 1, 2)], [("1", "2")])

    assert "<script" not in picture
    assert 'onload="x' not in unescape(picture.split("<title>")[0]).split(evil)[0]
    assert ElementTree.fromstring(picture).findtext(f"{SVG}title") == evil


def test_the_command_compares_a_file_and_draws_it(tmp_path, capsys):
    drawn = tmp_path / "drawn.svg"
    plans = ["--plan", "simple_referral", "--plan", "assessed"]

    assert main(["compare", *plans, file_of(tmp_path, *FAMILY), "--svg", str(drawn)]) == 0

    assert capsys.readouterr().out == render(side_by_side("simple_referral", "assessed", *FAMILY), "CNY")
    assert drawn.read_text() == page(side_by_side("simple_referral", "assessed", *FAMILY), "CNY")


def test_the_command_compares_over_a_synthetic_network(capsys):
    plans = ["--plan", "simple_referral", "--plan", "stock_clearance"]

    assert main(["compare", *plans, "--network", "size=30,depth=4,seed=2", "--currency", "USD"]) == 0

    assert row(capsys.readouterr().out, "leaders").startswith("30 ")


def test_the_command_says_what_attackers_cost_in_the_table_and_in_the_picture(tmp_path, capsys):
    drawn = tmp_path / "drawn.svg"
    plans = ["--plan", "breakaway", "--plan", "simple_referral"]

    assert main(["compare", *plans, "--network", "size=1,depth=1,attackers_bp=10000", "--svg", str(drawn)]) == 0

    table = capsys.readouterr().out
    assert row(table, "attackers") == "1 1 +0"
    assert row(table, "  accounts they make up") == "20 20 +0"
    assert row(table, "    by invite_bonus") == "1000.00 0.00 -1000.00"
    assert row(table, "  cost the brand") == "1200.00 0.00 -1200.00"
    assert "attackers cost: 1200.00 and 0.00" in unescape(drawn.read_text())


def test_a_network_without_attackers_does_not_speak_of_them(capsys):
    assert main(["compare", "--plan", "breakaway", "--plan", "assessed", "--network", "size=9,depth=3"]) == 0

    assert "attackers" not in capsys.readouterr().out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--plan", "assessed", "--plan", "breakaway", "--network", "attackers_bp=10001"], "attackers_bp"),
        (["--plan", "assessed", "--network", "size=3"], "two plans"),
        (["--plan", "assessed", "--plan", "breakaway"], "a file of events, or --network"),
        (["--plan", "assessed", "--plan", "breakaway", "--network", "size=3", "events.jsonl"], "or --network"),
        (["--plan", "assessed", "--plan", "breakaway", "--network", "size=many"], "“size=many” is no network"),
        (["--plan", "assessed", "--plan", "breakaway", "--network", "size=3", "--currency", "XXX"], "not a currency"),
        (["--plan", "assessed", "--plan", "breakaway", "nowhere.jsonl"], "nowhere.jsonl"),
    ],
)
def test_a_command_that_makes_no_sense_is_refused_in_one_line(capsys, arguments, reason):
    assert main(["compare", *arguments]) == 2
    err = capsys.readouterr().err
    assert reason in err
    assert err.count("\n") == 1


def test_a_file_that_cannot_be_read_is_refused_with_its_line(tmp_path, capsys):
    wrong = file_of(tmp_path, joins("A", None, at(1)), {"type": "clock"})

    assert main(["compare", "--plan", "assessed", "--plan", "breakaway", wrong]) == 2
    assert capsys.readouterr().err.startswith("line 2: ")
