"""Where a local stack lives, and waiting for it."""

from pathlib import Path

import pytest

from infra.local.settings import LocalSettings, PortsRefused
from infra.local.waiting import WaitedTooLong, wait_until

PROJECT = Path("/project")


def test_without_a_word_it_lives_in_dot_local_on_the_known_ports() -> None:
    settings = LocalSettings.from_environment({}, PROJECT)

    assert settings == LocalSettings(PROJECT, PROJECT / ".local", 4566, 12111, 8000)
    assert settings.webhook_url == "http://localhost:8000/stripe/webhook"


def test_another_process_finds_the_same_stack_by_the_environment() -> None:
    settings = LocalSettings(PROJECT, Path("/elsewhere"), 1, 2, 3)

    assert LocalSettings.from_environment(settings.environment, PROJECT) == settings


@pytest.mark.parametrize("written", ["", "1,2", "1,2,x", "1,2,3,4"])
def test_ports_that_are_not_three_numbers_are_refused_in_words(written: str) -> None:
    with pytest.raises(PortsRefused, match="three numbers like 4566,12111,8000"):
        LocalSettings.from_environment({"TUANYUAN_LOCAL_PORTS": written}, PROJECT)


def test_free_ports_are_three_different_ones() -> None:
    settings = LocalSettings.on_free_ports(PROJECT, PROJECT)

    assert len({settings.aws_port, settings.stripe_port, settings.site_port}) == 3


def test_waiting_gives_back_what_was_found() -> None:
    looks = iter([None, "", "found"])

    assert wait_until(lambda: next(looks), "a thing", 5, poll_s=0) == "found"


def test_waiting_ends_with_a_sentence_and_looks_at_least_once() -> None:
    looks: list[int] = []

    with pytest.raises(WaitedTooLong, match=r"Waited 0 s for this: rain\."):
        wait_until(lambda: looks.append(1), "rain", 0)
    assert looks == [1]
