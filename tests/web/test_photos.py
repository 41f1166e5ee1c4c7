"""Photos on pages: public ones may be kept for ever by everybody, private ones are not found by their address."""

import pytest

from chalicelib.media.rules import check_photo
from chalicelib.media.store import PRIVATE, PUBLIC
from chalicelib.tenancy import acting_for
from tests.media.pictures import JPEG, PNG, WEBP

BROWSERS = "image/avif,image/webp,image/apng,image/svg+xml,image/*,*/*;q=0.8"


def kept(site, brand, content, folder=PUBLIC):
    with acting_for(brand.tenant_id):
        return site.photos.put(brand.tenant_id, folder, check_photo(content)).partition("/")[2]


def ask(site, path):
    return site.client.http.get(path, headers={"Accept": BROWSERS})


@pytest.mark.parametrize(("content", "kind"), [(JPEG, "image/jpeg"), (PNG, "image/png"), (WEBP, "image/webp")])
def test_a_public_photo_is_served_byte_by_byte_and_may_be_kept(site, content, kind):
    name = kept(site, site.a_brand(), content)

    answer = ask(site, f"/media/green-village/p/{name}")

    assert (answer.status_code, answer.body) == (200, content)
    assert answer.headers["Content-Type"] == kind
    assert answer.headers["Cache-Control"] == "public, max-age=31536000, immutable"
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    assert "Cookie" not in answer.headers["Vary"]


def test_a_private_photo_and_another_brands_are_not_found(site):
    brand = site.a_brand()
    other = site.a_brand("red-hill", "other@example.com")
    private, theirs = kept(site, brand, JPEG, PRIVATE), kept(site, other, PNG)

    for path in (
        f"green-village/p/{private}", f"green-village/p/{theirs}", "green-village/p/x.jpg", f"nobody/p/{theirs}",
        f"green-village/p/..%2fcases%2f{private}",
    ):  # fmt: skip
        assert ask(site, f"/media/{path}").status_code == 404, path
    # The test client's way of saying that there is no such route.
    assert ask(site, f"/media/green-village/cases/{private}").status_code == 403
