"""WeChat template messages, from one official account. Its templates have two fields: `thing1` brand, `thing2` news."""

import time
from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from chalicelib.notices.channels import Message, SendLater, SendNever

_HOST = "https://api.weixin.qq.com"
_THING_LENGTH = 20
_TOKEN_MARGIN_S = 300
_TOKEN_REFUSED = frozenset({40001, 40014, 42001})
_NEVER = frozenset({40003, 40037, 43004, 43101, 47003})
"""No openid of this account, no such template, does not follow the account, has not subscribed, fields do not fit."""

Fetch = Callable[[str, dict[str, Any]], bytes]
"""Posts JSON to an address, gives the answer's body. Raises `SendLater` when there is none."""


def fetch(url: str, body: dict[str, Any]) -> bytes:
    """Post JSON by HTTPS. Raises `SendLater`."""
    import urllib3

    try:
        answer = urllib3.request(
            "POST", url, body=msgspec.json.encode(body), timeout=5.0, retries=False,
            headers={"Content-Type": "application/json"},
        )  # fmt: skip
    except urllib3.exceptions.HTTPError as error:
        problem = SendLater(type(error).__name__)
    else:
        return answer.data
    raise problem  # out here: the address in urllib3's own words has the token


class WechatChannel:
    """Template messages. `templates`: WeChat's template id for each of our templates that is told there."""

    def __init__(
        self,
        app_id: str,
        app_secret: str,
        templates: Mapping[str, str],
        *,
        fetch: Fetch = fetch,
        clock_s: Callable[[], float] = time.monotonic,
    ) -> None:
        self._app_id, self._app_secret, self._templates = app_id, app_secret, templates
        self._fetch, self._clock_s = fetch, clock_s
        self._token, self._token_until_s = "", 0.0

    def send(self, message: Message) -> str | None:
        """Hand a message to WeChat. Raises `SendLater`, `SendNever`."""
        if message.template not in self._templates:
            raise SendNever("no_template")
        told = self._ask(f"/cgi-bin/message/template/send?access_token={self._access_token()}", self._body(message))
        return str(told.get("msgid", "")) or None

    def _body(self, message: Message) -> dict[str, Any]:
        return {
            "touser": message.to,
            "template_id": self._templates[message.template],
            "url": message.link,
            "client_msg_id": message.key[-32:],  # sent again within ten minutes, it is not shown twice
            "data": {
                "thing1": {"value": message.brand[:_THING_LENGTH]},
                "thing2": {"value": message.subject[:_THING_LENGTH]},
            },
        }

    def _access_token(self) -> str:
        if self._clock_s() >= self._token_until_s:
            asked = {"grant_type": "client_credential", "appid": self._app_id, "secret": self._app_secret}
            told = self._ask("/cgi-bin/stable_token", asked)
            self._token = str(told["access_token"])
            self._token_until_s = self._clock_s() + float(told["expires_in"]) - _TOKEN_MARGIN_S
        return self._token

    def _ask(self, path: str, body: dict[str, Any]) -> dict[str, Any]:
        """Ask WeChat, which answers 200 to everything and says in `errcode` what went wrong."""
        try:
            told = msgspec.json.decode(self._fetch(_HOST + path, body), type=dict[str, Any])
        except msgspec.MsgspecError:
            told = {"errcode": "unreadable"}
        code = told.get("errcode", 0)
        if code in _TOKEN_REFUSED:
            self._token_until_s = 0.0
        if code:
            raise (SendNever if code in _NEVER else SendLater)(f"wechat_{code}")
        return told
