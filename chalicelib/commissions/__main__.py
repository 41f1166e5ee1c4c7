"""`python -m chalicelib.commissions simulate …`: a plan run over an event file, earnings on standard output.
`python -m chalicelib.commissions compare …`: one history, or a synthetic network, under two plans side by side.
`python -m chalicelib.commissions lint …`: what the law and a cheat would make of a plan.
`python -m chalicelib.commissions schema`: the JSON Schema of plan documents.

The files are described in OPERATING_MODELS.md, The simulator's files. This is where reading and writing live; the
rules do neither.
"""

import gc
import os
import sys
from argparse import ArgumentParser, Namespace
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import BinaryIO, get_args
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import msgspec

from chalicelib.chinese import Language
from chalicelib.commissions import presets
from chalicelib.commissions.compare.attack_cost import compare_made_up
from chalicelib.commissions.compare.pictures import page
from chalicelib.commissions.compare.side_by_side import compare
from chalicelib.commissions.compare.synthetic import shape_of
from chalicelib.commissions.compare.table import render
from chalicelib.commissions.lint.check import lint
from chalicelib.commissions.lint.findings import blocking
from chalicelib.commissions.lint.report import render as render_report
from chalicelib.commissions.lint.setting import CHANNELS, JURISDICTIONS, setting_of
from chalicelib.commissions.rules.events import Event, read_lines
from chalicelib.commissions.rules.plan import Plan, decode_plan
from chalicelib.commissions.rules.plan_schema import plan_schema
from chalicelib.commissions.rules.simulate import Simulation, simulate_blocks
from chalicelib.errors import Invalid, Refusal
from chalicelib.money import MINOR_DIGITS

REFUSED = 2
NETWORK_HELP = "a synthetic network in place of a file; attackers_bp: 500 for 5 %% of its leaders who cheat"
BLOCK_BYTES = 64 * 1024  # what is read of it stays in the processor's cache until it is lived through
_ENCODER = msgspec.json.Encoder()
BLOCKED = 1  # lint: something an owner must sign for


def main(arguments: Sequence[str] | None = None, *, leave: Callable[[int], int] = int) -> int:
    """Run the command; gives the exit code: 0, or 2 with one line on standard error that says why.

    `leave` gets the exit code of a run that came to its end, while everything is still in memory.
    """
    options = _options(arguments)
    try:
        return leave(options.run(options))
    except Refusal as refusal:
        return _refuse(refusal.message)
    except OSError as error:
        return _refuse(f"{error.filename}: {error.strerror}")


def _simulate(options: Namespace) -> int:
    options.simulation = Simulation(_plan(options.plan), _zone(options.tz), notes_earnings=not options.summary)
    with Path(options.events).open("rb") as file:
        _run(options.simulation, file, summary=options.summary)
    return 0


def _compare(options: Namespace) -> int:
    if len(options.plan) != 2:
        raise Invalid("name two plans to compare: --plan A --plan B", param="plan")
    if (options.events is None) == (options.network is None):
        raise Invalid("give a file of events, or --network size=1000,depth=8,seed=1", param="network")
    if options.currency not in MINOR_DIGITS:
        raise Invalid(f"{options.currency} is not a currency we know", param="currency")
    first, second = ((name, _plan(name)) for name in options.plan)
    if options.network is None:
        comparison = compare((first, second), _events(Path(options.events)), _zone(options.tz))
    else:
        comparison = compare_made_up((first, second), shape_of(options.network), _zone(options.tz))
    if options.svg is not None:
        Path(options.svg).write_text(page(comparison, options.currency), encoding="utf-8")
    sys.stdout.write(render(comparison, options.currency))
    return 0


def _lint(options: Namespace) -> int:
    figures = {"margin_bp": options.margin_bp, "people": options.people, "levels": options.levels}
    setting = setting_of(_names(options.jurisdictions), _names(options.channels), options.currency, **figures)
    report = lint(_plan(options.plan), setting)
    sys.stdout.write(render_report(report, options.language))
    return BLOCKED if blocking(report.findings) else 0


def _schema(options: Namespace) -> int:
    sys.stdout.write(msgspec.json.format(msgspec.json.encode(plan_schema()), indent=2).decode() + "\n")
    return 0


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]


