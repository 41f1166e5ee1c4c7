"""Photos in S3: named by what is in them, and no brand reads another's."""

import boto3
import pytest
from moto import mock_aws

from chalicelib.media.rules import check_photo
from chalicelib.media.store import PRIVATE, PUBLIC, S3Photos
from chalicelib.tenancy import TenantBreach, acting_for
from tests.media.fake import FakePhotos
from tests.media.pictures import JPEG, PNG, WEBP

OURS, THEIRS = "t00000000000ours", "t0000000000their"


@pytest.fixture(params=["S3", "fake"])
def photos(request):
    """Photos as they are kept on AWS, and as tests of pages keep them."""
    if request.param == "fake":
        yield FakePhotos()
        return
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="media")
        yield S3Photos("media")


@pytest.mark.parametrize(
    ("content", "ending", "kind"),
    [(JPEG, ".jpg", "image/jpeg"), (PNG, ".png", "image/png"), (WEBP, ".webp", "image/webp")],
)
def test_a_photo_is_kept_once_by_what_is_in_it(photos, content, ending, kind):
    photo = check_photo(content)
    with acting_for(OURS):
        name = photos.put(OURS, PRIVATE, photo)

        assert photos.put(OURS, PRIVATE, photo) == name
        assert name.startswith("cases/") and name.endswith(ending)
        assert photos.get(OURS, name) == (photo.content, kind)
        assert photos.put(OURS, PUBLIC, photo) != name, "what is private is not found below a public name"


def test_what_is_not_there_is_none(photos):
    with acting_for(OURS):
        assert photos.get(OURS, f"p/{'0' * 64}.jpg") is None


def test_no_brand_reads_anothers_photo(photos):
    with acting_for(THEIRS):
        name = photos.put(THEIRS, PRIVATE, check_photo(JPEG))
    digest = name.removeprefix("cases/")
    with acting_for(OURS):
        assert photos.get(OURS, name) is None
        for evil in (f"../{THEIRS}/{name}", f"{THEIRS}/{name}", f"p/../{digest}", f"p/../../{THEIRS}/{name}",
                     f"/{name}", f"{name}\n", f"CASES/{digest}", "", "."):  # fmt: skip
            assert photos.get(OURS, evil) is None
        with pytest.raises(TenantBreach):
            photos.get(THEIRS, name)
        with pytest.raises(TenantBreach):
            photos.put(THEIRS, PRIVATE, check_photo(PNG))
    with pytest.raises(TenantBreach):
        photos.get(OURS, name)
