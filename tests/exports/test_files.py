"""Exports in S3: joined however large, fetched by a signed address of a minute, and no brand names another's."""

from urllib.parse import parse_qs, urlsplit

import boto3
import pytest
from moto import mock_aws

from chalicelib.exports.files import S3Files
from chalicelib.tenancy import TenantBreach, acting_for
from tests.exports.fake import FakeFiles

OURS, THEIRS = "t00000000000ours", "t0000000000their"
EXPORT = "exp_" + "0" * 20


@pytest.fixture(params=["S3", "fake"])
def files(request):
    """Files as they are kept on AWS, and as tests of pages keep them."""
    if request.param == "fake":
        yield FakeFiles()
        return
    with mock_aws():
        boto3.client("s3").create_bucket(Bucket="media")
        yield S3Files("media")


@pytest.mark.parametrize("sizes", [[3, 0, 5], [5_000_000, 5_000_000, 9_000_000, 1], [8_000_000]])
def test_pieces_are_joined_in_their_order_however_large(files, sizes):
    pieces = [bytes([65 + number]) * size for number, size in enumerate(sizes)]
    with acting_for(OURS):
        for number, piece in enumerate(pieces):
            files.put(OURS, f"{EXPORT}/{number:05d}", piece)
        kept = (files.get(OURS, f"{EXPORT}/{number:05d}") for number in range(len(pieces)))
        assert files.join(OURS, f"{EXPORT}/file", kept) == sum(sizes)
        assert files.get(OURS, f"{EXPORT}/file") == b"".join(pieces)


def test_an_address_is_signed_for_a_minute_and_says_how_to_save_the_file():
    with mock_aws(), acting_for(OURS):
        parts = urlsplit(S3Files("media").link(OURS, f"{EXPORT}/file", save_as="orders-20260302.csv"))
    asked = parse_qs(parts.query)
    assert parts.path.endswith(f"/media/exports/{OURS}/{EXPORT}/file")
    assert asked["X-Amz-Expires"] == ["60"]
    assert asked["X-Amz-Algorithm"] == ["AWS4-HMAC-SHA256"]
    assert asked["response-content-disposition"] == ['attachment; filename="orders-20260302.csv"']


def test_no_brand_names_anothers_file(files):
    with acting_for(OURS):
        for ask in (files.get, lambda tenant, name: files.put(tenant, name, b"")):
            with pytest.raises(TenantBreach):
                ask(THEIRS, f"{EXPORT}/file")
            for evil in (f"../{THEIRS}/{EXPORT}/file", f"{EXPORT}/../file", f"{EXPORT}/file\n", "", "file"):
                with pytest.raises(ValueError, match="is no name"):
                    ask(OURS, evil)
