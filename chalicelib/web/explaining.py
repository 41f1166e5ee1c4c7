"""“Why?”: the calculation behind a statement's line or an entry of the journal, opened down to its causes."""

from chalicelib.leaders import profiles
from chalicelib.orders.store import titles_of
from chalicelib.statements import lines
from chalicelib.statements.names import names_of
from chalicelib.statements.places import EntryUnknown
from chalicelib.statements.sentences import reader_of
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask
from chalicelib.web.frame import page


@page("/lead/{store}/statement/{line_id}")
def why_line(ask: Ask, store: str, line_id: str) -> Answer:
    """Explain a line to the leader whose statement it is on."""
    desk, me = ask.leading(store)
    return _line_page(ask, desk.tenant_id, me.leader_id, line_id, ("lead", store, "statement"))


@page("/console/{store}/leaders/{leader_id}/statement/{line_id}")
def why_leaders_line(ask: Ask, store: str, leader_id: str, line_id: str) -> Answer:
    """Explain a line to the brand as its leader reads it."""
    desk = ask.desk(store, "owner", "staff")
    shown = profiles.get(desk.tenant_id, leader_id)
    way = ("console", store, "leaders", leader_id, "statement")
    return _line_page(ask, desk.tenant_id, shown.leader_id, line_id, way)


@page("/console/{store}/ledger/{entry_id}")
def why_entry(ask: Ask, store: str, entry_id: str) -> Answer:
    """Explain an entry of the journal to the brand: what everybody earned on it."""
    from chalicelib.statements import explanations  # the arithmetic of it is no burden for other pages

    desk = ask.desk(store, "owner", "staff")
    reader = reader_of(desk.tenant_id, ask.language, names_of(desk.tenant_id))
    explained = explanations.explain(desk.tenant_id, entry_id, reader, titles_of(desk.tenant_id))
    return ask.show("console/why.html", why=explained, way=("console", store, "ledger"), by_line=False)


def _line_page(ask: Ask, tenant_id: str, leader_id: str, line_id: str, way: tuple[str, ...]) -> Answer:
    from chalicelib.statements import explanations  # the arithmetic of it is no burden for other pages

    line = lines.line_of(tenant_id, leader_id, line_id)
    if line is None:
        raise EntryUnknown("There is no such line.")
    reader = reader_of(tenant_id, ask.language, names_of(tenant_id), leader_id)
    explained = explanations.explain_line(tenant_id, line, reader, titles_of(tenant_id))
    face = "console" if way[0] == "console" else "workspace"
    return ask.show(f"{face}/why.html", why=explained, way=way, by_line=True)
