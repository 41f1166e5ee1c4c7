"""A brand's file in the console: sent, its problems read, written after a yes; nobody else's business."""

import pytest

from chalicelib.leaders import store as leaders
from chalicelib.tenancy import acting_for
from chalicelib.web import uploads
from chalicelib.web.forms import FormTooLarge, FormUnreadable
from tests.web.browser import BOUNDARY, WITH_FILES, multipart

GOOD = (
    "姓名,手机号,邮箱,邀请人\n"
    "王芳,13900001001,wang@example.com,\n"
    "Li <b>Na</b>,13900001002,li@example.com,wang@example.com\n"
)
BAD = "name,phone,email\nAmy,abc,amy@example.com\n"


def send(browser, *contents, what="leaders"):
    """Choose a file on the page of imports and send it."""
    return browser.open("/console/green-village/imports").send_files(*contents, called="old.csv", what=what)


def everybody(brand):
    with acting_for(brand.tenant_id):
        return {one.name for one in leaders.newest(brand.tenant_id, limit=100)}


@pytest.fixture
def brand(site):
    return site.a_brand()


@pytest.mark.parametrize("encoding", ["utf-8-sig", "gbk"])
def test_from_a_file_to_a_team(site, brand, encoding):
    owner = send(site.signed_in("owner@example.com"), GOOD.encode(encoding))
    assert "Every row can be taken" in owner.page.text
    assert everybody(brand) == set()
    owner.send(button="commit")
    assert "All rows are written" in owner.page.text
    assert everybody(brand) == {"王芳", "Li <b>Na</b>"}
    assert "<b>Na" not in owner.open("/console/green-village/leaders").page.html


def test_problems_are_shown_by_row_in_the_readers_language(site, brand):
    owner = send(site.signed_in("owner@example.com"), BAD.encode())
    assert "This is not a phone number" in owner.page.text
    owner.open(f"{owner.address}?lang=zh")
    for said in ("共 1 个问题", "手机号填写有误。", "phone", "2"):
        assert said in owner.page.text
    assert everybody(brand) == set()


def test_what_is_no_file_is_refused_on_the_page(site, brand):
    owner = site.signed_in("owner@example.com")
    assert send(owner, b"PK\x03\x04 nothing").status == 400
    assert send(owner).status == 400
    assert send(owner, BAD.encode(), what="orders").status == 400
    assert "old.csv" not in owner.open("/console/green-village/imports").page.text


def test_an_import_can_be_given_up(site, brand):
    owner = send(site.signed_in("owner@example.com"), GOOD.encode())
    owner.send(button="withdraw")
    assert "Given up" in owner.page.text
    assert everybody(brand) == set()


def test_a_template_is_there_in_both_languages(site, brand):
    for language, header in (("zh", "姓名"), ("en", "name")):
        owner = site.signed_in("owner@example.com")
        owner.open(f"/console/green-village/import_template?what=leaders&lang={language}")
        assert header in owner.answer.body.decode()
        assert owner.answer.headers["Content-Type"].startswith("text/csv")
    assert owner.open("/console/green-village/import_template?what=orders").status == 404


def test_staff_leaders_and_other_brands_see_no_import(site, brand):
    address = send(site.signed_in("owner@example.com"), GOOD.encode()).address.removeprefix("/api")
    site.a_leader(brand)
    site.a_brand("red-hill", "other@example.com")
    assert site.signed_in("leader@example.com").open(address).status == 404
    stranger = site.signed_in("other@example.com")
    assert stranger.open(address).status == 404
    assert stranger.open(address.replace("green-village", "red-hill")).status == 404


@pytest.mark.parametrize(
    "body", [b"", b"nothing", f"--{BOUNDARY}\r\nContent-Disposition: form-data\r\n\r\nx\r\n--{BOUNDARY}--".encode(),
             multipart({"what": "\x00"}, "file", []), multipart({"what": "x" * 6_000}, "file", [])],
)  # fmt: skip
def test_a_form_that_is_none_is_refused(body):
    with pytest.raises(FormUnreadable):
        form, files = uploads.read(body, WITH_FILES)
        raise AssertionError((form, files))


def test_a_file_that_is_too_large_is_not_even_read():
    with pytest.raises(FormTooLarge):
        uploads.read(b"x" * (uploads.LARGEST_UPLOAD_BYTES + 1), uploads.MULTIPART)


def test_bytes_of_a_file_arrive_as_they_were():
    content = bytes(range(256)) * 3
    form, files = uploads.read(multipart({"what": "团长"}, "file", [("a b.xlsx", content)]), WITH_FILES)
    assert form["what"] == "团长"
    assert files == {"file": ("a b.xlsx", content)}
