"""Which ways of reaching people a deployment has turned on: e-mail always, the others when their settings are there."""

from typing import TYPE_CHECKING

from chalicelib.mail import Mailer
from chalicelib.notices.channels import Channel, EmailChannel, SmsChannel
from chalicelib.notices.sending import Post
from chalicelib.notices.wechat import WechatChannel

if TYPE_CHECKING:
    from chalicelib.wiring import Settings


def open_post(settings: "Settings", mailer: Mailer) -> Post:
    """Make the post of a deployment; nothing is connected before something is sent."""
    channels: dict[str, Channel] = {"email": EmailChannel(mailer)}
    if settings.sms_country_code:
        channels["sms"] = SmsChannel(settings.sms_country_code)
    if settings.wechat_templates:
        channels["wechat"] = WechatChannel(
            settings.wechat_app_id, settings.wechat_app_secret, settings.wechat_templates
        )
    return Post(channels, settings.public_url)
