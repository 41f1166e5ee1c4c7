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

    def send(self, mail: Mail) -> None:
        """Send one message; raises what the transport raises."""


class SesMailer:
    """Sends by Amazon SES."""

    def __init__(self, sender: str) -> None:
        self._sender = sender
        self._client: Any = None

    def send(self, mail: Mail) -> None:
        """Hand one message to SES."""
        if self._client is None:
            import botocore.session

            self._client = botocore.session.get_session().create_client("ses")
        self._client.send_email(
            Source=self._sender,
            Destination={"ToAddresses": [mail.to]},
            Message={
                "Subject": {"Data": mail.subject, "Charset": "UTF-8"},
                "Body": {"Text": {"Data": mail.text, "Charset": "UTF-8"}},
            },
        )
