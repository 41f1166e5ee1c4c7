"""What the sandbox clock sets off: sessions expire, subscriptions renew."""

from collections.abc import Callable, Mapping

from infra.local.stripe_sandbox.books import Books

Action = Callable[[Books, str], None]


def run_due(books: Books, actions: Mapping[str, Action]) -> None:
    """Do everything that was due by now, in order and each at its own moment, however far the clock jumped."""
    while (row := _earliest(books)) is not None:
        account, object_id, action, due_at = row
        books.clear_timer(object_id, action)
        actions[action](books.on(account).at(due_at), object_id)


def _earliest(books: Books) -> tuple[str, str, str, int] | None:
    row: tuple[str, str, str, int] | None = books.tables.execute(
        "SELECT objects.account, object_id, action, due_at FROM timers JOIN objects ON objects.id = object_id"
        " WHERE due_at <= ? ORDER BY due_at, timers.rowid LIMIT 1",
        (books.now,),
    ).fetchone()
    return row
