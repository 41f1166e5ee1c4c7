"""Everything that can be done with leaders, by one name; each stands in a module of its own."""

from chalicelib.leaders.joining import invitation, invite_root, register
from chalicelib.leaders.moves import move
from chalicelib.leaders.profiles import get, get_in_team, get_selling, pay_by_bank, pay_by_stripe, update_profile
from chalicelib.leaders.standing import (
    confirm,
    freeze,
    remove,
    set_rank,
    standing_of,
    start_trial,
    unfreeze,
    uplines,
)

__all__ = [
    "confirm",
    "freeze",
    "get",
    "get_in_team",
    "get_selling",
    "invitation",
    "invite_root",
    "move",
    "pay_by_bank",
    "pay_by_stripe",
    "register",
    "remove",
    "set_rank",
    "standing_of",
    "start_trial",
    "unfreeze",
    "update_profile",
    "uplines",
]
