"""Checking the leaders of a file: each field, then the tree that they form with those who are here. Pure."""

from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from datetime import UTC, date, datetime, time
from zoneinfo import ZoneInfo

from msgspec import Struct

from chalicelib.chinese import traditional
from chalicelib.commissions.rules.plan import Plan
from chalicelib.errors import Invalid
from chalicelib.imports.columns import Problem, Row
from chalicelib.leaders.rules import DEEPEST, is_leader_id
from chalicelib.people.rules import clean_email, clean_name, clean_phone


class Here(Struct, frozen=True, array_like=True):
    """A leader who is here already: its id, its number of uplines, and whether somebody may be put below it."""

    leader_id: str
    depth: int
    takes_newcomers: bool


class LeaderRow(Struct, frozen=True, array_like=True):
    """A leader to be written. `inviter`: the number of a row (an int), the id of a leader who is here, or None."""

    number: int
    name: str
    phone: str
    email: str
    inviter: int | str | None
    rank: str
    joined_at: datetime | None


class Setting(Struct, frozen=True):
    """What rows are checked against: the plan in force, the brand's zone, the moment, and who is here.

    here: by leader id and by e-mail address, as far as rows name them.
    """

    plan: Plan
    timezone: str
    now: datetime
    here: Mapping[str, Here]


def check(rows: Sequence[Row], setting: Setting) -> tuple[list[LeaderRow], list[Problem]]:
    """Give the leaders of a file, inviters before those they invited, and every problem; leaders only without one."""
    problems: list[Problem] = []
    read = [_read(row, setting, problems) for row in rows]
    problems += _repeated(read)
    placed = _place(rows, read, setting, problems)
    problems.sort(key=lambda problem: problem.row)
    return ([] if problems else placed), problems


def _read(row: Row, setting: Setting, problems: list[Problem]) -> LeaderRow:
    def field(column: str, clean: Callable[[str], str]) -> str:
        try:
            return clean(row.cells.get(column, ""))
        except Invalid as refusal:
            problems.append(Problem(row.number, column, f"{column}_invalid", refusal.message))
            return ""

    email = field("email", clean_email)
    if email in setting.here:
        problems.append(Problem(row.number, "email", "already_leads", "This person leads for the brand already."))
    return LeaderRow(
        row.number,
        field("name", clean_name),
        field("phone", clean_phone),
        email,
        None,
        _rank(row, setting.plan, problems),
        _joined(row, setting, problems),
    )


def _rank(row: Row, plan: Plan, problems: list[Problem]) -> str:
    said = row.cells.get("rank", "")
    if not said:
        return plan.first_rank
    for rank in plan.ranks:
        if said in (rank.id, rank.zh, traditional(rank.zh)) or said.lower() == rank.en.lower():
            return rank.id
    names = ", ".join(rank.id for rank in plan.ranks)
    problems.append(Problem(row.number, "rank", "rank_unknown", f"The plan has the ranks {names}."))
    return plan.first_rank


def _joined(row: Row, setting: Setting, problems: list[Problem]) -> datetime | None:
    said = row.cells.get("joined", "").replace("/", "-").replace(".", "-")
    if not said:
        return None
    try:
        day = date(*(int(part) for part in said.split("-")))
        joined_at = datetime.combine(day, time(), ZoneInfo(setting.timezone)).astimezone(UTC)
        if not day.year >= 2000 or joined_at > setting.now:
            raise ValueError
    except (ValueError, TypeError, OverflowError):
        text = "Write the day like 2025-01-31; it cannot be in the future."
        problems.append(Problem(row.number, "joined", "date_invalid", text))
        return None
    return joined_at


def _repeated(leaders: Sequence[LeaderRow]) -> Iterator[Problem]:
    phones, emails = Counter(one.phone for one in leaders), Counter(one.email for one in leaders)
    for one in leaders:
        if one.phone and phones[one.phone] > 1:
            yield Problem(one.number, "phone", "phone_twice", "Another row has the same phone number.")
        if one.email and emails[one.email] > 1:
            yield Problem(one.number, "email", "email_twice", "Another row has the same e-mail address.")


