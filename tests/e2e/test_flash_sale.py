"""Three hundred buyers in the same instant, a hundred units, on the deployed template."""

import threading
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from infra.local.demo.browser import Refused
from infra.local.demo.story import Story
from infra.local.lifecycle import bring_up, take_down
from infra.local.settings import LocalSettings, project_root

pytestmark = pytest.mark.stack

BUYERS, UNITS = 300, 100


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Story]:
    """A brand with one leader, on a local stack of its own."""
    settings = LocalSettings.on_free_ports(project_root(), tmp_path_factory.mktemp("flash"))
    try:
        story = Story(bring_up(settings), "flash", print)
        story.leader("A", None)
        yield story
    finally:
        take_down(settings)


def test_three_hundred_at_once_get_a_hundred_units_and_not_one_more(story: Story) -> None:
    product, campaign = flash_sale(story)
    outcomes: Counter[str] = Counter()
    start, keeping = threading.Barrier(BUYERS), threading.Lock()

    def buy(number: int) -> None:
        start.wait()
        outcome = ordered(story, campaign, product, number)
        with keeping:
            outcomes[outcome] += 1

    threads = [threading.Thread(target=buy, args=(number,)) for number in range(BUYERS)]
    began = datetime.now(UTC)
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    print(f"{dict(outcomes)} in {(datetime.now(UTC) - began).total_seconds():.1f} s")

    assert outcomes == {"ordered": UNITS, "sold_out": BUYERS - UNITS}
    assert story.api.get(f"/v1/campaigns/{campaign}")["items"][0]["left"] == 0
    assert len([order for order in story.api.all("/v1/orders") if order["campaign_id"] == campaign]) == UNITS


def flash_sale(story: Story) -> tuple[str, str]:
    """Open a campaign that expects a rush; gives product and campaign."""
    goods = {"unit": "box", "list_price_minor": 2_000, "sale_price_minor": 2_000, "rate_bp": 1_000}
    product = story.once("goods", "/v1/products", title="Cherries", stock=UNITS, **goods)["id"]
    now = datetime.now(UTC)
    campaign = story.once(
        "flash sale",
        "/v1/campaigns",
        title="Cherries, while they last",
        opens_at=(now - timedelta(minutes=1)).isoformat(),
        closes_at=(now + timedelta(hours=2)).isoformat(),
        items=[{"product_id": product, "quantity": UNITS}],
        orders_per_second=300,
    )
    return product, campaign["id"]


def ordered(story: Story, campaign: str, product: str, number: int) -> str:
    """Order one unit; told that it is crowded, the program asks again with the same key."""
    try:
        story.api.post(
            "/v1/orders",
            f"buyer-{number}",
            leader_id=story.id_of("A"),
            campaign_id=campaign,
            lines=[{"product_id": product, "qty": 1}],
            customer={"name": "Li Na", "phone": f"139{number:08d}", "pickup": "Gate 3"},
        )
    except Refused as refused:
        return "sold_out" if '"sold_out"' in refused.body else f"{refused.status}: {refused.body}"
    return "ordered"
