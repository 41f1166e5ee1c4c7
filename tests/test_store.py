"""The table's manners: what names nothing, what a log shows, which writes are tried again."""

import pytest
from botocore.exceptions import ClientError
from pynamodb.attributes import UnicodeAttribute
from pynamodb.exceptions import UpdateError

from chalicelib import store
from chalicelib.store import Record
from chalicelib.tenancy import PLATFORM


class Card(Record, discriminator="test-card"):
    phone = UnicodeAttribute(default="")


class Refusing:
    """A write that is refused some times, then goes through."""

    def __init__(self, code: str, times: int) -> None:
        self.code, self.left, self.tried = code, times, 0

    def __call__(self) -> str:
        self.tried += 1
        if self.left == 0:
            return "written"
        self.left -= 1
        raise UpdateError("refused", ClientError({"Error": {"Code": self.code, "Message": ""}}, "UpdateItem"))


@pytest.mark.parametrize(
    ("pk", "sk"), [(f"{PLATFORM}#" + "x" * 2048, "1"), (f"{PLATFORM}#a", "团" * 342), (f"{PLATFORM}#a", ""),
                   (f"{PLATFORM}#\ud800", "1"), (f"{PLATFORM}#a\x00", "1")],
)  # fmt: skip
def test_a_key_that_no_item_can_have_finds_nothing(table, pk, sk):
    assert store.get(Card, pk, sk) is None


def test_a_record_in_a_log_shows_its_key_only():
    assert repr(Card("p#card", "1", phone="13800138000")) == "Card('p#card', '1')"


def test_a_single_write_that_meets_a_transaction_is_tried_again():
    write = Refusing("TransactionConflictException", times=3)

    assert store.again_when_crossed(write, pause=lambda _: None) == "written"
    assert write.tried == 4


def test_a_write_that_keeps_meeting_transactions_gives_up():
    write = Refusing("TransactionConflictException", times=100)

    with pytest.raises(UpdateError):
        store.again_when_crossed(write, pause=lambda _: None)
    assert write.tried == 8


def test_a_write_whose_condition_failed_is_not_tried_again():
    write = Refusing("ConditionalCheckFailedException", times=1)

    with pytest.raises(UpdateError) as refused:
        store.again_when_crossed(write, pause=lambda _: None)
    assert store.condition_failed(refused.value)
    assert write.tried == 1


def test_a_conditional_write_says_whether_it_happened():
    assert store.written(Refusing("TransactionConflictException", times=1)) is True
    assert store.written(Refusing("ConditionalCheckFailedException", times=1)) is False
    with pytest.raises(UpdateError):
        store.written(Refusing("ValidationException", times=1))
