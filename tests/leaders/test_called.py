"""Leaders found by any part of their name, as far as a page looks; it goes on from there and misses nobody."""

import pytest

from chalicelib.leaders.called import called
from tests.bench.meter import counting


@pytest.fixture
def found(tree):
    tree.root("Wang Fang")
    for name in ("王秀英", "李芳", "张芳", "Fang Li"):
        tree.root(name)

    def find(part, limit=9, **more):
        some = called(tree.tenant_id, part, limit=limit, **more)
        return [one.name for one in some.leaders], some

    return find


def test_a_part_of_a_name_is_found_wherever_it_stands(found):
    assert found("芳")[0] == ["张芳", "李芳"], "by name, as the list has them"
    assert found("ｆａｎｇ")[0] == ["Fang Li", "Wang Fang"]
    names, some = found("赵")
    assert (names, some.looked, some.next) == ([], 5, None)


def test_a_number_of_a_leader_is_no_part_of_its_name(found):
    assert found("ld_")[0] == []


def test_what_was_not_looked_at_is_gone_on_with(found):
    names, some = found("fang", most=1)
    assert (names, some.looked) == (["Fang Li"], 1)
    names, some = found("fang", most=1, after=some.next)
    assert (names, some.looked) == (["Wang Fang"], 1)
    names, some = found("fang", after=some.next)
    assert (names, some.looked, some.next) == ([], 3, None)


def test_a_full_page_goes_on_behind_its_last_one(found):
    names, some = found("fang", limit=1)
    assert names == ["Fang Li"]
    assert found("fang", limit=1, after=some.next)[0] == ["Wang Fang"]


def test_nobody_is_read_who_is_not_called_like_this(found):
    with counting() as meter:
        found("赵")
    assert meter.by_operation == {"Query": 1}
