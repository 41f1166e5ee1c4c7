"""A brand's system sends a chat and gets lines with doubts back; what is right of them it enters as one order."""

from tests.api.world import System, World


def read(brand: System, campaign_id: str, text: str) -> list[dict]:
    """Read a text over a campaign."""
    told = brand.done(f"/v1/campaigns/{campaign_id}/read_lines", text=text)
    assert (told["object"], told["campaign_id"]) == ("read_text", campaign_id)
    assert told["sure"] == all(line["sure"] for line in told["lines"])
    return told["lines"]


def test_each_line_comes_back_as_written_with_what_was_read_and_why_not_more(world: World) -> None:
    brand = world.brand()
    product = brand.product()
    campaign = brand.campaign(product["id"])
    title = product["title"].lower()
    header, sure, doubtful, unread = read(
        brand, campaign["id"], f"#接龙\n1. Li {title} x2\n2. Zhao {title}\n什么时候到呀"
    )

    assert (header["kind"], header["sure"], header["items"]) == ("aside", True, [])
    assert (sure["number"], sure["sure"], sure["customer"]) == (2, True, "Li")
    assert [(item["product_id"], item["qty"], item["takes_off"]) for item in sure["items"]] == [
        (product["id"], 2, False)
    ]
    (doubt,) = doubtful["items"][0]["doubts"]
    assert (doubtful["sure"], doubt["code"], bool(doubt["zh"]), bool(doubt["en"])) == (False, "no_qty", True, True)
    assert (unread["kind"], unread["text"], unread["sure"]) == ("unread", "什么时候到呀", False)


def test_what_was_read_for_sure_can_be_entered_as_it_is(world: World) -> None:
    brand = world.brand()
    product = brand.product()
    leader, campaign = brand.leader("A"), brand.campaign(product["id"])
    title = product["title"].lower()
    lines = [
        {"customer": line["customer"], "product_id": item["product_id"], "qty": item["qty"]}
        for line in read(brand, campaign["id"], f"Li: {title} x2\nZhao: {title} x1")
        for item in line["items"]
        if line["sure"]
    ]
    order = brand.done("/v1/leader_orders", leader_id=leader["id"], campaign_id=campaign["id"], lines=lines)
    assert [(name, qty) for name, _, qty in order["entered"]] == [("Li", 2), ("Zhao", 1)]


def test_a_text_that_is_too_long_or_of_no_campaign_is_refused(world: World) -> None:
    brand = world.brand()
    campaign = brand.campaign(brand.product()["id"])
    refused = brand.post(f"/v1/campaigns/{campaign['id']}/read_lines", text="x" * 8_001)
    assert (refused.status, refused.error["code"], refused.error["param"]) == (400, "text_too_long", "text")
    assert brand.post("/v1/campaigns/cp_00000000000000000000/read_lines", text="x").status == 404
