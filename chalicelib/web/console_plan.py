"""The console's plan: what is in force in plain words, its versions, an editor that checks and tries before it puts."""

from datetime import timedelta
from typing import TYPE_CHECKING, Any

from chalicelib.commissions import presets, version_history, versions
from chalicelib.commissions.proposals import PlanEditedMeanwhile, Proposal, Signature
from chalicelib.commissions.rules.plan import Plan, PlanRefused, decode_plan
from chalicelib.commissions.version_history import PlanVersionUnknown, Version
from chalicelib.people import persons
from chalicelib.web import plan_trial, words
from chalicelib.web.answers import Answer
from chalicelib.web.ask import Ask, Desk
from chalicelib.web.forms import Form, FormInvalid
from chalicelib.web.frame import action, form, page

if TYPE_CHECKING:
    from chalicelib.commissions.lint.check import Report
    from chalicelib.planning.desk import Checked
    from chalicelib.planning.reasons import PlanProblem
    from chalicelib.web import plan_form, plan_sheet

PAGE = 20


@page("/console/{store}/plan")
def plan(ask: Ask, store: str) -> Answer:
    """Tell the plan in force, and list all versions with their moments."""
    desk = ask.desk(store, "owner", "staff")
    after = ask.query("after")
    found = version_history.newest_first(
        desk.tenant_id, now=ask.now, limit=PAGE, after=_number(after) if after else None
    )
    in_force = _in_force(ask, desk, found)
    return ask.show(
        "console/plan.html",
        in_force=in_force,
        **(_to_be_signed(desk, in_force, _checked(ask, desk, in_force).report) if in_force else {}),
        told=_told(desk, in_force) if in_force else None,
        versions=found,
        states=words.VERSION_STATES,
        names=_names(found),
        older=ask.links.path("console", store, "plan", after=str(found[-1].number)) if len(found) == PAGE else "",
    )


@page("/console/{store}/plan/{number}")
def plan_version(ask: Ask, store: str, number: str) -> Answer:
    """Show one version: in plain words, what is different, who signed for what, the document."""
    desk = ask.desk(store, "owner", "staff")
    return _version_page(ask, desk, version_history.get(desk.tenant_id, _number(number), now=ask.now))


@action("/console/{store}/plan/{number}/withdraw")
def withdraw_plan(ask: Ask, store: str, number: str) -> Answer:
    """Take back a version before it takes effect. Owners only."""
    desk = ask.desk(store, "owner")
    shown = version_history.get(desk.tenant_id, _number(number), now=ask.now)
    if ask.posted:
        with ask.keeping_problem():
            versions.withdraw(desk.tenant_id, shown.number, by=desk.person.person_id, now=ask.now)
            return ask.go("console", store, "plan", done="1")
    return _version_page(ask, desk, shown)


@action("/console/{store}/plan/{number}/sign")
def sign_plan(ask: Ask, store: str, number: str) -> Answer:
    """Go on with a version in spite of what blocks it: the one of the sign-up was never signed for. Owners only."""
    from chalicelib.commissions import signing
    from chalicelib.planning import desk as planning

    desk = ask.desk(store, "owner")
    shown = version_history.get(desk.tenant_id, _number(number), now=ask.now)
    if ask.posted:
        with ask.keeping_problem():
            setting = planning.setting_of(desk.brand)
            signing.sign(
                desk.tenant_id, shown.number, _signatures(ask), setting=setting, by=desk.person.person_id, now=ask.now
            )
            return ask.go("console", store, "plan", str(shown.number), done="1")
    return _version_page(ask, desk, shown)


@form("/console/{store}/plan/new")
def new_plan(ask: Ask, store: str) -> Answer:
    """Edit a copy, as a form or as a document: check it, try it on history, put it in force. Staff do not put it."""
    desk = ask.desk(store, "owner", "staff")
    putting = ask.form["do"] == "put"
    if putting:
        desk = ask.desk(store, "owner")
    draft = _draft(ask, desk)
    if ask.posted and putting and not draft.wrong:
        with ask.keeping_problem():
            _propose(ask, desk)
            return ask.go("console", store, "plan", done="1")
    return _editor(ask, desk, draft)


