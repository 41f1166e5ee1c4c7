"""What an order takes of the table, counted from its requests: it must not creep up with each thing that we add."""

from tests.bench.order_units import once, steps_below


def test_an_order_takes_no_more_of_the_table_than_it_did(table):
    steps = steps_below(2)

    assert [(meter.write_units, meter.read_units) for meter in list(steps.values())[:5]] == [
        (6, 3),  # placed
        (1, 0.5),  # the webhook
        (17, 7.5),  # paid, accrued, on the lines of three leaders
        (3, 3),  # delivered, due
        (5, 4),  # rolled up, with no other: three leaders, the product, the brand
    ]
    assert once(steps) == (27, 14)
