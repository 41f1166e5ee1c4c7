"""The command `lint`: what it prints, and its exit codes."""

import json
import subprocess
import sys

import pytest

from chalicelib.commissions.__main__ import main
from tests.commissions.lint.plans import without


def test_a_blocking_finding_is_exit_code_1(capsys):
    assert main(["lint", "--plan", "breakaway"]) == 1
    assert "cn-pay-per-head" in capsys.readouterr().out


def test_without_a_blocking_finding_it_is_0(capsys):
    assert main(["lint", "--plan", "assessed", "--language", "zh"]) == 0
    assert "升级要看招了多少人" in capsys.readouterr().out


def test_rules_are_asked_where_the_brand_works(capsys):
    main(["lint", "--plan", "breakaway", "--jurisdictions", "US, EU", "--channels", ""])
    out = capsys.readouterr().out

    assert "Checked for: United States, European Union\n" in out
    assert "cn-" not in out
    assert "wechat-" not in out


def test_figures_of_the_brand_sharpen_it(capsys):
    assert main(["lint", "--plan", "simple_referral", "--margin-bp", "3000", "--currency", "JPY"]) == 1
    out = capsys.readouterr().out
    assert "game-payout-above-margin" in out
    assert "500 JPY" in out


def test_a_plan_in_a_file(tmp_path, capsys):
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps(without("breakaway", "invite_bonus", "invite_coupon")))

    main(["lint", "--plan", str(plan), "--people", "40", "--levels", "3"])
    out = capsys.readouterr().out
    assert "cn-pay-per-head" not in out
    assert "There are 40 leaders now, 3 levels" in out


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        (["--plan", "no/such/plan.json"], "no/such/plan.json"),
        (["--plan", "assessed", "--jurisdictions", "Mars"], "knows no 'Mars'"),
        (["--plan", "assessed", "--margin-bp", "20000"], "margin_bp is from 0 to 10000"),
    ],
)
def test_what_it_cannot_read_is_exit_code_2_and_one_line(capsys, arguments, reason):
    assert main(["lint", *arguments]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert reason in shown.err
    assert shown.err.count("\n") == 1


def test_a_wrong_plan_is_refused_with_its_reasons(tmp_path, capsys):
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({**without("breakaway"), "head_rank": "platinum"}))

    assert main(["lint", "--plan", str(plan)]) == 2
    assert "there is no rank platinum" in capsys.readouterr().err


def test_it_runs_as_a_module():
    command = [sys.executable, "-m", "chalicelib.commissions", "lint", "--plan", "three_tier", "--language", "zh"]

    done = subprocess.run(command, capture_output=True, check=False)

    assert done.returncode == 1
    assert "月底下单" in done.stdout.decode()
