"""The fence between tenants: whose data may be touched right now.

Every partition key begins with a tenant's id of fixed length. Each request, stream record or scheduled piece of work
runs inside `acting_for(tenant_id)`; a hook on the botocore client compares every key of every request with it, so that
a forgotten filter is an exception, not another brand's data. The same leading characters serve `dynamodb:LeadingKeys`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Any

from chalicelib.ids import TENANT_ID_LENGTH

PLATFORM = "p000000000000000"
"""Owner of what belongs to no brand: people, sessions, addresses of shops. Tenants' ids begin with `t`."""

_active: ContextVar[str | None] = ContextVar("active_tenant", default=None)


class TenantBreach(RuntimeError):
    """A request to the table named a key of another tenant, or scanned. A defect; nothing was sent."""


@contextmanager
def acting_for(tenant_id: str) -> Iterator[None]:
    """Let the work inside touch this tenant's items (and the platform's), and no other's."""
    if len(tenant_id) != TENANT_ID_LENGTH:
        raise TenantBreach(f"{tenant_id!r} is not a tenant id")
    token = _active.set(tenant_id)
    try:
        yield
    finally:
        _active.reset(token)


def active_tenant() -> str | None:
    """Whose work this is; None outside `acting_for`."""
    return _active.get()


def guard(params: Mapping[str, Any], model: Any, **_: object) -> None:
    """Refuse a DynamoDB request before it is sent if it leaves the active tenant (botocore `provide-client-params`)."""
    operation = model.name
    if operation in _WITHOUT_KEYS:
        return
    keys = list(_partition_keys(operation, params))
    if not keys:
        raise TenantBreach(f"{operation} names no partition key: scans have no place in the product")
    for key in keys:
        if key[:TENANT_ID_LENGTH] not in (PLATFORM, _active.get()):
            raise TenantBreach(f"{operation} on {key[:TENANT_ID_LENGTH]}… while acting for {_active.get()}")


_WITHOUT_KEYS = frozenset({"DescribeTable", "ListTables", "CreateTable", "UpdateTimeToLive", "DeleteTable"})
_PARTITION_ATTRIBUTES = ("pk", "gsi1pk")


def _partition_keys(operation: str, params: Mapping[str, Any]) -> Iterator[str]:
    """Yield the partition key of every item a request touches, an index's too."""
    if operation == "Query":
        yield _queried_key(params)
    else:
        for request in _parts(operation, params):
            yield from _keys_of_item(request)


def _parts(operation: str, params: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """Yield the parts of a request that each name one item; none for a scan."""
    match operation:
        case "Scan":
            return
        case "TransactWriteItems" | "TransactGetItems":
            for action in params["TransactItems"]:
                yield from action.values()
        case "BatchGetItem":
            for request in params["RequestItems"].values():
                yield from ({"Key": key} for key in request["Keys"])
        case "BatchWriteItem":
            for requests in params["RequestItems"].values():
                for request in requests:
                    yield from request.values()
        case _:
            yield params


def _keys_of_item(request: Mapping[str, Any]) -> Iterator[str]:
    item = request.get("Item") or request["Key"]
    for name in _PARTITION_ATTRIBUTES:
        if name in item:
            yield item[name]["S"]


def _queried_key(params: Mapping[str, Any]) -> str:
    """Find the value that a query's key condition compares the partition key with (`#0 = :0 AND …`)."""
    names = params.get("ExpressionAttributeNames", {})
    # pynamodb nests: (#0 = :0 AND begins_with (#1, :1))
    condition = params["KeyConditionExpression"].replace("(", " ").replace(")", " ").split()
    for position, word in enumerate(condition):
        if names.get(word, word) in _PARTITION_ATTRIBUTES and condition[position + 1] == "=":
            return str(params["ExpressionAttributeValues"][condition[position + 2]]["S"])
    raise TenantBreach(f"cannot see the partition key of {params['KeyConditionExpression']!r}")
