"""What a line of a statement moved: from one account to another, or to the leader."""

from chalicelib.statements.views import LineView


def line(**moved):
    return LineView(
        line_id="l", entry="e", kind="k", at="2026-03-02T08:00:00+00:00", currency="CNY", reason="r", **moved
    )


def test_what_goes_on_from_account_to_account_makes_nobody_richer():
    settled = line(held_minor=-19_50, available_minor=19_50)
    assert settled.moves == [("held", -19_50), ("available", 19_50)]
    assert settled.is_passed_on


def test_what_is_earned_or_lost_is_not_passed_on():
    assert not line(held_minor=9_50).is_passed_on
    assert not line(held_minor=-2_50).is_passed_on
    assert not line(available_minor=9_50, coupons_minor=20_00).is_passed_on


def test_a_line_of_three_accounts_is_told_account_by_account():
    part_frozen = line(held_minor=-10_00, frozen_minor=6_00, available_minor=4_00)
    assert len(part_frozen.moves) == 3
    assert not part_frozen.is_passed_on