# ------------------------------------------------------------------------------------------------ the tree


def _place(
    rows: Sequence[Row], leaders: Sequence[LeaderRow], setting: Setting, problems: list[Problem]
) -> list[LeaderRow]:
    """Find everybody's inviter, and put inviters first. Cycles and too deep trees are problems."""
    named = _by_name(rows, leaders, problems)
    above: dict[int, int | str | None] = {}
    for row in rows:
        above[row.number] = _inviter(row, named, setting, problems)
    depths, in_circle = _depths(above, setting.here)
    for number in sorted(in_circle):
        problems.append(Problem(number, "inviter", "inviter_cycle", "These leaders invited each other in a circle."))
    for number, depth in depths.items():
        if depth > DEEPEST:
            text = f"A team is at most {DEEPEST} levels deep."
            problems.append(Problem(number, "inviter", "tree_too_deep", text))
    placed = [_below(one, above[one.number]) for one in leaders if one.number in depths]
    return sorted(placed, key=lambda one: (depths[one.number], one.number))


def _below(one: LeaderRow, inviter: int | str | None) -> LeaderRow:
    return LeaderRow(one.number, one.name, one.phone, one.email, inviter, one.rank, one.joined_at)


def _by_name(rows: Sequence[Row], leaders: Sequence[LeaderRow], problems: list[Problem]) -> dict[str, int]:
    """Give the rows by what an inviter can be named by: the file's own number, phone, e-mail."""
    named: dict[str, int] = {}
    for row, one in zip(rows, leaders, strict=True):
        own = row.cells.get("number", "")
        if own and f"number {own}" in named:
            problems.append(Problem(row.number, "number", "number_twice", "Another row has the same number."))
        named.setdefault(f"number {own}", row.number)
        named.setdefault(f"phone {one.phone}", row.number)
        named.setdefault(f"email {one.email}", row.number)
    return named


def _inviter(row: Row, named: Mapping[str, int], setting: Setting, problems: list[Problem]) -> int | str | None:
    said = row.cells.get("inviter", "")
    if not said:
        return None
    for name in inviter_names(said):
        if name in named:
            return named[name]
    here = setting.here.get(said) or setting.here.get(said.lower())
    if here is not None and here.takes_newcomers:
        return here.leader_id
    text = "No row and no leader of the brand has this number, phone, e-mail or id."
    if here is not None:
        text = "This leader was removed or is frozen, and takes nobody below."
    problems.append(Problem(row.number, "inviter", "inviter_unknown", text))
    return None


def inviter_names(said: str) -> Iterator[str]:
    """Yield what a reference to an inviter may mean, the file's own number first."""
    yield f"number {said}"
    with suppress(Invalid):
        yield f"phone {clean_phone(said)}"
    yield f"email {said.strip().lower()}"


def outside_names(row: Row) -> set[str]:
    """Give what a row names that may be here already: its own e-mail address, its inviter's, a leader's id."""
    inviter = row.cells.get("inviter", "").strip()
    names = {row.cells.get("email", "").strip().lower()}
    if is_leader_id(inviter):
        names.add(inviter)
    elif "@" in inviter:
        names.add(inviter.lower())
    return names - {""}


def _depths(above: Mapping[int, int | str | None], here: Mapping[str, Here]) -> tuple[dict[int, int], set[int]]:
    """Give the number of uplines of each row, and the rows that are in a circle or hang on one."""
    by_id = {one.leader_id: one.depth for one in here.values()}
    depths: dict[int, int] = {}
    in_circle: set[int] = set()
    for start in above:
        way: list[int] = []
        on_way: set[int] = set()
        at: int | str | None = start
        while isinstance(at, int) and at not in depths and at not in on_way and at not in in_circle:
            way.append(at)
            on_way.add(at)
            at = above[at]
        if isinstance(at, int) and at not in depths:
            in_circle.update(way)
            continue
        depth = -1 if at is None else depths[at] if isinstance(at, int) else by_id[at]
        for number in reversed(way):
            depth += 1
            depths[number] = depth
    return depths, in_circle
