"""One transaction's view of the sandbox: objects by id, pages of them, timers, and the events they cause."""

import json
import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from random import Random
from sqlite3 import Connection

from infra.local.stripe_sandbox.refusals import Json, Missing, Refused

PLATFORM = ""
NewId = Callable[[str], str]


@dataclass
class Books:
    """What a handler works with. `account` is the connected account acted for, or `PLATFORM`."""

    tables: Connection
    now: int
    new_id: NewId
    chance: Random
    account: str = PLATFORM
    base_url: str = ""
    request_id: str | None = None
    idempotency_key: str | None = None
    api_version: str = ""
    real_time: Callable[[], float] = field(default=time.time)

    def on(self, account: str) -> "Books":
        """The same transaction, acting for another account."""
        return replace(self, account=account)

    def at(self, moment: int) -> "Books":
        """The same transaction, seen from another moment of the sandbox clock."""
        return replace(self, now=moment)

    def insert(self, body: Json, private: Json | None = None) -> Json:
        """Keep a new object under its id, in the account acted for; `private` is never shown."""
        self.tables.execute(
            "INSERT INTO objects (id, kind, account, body, private) VALUES (?, ?, ?, ?, ?)",
            (body["id"], body["object"], self.account, json.dumps(body), json.dumps(private or {})),
        )
        return body

    def save(self, body: Json) -> Json:
        """Write an object back."""
        self.tables.execute("UPDATE objects SET body = ? WHERE id = ?", (json.dumps(body), body["id"]))
        return body

    def delete(self, body: Json) -> Json:
        """Turn an object into its deleted form, which lists leave out."""
        gone = {"id": body["id"], "object": body["object"], "deleted": True}
        self.tables.execute("UPDATE objects SET body = ?, is_deleted = 1 WHERE id = ?", (json.dumps(gone), body["id"]))
        return gone

    def find(self, object_id: str) -> Json | None:
        """The object of that id in the account acted for, of whatever kind."""
        row = self.tables.execute(
            "SELECT body FROM objects WHERE id = ? AND account = ?", (object_id, self.account)
        ).fetchone()
        return None if row is None else json.loads(row[0])

    def get(self, kind: str, object_id: str, param: str | None = None) -> Json:
        """The object, or Stripe's refusal: 404 for the address itself, 400 for an id in parameter `param`."""
        body = self.find(object_id)
        if body is not None and body["object"] == kind:
            return body
        if param is None:
            raise Missing(f"No such {kind}: '{object_id}'", param="id")
        raise Refused(f"No such {param}: '{object_id}'", param=param, code="resource_missing")

    def private(self, object_id: str) -> Json:
        """What the sandbox keeps about an object without showing it."""
        row = self.tables.execute("SELECT private FROM objects WHERE id = ?", (object_id,)).fetchone()
        kept: Json = json.loads(row[0])
        return kept

    def keep_private(self, object_id: str, private: Json) -> None:
        """Replace what `private` gives."""
        self.tables.execute("UPDATE objects SET private = ? WHERE id = ?", (json.dumps(private), object_id))

    def all(self, kind: str, **equal_to: str | None) -> list[Json]:
        """Every object of a kind whose fields have these values, oldest first."""
        where, values = _conditions(kind, self.account, equal_to)
        rows = self.tables.execute(f"SELECT body FROM objects WHERE {where} ORDER BY seq", values)
        return [json.loads(row[0]) for row in rows]

    def set_timer(self, object_id: str, action: str, due_at: int) -> None:
        """Have `timers.run_due` act on the object once the sandbox clock reaches `due_at`."""
        self.tables.execute(
            "INSERT OR REPLACE INTO timers (object_id, action, due_at) VALUES (?, ?, ?)",
            (object_id, action, due_at),
        )

    def clear_timer(self, object_id: str, action: str) -> None:
        """Forget a timer, if there is one."""
        self.tables.execute("DELETE FROM timers WHERE object_id = ? AND action = ?", (object_id, action))

    def page(
        self,
        kind: str,
        *,
        equal_to: dict[str, str | None],
        created: dict[str, int],
        after: str | None,
        before: str | None,
        limit: int,
    ) -> tuple[list[Json], bool]:
        """One page, newest first, and whether there is more in the direction of travel."""
        where, values = _conditions(kind, self.account, equal_to)
        for operator, moment in created.items():
            where += f" AND json_extract(body, '$.created') {operator} ?"
            values.append(moment)
        if after or before:
            where += f" AND seq {'<' if after else '>'} ?"
            values.append(self._place(kind, after or before or "", "starting_after" if after else "ending_before"))
        order = "ASC" if before else "DESC"
        rows = self.tables.execute(
            f"SELECT body FROM objects WHERE {where} ORDER BY seq {order} LIMIT ?", [*values, limit + 1]
        ).fetchall()
        page = [json.loads(row[0]) for row in rows[:limit]]
        return (page[::-1] if before else page), len(rows) > limit

    def _place(self, kind: str, object_id: str, param: str) -> int:
        row = self.tables.execute(
            "SELECT seq FROM objects WHERE id = ? AND kind = ? AND account = ?", (object_id, kind, self.account)
        ).fetchone()
        if row is None:
            raise Refused(f"No such {kind}: '{object_id}'", param=param, code="resource_missing")
        return int(row[0])


def _conditions(kind: str, account: str, equal_to: dict[str, str | None]) -> tuple[str, list[str | int | None]]:
    """SQL for a kind, an account and fields of the body. Field names come from the code, values are bound."""
    where = "kind = ? AND account = ? AND is_deleted = 0"
    values: list[str | int | None] = [kind, account]
    for name, value in equal_to.items():
        where += f" AND json_extract(body, '$.{name}') = ?"
        values.append(value)
    return where, values
