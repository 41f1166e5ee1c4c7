"""Orders a second in a rush for 100 units by 300 threads, against bare conditional updates of one counter.

On DynamoDB Local and on local AWS's table (needs Java and npm); Stripe's answers cost nothing here.
A bare update is one `UpdateItem` that takes a unit if one is left, by as many threads: the least that any shop must do.
"""

import os
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent.parent
BUYERS, UNITS = 300, 100
ROUNDS = 3
RATES = (None, 60, 120)
"""Expected orders a second: over 1, 3 and 6 counters. DynamoDB Local's engine of 2020 takes ten items a transaction."""


def main() -> None:
    """Measure on both engines, each in a process of its own."""
    from infra.local.dynamodb_local import dynamodb_local
    from infra.local.lifecycle import local_aws
    from infra.local.settings import LocalSettings, project_root

    with dynamodb_local(ROOT / ".local") as endpoint:
        _measure("DynamoDB Local", endpoint)
    with tempfile.TemporaryDirectory() as folder:
        settings = LocalSettings.on_free_ports(project_root(), Path(folder))
        aws = local_aws(settings)
        try:
            aws.ensure()
            _measure("local AWS", settings.aws_url)
        finally:
            aws.stop()


def _measure(name: str, endpoint: str) -> None:
    environment = {**os.environ, "TEST_DYNAMODB_ENDPOINT": endpoint, "AWS_ENDPOINT_URL_DYNAMODB": endpoint}
    subprocess.run([sys.executable, "-m", "tests.bench.flash_sale", name], cwd=ROOT, env=environment, check=True)


def compare(engine: str) -> None:
    """Print the rates of one engine."""
    from tests.campaigns.world import GroupBrand
    from tests.conftest import StoppedClock, an_empty_table

    with an_empty_table():
        brand: Any = GroupBrand(StoppedClock())
        bare = max(_rush(_bare_updates(brand)) for _ in range(ROUNDS))
        print(f"{engine}: bare conditional updates of one counter, {UNITS} of {BUYERS}: {bare:.0f} a second")
        for rate in RATES:
            placed, counters = max(_sold_out(brand, rate) for _ in range(ROUNDS))
            print(
                f"{engine}: orders, {counters:2} counters: {placed:.0f} a second, {placed / bare:.2f} × the bare update"
            )


def _sold_out(brand: Any, orders_per_second: int | None) -> tuple[float, int]:
    """Sell a campaign out; gives orders a second, and over how many counters."""
    offered = brand.group(stock=UNITS, orders_per_second=orders_per_second)
    placed = _rush(_orders(brand, offered))
    assert brand.left(offered) == 0
    return placed, brand.campaign_now(offered).items[0].counters


def _rush(buy: Callable[[int], object]) -> float:
    """Let everybody press the button at once; gives sales a second, until the last buyer has its answer."""
    start = threading.Barrier(BUYERS + 1)

    def press(number: int) -> None:
        start.wait()
        buy(number)

    threads = [threading.Thread(target=press, args=(number,)) for number in range(BUYERS)]
    for thread in threads:
        thread.start()
    start.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    return UNITS / (time.perf_counter() - began)


def _bare_updates(brand: Any) -> Callable[[int], object]:
    from chalicelib import store
    from chalicelib.campaigns.store import CampaignStock, stock_key
    from chalicelib.ids import encode
    from chalicelib.tenancy import acting_for

    with acting_for(brand.tenant_id):
        key = stock_key(brand.tenant_id, "cp_bare", encode(brand.bits(60), 12))
        store.put(CampaignStock(*key, left=UNITS))

    def buy(_: int) -> object:
        with acting_for(brand.tenant_id):
            counter = CampaignStock(*key)
            take = [CampaignStock.left.add(-1)]
            return store.written(lambda: counter.update(actions=take, condition=CampaignStock.left >= 1))

    return buy


def _orders(brand: Any, offered: tuple[str, str]) -> Callable[[int], object]:
    from chalicelib.orders import placing
    from chalicelib.orders.commands import OrderedItem, Place
    from chalicelib.orders.lines import Customer
    from chalicelib.orders.reserving import Crowded, SoldOut
    from chalicelib.tenancy import acting_for

    def buy(number: int) -> object:
        customer = Customer(name="Li Na", phone=f"139{number:08d}", pickup="Gate 3")
        lines = [OrderedItem(product_id=offered[1], qty=1)]
        command = Place(leader_id=brand.wang, campaign_id=offered[0], lines=lines, customer=customer)
        while True:
            try:
                with acting_for(brand.tenant_id):
                    placing.place(
                        brand.tenant_id, command, now=brand.clock(), randbits=brand.bits, stripe=brand.stripe,
                        public_url="https://shop.example", nonce=f"{offered[0]}-{number}",
                    )  # fmt: skip
                return True
            except SoldOut:
                return False
            except Crowded:
                continue

    return buy


if __name__ == "__main__":
    compare(sys.argv[1])
