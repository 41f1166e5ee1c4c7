"""The sandbox as a process of its own: it outlives restarts and SIGKILL with all that it had answered."""

import signal
import subprocess
import sys
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import stripe

from infra.local.stripe_sandbox import Control, serve
from tests.infra.local.stripe_sandbox.builders import available, client_of, leader_account, paid_charge
from tests.infra.local.stripe_sandbox.inbox import Inbox


@contextmanager
def process(state_dir: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    """A running sandbox and its address; killed at the end, if it still lives."""
    command = [sys.executable, "-m", "infra.local.stripe_sandbox", "--port", "0", "--state-dir", str(state_dir)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as started:
        try:
            assert started.stdout is not None
            yield started, started.stdout.readline().split()[3].rstrip(",")
        finally:
            started.kill()


def test_state_is_found_again_after_an_orderly_end(tmp_path: Path) -> None:
    with process(tmp_path) as (running, url):
        client, control = client_of(url), Control(url)
        charge = paid_charge(client, control, 2_000)
        control.advance_clock(3_600)
        moved_to = control.now()
        running.send_signal(signal.SIGTERM)
        assert running.wait(10) == 0
    with process(tmp_path) as (_, url):
        assert client_of(url).v1.charges.retrieve(charge.id).amount == 2_000
        assert available(client_of(url)) == 2_000 and Control(url).now() >= moved_to
        with urllib.request.urlopen(f"{url}/_sandbox/health") as health:
            assert health.status == 200


def test_sigkill_amid_transfers_loses_and_doubles_none(tmp_path: Path) -> None:
    answered: dict[str, str] = {}

    def send(client: stripe.StripeClient, leader: str, key: str) -> None:
        wanted = {"amount": 100, "currency": "usd", "destination": leader, "transfer_group": key}
        answered[key] = client.v1.transfers.create(wanted, {"idempotency_key": key}).id  # type: ignore[arg-type]

    def send_until_it_dies(client: stripe.StripeClient, leader: str, worker: int) -> None:
        for number in range(10_000):
            tried.append(key := f"payout-{worker}-{number}")
            try:
                send(client, leader, key)
            except stripe.APIConnectionError:
                return
            enough.release()

    tried: list[str] = []
    enough = threading.Semaphore(0)
    with process(tmp_path) as (running, url):
        client, control = client_of(url), Control(url)
        control.set_balance(10_000_000)
        leader = leader_account(client, control)
        workers = [threading.Thread(target=send_until_it_dies, args=(client, leader, n)) for n in range(3)]
        for worker in workers:
            worker.start()
        for _ in range(30):
            assert enough.acquire(timeout=10)
        running.kill()
        for worker in workers:
            worker.join()
    with process(tmp_path) as (_, url):
        client = client_of(url)
        kept = {one["id"]: one["transfer_group"] for one in Control(url).transfers()}
        assert len(answered) >= 30 and set(answered.values()) <= set(kept)
        for key in tried:
            before = answered.get(key)
            send(client, leader, key)
            assert before in (None, answered[key])
        groups = [one["transfer_group"] for one in Control(url).transfers()]
        assert sorted(groups) == sorted(tried)
        assert available(client) == 10_000_000 - 100 * len(tried)


def test_what_was_not_delivered_before_a_restart_is_delivered_after_it(tmp_path: Path, inbox: Inbox) -> None:
    with serve(state_dir=tmp_path) as running:
        inbox.subscribe(client_of(running.url), "customer.created")
        running.control.deliver(paused=True)
        client_of(running.url).v1.customers.create({"name": "Lin"})
    with serve(state_dir=tmp_path) as running:
        assert running.control.deliveries()["undelivered"] == 1
        running.control.deliver(paused=False)
        running.control.wait_until_delivered()
    assert inbox.types() == ["customer.created"]
