"""Pasted chat text, read over what a campaign offers. Nothing is written: whoever pasted it decides what to order."""

from typing import TYPE_CHECKING

from chalicelib.campaigns.store import Campaign
from chalicelib.catalog import store as catalog
from chalicelib.errors import Invalid

if TYPE_CHECKING:
    from chalicelib.pasting.lines import PastedLine

LONGEST_TEXT = 8_000
"""Characters: some two hundred lines of a chat."""


class TextTooLong(Invalid):
    """More text than is read at a time."""

    code = "text_too_long"


def read_for(tenant_id: str, campaign: Campaign, text: str) -> tuple["PastedLine", ...]:
    """Read a pasted chat into lines with doubts (`pasting.reading`). Raises `TextTooLong`."""
    from chalicelib.pasting.lines import Goods  # the words of a chat are no part of a cold start
    from chalicelib.pasting.reading import read

    if len(text) > LONGEST_TEXT:
        raise TextTooLong(f"Paste at most {LONGEST_TEXT} characters at a time.", param="text")
    products = catalog.get_many(tenant_id, [item.product_id for item in campaign.items])
    offered = [products[item.product_id] for item in campaign.items if item.product_id in products]
    return read(text, [Goods(one.product_id, one.title, one.unit) for one in offered if one.active])
