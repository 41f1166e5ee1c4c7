"""Reviews over `/v1`: read what waits, decide on what was read, answer once."""

from tests.api.story import Story


def test_a_review_is_read_decided_and_counted(story: Story) -> None:
    theirs, product_id = story.theirs, story.product["id"]
    [waiting] = theirs.get("/v1/reviews").body["data"]
    assert (waiting["stars"], waiting["state"], waiting["version"]) == (5, "waiting", 1)
    decided = theirs.post(f"/v1/reviews/{waiting['id']}/moderate", verdict="shown", version=1)
    assert decided.body["state"] == "shown"
    rating = theirs.get(f"/v1/products/{product_id}/rating").body
    assert (rating["reviews"], rating["stars"], rating["average"]) == (1, 5, "5.0")
    assert [one["id"] for one in theirs.get(f"/v1/products/{product_id}/reviews").body["data"]] == [waiting["id"]]
    assert theirs.get("/v1/reviews").body["data"] == []
    hidden = theirs.post(f"/v1/reviews/{waiting['id']}/moderate", verdict="hidden", version=2, reason="An advert.")
    assert hidden.body["reason"] == "An advert."
    assert [one["id"] for one in theirs.get("/v1/reviews?state=hidden").body["data"]] == [waiting["id"]]
    assert theirs.get(f"/v1/products/{product_id}/rating").body["reviews"] == 0


def test_what_changed_after_it_was_read_and_a_second_reply_are_conflicts(story: Story) -> None:
    review = f"/v1/reviews/{story.ids['review_id']}"
    changed = story.theirs.post(f"{review}/moderate", verdict="shown", version=7)
    assert (changed.status, changed.error["code"]) == (409, "review_changed")
    assert story.theirs.post(f"{review}/reply", text="Thank you!").status == 200
    again = story.theirs.post(f"{review}/reply", text="Or not.")
    assert (again.status, again.error["code"]) == (409, "review_replied")
    wrong = story.theirs.post(f"{review}/moderate", verdict="maybe", version=1)
    assert (wrong.status, wrong.error["param"]) == (400, "verdict")


def test_another_brand_neither_reads_nor_decides(story: Story) -> None:
    review = f"/v1/reviews/{story.ids['review_id']}"
    assert story.ours.get(review).status == 404
    assert story.ours.post(f"{review}/moderate", verdict="shown", version=1).status == 404
    assert story.ours.get("/v1/reviews").body["data"] == []
    assert story.theirs.get(review).body["state"] == "waiting"
