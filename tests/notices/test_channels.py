"""Ways to reach people, and how their refusals are told apart. What a provider says never leaves with an address."""

import json
from collections.abc import Iterator
from typing import Any

import boto3
import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from moto import mock_aws

from chalicelib.mail import SesMailer
from chalicelib.notices import wechat
from chalicelib.notices.channels import EmailChannel, Message, SendLater, SendNever, SmsChannel, international
from chalicelib.notices.ways import open_post
from chalicelib.notices.wechat import WechatChannel
from chalicelib.wiring import Settings
from tests.events.world import SETTINGS
from tests.notices.conftest import BUYER, PostOffice

MESSAGE = Message(
    "ord_1.order-paid.email",
    "order_paid",
    "Green Village",
    "https://shop.example/o",
    to=BUYER,
    subject="Green Village: your order is paid",
    text="Thank you!",
)


@pytest.fixture
def ses() -> Iterator[Any]:
    with mock_aws():
        client = boto3.client("ses", region_name="us-east-1")
        client.verify_email_identity(EmailAddress="shop@example.com")
        yield client


def test_a_mail_goes_out_by_ses_and_has_its_name_there(ses: Any) -> None:
    assert EmailChannel(SesMailer("shop@example.com")).send(MESSAGE)
    assert ses.get_send_quota()["SentLast24Hours"] == 1


def test_ses_gets_little_time_since_others_wait_behind_a_mail(ses: Any) -> None:
    mailer = SesMailer("shop@example.com")
    EmailChannel(mailer).send(MESSAGE)
    patience = mailer._client.meta.config
    assert patience.connect_timeout + patience.read_timeout <= 10
    assert patience.retries["total_max_attempts"] == 2


def test_a_sender_that_ses_does_not_know_is_refused_for_good(ses: Any) -> None:
    with pytest.raises(SendNever) as refused:
        EmailChannel(SesMailer("stranger@example.com")).send(MESSAGE)
    assert refused.value.code == "MessageRejected"


@pytest.mark.parametrize("code", ["MessageRejected", "InvalidParameterValue"])
def test_an_address_that_cannot_be_written_to_is_not_tried_again(code: str) -> None:
    office = PostOffice()
    office.answer_next(code)
    with pytest.raises(SendNever, match=code):
        EmailChannel(office).send(MESSAGE)


@pytest.mark.parametrize(
    ("mood", "code"),
    [
        ("Throttling", "Throttling"),
        ("ServiceUnavailable", "ServiceUnavailable"),
        ("AccountSendingPausedException", "AccountSendingPausedException"),
        ("MailFromDomainNotVerifiedException", "MailFromDomainNotVerifiedException"),
        ("timeout", "ReadTimeoutError"),
    ],
)
def test_what_passes_or_can_be_repaired_is_tried_again(mood: str, code: str) -> None:
    office = PostOffice()
    office.answer_next(mood)
    with pytest.raises(SendLater) as trouble:
        EmailChannel(office).send(MESSAGE)
    assert trouble.value.code == code


def test_no_trace_of_a_refusal_repeats_the_address() -> None:
    office = PostOffice()
    office.answer_next("MessageRejected")
    with pytest.raises(SendNever) as refused:
        EmailChannel(office).send(MESSAGE)
    assert BUYER not in repr(refused.value)
    assert refused.value.__context__ is None
    assert BUYER not in repr(MESSAGE)


# ------------------------------------------------------------------------------------------------ text messages


class Sns:
    """SNS, as far as text messages need it."""

    def __init__(self, error: Exception | None = None) -> None:
        self.published: list[dict[str, Any]] = []
        self._error = error

    def publish(self, **request: Any) -> dict[str, str]:
        if self._error:
            raise self._error
        self.published.append(request)
        return {"MessageId": "sns-1"}


def sms_to(phone: str, sns: Sns) -> str | None:
    message = Message("k", "order_paid", "Green", "https://l", to=phone, subject="Green: paid", text="long")
    return SmsChannel("+86", sns).send(message)


def test_a_text_message_is_the_subject_and_the_link() -> None:
    sns = Sns()
    assert sms_to("13800138000", sns) == "sns-1"
    (sent,) = sns.published
    assert (sent["PhoneNumber"], sent["Message"]) == ("+8613800138000", "Green: paid https://l")
    assert sent["MessageAttributes"]["AWS.SNS.SMS.SMSType"]["StringValue"] == "Transactional"


@pytest.mark.parametrize(
    ("typed", "dialled"),
    [("13800138000", "+8613800138000"), ("+4915112345", "+4915112345"), ("004915112345", "+4915112345"),
     ("013800138000", "+8613800138000")],
)  # fmt: skip
def test_phone_numbers_are_dialled_with_their_country(typed: str, dialled: str) -> None:
    assert international(typed, "+86") == dialled


def test_who_opted_out_is_not_tried_again_and_a_lost_line_is() -> None:
    opted_out = ClientError({"Error": {"Code": "OptedOut", "Message": "13800138000"}}, "Publish")
    with pytest.raises(SendNever, match="OptedOut"):
        sms_to("13800138000", Sns(opted_out))
    with pytest.raises(SendLater, match="EndpointConnectionError"):
        sms_to("13800138000", Sns(EndpointConnectionError(endpoint_url="https://sns.example")))


