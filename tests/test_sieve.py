"""Looking through a list: what is wanted of it, how far it went, and where to go on."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.sieve import AT_ONCE, Sieved, sieve


def sieved(numbers, wanted, *, limit=50, most=1000, there=None):
    """Look through numbers, each at a place of its own; those in `there` exist."""
    rows = [(number, f"place-{place}") for place, number in enumerate(numbers)]
    batches = []

    def read(keys):
        batches.append(list(keys))
        return {key: key for key in keys if there is None or key in there}

    return sieve(rows, read, wanted, limit=limit, most=most), batches


def test_what_is_wanted_comes_in_the_order_of_the_list_once_each():
    found, _ = sieved([5, 2, 8, 2, 7], lambda number: number != 8)
    assert found == Sieved([5, 2, 7], looked=5, reached="place-4")
    assert found.next is None


def test_it_ends_where_enough_is_found_and_says_where_to_go_on():
    found, _ = sieved([5, 2, 8, 7], lambda number: number < 6, limit=2)
    assert (found.items, found.looked, found.next) == ([5, 2], 2, "place-1")


def test_as_many_rows_as_were_asked_for_may_have_more_behind_them():
    assert sieved([1, 2], lambda _: False, most=2)[0].next == "place-1"
    assert sieved([1, 2], lambda _: False, most=3)[0].next is None
    assert sieved([], lambda _: True, most=3)[0] == Sieved([])


def test_what_is_gone_is_passed_over():
    assert sieved([1, 2, 3], lambda _: True, there={3})[0].items == [3]


def test_no_batch_is_read_that_is_not_looked_at():
    _, batches = sieved(range(3 * AT_ONCE), lambda _: True, limit=AT_ONCE + 1)
    assert [len(batch) for batch in batches] == [AT_ONCE, AT_ONCE]


@given(st.lists(st.integers(0, 9), max_size=30, unique=True), st.integers(1, 4), st.integers(1, 5))
def test_going_on_until_the_end_finds_each_once(numbers, limit, most):
    rest, pages = list(numbers), []
    while True:
        found, _ = sieved(rest[:most], lambda number: number % 2 == 0, limit=limit, most=most)
        pages += found.items
        if found.next is None:
            break
        rest = rest[found.looked :]
    assert pages == [number for number in numbers if number % 2 == 0]
