"""Every page there is, looked at on a phone and on a desktop; with SCREENSHOTS set, kept as pictures in that folder."""

import os
from pathlib import Path

import pytest

from chalicelib.web import routes
from chalicelib.web.frame import ROUTES
from tests.browser.brand import played
from tests.browser.visitor import DESKTOP, PHONE

pytestmark = pytest.mark.browser

FILES = {  # what is asked for by pages, or kept as a file
    "/static/{name}", "/look/{sheet_of}", "/media/{store}/p/{name}",
    "/s/{store}/{leader_id}/c/{campaign_id}/chain.json", "/s/{store}/{leader_id}/c/{campaign_id}/chain.txt",
    "/console/{store}/campaigns/{campaign_id}/delivery_file",
    "/lead/{store}/campaigns/{campaign_id}/delivery_file", "/console/{store}/tracking_template",
    "/console/{store}/import_template", "/console/{store}/exports/{export_id}/file",
    "/console/{store}/cases/{order_id}/{case_id}/photos/{number}",
    "/lead/{store}/cases/{order_id}/{case_id}/photos/{number}",
    "/s/{store}/{leader_id}/o/{order_token}/cases/{case_id}/photos/{number}",
    "/pictures/{picture}", "/robots.txt", "/sitemap.xml",
}  # fmt: skip
PAGES = sorted({route.path for route in ROUTES if route.method == "GET"} - FILES)
assert routes.VIEWS  # importing them is what fills the list


def reader_of(path, brand):
    """Who looks at a page."""
    if path.startswith("/console/"):
        return brand.owner
    if path.startswith("/lead/") or path in ("/me", "/signout"):
        return brand.second
    return brand.customer


def take_pictures(reader, path, screen, language):
    """Keep a page as it looks, whole, in light and in dark colours, where pictures are asked for."""
    if folder := os.environ.get("SCREENSHOTS"):
        name = path.strip("/").replace("/", "_").replace("{", "").replace("}", "") or "start"
        for colours in ("dark", "light"):
            reader.page.emulate_media(color_scheme=colours)
            picture = Path(folder) / f"{name}-{screen['width']}-{language}-{colours}.png"
            reader.page.screenshot(path=picture, full_page=True)


@pytest.mark.parametrize(
    ("language", "screen", "dark"),
    [
        pytest.param("zh", PHONE, False, id="Chinese, phone"),
        pytest.param("en", DESKTOP, True, id="English, desktop, dark"),
    ],
)
def test_every_page_is_fit_to_be_read(visitor, world, language, screen, dark):
    brand = played(visitor, world, language=language, screen=screen, dark=dark)
    wrong = []
    for path in PAGES:
        reader = reader_of(path, brand)
        reader.complaints.clear()
        reader.page.emulate_media(color_scheme="dark" if dark else "light")
        try:
            reader.open(brand.address_of(path))
        except AssertionError as found:
            wrong.append(f"{path}: {found}")
        take_pictures(reader, path, screen, language)
    assert not wrong, "\n\n".join(wrong)
