"""E-mail: one small interface, sent by SES; tests collect it in a list."""

from dataclasses import dataclass
from typing import Any, Protocol


@dataclass(frozen=True, slots=True)
class Mail:
    """A plain-text message to one person."""

    to: str
    subject: str
    text: str


class Mailer(Protocol):
    """Whoever sends e-mail."""

    def send(self, mail: Mail) -> str | None:
        """Send one message; gives its id at the transport, if it has one. Raises what the transport raises."""


class SesMailer:
    """Sends by Amazon SES."""

    def __init__(self, sender: str) -> None:
        self._sender = sender
        self._client: Any = None

    def send(self, mail: Mail) -> str | None:
        """Hand one message to SES."""
        if self._client is None:
            self._client = open_client("ses")
        taken = self._client.send_email(
            Source=self._sender,
            Destination={"ToAddresses": [mail.to]},
            Message={
                "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
                "Body": {"Text": {"Data": mail.text, "Charset": "UTF-8"}},
            },
        )
        return str(taken["MessageId"])


def open_client(service: str) -> Any:
    """Open a client of AWS that gives up soon: others wait behind a message, and a page or the stream with them."""
    import botocore.session
    from botocore.config import Config

    soon = Config(connect_timeout=3, read_timeout=5, retries={"mode": "standard", "total_max_attempts": 2})
    return botocore.session.get_session().create_client(service, config=soon)