def _draft(ask: Ask, desk: Desk) -> "plan_form.Draft":
    """Read the draft: what was typed in the form goes into its document, from which all else takes it."""
    from chalicelib.web import plan_form  # with the words of the checks: not at a cold start

    if not ask.form["document"]:
        return plan_form.Draft(_start(ask, desk), {})
    if not ask.posted or ask.form["as"] != "form":
        return plan_form.Draft(ask.form["document"], {})
    draft = plan_form.Draft(ask.form["document"], {})
    with ask.keeping_problem():
        draft = plan_form.read(ask.form, desk.brand.currency, held=lambda: _held(desk))
        ask.form = Form({**ask.form, "document": draft.document})
    if draft.wrong:
        ask.problem = FormInvalid("Some of what was typed cannot be read. It is marked below.")
    return draft


def _held(desk: Desk) -> frozenset[str]:
    from chalicelib.planning import desk as planning

    return planning.ranks_held(desk.brand)


def _propose(ask: Ask, desk: Desk) -> Version:
    from chalicelib.planning import desk as planning  # with the checks' many rules: not at a cold start

    typed = ask.form
    moment = typed.moment("effective_from", desk.brand.timezone) if typed["effective_from"].strip() else None
    proposal = Proposal(
        document=typed["document"].encode(),
        effective_from=moment,
        signatures=_signatures(ask),
        after=typed.integer("after", empty=0),
    )
    return planning.propose(desk.brand, proposal, by=desk.person.person_id, now=ask.now, nonce=f"form-{ask.nonce()}")


def _signatures(ask: Ask) -> list[Signature]:
    """Read the reasons that are filled in."""
    return [
        Signature(name.removeprefix("reason."), ask.form.text(name, longest=2_000))
        for name in ask.form
        if name.startswith("reason.") and ask.form[name].strip()
    ]


def _editor(ask: Ask, desk: Desk, draft: "plan_form.Draft") -> Answer:
    from chalicelib.planning import desk as planning

    latest = version_history.newest_first(desk.tenant_id, now=ask.now, limit=1)
    in_force = _in_force(ask, desk, latest)
    checked, trial = None, None
    with ask.keeping_problem():
        if draft.document:
            checked = planning.check(draft.document.encode(), planning.setting_of(desk.brand), ask.language)
        if ask.posted and ask.form["do"] in plan_trial.HISTORIES and checked and checked.report is not None:
            trial = plan_trial.tried(ask, desk)
    problems = _problems(ask, checked)
    drafted = decode_plan(draft.document.encode()) if checked and checked.report else None
    sheet = _sheet(ask, desk, draft, drafted, checked, problems)
    values: dict[str, Any] = {
        "document": draft.document,
        "after": _after(ask, latest[0] if latest else None),
        "checked": checked,
        "problems": problems,
        "trial": trial,
        "report": checked.report if checked and (sheet is not None or ask.posted) else None,
        "presets": {name: words.PRESETS[name][0] for name in presets.NAMES},
        "role": desk.membership.role,
        "soonest": ask.now + timedelta(minutes=1),
    }
    if sheet is None:
        return ask.show("console/plan_new.html", **values)
    from chalicelib.web import plan_note

    status = draft.refused.status if draft.refused else 200
    note, months = plan_note.note_of(ask, draft, sheet), plan_trial.months(in_force, drafted)
    values |= {"sheet": sheet, "note": note, "unread": bool(draft.wrong), **months}
    return ask.show("console/plan_form.html", status=status, **values)


