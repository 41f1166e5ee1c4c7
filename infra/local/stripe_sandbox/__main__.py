"""`python -m infra.local.stripe_sandbox --port 12111 --state-dir .local/stripe`: the sandbox as its own process."""

import argparse
import signal
import threading
from pathlib import Path
from types import FrameType

from infra.local.stripe_sandbox.sandbox import Sandbox
from infra.local.stripe_sandbox.server import HOST, bind


def main() -> None:
    """Serve until SIGTERM or Ctrl-C. What was answered is on disk, whichever way the process ends."""
    parser = argparse.ArgumentParser(prog="stripe_sandbox", description="Stripe's API on this machine.")
    parser.add_argument("--port", type=int, default=12111)
    parser.add_argument("--state-dir", type=Path, default=Path(".local/stripe"))
    arguments = parser.parse_args()

    sandbox = Sandbox(arguments.state_dir)
    server = bind(sandbox, arguments.port)

    def stop(number: int, frame: FrameType | None) -> None:
        # `shutdown` waits for the loop that this very thread runs, so another one has to ask.
        threading.Thread(target=server.shutdown, daemon=True).start()

    signal.signal(signal.SIGTERM, stop)
    signal.signal(signal.SIGINT, stop)
    sandbox.start()
    print(f"Stripe sandbox on http://{HOST}:{server.server_port}, state in {arguments.state_dir}", flush=True)
    server.serve_forever(poll_interval=0.1)
    server.server_close()
    sandbox.close()


if __name__ == "__main__":
    main()