# ------------------------------------------------------------------------------------------------ WeChat


class Weixin:
    """WeChat's two addresses, answering 200 to everything as the real ones do."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, dict[str, Any]]] = []
        self.errcodes: list[int] = []
        self.tokens = 0

    def __call__(self, url: str, body: dict[str, Any]) -> bytes:
        self.asked.append((url, body))
        if url.endswith("/cgi-bin/stable_token"):
            self.tokens += 1
            return json.dumps({"access_token": f"token-{self.tokens}", "expires_in": 7200}).encode()
        code = self.errcodes.pop(0) if self.errcodes else 0
        return json.dumps({"errcode": code, "errmsg": f"to {body['touser']}", "msgid": 77}).encode()


@pytest.fixture
def weixin() -> Weixin:
    return Weixin()


def channel(weixin: Weixin, clock_s: Any = lambda: 100.0) -> WechatChannel:
    return WechatChannel("wx1", "secret", {"order_paid": "tpl-1"}, fetch=weixin, clock_s=clock_s)


def test_wechat_gets_its_own_template_with_the_brand_and_the_news(weixin: Weixin) -> None:
    assert channel(weixin).send(MESSAGE) == "77"
    (_, asked_for_token), (url, body) = weixin.asked
    assert asked_for_token == {"grant_type": "client_credential", "appid": "wx1", "secret": "secret"}
    assert url == "https://api.weixin.qq.com/cgi-bin/message/template/send?access_token=token-1"
    assert (body["touser"], body["template_id"], body["url"]) == (BUYER, "tpl-1", MESSAGE.link)
    assert body["data"] == {"thing1": {"value": "Green Village"}, "thing2": {"value": "Green Village: your "}}
    assert len(body["client_msg_id"]) <= 32


def test_a_token_is_asked_for_once_until_it_ends_or_is_refused(weixin: Weixin) -> None:
    now_s = [100.0]
    one = channel(weixin, lambda: now_s[0])
    one.send(MESSAGE)
    one.send(MESSAGE)
    assert weixin.tokens == 1
    now_s[0] += 7_000
    one.send(MESSAGE)
    assert weixin.tokens == 2
    weixin.errcodes.append(40001)
    with pytest.raises(SendLater, match="wechat_40001"):
        one.send(MESSAGE)
    one.send(MESSAGE)
    assert weixin.tokens == 3


def test_wechats_refusals_are_told_apart(weixin: Weixin) -> None:
    weixin.errcodes += [43004, -1]
    with pytest.raises(SendNever, match="wechat_43004"):
        channel(weixin).send(MESSAGE)
    with pytest.raises(SendLater, match="wechat_-1"):
        channel(weixin).send(MESSAGE)
    with pytest.raises(SendNever, match="no_template"):
        WechatChannel("wx1", "secret", {}, fetch=weixin).send(MESSAGE)
    with pytest.raises(SendLater, match="wechat_unreadable"):
        WechatChannel("wx1", "s", {"order_paid": "t"}, fetch=lambda url, body: b"<html>").send(MESSAGE)


def test_a_lost_line_to_wechat_tells_no_secret() -> None:
    with pytest.raises(SendLater) as trouble:
        wechat.fetch("http://127.0.0.1:9/cgi-bin?access_token=SECRET", {})
    assert "SECRET" not in repr(trouble.value)
    assert trouble.value.__context__ is None


# ------------------------------------------------------------------------------------------------ which are on


def test_only_e_mail_is_on_until_settings_turn_others_on() -> None:
    assert set(open_post(SETTINGS, PostOffice()).channels) == {"email"}
    more = Settings(
        "https://shop.example", "no-reply@shop.example", "s", "sk", "wh", None,
        sms_country_code="+86", wechat_app_id="wx1", wechat_app_secret="x", wechat_templates={"ready": "t"},
    )  # fmt: skip
    assert set(open_post(more, PostOffice()).channels) == {"email", "sms", "wechat"}
    assert "wechat_app_secret" not in repr(more)


def test_settings_of_other_ways_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SESSION_SECRET", "STRIPE_SECRET_KEY", "STRIPE_WEBHOOK_SECRET"):
        monkeypatch.setenv(name, "x")
    for name in ("SMS_COUNTRY_CODE", "WECHAT_APP_ID", "WECHAT_APP_SECRET", "WECHAT_TEMPLATES"):
        monkeypatch.setenv(name, "")  # as CloudFormation passes what was not given
    assert (Settings.from_environment().sms_country_code, Settings.from_environment().wechat_templates) == ("", {})
    monkeypatch.setenv("SMS_COUNTRY_CODE", "+86")
    monkeypatch.setenv("WECHAT_TEMPLATES", '{"ready": "t"}')
    assert Settings.from_environment().sms_country_code == "+86"
    assert Settings.from_environment().wechat_templates == {"ready": "t"}
