"""The document that describes `/v1`, made when somebody asks for it."""

import msgspec

from chalicelib.api.calls import Call, NoBody


def openapi(call: Call[NoBody]) -> msgspec.Raw:
    """Give the OpenAPI document."""
    from chalicelib.api.openapi import document  # not needed by anything else, and it reads the whole table

    return msgspec.Raw(document(call.tools.settings.public_url))
