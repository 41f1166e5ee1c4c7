"""The console's money: payouts and batch files, the journal, the trial balance, leaders' statements."""

from chalicelib.leaders import profiles
from chalicelib.leaders import store as leaders
from chalicelib.payouts import batches
from chalicelib.payouts import store as payouts
from chalicelib.payouts.batches import ConfirmedLine, LineResult
from chalicelib.statements import views as statements
from chalicelib.statements.names import names_of
from chalicelib.store import decode_cursor, encode_cursor
from chalicelib.web import words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.forms import FormInvalid
from chalicelib.web.frame import action, page

PAGE = 50
MOST_LINES = 10_000
"""Lines of a leader's statement in a file: a busy leader's years, in what an answer may hold. All: `exports`."""


@page("/console/{store}/payouts")
def payout_list(ask: Ask, store: str) -> Answer:
    """List payouts, newest first, and the lines of batch files that wait to be confirmed."""
    return _payout_page(ask, ask.desk(store, "owner", "staff"))


@action("/console/{store}/payouts/run")
def run(ask: Ask, store: str) -> Answer:
    """Reserve and send now what leaders have available. Owners only."""
    from chalicelib.events import schedules  # brings half the product along, which other pages start without

    desk = ask.desk(store, "owner")
    if ask.posted:
        with ask.keeping_problem():
            schedules.pay_brand(desk.brand, ask.tools, now=ask.now)
            return ask.go("console", store, "payouts", done="1")
    return _payout_page(ask, desk)


@action("/console/{store}/payouts/export")
def export(ask: Ask, store: str) -> Answer:
    """Give the batch file: new lines, or (asked for) those of files given before."""
    desk = ask.desk(store, "owner")
    if ask.posted:
        with ask.keeping_problem():
            again = ask.form["again"] == "1"
            lines = batches.exported_lines(desk.tenant_id) if again else batches.export(desk.tenant_id, now=ask.now)
            return csv_file("payouts", statements.to_csv(batches.BATCH_COLUMNS, batches.rows(lines)))
    return _payout_page(ask, desk)


@action("/console/{store}/payouts/confirm")
def confirm(ask: Ask, store: str) -> Answer:
    """Take in what the bank did with one line, or with all that wait."""
    desk = ask.desk(store, "owner")
    results: list[LineResult] = []
    if ask.posted:
        with ask.keeping_problem():
            results = batches.confirm(desk.tenant_id, _confirmed(ask, desk), now=ask.now)
            refused = [result for result in results if result.outcome == "refused"]
            ask.nothing_done = len(refused) == len(results)
            if not refused:
                return ask.go("console", store, "payouts", done="1")
    return _payout_page(ask, desk, results)


def _confirmed(ask: Ask, desk: Desk) -> list[ConfirmedLine]:
    result = ask.form["result"]
    if result not in ("paid", "failed"):
        raise FormInvalid("Say whether the bank has paid.", param="result")
    wanted, reference = ask.form["payout"], ask.form.text("reference")
    return [
        ConfirmedLine(
            batch=line.batch,
            payout=line.payout,
            amount=line.amount,
            result="paid" if result == "paid" else "failed",
            reference=reference,
        )
        for line in batches.exported_lines(desk.tenant_id)
        if wanted in ("", line.payout)
    ]


def _payout_page(ask: Ask, desk: Desk, results: list[LineResult] | None = None) -> Answer:
    after = decode_cursor(ask.query("after")) if ask.query("after") else None
    found, last = payouts.payouts_page(desk.tenant_id, limit=PAGE, after=after)
    store = desk.brand.slug
    return ask.show(
        "console/payouts.html",
        payouts=found,
        names=leaders.get_many(desk.tenant_id, tuple({payout.leader_id for payout in found})),
        states=words.PAYOUT_STATES,
        waiting=[payout for payout in payouts.open_payouts(desk.tenant_id) if payout.state == "exported"],
        results=results or [],
        older=ask.links.path("console", store, "payouts", after=encode_cursor(last)) if last else "",
        role=desk.membership.role,
    )


# ------------------------------------------------------------------------------------------------ statements


@page("/console/{store}/leaders/{leader_id}/statement")
def leader_statement(ask: Ask, store: str, leader_id: str) -> Answer:
    """Show a leader's statement to the brand; or give it as CSV."""
    desk = ask.desk(store, "owner", "staff")
    shown = profiles.get(desk.tenant_id, leader_id)
    return statement_page(ask, desk.tenant_id, leader_id, ("console", store, "leaders", leader_id), shown.name)


def statement_page(ask: Ask, tenant_id: str, leader_id: str, way: tuple[str, ...], name: str) -> Answer:
    """Show a leader's statement, below the page `way`."""
    assert ask.brand is not None  # noqa: S101 - whoever comes here entered the brand
    as_csv = ask.query("format") == "csv"
    shown = statements.statement_of(
        tenant_id,
        leader_id,
        ask.brand.currency,
        language=ask.language,
        name_of=names_of(tenant_id),
        limit=MOST_LINES if as_csv else PAGE,
        after=decode_cursor(ask.query("after")) if ask.query("after") else None,
    )
    if as_csv:
        return csv_file(f"statement-{leader_id}", statements.leader_csv(shown.lines))
    older = ask.links.path(*way, "statement", after=encode_cursor(shown.next)) if shown.next else ""
    face = "console" if way[0] == "console" else "workspace"
    csv = ask.links.path(*way, "statement", format="csv")
    return ask.show(f"{face}/statement.html", statement=shown, older=older, csv=csv, name=name, way=way)


def csv_file(name: str, text: str) -> Answer:
    """Answer with a CSV file to keep."""
    return Answer(
        text,
        content_type="text/csv; charset=utf-8",
        cache="no-store",
        headers={"Content-Disposition": f'attachment; filename="{name}.csv"'},
    )
