"""A mailer that keeps what it was given, and reads codes off it as a person would."""

import re

from chalicelib.mail import Mail

SECRET = "a-secret-of-this-test"


class Mailbox:
    """Every letter sent, in order."""

    def __init__(self) -> None:
        self.letters: list[Mail] = []

    def send(self, mail: Mail) -> None:
        self.letters.append(mail)

    def last_code(self, email: str) -> str:
        """The code in the latest letter to an address."""
        text = next(mail.text for mail in reversed(self.letters) if mail.to == email)
        found = re.search(r"\b\d{6}\b", text)
        assert found
        return found.group()
