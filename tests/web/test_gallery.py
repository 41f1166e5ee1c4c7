"""The gallery shows what pages are made of: whatever `macros.html` has, and every colour."""

import re
from pathlib import Path

import pytest

import chalicelib.web
from chalicelib.web import looks

TEMPLATES = Path(chalicelib.web.__file__).parent / "templates"
OF_A_FORM_OR_BRAND = {
    "mark",
    "photos",
    "tick_all",
    "guard",
    "wrong",
    "marks",
    "code_field",
    "share",
    "order_state",
    "order_lines",
    "older",
    "card",
}


@pytest.fixture
def gallery(site):
    return site.browser().open("/gallery")


def test_it_is_for_everybody_and_asks_nothing_of_the_table(site, gallery):
    assert gallery.status == 200
    assert gallery.answer.headers["Cache-Control"] == "public, max-age=5"
    assert 'content="noindex"' in gallery.page.html
    assert not gallery.page.forms


def test_every_colour_is_there_in_light_and_in_dark(gallery):
    for tokens in looks.ours():
        for name, colour in tokens.items():
            assert f'fill="var({name})"' in gallery.page.html
            assert colour in gallery.page.html


def test_every_macro_is_there():
    macros = set(re.findall(r"{% macro (\w+)\(", (TEMPLATES / "macros.html").read_text("utf-8"))) - OF_A_FORM_OR_BRAND
    shown = set(re.findall(r"\bm\.(\w+)\(", (TEMPLATES / "gallery.html").read_text("utf-8")))
    shown |= {"progress"}  # by `o.steps`
    assert macros <= shown


def test_charts_of_each_kind_are_there_twice_with_ids_of_their_own(gallery):
    ids = re.findall(r'\bid="([^"]+)"', gallery.page.html)
    assert len(ids) == len(set(ids))
    assert gallery.page.html.count('role="img"') == 6
