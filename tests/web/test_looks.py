"""A brand's own colour: whatever it is, what is written in it and on it can be read."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import Invalid
from chalicelib.tenants.rules import check_accent
from chalicelib.web import looks

colours = st.integers(0, 0xFFFFFF).map(lambda number: f"#{number:06x}")
EVEN_ODDER = ("#000000", "#ffffff", "#ffff00", "#0000ff", "#00ff00", "#777777", "#767676")


@pytest.mark.parametrize(
    ("one", "other", "ratio"),
    [("#000000", "#ffffff", 21.0), ("#ffffff", "#777777", 4.48), ("#767676", "#fff", 4.54), ("#595959", "#fff", 7.0)],
)
def test_contrast_is_what_other_tools_say(one, other, ratio):
    assert looks.contrast(one, other) == pytest.approx(ratio, abs=0.01)
    assert looks.contrast(other, one) == pytest.approx(ratio, abs=0.01)


def hold(colour):
    """Everything written in a brand's colours has the contrast that WCAG asks for, on light and on dark pages."""
    for scheme, grounds in zip(("light", "dark"), looks.ours(), strict=True):
        own = looks.tokens(colour, scheme)
        for ground in (grounds["--paper"], grounds["--card"], grounds["--sunk"], own["--tint"]):
            assert looks.contrast(own["--accent"], ground) >= 4.5, (scheme, own)
        assert looks.contrast(own["--on-accent"], own["--accent"]) >= 4.5, (scheme, own)
        assert looks.contrast(own["--on-brand"], own["--brand"]) >= 4.5, (scheme, own)
        assert looks.contrast(grounds["--ink"], own["--tint"]) >= 7, (scheme, own)
        assert looks.contrast(grounds["--soft"], own["--tint"]) >= 4.5, (scheme, own)


@given(colours)
def test_any_colour_stays_readable(colour):
    hold(colour)


@pytest.mark.parametrize("colour", EVEN_ODDER)
def test_so_do_the_ends_of_the_scale(colour):
    hold(colour)


@given(colours)
def test_a_button_is_filled_with_the_very_colour(colour):
    assert looks.tokens(colour, "light")["--brand"] == looks.tokens(colour, "dark")["--brand"] == colour


def test_a_colour_that_can_be_read_is_not_touched():
    assert looks.tokens("#1a5c38", "light")["--accent"] == "#1a5c38"
    assert looks.tokens("#ffc266", "dark")["--accent"] == "#ffc266"


def test_our_own_colours_are_as_readable():
    for colours_of_a_scheme in looks.ours():
        for name in ("--accent", "--ink", "--soft"):
            for ground in ("--paper", "--card", "--sunk", "--tint"):
                assert looks.contrast(colours_of_a_scheme[name], colours_of_a_scheme[ground]) >= 4.5, (name, ground)
        for name in ("--good", "--warn", "--bad"):
            assert looks.contrast(colours_of_a_scheme[name], colours_of_a_scheme[f"{name}-tint"]) >= 4.5, name
            assert looks.contrast(colours_of_a_scheme[name], colours_of_a_scheme["--card"]) >= 4.5, name


@given(colours)
def test_a_sheet_says_nothing_but_colours(colour):
    text = looks.sheet(colour)
    assert set(re.findall(r"(--[a-z-]+):", text)) == {"--accent", "--on-accent", "--brand", "--on-brand", "--tint"}
    assert re.fullmatch(r"[-:;{}@().,a-z0-9#\n ]+", text)
    assert len(text) < 500


@pytest.mark.parametrize("written", ["#B93A0E", "b93a0e", "  #b93a0e "])
def test_a_colour_is_taken_as_people_write_it(written):
    assert check_accent(written) == "#b93a0e"


@pytest.mark.parametrize("written", ["", "#b93a0", "red", "#b93a0e;", "#gggggg", "#b93a0e0", "}body{", "#\uff11b93a0"])
def test_what_is_no_colour_is_refused_by_name(written):
    with pytest.raises(Invalid) as refused:
        check_accent(written)
    assert refused.value.param == "accent"


def test_a_sheet_is_kept_for_ever_whoever_asks(site):
    visitor = site.browser().open("/look/b93a0e.css")
    assert (visitor.status, visitor.answer.body.decode()) == (200, looks.sheet("#b93a0e"))
    assert visitor.answer.headers["Content-Type"] == "text/css; charset=utf-8"
    assert visitor.answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert visitor.answer.headers["Vary"] == "Accept-Encoding"


@pytest.mark.parametrize("name", ["b93a0e", "B93A0E.css", "b93a0.css", "b93a0e0.css", "..%2Fapp.css", "both", "}.css"])
def test_nothing_but_a_colour_has_a_sheet(site, name):
    assert site.browser().open(f"/look/{name}").status == 404
