"""Preset `simple_referral`: one level, customer acquisition first."""

from tests.commissions.rules.history import Run, at, clock, joins, pays, refunds

PAIR = [joins("A"), joins("B", "A")]


def test_retail_and_one_level_of_referral():
    events = [*PAIR, joins("C", "B"), pays("o1", "C", 100_00)]

    assert Run("simple_referral", events).of("o1") == {("C", "retail"): 10_00, ("B", "direct_referral"): 3_00}


def acquired(*events, until: float = 7) -> int:
    run = Run("simple_referral", [*PAIR, *events, clock(at(until))])
    return sum(earning.amount_minor for _, earning in run.earnings if earning.kind == "acquisition")


def test_a_new_customer_earns_the_leader_five_after_seven_days():
    first = pays("o1", "B", 20_00, customer="c")

    assert acquired(first, until=6.999) == 0
    assert acquired(first) == 5_00


def test_it_is_posted_with_the_event_before_which_it_fell_due():
    run = Run("simple_referral", [*PAIR, pays("o1", "B", 20_00, customer="c"), refunds("o1", 20_00, at(7))])

    assert run.at_event(4) == {
        ("B", "acquisition"): 5_00,  # released just before the refund of the same instant, and it stays
        ("B", "retail"): -2_00,
        ("A", "direct_referral"): -60,
    }


def test_less_than_twenty_still_paid_earns_nothing():
    assert acquired(pays("o1", "B", 19_99, customer="c")) == 0
    assert acquired(pays("o1", "B", 25_00, customer="c"), refunds("o1", 5_00, at(6))) == 5_00
    assert acquired(pays("o1", "B", 25_00, customer="c"), refunds("o1", 5_01, at(6))) == 0


def test_only_the_first_paid_order_of_a_customer_counts_ever():
    small_then_large = [pays("o1", "B", 10_00, customer="c"), pays("o2", "B", 90_00, customer="c")]
    assert acquired(*small_then_large) == 0

    refunded = [pays("o1", "B", 90_00, customer="c"), refunds("o1", 90_00), pays("o2", "A", 90_00, customer="c")]
    assert acquired(*refunded) == 0

    assert acquired(pays("o1", "B", 90_00, customer="c"), pays("o2", "A", 90_00, customer="d")) == 10_00


def test_an_order_of_nothing_or_a_self_purchase_is_no_customers_first_order():
    later = pays("o2", "B", 90_00, customer="c")

    assert acquired(pays("o1", "B", 0, customer="c"), later) == 5_00
    assert acquired(pays("o1", "B", 30_00, customer="c", self_purchase=True), later) == 5_00
    assert acquired(pays("o1", "B", 30_00, customer="c", self_purchase=True)) == 0
    assert acquired(pays("o1", "B", 30_00)) == 0


def test_a_leaders_own_purchase_earns_like_any_other():
    events = [*PAIR, pays("o1", "B", 100_00, self_purchase=True)]

    assert Run("simple_referral", events).of("o1") == {("B", "retail"): 10_00, ("A", "direct_referral"): 3_00}
