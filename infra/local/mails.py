"""The mails of the local stack on the terminal: sign-in codes reach the developer without a mailbox."""

import threading
from typing import Any, Protocol

LOOK_EVERY_S = 1.0


class Mailbox(Protocol):
    """Whoever lists what was sent, oldest first; a `Stack` does."""

    def mails(self) -> list[dict[str, Any]]:
        """Give every mail so far."""


def show_mails(mailbox: Mailbox, stopping: threading.Event, every_s: float = LOOK_EVERY_S) -> None:
    """Print each mail sent from now on, until `stopping` is set."""
    shown = len(mailbox.mails())
    while not stopping.wait(every_s):
        sent = mailbox.mails()
        for mail in sent[shown:]:
            print(as_text(mail), flush=True)
        shown = len(sent)


def as_text(mail: dict[str, Any]) -> str:
    """One mail as it stands on the terminal."""
    lines = [f"to {', '.join(mail['To'])}: {mail['Subject']}", *str(mail["BodyText"]).splitlines()]
    return "\n".join(f"  ✉ {line}" for line in lines)
