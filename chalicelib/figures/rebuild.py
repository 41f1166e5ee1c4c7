"""Put figures right that differ from what the ledger says: after a loss, or when they are kept for the first time.

For an operator, while the roll-up's mapping is switched off (infra/runbook.md): what the journal has already and the
stream has not brought yet would count twice.
"""

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator
from itertools import chain
from typing import NamedTuple

from pynamodb.expressions.condition import Condition
from pynamodb.expressions.operand import Path
from pynamodb.expressions.update import Action

from chalicelib import store
from chalicelib.figures import business
from chalicelib.figures import store as figures
from chalicelib.figures.reckon import Ours, all_leaders, reckon
from chalicelib.figures.rules import BRAND, Counts
from chalicelib.figures.store import FIGURE, STANDING, FiguresRecord, Tally
from chalicelib.tenants import actions as tenants

_TRIAL = re.compile(r"t\d+_")
_AT_ONCE = 40
"""Corrections in one update: an expression has 4 KB at most."""


class Difference(NamedTuple):
    """A figure that is not what it should be. `leader_id` is empty for the brand's own."""

    leader_id: str
    figure: str
    kept: str | int
    reckoned: str | int

    def __str__(self) -> str:
        """Say it for the log: ids and numbers only."""
        return f"{self.leader_id or 'brand'} {self.figure}: kept {self.kept}, reckoned {self.reckoned}"


def rebuild(tenant_id: str, *, ours: Ours = lambda leader_id: True) -> list[Difference]:
    """Reckon a brand's figures anew and correct those that differ; gives what was corrected. Can be cut and repeated.

    ours: a part of the leaders at a time, where all do not fit into memory (the brand's own figures count as id '').
    """
    found = list(differences(tenant_id, reckon(tenant_id, tenants.get(tenant_id).timezone, ours=ours), ours=ours))
    by_leader: dict[str, list[Difference]] = defaultdict(list)
    for difference in found:
        by_leader[difference.leader_id].append(difference)
    for leader_id, wrong in by_leader.items():
        for start in range(0, len(wrong), _AT_ONCE):
            _correct(tenant_id, leader_id, wrong[start : start + _AT_ONCE])
    return found


def differences(
    tenant_id: str, reckoned: dict[str, Tally], *, ours: Ours = lambda leader_id: True
) -> Iterator[Difference]:
    """Yield every figure that is kept otherwise than reckoned, of all leaders, the brand, and products ever sold."""
    products = (name for name in sorted(reckoned) if business.is_product(name))
    for leader_id in chain(_everybody(tenant_id, ours), products):
        should = reckoned.get(leader_id, Tally())
        if leader_id == BRAND:
            yield from differing(BRAND, figures.brand_history(tenant_id), should.counts)
            continue
        kept, standing = figures.history(tenant_id, leader_id), figures.get(tenant_id, leader_id).standing
        yield from differing(leader_id, _of_latest_trial(kept, should), should.counts)
        for name, value in should.standing.items():
            if standing.get(name) != value:
                yield Difference(leader_id, STANDING + name, standing.get(name, ""), value)


def _of_latest_trial(kept: Counts, should: Tally) -> Counts:
    """Leave out what counted for earlier trials: nothing looks at it any more, and it is not reckoned again."""
    latest = f"t{should.standing.get('trial_no', 0)}_"
    return Counter({name: count for name, count in kept.items() if not _TRIAL.match(name) or name.startswith(latest)})


def _everybody(tenant_id: str, ours: Ours) -> Iterator[str]:
    if ours(BRAND):
        yield BRAND
    for page in all_leaders(tenant_id):
        yield from (leader.leader_id for leader in page if ours(leader.leader_id))


def differing(leader_id: str, kept: Counts, reckoned: Counts) -> Iterator[Difference]:
    """Yield the figures that are not the same; one that is not there is 0."""
    for name in sorted({*kept, *reckoned}):
        if kept[name] != reckoned[name]:
            yield Difference(leader_id, name, kept[name], reckoned[name])


def _correct(tenant_id: str, leader_id: str, wrong: Iterable[Difference]) -> None:
    """Add what is missing, on the condition that nobody did meanwhile; what belongs to an archived month as well."""
    key = figures.brand_key(tenant_id, 0) if leader_id == BRAND else figures.figures_key(tenant_id, leader_id)
    found = store.get(FiguresRecord, *key)
    counts = figures.tally_of(found.given).counts if found else Counter[str]()
    actions: list[Action] = [FiguresRecord.kind.set(FiguresRecord)]
    conditions: list[Condition] = []
    for difference in wrong:
        if difference.figure.startswith(STANDING):
            actions.append(Path([difference.figure]).set(difference.reckoned))
            continue
        path = Path([FIGURE + difference.figure])
        there = difference.figure in counts
        conditions.append(path == counts[difference.figure] if there else path.does_not_exist())
        actions.append(path.add(int(difference.reckoned) - int(difference.kept)))
    condition = conditions[0] if conditions else None
    for another in conditions[1:]:
        condition = condition & another
    FiguresRecord(*key).update(actions=actions, condition=condition)
