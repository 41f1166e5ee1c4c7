"""A leader's pick-up points: added, changed, closed and opened again."""

from datetime import datetime
from hashlib import sha256

from msgspec import UNSET, Struct, UnsetType
from pynamodb.expressions.update import Action

from chalicelib import store
from chalicelib.delivery.store import PickupPoint, PointUnknown, get_point, point_key, points_of
from chalicelib.errors import Conflict, Invalid
from chalicelib.ids import encode
from chalicelib.leaders import profiles, stall

MOST_POINTS = 30
_LONGEST = {"name": 40, "address": 120, "hours": 60}
_NEEDED = ("name", "address")


class AddPoint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """A new pick-up point. `hours` is free text, such as `17:00–20:00`."""

    name: str
    address: str
    hours: str = ""


class ChangePoint(Struct, frozen=True, kw_only=True, forbid_unknown_fields=True):
    """What is changed of a point; what is not given stays. Orders placed before keep the text they have."""

    name: str | UnsetType = UNSET
    address: str | UnsetType = UNSET
    hours: str | UnsetType = UNSET
    active: bool | UnsetType = UNSET


class PointInvalid(Invalid):
    """A field of a pick-up point that cannot be used."""

    code = "point_invalid"


class TooManyPoints(Conflict):
    """A leader has as many points as a checkout can show."""

    code = "too_many_points"


def add(tenant_id: str, leader_id: str, command: AddPoint, *, now: datetime, nonce: str) -> PickupPoint:
    """Add a point. `nonce`: of the form, or the `Idempotency-Key`; sent again, it is the same point.

    Raises `LeaderUnknown`, `PointInvalid`, `TooManyPoints`.
    """
    profiles.get(tenant_id, leader_id)
    texts = {name: _checked(name, getattr(command, name)) for name in _LONGEST}
    if len(points_of(tenant_id, leader_id)) >= MOST_POINTS:
        raise TooManyPoints(f"A leader has at most {MOST_POINTS} points. Change one that is not used any more.")
    digest = sha256(f"{leader_id}#point#{nonce}".encode()).digest()
    point_id = "pt_" + encode(int.from_bytes(digest[:13]), 20)
    point = PickupPoint(
        *point_key(tenant_id, leader_id, point_id),
        point_id=point_id,
        leader_id=leader_id,
        name=texts["name"],
        address=texts["address"],
        hours=texts["hours"] or None,
        made_at=now,
    )
    store.again_when_crossed(lambda: _put(tenant_id, point))
    return point


def _put(tenant_id: str, point: PickupPoint) -> None:
    with store.transaction() as write:
        write.save(point)
        stall.add_point(write, tenant_id, point.leader_id, point.point_id)


def change(tenant_id: str, leader_id: str, point_id: str, command: ChangePoint) -> PickupPoint:
    """Change what is given of a point. Raises `PointUnknown`, `PointInvalid`."""
    point = get_point(tenant_id, leader_id, point_id)
    actions: list[Action] = []
    for name in _LONGEST:
        said = getattr(command, name)
        if said is not UNSET:
            text = _checked(name, said)
            actions.append(getattr(PickupPoint, name).set(text) if text else getattr(PickupPoint, name).remove())
    if command.active is not UNSET:
        actions.append(PickupPoint.active.set(command.active))
    if actions and not store.written(lambda: point.update(actions=actions, condition=PickupPoint.pk.exists())):
        raise PointUnknown("There is no such pick-up point.", param="point_id")
    return point


def _checked(name: str, said: str) -> str:
    """Make one line of a text: it is printed on lists. Raises `PointInvalid`."""
    text = " ".join(said.split())
    if name in _NEEDED and not text:
        raise PointInvalid("This cannot be empty.", param=name)
    if len(text) > _LONGEST[name]:
        raise PointInvalid(f"Write at most {_LONGEST[name]} characters here.", param=name)
    if not text.isprintable():
        raise PointInvalid("There is a character in it that cannot be printed.", param=name)
    return text
