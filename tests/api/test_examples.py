"""The requests that the guide shows, sent one after the other as they stand there."""

import re
import shlex
from datetime import timedelta
from typing import Any

from chalicelib.api.examples import REQUESTS, curl
from tests.api.world import System


def read(command: str) -> tuple[str, dict[str, str], bytes]:
    """Read a command as a shell and curl would: the path, the headers, the body."""
    words = shlex.split(command.replace("\\\n", " "))
    assert words[0] == "curl"
    headers = [words[at + 1] for at, word in enumerate(words) if word == "-H"]
    body = words[words.index("-d") + 1] if "-d" in words else ""
    return words[1].replace("$V", "/v1"), dict(one.split(": ", 1) for one in headers), body.encode()


def test_every_request_of_the_guide_works_as_it_stands_there(brand: System) -> None:
    now = brand.world.clock()
    known = {"OPENS_AT": now.isoformat(), "CLOSES_AT": (now + timedelta(days=7)).isoformat()}
    answers: list[Any] = []
    for one in REQUESTS:
        command = re.sub(r"\b[A-Z]+_?[A-Z]*\b", lambda found: known.get(found[0], found[0]), curl(one))
        path, headers, body = read(command)
        assert headers["Authorization"] == "Bearer $KEY"
        if one.method == "POST":
            assert headers["Content-Type"] == "application/json"
            sent = brand.send(path, body, key=headers["Idempotency-Key"])
            again = brand.send(path, body, key=headers["Idempotency-Key"])
            assert again.body == sent.body, one.text
        else:
            sent = brand.get(path)
        assert sent.status == 200, (one.text, sent.text)
        if one.gives:
            known[one.gives] = sent.body["code" if one.gives == "CODE" else "id"]
        answers.append(sent.body)
    order = answers[4]
    assert order["checkout_url"].startswith("https://")
    assert order["amount_minor"] == 8900
