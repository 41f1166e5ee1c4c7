"""The command line of the local stack: `python -m infra.local run|up|down|reset`."""

import argparse
import importlib.util
import signal
import sys
import threading

from infra.local.lifecycle import bring_up, reset, sole_driver, take_down
from infra.local.mails import show_mails
from infra.local.settings import LocalSettings, from_here
from infra.local.stack import Stack

INTERRUPTED = 130


def main(arguments: list[str]) -> int:
    """Run one command; give the exit code."""
    parser = argparse.ArgumentParser(prog="python -m infra.local", description=__doc__)
    commands = parser.add_subparsers(dest="command", required=True)
    run = commands.add_parser("run", help="start, deploy, play the demo, serve until Ctrl-C")
    run.add_argument("--once", action="store_true", help="end after the demo's statement")
    commands.add_parser("up", help="start and deploy, and leave it running")
    commands.add_parser("down", help="stop in order; the data stays")
    commands.add_parser("reset", help="stop and forget all data")
    options = parser.parse_args(arguments)
    settings = from_here()
    with sole_driver(settings):
        if options.command == "run":
            return _run(settings, once=options.once)
        if options.command == "up":
            _print_addresses(bring_up(settings))
        elif options.command == "down":
            take_down(settings)
        else:
            reset(settings)
    return 0


def _run(settings: LocalSettings, *, once: bool) -> int:
    """Bring up, play, serve; whatever ends it, the stack is stopped in order so that its data is kept."""
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # ends the serving as Ctrl-C does
    serving = False
    try:
        stack = bring_up(settings)
        _play(stack)
        _print_addresses(stack)
        if not once:
            print("serving until Ctrl-C; mails appear here", flush=True)
            serving = True
            show_mails(stack, threading.Event())
    except KeyboardInterrupt:
        return 0 if serving else INTERRUPTED
    finally:
        print("stopping; local AWS writes its state …", flush=True)
        take_down(settings)
    return 0


def _play(stack: Stack) -> None:
    if importlib.util.find_spec("infra.local.demo") is None:
        return
    demo = importlib.import_module("infra.local.demo")
    demo.play(stack)


def _print_addresses(stack: Stack) -> None:
    print(f"site            {stack.url}")
    print(f"Stripe sandbox  {stack.stripe_url}")
    print(f"local AWS       {stack.settings.aws_url}")


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
