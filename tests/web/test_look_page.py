"""A brand chooses how it looks: tried first, then seen on every face of it."""

from io import BytesIO

import pytest
from PIL import Image

from chalicelib.tenancy import acting_for
from chalicelib.tenants import store as tenants
from chalicelib.web import looks
from tests.web.browser import PREFIX
from tests.web.test_product_photos import picture

LOOK = "/console/green-village/look"


@pytest.fixture
def shop(site, shop):
    shop.owner = site.signed_in("owner@example.com").open(LOOK)
    return shop


def kept(shop):
    with acting_for(shop.brand.tenant_id):
        return tenants.get(shop.brand.tenant_id)


def sheets_of(browser):
    """The colours whose sheets a page loads."""
    return [one.split("/look/")[1][:6] for one in browser.page.html.split('"') if "/look/" in one and ".css" in one]


def faces(site, shop):
    """A shop, a leader's pages, the console, the page of an invitation, a poster."""
    leader = site.signed_in("leader@example.com")
    yield site.browser().open(f"/s/green-village/{shop.leader.leader_id}")
    yield leader.open("/lead/green-village")
    yield shop.owner.open("/console/green-village")
    yield site.browser().open(f"/join/green-village/{shop.leader.invite_code}")
    yield site.browser().open(f"/s/green-village/{shop.leader.leader_id}/poster")


def test_every_face_of_a_brand_has_its_colour(site, shop):
    assert [sheets_of(face) for face in faces(site, shop)] == [[]] * 5
    shop.owner.open(LOOK).send_files(accent="#1a5c38", do="save")
    assert kept(shop).accent == "#1a5c38"
    assert [sheets_of(face) for face in faces(site, shop)] == [["1a5c38"]] * 5


def test_a_sheet_that_a_page_names_is_there(site, shop):
    shop.owner.send_files(accent="#1a5c38", do="save")
    visitor = site.browser().open(f"/s/green-village/{shop.leader.leader_id}")
    address = next(one for one in visitor.page.html.split('"') if "/look/" in one)
    assert visitor.open(address.partition("?")[0]).answer.body.decode() == looks.sheet("#1a5c38")


def test_a_colour_is_tried_before_anybody_else_sees_it(site, shop):
    shop.owner.send_files(accent="#1a5c38", do="preview")
    assert shop.owner.status == 200
    assert sheets_of(shop.owner)[-2:] == ["1a5c38", "000000"]  # the second is what the script fills in
    assert "preview" in shop.owner.page.text
    assert kept(shop).accent is None


def test_either_field_of_the_colour_may_be_used(site, shop):
    shop.owner.send_files(picked="#1a5c38", do="save")
    assert kept(shop).accent == "#1a5c38"
    shop.owner.open(LOOK).send_files(accent="AA00BB", do="save")
    assert kept(shop).accent == "#aa00bb"
    shop.owner.open(LOOK).send_files(accent="", do="save")
    assert kept(shop).accent is None


@pytest.mark.parametrize("do", ["save", "preview"])
def test_what_is_no_colour_stays_to_be_mended(site, shop, do):
    shop.owner.send_files(picture(), accent="greenish", do=do)
    assert shop.owner.status == 400
    assert "Write a colour as #" in shop.owner.page.text
    assert 'value="greenish"' in shop.owner.page.html
    assert (kept(shop).accent, kept(shop).logo, site.photos.kept) == (None, None, {})


def test_a_logo_is_made_small_and_shown_where_the_letter_was(site, shop):
    shop.owner.send_files(picture(), do="save")
    logo = kept(shop).logo
    content = site.photos.kept[f"{shop.brand.tenant_id}/{logo}"]
    assert max(Image.open(BytesIO(content)).size) <= 400
    for face in faces(site, shop):
        assert f"{PREFIX}/media/green-village/{logo}" in face.page.html
        assert 'class="mono"' not in face.page.html
    shop.owner.open(LOOK).send_files(remove_logo="1", do="save")
    assert kept(shop).logo is None


def test_a_link_that_is_shared_shows_the_logo_where_there_is_no_photo(site, shop):
    shop.owner.send_files(picture(), do="save")
    html = site.browser().open(f"/s/green-village/{shop.leader.leader_id}").page.html
    assert f'<meta property="og:image" content="https://tuanyuan.example{PREFIX}/media/green-village/p/' in html


def test_what_is_no_picture_is_refused_by_its_field(site, shop):
    shop.owner.send_files(b"GIF89a", do="save")
    assert shop.owner.status == 400
    assert 'id="logo-wrong"' in shop.owner.page.html
    assert kept(shop).logo is None


def test_refusals_are_said_in_chinese(site, shop):
    owner = site.signed_in("owner@example.com", "zh")
    for files, sent, said in (((), {"accent": "绿"}, "例如 #b93a0e"), ((b"GIF89a",), {}, "标志须为 JPEG")):
        owner.open(f"{LOOK}?lang=zh")
        assert said in owner.send_files(*files, do="save", **sent).page.text


def test_one_button_goes_back_to_ours(site, shop):
    shop.owner.send_files(picture(), accent="#1a5c38", do="save")
    shop.owner.open(LOOK).send_files(accent="nonsense", do="reset")
    assert (kept(shop).accent, kept(shop).logo) == (None, None)


def test_staff_leaders_and_strangers_do_not_paint_the_house(site, shop):
    assert site.signed_in("leader@example.com").open(LOOK).status == 404
    assert site.browser().open(LOOK).address.startswith(f"{PREFIX}/signin")
    site.a_brand("red-hill", "other@example.com")
    other = site.signed_in("other@example.com").open("/console/red-hill/look")
    assert other.open(LOOK).status == 404
    assert kept(shop).accent is None
