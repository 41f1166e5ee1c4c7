"""Bringing the local stack up, and down again: start, package, deploy, open the front door."""

import fcntl
import json
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager

from chalicelib.stripe_client import open_client as open_stripe
from infra.billing_setup import set_up
from infra.deploy import Client, deploy
from infra.local.processes import Program
from infra.local.settings import STACK_NAME, LocalSettings
from infra.local.stack import Stack, open_client
from infra.local.webhook import Webhook, register
from infra.packaging import package

BUCKET = "tuanyuan-deployments"
MAIL_FROM = "tuanyuan@localhost.localdomain"
STRIPE_KEY = "sk_test_tuanyuan_local"

Say = Callable[[str], None]


class StackInUse(RuntimeError):
    """Another driver works on the same folder."""


def sandbox(settings: LocalSettings) -> Program:
    """The Stripe sandbox."""
    state = settings.directory / "stripe"
    return Program(
        name="stripe",
        command=[
            *(sys.executable, "-m", "infra.local.stripe_sandbox"),
            *("--port", str(settings.stripe_port), "--state-dir", str(state)),
        ],
        health_url=f"http://127.0.0.1:{settings.stripe_port}/_sandbox/health",
        directory=settings.directory,
    )


def local_aws(settings: LocalSettings) -> Program:
    """Local AWS."""
    state = settings.directory / "aws"
    return Program(
        name="aws",
        command=[
            *(sys.executable, "-m", "infra.local.aws"),
            *("--port", str(settings.aws_port), "--state-dir", str(state)),
        ],
        health_url=f"{settings.aws_url}/_ministack/health",
        directory=settings.directory,
    )


def front_door(settings: LocalSettings, rest_api_id: str = "") -> Program:
    """The front door to one deployed API."""
    target = f"{settings.aws_url}/_aws/execute-api/{rest_api_id}/api"
    return Program(
        name="front",
        command=[
            *(sys.executable, "-m", "infra.local.front"),
            *("--port", str(settings.site_port), "--target", target),
        ],
        health_url=f"http://127.0.0.1:{settings.site_port}/_front/health",
        directory=settings.directory,
    )


@contextmanager
def sole_driver(settings: LocalSettings) -> Iterator[None]:
    """Hold the stack's folder for one driver. The lock goes with the process, however it dies."""
    settings.directory.mkdir(parents=True, exist_ok=True)
    with (settings.directory / "driver.lock").open("w") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as held:
            raise StackInUse(f"Another `make run` works in {settings.directory}; stop it first.") from held
        yield


def bring_up(settings: LocalSettings, say: Say = print) -> Stack:
    """Start what is not running, deploy what has changed, and give the stack. Safe to repeat after any crash."""
    aws = local_aws(settings)
    say("starting the Stripe sandbox and local AWS …")
    sandbox(settings).ensure()
    aws.ensure()
    webhook = register(settings.stripe_url, STRIPE_KEY, settings.webhook_url, settings.directory / "webhook.json")
    set_up(open_stripe(STRIPE_KEY, settings.stripe_url), say=lambda made: None)
    say("packaging and deploying …")
    outputs = _deploy(settings, webhook)
    front_door(settings, outputs["RestAPIId"]).ensure()
    return Stack(settings, aws.pid)


def take_down(settings: LocalSettings) -> None:
    """Stop all three in order: first who calls, last who keeps the data. The data stays."""
    for program in (sandbox(settings), front_door(settings), local_aws(settings)):
        program.stop()


def reset(settings: LocalSettings) -> None:
    """Stop the stack and forget its data; packages are kept, they hold no data."""
    take_down(settings)
    for data in ("aws", "stripe", "tmp"):
        shutil.rmtree(settings.directory / data, ignore_errors=True)
    for file in ("webhook.json", "session-secret.json"):
        (settings.directory / file).unlink(missing_ok=True)


def _deploy(settings: LocalSettings, webhook: Webhook) -> dict[str, str]:
    s3, cloudformation = open_client(settings, "s3"), open_client(settings, "cloudformation")
    _ensure_bucket(s3)
    open_client(settings, "ses").verify_email_identity(EmailAddress=MAIL_FROM)
    return deploy(
        package(settings.project, settings.directory / "package"),
        stack_name=STACK_NAME,
        bucket=BUCKET,
        parameters={
            "StripeSecretKey": STRIPE_KEY,
            "StripeWebhookSecret": webhook.secret,
            "StripeApiBase": settings.stripe_url,
            "PublicUrl": settings.site_url,
            "MailFrom": MAIL_FROM,
            "SessionSecret": _session_secret(settings),
        },
        s3=s3,
        cloudformation=cloudformation,
    )


def _ensure_bucket(s3: Client) -> None:
    if BUCKET not in {bucket["Name"] for bucket in s3.list_buckets()["Buckets"]}:
        s3.create_bucket(Bucket=BUCKET)


def _session_secret(settings: LocalSettings) -> str:
    """Keep one secret for the stack's life, so that a restart logs nobody out."""
    path = settings.directory / "session-secret.json"
    if not path.exists():
        path.write_text(json.dumps(secrets.token_hex(32)))
    return str(json.loads(path.read_text()))
