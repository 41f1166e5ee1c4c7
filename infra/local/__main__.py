"""The command line of the local stack: `python -m infra.local run|up|down|reset|dev`."""

import argparse
import contextlib
import signal
import sys
import threading
from collections.abc import Iterator

from infra.deploy import DeploymentFailed
from infra.local import demo, dev
from infra.local.demo.story import Differs
from infra.local.lifecycle import StackInUse, bring_up, reset, sole_driver, take_down
from infra.local.mails import show_mails
from infra.local.processes import DidNotStart
from infra.local.settings import LocalSettings, PortsRefused, from_here
from infra.local.stack import Stack
from infra.local.waiting import WaitedTooLong
from infra.packaging import PackagingFailed

INTERRUPTED = 130
SAID_IN_WORDS = (DeploymentFailed, DidNotStart, Differs, PackagingFailed, PortsRefused, StackInUse, WaitedTooLong)


def main(arguments: list[str]) -> int:
    """Run one command; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="start, deploy, play the demo, serve until Ctrl-C")
    run.add_argument("--once", action="store_true", help="end after the demo's statement")
    run.add_argument("--brand", default="demo", help="the demo brand's address; another one plays the day anew")
    commands.add_parser("dev", help="serve the checkout itself, deployed again after every change")
    commands.add_parser("up", help="start and deploy, and leave it running")
    commands.add_parser("down", help="stop in order; the data stays")
    commands.add_parser("reset", help="stop and forget all data")
    options = parser.parse_args(arguments)
    try:
        settings = from_here()
        with sole_driver(settings):
            _obey(options, settings)
    except KeyboardInterrupt:
        return INTERRUPTED
    except SAID_IN_WORDS as refused:
        print(refused, file=sys.stderr)
        return 1
    return 0


def _obey(options: argparse.Namespace, settings: LocalSettings) -> None:
    if options.command == "run":
        _run(settings, once=options.once, brand=options.brand)
    elif options.command == "dev":
        with _stopped_in_order(settings), contextlib.suppress(KeyboardInterrupt):
            dev.serve(settings)
    elif options.command == "up":
        _print_addresses(bring_up(settings))
    elif options.command == "down":
        take_down(settings)
    else:
        reset(settings)


def _run(settings: LocalSettings, *, once: bool, brand: str) -> None:
    with _stopped_in_order(settings):
        stack = bring_up(settings)
        demo.play(stack, brand)
        _print_addresses(stack)
        if not once:
            print("serving until Ctrl-C; mails appear here", flush=True)
            with contextlib.suppress(KeyboardInterrupt):
                show_mails(stack, threading.Event())


@contextlib.contextmanager
def _stopped_in_order(settings: LocalSettings) -> Iterator[None]:
    """Whatever ends the work, Ctrl-C, SIGTERM or an error: stop the stack so that it writes its data."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    try:
        yield
    finally:
        print("stopping; local AWS writes its state …", flush=True)
        take_down(settings)


def _print_addresses(stack: Stack) -> None:
    print(f"site            {stack.url}")
    print(f"Stripe sandbox  {stack.stripe_url}")
    print(f"local AWS       {stack.settings.aws_url}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
