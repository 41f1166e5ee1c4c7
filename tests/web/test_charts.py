"""Charts: what is drawn for no, one and many numbers, above and below zero, and what is said to who sees none of it."""

import re
import xml.etree.ElementTree as xml

import pytest

from chalicelib.web.charts import BOTTOM, TOP, Point, Series, Words, bars, curve, lines

WORDS = Words("sales", "Sales by day", "Highest on 3 Mar")


def points(*values):
    return [Point(f"{number} Mar", value, f"¥{value}") for number, value in enumerate(values, start=1)]


def shapes(drawn, kind):
    """The attributes of the shapes of a class, as numbers where they are."""
    root = xml.fromstring(str(drawn))
    assert root.get("role") == "img"
    return [one for one in root.iter() if kind in (one.get("class") or "").split()]


def number(shape, name):
    return float(shape.get(name).rstrip("%"))


@pytest.mark.parametrize("draw", [bars, lambda some, words: lines([Series("Sales", some)], words)])
@pytest.mark.parametrize("values", [(), (0,), (5,), (-5,), (0, 0, 0), (3, -2, 10**12), tuple(range(90))])
def test_whatever_the_numbers_everything_drawn_is_within_the_picture(draw, values):
    root = xml.fromstring(str(draw(points(*values), WORDS)))
    for shape in root.iter():
        for name in {"x", "x1", "x2", "cx"} & set(shape.keys()):
            assert 0 <= number(shape, name) <= 100
        for name in {"y", "y1", "y2", "cy"} & set(shape.keys()):
            assert 0 <= number(shape, name) <= 200
        if shape.tag == "rect":
            assert number(shape, "x") + number(shape, "width") <= 100.01


def test_a_bar_is_as_high_as_its_value_and_hangs_down_below_zero():
    first, second, third = shapes(bars(points(100, 50, -50), WORDS), "pillar")
    assert number(first, "height") == pytest.approx(2 * number(second, "height"), abs=1)
    assert number(second, "y") + number(second, "height") == number(third, "y")
    assert third.get("class") == "pillar below"
    assert shapes(bars(points(0, 0), WORDS), "pillar") == []


def test_values_beside_the_lines_are_round_and_few():
    texts = [one.text for one in shapes(bars(points(1_234, 77), WORDS), "value")]
    assert texts == ["500", "1,000", "1,500"]
    assert [one.text for one in shapes(bars(points(1), WORDS), "value")] == ["1"]


def test_a_line_goes_from_edge_to_edge_and_one_point_is_a_dot():
    drawn = lines([Series("New", points(1, 2, 3)), Series("Lost", points(0, 0, 1))], WORDS)
    first, second = shapes(drawn, "s1")
    assert (number(first, "x1"), number(second, "x2")) == (0, 100)
    assert len(shapes(drawn, "s2")) == 2
    (dot,) = shapes(lines([Series("New", points(7))], WORDS), "dot")
    assert number(dot, "cx") == 50


def test_the_curve_goes_up_to_all_and_marks_its_point():
    drawn = curve([(0, 0), (2_000, 6_400), (10_000, 10_000)], WORDS, marked=(2_000, 6_400, "64%"))
    first, last = shapes(drawn, "s1")
    assert (number(first, "y1"), number(last, "y2")) == (BOTTOM, TOP)
    (dot,) = shapes(drawn, "dot")
    assert number(dot, "cx") == 20
    assert [one.text for one in shapes(drawn, "tells")] == ["64%"]


def test_a_chart_is_told_to_who_does_not_see_it_and_every_place_says_its_numbers():
    drawn = bars(points(4, 5), WORDS)
    root = xml.fromstring(str(drawn))
    named = {one.get("id"): one.text for one in root if one.get("id")}
    assert named[root.get("aria-labelledby")] == "Sales by day"
    assert named[root.get("aria-describedby")] == "Highest on 3 Mar"
    assert [[line.text for line in one[1:]] for one in shapes(drawn, "spot")] == [["1 Mar: ¥4"], ["2 Mar: ¥5"]]


def test_the_places_of_a_chart_leave_no_gap_and_each_says_what_is_at_it():
    two = [Series("New", points(1, 2, 3)), Series("Lost", points(0, 0, 1))]
    spots = shapes(lines(two, WORDS), "spot")
    assert [(number(one[0], "x"), number(one[0], "width")) for one in spots] == [(0, 25), (25, 50), (75, 25)]
    assert [line.text for line in spots[2][1:]] == ["3 Mar", "New ¥3", "Lost ¥1"]
    assert {line.get("class") for line in spots[2][1:]} == {"told end"}, "it would be written beyond the edge"
    assert {line.get("class") for line in spots[0][1:]} == {"told"}
    of_the_curve = shapes(curve([(0, 0), (2_000, 6_425), (10_000, 10_000)], WORDS), "spot")
    assert [one[1].text for one in of_the_curve] == ["0% → 0%", "20% → 64.3%", "100% → 100%"]


def test_names_are_text_not_markup_and_nothing_is_styled_inline():
    drawn = str(lines([Series("<b>", points(1, 2))], Words("x", "<script>", "&")))
    assert "<b>" not in drawn
    assert "<script>" not in drawn
    assert not re.search(r"style=|fill=|stroke=|onload", drawn)
