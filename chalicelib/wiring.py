"""What the product needs from outside, read once from the environment: settings, the clock, randomness, Stripe, mail.

Only the ways in (`app`, `web`, `api`, `events`) ask for these; actions and rules are given what they need.
"""

import json
import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cache, cached_property
from typing import TYPE_CHECKING

from chalicelib.ids import RandomBits

if TYPE_CHECKING:
    from stripe import StripeClient

Clock = Callable[[], datetime]


def utc_now() -> datetime:
    """Give the time in UTC."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True)
class Settings:
    """What a deployment decides; see `infra/template.yaml` for where each comes from."""

    public_url: str
    mail_from: str
    session_secret: str
    stripe_secret_key: str
    stripe_webhook_secret: str
    stripe_api_base: str | None
    sms_country_code: str = ""
    wechat_app_id: str = ""
    wechat_app_secret: str = field(default="", repr=False)
    wechat_templates: Mapping[str, str] = field(default_factory=dict)
    media_bucket: str = ""

    @classmethod
    def from_environment(cls) -> "Settings":
        """Read the environment of the Lambda function."""
        return cls(
            public_url=os.environ.get("PUBLIC_URL", "http://localhost:8000").rstrip("/"),
            mail_from=os.environ.get("MAIL_FROM", "no-reply@localhost"),
            session_secret=os.environ["SESSION_SECRET"],
            stripe_secret_key=os.environ["STRIPE_SECRET_KEY"],
            stripe_webhook_secret=os.environ["STRIPE_WEBHOOK_SECRET"],
            stripe_api_base=os.environ.get("STRIPE_API_BASE") or None,
            sms_country_code=os.environ.get("SMS_COUNTRY_CODE", ""),
            wechat_app_id=os.environ.get("WECHAT_APP_ID", ""),
            wechat_app_secret=os.environ.get("WECHAT_APP_SECRET", ""),
            wechat_templates=json.loads(os.environ.get("WECHAT_TEMPLATES") or "{}"),
            media_bucket=os.environ.get("MEDIA_BUCKET", ""),
        )


@dataclass
class Tools:
    """The outside world of one deployment, opened when first used."""

    settings: Settings
    now: Clock = utc_now
    randbits: RandomBits = field(default=secrets.randbits)

    @cached_property
    def stripe(self) -> "StripeClient":
        """The platform's Stripe client."""
        from chalicelib.stripe_client import open_client

        return open_client(self.settings.stripe_secret_key, self.settings.stripe_api_base)

    @cached_property
    def post(self) -> "Post":
        """Sends notices by the ways that are turned on."""
        from chalicelib.notices.ways import open_post

        return open_post(self.settings, self.mailer)

    @cached_property
    def mailer(self) -> "Mailer":
        """Sends e-mail through SES."""
        from chalicelib.mail import SesMailer

        return SesMailer(self.settings.mail_from)

    @cached_property
    def photos(self) -> "Photos":
        """Keeps photos in S3."""
        from chalicelib.media.store import S3Photos

        return S3Photos(self.settings.media_bucket)

    @cached_property
    def files(self) -> "Files":
        """Keeps exports in S3."""
        from chalicelib.exports.files import S3Files

        return S3Files(self.settings.media_bucket)


if TYPE_CHECKING:
    from chalicelib.exports.files import Files
    from chalicelib.mail import Mailer
    from chalicelib.media.store import Photos
    from chalicelib.notices.sending import Post


@cache
def tools() -> Tools:
    """Give the tools of this process."""
    return Tools(Settings.from_environment())
