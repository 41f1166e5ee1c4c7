"""Ways to reach somebody, all behind one small interface: e-mail, and text messages where a deployment turns them on.

A provider's own words repeat addresses: only its codes leave a channel. An attempt that failed is told apart into one
that may go well later and one that never will.
"""

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Protocol, TypeVar

from chalicelib.mail import Mail, Mailer, open_client

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Message:
    """A notice as somebody gets it. `key` is the notice's id; `template` its kind, for channels that have their own."""

    key: str
    template: str
    brand: str
    link: str
    to: str = field(repr=False)
    subject: str = field(repr=False)
    text: str = field(repr=False)

    @property
    def short(self) -> str:
        """What fits into a text message."""
        return f"{self.subject} {self.link}"


class SendLater(Exception):
    """It was not taken now, or nobody knows; it may be later. `code` is the provider's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class SendNever(Exception):
    """It will not be taken however often it is sent: the address is wrong, or blocked. `code` is the provider's."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class Channel(Protocol):
    """A way to reach somebody."""

    def send(self, message: Message) -> str | None:
        """Hand a message to the provider; gives its id there. Raises `SendLater`, `SendNever`."""


def asked_of_aws(call: Callable[[], T], never: frozenset[str]) -> T:
    """Make a call of AWS; `never` are the error codes that come again however often it is made.

    Everything else passes or is repaired: throttles, quotas, a paused account, a sender not verified yet, a cut line.
    """
    from botocore.exceptions import BotoCoreError, ClientError

    problem: SendLater | SendNever
    try:
        return call()
    except ClientError as error:
        code = str(error.response.get("Error", {}).get("Code", "unknown"))
        problem = SendNever(code) if code in never else SendLater(code)
    except BotoCoreError as error:
        problem = SendLater(type(error).__name__)
    raise problem  # out here, so that no trace carries the provider's own words


class EmailChannel:
    """E-mail by SES."""

    # The address cannot be written to: SES has it on its list, or it is none at all.
    NEVER = frozenset({"MessageRejected", "InvalidParameterValue"})

    def __init__(self, mailer: Mailer) -> None:
        self._mailer = mailer

    def send(self, message: Message) -> str | None:
        """Hand a mail to SES. Raises `SendLater`, `SendNever`."""
        mail = Mail(message.to, message.subject, message.text)
        return asked_of_aws(lambda: self._mailer.send(mail), self.NEVER)


class SmsChannel:
    """Text messages by SNS. `country_code` (such as `+86`) goes before numbers that have none."""

    NEVER = frozenset({"InvalidParameter", "InvalidParameterValue", "ParameterValueInvalid", "OptedOut"})

    def __init__(self, country_code: str, client: Any = None) -> None:
        self._country_code, self._client = country_code, client

    def send(self, message: Message) -> str | None:
        """Hand a text message to SNS. Raises `SendLater`, `SendNever`."""
        if self._client is None:
            self._client = open_client("sns")
        taken = asked_of_aws(lambda: self._client.publish(**self._request(message)), self.NEVER)
        return str(taken["MessageId"])

    def _request(self, message: Message) -> dict[str, Any]:
        kind = {"DataType": "String", "StringValue": "Transactional"}
        return {
            "PhoneNumber": international(message.to, self._country_code),
            "Message": message.short,
            "MessageAttributes": {"AWS.SNS.SMS.SMSType": kind},
        }


def international(phone: str, country_code: str) -> str:
    """Write a phone number with its country's code (`013800138000`, `+86`: `+8613800138000`)."""
    if phone.startswith("+"):
        return phone
    return f"+{phone[2:]}" if phone.startswith("00") else country_code + phone.removeprefix("0")
