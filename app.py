"""Every way in: the pages, the JSON API, Stripe's webhook, the table's stream, the schedules. No logic."""

from datetime import datetime
from typing import Any

from chalice.app import Chalice, CloudWatchEvent, Rate

from chalicelib import wiring
from chalicelib.api.blueprint import api_blueprint
from chalicelib.web.routes import web_blueprint

app = Chalice(app_name="tuanyuan")
# Files and photos are no text: their bytes are left alone. What the gateway takes for bytes is in infra/template.yaml.
app.api.binary_types += ["multipart/form-data", "image/webp"]
app.register_blueprint(api_blueprint(wiring.tools))
app.register_blueprint(web_blueprint(wiring.tools))


@app.lambda_function(name="stream")
def stream(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The table's stream (the event source is in infra/template.yaml)."""
    from chalicelib.events.stream import handle
    from chalicelib.wiring import tools

    return handle(event, tools())


@app.lambda_function(name="roll_up")
def roll_up(event: dict[str, Any], context: Any) -> dict[str, Any]:
    """The table's stream once more, in windows, for the figures of leaders."""
    from chalicelib.figures.rollup import handle
    from chalicelib.wiring import tools

    return handle(event, tools().now())


@app.schedule(Rate(15, unit=Rate.MINUTES), name="settle")
def settle(event: CloudWatchEvent) -> None:
    """Close the days that are over."""
    from chalicelib.events import schedules

    schedules.settle(_time_of(event), _time_left(event))


@app.schedule(Rate(15, unit=Rate.MINUTES), name="pay_out")
def pay_out(event: CloudWatchEvent) -> None:
    """Send what leaders have available."""
    from chalicelib.events import schedules
    from chalicelib.wiring import tools

    schedules.pay_out(_time_of(event), tools(), _time_left(event))


@app.schedule(Rate(5, unit=Rate.MINUTES), name="sweep")
def sweep(event: CloudWatchEvent) -> None:
    """Expire what was not paid, drive on what got stuck."""
    from chalicelib.events import schedules
    from chalicelib.wiring import tools

    schedules.sweep(_time_of(event), tools(), _time_left(event))


@app.schedule(Rate(1, unit=Rate.DAYS), name="audit")
def audit(event: CloudWatchEvent) -> None:
    """Add up every brand's balances, and compare figures."""
    from chalicelib.events import schedules

    schedules.audit(_time_of(event), _time_left(event))


def _time_of(event: CloudWatchEvent) -> datetime:
    return datetime.fromisoformat(event.to_dict()["time"])


def _time_left(event: CloudWatchEvent) -> Any:
    from chalicelib.events.schedules import time_left

    context: Any = event.context  # chalice's stubs call it a dict; it is Lambda's context object
    return time_left(context.get_remaining_time_in_millis)
