"""An owner is told by e-mail what becomes of the brand's subscription and of its limits, once, in the own language."""

import pytest

from chalicelib.billing.prices import GRACE, TRIAL_DAYS
from chalicelib.people import memberships, persons
from chalicelib.settlement.days import local_day
from chalicelib.tenancy import acting_for
from tests.billing.conftest import Billed, Counted
from tests.events.world import SETTINGS
from tests.notices.conftest import PostOffice


def owner_reads(brand: Counted, language: str) -> PostOffice:
    """The owner's language is this one; gives the post office that brings the mails."""
    post_office = PostOffice()
    brand.tools.mailer = post_office
    with acting_for(brand.tenant_id):
        owner = memberships.owner_of(brand.tenant_id)
    assert owner is not None
    persons.rename(owner.person_id, name="Mei", language=language)  # type: ignore[arg-type]
    return post_office


def subjects(post_office: PostOffice) -> list[str]:
    return post_office.subjects("owner@example.com")


def test_from_the_first_day_to_the_last_each_turn_is_told_once(brand: Billed) -> None:
    post_office = owner_reads(brand, "en")
    brand.subscribes("starter")
    brand.pump(twice=True)
    (began,) = post_office.letters
    assert began.subject == "Green Village has subscribed to Starter"
    assert "then ¥99.00 a month" in began.text
    assert f"{SETTINGS.public_url}/console/{brand.tenant.slug}/billing" in began.text

    brand.card(works=False)
    brand.time_passes(days=TRIAL_DAYS, seconds=1)
    brand.hear()
    brand.pump(twice=True)
    late = brand.state.past_due_since
    assert late is not None
    by = local_day(late + GRACE, brand.tenant.timezone)
    assert subjects(post_office)[1:] == ["Green Village: the payment for your tier failed"]
    assert f"{int(by[8:])} " in post_office.letters[1].text
    assert by[:4] in post_office.letters[1].text
    assert "change the card or pay the invoice" in post_office.letters[1].text

    brand.time_passes(days=GRACE.days)
    brand.pump(twice=True)
    brand.bank.v1.subscriptions.cancel(str(brand.state.subscription_id))
    brand.hear()
    brand.pump(twice=True)
    brand.replay()
    assert subjects(post_office)[2:] == [
        "Green Village: the payment for your tier is overdue",
        "Green Village: the subscription has ended",
    ]


def test_what_the_post_office_did_not_take_is_sent_later(brand: Billed) -> None:
    post_office = owner_reads(brand, "zh")
    post_office.answer_next("ThrottlingException")
    brand.subscribes("growth")
    brand.pump()
    assert post_office.letters == []

    brand.time_passes(minutes=6)
    brand.pump()

    assert subjects(post_office) == ["「Green Village」已订阅成长版"]
    assert "每月 ¥499.00" in post_office.letters[0].text


@pytest.mark.parametrize(
    ("language", "near", "above", "stopped"),
    [
        ("en", "nearly used up", "has outgrown its tier", "no new campaigns can be opened"),
        ("zh-Hant", "額度即將用完", "用量已超出", "暫時不能開新團"),
    ],
)
def test_limits_are_told_before_they_are_reached_when_they_are_and_when_they_stop_the_brand(
    counted: Counted, language: str, near: str, above: str, stopped: str
) -> None:
    post_office = owner_reads(counted, language)
    for orders, days in ((39, 1), (1, 1), (11, 1), (0, GRACE.days), (0, 1)):
        counted.sells(orders)
        counted.look()
        counted.pump(twice=True)
        counted.clock.advance(days=days)

    assert len(subjects(post_office)) == 3
    for said, told in zip((near, above, stopped), subjects(post_office), strict=True):
        assert said in told


def test_without_anything_new_a_look_tells_nothing(counted: Counted) -> None:
    post_office = owner_reads(counted, "en")
    for _ in range(3):
        counted.look()
        counted.clock.advance(hours=7)
    counted.pump()
    assert post_office.letters == []
