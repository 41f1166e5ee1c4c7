"""Mails on the terminal: each new one once, none of yesterday's."""

import threading
from typing import Any

import pytest

from infra.local.mails import show_mails


def a_mail(text: str) -> dict[str, Any]:
    return {"To": ["ann@example.com"], "Subject": "Your code", "BodyText": text}


class Mailbox:
    """Sends one mail at each look, and stops the watch after the third."""

    def __init__(self) -> None:
        self.sent = [a_mail("of yesterday")]
        self.stopping = threading.Event()
        self.coming = [a_mail("111111\nvalid for ten minutes"), a_mail("222222")]

    def mails(self) -> list[dict[str, Any]]:
        listed = list(self.sent)
        if self.coming:
            self.sent.append(self.coming.pop(0))
        elif len(listed) == 3:
            self.stopping.set()
        return listed


def test_new_mails_are_shown_once_each(capsys: pytest.CaptureFixture[str]) -> None:
    mailbox = Mailbox()

    show_mails(mailbox, mailbox.stopping, every_s=0)

    assert capsys.readouterr().out.splitlines() == [
        "  ✉ to ann@example.com: Your code",
        "  ✉ 111111",
        "  ✉ valid for ten minutes",
        "  ✉ to ann@example.com: Your code",
        "  ✉ 222222",
    ]