def _sheet(
    ask: Ask,
    desk: Desk,
    draft: "plan_form.Draft",
    drafted: Plan | None,
    checked: "Checked | None",
    problems: "list[PlanProblem]",
) -> "plan_sheet.Sheet | None":
    """Lay the form out; None where the document is asked for, or can be shown in no other way."""
    as_ = ask.form["do"] if ask.form["do"] in ("form", "document") else ask.form["as"] or ask.query("as") or "form"
    if as_ == "document":
        return None
    from chalicelib.commissions.plain_words import told
    from chalicelib.web import plan_sheet

    currency = desk.brand.currency
    try:
        return plan_sheet.sheet(
            ask, draft, currency, told=told(drafted, currency) if drafted else None,
            report=checked.report if checked else None, problems=problems,
        )  # fmt: skip
    except PlanRefused:
        return None


def _problems(ask: Ask, checked: "Checked | None") -> "list[PlanProblem]":
    """List what stands in the way: why it was refused (a rank lost, too, which no check knows of), or would be."""
    from chalicelib.planning import reasons

    if isinstance(ask.problem, PlanRefused):
        return reasons.told(ask.problem.problems, ask.language)
    return [*checked.problems, *checked.not_live] if checked else []


def _after(ask: Ask, newest: Version | None) -> str:
    """Say which version the writer knows of: once told of a newer one, that one."""
    told = isinstance(ask.problem, PlanEditedMeanwhile)
    typed = "" if told else ask.form["after"]
    return typed or str(newest.number if newest else 0)


def _start(ask: Ask, desk: Desk) -> str:
    """Give the document that the editor begins with: a preset or a version when asked for, else what is in force."""
    if ask.query("preset") in presets.NAMES:
        return presets.read(ask.query("preset")).decode()
    if ask.query("from"):
        return version_history.get(desk.tenant_id, _number(ask.query("from")), now=ask.now).document
    in_force = version_history.in_force(desk.tenant_id, now=ask.now)
    return in_force.document if in_force else ""


def _in_force(ask: Ask, desk: Desk, found: list[Version]) -> Version | None:
    """Give the version in force: of those that were read, where it is among them."""
    among = next((one for one in found if one.state == "in_force"), None)
    return among or version_history.in_force(desk.tenant_id, now=ask.now)


def _version_page(ask: Ask, desk: Desk, shown: Version) -> Answer:
    before, report = shown.number - 1, _checked(ask, desk, shown).report
    return ask.show(
        "console/plan_version.html",
        version=shown,
        told=_told(desk, shown),
        changes=version_history.changes(desk.tenant_id, shown.number, since=before) if before else [],
        states=words.VERSION_STATES,
        names=_names([shown]),
        checked=None,
        **_to_be_signed(desk, shown, report),
    )


def _checked(ask: Ask, desk: Desk, version: Version) -> "Checked":
    """Check a version as the brand works today; what was found when it was made is only kept by name."""
    from chalicelib.planning import desk as planning

    return planning.check(version.document.encode(), planning.setting_of(desk.brand), ask.language)


def _to_be_signed(desk: Desk, version: Version, report: "Report | None") -> dict[str, Any]:
    """Give what blocks a version that nobody has signed for, if it is in force or to be."""
    from chalicelib.commissions.lint.findings import blocking

    counts = version.state in ("in_force", "planned")
    return {
        "report": report,
        "role": desk.membership.role,
        "signable": version.number,
        "unsigned": blocking(report.findings, version.overrides) if counts and report else (),
    }


def _told(desk: Desk, version: Version) -> object:
    from chalicelib.commissions.plain_words import told

    return told(version.plan, desk.brand.currency)


def _names(found: list[Version]) -> dict[str, str]:
    """Name who made, withdrew and signed: people by name, systems by the end of their key."""
    made = {by for version in found for by in (version.created_by, version.withdrawn_by) if by}
    named = {}
    for by in made | {override.by for version in found for override in version.overrides}:
        person = None if by.startswith("api:") else persons.get(by)
        named[by] = (person.name or person.email) if person else by.replace("api:", "API …")
    return named


def _number(text: str) -> int:
    if not (text.isascii() and text.isdigit() and len(text) <= 6):
        raise PlanVersionUnknown("This brand's plan has no such version.")
    return int(text)
