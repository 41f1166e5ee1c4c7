"""API keys: a brand's own systems speak for it with one. Shown once, kept as a fingerprint, revoked at once."""

from datetime import datetime

from chalicelib import ids, store
from chalicelib.errors import Conflict, NotFound
from chalicelib.ids import RandomBits
from chalicelib.people import store as people
from chalicelib.people.rules import clean_name
from chalicelib.people.seals import fingerprint
from chalicelib.people.store import ApiKeyRecord, BrandsApiKey
from chalicelib.people.views import ApiKeyView

PREFIX = "ty_live_"
_SECRET_BITS, _SECRET_LENGTH = 200, 40
MOST_KEYS_IN_USE = 20


class ApiKeyUnknown(NotFound):
    """The brand has no key of this id."""

    code = "api_key_unknown"


class TooManyApiKeys(Conflict):
    """A brand has as many keys in use as it can."""

    code = "too_many_api_keys"


def create_api_key(tenant_id: str, name: str, *, now: datetime, randbits: RandomBits) -> tuple[ApiKeyView, str]:
    """Make a key and give it with its secret (`ty_live_…`), which cannot be shown again.

    The caller has seen that an owner asks. Raises `Invalid` (name), `TooManyApiKeys`.
    """
    name = clean_name(name)
    if sum(1 for key in list_api_keys(tenant_id) if key.revoked_at is None) >= MOST_KEYS_IN_USE:
        raise TooManyApiKeys(f"There are {MOST_KEYS_IN_USE} keys in use. Revoke one first.")
    secret = PREFIX + ids.encode(randbits(_SECRET_BITS), _SECRET_LENGTH)
    key_id, found_by = ids.new_id("key", now, randbits), fingerprint(secret)
    shown = BrandsApiKey(
        people.api_keys_key(tenant_id),
        key_id,
        key_id=key_id,
        name=name,
        last_four=secret[-4:],
        key_fingerprint=found_by,
        created_at=now,
    )

    with store.transaction() as write:  # a key that works is always one that the brand sees and can revoke
        write.save(
            ApiKeyRecord(people.api_key_key(found_by), "key", tenant_id=tenant_id, key_id=key_id),
            condition=ApiKeyRecord.pk.does_not_exist(),
        )
        write.save(shown, condition=BrandsApiKey.pk.does_not_exist())
    return ApiKeyView.of(shown), secret


def list_api_keys(tenant_id: str) -> list[ApiKeyView]:
    """List a brand's keys, oldest first, revoked ones too."""
    return [ApiKeyView.of(key) for key in store.query(BrandsApiKey, people.api_keys_key(tenant_id))]


def revoke_api_key(tenant_id: str, key_id: str, *, now: datetime) -> ApiKeyView:
    """End a key; requests with it are refused from now on. Revoking it again keeps the first moment.

    Raises `ApiKeyUnknown`.
    """
    shown = _of_brand(tenant_id, key_id)
    if shown.revoked_at is not None:
        return ApiKeyView.of(shown)
    store.written(lambda: _revoke(shown, now))
    return ApiKeyView.of(_of_brand(tenant_id, key_id))


def tenant_of_api_key(key: str) -> str | None:
    """Say which brand a key speaks for; None when it is unknown or revoked. What cannot be a key costs no read."""
    if len(key) != len(PREFIX) + _SECRET_LENGTH or not key.startswith(PREFIX):
        return None
    kept = store.get(ApiKeyRecord, people.api_key_key(fingerprint(key)), "key")
    return kept.tenant_id if kept and kept.revoked_at is None else None


def _of_brand(tenant_id: str, key_id: str) -> BrandsApiKey:
    shown = store.get(BrandsApiKey, people.api_keys_key(tenant_id), key_id)
    if shown is None:
        raise ApiKeyUnknown("There is no API key of this id.")
    return shown


def _revoke(shown: BrandsApiKey, now: datetime) -> None:
    working = ApiKeyRecord(people.api_key_key(shown.key_fingerprint), "key")
    with store.transaction() as write:
        write.update(
            working,
            actions=[ApiKeyRecord.revoked_at.set(now)],
            condition=ApiKeyRecord.pk.exists() & ApiKeyRecord.revoked_at.does_not_exist(),
        )
        write.update(shown, actions=[BrandsApiKey.revoked_at.set(now)])
