"""The events that a driver makes up: shaped as EventBridge shapes them."""

from datetime import UTC, datetime

import pytest

from infra.local.stack import logical_id_of, scheduled_event


@pytest.mark.parametrize(("name", "logical_id"), [("settle", "Settle"), ("pay_out", "PayOut")])
def test_a_function_is_found_in_the_template_under_the_name_that_chalice_derives(name: str, logical_id: str) -> None:
    assert logical_id_of(name) == logical_id


def test_a_scheduled_event_says_when_in_utc() -> None:
    event = scheduled_event("settle", datetime(2026, 3, 1, 0, 15, tzinfo=UTC))

    assert (event["time"], event["source"], event["detail-type"]) == (
        "2026-03-01T00:15:00Z",
        "aws.events",
        "Scheduled Event",
    )


def test_a_time_without_a_zone_is_refused() -> None:
    with pytest.raises(ValueError, match="time zone"):
        scheduled_event("settle", datetime(2026, 3, 1))  # noqa: DTZ001 - that is the mistake
