"""Text pasted from a chat, read into lines. Imported when somebody asks."""

from msgspec import Struct

from chalicelib.api.calls import Call
from chalicelib.api.resources.campaigns import ReadLines
from chalicelib.api.resources.shown import copied
from chalicelib.campaigns import store as campaigns
from chalicelib.orders import pasted
from chalicelib.pasting.doubts import Doubt
from chalicelib.pasting.lines import Kind, PastedItem


class ReadLine(Struct, frozen=True, kw_only=True):
    """A line of the text. `kind`: an order; an `aside` that orders nothing; `unread`. `sure`: nothing is doubtful."""

    number: int
    text: str
    kind: Kind
    sure: bool
    customer: str
    items: tuple[PastedItem, ...]
    doubts: tuple[Doubt, ...]


class ReadText(Struct, frozen=True, kw_only=True, tag_field="object", tag="read_text"):
    """A pasted text, line by line. Nothing was ordered: send what is right of it to `/v1/leader_orders`."""

    campaign_id: str
    sure: bool
    lines: list[ReadLine]


def read(call: Call[ReadLines]) -> ReadText:
    """Read a text over what the campaign offers."""
    campaign = campaigns.get(call.tenant_id, call.ids["campaign_id"])
    lines = pasted.read_for(call.tenant_id, campaign, call.body.text)
    return ReadText(
        campaign_id=campaign.campaign_id,
        sure=all(one.is_sure for one in lines),
        lines=[copied(ReadLine, one, sure=one.is_sure) for one in lines],
    )
