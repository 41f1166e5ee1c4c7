"""The tree, who may join it and who may look where, and how a leader stood at an earlier moment. Pure."""

import re
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Literal

from chalicelib.commissions.rules.plan import Plan
from chalicelib.commissions.rules.sale import Standing, Status
from chalicelib.errors import Conflict, Invalid
from chalicelib.ids import ALPHABET, RandomBits, encode

DEEPEST = 200
ROOT_INVITATION_LASTS = timedelta(days=30)

_ID_PREFIX, _ID_LENGTH = "ld_", 10
_LEADER_ID = re.compile(f"{_ID_PREFIX}[{ALPHABET}]{{{_ID_LENGTH}}}")
_CODE_LENGTH = 16
_CODE = re.compile(f"[{ALPHABET}]{{{_CODE_LENGTH}}}")

LeaderStatus = Literal["probation", "confirmed", "removed"]
What = Literal["rank", "status", "frozen", "groups", "inviter", "notice"]


class NotAdmitted(Conflict):
    """The plan asks something of newcomers that this one does not bring."""

    code = "not_admitted"


class TreeTooDeep(Conflict):
    """Below the inviter there is no room for another level."""

    code = "tree_too_deep"


class LinkClosed(Conflict):
    """The leader's link takes no orders and no newcomers: removed, or frozen by the brand."""

    code = "leader_link_closed"


class RankUnknown(Invalid):
    """The brand's plan has no such rank."""

    code = "rank_unknown"


# ------------------------------------------------------------------------------------------------ names


def new_leader_id(randbits: RandomBits) -> str:
    """Make a leader's id, short enough for a shared link: `ld_` and 10 characters (50 random bits)."""
    return _ID_PREFIX + encode(randbits(5 * _ID_LENGTH), _ID_LENGTH)


def new_code(randbits: RandomBits) -> str:
    """Make the code of an invitation: 80 random bits, so nobody finds one by trying."""
    return encode(randbits(5 * _CODE_LENGTH), _CODE_LENGTH)


def is_leader_id(text: str) -> bool:
    """Tell whether a text from an address can be a leader's id at all."""
    return _LEADER_ID.fullmatch(text) is not None


def is_code(text: str) -> bool:
    """Tell whether a text from an address can be an invitation's code at all."""
    return _CODE.fullmatch(text) is not None


# ------------------------------------------------------------------------------------------------ the tree


def pack_path(leader_ids: Iterable[str]) -> str:
    """Write an upline path in one attribute, 10 characters a leader: a leader at depth 100 stays near 1 KB."""
    return "".join(leader_id.removeprefix(_ID_PREFIX) for leader_id in leader_ids)


def unpack_path(path: str) -> tuple[str, ...]:
    """Read an upline path, nearest first."""
    return tuple(_ID_PREFIX + path[start : start + _ID_LENGTH] for start in range(0, len(path), _ID_LENGTH))


def path_below(inviter_id: str, inviter_uplines: tuple[str, ...]) -> tuple[str, ...]:
    """Give the upline path of somebody invited by a leader. Raises `TreeTooDeep`."""
    path = (inviter_id, *inviter_uplines)
    if len(path) > DEEPEST:
        raise TreeTooDeep(f"This team is {DEEPEST} levels deep. Ask a leader further up for an invitation.")
    return path


def may_see(viewer_id: str, leader_id: str, upline_ids: tuple[str, ...]) -> bool:
    """Tell whether a leader may look at another: at itself and its own downline, never at a sibling's or upwards."""
    return viewer_id == leader_id or viewer_id in upline_ids


# ------------------------------------------------------------------------------------------------ joining


def check_admission(plan: Plan, group_size: int | None) -> None:
    """Raise `NotAdmitted` when the plan asks for a larger chat group (OPERATING_MODELS.md, `three_tier`)."""
    if plan.admission is not None and (group_size or 0) < plan.admission.min_group_size:
        raise NotAdmitted(
            f"To lead for this brand you need a chat group of at least {plan.admission.min_group_size} people.",
            param="group_size",
        )


def first_status(plan: Plan, *, is_root: bool) -> LeaderStatus:
    """Give the status of a newcomer: roots, and everybody where there is no probation, are confirmed at once."""
    return "confirmed" if is_root or plan.probation is None else "probation"


def check_rank(plan: Plan, rank: str) -> None:
    """Raise `RankUnknown` unless the plan has this rank."""
    if rank not in plan.rank_no:
        raise RankUnknown(f"The plan has the ranks {', '.join(plan.rank_no)}.", param="rank")


def check_link(status: str, *, frozen: bool, until: datetime | None, now: datetime) -> None:
    """Raise `LinkClosed` for a leader whose link takes neither orders nor newcomers.

    A probation ends at its deadline, whenever the sweep comes by: from that very instant on the link is closed.
    """
    if frozen or ended(status, until, now) == "removed":
        raise LinkClosed("This leader is not active at the moment. Ask the brand for another leader's link.")


def ended(status: str, until: datetime | None, at: datetime) -> str:
    """Give the status at a moment: who is still on probation at its deadline has failed (OPERATING_MODELS.md)."""
    return "removed" if status == "probation" and until is not None and at >= until else status


# ------------------------------------------------------------------------------------------------ standing


@dataclass(frozen=True, slots=True)
class Stand:
    """What can change about how a leader stands."""

    rank: str
    status: str
    frozen: str
    """`frozen` or `active`: a word like the others, so that all changes are kept alike."""


@dataclass(frozen=True, slots=True)
class Change:
    """One recorded change of a stand."""

    at: datetime
    what: What
    before: str


def as_it_stood(today: Stand, changes: Iterable[Change], at: datetime) -> Stand:
    """Undo what was changed after a moment. `changes` are oldest first; those before the moment may be missing.

    A change holds from its own moment on (DESIGN.md: a promotion takes effect at the moment it is recorded).
    """
    stand = today
    for change in reversed([change for change in changes if change.at > at]):
        if change.what == "rank":
            stand = replace(stand, rank=change.before)
        elif change.what == "status":
            stand = replace(stand, status=change.before)
        elif change.what == "frozen":
            stand = replace(stand, frozen=change.before)
    return stand


_STATUSES: dict[str, Status] = {"probation": "probation", "confirmed": "confirmed", "removed": "removed"}


def standing(leader_id: str, stand: Stand) -> Standing:
    """Give a stand as commissions take it; a frozen leader earns nothing new, be it confirmed or on probation."""
    frozen = stand.frozen == "frozen" and stand.status != "removed"
    return Standing(leader_id, stand.rank, "frozen" if frozen else _STATUSES[stand.status])
