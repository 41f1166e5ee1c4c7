"""What differs between two documents, place by place."""

from hypothesis import given
from hypothesis import strategies as st

from chalicelib.commissions.differences import differences

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.sampled_from("abc"), inner, max_size=3),
    max_leaves=8,
)


def told(before, after):
    return [(one.place, one.before, one.after) for one in differences(before, after)]


def test_a_reward_is_compared_with_its_namesake_wherever_it_stands():
    before = {"rewards": [{"kind": "retail", "rate_bp": 1}, {"kind": "cap", "rate_bp": 2}, {"kind": "gift"}]}
    after = {"rewards": [{"kind": "retail", "rate_bp": 1}, {"kind": "gift", "rate_bp": 3}]}

    assert told(before, after) == [
        ("rewards[1].rate_bp", None, 3),
        ("rewards[1]", {"kind": "cap", "rate_bp": 2}, None),
    ]


def test_another_order_of_ranks_is_a_difference():
    assert told([{"id": "a"}, {"id": "b"}], [{"id": "b"}, {"id": "a"}]) == [("", ["a", "b"], ["b", "a"])]


def test_conditions_that_share_a_name_are_compared_by_their_place():
    one, two, three = ({"kind": "own_sales", "at_least_minor": amount} for amount in (1, 2, 3))

    assert told({"of": [one, two]}, {"of": [one, three]}) == [("of[1].at_least_minor", 2, 3)]


def test_true_is_not_one():
    assert told({"a": 1}, {"a": True}) == [("a", 1, True)]


@given(JSON)
def test_a_document_does_not_differ_from_itself(document):
    assert told(document, document) == []


@given(JSON, JSON)
def test_documents_that_differ_are_told_apart(before, after):
    def same(one, other):
        if isinstance(one, dict) and isinstance(other, dict):
            return all(same(one.get(name), other.get(name)) for name in {*one, *other})
        if isinstance(one, list) and isinstance(other, list):
            longer = max(len(one), len(other))
            pad = [[*items, *[None] * (longer - len(items))] for items in (one, other)]
            return all(same(*pair) for pair in zip(*pad, strict=True))
        return type(one) is type(other) and one == other

    assert (told(before, after) == []) == same(before, after)