def _options(arguments: Sequence[str] | None) -> Namespace:
    parser = ArgumentParser(prog="python -m chalicelib.commissions", description=__doc__)
    commands = parser.add_subparsers(required=True)
    command = commands.add_parser("simulate", help="run a plan over an event file")
    command.set_defaults(run=_simulate)
    command.add_argument("--plan", required=True, help=f"a file, or one of {', '.join(presets.NAMES)}")
    command.add_argument("--tz", default="Asia/Shanghai", help="the brand's time zone (default: %(default)s)")
    command.add_argument("--summary", action="store_true", help="one line a leader at the end, in place of earnings")
    command.add_argument("events", metavar="EVENTS.jsonl")
    _compare_options(commands.add_parser("compare", help="run two plans over one history"))
    _lint_options(commands.add_parser("lint", help="check a plan against the law and against cheats"))
    commands.add_parser("schema", help="print the JSON Schema of plan documents").set_defaults(run=_schema)
    return parser.parse_args(arguments)


def _compare_options(command: ArgumentParser) -> None:
    command.set_defaults(run=_compare)
    command.add_argument("--plan", action="append", default=[], help=f"twice: a file, or {', '.join(presets.NAMES)}")
    command.add_argument("--network", metavar="size=…,depth=…,seed=…,attackers_bp=…", help=NETWORK_HELP)
    command.add_argument("--tz", default="Asia/Shanghai", help="the brand's time zone (default: %(default)s)")
    command.add_argument("--currency", default="CNY", help="of the events' amounts (default: %(default)s)")
    command.add_argument("--svg", metavar="FILE", help="draw the comparison into a file")
    command.add_argument("events", metavar="EVENTS.jsonl", nargs="?")


def _lint_options(command: ArgumentParser) -> None:
    command.set_defaults(run=_lint)
    command.add_argument("--plan", required=True, help=f"a file, or one of {', '.join(presets.NAMES)}")
    command.add_argument("--jurisdictions", default=",".join(JURISDICTIONS), help="default: %(default)s")
    command.add_argument("--channels", default=",".join(CHANNELS), help="default: %(default)s; empty for none")
    command.add_argument("--language", choices=get_args(Language), default="en")
    command.add_argument("--currency", default="CNY", help="of the plan's amounts (default: %(default)s)")
    command.add_argument("--margin-bp", type=int, help="the lowest product margin, in basis points of the price")
    command.add_argument("--people", type=int, help="leaders in the network today")
    command.add_argument("--levels", type=int, help="levels of the network today, the first included")


def _plan(name: str) -> Plan:
    return presets.load(name) if name in presets.NAMES else decode_plan(Path(name).read_bytes())


def _zone(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:  # a path outside, or a folder such as "Asia"
        raise Invalid(f"there is no time zone {name}", param="tz") from error


def _run(simulation: Simulation, file: BinaryIO, *, summary: bool) -> None:
    for earnings in simulate_blocks(simulation, _blocks(file)):
        if not summary:
            sys.stdout.write(_ENCODER.encode_lines(earnings).decode())
    if summary:
        _print_summary(simulation)


def _events(path: Path) -> Iterator[tuple[int, Event]]:
    with path.open("rb") as file:
        first_no = 1
        for block in _blocks(file):
            yield from read_lines(block, first_no)
            first_no += block.count(b"\n")


def _blocks(file: BinaryIO) -> Iterator[bytes]:
    """Read whole lines, many at once."""
    while block := file.read(BLOCK_BYTES):
        yield block if block.endswith(b"\n") else block + file.readline()


def _print_summary(simulation: Simulation) -> None:
    team_sales = simulation.network.team_sales()
    for leader_id, leader in sorted(simulation.network.leaders.items()):
        sys.stdout.write(
            f'{{"leader": {_json(leader_id)}, "rank": {_json(leader.standing.rank)}, '
            f'"status": "{leader.standing.status}", "earned": {leader.earned}, '
            f'"own_sales": {leader.own_sales}, "team_sales": {team_sales[leader_id]}}}\n'
        )


def _json(text: str) -> str:
    return msgspec.json.encode(text).decode()


def _refuse(reason: str) -> int:
    sys.stdout.flush()
    sys.stderr.write(" ".join(reason.split()) + "\n")
    return REFUSED


def _leave_at_once(exit_code: int) -> int:
    """End the process. To take a million orders apart one by one before takes a tenth of the time."""
    sys.stdout.flush()
    os._exit(exit_code)


if __name__ == "__main__":
    gc.disable()  # a history leaves no cycles behind; to look for some among all orders takes a third of the time
    sys.exit(main(leave=_leave_at_once))
