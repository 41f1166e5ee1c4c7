"""Faults on demand: rules that say which requests go wrong, how, and how often."""

import fnmatch
import json
from sqlite3 import Connection
from typing import Annotated

import msgspec

from infra.local.stripe_sandbox.refusals import BadParameter, Json
from infra.local.stripe_sandbox.wishes import read_wish

KINDS = {
    "answer_500_before": "nothing is done; status 500, remembered under the key",
    "answer_500_after": "all is done; status 500, remembered under the key",
    "answer_429": "nothing is done; status 429, not remembered",
    "drop_before": "nothing is done; the connection closes without an answer",
    "drop_answer": "all is done and remembered; the connection closes without an answer",
    "timeout": "all is done and remembered; no answer for `seconds`, then the connection closes",
    "slow": "waits `seconds` with the key in use, then does all as usual",
}
# These break what the endpoint does; a replayed answer no longer runs the endpoint.
SPOILS_THE_ENDPOINT = {"answer_500_before", "answer_500_after"}


class Fault(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """One rule. Of the matching requests it lets `skip` pass, then strikes every `every`-th, `times` times."""

    kind: str
    method: str = "POST"
    path: str = "/v1/*"
    times: int | None = None
    every: Annotated[int, msgspec.Meta(ge=1)] = 1
    skip: int = 0
    seconds: float = 100.0
    where: dict[str, str] = {}

    def matches(self, method: str, path: str, params: Json) -> bool:
        """Whether the request is of the kind this rule is about; `where` compares top-level parameters."""
        return (
            method == self.method
            and fnmatch.fnmatchcase(path, self.path)
            and all(str(params.get(name)) == value for name, value in self.where.items())
        )


def add(tables: Connection, wanted: Json) -> Json:
    """Set a rule; refuse with `BadParameter` what is none."""
    if wanted.get("kind") not in KINDS:
        raise BadParameter(f"A fault's kind is one of {', '.join(KINDS)}.", param="kind")
    rule = read_wish(wanted, Fault)
    place = tables.execute(
        "INSERT INTO faults (rule, seen, fired) VALUES (?, 0, 0)", (msgspec.json.encode(rule).decode(),)
    ).lastrowid
    return {"id": place, **msgspec.to_builtins(rule)}


def rules(tables: Connection) -> list[Json]:
    """All rules with how many requests each has seen and struck."""
    rows = tables.execute("SELECT id, rule, seen, fired FROM faults ORDER BY id")
    return [{"id": row[0], **json.loads(row[1]), "seen": row[2], "fired": row[3]} for row in rows]


def clear(tables: Connection) -> None:
    """Forget every rule."""
    tables.execute("DELETE FROM faults")


def strike(tables: Connection, method: str, path: str, params: Json, *, is_replay: bool) -> Fault | None:
    """The fault that hits this request, if any; counts what each rule saw."""
    for row in tables.execute("SELECT id, rule, seen, fired FROM faults ORDER BY id").fetchall():
        rule = msgspec.json.decode(row[1], type=Fault)
        if not rule.matches(method, path, params) or (is_replay and rule.kind in SPOILS_THE_ENDPOINT):
            continue
        seen, fired = row[2] + 1, row[3]
        is_hit = (
            seen > rule.skip and (seen - rule.skip) % rule.every == 0 and (rule.times is None or fired < rule.times)
        )
        tables.execute("UPDATE faults SET seen = ?, fired = ? WHERE id = ?", (seen, fired + is_hit, row[0]))
        if is_hit:
            return rule
    return None
