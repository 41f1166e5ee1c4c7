"""The names of a brand's leaders, for whoever puts its ledger into words."""

from functools import cache

from chalicelib.leaders import store as leaders
from chalicelib.statements.sentences import NameOf


def names_of(tenant_id: str) -> NameOf:
    """Give the names of a brand's leaders by id, each read once."""

    @cache
    def name_of(leader_id: str) -> str:
        leader = leaders.get(tenant_id, leader_id)
        return leader.name if leader else leader_id

    return name_of
