"""A brand whose buyers leave an e-mail address, and a post office that can have bad days."""

from typing import Any

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError

from chalicelib.events import schedules
from chalicelib.mail import Mail
from chalicelib.notices import store
from chalicelib.notices.store import Notice
from chalicelib.orders import placing
from chalicelib.orders import store as orders
from chalicelib.orders.commands import OrderedItem, Place
from chalicelib.orders.lines import Customer
from chalicelib.orders.store import Order
from chalicelib.tenancy import acting_for
from tests.conftest import StoppedClock
from tests.events.world import SETTINGS, Brand

BUYER = "li.na@mail.example"


class Killed(BaseException):
    """The process ends here; nothing of ours may catch it."""


class PostOffice:
    """SES with its moods: `answer_next` says how the next mails fare; then all are taken."""

    def __init__(self) -> None:
        self.letters: list[Mail] = []
        self.asked = 0
        self._moods: list[str] = []

    def answer_next(self, *moods: str) -> None:
        """SES's error codes, `timeout`, `bug`, `killed` (before SES has it), `killed after` (SES has taken it)."""
        self._moods += moods

    def send(self, mail: Mail) -> str | None:
        self.asked += 1
        mood = self._moods.pop(0) if self._moods else "taken"
        if mood == "killed":
            raise Killed
        if mood == "bug":
            raise ValueError(f"cannot send to {mail.to}")
        if mood == "timeout":
            raise ReadTimeoutError(endpoint_url="https://email.example")
        if mood not in ("taken", "killed after"):
            error = {"Code": mood, "Message": f"Email address is not verified: {mail.to}"}
            raise ClientError({"Error": error}, "SendEmail")
        self.letters.append(mail)
        if mood == "killed after":
            raise Killed
        return f"ses-{len(self.letters)}"

    def subjects(self, to: str = BUYER) -> list[str]:
        return [mail.subject for mail in self.letters if mail.to == to]


class Village(Brand):
    """The brand of `tests.events.world`, with buyers who leave their e-mail address."""

    def __init__(self, clock: StoppedClock, **more: Any) -> None:
        super().__init__(clock, **more)
        self.post_office = PostOffice()
        self.tools.mailer = self.post_office
        self.seller = self.leader("wang")
        self.offered = self.campaign(18_00, 2_000)

    def ordered(self, *, language: str | None = "en", **customer: Any) -> Order:
        """Somebody puts two boxes of apples into the basket."""
        self.clock.advance(seconds=1)
        campaign_id, product_id = self.offered
        known = {"name": "Li Na", "phone": "13800138000", "email": BUYER, "pickup": "Gate 3"}
        command = Place(
            leader_id=self.seller,
            campaign_id=campaign_id,
            lines=[OrderedItem(product_id=product_id, qty=2)],
            customer=Customer(**(known | customer)),
            language=language,  # type: ignore[arg-type]
        )
        with acting_for(self.tenant_id):
            return placing.place(
                self.tenant_id, command, now=self.clock(), randbits=self.bits, stripe=self.stripe,
                public_url=SETTINGS.public_url,
            ).order  # fmt: skip

    def paid_for(self, **how: Any) -> Order:
        """Ordered, paid, and taken in."""
        order = self.ordered(**how)
        self.pays(order)
        self.pump()
        return order

    def sweep(self) -> None:
        schedules.sweep(self.clock(), self.tools, lambda: True)
        self.pump()

    def notices_of(self, about: str) -> list[Notice]:
        with acting_for(self.tenant_id):
            return store.told_about(self.tenant_id, about)

    def notice_of(self, about: str) -> Notice:
        (notice,) = self.notices_of(about)
        return notice

    def given_up(self) -> list[Notice]:
        with acting_for(self.tenant_id):
            return store.given_up(self.tenant_id, limit=50)

    def page_of(self, order: Order) -> str:
        with acting_for(self.tenant_id):
            token = orders.get(self.tenant_id, order.order_id).page_token
        return f"{SETTINGS.public_url}/s/{self.tenant.slug}/{self.seller}/o/{token}"


@pytest.fixture
def village(table: None, clock: StoppedClock) -> Village:
    return Village(clock)
