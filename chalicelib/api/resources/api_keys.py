"""The brand's API keys."""

from msgspec import Struct

from chalicelib.api.answers import ListOf
from chalicelib.api.calls import Call, NoBody
from chalicelib.api.resources.shown import copied
from chalicelib.people import actions
from chalicelib.people.views import ApiKeyView


class ApiKey(ApiKeyView, frozen=True, kw_only=True, tag_field="object", tag="api_key"):
    """An API key. `secret` is shown once, when the key is made, and never again: not even to a repetition."""

    secret: str | None = None


class CreateApiKey(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new key, named after the system that will use it."""

    name: str


def create(call: Call[CreateApiKey]) -> ApiKey:
    """Make a key. Its secret is never derived from the request's key: whoever knows that one must not know this."""
    made, secret = actions.create_api_key(call.tenant_id, call.body.name, now=call.now, randbits=call.tools.randbits)
    return _shown(made, secret)


def oldest(call: Call[NoBody]) -> ListOf[ApiKey]:
    """List the keys, oldest first, revoked ones too."""
    return call.page_of_all([_shown(key) for key in actions.list_api_keys(call.tenant_id)], lambda key: key.id)


def revoke(call: Call[NoBody]) -> ApiKey:
    """End a key; it may be the one that asks."""
    return _shown(actions.revoke_api_key(call.tenant_id, call.ids["api_key_id"], now=call.now))


def _shown(key: ApiKeyView, secret: str | None = None) -> ApiKey:
    return copied(ApiKey, key, secret=secret)
